import { inspect } from 'node:util'
import type { DevServer } from '@aero/devserver'
import {
  AuthenticationError,
  AuthorizationError,
  ClusterDefinition,
  ConnectionError,
  DataSet,
  type SecurityError,
} from '@aero/sync'
import { CertificateAuthority } from '@aero/testkit/certificates'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { program, startDevServerThread } from './support/dev-server-thread.ts'

const PASSWORD = 'correct horse battery'
const records = DataSet.of('test', 'sync-security')
let authority: CertificateAuthority
let server: DevServer

beforeAll(async () => {
  authority = await CertificateAuthority.create('authority')
  const { cert, key } = await authority.issue({ name: 'db', dns: ['db.example'] })
  server = await startDevServerThread({
    nodes: 2,
    tls: { cert, key, tlsName: 'db.example' },
    security: { users: { ann: { password: PASSWORD, roles: ['read-write'] } } },
  })
})

afterAll(() => server.close())

const define = (hosts: string, password = PASSWORD): ClusterDefinition =>
  new ClusterDefinition({ hosts, environment: {} }).withNativeCredentials('ann', password)
const trusting = (): ClusterDefinition => define(server.tlsSeeds).withTls({ ca: authority.cert })

function failureOf(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error('expected this to fail, but it succeeded')
}

describe('blocking calls on a server with security', () => {
  it.each([
    ['plain', () => define(server.seeds)],
    ['through TLS', trusting],
  ])('log in and go on as that user, %s', (_how, definition) => {
    using cluster = definition().connect({ worker: program('worker') })
    const session = cluster.createSession()
    expect(cluster.nodes()).toHaveLength(2)
    const keys = records.ids(...Array.from({ length: 20 }, (_, index) => index))
    session.upsert(keys).put({ n: 1 }).execute()
    const rows = [...session.query(keys).execute()]
    expect(rows.map((row) => row.ok && row.record?.bins)).toEqual(keys.map(() => ({ n: 1 })))
    expect(failureOf(() => cluster.administration.users())).toBeInstanceOf(AuthorizationError)
  })

  it('say why they are not let in, at the line that asked, and show no secrets', () => {
    const definition = define(server.seeds, 'a wrong password')
    const error = failureOf(() => definition.connect({ worker: program('worker') }))
    expect(error).toBeInstanceOf(AuthenticationError)
    expect((error as SecurityError).codeName).toBe('INVALID_PASSWORD')
    expect(error.stack).toContain('security.test.ts')
    const shown = `${inspect(error, { depth: 12, showHidden: true })}${error.stack}${inspect(definition)}`
    expect(shown).not.toContain('a wrong password')
  })

  it('say that the certificate is not trusted, or that the port is for TLS', () => {
    const untrusting = define(server.tlsSeeds).withTls()
    const error = failureOf(() => untrusting.connect({ worker: program('worker') }))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error.message).toMatch(/is the right one given as ca/)
    const plain = failureOf(() =>
      define(server.tlsSeeds.replace(':db.example', '').split(',')[0] as string).connect({
        worker: program('worker'),
      }),
    )
    expect(plain.message).toMatch(/for TLS/)
  })
})
