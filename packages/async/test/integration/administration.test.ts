import { inspect } from 'node:util'
import {
  type Administration,
  AerospikeError,
  AuthorizationError,
  type Cluster,
  ClusterDefinition,
  DataSet,
  SecurityError,
  SerializeError,
  UsageError,
} from '@aero/async'
import { type DevServer, startDevServer } from '@aero/devserver'
import { hashPassword } from '@aero/transport'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/test-cluster.ts'

/*
 * Against a dev server of its own always: no server that is free to use has users.
 */

const PASSWORD = 'correct horse battery'
const records = DataSet.of('test', 'administration')
let server: DevServer
let cluster: Cluster
let administration: Administration

beforeAll(async () => {
  server = await startDevServer({
    nodes: 2,
    security: { users: { root: { password: PASSWORD, roles: ['user-admin'] } } },
  })
  cluster = await connect('root', PASSWORD)
  administration = cluster.administration
})

afterAll(async () => {
  await cluster.close()
  await server.close()
})

function connect(user: string, password: string): Promise<Cluster> {
  return new ClusterDefinition({ hosts: server.seeds, environment: {} })
    .withNativeCredentials(user, password)
    .connect()
}

const codeOf = async (attempt: Promise<unknown>): Promise<string | undefined> =>
  ((await failureOf(attempt)) as AerospikeError).codeName

describe('users', () => {
  it('are added, log in with their passwords, and are found again', async () => {
    await administration.createUser('ann', 'first', ['read', 'write'])
    await administration.createCertificateUser('bob')
    const ann = await connect('ann', 'first')
    try {
      const session = ann.createSession()
      await session.put(records.id('by ann'), { n: 1 })
      expect((await session.get(records.id('by ann')))?.bins).toEqual({ n: 1 })
      expect((await administration.users()).map(({ name }) => name)).toEqual(['ann', 'bob', 'root'])
      const found = await administration.user('ann')
      expect(found).toMatchObject({ name: 'ann', roles: ['read', 'write'] })
      expect(found?.connections).toBeGreaterThan(0)
      expect(await administration.user('nobody')).toBe(undefined)
    } finally {
      await ann.close()
    }
  })

  it('cannot be added twice', async () => {
    await administration.createUser('twice', 'pw')
    const error = await failureOf(administration.createUser('twice', 'pw'))
    expect(error).toBeInstanceOf(SecurityError)
    expect((error as SecurityError).codeName).toBe('USER_ALREADY_EXISTS')
    expect((error as Error).message).toContain('createUser')
  })

  it('get roles and lose them, which counts at once', async () => {
    await administration.createUser('changing', 'pw', ['read'])
    const changing = await connect('changing', 'pw')
    try {
      const session = changing.createSession()
      const put = (): Promise<unknown> => session.put(records.id('by changing'), { n: 1 })
      expect(await failureOf(put())).toBeInstanceOf(AuthorizationError)
      await administration.grantRoles('changing', ['write', 'truncate'])
      await put()
      await administration.revokeRoles('changing', ['write', 'truncate'])
      expect(((await failureOf(put())) as AerospikeError).code).toBe(81)
      expect((await administration.user('changing'))?.roles).toEqual(['read'])
      expect(await codeOf(administration.grantRoles('changing', ['no such role']))).toBe('INVALID_ROLE')
    } finally {
      await changing.close()
    }
  })

  it('get other passwords', async () => {
    await administration.createUser('renewed', 'old')
    await administration.setPassword('renewed', 'new')
    expect(await codeOf(connect('renewed', 'old'))).toBe('INVALID_PASSWORD')
    const renewed = await connect('renewed', 'new')
    try {
      expect(await codeOf(renewed.administration.changePassword('renewed', 'old', 'newer'))).toBe(
        'INVALID_PASSWORD',
      )
      await renewed.administration.changePassword('renewed', 'new', 'newer')
    } finally {
      await renewed.close()
    }
    await (await connect('renewed', 'newer')).close()
  })

  it('that change their own go on with it', async () => {
    await administration.changePassword('root', PASSWORD, 'another')
    const logins = server.security.logins
    server.security.expireSessions({ andConnections: true })
    expect((await administration.users()).length).toBeGreaterThan(0)
    expect(server.security.logins).toBeGreaterThan(logins)
  })

  it('are dropped, and log in no more', async () => {
    await administration.createUser('leaving', 'pw')
    await administration.dropUser('leaving')
    expect(await codeOf(connect('leaving', 'pw'))).toBe('INVALID_USER')
    expect(await codeOf(administration.dropUser('leaving'))).toBe('INVALID_USER')
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
    await administration.createRole('reader', role)
    await administration.createRole('nothing')
    expect((await administration.roles()).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['nothing', 'read', 'read-write', 'reader', 'user-admin']),
    )
    expect(await administration.role('reader')).toEqual(role)
    expect(await administration.role('nobody')).toBe(undefined)
  })

  it('are changed', async () => {
    const privileges = async (): Promise<unknown> => (await administration.role('r'))?.privileges
    await administration.createRole('r')
    await administration.grantPrivileges('r', [{ name: 'sys-admin' }, { name: 'read' }])
    expect(await privileges()).toEqual([{ name: 'sys-admin' }, { name: 'read' }])
    await administration.revokePrivileges('r', [{ name: 'read' }])
    expect(await privileges()).toEqual([{ name: 'sys-admin' }])
    await administration.setWhitelist('r', ['1.2.3.4'])
    await administration.setQuotas('r', { readQuota: 1, writeQuota: 2 })
    expect(await administration.role('r')).toMatchObject({
      whitelist: ['1.2.3.4'],
      readQuota: 1,
      writeQuota: 2,
    })
    await administration.setWhitelist('r', [])
    expect((await administration.role('r'))?.whitelist).toEqual([])
    await administration.dropRole('r')
    expect(await administration.role('r')).toBe(undefined)
  })

  it('keep users out who come from elsewhere', async () => {
    await administration.createRole('elsewhere', { whitelist: ['10.0.0.0/8'] })
    await administration.createUser('far', 'pw', ['elsewhere'])
    const error = await failureOf(connect('far', 'pw'))
    expect((error as AerospikeError).codeName).toBe('NOT_WHITELISTED')
    expect(error).toBeInstanceOf(AuthorizationError)
  })

  it('show quotas with their users', async () => {
    await administration.createRole('slow', { readQuota: 100, writeQuota: 50 })
    await administration.createUser('snail', 'pw', ['slow'])
    expect(await administration.user('snail')).toMatchObject({ reads: { quota: 100 }, writes: { quota: 50 } })
  })
})

it('users without the privilege manage nobody', async () => {
  await administration.createUser('plain', 'pw', ['read-write'])
  const plain = await connect('plain', 'pw')
  try {
    const error = await failureOf(plain.administration.createUser('friend', 'pw'))
    expect(error).toBeInstanceOf(AuthorizationError)
    expect((error as AerospikeError).code).toBe(81)
    expect((await plain.administration.user('plain'))?.roles).toEqual(['read-write'])
  } finally {
    await plain.close()
  }
})

describe('what callers without types get wrong', () => {
  const asAny = (value: unknown): never => value as never

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'a user who is none',
      () => administration.createUser(asAny(null), 'pw'),
      'createUser: user: not a text',
    ],
    ['a role for roles', () => administration.grantRoles('root', asAny('read')), 'roles: not an array'],
    ['a number as a role', () => administration.revokeRoles('root', asAny([7])), 'roles[0]: not a text'],
    [
      'a set under another name, which would allow everything',
      () => administration.createRole('wide', { privileges: [asAny({ name: 'read', set: 'orders' })] }),
      "privileges[0]: 'set' is none of name, namespace, setName",
    ],
    [
      'an empty namespace, which would allow all of them',
      () => administration.grantPrivileges('wide', [{ name: 'read', namespace: '' }]),
      'privileges[0].namespace: empty',
    ],
    [
      'a text for privileges',
      () => administration.revokePrivileges('wide', asAny(['read'])),
      'privileges[0]: not a privilege',
    ],
    ['an address for a list', () => administration.setWhitelist('wide', asAny('10.0.0.1')), 'not an array'],
  ])('is refused before it is sent: %s', async (_case, attempt, message) => {
    const error = await failureOf(attempt)
    expect(error).toBeInstanceOf(SerializeError)
    expect((error as Error).message).toContain(message)
    expect(await administration.role('wide')).toBe(undefined)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['no password', () => administration.createUser('none', asAny(undefined))],
    ['a wrapped one', () => administration.setPassword('root', asAny(['hunter2']))],
    ['an old one that is none', () => administration.changePassword('root', asAny(7), 'hunter2')],
    [
      'a limit of a misspelt name',
      () => administration.createRole('wide', asAny({ whiteList: ['10.0.0.1'] })),
    ],
  ])('is a UsageError: %s', async (_case, attempt) => {
    const error = await failureOf(attempt)
    expect(error).toBeInstanceOf(UsageError)
    expect(inspect(error, { showHidden: true }).replaceAll(/at .*/g, '')).not.toContain('hunter2')
  })
})

it('what is wrong shows no secrets', async () => {
  const wrong = await failureOf(administration.grantRoles('u', ['x'.repeat(64)]))
  expect(wrong).toBeInstanceOf(SerializeError)
  expect((wrong as Error).message).toMatch(/grantRoles: roles\[0\]: 64 bytes/)
  const hash = await hashPassword('hunter2')
  for (const attempt of [
    () => administration.createUser('u'.repeat(64), 'hunter2'),
    () => administration.createUser('root', 'hunter2'),
    () => administration.changePassword('nobody', 'hunter2', 'hunter2'),
  ]) {
    const shown = inspect(await failureOf(attempt), { depth: 9, showHidden: true })
    expect(shown).not.toContain('hunter2')
    expect(shown).not.toContain(hash)
  }
})

it('a server without security says so', async () => {
  await using unsecured = await startDevServer()
  const plain = await new ClusterDefinition({ hosts: unsecured.seeds, environment: {} }).connect()
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
