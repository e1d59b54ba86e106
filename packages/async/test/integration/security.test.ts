import { inspect } from 'node:util'
import {
  AuthenticationError,
  AuthorizationError,
  type Cluster,
  ClusterDefinition,
  ConnectionError,
  DataSet,
  SecurityError,
} from '@aero/async'
import { ConfigError, type Logger } from '@aero/config'
import {
  type DevServer,
  type DevServerOptions,
  type DevServerTls,
  startDevServer,
  type UserOptions,
} from '@aero/devserver'
import { eventually } from '@aero/testkit'
import { CertificateAuthority, type CertificatePair } from '@aero/testkit/certificates'
import { hashPassword } from '@aero/transport'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/test-cluster.ts'

/*
 * Against a dev server of its own always: no server that is free to use has TLS or logins.
 */

const PASSWORD = 'correct horse battery'
const records = DataSet.of('test', 'security')
/** One user, who may read and write. */
const ANN = { ann: { password: PASSWORD, roles: ['read-write'] } }
let authority: CertificateAuthority
let tls: DevServerTls
let client: CertificatePair
let hash: string
const opened: (Cluster | DevServer)[] = []

beforeAll(async () => {
  authority = await CertificateAuthority.create('authority')
  const { cert, key } = await authority.issue({ name: 'db', dns: ['db.example'], addresses: ['127.0.0.1'] })
  tls = { cert, key, tlsName: 'db.example' }
  client = await authority.issue({ name: 'ann' })
  hash = await hashPassword(PASSWORD)
})

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

async function started(options: DevServerOptions = {}): Promise<DevServer> {
  const server = await startDevServer({ nodes: 2, ...options })
  opened.push(server)
  return server
}

const secured = (users: { readonly [user: string]: UserOptions } = ANN): Promise<DevServer> =>
  started({ tls, security: { users } })

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
    const server = await started({ tls })
    const cluster = await connected(trusting(server.tlsSeeds))
    expect(cluster.nodes()).toHaveLength(2)
    await work(cluster)
    expect(server.nodes.map((node) => node.pipelinedThroughTls)).toEqual([0, 0])
    expect(server.nodes.every((node) => node.connections === node.connectionsThroughTls)).toBe(true)
  })

  it('finds the other nodes by the addresses and names for TLS', async () => {
    const server = await started({ tls, nodes: 3 })
    const [first = ''] = server.tlsSeeds.split(',')
    const cluster = await connected(trusting(first))
    await eventually(() => cluster.nodes().length === 3)
    expect(
      cluster
        .nodes()
        .map(({ port }) => port)
        .sort(),
    ).toEqual(server.nodes.map((node) => node.tlsPort).sort())
    await work(cluster)
  })

  it('is asked of names that resolve to addresses, whose certificates carry the name', async () => {
    const named = await authority.issue({ name: 'x', dns: ['localhost'] })
    const server = await started({
      nodes: 1,
      tls: { cert: named.cert, key: named.key, tlsName: 'localhost' },
      security: { users: ANN },
    })
    const port = server.node(0).tlsPort
    const error = await failureOf(trusting(`127.0.0.1:${port}`).connect())
    expect((error as Error).message).toMatch(/for another name/)
    await work(await connected(trusting(`localhost:${port}`).withNativeCredentials('ann', PASSWORD)))
  })

  it('that the server does not trust, or we do not, is an error with the reason', async () => {
    const server = await started({ tls })
    const stranger = await CertificateAuthority.create('stranger')
    const error = await failureOf(define(server.tlsSeeds).withTls({ ca: stranger.cert }).connect())
    expect(error).toBeInstanceOf(ConnectionError)
    expect((error as Error).message).toMatch(/is the right one given as ca/)
    await eventually(() => server.nodes.every((node) => node.connections === 0))
  })

  it('to a server that asks for certificates takes one that it trusts', async () => {
    const server = await started({ tls: { ...tls, ca: authority.cert } })
    const mutual = (pair?: CertificatePair): ClusterDefinition =>
      define(server.tlsSeeds).withTls({
        ca: authority.cert,
        ...(pair !== undefined && { cert: pair.cert, key: pair.key }),
      })
    await work(await connected(mutual(client)))
    const stranger = await (await CertificateAuthority.create('stranger')).issue({ name: 'ann' })
    expect(await failureOf(mutual(stranger).connect())).toBeInstanceOf(ConnectionError)
    expect(await failureOf(mutual().connect())).toBeInstanceOf(ConnectionError)
  })

  it.each<[string, (server: DevServer) => ClusterDefinition, RegExp]>([
    [
      'a TLS client and a plain server',
      (server) => trusting(server.seeds),
      /is this its port for plain connections|does not answer in TLS/,
    ],
    ['a plain client and a TLS server', (server) => define(`127.0.0.1:${server.node(0).tlsPort}`), /for TLS/],
  ])('between %s says what is wrong', async (_case, definition, message) => {
    const error = await failureOf(definition(await started({ tls })).connect())
    expect(error).toBeInstanceOf(ConnectionError)
    expect((error as Error).message).toMatch(message)
  })

  it('whose files are missing is refused before anything is opened', async () => {
    const server = await started({ tls })
    const error = await failureOf(define(server.tlsSeeds).withTls({ ca: '/no/such/ca.pem' }).connect())
    expect((error as Error).message).toContain("ca: the file '/no/such/ca.pem' cannot be read")
  })
})

describe('logins', () => {
  it.each<[string, (server: DevServer) => ClusterDefinition]>([
    ['plain', (server) => define(server.seeds)],
    ['through TLS', (server) => trusting(server.tlsSeeds)],
  ])(
    'with a hashed password: once for each node; all other connections use the session; %s',
    async (_how, definition) => {
      const server = await secured()
      const cluster = await connected(definition(server).withNativeCredentials('ann', PASSWORD))
      expect(cluster.nodes()).toHaveLength(2)
      await work(cluster)
      expect(server.security.logins).toBe(2)
      expect(server.nodes.map((node) => node.pipelinedThroughTls)).toEqual([0, 0])
      const session = cluster.createSession()
      for (const open of [cluster, session, cluster.nodes(), cluster.stats(), cluster.administration]) {
        const shown = `${inspect(open, { depth: 20, showHidden: true })}${JSON.stringify(open)}`
        expect(shown).not.toContain(PASSWORD)
        expect(shown).not.toContain(hash)
      }
    },
  )

  it('with the password itself, through TLS', async () => {
    const server = await secured({ ann: { password: PASSWORD, roles: ['read-write'], isExternal: true } })
    await work(await connected(trusting(server.tlsSeeds).withExternalCredentials('ann', PASSWORD)))
    const error = await failureOf(trusting(server.tlsSeeds).withExternalCredentials('ann', 'wrong').connect())
    expect((error as SecurityError).codeName).toBe('INVALID_CREDENTIAL')
  })

  it('by certificate', async () => {
    const server = await started({
      tls: { ...tls, ca: authority.cert },
      security: { users: { ann: { roles: ['read-write'] } } },
    })
    const definition = (pair: CertificatePair): ClusterDefinition =>
      define(server.tlsSeeds)
        .withCertificateCredentials()
        .withTlsConfigOf()
        .ca(authority.cert)
        .clientCertificate(pair.cert, pair.key)
        .done()
    await work(await connected(definition(client)))
    expect(server.security.logins).toBe(2)
    const bob = await authority.issue({ name: 'bob' })
    expect(((await failureOf(definition(bob).connect())) as SecurityError).codeName).toBe('INVALID_USER')
  })

  it('only through TLS, the rest in the clear', async () => {
    const server = await secured()
    const definition = define(server.tlsSeeds)
      .withNativeCredentials('ann', PASSWORD)
      .withTls({ ca: authority.cert, forLoginOnly: true })
    await work(await connected(definition))
    expect(server.security.logins).toBe(2)
    await eventually(() => server.nodes.every((node) => node.connectionsThroughTls === 0))
    expect(server.nodes.every((node) => node.connections > 0)).toBe(true)
  })

  it('from one text', async () => {
    const server = await secured()
    const { writeFileSync, mkdtempSync } = await import('node:fs')
    const { tmpdir } = await import('node:os')
    const file = `${mkdtempSync(`${tmpdir()}/aero-`)}/ca.pem`
    writeFileSync(file, authority.cert)
    const url = `aerospike://ann:${encodeURIComponent(PASSWORD)}@${server.tlsSeeds}/?tlsCa=${encodeURIComponent(file)}`
    await work(await connected(ClusterDefinition.fromUrl(url, {})))
  })

  it('are not needed where security is switched off', async () => {
    const server = await started({ security: 'off' })
    await work(await connected(define(server.seeds).withNativeCredentials('ann', PASSWORD)))
  })

  it('are refused by a server without security, which says so', async () => {
    const server = await started()
    const error = await failureOf(define(server.seeds).withNativeCredentials('ann', PASSWORD).connect())
    expect(error).toBeInstanceOf(SecurityError)
    expect((error as SecurityError).code).toBe(51)
    expect((error as Error).message.match(/connect without user and password/g)).toHaveLength(1)
  })

  it('are demanded by a server with security, which says so', async () => {
    const server = await secured()
    const error = await failureOf(define(server.seeds).connect())
    expect((error as Error).message).toMatch(/not authenticated|NOT_AUTHENTICATED/)
  })

  it.each<[string, string, { readonly [user: string]: UserOptions }, string]>([
    ['an unknown user', 'bob', ANN, 'INVALID_USER'],
    ['a wrong password', 'ann', { ann: { password: 'another' } }, 'INVALID_PASSWORD'],
    ['an expired password', 'ann', { ann: { password: PASSWORD, isExpired: true } }, 'EXPIRED_PASSWORD'],
    ['a password kept elsewhere', 'ann', { ann: { password: 'x', isExternal: true } }, 'INVALID_CREDENTIAL'],
  ])(
    'with %s are refused, each with an error of its own without secrets',
    async (_what, user, users, codeName) => {
      const server = await secured(users)
      for (const definition of [
        define(server.seeds).withNativeCredentials(user, PASSWORD),
        trusting(server.tlsSeeds).withExternalCredentials(user, PASSWORD),
      ]) {
        const before = server.security.refusedLogins
        const error = await failureOf(definition.connect())
        expect(error).toBeInstanceOf(AuthenticationError)
        expect((error as SecurityError).codeName).toBe(codeName)
        const shown = `${inspect(error, { depth: 12, showHidden: true })}${(error as Error).stack}${inspect(definition)}`
        expect(shown).not.toContain(PASSWORD)
        expect(shown).not.toContain(hash)
        // Once at each node, and then the error: a wrong password locks nobody out.
        expect(server.security.refusedLogins - before).toBeLessThanOrEqual(2)
      }
      await eventually(() => server.nodes.every((node) => node.connections === 0))
    },
  )

  it('that cannot be are refused before anything is opened', async () => {
    const server = await secured()
    const external = define(server.seeds).withExternalCredentials('ann', PASSWORD)
    expect(await failureOf(external.connect())).toBeInstanceOf(ConfigError)
    const pki = define('a:1,b:2').withCertificateCredentials()
    const error = await failureOf(pki.connect())
    expect((error as Error).message).toBe(
      'PKI authentication requires TLS names on all hosts. Missing TLS name for: a, b',
    )
    expect(server.security.refusedLogins).toBe(0)
  })
})

describe('a session that ends on the server', () => {
  it.each<[string, (server: DevServer) => ClusterDefinition]>([
    ['one at a time, through TLS', (server) => trusting(server.tlsSeeds)],
    ['many in flight, plain', (server) => define(server.seeds)],
  ])(
    'is opened anew without a failed command, %s: records, batches, queries, background work, info, administration',
    async (_how, definition) => {
      const server = await secured({
        ann: { password: PASSWORD, roles: ['read-write', 'user-admin', 'sindex-admin', 'data-admin'] },
      })
      const cluster = await connected(definition(server).withNativeCredentials('ann', PASSWORD))
      const session = cluster.createSession()
      const keys = Array.from({ length: 60 }, (_, index) => records.id(index))
      const steps: readonly (() => Promise<unknown>)[] = [
        () => work(cluster),
        async () => {
          const rows = await (await session.upsert(keys).put({ n: 1 }).execute()).toArray()
          expect(rows.every((row) => row.ok)).toBe(true)
        },
        async () => {
          const found = await (await session.query(records).execute()).toArray()
          expect(found.filter((row) => row.ok)).toHaveLength(keys.length)
        },
        async () => {
          const task = await session.backgroundTask().update(records).bin('m').setTo(2).execute()
          await task.done()
          expect((await session.get(records.id(7)))?.bins).toEqual({ n: 1, m: 2 })
        },
        async () => expect((await session.info().namespaces()).size).toBe(2),
        async () => expect(await cluster.administration.users()).toHaveLength(1),
      ]
      await work(cluster)
      for (const step of steps) {
        const before = server.security.logins
        server.security.expireSessions({ andConnections: true })
        await step()
        const logins = server.security.logins - before
        expect(logins).toBeGreaterThan(0)
        // Not one login for each command: one for each node, one for its tending and one for what users ask, where those notice.
        expect(logins).toBeLessThanOrEqual(6)
      }
      expect(server.nodes.map((node) => node.pipelinedThroughTls)).toEqual([0, 0])
      await eventually(() => cluster.nodes().length === 2)
    },
  )

  it('with its node is opened anew when that comes back', async () => {
    const server = await secured()
    const cluster = await connected(trusting(server.tlsSeeds).withNativeCredentials('ann', PASSWORD))
    await work(cluster)
    const before = server.security.logins
    await server.node(0).restart()
    await eventually(async () => {
      await work(cluster)
      return cluster.nodes().length === 2
    })
    expect(server.security.logins).toBeGreaterThan(before)
  })

  it('and cannot be opened anew is an error that says why, of one login for one command', async () => {
    const server = await started({ nodes: 1, security: { users: ANN } })
    const cluster = await connected(define(server.seeds).withNativeCredentials('ann', PASSWORD))
    const session = cluster.createSession()
    await session.put(records.id('x'), { n: 1 })
    server.security.expirePassword('ann')
    server.security.expireSessions({ andConnections: true })
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
    const server = await started({
      security: {
        roles: { one: { privileges: [{ name: 'read-write', namespace: 'test', setName: 'security' }] } },
        users: { ann: { password: PASSWORD, roles: ['one'] } },
      },
    })
    const cluster = await connected(define(server.seeds).withNativeCredentials('ann', PASSWORD))
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

describe('a logger', () => {
  it('hears of nodes, and of no secrets', async () => {
    const server = await secured()
    const heard: string[] = []
    const hear = (message: string): void => void heard.push(message)
    const logger: Logger = { debug: hear, info: hear, warn: hear, error: hear }
    const definition = trusting(server.tlsSeeds).withNativeCredentials('ann', PASSWORD).withLogger(logger)
    const cluster = await connected(definition)
    expect(heard[0]).toMatch(/^connected to .*, /)
    server.security.expirePassword('ann')
    await server.node(0).restart()
    await eventually(() => heard.some((line) => line.includes('EXPIRED_PASSWORD')))
    await cluster.close()
    expect(heard.join()).not.toContain(PASSWORD)
    expect(heard.join()).not.toContain(hash)
  })
})
