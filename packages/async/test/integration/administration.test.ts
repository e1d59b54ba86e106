import { inspect } from 'node:util'
import {
  type Administration,
  AerospikeError,
  AuthorizationError,
  type Cluster,
  ClusterDefinition,
  SecurityError,
  SerializeError,
} from '@aero/async'
import { type DevServer, startDevServer } from '@aero/devserver'
import { hashPassword, NO_PASSWORD } from '@aero/transport'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SecureFront } from '../support/secure-front.ts'
import { failureOf } from '../support/test-cluster.ts'

const PASSWORD = 'correct horse battery'
let server: DevServer
let front: SecureFront
let cluster: Cluster
let administration: Administration

beforeAll(async () => {
  server = await startDevServer({ nodes: 1 })
  front = await SecureFront.start({ ports: server.ports, users: { root: await hashPassword(PASSWORD) } })
  cluster = await new ClusterDefinition({ hosts: front.seeds, environment: {} })
    .withNativeCredentials('root', PASSWORD)
    .connect()
  administration = cluster.administration
})

afterAll(async () => {
  await cluster.close()
  await front.close()
  await server.close()
})

const last = (): unknown => front.requests.at(-1)

describe('users', () => {
  it('are added with a hashed password, and found again', async () => {
    await administration.createUser('ann', 'first', ['reader', 'writer'])
    expect(last()).toEqual({
      command: 'createUser',
      user: 'ann',
      passwordHash: await hashPassword('first'),
      roles: ['reader', 'writer'],
    })
    await administration.createCertificateUser('bob')
    expect(last()).toMatchObject({ passwordHash: await hashPassword(NO_PASSWORD), roles: [] })
    expect((await administration.users()).map(({ name }) => name)).toEqual(['ann', 'bob'])
    expect(await administration.user('ann')).toMatchObject({
      name: 'ann',
      roles: ['reader', 'writer'],
      connections: 1,
    })
    expect(await administration.user('nobody')).toBe(undefined)
  })

  it('cannot be added twice', async () => {
    await administration.createUser('twice', 'pw')
    const error = await failureOf(administration.createUser('twice', 'pw'))
    expect(error).toBeInstanceOf(SecurityError)
    expect((error as SecurityError).codeName).toBe('USER_ALREADY_EXISTS')
    expect((error as Error).message).toContain('createUser')
  })

  it.each<[string, () => Promise<void>, object]>([
    ['are dropped', () => administration.dropUser('x'), { command: 'dropUser', user: 'x' }],
    [
      'get roles',
      () => administration.grantRoles('x', ['a']),
      { command: 'grantRoles', user: 'x', roles: ['a'] },
    ],
    [
      'lose roles',
      () => administration.revokeRoles('x', ['a', 'b']),
      { command: 'revokeRoles', user: 'x', roles: ['a', 'b'] },
    ],
  ])('%s', async (_what, run, request) => {
    await run()
    expect(last()).toEqual(request)
  })

  it('get other passwords', async () => {
    await administration.setPassword('x', 'new')
    expect(last()).toEqual({ command: 'setPassword', user: 'x', passwordHash: await hashPassword('new') })
    await administration.changePassword('x', 'old', 'new')
    expect(last()).toEqual({
      command: 'changePassword',
      user: 'x',
      oldPasswordHash: await hashPassword('old'),
      passwordHash: await hashPassword('new'),
    })
  })

  it('that change their own go on with it', async () => {
    await administration.changePassword('root', PASSWORD, 'another')
    const logins = front.logins.length
    front.tokens.clear()
    front.cut()
    await expect.poll(() => front.logins.length, { timeout: 5000 }).toBeGreaterThan(logins)
    expect(front.logins.at(-1)?.credential).toBe(await hashPassword('another'))
  })
})

describe('roles', () => {
  it('are added with what they may do, and found again', async () => {
    const role = {
      name: 'reader',
      privileges: [{ name: 'read', namespace: 'test', setName: 's' }, { name: 'truncate' }],
      whitelist: ['10.0.0.0/8'],
      readQuota: 100,
      writeQuota: 0,
    } as const
    await front.close()
    front = await SecureFront.start({ ports: server.ports })
    const other = await new ClusterDefinition({ hosts: front.seeds, environment: {} }).connect()
    try {
      await other.administration.createRole('reader', role)
      await other.administration.createRole('nothing')
      expect(await other.administration.roles()).toHaveLength(2)
      expect(await other.administration.role('reader')).toEqual(role)
      expect(await other.administration.role('nobody')).toBe(undefined)
      const { administration: admin } = other
      await admin.grantPrivileges('r', [{ name: 'sys-admin' }])
      expect(last()).toEqual({ command: 'grantPrivileges', role: 'r', privileges: [{ name: 'sys-admin' }] })
      await admin.revokePrivileges('r', [{ name: 'read' }])
      expect(last()).toEqual({ command: 'revokePrivileges', role: 'r', privileges: [{ name: 'read' }] })
      await admin.setWhitelist('r', ['1.2.3.4'])
      expect(last()).toEqual({ command: 'setWhitelist', role: 'r', whitelist: ['1.2.3.4'] })
      await admin.setWhitelist('r', [])
      expect(last()).toEqual({ command: 'setWhitelist', role: 'r' })
      await admin.setQuotas('r', { readQuota: 1, writeQuota: 2 })
      expect(last()).toEqual({ command: 'setQuotas', role: 'r', readQuota: 1, writeQuota: 2 })
      await admin.dropRole('r')
      expect(last()).toEqual({ command: 'dropRole', role: 'r' })
      front.adminCode = 81
      expect(await failureOf(admin.dropRole('r'))).toBeInstanceOf(AuthorizationError)
      const wrong = await failureOf(admin.grantRoles('u', ['x'.repeat(64)]))
      expect(wrong).toBeInstanceOf(SerializeError)
      expect((wrong as Error).message).toMatch(/grantRoles: roles\[0\]: 64 bytes/)
      const secret = await failureOf(admin.createUser('u'.repeat(64), 'hunter2'))
      expect(inspect(secret, { depth: 9, showHidden: true })).not.toMatch(/hunter2|7EqJtq98hPqEX7fNZaFWoO/)
    } finally {
      await other.close()
    }
  })
})

it('a server without security says so', async () => {
  const plain = await new ClusterDefinition({ hosts: server.seeds, environment: {} }).connect()
  try {
    const error = await failureOf(plain.administration.users())
    expect(error).toBeInstanceOf(AerospikeError)
    expect((error as AerospikeError).code).toBe(51)
    const aborted = plain.administration.users({ signal: AbortSignal.abort(new Error('enough')) })
    expect(((await failureOf(aborted)) as AerospikeError).name).toBe('AbortError')
  } finally {
    await plain.close()
  }
})
