import { inspect } from 'node:util'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { configErrorOf } from '../test/thrown.ts'
import { Host, type HostLiteral, parseHosts, readHost } from './host.ts'
import { isIpv6 } from './host-name.ts'

describe('parseHosts', () => {
  it.each<[string, [string, number, string?][]]>([
    ['db', [['db', 3000]]],
    ['db:3100', [['db', 3100]]],
    ['db:tls.example:4333', [['db', 4333, 'tls.example']]],
    ['10.0.0.1:1', [['10.0.0.1', 1]]],
    ['10.0.0.1:65535', [['10.0.0.1', 65_535]]],
    [
      'a,b:3001, c:t:3002 ',
      [
        ['a', 3000],
        ['b', 3001],
        ['c', 3002, 't'],
      ],
    ],
    ['[::1]', [['::1', 3000]]],
    ['[::1]:3100', [['::1', 3100]]],
    ['[2001:db8::7]:tls.example:4333', [['2001:db8::7', 4333, 'tls.example']]],
    ['[fe80::1%eth0]:3000', [['fe80::1%eth0', 3000]]],
    [
      '[::1]:3000,localhost',
      [
        ['::1', 3000],
        ['localhost', 3000],
      ],
    ],
  ])('reads %s', (text, hosts) => {
    expect(Host.parseHosts(text, 3000)).toEqual(
      hosts.map(([name, port, tlsName]) => new Host(name, port, tlsName)),
    )
  })

  it('gives the default port to entries without one', () => {
    expect(parseHosts('a,[::1],c:1', 7).map((host) => host.port)).toEqual([7, 7, 1])
    expect(parseHosts('a')[0]?.port).toBe(3000)
  })

  it.each<[string, string, string]>([
    ['', 'hosts[0]', 'host:port'],
    [' ', 'hosts[0]', 'host:port'],
    ['a,', 'hosts[1]', 'host:port'],
    ['a,,b', 'hosts[1]', 'host:port'],
    [',a', 'hosts[0]', 'host:port'],
    ['a:', 'hosts[0]', 'host:port'],
    ['a::1', 'hosts[0]', 'brackets'],
    ['a:b:', 'hosts[0]', 'host:port'],
    [':3000', 'hosts[0].name', 'a host name'],
    ['a:0', 'hosts[0]', 'a port from 1 to 65535'],
    ['a:65536', 'hosts[0]', 'a port from 1 to 65535'],
    ['a:-1', 'hosts[0]', 'a port from 1 to 65535'],
    ['a:3000x', 'hosts[0]', 'a port from 1 to 65535'],
    ['a:3e3', 'hosts[0]', 'a port from 1 to 65535'],
    ['a: 3000', 'hosts[0]', 'a port from 1 to 65535'],
    ['a:tls', 'hosts[0]', 'a port from 1 to 65535'],
    ['a:b:c:4', 'hosts[0]', 'host:tlsName:port'],
    ['a b:3000', 'hosts[0].name', 'a host name'],
    ['http://a:3000', 'hosts', 'ClusterDefinition.fromUrl'],
    ['a\u0000b', 'hosts[0].name', 'a host name'],
    ['::1', 'hosts[0]', 'Write [::1]'],
    ['x,2001:db8::1', 'hosts[1]', 'Write [2001:db8::1]'],
    ['[::1', 'hosts[0]', 'brackets'],
    ['[::1]3000', 'hosts[0]', 'brackets'],
    ['[::1]:', 'hosts[0]', 'brackets'],
    ['[localhost]:3000', 'hosts[0]', 'brackets'],
    ['[]:3000', 'hosts[0]', 'brackets'],
  ])('refuses %j', (text, path, message) => {
    const error = configErrorOf(() => Host.parseHosts(text, 3000))
    expect(error.path).toBe(path)
    expect(error.message).toContain(message)
  })

  it.each<[string, () => unknown]>([
    ['a text', () => Host.parseHosts('aerospike://ann:hunter2,x@a:3000')],
    ['a text without its beginning', () => Host.parseHosts('ann:hunter2@a:3000')],
    ['one host', () => new Host('aerospike://ann:hunter2@a')],
    ['a TLS name', () => new Host('a', 3000, 'hunter2@a')],
    ['one of several', () => readHost('ann:hunter2@a', 'hosts[1]')],
    ['a literal', () => readHost({ name: 'ann:hunter2@a', port: 1 }, 'hosts[1]')],
  ])('shows nothing of a URL in the place of %s, and says who reads one', (_place, read) => {
    const error = configErrorOf(read as () => never)
    expect(error.message).toContain('ClusterDefinition.fromUrl')
    expect(inspect(error, { showHidden: true }).replaceAll(/at .*/g, '')).not.toContain('hunter2')
  })

  it('refuses a wrong default port and what is no text', () => {
    expect(configErrorOf(() => parseHosts('a', 0)).path).toBe('hosts[0].port')
    expect(configErrorOf(() => parseHosts(undefined as never)).path).toBe('hosts')
  })

  it('changes no list afterwards', () => {
    expect(Object.isFrozen(parseHosts('a,b'))).toBe(true)
  })
})

describe('Host', () => {
  it.each(['a:3000', 'a:tls.example:3000', '[::1]:3000', '[2001:db8::7]:tls.example:4333'])(
    'prints %s as it was read',
    (text) => {
      expect(String(parseHosts(text)[0])).toBe(text)
    },
  )

  it.each<[HostLiteral, boolean]>([
    [{ name: 'a', port: 1, tlsName: 't' }, true],
    [{ name: 'b', port: 1, tlsName: 't' }, false],
    [{ name: 'a', port: 2, tlsName: 't' }, false],
    [{ name: 'a', port: 1, tlsName: 'u' }, false],
    [{ name: 'a', port: 1 }, false],
    [{ name: 'A', port: 1, tlsName: 't' }, false],
  ])('equals %o: %s', (other, equal) => {
    expect(Host.of('a', 1, 't').equals(other)).toBe(equal)
  })

  it.each<[unknown, unknown, unknown, string]>([
    ['', 1, undefined, 'host.name'],
    ['a:3000', 1, undefined, 'host.name'],
    ['10.0.0.1:3000', 1, undefined, 'host.name'],
    ['[::1]', 1, undefined, 'host.name'],
    ['a,b', 1, undefined, 'host.name'],
    [5, 1, undefined, 'host.name'],
    ['a', 0, undefined, 'host.port'],
    ['a', 65_536, undefined, 'host.port'],
    ['a', 1.5, undefined, 'host.port'],
    ['a', '3000', undefined, 'host.port'],
    ['a', null, undefined, 'host.port'],
    ['a', 1, '', 'host.tlsName'],
    ['a', 1, 7, 'host.tlsName'],
  ])('refuses %o, %o, %o', (name, port, tlsName, path) => {
    expect(configErrorOf(() => new Host(name as string, port as number, tlsName as string)).path).toBe(path)
  })

  it('is frozen plain data', () => {
    const host = new Host('::1', 3000)
    expect({ ...host }).toEqual({ name: '::1', port: 3000, tlsName: undefined })
    expect(Object.isFrozen(host)).toBe(true)
    expectTypeOf<Host>().toExtend<HostLiteral>()
  })
})

describe('readHost', () => {
  it.each<[unknown, string]>([
    [new Host('a', 1), 'a:1'],
    [{ name: 'a', port: 1 }, 'a:1'],
    [{ name: '::1' }, '[::1]:3000'],
    [{ name: 'a', port: 1, tlsName: 't' }, 'a:t:1'],
    ['a:1', 'a:1'],
    ['[::1]', '[::1]:3000'],
  ])('takes %o', (given, text) => {
    expect(String(readHost(given, 'hosts[0]'))).toBe(text)
  })

  it.each<[unknown, string]>([
    [null, 'hosts[3]'],
    [5, 'hosts[3]'],
    [['a', 1], 'hosts[3]'],
    ['a,b', 'hosts[3].name'],
    [{}, 'hosts[3].name'],
    [{ name: 'a', port: 0 }, 'hosts[3].port'],
  ])('refuses %o', (given, path) => {
    expect(configErrorOf(() => readHost(given, 'hosts[3]')).path).toBe(path)
  })
})

describe('isIpv6', () => {
  it.each([
    '::',
    '::1',
    '1::',
    'fe80::1%eth0',
    '2001:db8::7',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
    '::ffff:10.0.0.1',
    'ABCD::',
  ])('knows %s', (text) => {
    expect(isIpv6(text)).toBe(true)
  })

  it.each([
    '',
    ':',
    ':::',
    '1',
    'host',
    '10.0.0.1',
    '10.0.0.1:3000',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2:3:4:5:6:7:8',
    '1::2::3',
    '12345::',
    'g::',
    '::10.0.0.256',
    '::10.0.0',
    '10.0.0.1::',
    '::1%',
    '::1%a%b',
    '[::1]',
  ])('does not take %s for one', (text) => {
    expect(isIpv6(text)).toBe(false)
  })
})
