import { hex, loadVectors, toHex, type Vector, type VectorEvent } from '@aero/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import {
  type AdminRequest,
  decodeAdminReply,
  decodeAdminRequest,
  decodeRolesReply,
  decodeUsersReply,
  encodeAdminReply,
  encodeAdminRequest,
  encodeUsersReply,
} from '../src/command/admin.ts'
import {
  type AuthenticateRequest,
  decodeLoginReply,
  encodeLoginReply,
  encodeLoginRequest,
  type LoginRequest,
} from '../src/command/login.ts'
import { FrameDecoder } from '../src/frame/frame-decoder.ts'
import { FRAME_TYPE } from '../src/frame/frame-type.ts'
import { PRIVILEGES, type Privilege, type PrivilegeName } from '../src/message/privilege.ts'
import type { ByteReader } from '../src/wire/byte-reader.ts'
import { ByteWriter } from '../src/wire/byte-writer.ts'

/** What the passwords of the recordings are hashed to; that this is so is tested where the hashing is. */
const SALT = '$2a$10$7EqJtq98hPqEX7fNZaFWoO'
const HASHES: { readonly [password: string]: string } = {
  pass: `${SALT}v0hwU68nwGK8WvAqb5nnU0s/92caKv6`,
  hasło: `${SALT}KxjecJbcZ1/Axo7reAmAlRN8XM3FTyi`,
  'another password': `${SALT}Q9Krcxyz0IMzGv0AM6R8TNEoT9ME6iG`,
  new: `${SALT}JDI4p2.g0Lj9JpU6TB2MH64NSPIfvE.`,
  secret: `${SALT}u7NRZ0i7m5NbgPBEsHTCoJzZDEKQRb.`,
  newsecret: `${SALT}reUw4Or6A48pgnUmvTw.qDOMXi9uj6e`,
  newsecret2: `${SALT}4l4ccXOVPQV7J/0SDWrIE6mw8fpsoga`,
  nopassword: `${SALT}ePA2sZy..tlOF99W2N0g5KZ3dLaw8WO`,
}

const counts = new Map<string, number>()

function count(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

afterAll(() => {
  for (const [what, times] of counts) console.log(`vectors ${what}: ${times}`)
})

function bodyOf(frameHex: string): ByteReader {
  const frames = new FrameDecoder()
  frames.push(hex(frameHex))
  expect(frames.next()).toBe(true)
  expect(frames.type).toBe(FRAME_TYPE.admin)
  return frames.body
}

function written(write: (out: ByteWriter) => void): string {
  const out = new ByteWriter(1)
  write(out)
  return toHex(out.written())
}

interface RecordedPrivilege {
  readonly code: number
  readonly namespace: string
  readonly set: string
}

function privilegesFrom(given: unknown): Privilege[] {
  return (given as RecordedPrivilege[]).map(({ code, namespace, set }) => {
    const entry = Object.entries(PRIVILEGES).find(([, row]) => row.code === code)
    return {
      name: entry?.[0] as PrivilegeName,
      ...(namespace !== '' && { namespace }),
      ...(set !== '' && { setName: set }),
    }
  })
}

const some = <Name extends string, T>(name: Name, value: T | null | undefined): { [name in Name]?: T } =>
  (value === null || value === undefined ? {} : { [name]: value }) as { [name in Name]?: T }

/** What a recorded call asks for, in our words. */
function requestOf({ input, name }: Vector): AdminRequest {
  const [first, second, third, fourth, fifth, sixth] = (input.args ?? []) as unknown as [
    never,
    never,
    never,
    never,
    never,
    never,
  ]
  const hash = (password: string): string => HASHES[password] ?? `unknown password ${password}`
  switch (input.call) {
    case 'createUser':
      return { command: 'createUser', user: first, passwordHash: hash(second), roles: third }
    case 'createPKIUser':
      // A user who has a certificate has no password; this one stands for that.
      return { command: 'createUser', user: first, passwordHash: hash('nopassword'), roles: second }
    case 'dropUser':
      return { command: 'dropUser', user: first }
    case 'setPassword':
    case 'changePassword':
      if (name.includes('changePassword')) {
        return {
          command: 'changePassword',
          user: first,
          oldPasswordHash: hash('secret'),
          passwordHash: hash(second),
        }
      }
      return { command: 'setPassword', user: first, passwordHash: hash(second) }
    case 'grantRoles':
    case 'revokeRoles':
      return { command: input.call, user: first, roles: second }
    case 'queryUser':
    case 'queryUsers':
      return { command: 'queryUsers', ...some('user', first) }
    case 'queryRole':
    case 'queryRoles':
      return { command: 'queryRoles', ...some('role', first) }
    case 'createRole':
      return {
        command: 'createRole',
        role: first,
        privileges: privilegesFrom(second),
        ...some('whitelist', fourth),
        ...some('readQuota', fifth),
        ...some('writeQuota', sixth),
      }
    case 'dropRole':
      return { command: 'dropRole', role: first }
    case 'grantPrivileges':
    case 'revokePrivileges':
      return { command: input.call, role: first, privileges: privilegesFrom(second) }
    case 'setWhitelist':
      return { command: 'setWhitelist', role: first, ...some('whitelist', second) }
    case 'setQuotas':
      return { command: 'setQuotas', role: first, readQuota: second, writeQuota: third }
    default:
      throw new Error(`a call that is not known here: ${input.call}`)
  }
}

function checkLogin(requestHex: string): void {
  const request = decodeAdminRequest(bodyOf(requestHex)) as LoginRequest | AuthenticateRequest
  expect(['login', 'authenticate']).toContain(request.command)
  expect(written((out) => encodeLoginRequest(out, request))).toBe(requestHex)
  count(`${request.command} requests`)
}

const admin = loadVectors('admin')
describe.skipIf(admin.length === 0)('vectors: admin (needs AERO_VECTORS)', () => {
  const asked = admin.filter((vector) => typeof vector.requestHex === 'string')

  it.each(asked.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const exchanges = [
      { requestHex: vector.requestHex as string, responseHex: vector.responseHex ?? [] },
      ...(vector.more ?? []),
    ]
    for (const { requestHex, responseHex } of exchanges) {
      // A new connection first uses its session.
      if (decodeAdminRequest(bodyOf(requestHex)).command === 'authenticate') checkLogin(requestHex)
      else {
        const request = requestOf(vector)
        expect(written((out) => encodeAdminRequest(out, request))).toBe(requestHex)
        expect(decodeAdminRequest(bodyOf(requestHex))).toEqual(request)
        count('admin requests')
      }
      for (const replyHex of responseHex) {
        const code = decodeAdminReply(bodyOf(replyHex))
        expect(written((out) => encodeAdminReply(out, code))).toBe(replyHex)
        if (code !== 0) {
          expect(written((out) => encodeUsersReply(out, { entries: [], end: code }))).toBe(replyHex)
        }
        if (exchanges.length === 1) expect(code).toBe(vector.resultCode)
        if (code === 50) {
          expect(decodeUsersReply(bodyOf(replyHex))).toEqual({ entries: [], end: 50 })
          expect(decodeRolesReply(bodyOf(replyHex))).toEqual({ entries: [], end: 50 })
        }
        count('admin replies')
      }
    }
  })

  it('leaves only calls that never sent anything', () => {
    const silent = admin.filter((vector) => typeof vector.requestHex !== 'string')
    expect(silent.map(({ name }) => name)).toEqual(['setPassword', 'changePassword'])
  })
})

const connect = loadVectors('connect')
describe.skipIf(connect.length === 0)('vectors: connect, the logins (needs AERO_VECTORS)', () => {
  const isAdmin = ({ hex: frameHex }: VectorEvent): boolean => frameHex?.startsWith('0202') ?? false
  const withLogin = connect.filter(({ session }) => session?.some(isAdmin))

  it('are some', () => {
    expect(withLogin.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['fake_login', 'fake_login_external_insecure']),
    )
  })

  it.each(withLogin.map((vector) => [vector.name, vector] as const))('%s', (_name, { session = [] }) => {
    for (const { ev, hex: frameHex = '' } of session.filter(isAdmin)) {
      if (ev === 'request') checkLogin(frameHex)
      else if (frameHex.length > 48) {
        const reply = decodeLoginReply(bodyOf(frameHex))
        expect(reply.sessionTtl).toBe(86_400)
        expect(new TextDecoder().decode(reply.sessionToken)).toBe('FAKE-SESSION-TOKEN-0123456789')
        expect(written((out) => encodeLoginReply(out, reply))).toBe(frameHex)
        count('login replies')
      } else count(`replies with code ${decodeAdminReply(bodyOf(frameHex))}`)
    }
  })

  it('carry the user, the hash and, only where asked for, the password', () => {
    const login = (name: string): unknown => {
      const first = connect.find((vector) => vector.name === name)?.session?.find(isAdmin)
      return decodeAdminRequest(bodyOf(first?.hex ?? ''))
    }
    expect(login('fake_login')).toEqual({ command: 'login', user: 'admin', credential: HASHES['secret'] })
    expect(login('fake_login_external_insecure')).toEqual({
      command: 'login',
      user: 'ldapuser',
      credential: HASHES['secret'],
      clearPassword: 'secret',
    })
  })
})
