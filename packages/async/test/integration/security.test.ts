import { inspect } from 'node:util'
import {
  AerospikeError,
  AuthenticationError,
  AuthorizationError,
  type Cluster,
  ClusterDefinition,
  ConnectionError,
  DataSet,
  SecurityError,
} from '@aero/async'
import { ConfigError, type Logger } from '@aero/config'
import { type DevServer, startDevServer, type UserOptions } from '@aero/devserver'
import { eventually } from '@aero/testkit'
import { CertificateAuthority, type CertificatePair } from '@aero/testkit/certificates'
import { hashPassword } from '@aero/transport'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SecureFront, type SecureFrontOptions } from '../support/secure-front.ts'
import { failureOf } from '../support/test-cluster.ts'

/*
 * Against a dev server of its own always: no server that is free to use has TLS or logins.
 */

const PASSWORD = 'correct horse battery'
const records = DataSet.of('test', 'security')
/** One user, who may read and write. */
const ANN = { ann: { password: PASSWORD, roles: ['read-write'] } }
let server: DevServer
let authority: CertificateAuthority
let pair: CertificatePair
let client: CertificatePair
let hash: string
const opened: (Cluster | SecureFront)[] = []

beforeAll(async () => {
  server = await startDevServer({ nodes: 2 })
  authority = await CertificateAuthority.create('authority')
  pair = await authority.issue({ name: 'db', dns: ['db.example'], addresses: ['127.0.0.1'] })
  client = await authority.issue({ name: 'ann' })
  hash = await hashPassword(PASSWORD)
})

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

afterAll(() => server.close())

async function front(options: Partial<SecureFrontOptions> = {}): Promise<SecureFront> {
  const started = await SecureFront.start({
    ports: server.ports,
    tls: { cert: pair.cert, key: pair.key },
    users: { ann: hash },
    ...options,
  })
  opened.push(started)
  return started
}

const define = (seeds: string): ClusterDefinition => new ClusterDefinition({ hosts: seeds, environment: {} })
const trusting = (seeds: string): ClusterDefinition => define(seeds).withTls({ ca: authority.cert })

async function connected(definition: ClusterDefinition): Promise<Cluster> {
  const cluster = await definition.connect()
  opened.push(cluster)
  return cluster
}

/** Writes and reads some records on all nodes, many at once. */
async function work(cluster: Cluster): Promise<void> {
  const session = cluster.createSession()
  const keys = Array.from({ length: 60 }, (_, index) => records.id(index))
  await Promise.all(keys.map((key, index) => session.put(key, { n: index })))
  const found = await Promise.all(keys.map((key) => session.get(key)))
  expect(found.map((record) => record?.bins['n'])).toEqual(keys.map((_key, index) => index))
}

describe('TLS', () => {
  it('carries commands to all nodes, one at a time on each connection', async () => {
    const secure = await front({ users: undefined } as never)
    const cluster = await connected(trusting(secure.seeds))
    expect(cluster.nodes()).toHaveLength(2)
    await work(cluster)
    expect(secure.violations).toEqual([])
  })

  it('finds the other nodes by the addresses and names for TLS', async () => {
    const secure = await front({ users: undefined } as never)
    const [first = ''] = secure.seeds.split(',')
    const cluster = await connected(trusting(first))
    await eventually(() => cluster.nodes().length === 2)
    expect(
      cluster
        .nodes()
        .map(({ host, port }) => `${host}:${port}`)
        .sort(),
    ).toEqual(secure.seeds.split(',').sort())
    await work(cluster)
  })

  it('is asked of names that resolve to addresses, whose certificates carry the name', async () => {
    const named = await authority.issue({ name: 'x', dns: ['localhost'] })
    await using single = await startDevServer({ nodes: 1 })
    const secure = await front({ tls: { cert: named.cert, key: named.key }, ports: single.ports })
    const error = await failureOf(trusting(secure.seeds).connect())
    expect((error as Error).message).toMatch(/for another name/)
    const byName = secure.seeds.replace('127.0.0.1', 'localhost')
    const cluster = await trusting(byName).withNativeCredentials('ann', PASSWORD).connect()
    await work(cluster)
    await cluster.close()
  })

  it('that the server does not trust, or we do not, is an error with the reason', async () => {
    const secure = await front()
    const stranger = await CertificateAuthority.create('stranger')
    const error = await failureOf(define(secure.seeds).withTls({ ca: stranger.cert }).connect())
    expect(error).toBeInstanceOf(ConnectionError)
    expect((error as Error).message).toMatch(/is the right one given as ca/)
    await eventually(() => secure.openSockets === 0)
  })

  it.each<[string, () => Promise<string>, (seeds: string) => ClusterDefinition, RegExp]>([
    [
      'a TLS client and a plain server',
      async () => server.seeds,
      trusting,
      /is this its port for plain connections|does not answer in TLS/,
    ],
    ['a plain client and a TLS server', async () => (await front()).seeds, define, /for TLS/],
  ])('between %s says what is wrong', async (_case, seeds, definition, message) => {
    const error = await failureOf(definition(await seeds()).connect())
    expect(error).toBeInstanceOf(ConnectionError)
    expect((error as Error).message).toMatch(message)
  })

  it('whose files are missing is refused before anything is opened', async () => {
    const secure = await front()
    const error = await failureOf(define(secure.seeds).withTls({ ca: '/no/such/ca.pem' }).connect())
    expect((error as Error).message).toContain("ca: the file '/no/such/ca.pem' cannot be read")
  })
})

describe('logins', () => {
  it('with a hashed password: once for each node; all other connections use the session', async () => {
    await using secured = await startDevServer({ nodes: 2, security: { users: ANN } })
    const cluster = await connected(define(secured.seeds).withNativeCredentials('ann', PASSWORD))
    expect(cluster.nodes()).toHaveLength(2)
    await work(cluster)
    expect(secured.security.logins).toBe(2)
  })

  it('with a hashed password, through TLS', async () => {
    const secure = await front()
    const cluster = await connected(trusting(secure.seeds).withNativeCredentials('ann', PASSWORD))
    await work(cluster)
    expect(secure.violations).toEqual([])
    expect(secure.logins).toHaveLength(2)
    for (const login of secure.logins)
      expect(login).toEqual({ command: 'login', user: 'ann', credential: hash })
  })

  it('with the password itself, through TLS', async () => {
    const secure = await front()
    const cluster = await connected(trusting(secure.seeds).withExternalCredentials('ann', PASSWORD))
    await work(cluster)
    expect(secure.logins[0]?.clearPassword).toBe(PASSWORD)
  })

  it('by certificate', async () => {
    const secure = await front({
      tls: {
        cert: pair.cert,
        key: pair.key,
        ca: authority.cert,
        requestCert: true,
        rejectUnauthorized: true,
      },
    })
    const definition = define(secure.seeds)
      .withCertificateCredentials()
      .withTlsConfigOf()
      .ca(authority.cert)
      .tlsName('db.example')
      .clientCertificate(client.cert, client.key)
      .done()
    const cluster = await connected(definition)
    await work(cluster)
    expect(secure.logins).toEqual([{ command: 'login' }, { command: 'login' }])
  })

  it('only through TLS, the rest in the clear', async () => {
    const secure = await front()
    const definition = define(secure.seeds)
      .withNativeCredentials('ann', PASSWORD)
      .withTls({ ca: authority.cert, forLoginOnly: true })
    const cluster = await connected(definition)
    await work(cluster)
    expect(secure.violations).toEqual([])
    expect([...new Set(secure.diary)].sort()).toEqual(['authenticate', 'login ann through TLS'])
  })

  it('from one text', async () => {
    const secure = await front()
    const { writeFileSync, mkdtempSync } = await import('node:fs')
    const { tmpdir } = await import('node:os')
    const file = `${mkdtempSync(`${tmpdir()}/aero-`)}/ca.pem`
    writeFileSync(file, authority.cert)
    const url = `aerospike://ann:${encodeURIComponent(PASSWORD)}@${secure.seeds}/?tlsCa=${encodeURIComponent(file)}`
    await work(await connected(ClusterDefinition.fromUrl(url, {})))
  })

  it('are not needed where security is switched off', async () => {
    const secure = await front()
    secure.loginCode = 52
    await work(await connected(trusting(secure.seeds).withNativeCredentials('ann', PASSWORD)))
  })

  it('are refused by a server without security, which says so', async () => {
    const error = await failureOf(define(server.seeds).withNativeCredentials('ann', PASSWORD).connect())
    expect(error).toBeInstanceOf(SecurityError)
    expect((error as SecurityError).code).toBe(51)
    expect((error as Error).message.match(/connect without user and password/g)).toHaveLength(1)
  })

  it.each<[string, string, { readonly [user: string]: UserOptions }, string]>([
    ['an unknown user', 'bob', ANN, 'INVALID_USER'],
    ['a wrong password', 'ann', { ann: { password: 'another' } }, 'INVALID_PASSWORD'],
    ['an expired password', 'ann', { ann: { password: PASSWORD, isExpired: true } }, 'EXPIRED_PASSWORD'],
  ])(
    'with %s are refused, each with an error of its own without secrets',
    async (_what, user, users, codeName) => {
      await using secured = await startDevServer({ nodes: 2, security: { users } })
      const definition = define(secured.seeds).withNativeCredentials(user, PASSWORD)
      const error = await failureOf(definition.connect())
      expect(error).toBeInstanceOf(AuthenticationError)
      expect((error as SecurityError).codeName).toBe(codeName)
      const shown = `${inspect(error, { depth: 12, showHidden: true })}${(error as Error).stack}${inspect(definition)}`
      expect(shown).not.toContain(PASSWORD)
      expect(shown).not.toContain(hash)
      // Once for each node, and then the error: a wrong password does not lock anybody out.
      expect(secured.security.refusedLogins).toBeLessThanOrEqual(2)
      await eventually(() => secured.nodes.every((node) => node.connections === 0))
    },
  )

  it.each<[number, typeof SecurityError]>([
    [60, AuthenticationError],
    [62, AuthenticationError],
    [63, AuthenticationError],
    [65, AuthenticationError],
  ])('that are refused with code %i are errors of their own, and show no secrets', async (code, kind) => {
    const secure = await front()
    secure.loginCode = code
    const definition = trusting(secure.seeds).withExternalCredentials('ann', PASSWORD)
    const error = await failureOf(definition.connect())
    expect(error).toBeInstanceOf(kind)
    expect((error as SecurityError).code).toBe(code)
    const shown = `${inspect(error, { depth: 12, showHidden: true })}${(error as Error).stack}${inspect(definition)}`
    expect(shown).not.toContain(PASSWORD)
    expect(shown).not.toContain(hash)
    await eventually(() => secure.openSockets === 0)
  })

  it('that cannot be are refused before anything is opened', async () => {
    const secure = await front()
    const external = define(secure.seeds).withExternalCredentials('ann', PASSWORD)
    expect(await failureOf(external.connect())).toBeInstanceOf(ConfigError)
    const pki = define('a:1,b:2').withCertificateCredentials()
    const error = await failureOf(pki.connect())
    expect((error as Error).message).toBe(
      'PKI authentication requires TLS names on all hosts. Missing TLS name for: a, b',
    )
    expect(secure.diary).toEqual([])
  })
})

describe('sessions', () => {
  it('that are gone are replaced when connections are opened anew', async () => {
    const secure = await front()
    const cluster = await connected(trusting(secure.seeds).withNativeCredentials('ann', PASSWORD))
    await work(cluster)
    const before = secure.logins.length
    secure.tokens.clear()
    secure.cut()
    await eventually(async () => {
      await work(cluster)
      return true
    })
    expect(secure.logins.length).toBeGreaterThan(before)
    expect(secure.violations).toEqual([])
  })
})

describe('a session that ends on the server', () => {
  it('is opened anew without a failed command: records, batches, administration', async () => {
    const users = { ann: { password: PASSWORD, roles: ['read-write', 'user-admin'] } }
    await using secured = await startDevServer({ nodes: 2, security: { users } })
    const cluster = await connected(define(secured.seeds).withNativeCredentials('ann', PASSWORD))
    const session = cluster.createSession()
    const keys = Array.from({ length: 60 }, (_, index) => records.id(index))
    const steps: readonly (() => Promise<unknown>)[] = [
      () => work(cluster),
      async () => {
        const rows = await (await session.upsert(keys).put({ n: 1 }).execute()).toArray()
        expect(rows.every((row) => row.ok)).toBe(true)
      },
      async () => expect(await cluster.administration.users()).toHaveLength(1),
    ]
    await work(cluster)
    for (const step of steps) {
      const before = secured.security.logins
      secured.security.expireSessions()
      await step()
      const logins = secured.security.logins - before
      expect(logins).toBeGreaterThan(0)
      // Not one login for each command: one for each node, and one for its tending where that notices.
      expect(logins).toBeLessThanOrEqual(4)
    }
    await eventually(() => cluster.nodes().length === 2)
  })

  it('and cannot be opened anew is an error that says why', async () => {
    await using secured = await startDevServer({ nodes: 1, security: { users: ANN } })
    const cluster = await connected(define(secured.seeds).withNativeCredentials('ann', PASSWORD))
    const session = cluster.createSession()
    await session.put(records.id('x'), { n: 1 })
    secured.security.expirePassword('ann')
    secured.security.expireSessions()
    const error = await failureOf(session.put(records.id('x'), { n: 2 }))
    expect((error as Error).message).toMatch(/EXPIRED_PASSWORD/)
    const rows = await (
      await session
        .upsert([records.id('x'), records.id('y')])
        .put({ n: 2 })
        .execute()
    ).toArray()
    expect(rows.some((row) => row.ok)).toBe(false)
  })
})

describe('what a user may not do', () => {
  it('is an AuthorizationError with code 81, row by row in a batch', async () => {
    await using secured = await startDevServer({
      nodes: 2,
      security: {
        roles: { one: { privileges: [{ name: 'read-write', namespace: 'test', setName: 'security' }] } },
        users: { ann: { password: PASSWORD, roles: ['one'] } },
      },
    })
    const cluster = await connected(define(secured.seeds).withNativeCredentials('ann', PASSWORD))
    const session = cluster.createSession()
    const others = DataSet.of('test', 'others')
    await work(cluster)
    for (const attempt of [
      () => session.get(others.id(1)),
      () => session.put(others.id(1), { n: 1 }),
      () => session.delete(others.id(1)).execute(),
      () => session.get(DataSet.of('bar', 'security').id(1)),
      () => cluster.administration.users(),
    ]) {
      const error = await failureOf(attempt())
      expect(error).toBeInstanceOf(AuthorizationError)
      expect((error as AuthorizationError).code).toBe(81)
    }
    const rows = await (
      await session
        .upsert([records.id(1), others.id(1)])
        .put({ n: 1 })
        .execute()
    ).toArray()
    expect(rows.map((row) => (row.ok ? 0 : row.code))).toEqual([0, 81])
  })
})

describe('a session that the server ends while connections are open', () => {
  it.each<[string, boolean]>([
    ['one at a time, through TLS', true],
    ['many in flight, plain', false],
  ])('is renewed without a failed command: %s', async (_how, isTls) => {
    const secure = await front(isTls ? {} : ({ tls: undefined } as never))
    const definition = isTls ? trusting(secure.seeds) : define(secure.seeds)
    const cluster = await connected(definition.withNativeCredentials('ann', PASSWORD))
    await work(cluster)
    for (let round = 0; round < 3; round++) {
      const logins = secure.logins.length
      secure.expireSessions()
      await work(cluster)
      expect(secure.logins.length).toBeGreaterThan(logins)
      // Not one login for each command: one for each node, and one for its tending where that notices.
      expect(secure.logins.length - logins).toBeLessThanOrEqual(4)
    }
    expect(secure.violations).toEqual([])
    await eventually(() => cluster.nodes().length === 2)
  })

  it('is not renewed twice for one command', async () => {
    const secure = await front()
    const cluster = await connected(trusting(secure.seeds).withNativeCredentials('ann', PASSWORD))
    await work(cluster)
    secure.loginCode = 62
    secure.expireSessions()
    const error = await failureOf(cluster.createSession().put(records.id('x'), { n: 1 }))
    expect(error).toBeInstanceOf(AerospikeError)
    expect((error as Error).message).toMatch(/INVALID_PASSWORD|the login had to be renewed/)
    secure.loginCode = 0
    await eventually(async () => {
      await work(cluster)
      return true
    })
  })
})

describe('a logger', () => {
  it('hears of nodes, and of no secrets', async () => {
    const secure = await front()
    const heard: string[] = []
    const hear = (message: string): void => void heard.push(message)
    const logger: Logger = { debug: hear, info: hear, warn: hear, error: hear }
    const definition = trusting(secure.seeds).withNativeCredentials('ann', PASSWORD).withLogger(logger)
    const cluster = await connected(definition)
    expect(heard[0]).toMatch(/^connected to .*, /)
    secure.loginCode = 62
    secure.tokens.clear()
    secure.cut()
    await eventually(() => heard.some((line) => line.includes('INVALID_PASSWORD')))
    await cluster.close()
    expect(heard.join()).not.toContain(PASSWORD)
    expect(heard.join()).not.toContain(hash)
  })
})
