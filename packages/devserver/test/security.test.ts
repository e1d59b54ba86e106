import {
  ADMIN_COMMAND,
  type AdminRequest,
  ByteReader,
  ByteWriter,
  decodeAdminReply,
  decodeLoginReply,
  decodeRolesReply,
  decodeUsersReply,
  encodeAdminRequest,
  encodeLoginRequest,
  type PrivilegeName,
} from '@aero/codec'
import { FakeClock, hex, loadVectors, vectorsFolder } from '@aero/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { type DevServer, type DevServerOptions, startDevServer } from '../src/index.ts'
import {
  digestOf,
  frame,
  infoAnswers,
  infoRequest,
  int64,
  type Message,
  message,
  readReply,
} from './message-bytes.ts'
import { RawClient } from './raw-client.ts'

/** Logins as the official client sent them. Source: the recorded groups `connect`, `login_refused` and `fake_login`. */
const OFFICIAL_LOGIN = {
  /** User and password `admin`. */
  admin:
    '020200000000005b00001402000000000000000000000000000000060061646d696e0000003d03243261243130243745714a74713938685071455837664e5a6146576f4f316d564f2f344d4c70477a73716f6a7a364539476566366958446a58644461',
  /** User `admin`, password `secret`. */
  secret:
    '020200000000005b00001402000000000000000000000000000000060061646d696e0000003d03243261243130243745714a74713938685071455837664e5a6146576f4f75374e525a3069376d354e6267504245734854436f4a7a5a44454b5152622e',
  /** User `ldapuser`, password `secret`, which another authority keeps. */
  external:
    '02020000000000690000140300000000000000000000000000000009006c646170757365720000003d03243261243130243745714a74713938685071455837664e5a6146576f4f75374e525a3069376d354e6267504245734854436f4a7a5a44454b5152622e0000000704736563726574',
}

let server: DevServer | undefined
const NO_VECTORS = vectorsFolder() === undefined
const clients: RawClient[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await server?.close()
})

async function start(options: DevServerOptions): Promise<DevServer> {
  server = await startDevServer(options)
  return server
}

async function open(at: DevServer, node = 0): Promise<RawClient> {
  const client = await RawClient.open(at.node(node).port)
  clients.push(client)
  return client
}

const bodyOf = (reply: Uint8Array): ByteReader => ByteReader.over(reply, 8)
const codeOf = (reply: Uint8Array): number => reply[9] as number

async function login(client: RawClient, request = OFFICIAL_LOGIN.admin): Promise<Uint8Array> {
  const { resultCode, sessionToken } = decodeLoginReply(bodyOf(await client.ask(hex(request))))
  expect(resultCode).toBe(0)
  return sessionToken as Uint8Array
}

function authenticate(sessionToken: Uint8Array, user = 'admin'): Uint8Array {
  const out = new ByteWriter(64)
  encodeLoginRequest(out, { command: 'authenticate', user, sessionToken })
  return out.take()
}

function administer(request: AdminRequest): Uint8Array {
  const out = new ByteWriter(64)
  encodeAdminRequest(out, request)
  return out.take()
}

const READ = message({ info1: 0x03 })
const PUT: Message = { info2: 0x01, operations: [{ type: 2, bin: 'a', particleType: 1, value: int64(1) }] }

describe('a login', () => {
  it('as the official client sends it is taken, and comes before everything else', async () => {
    const client = await open(await start({ security: {} }))
    expect(readReply(await client.ask(READ)).resultCode).toBe(80)
    const refusal = await client.ask(infoRequest('node'))
    expect(Buffer.from(refusal.subarray(8)).toString()).toBe('ERROR:80:not authenticated\n')
    expect(codeOf(await client.ask(administer({ command: 'queryUsers' })))).toBe(80)
    const { resultCode, sessionTtl } = decodeLoginReply(bodyOf(await client.ask(hex(OFFICIAL_LOGIN.admin))))
    expect([resultCode, sessionTtl]).toEqual([0, 86_400])
    expect(infoAnswers(await client.ask(infoRequest('node'))).get('node')).toBe('A1')
    // A user administrator may not read.
    expect(readReply(await client.ask(READ)).resultCode).toBe(81)
  })

  it.each([
    ['an unknown user', {}, OFFICIAL_LOGIN.admin, 60],
    ['a wrong password', { admin: { password: 'another' } }, OFFICIAL_LOGIN.admin, 62],
    ['an expired password', { admin: { password: 'secret', isExpired: true } }, OFFICIAL_LOGIN.secret, 63],
    [
      'no certificate',
      { admin: { password: 'secret' } },
      '0202000000000010000014000000000000000000000000',
      65,
    ],
    [
      'a password kept elsewhere',
      { ldapuser: { password: 'x', isExternal: true } },
      OFFICIAL_LOGIN.external,
      65,
    ],
    [
      'a password kept elsewhere, right',
      { ldapuser: { password: 'secret', isExternal: true } },
      OFFICIAL_LOGIN.external,
      0,
    ],
    [
      'a password kept here, sent both ways',
      { ldapuser: { password: 'secret' } },
      OFFICIAL_LOGIN.external,
      0,
    ],
  ])('with %s', async (_what, users, request, code) => {
    const client = await open(await start({ security: { users } }))
    const padded = request.padEnd(48, '0')
    expect(codeOf(await client.ask(hex(padded)))).toBe(code)
    expect(server?.security.logins).toBe(code === 0 ? 1 : 0)
    expect(readReply(await client.ask(READ)).resultCode).toBe(code === 0 ? 81 : 80)
  })

  it('opens a session that other connections to the same node use until its time is over', async () => {
    const clock = new FakeClock(1_767_225_600_000)
    const at = await start({ nodes: 2, clock, security: { sessionTtl: 60 } })
    const first = await open(at)
    const token = await login(first)
    const second = await open(at)
    expect(codeOf(await second.ask(authenticate(token)))).toBe(0)
    expect(codeOf(await second.ask(authenticate(token, 'somebody')))).toBe(65)
    expect(readReply(await second.ask(READ)).resultCode).toBe(80)
    const other = await open(at, 1)
    expect(codeOf(await other.ask(authenticate(token)))).toBe(65)
    clock.advance(59_999)
    expect(readReply(await first.ask(READ)).resultCode).toBe(81)
    clock.advance(1)
    // The connection is open; it is connecting that fails.
    expect(readReply(await first.ask(READ)).resultCode).toBe(81)
    expect(codeOf(await second.ask(authenticate(token)))).toBe(66)
    const renewed = await login(first)
    at.security.expireSessions()
    expect(codeOf(await second.ask(authenticate(renewed)))).toBe(66)
    expect(readReply(await first.ask(READ)).resultCode).toBe(81)
    at.security.expireSessions({ andConnections: true })
    expect(readReply(await first.ask(READ)).resultCode).toBe(66)
    expect(Buffer.from((await first.ask(infoRequest('node'))).subarray(8)).toString()).toMatch(/^ERROR:66:/)
  })

  it('ends with its user', async () => {
    const at = await start({
      security: {
        users: {
          admin: { password: 'admin', roles: ['user-admin'] },
          ldapuser: { password: 'secret', roles: ['read'] },
        },
      },
    })
    const reader = await open(at)
    await login(reader, OFFICIAL_LOGIN.external)
    expect(readReply(await reader.ask(READ)).resultCode).toBe(2)
    const admin = await open(at)
    await login(admin)
    expect(
      codeOf(await admin.ask(administer({ command: 'revokeRoles', user: 'ldapuser', roles: ['read'] }))),
    ).toBe(0)
    expect(readReply(await reader.ask(READ)).resultCode).toBe(81)
    expect(codeOf(await admin.ask(administer({ command: 'dropUser', user: 'ldapuser' })))).toBe(0)
    expect(readReply(await reader.ask(READ)).resultCode).toBe(80)
  })

  it.each([
    [['127.0.0.1'], 0],
    [['10.0.0.0/8', '127.0.0.0/8'], 0],
    [['10.0.0.0/8'], 82],
    [['::1'], 82],
  ])('from where the roles allow: %j', async (whitelist, code) => {
    const security = {
      roles: { here: { whitelist } },
      users: { admin: { password: 'admin', roles: ['read', 'here'] } },
    }
    const client = await open(await start({ security }))
    expect(codeOf(await client.ask(hex(OFFICIAL_LOGIN.admin)))).toBe(code)
  })

  it('is refused with a code for what cannot be understood', async () => {
    const client = await open(await start({ security: {} }))
    const header = (scheme: number, command: number): Uint8Array => {
      const bytes = new Uint8Array(16)
      bytes[0] = scheme
      bytes[2] = command
      return frame(2, [bytes])
    }
    expect(codeOf(await client.ask(header(1, 20)))).toBe(53)
    expect(codeOf(await client.ask(header(0, 99)))).toBe(54)
    expect(codeOf(await client.ask(header(0, ADMIN_COMMAND.authenticate)))).toBe(55)
  })

  it('is not for servers without security', async () => {
    const client = await open(await start({}))
    expect(codeOf(await client.ask(hex(OFFICIAL_LOGIN.admin)))).toBe(51)
    expect(() => server?.security).toThrow('started without `security`')
  })

  it('cannot be had with options that contradict themselves', async () => {
    await expect(startDevServer({ security: { users: { a: { roles: ['nothing'] } } } })).rejects.toThrow(
      "security.users.a: there is no role 'nothing'",
    )
    await expect(startDevServer({ security: { roles: { a: { whitelist: ['1.2.3'] } } } })).rejects.toThrow(
      'security.roles.a is refused with code 73',
    )
  })
})

/** Each with what it is answered with when it is allowed. */
const COMMANDS: { readonly [name: string]: readonly [request: Message | string, allowed: number] } = {
  read: [{ info1: 0x03 }, 0],
  exists: [{ info1: 0x21 }, 0],
  put: [PUT, 0],
  readAndWrite: [
    { info1: 0x01, info2: 0x01, operations: [...(PUT.operations ?? []), { type: 1, bin: 'a' }] },
    0,
  ],
  delete: [{ info2: 0x03, digest: digestOf(7) }, 2],
  // Without the field for functions' names the real server finds a parameter missing.
  function: [{ info2: 0x01, fields: [[30, new Uint8Array([97])]] }, 4],
  // Refused when it is not partitioned, but not by security.
  query: [{ info1: 0x03, digest: null }, 16],
  job: [{ info2: 0x01, digest: null, operations: PUT.operations ?? [] }, 0],
  truncate: ['truncate:namespace=test;set=other', 0],
  sindex: ['sindex-delete:namespace=test;indexname=none', 0],
  abort: ['query-abort:trid=77', 2],
  config: ['set-config:context=service;x=y', 4],
}

describe.each<[PrivilegeName, readonly string[]]>([
  ['read', ['read', 'exists', 'query']],
  ['write', ['put', 'delete', 'job']],
  ['read-write', ['read', 'exists', 'query', 'put', 'delete', 'job', 'readAndWrite']],
  ['read-write-udf', ['read', 'exists', 'query', 'put', 'delete', 'job', 'readAndWrite', 'function']],
  ['truncate', ['truncate']],
  ['data-admin', ['truncate', 'sindex', 'abort']],
  ['sindex-admin', ['sindex']],
  ['udf-admin', []],
  ['sys-admin', ['config']],
  ['user-admin', []],
])('the role %s', (role, allowed) => {
  it(`allows ${allowed.join(', ') || 'none of these commands'}`, async () => {
    const at = await start({
      security: {
        users: {
          admin: { password: 'admin', roles: [role] },
          ldapuser: { password: 'secret', roles: ['read-write'] },
        },
      },
    })
    const writer = await open(at)
    await login(writer, OFFICIAL_LOGIN.external)
    await writer.ask(message(PUT))
    const client = await open(at)
    await login(client)
    for (const [name, [request, code]] of Object.entries(COMMANDS)) {
      const answer = await client.ask(typeof request === 'string' ? infoRequest(request) : message(request))
      const expected = allowed.includes(name) ? code : 81
      if (typeof request !== 'string') expect([name, readReply(answer).resultCode]).toEqual([name, expected])
      else {
        const text = infoAnswers(answer).get(request) ?? ''
        const given = text.startsWith('ERROR:') ? Number(text.split(':')[1]) : 0
        expect([name, given]).toEqual([name, expected])
      }
    }
  })
})

describe('a privilege with a scope', () => {
  it.each([
    ['a namespace', { namespace: 'test' }, [0, 0, 81]],
    ['a set', { namespace: 'test', setName: 'people' }, [0, 81, 81]],
  ] as const)('holds in %s only', async (_what, scope, codes) => {
    const security = {
      roles: {
        scoped: {
          privileges: [
            { name: 'read-write', ...scope },
            { name: 'truncate', ...scope },
          ] as const,
        },
      },
      users: { admin: { password: 'admin', roles: ['scoped'] } },
    }
    const client = await open(await start({ security }))
    await login(client)
    const places = [{}, { set: 'others', digest: digestOf(2) }, { namespace: 'bar' }]
    const given = []
    for (const place of places)
      given.push(readReply(await client.ask(message({ ...PUT, ...place }))).resultCode)
    expect(given).toEqual(codes)
    const info = []
    for (const { set = 'people', namespace = 'test' } of places as { set?: string; namespace?: string }[]) {
      const name = `truncate:namespace=${namespace};set=${set}`
      info.push(infoAnswers(await client.ask(infoRequest(name))).get(name) === 'ok' ? 0 : 81)
    }
    expect(info).toEqual(codes)
    const whole = 'truncate-namespace:namespace=test'
    const answer = infoAnswers(await client.ask(infoRequest(whole))).get(whole)
    expect(answer).toBe(
      'setName' in scope ? "ERROR:81:role violation - requires permission 'truncate'" : 'ok',
    )
  })
})

describe('users and roles', () => {
  async function administrator(
    security: DevServerOptions['security'] = {},
  ): Promise<(request: AdminRequest) => Promise<number>> {
    const client = await open(await start({ security }))
    await login(client)
    return async (request) => decodeAdminReply(bodyOf(await client.ask(administer(request))))
  }
  const passwordHash = `$2a$10$${'x'.repeat(53)}`

  it('are changed, or refused with the code of what is wrong', async () => {
    const ask = await administrator()
    const steps: readonly [AdminRequest, number][] = [
      [{ command: 'createUser', user: 'ann', passwordHash, roles: ['read'] }, 0],
      [{ command: 'createUser', user: 'ann', passwordHash, roles: [] }, 61],
      [{ command: 'createUser', user: 'bob', passwordHash: 'short', roles: [] }, 62],
      [{ command: 'createUser', user: 'bob', passwordHash, roles: ['none'] }, 70],
      [{ command: 'grantRoles', user: 'ann', roles: ['write'] }, 0],
      [{ command: 'grantRoles', user: 'ann', roles: ['none'] }, 70],
      [{ command: 'grantRoles', user: 'bob', roles: ['write'] }, 60],
      [{ command: 'revokeRoles', user: 'ann', roles: ['write'] }, 0],
      [{ command: 'setPassword', user: 'ann', passwordHash }, 0],
      [{ command: 'setPassword', user: 'bob', passwordHash }, 60],
      [{ command: 'changePassword', user: 'ann', oldPasswordHash: 'wrong', passwordHash }, 62],
      [
        {
          command: 'createRole',
          role: 'r',
          privileges: [{ name: 'read', namespace: 'test' }],
          readQuota: 10,
        },
        0,
      ],
      [{ command: 'createRole', role: 'r' }, 71],
      [{ command: 'createRole', role: 'read' }, 71],
      [{ command: 'createRole', role: 'q', privileges: [{ name: 'code-99' }] }, 72],
      [{ command: 'createRole', role: 'q', whitelist: ['1.2.3.4/33'] }, 73],
      [{ command: 'grantPrivileges', role: 'r', privileges: [{ name: 'write' }] }, 0],
      [{ command: 'grantPrivileges', role: 'r', privileges: [{ name: 'code-99' }] }, 72],
      [{ command: 'grantPrivileges', role: 'read', privileges: [{ name: 'write' }] }, 70],
      [{ command: 'revokePrivileges', role: 'r', privileges: [{ name: 'write' }] }, 0],
      [{ command: 'setWhitelist', role: 'r', whitelist: ['10.0.0.0/8'] }, 0],
      [{ command: 'setWhitelist', role: 'r', whitelist: ['nowhere'] }, 73],
      [{ command: 'setQuotas', role: 'r', readQuota: 5, writeQuota: 6 }, 0],
      [{ command: 'setQuotas', role: 'q', readQuota: 5, writeQuota: 6 }, 70],
      [{ command: 'queryRoles', role: 'q' }, 70],
      [{ command: 'queryUsers', user: 'bob' }, 60],
      [{ command: 'dropRole', role: 'read' }, 70],
      [{ command: 'dropUser', user: 'bob' }, 60],
      [{ command: 'dropRole', role: 'r' }, 0],
      [{ command: 'dropUser', user: 'ann' }, 0],
    ]
    for (const [request, code] of steps) expect([request, await ask(request)]).toEqual([request, code])
  })

  it('have no quotas where those are switched off', async () => {
    const ask = await administrator({ quotas: false })
    expect(await ask({ command: 'createRole', role: 'r', readQuota: 1 })).toBe(74)
    expect(await ask({ command: 'createRole', role: 'r' })).toBe(0)
    expect(await ask({ command: 'setQuotas', role: 'r', readQuota: 1, writeQuota: 0 })).toBe(74)
  })

  it('are told in as many frames as it takes, with connections and quotas', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `role-${String(index).padStart(2, '0')}`)
    const at = await start({
      security: {
        roles: Object.fromEntries(names.map((name, index) => [name, { readQuota: index }])),
        users: { admin: { password: 'admin', roles: ['user-admin', 'role-03', 'role-07'] } },
      },
    })
    const client = await open(at)
    await login(client)
    client.send(administer({ command: 'queryRoles' }))
    const found: string[] = []
    for (let end: number | undefined; end === undefined; ) {
      const reply = decodeRolesReply(bodyOf(await client.frame()))
      found.push(...reply.entries.map(({ name }) => name))
      end = reply.end
      if (end !== undefined) expect(end).toBe(50)
    }
    expect(found.filter((name) => name.startsWith('role-'))).toEqual(names)
    expect(found).toContain('read-write-udf')
    client.send(administer({ command: 'queryUsers', user: 'admin' }))
    const none = { singleRecordRate: 0, queryRate: 0, unlimitedQueries: 0 }
    expect(decodeUsersReply(bodyOf(await client.frame())).entries).toEqual([
      {
        name: 'admin',
        roles: ['role-03', 'role-07', 'user-admin'],
        connections: 1,
        reads: { quota: 7, ...none },
        writes: { quota: 0, ...none },
      },
    ])
  })

  it('are the business of administrators; of others only their own', async () => {
    const at = await start({
      security: { users: { admin: { password: 'admin', roles: ['read'] }, eve: {} } },
    })
    const client = await open(at)
    await login(client)
    const codes: [AdminRequest, number][] = [
      [{ command: 'queryUsers' }, 81],
      [{ command: 'queryUsers', user: 'eve' }, 81],
      [{ command: 'queryUsers', user: 'admin' }, 0],
      [{ command: 'createUser', user: 'x', passwordHash, roles: [] }, 81],
      [{ command: 'setPassword', user: 'admin', passwordHash }, 81],
    ]
    for (const [request, code] of codes) {
      expect([request, codeOf(await client.ask(administer(request)))]).toEqual([request, code])
      if (code === 0) await client.frame()
    }
  })

  it.skipIf(NO_VECTORS)('are commanded as the official client does (needs AERO_VECTORS)', async () => {
    const client = await open(await start({ security: {} }))
    await login(client)
    const refused: string[] = []
    for (const { name, requestHex, more = [] } of loadVectors('admin')) {
      for (const each of [requestHex, ...more.map((exchange) => exchange.requestHex)]) {
        const request = typeof each === 'string' ? hex(each) : undefined
        const command = request?.[10]
        // The recording proxy's sessions are none of ours.
        if (request?.[1] !== 2 || command === ADMIN_COMMAND.authenticate || command === ADMIN_COMMAND.login)
          continue
        client.send(request)
        const isQuery = command === ADMIN_COMMAND.queryUsers || command === ADMIN_COMMAND.queryRoles
        let code = 0
        do code = codeOf(await client.frame())
        while (isQuery && code === 0)
        if (![0, 50, 60, 61, 62, 70, 71].includes(code)) refused.push(`${name}: ${code}`)
      }
    }
    expect(refused).toEqual([])
  })
})
