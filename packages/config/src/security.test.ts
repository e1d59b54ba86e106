import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { configErrorOf } from '../test/thrown.ts'
import { ClusterDefinitionBase } from './cluster-definition.ts'
import type { AuthMode } from './credentials.ts'
import { ConfigError } from './errors.ts'
import { Host } from './host.ts'
import { TlsBuilder, type TlsOptions } from './tls.ts'

class Definition extends ClusterDefinitionBase {}

const define = (hosts = 'a'): Definition => new Definition({ hosts, environment: {} })
const PASSWORD = 'hunter2-secret'
const KEY = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0a2V5\n-----END PRIVATE KEY-----\n'

describe('credentials', () => {
  it.each<[string, (definition: Definition) => Definition, AuthMode, unknown]>([
    ['none', (d) => d, 'NONE', undefined],
    [
      'native',
      (d) => d.withNativeCredentials('ann', PASSWORD),
      'INTERNAL',
      { mode: 'internal', user: 'ann', password: PASSWORD },
    ],
    ['native and empty', (d) => d.withNativeCredentials('', ''), 'NONE', undefined],
    [
      'native, then empty',
      (d) => d.withNativeCredentials('ann', PASSWORD).withNativeCredentials('', ''),
      'NONE',
      undefined,
    ],
    [
      'external',
      (d) => d.withExternalCredentials('ann', PASSWORD).withTls(),
      'EXTERNAL',
      { mode: 'external', user: 'ann', password: PASSWORD },
    ],
    ['external and empty', (d) => d.withExternalCredentials('', 'x'), 'NONE', undefined],
    [
      'a certificate',
      (d) => d.withCertificateCredentials().withTls({ tlsName: 't', cert: 'c.pem', key: 'k.pem' }),
      'PKI',
      { mode: 'pki' },
    ],
  ])('may be %s', (_what, said, mode, credentials) => {
    const definition = said(define())
    expect(definition.authMode).toBe(mode)
    expect(definition.toOptions().credentials).toEqual(credentials)
  })

  it.each<[string, (definition: Definition) => unknown, string]>([
    ['no password', (d) => d.withNativeCredentials('ann', ''), 'password'],
    [
      'a password that is no text',
      (d) => d.withNativeCredentials('ann', { s: PASSWORD } as never),
      'password',
    ],
    ['a user that is no text', (d) => d.withExternalCredentials(1 as never, PASSWORD), 'user'],
  ])('are refused with %s', (_what, run, path) => {
    const error = configErrorOf(() => run(define()))
    expect(error.path).toBe(path)
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain(PASSWORD)
  })

  it('for another authority need TLS', () => {
    const definition = define().withExternalCredentials('ann', PASSWORD)
    const error = configErrorOf(() => definition.toOptions())
    expect(error.message).toMatch(/requires TLS, which is not configured/)
    expect(definition.withTls().toOptions().tls).toEqual({})
  })

  it('are needed when TLS is for logins only', () => {
    const definition = define().withTls({ forLoginOnly: true })
    expect(configErrorOf(() => definition.toOptions()).message).toMatch(/without a login, nothing/)
    expect(definition.withNativeCredentials('ann', PASSWORD).toOptions().tls).toEqual({ forLoginOnly: true })
  })

  it('by certificate need a TLS name on all hosts', () => {
    const definition = define('a,b:named:3000,c').withCertificateCredentials()
    expect(configErrorOf(() => definition.toOptions()).message).toBe(
      'PKI authentication requires TLS names on all hosts. Missing TLS name for: a, c',
    )
  })

  it('by certificate take the TLS name of the options for hosts without', () => {
    const { hosts } = define('a,b:named:3000')
      .withCertificateCredentials()
      .withTls({ tlsName: 'common', cert: 'c', key: 'k' })
      .toOptions()
    expect(hosts.map(({ tlsName }) => tlsName)).toEqual(['common', 'named'])
  })

  it('by certificate need the certificate', () => {
    const definition = define('a:t:1').withCertificateCredentials()
    expect(configErrorOf(() => definition.toOptions()).path).toBe('tls.cert')
    expect(definition.withTls({ secureContext: {} }).toOptions().credentials).toEqual({ mode: 'pki' })
  })
})

describe('TLS', () => {
  it('is off until something switches it on, and then on, whatever is said', () => {
    expect(define().toOptions().tls).toBe(undefined)
    expect(define().withTls().toOptions().tls).toEqual({})
    expect(define().withTlsConfigOf().done().toOptions().tls).toEqual({})
    expect(define().withCertificateCredentials().toJSON()).toMatchObject({ tls: {} })
    const unfinished = define()
    unfinished.withTlsConfigOf()
    expect(unfinished.toOptions().tls).toEqual({})
  })

  it('is said in steps', () => {
    const definition = define().withNativeCredentials('ann', PASSWORD)
    const builder = definition.withTlsConfigOf()
    expect(builder).toBeInstanceOf(TlsBuilder)
    expect(builder.isTlsEnabled()).toBe(true)
    expect(builder.getTlsName()).toBe(undefined)
    const back = builder
      .tlsName('db.example')
      .caFile('/etc/ca.pem')
      .clientCertFile('/etc/cert.pem')
      .clientKeyFile('/etc/key.pem', PASSWORD)
      .protocols('TLSv1.3', 'TLSv1.2')
      .ciphers('A', 'B')
      .forLoginOnly()
      .revokedSerials('0a:0b')
      .rejectUnauthorized(false)
      .done()
    expect(back).toBe(definition)
    expect(builder.getTlsName()).toBe('db.example')
    expect(definition.toOptions().tls).toEqual({
      tlsName: 'db.example',
      ca: '/etc/ca.pem',
      cert: '/etc/cert.pem',
      key: '/etc/key.pem',
      passphrase: PASSWORD,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      ciphers: 'A:B',
      forLoginOnly: true,
      revokedSerials: ['0a:0b'],
      rejectUnauthorized: false,
    })
  })

  it('is said in steps that go on where the last ones ended', () => {
    const definition = define().withTlsConfigOf().tlsName('one').done().withTlsConfigOf().ca('x', 'y').done()
    expect(definition.toOptions().tls).toEqual({ tlsName: 'one', ca: ['x', 'y'] })
    expect(definition.withTls({ ciphers: 'A' }).toOptions().tls).toEqual({ ciphers: 'A' })
  })

  it('takes certificate and key together, and a context', () => {
    const bytes = new TextEncoder().encode(KEY)
    expect(define().withTlsConfigOf().clientCertificate('c', bytes).done().toOptions().tls).toEqual({
      cert: 'c',
      key: bytes,
    })
    const context = {}
    expect(define().withTlsConfigOf().secureContext(context).done().toOptions().tls?.secureContext).toBe(
      context,
    )
  })

  it('gives its name to hosts that have none', () => {
    const { hosts } = define('a,b:own:1').withTls({ tlsName: 't' }).toOptions()
    expect(hosts.map(({ tlsName }) => tlsName)).toEqual(['t', 'own'])
  })

  it.each<[TlsOptions, string, string]>([
    [{ tlsName: '' }, 'tls.tlsName', 'a name'],
    [{ ca: [] }, 'tls.ca', 'PEM'],
    [{ ca: 5 as never }, 'tls.ca', 'PEM'],
    [{ cert: 'c' }, 'tls.key', 'the key of the certificate'],
    [{ key: KEY }, 'tls.cert', 'the certificate of the key'],
    [{ passphrase: PASSWORD }, 'tls.key', 'the key that the passphrase opens'],
    [{ key: { KEY } as never, cert: 'c' }, 'tls.key', 'PEM'],
    [{ minVersion: 'TLSv1.1' as never }, 'tls.minVersion', "'TLSv1.2' or 'TLSv1.3'"],
    [{ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }, 'tls.maxVersion', 'at least minVersion'],
    [{ ciphers: '' }, 'tls.ciphers', 'OpenSSL'],
    [{ revokedSerials: ['xyz'] }, 'tls.revokedSerials', 'hex'],
    [{ forLoginOnly: 'yes' as never }, 'tls.forLoginOnly', 'true or false'],
    [{ secureContext: {}, ca: 'x' }, 'tls.ca', 'secureContext says it already'],
    [{ tlsname: 'x' } as never, 'tls.tlsname', 'Did you mean tlsName?'],
    ['yes' as never, 'tls', 'an object'],
  ])('refuses %o', (options, path, message) => {
    const error = configErrorOf(() => define().withTls(options))
    expect(error.path).toBe(path)
    expect(error.message).toContain(message)
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toMatch(/hunter2|c2VjcmV0a2V5/)
  })

  it.each<[string, (definition: Definition) => unknown, string]>([
    ['no versions', (d) => d.withTlsConfigOf().protocols(), 'tls.protocols'],
    ['an unknown version', (d) => d.withTlsConfigOf().protocols('SSLv3' as never), 'tls.protocols'],
    ['a key left out', (d) => d.withTlsConfigOf().clientCertFile('c').done(), 'tls.key'],
    ['an empty name', (d) => d.withTlsConfigOf().tlsName(''), 'tls.tlsName'],
  ])('refuses %s in steps', (_what, run, path) => {
    expect(configErrorOf(() => run(define())).path).toBe(path)
  })
})

describe('timeouts and the logger', () => {
  it('hold whatever the system settings are, and whenever those come', () => {
    const options = define()
      .withLoginTimeout('9s')
      .withTendTimeout(300)
      .withSystemSettings({ tendInterval: '2s', loginTimeout: '1s' })
      .toOptions()
    expect(options.systemSettings).toMatchObject({ loginTimeout: 9000, tendTimeout: 300, tendInterval: 2000 })
    expect(define().toOptions().systemSettings.loginTimeout).toBe(5000)
    expect(() => define().withLoginTimeout('soon' as never)).toThrow(ConfigError)
  })

  it('stay with the definition', () => {
    const definition = define().withLogger(console)
    expect(definition.logger).toBe(console)
    expect(structuredClone(definition.toOptions())).toEqual(definition.toOptions())
    expect(definition.withLogger(undefined).logger).toBe(undefined)
  })
})

describe('printing', () => {
  const definition = (): Definition =>
    new Definition({ hosts: ['a:1', Host.of('::1', 2, 'tls.example')], environment: {} })
      .withExternalCredentials('ann', PASSWORD)
      .withTls({ ca: '/etc/ca.pem', cert: 'c.pem', key: KEY, passphrase: 'open-sesame' })

  it.each<[string, () => string]>([
    ['inspect', () => inspect(definition(), { depth: 9 })],
    ['inspect, everything', () => inspect(definition(), { depth: 9, showHidden: true })],
    ['a text', () => `${definition()}`],
    ['JSON', () => JSON.stringify(definition())],
    ['the options', () => inspect(definition().toOptions(), { depth: 9 })],
    ['the options as JSON', () => JSON.stringify(definition().toOptions())],
    ['the options within something', () => inspect({ a: [definition().toOptions()] }, { depth: 9 })],
  ])('by %s shows no secrets, and the rest', (_how, print) => {
    const text = print()
    for (const secret of [PASSWORD, 'open-sesame', 'c2VjcmV0a2V5']) expect(text).not.toContain(secret)
    expect(text).toContain('ann')
    expect(text).toContain('***')
    expect(text).toContain('tls.example')
  })

  it('by console.dir, which asks no object, shows no secrets', () => {
    const text = inspect(definition().toOptions(), { depth: 9, customInspect: false, showHidden: true })
    for (const secret of [PASSWORD, 'open-sesame', 'c2VjcmV0a2V5']) expect(text).not.toContain(secret)
    expect(text).toContain('password: [Getter]')
  })

  it('gives a text that can be read again, but for the password', () => {
    expect(String(definition())).toBe('aerospike://ann:***@a:1,[::1]:tls.example:2/?auth=external&tls=true')
    expect(String(define())).toBe('aerospike://a:3000')
    const text = String(new Definition({ hosts: '[fe80::1%eth0]:3001' }))
    expect(String(Definition.fromUrl(text, {}))).toBe('aerospike://[fe80::1%25eth0]:3001')
  })

  it('takes nothing from the data: clones have the secrets', () => {
    const options = definition().toOptions()
    expect(structuredClone(options)).toEqual(options)
    expect(structuredClone(options).credentials).toEqual({
      mode: 'external',
      user: 'ann',
      password: PASSWORD,
    })
    expect(structuredClone(options).tls?.key).toBe(KEY)
    expect(Object.isFrozen(options.credentials)).toBe(true)
    expect(Object.isFrozen(options.tls)).toBe(true)
  })

  it('shows wrong definitions too, instead of failing', () => {
    expect(inspect(define().withExternalCredentials('ann', PASSWORD))).toContain('ann')
  })
})

describe('a definition from a URL', () => {
  const from = (url: string): ReturnType<Definition['toOptions']> => Definition.fromUrl(url, {}).toOptions()

  it('has hosts', () => {
    expect(from('aerospike://a').hosts).toEqual([{ name: 'a', port: 3000, tlsName: undefined }])
    expect(from('aerospike://a:1,[::1]:t:2,c/').hosts.map(({ name }) => name)).toEqual(['a', '::1', 'c'])
    expect(Definition.fromUrl('aerospike://a', {})).toBeInstanceOf(Definition)
  })

  it('has everything else', () => {
    const options = from(
      'aerospike://a%40b:p%3A%2Fw@h1:1,h2/?auth=external&tlsName=t&tlsCa=/etc/ca.pem&tlsCert=c&tlsKey=k&tlsPassphrase=p&' +
        'tlsMinVersion=TLSv1.2&tlsMaxVersion=TLSv1.3&tlsCiphers=A:B&tlsRevokedSerials=0a,0b&tlsForLoginOnly=yes&' +
        'tlsRejectUnauthorized=true&clusterName=prod&appId=shop&racks=2,1&useServicesAlternate&failIfNotConnected=no&' +
        'tendInterval=2s&maxConnectionsPerNode=7&loginTimeout=250&pipelining=off',
    )
    expect(options).toMatchObject({
      credentials: { mode: 'external', user: 'a@b', password: 'p:/w' },
      clusterName: 'prod',
      appId: 'shop',
      racks: [2, 1],
      useServicesAlternate: true,
      failIfNotConnected: false,
      systemSettings: { tendInterval: 2000, maxConnectionsPerNode: 7, loginTimeout: 250, pipelining: 'off' },
    })
    expect(options.tls).toEqual({
      tlsName: 't',
      ca: '/etc/ca.pem',
      cert: 'c',
      key: 'k',
      passphrase: 'p',
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      ciphers: 'A:B',
      revokedSerials: ['0a', '0b'],
      forLoginOnly: true,
      rejectUnauthorized: true,
    })
  })

  it.each<[string, unknown]>([
    ['aerospike://a', undefined],
    ['aerospike://a?tls=false', undefined],
    ['aerospike://a?tls', {}],
    ['aerospike://a/?tls=true', {}],
    ['aerospike://a?tlsName=x', { tlsName: 'x' }],
    ['aerospike://a:x:1?auth=pki&tlsCert=c&tlsKey=k', { cert: 'c', key: 'k' }],
  ])('%s has TLS as said', (url, tls) => {
    expect(from(url).tls).toEqual(tls)
  })

  it.each<[string, RegExp]>([
    ['http://a', /aerospike:\/\//],
    ['aerospike://', /aerospike:\/\//],
    ['aerospike://ann:hunter2-secret@', /aerospike:\/\//],
    ['aerospike://ann:hunter2-secret@b@a', /aerospike:\/\//],
    ['aerospike://ann:hunter2-secret/@a', /aerospike:\/\/|hosts/],
    ['aerospike://ann:%zz@a', /percent/],
    ['aerospike://a?password=hunter2-secret', /known parameters/],
    ['aerospike://a?clustername=x', /Did you mean clusterName/],
    ['aerospike://a?tls=perhaps', /true or false/],
    ['aerospike://a?tls=false&tlsName=x', /options for TLS/],
    ['aerospike://ann@a', /password/],
    ['aerospike://a?auth=ldap', /'internal', 'external' or 'pki'/],
    ['aerospike://a?racks=x', /a rack/],
    ['aerospike://a?maxConnectionsPerNode=many', /a whole number/],
    ['aerospike://a:99999', /a port/],
    ['aerospike://ann:hunter2-secret@a?auth=external', /requires TLS/],
    ['aerospike://ann%3Ahunter2-secret%40a', /hosts: .*host:port/],
    ['aerospike://ann:hunter2-secret', /hosts\[0\]: .*a port/],
    ['aerospike://a?auth=hunter2-secret', /'internal', 'external' or 'pki'/],
    ['aerospike://a?tls=hunter2-secret', /true or false/],
    ['aerospike://a?tlsMinVersion=hunter2-secret', /tls\.minVersion: .*TLSv1\.2/],
    ['aerospike://a?tlsRevokedSerials=hunter2-secret', /tls\.revokedSerials: .*hex/],
    ['aerospike://a?tendInterval=hunter2-secret', /tendInterval: .*a duration/],
    ['aerospike://a?tls=true&clusterName=x&tls=false', /tls stands there twice/],
  ])('refuses %s without showing secrets', (url, message) => {
    const error = configErrorOf(() => from(url))
    expect(error.message).toMatch(message)
    expect(inspect(error, { showHidden: true, depth: 9 }).replaceAll(/at .*/g, '')).not.toContain('hunter2')
  })
})

it('shows nothing of a URL that is given as a host name', () => {
  const error = configErrorOf(() => new Definition('aerospike://ann:hunter2-secret@a'))
  expect(error.message).toContain('ClusterDefinition.fromUrl')
  expect(inspect(error, { showHidden: true }).replaceAll(/at .*/g, '')).not.toContain('hunter2')
})

describe('a definition from the environment', () => {
  const from = (environment: { [name: string]: string }): ReturnType<Definition['toOptions']> =>
    Definition.fromEnvironment(environment).toOptions()

  it('has what the variables say', () => {
    expect(
      from({
        AEROSPIKE_HOSTS: 'a:1,b',
        AEROSPIKE_USER: 'ann',
        AEROSPIKE_PASSWORD: PASSWORD,
        AEROSPIKE_AUTH: 'external',
        AEROSPIKE_TLS: 'true',
        AEROSPIKE_TLS_CA: '/etc/ca.pem',
        AEROSPIKE_CLUSTER_NAME: 'prod',
        AEROSPIKE_RACKS: '1',
        AEROSPIKE_USE_SERVICES_ALTERNATE: 'yes',
        AEROSPIKE_FAIL_IF_NOT_CONNECTED: 'false',
        AEROSPIKE_TEND_INTERVAL: '500ms',
        AEROSPIKE_UNRELATED: 'x',
      }),
    ).toMatchObject({
      hosts: [
        { name: 'a', port: 1 },
        { name: 'b', port: 3000 },
      ],
      credentials: { mode: 'external', user: 'ann', password: PASSWORD },
      tls: { ca: '/etc/ca.pem' },
      clusterName: 'prod',
      racks: [1],
      useServicesAlternate: true,
      failIfNotConnected: false,
      systemSettings: { tendInterval: 500 },
    })
  })

  it('has what the URL says, unless a variable says otherwise', () => {
    const AEROSPIKE_URL = 'aerospike://ann:pw@a/?clusterName=one&appId=shop'
    expect(from({ AEROSPIKE_URL, AEROSPIKE_CLUSTER_NAME: 'two', AEROSPIKE_HOSTS: 'b' })).toMatchObject({
      hosts: [{ name: 'b' }],
      credentials: { user: 'ann', password: 'pw' },
      clusterName: 'two',
      appId: 'shop',
    })
  })

  it('gives the password of the URL to no other user', () => {
    const AEROSPIKE_URL = 'aerospike://ann:pw@a'
    expect(configErrorOf(() => from({ AEROSPIKE_URL, AEROSPIKE_USER: 'bob' })).path).toBe('password')
    expect(from({ AEROSPIKE_URL, AEROSPIKE_USER: 'ann' }).credentials).toMatchObject({ password: 'pw' })
    expect(from({ AEROSPIKE_URL, AEROSPIKE_PASSWORD: 'other' }).credentials).toMatchObject({
      user: 'ann',
      password: 'other',
    })
  })

  it('shows nothing of what is wrong', () => {
    const error = configErrorOf(() => from({ AEROSPIKE_HOSTS: 'aerospike://ann:hunter2-secret@a' }))
    expect(error.message).toContain('hosts: expected')
    expect(inspect(error, { showHidden: true }).replaceAll(/at .*/g, '')).not.toContain('hunter2')
  })

  it('needs a host', () => {
    expect(configErrorOf(() => from({ AEROSPIKE_USER: 'ann' })).message).toContain('AEROSPIKE_HOSTS')
    expect(configErrorOf(() => from({ AEROSPIKE_HOSTS: '' })).message).toContain('AEROSPIKE_HOSTS')
  })
})
