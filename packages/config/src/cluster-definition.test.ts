import { describe, expect, expectTypeOf, it } from 'vitest'
import { configErrorOf } from '../test/thrown.ts'
import { ClusterDefinitionBase, type ClusterSeeds } from './cluster-definition.ts'
import type { ClusterOptions } from './cluster-options.ts'
import { Host } from './host.ts'
import { DEFAULT_SYSTEM_SETTINGS, type SystemSettings } from './system-settings.ts'

class Definition extends ClusterDefinitionBase {}

const quiet = { environment: {} } as const
const define = (): Definition => new Definition({ hosts: 'a', ...quiet })

describe('ClusterDefinitionBase', () => {
  it('has these defaults', () => {
    expect(define().toOptions()).toEqual({
      hosts: [{ name: 'a', port: 3000, tlsName: undefined }],
      clusterName: undefined,
      racks: [],
      useServicesAlternate: false,
      failIfNotConnected: true,
      ipMap: {},
      appId: undefined,
      systemSettings: DEFAULT_SYSTEM_SETTINGS,
      credentials: undefined,
      tls: undefined,
    })
  })

  it('takes everything, in a chain that keeps the type', () => {
    const definition = new Definition({ hosts: ['a:3100'], ...quiet })
      .validateClusterNameIs('prod')
      .preferringRacks(2, 1)
      .usingServicesAlternate()
      .failIfNotConnected(false)
      .withIpMap({ '10.0.0.1': 'db1.example', '::1': '127.0.0.1' })
      .withSystemSettings({ maxConnectionsPerNode: 200, tendInterval: '2s' })
      .withAppId('checkout')
    expectTypeOf(definition).toEqualTypeOf<Definition>()
    expect(definition.toOptions()).toEqual({
      hosts: [{ name: 'a', port: 3100, tlsName: undefined }],
      clusterName: 'prod',
      racks: [2, 1],
      useServicesAlternate: true,
      failIfNotConnected: false,
      ipMap: { '10.0.0.1': 'db1.example', '::1': '127.0.0.1' },
      appId: 'checkout',
      systemSettings: { ...DEFAULT_SYSTEM_SETTINGS, maxConnectionsPerNode: 200, tendInterval: 2_000 },
      credentials: undefined,
      tls: undefined,
    })
  })

  it.each<[string, ConstructorParameters<typeof Definition>, string[]]>([
    ['a name', ['db', undefined], ['db:3000']],
    ['a name and a port', ['db', 3100], ['db:3100']],
    ['an IPv6 address', ['::1', 3100], ['[::1]:3100']],
  ] as never)('finds its host by %s', (_form, given, hosts) => {
    expect(new Definition(...given).hosts.map(String)).toEqual(hosts)
  })

  it.each<[string, ClusterSeeds['hosts'], string[]]>([
    ['a text', 'a:1,b:t:2,[::1]', ['a:1', 'b:t:2', '[::1]:3000']],
    ['hosts', [Host.of('a', 1), new Host('b', 2, 't')], ['a:1', 'b:t:2']],
    ['literals', [{ name: 'a', port: 1 }], ['a:1']],
    ['a mixture', [Host.of('a', 1), { name: '::1', port: 2 }, 'c:3'], ['a:1', '[::1]:2', 'c:3']],
  ])('finds its hosts by %s', (_form, given, hosts) => {
    expect(new Definition({ hosts: given }).hosts.map(String)).toEqual(hosts)
  })

  it.each<[readonly unknown[], string, string]>([
    [[], 'hosts', 'a host name and port'],
    [[undefined], 'hosts', 'a host name and port'],
    [[{}], 'hosts', 'a host name and port'],
    [[''], 'hostname', 'one host'],
    [['a:3000'], 'hostname', "give { hosts: 'a:3000' }"],
    [['a,b', 3000], 'hostname', "give { hosts: 'a,b' }"],
    [['a', 0], 'host.port', 'a port from 1 to 65535'],
    [['a', '3000'], 'host.port', 'a port from 1 to 65535'],
    [[{ hosts: [] }], 'hosts', 'at least one host'],
    [[{ hosts: undefined }], 'hosts', 'at least one host'],
    [[{ hosts: '' }], 'hosts[0]', 'host:port'],
    [[{ hosts: ['a', 'b:x'] }], 'hosts[1]', 'a port'],
    [[{ hosts: [{ name: 'a', port: 70_000 }] }], 'hosts[0].port', 'a port from 1 to 65535'],
    [[{ hosts: [{ name: 'a', port: 1, tlsName: '' }] }], 'hosts[0].tlsName', 'a name'],
  ])('refuses to be made of %j', (given, path, message) => {
    const error = configErrorOf(() => new Definition(...(given as [string])))
    expect(error.path).toBe(path)
    expect(error.message).toContain(message)
  })

  it.each<[string, (definition: Definition) => unknown, string, string]>([
    ['an empty cluster name', (d) => d.validateClusterNameIs(''), 'clusterName', 'not empty'],
    ['no cluster name', (d) => d.validateClusterNameIs(undefined as never), 'clusterName', 'found nothing'],
    ['no racks', (d) => d.preferringRacks(), 'racks', 'at least one'],
    ['a negative rack', (d) => d.preferringRacks(1, -1), 'racks[1]', 'a whole number from 0'],
    ['a fraction of a rack', (d) => d.preferringRacks(0.5), 'racks[0]', 'a whole number from 0'],
    ['a rack as text', (d) => d.preferringRacks('1' as never), 'racks[0]', 'found "1"'],
    ['a rack twice', (d) => d.preferringRacks(1, 2, 1), 'racks[2]', 'each rack once'],
    [
      'a flag as text',
      (d) => d.usingServicesAlternate('yes' as never),
      'useServicesAlternate',
      'true or false',
    ],
    ['no flag', (d) => d.failIfNotConnected(undefined as never), 'failIfNotConnected', 'true or false'],
    [
      'an address with a port',
      (d) => d.withIpMap({ '10.0.0.1:3000': 'b' }),
      'ipMap[10.0.0.1:3000]',
      'without port',
    ],
    ['an address that is none', (d) => d.withIpMap({ a: '' }), 'ipMap[a]', 'found ""'],
    ['a list of addresses', (d) => d.withIpMap([] as never), 'ipMap', 'an object or a Map'],
    [
      'a wrong system setting',
      (d) => d.withSystemSettings({ tendInterval: 0 }),
      'systemSettings.tendInterval',
      'from 1ms',
    ],
    ['an empty application id', (d) => d.withAppId(' '), 'appId', 'not empty'],
  ])('refuses %s', (_what, run, path, message) => {
    const definition = define()
    const before = definition.toOptions()
    const error = configErrorOf(() => run(definition))
    expect(error.path).toBe(path)
    expect(error.message).toContain(message)
    expect(definition.toOptions()).toEqual(before)
  })

  it.each<[string | undefined, boolean]>([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['yes', true],
    ['Yes', true],
    ['false', false],
    ['0', false],
    ['no', false],
    ['on', false],
    ['', false],
    [undefined, false],
  ])('reads AEROSPIKE_USE_SERVICES_ALTERNATE=%s as %s', (value, on) => {
    const definition = new Definition({
      hosts: 'a',
      environment: { AEROSPIKE_USE_SERVICES_ALTERNATE: value },
    })
    expect(definition.toOptions().useServicesAlternate).toBe(on)
    expect(definition.usingServicesAlternate(!on).toOptions().useServicesAlternate).toBe(!on)
  })

  it('looks at the variables of the process when none are given', () => {
    const name = 'AEROSPIKE_USE_SERVICES_ALTERNATE'
    const before = process.env[name]
    try {
      process.env[name] = 'yes'
      expect(new Definition('a').toOptions().useServicesAlternate).toBe(true)
      expect(new Definition({ hosts: 'a' }).toOptions().useServicesAlternate).toBe(true)
    } finally {
      if (before === undefined) delete process.env[name]
      else process.env[name] = before
    }
  })

  it('keeps copies: what was given may change afterwards', () => {
    const hosts = ['a']
    const racks = [1, 2]
    const ipMap = new Map([['10.0.0.1', 'b']])
    const settings: { -readonly [Name in keyof SystemSettings]: SystemSettings[Name] } = { maxErrorRate: 5 }
    const definition = new Definition({ hosts, ...quiet })
      .preferringRacks(...racks)
      .withIpMap(ipMap)
      .withSystemSettings(settings)
    hosts.push('c')
    racks.push(3)
    ipMap.set('10.0.0.2', 'd')
    settings.maxErrorRate = 6
    const options = definition.toOptions()
    expect(options.hosts).toHaveLength(1)
    expect(options.racks).toEqual([1, 2])
    expect(options.ipMap).toEqual({ '10.0.0.1': 'b' })
    expect(options.systemSettings.maxErrorRate).toBe(5)
  })

  it('gives snapshots that are frozen, independent, and can be cloned', () => {
    const definition = define().preferringRacks(1).withIpMap({ x: 'y' })
    const options = definition.toOptions()
    definition.preferringRacks(2).validateClusterNameIs('later')
    expect(options).toMatchObject({ racks: [1], clusterName: undefined })
    expect(structuredClone(options)).toEqual(options)
    const parts = [
      options,
      options.hosts,
      options.hosts[0],
      options.racks,
      options.ipMap,
      options.systemSettings,
    ]
    for (const part of parts) expect(Object.isFrozen(part)).toBe(true)
    expect(Object.isFrozen(define().toOptions().racks)).toBe(true)
    expect(Object.isFrozen(define().toOptions().ipMap)).toBe(true)
  })

  it('cannot be made without a host, by its types', () => {
    expectTypeOf<ReturnType<Definition['toOptions']>>().toEqualTypeOf<ClusterOptions>()
    // @ts-expect-error at least a host is needed
    expect(() => new Definition()).toThrow('hosts')
    // @ts-expect-error the base alone cannot connect to anything
    expect(() => new ClusterDefinitionBase('a')).not.toThrow()
  })
})

describe('ClusterDefinition.from', () => {
  it('an object says what the methods say', () => {
    const logger = { info: () => undefined }
    const from = Definition.from({
      hosts: ['a', 'b:3100'],
      environment: {},
      user: 'ann',
      password: 'secret',
      auth: 'external',
      tls: { tlsName: 'db' },
      clusterName: 'prod',
      appId: 'reports',
      racks: [2, 1],
      useServicesAlternate: true,
      failIfNotConnected: false,
      ipMap: { '10.0.0.1': 'b' },
      systemSettings: { tendInterval: '2s' },
      logger,
    })
    const said = new Definition({ hosts: ['a', 'b:3100'], environment: {} })
      .withTls({ tlsName: 'db' })
      .withExternalCredentials('ann', 'secret')
      .validateClusterNameIs('prod')
      .withAppId('reports')
      .preferringRacks(2, 1)
      .usingServicesAlternate()
      .failIfNotConnected(false)
      .withIpMap({ '10.0.0.1': 'b' })
      .withSystemSettings({ tendInterval: '2s' })
    expect(from).toBeInstanceOf(Definition)
    expect(from.toOptions()).toEqual(said.toOptions())
    expect(from.logger).toBe(logger)
  })

  it('with hosts alone has every default', () => {
    expect(Definition.from({ hosts: 'a', ...quiet }).toOptions()).toEqual(define().toOptions())
    expect(Definition.from({ hosts: 'a', tls: false, ...quiet }).toOptions().tls).toBeUndefined()
    expect(Definition.from({ hosts: 'a', tls: true, ...quiet }).toOptions().tls).toEqual(
      define().withTls().toOptions().tls,
    )
  })

  it.each([
    ['a text of hosts', 'a,[::1]:3100', 'aerospike://a:3000,[::1]:3100'],
    ['a URL', 'aerospike://ann:secret@a/?tls=true', 'aerospike://ann:***@a:3000/?tls=true'],
  ])('%s is understood', (_what, where, shown) => {
    expect(String(Definition.from(where))).toBe(shown)
  })

  it.each<[string, object, string, string]>([
    ['a misspelt name', { clustername: 'x' }, 'clustername', 'Did you mean clusterName?'],
    ['a mode that there is not', { auth: 'ldap', user: 'ann' }, 'auth', 'internal, external or pki'],
    ['a password without a user', { password: 'secret' }, 'user', 'the user whose password it is'],
    ['a user beside a certificate', { auth: 'pki', user: 'ann' }, 'auth', 'no user'],
    ['a user without a password', { user: 'ann' }, 'password', 'not empty'],
    ['no rack', { racks: [] }, 'racks', 'at least one rack'],
  ])('%s is refused', (_what, given, path, says) => {
    const error = configErrorOf(() => Definition.from({ hosts: 'a', ...quiet, ...given } as never))
    expect(error.path).toBe(path)
    expect(error.message).toContain(says)
    expect(error.message).not.toContain('secret')
  })
})
