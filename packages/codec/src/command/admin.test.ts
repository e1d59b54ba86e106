import { everyPrefix, hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError, EncodeError } from '../errors.ts'
import { ADMIN_COMMAND } from '../message/admin-command.ts'
import { PRIVILEGES, type PrivilegeName } from '../message/privilege.ts'
import { RESULT_CODE } from '../message/result-code.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import {
  type AdminQueryReply,
  type AdminRequest,
  decodeAdminReply,
  decodeAdminRequest,
  decodeRolesReply,
  decodeUsersReply,
  encodeAdminReply,
  encodeAdminRequest,
  encodeRolesReply,
  encodeUsersReply,
  InvalidAdminRequestError,
  type Role,
  type User,
} from './admin.ts'

const ZEROS = '00'.repeat(12)

/** A frame with the right length in its header. */
function frame(body: string): Uint8Array {
  const bytes = hex(`02 02 000000000000 ${body}`)
  new DataView(bytes.buffer).setUint32(4, bytes.length - 8)
  return bytes
}

const bodyOf = (bytes: Uint8Array): ByteReader => ByteReader.over(bytes, 8)

function encoded(request: AdminRequest): Uint8Array {
  const out = new ByteWriter(1)
  encodeAdminRequest(out, request)
  return out.take()
}

/** By hand, from the layout; the recorded ones are judged in test/admin-vectors.test.ts. */
const REQUESTS: [AdminRequest, string][] = [
  [
    { command: 'createUser', user: 'u', passwordHash: 'h', roles: ['a', 'bc'] },
    `00 00 01 03 ${ZEROS} | 00000002 00 75 | 00000002 01 68 | 00000007 0a 02 01 61 02 6263`,
  ],
  [{ command: 'queryUsers' }, `00 00 09 00 ${ZEROS}`],
  [{ command: 'queryRoles', role: 'r' }, `00 00 10 01 ${ZEROS} | 00000002 0b 72`],
  [
    {
      command: 'changePassword',
      user: 'u',
      oldPasswordHash: 'o',
      passwordHash: 'n',
    },
    `00 00 04 03 ${ZEROS} | 00000002 00 75 | 00000002 02 6f | 00000002 01 6e`,
  ],
  [
    {
      command: 'grantPrivileges',
      role: 'r',
      privileges: [
        { name: 'sys-admin' },
        { name: 'read', namespace: 'n' },
        { name: 'write', namespace: 'n', setName: 's' },
        { name: 'truncate' },
      ],
    },
    `00 00 0c 02 ${ZEROS} | 00000002 0b 72 | 0000000f 0c 04 01 | 0a 01 6e 00 | 0d 01 6e 01 73 | 0e 00 00`,
  ],
  [
    { command: 'setWhitelist', role: 'r', whitelist: ['1.2.3.4', '::1'] },
    `00 00 0e 02 ${ZEROS} | 00000002 0b 72 | 0000000c 0d 312e322e332e34 2c 3a3a31`,
  ],
  [
    { command: 'setQuotas', role: 'r', readQuota: 0, writeQuota: 0xffffffff },
    `00 00 0f 03 ${ZEROS} | 00000002 0b 72 | 00000005 0e 00000000 | 00000005 0f ffffffff`,
  ],
]

describe('admin requests', () => {
  it.each(REQUESTS)('%o', (request, body) => {
    expect(toHex(encoded(request))).toBe(toHex(frame(body)))
    expect(decodeAdminRequest(bodyOf(frame(body)))).toEqual(request)
  })

  it.each<[AdminRequest, AdminRequest]>([
    [
      { command: 'createRole', role: 'r', privileges: [], whitelist: [], readQuota: 0, writeQuota: 0 },
      { command: 'createRole', role: 'r' },
    ],
    [
      { command: 'setWhitelist', role: 'r', whitelist: [] },
      { command: 'setWhitelist', role: 'r' },
    ],
  ])('leave out what is empty: %o', (request, same) => {
    expect(toHex(encoded(request))).toBe(toHex(encoded(same)))
  })

  it.each<[string, AdminRequest, RegExp]>([
    ['user', { command: 'dropUser', user: '' }, /0 bytes, 1 to 63/],
    ['user', { command: 'dropUser', user: 'ü'.repeat(32) }, /64 bytes/],
    ['user', { command: 'dropUser' } as never, /missing/],
    ['role', { command: 'dropRole', role: 'x'.repeat(64) }, /64 bytes/],
    ['roles[1]', { command: 'grantRoles', user: 'u', roles: ['a', ''] }, /empty/],
    ['roles[0]', { command: 'grantRoles', user: 'u', roles: ['x'.repeat(64)] }, /at most 63/],
    ['roles', { command: 'grantRoles', user: 'u', roles: Array(256).fill('r') }, /at most 255/],
    ['whitelist[0]', { command: 'setWhitelist', role: 'r', whitelist: ['a,b'] }, /not an address/],
    ['whitelist', { command: 'setWhitelist', role: 'r', whitelist: '::1' as never }, /not an array/],
    ['whitelist[0]', { command: 'setWhitelist', role: 'r', whitelist: [7 as never] }, /not a text/],
    ['roles', { command: 'grantRoles', user: 'u', roles: 'read' as never }, /not an array/],
    ['roles[0]', { command: 'grantRoles', user: 'u', roles: [7 as never] }, /not a text/],
    ['user', { command: 'dropUser', user: null as never }, /not a text/],
    [
      'privileges[0]',
      { command: 'grantPrivileges', role: 'r', privileges: [{ name: 'read', set: 's' } as never] },
      /'set' is none of name, namespace, setName/,
    ],
    [
      'privileges[0].namespace',
      { command: 'grantPrivileges', role: 'r', privileges: [{ name: 'read', namespace: '' }] },
      /empty/,
    ],
    [
      'privileges[0]',
      { command: 'grantPrivileges', role: 'r', privileges: [null as never] },
      /not a privilege/,
    ],
    ['readQuota', { command: 'setQuotas', role: 'r', readQuota: -1, writeQuota: 0 }, /whole number/],
    ['writeQuota', { command: 'setQuotas', role: 'r', readQuota: 0, writeQuota: 2 ** 32 }, /whole number/],
    [
      'privileges[0]',
      { command: 'grantPrivileges', role: 'r', privileges: [{ name: 'fly' as PrivilegeName }] },
      /no privilege 'fly'/,
    ],
    [
      'privileges[1]',
      {
        command: 'grantPrivileges',
        role: 'r',
        privileges: [{ name: 'read' }, { name: 'masking-admin', namespace: 'n' }],
      },
      /whole cluster/,
    ],
    [
      'privileges[0]',
      { command: 'grantPrivileges', role: 'r', privileges: [{ name: 'read', setName: 's' }] },
      /needs its namespace/,
    ],
    [
      'privileges[0].namespace',
      { command: 'grantPrivileges', role: 'r', privileges: [{ name: 'read', namespace: 'n'.repeat(32) }] },
      /at most 31/,
    ],
  ])('are refused when %s does not fit', (path, request, reason) => {
    const error = caught(() => encoded(request))
    expect(error).toBeInstanceOf(EncodeError)
    expect((error as EncodeError).path).toBe(path)
    expect((error as EncodeError).reason).toMatch(reason)
  })

  it.each<[string, string, number]>([
    ['an unknown command', `00 00 63 00 ${ZEROS}`, RESULT_CODE.INVALID_COMMAND],
    ['a missing field', `00 00 02 00 ${ZEROS}`, RESULT_CODE.INVALID_FIELD],
    ['a short header', '00 00 02', RESULT_CODE.INVALID_FIELD],
    ['a field longer than the frame', `00 00 02 01 ${ZEROS} 00000009 00 75`, RESULT_CODE.INVALID_FIELD],
    ['a field of no bytes', `00 00 02 01 ${ZEROS} 00000000 00`, RESULT_CODE.INVALID_FIELD],
    ['bytes behind the fields', `00 00 09 00 ${ZEROS} 00`, RESULT_CODE.INVALID_FIELD],
    [
      'names that run over their field',
      `00 00 05 02 ${ZEROS} 00000002 00 75 | 00000004 0a 02 01 61`,
      RESULT_CODE.INVALID_FIELD,
    ],
    [
      'bytes behind the names',
      `00 00 05 02 ${ZEROS} 00000002 00 75 | 00000005 0a 01 01 61 62`,
      RESULT_CODE.INVALID_FIELD,
    ],
  ])('of a client are refused for %s', (_case, body, code) => {
    const error = caught(() => decodeAdminRequest(bodyOf(frame(body))))
    expect(error).toBeInstanceOf(InvalidAdminRequestError)
    expect((error as InvalidAdminRequestError).resultCode).toBe(code)
  })

  it('cut anywhere are refused', () => {
    for (const [, body] of REQUESTS) {
      const whole = frame(body)
      for (const cut of everyPrefix(whole)) {
        if (cut.length < 8) continue
        expect(caught(() => decodeAdminRequest(bodyOf(cut)))).toBeInstanceOf(InvalidAdminRequestError)
      }
    }
  })

  it('take the last of two equal fields', () => {
    const body = `00 00 02 02 ${ZEROS} 00000002 00 75 | 00000002 00 76`
    expect(decodeAdminRequest(bodyOf(frame(body)))).toEqual({ command: 'dropUser', user: 'v' })
  })
})

describe('admin replies', () => {
  const none = { quota: 0, singleRecordRate: 0, queryRate: 0, unlimitedQueries: 0 }
  const ann: User = {
    name: 'ann',
    roles: ['read', 'x'],
    connections: 3,
    reads: { quota: 1, singleRecordRate: 2, queryRate: 3, unlimitedQueries: 4 },
    writes: { quota: 5, singleRecordRate: 6, queryRate: 7, unlimitedQueries: 8 },
  }
  const bob: User = { name: 'bob', roles: [], connections: 0, reads: none, writes: none }
  const reader: Role = {
    name: 'reader',
    privileges: [{ name: 'read', namespace: 'n', setName: 's' }, { name: 'user-admin' }],
    whitelist: ['10.0.0.0/8', '::1'],
    readQuota: 10,
    writeQuota: 0,
  }

  it.each([0, 51, 255])('are a code: %i', (code) => {
    const out = new ByteWriter(1)
    encodeAdminReply(out, code)
    expect(toHex(out.written())).toBe(toHex(frame(`00 ${code.toString(16).padStart(2, '0')} 00 00 ${ZEROS}`)))
    expect(decodeAdminReply(bodyOf(out.written()))).toBe(code)
  })

  it('list users', () => {
    const body = `00 00 00 05 ${ZEROS} | 00000004 00 616e6e | 00000009 0a 02 04 72656164 01 78
      00000012 10 04 00000001 00000002 00000003 00000004 | 00000012 11 04 00000005 00000006 00000007 00000008
      00000005 12 00000003 | 00 32 00 00 ${ZEROS}`
    const reply: AdminQueryReply<User> = { entries: [ann], end: 50 }
    const out = new ByteWriter(1)
    encodeUsersReply(out, reply)
    expect(toHex(out.written())).toBe(toHex(frame(body)))
    expect(decodeUsersReply(bodyOf(frame(body)))).toEqual(reply)
  })

  it('list users in several frames', () => {
    const out = new ByteWriter(1)
    encodeUsersReply(out, { entries: [ann, bob], end: undefined })
    expect(decodeUsersReply(bodyOf(out.take()))).toEqual({ entries: [ann, bob], end: undefined })
    encodeUsersReply(out, { entries: [], end: 50 })
    expect(decodeUsersReply(bodyOf(out.take()))).toEqual({ entries: [], end: 50 })
  })

  it('list users of servers that tell less, or more', () => {
    const less = frame(`00 00 00 01 ${ZEROS} | 00000004 00 626f62`)
    expect(decodeUsersReply(bodyOf(less)).entries).toEqual([bob])
    const more = frame(`00 00 00 03 ${ZEROS} | 00000004 00 626f62 | 00000006 10 01 00000009 | 00000002 63 00`)
    expect(decodeUsersReply(bodyOf(more)).entries[0]?.reads.quota).toBe(9)
  })

  it('list roles', () => {
    const body = `00 00 00 05 ${ZEROS} | 00000007 0b 726561646572 | 00000008 0c 02 0a 01 6e 01 73 00
      0000000f 0d 31302e302e302e302f38 2c 3a3a31 | 00000005 0e 0000000a | 00000005 0f 00000000
      00 32 00 00 ${ZEROS}`
    const out = new ByteWriter(1)
    encodeRolesReply(out, { entries: [reader], end: 50 })
    expect(toHex(out.written())).toBe(toHex(frame(body)))
    expect(decodeRolesReply(bodyOf(frame(body)))).toEqual({ entries: [reader], end: 50 })
  })

  it('list privileges of newer servers by their codes, and take them back', () => {
    const body = `00 00 00 02 ${ZEROS} | 00000002 0b 72 | 00000007 0c 02 c8 01 6e 00 05`
    const privileges = decodeRolesReply(bodyOf(frame(body))).entries[0]?.privileges ?? []
    expect(privileges).toEqual([{ name: 'code-200', namespace: 'n' }, { name: 'code-5' }])
    expect(
      decodeAdminRequest(bodyOf(encoded({ command: 'grantPrivileges', role: 'r', privileges }))),
    ).toEqual({
      command: 'grantPrivileges',
      role: 'r',
      privileges,
    })
  })

  it('end with an error', () => {
    const body = `00 00 00 01 ${ZEROS} | 00000002 00 75 | 00 51 00 00 ${ZEROS}`
    const reply = decodeUsersReply(bodyOf(frame(body)))
    expect([reply.entries.length, reply.end]).toEqual([1, 81])
  })

  it('cut anywhere are errors, or have no end', () => {
    const out = new ByteWriter(1)
    encodeUsersReply(out, { entries: [ann, bob], end: 50 })
    const whole = out.take()
    for (const cut of everyPrefix(whole)) {
      if (cut.length < 8) continue
      try {
        expect(decodeUsersReply(bodyOf(cut)).end).toBe(undefined)
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError)
      }
    }
  })
})

describe('the tables', () => {
  it('have every number once', () => {
    const commands = Object.values(ADMIN_COMMAND)
    expect(new Set(commands).size).toBe(commands.length)
    const codes = Object.values(PRIVILEGES).map(({ code }) => code)
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('limit privileges only where the wire has room for it', () => {
    for (const { code, scoped } of Object.values(PRIVILEGES))
      if (scoped) expect(code).toBeGreaterThanOrEqual(10)
  })
})

function caught(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
