import { DecodeError, EncodeError } from '../errors.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { MAX_NAMESPACE_BYTES, MAX_SET_BYTES } from './fields.ts'
import { FIRST_SCOPED_CODE, type Privilege, privilegeCode, privilegeName } from './privilege.ts'

/*
 * field       :=  size:u32   id:u8   payload:[size - 1]
 * names       :=  count:u8   *( length:u8  text )
 * privileges  :=  count:u8   *( code:u8  [ length:u8 namespace  length:u8 set ] )      the scope from code 10 on
 * counters    :=  count:u8   *u32
 * list        :=  text, entries separated by commas
 */

/** Longest name of a user or a role, in bytes of UTF-8. Source: as/include/base/security.h of the server. */
export const MAX_USER_BYTES = 63
export const MAX_ROLE_BYTES = 63

/** What the fields of admin messages hold, by their names here. */
export interface AdminFieldValues {
  readonly user: string
  /** The new password, hashed. */
  readonly passwordHash: string
  readonly oldPasswordHash: string
  /** The password of a login, hashed. */
  readonly credential: string
  /** The password as it is, for an external authority. Only ever sent through TLS. */
  readonly clearPassword: string
  readonly sessionToken: Uint8Array
  /** Seconds. */
  readonly sessionTtl: number
  readonly roles: readonly string[]
  readonly role: string
  readonly privileges: readonly Privilege[]
  readonly whitelist: readonly string[]
  readonly readQuota: number
  readonly writeQuota: number
  readonly readInfo: readonly number[]
  readonly writeInfo: readonly number[]
  readonly connections: number
}

const PRIVILEGE_MEMBERS: readonly string[] = ['name', 'namespace', 'setName']

export type AdminFieldName = keyof AdminFieldValues

interface TextRow {
  readonly id: number
  readonly kind: 'text'
  readonly maxBytes: number
}
interface OtherRow {
  readonly id: number
  readonly kind: 'bytes' | 'u32' | 'names' | 'privileges' | 'list' | 'counters'
}

/** Id and form of each field. */
export const ADMIN_FIELDS: { readonly [name in AdminFieldName]: TextRow | OtherRow } = {
  user: { id: 0, kind: 'text', maxBytes: MAX_USER_BYTES },
  passwordHash: { id: 1, kind: 'text', maxBytes: 255 },
  oldPasswordHash: { id: 2, kind: 'text', maxBytes: 255 },
  credential: { id: 3, kind: 'text', maxBytes: 255 },
  clearPassword: { id: 4, kind: 'text', maxBytes: 65_535 },
  sessionToken: { id: 5, kind: 'bytes' },
  sessionTtl: { id: 6, kind: 'u32' },
  roles: { id: 10, kind: 'names' },
  role: { id: 11, kind: 'text', maxBytes: MAX_ROLE_BYTES },
  privileges: { id: 12, kind: 'privileges' },
  whitelist: { id: 13, kind: 'list' },
  readQuota: { id: 14, kind: 'u32' },
  writeQuota: { id: 15, kind: 'u32' },
  readInfo: { id: 16, kind: 'counters' },
  writeInfo: { id: 17, kind: 'counters' },
  connections: { id: 18, kind: 'u32' },
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ADMIN_FIELDS).map(([name, { id }]) => [id, name]),
)

const FIELD_HEADER_BYTES = 5

/**
 * Writes one field.
 *
 * @throws EncodeError when the value does not fit; it never repeats the value, which may be a secret.
 */
export function writeAdminField<Name extends AdminFieldName>(
  out: ByteWriter,
  name: Name,
  value: AdminFieldValues[Name],
): void {
  const row = ADMIN_FIELDS[name]
  const mark = out.reserve(FIELD_HEADER_BYTES)
  out.bytes[mark + 4] = row.id
  switch (row.kind) {
    case 'text':
      writeText(out, name, value as string, row.maxBytes)
      break
    case 'bytes':
      out.copy(value as Uint8Array)
      break
    case 'u32':
      writeU32(out, name, value as number)
      break
    case 'names':
      writeNames(out, name, value as readonly string[])
      break
    case 'privileges':
      writePrivileges(out, value as readonly Privilege[])
      break
    case 'list':
      writeList(out, name, value as readonly string[])
      break
    case 'counters':
      writeCount(out, name, value as readonly number[])
      for (const counter of value as readonly number[]) writeU32(out, name, counter)
      break
  }
  out.view.setUint32(mark, out.position - mark - 4)
}

/**
 * Reads `count` fields. Unknown ones are passed over; of one that comes twice the last counts.
 *
 * @throws DecodeError; its message holds no bytes of the message, which may be secrets.
 */
export function readAdminFields(body: ByteReader, count: number): Partial<AdminFieldValues> {
  const values: { [name: string]: unknown } = {}
  for (let index = 0; index < count; index++) {
    need(body, FIELD_HEADER_BYTES)
    const size = body.view.getUint32(body.position)
    if (size === 0 || size > body.remaining - 4) {
      throw new DecodeError(`admin field of ${size} bytes, ${body.remaining - 4} left`, body.position)
    }
    const id = body.bytes[body.position + 4] as number
    const end = body.position + 4 + size
    const name = NAMES.get(id) as AdminFieldName | undefined
    if (name !== undefined) {
      values[name] = readPayload(ByteReader.over(body.bytes, body.position + FIELD_HEADER_BYTES, end), name)
    }
    body.position = end
  }
  return values as Partial<AdminFieldValues>
}

function readPayload(payload: ByteReader, name: AdminFieldName): unknown {
  const value = readValue(payload, name)
  if (payload.remaining > 0) {
    throw new DecodeError(
      `${payload.remaining} bytes too many in the admin field '${name}'`,
      payload.position,
    )
  }
  return value
}

function readValue(payload: ByteReader, name: AdminFieldName): unknown {
  switch (ADMIN_FIELDS[name].kind) {
    case 'text':
      return payload.text(payload.remaining)
    case 'bytes':
      return payload.copy(payload.remaining)
    case 'u32':
      need(payload, 4)
      return payload.u32()
    case 'names':
      return readCounted(payload, readShortText)
    case 'privileges':
      return readCounted(payload, readPrivilege)
    case 'list':
      return payload
        .text(payload.remaining)
        .split(',')
        .filter((entry) => entry !== '')
    case 'counters':
      return readCounted(payload, (reader) => {
        need(reader, 4)
        return reader.u32()
      })
  }
}

/** Like `ByteReader.need`, whose error would show bytes. */
function need(body: ByteReader, count: number): void {
  if (body.remaining < count) {
    throw new DecodeError(
      `admin message ends: ${count} bytes expected, ${body.remaining} left`,
      body.position,
    )
  }
}

function readCounted<T>(payload: ByteReader, read: (payload: ByteReader) => T): T[] {
  need(payload, 1)
  const values: T[] = []
  for (let count = payload.u8(); count > 0; count--) values.push(read(payload))
  return values
}

function readShortText(payload: ByteReader): string {
  need(payload, 1)
  const length = payload.u8()
  need(payload, length)
  return payload.text(length)
}

function readPrivilege(payload: ByteReader): Privilege {
  need(payload, 1)
  const code = payload.u8()
  const name = privilegeName(code)
  if (code < FIRST_SCOPED_CODE) return { name }
  const namespace = readShortText(payload)
  const setName = readShortText(payload)
  return { name, ...(namespace !== '' && { namespace }), ...(setName !== '' && { setName }) }
}

/** Callers without types give anything; what it is may be a secret. */
function checkText(path: string, text: unknown): void {
  if (typeof text !== 'string') throw new EncodeError(path, 'not a text')
}

function writeText(out: ByteWriter, path: string, text: string, maxBytes: number): void {
  checkText(path, text)
  const start = out.position
  out.text(text)
  const length = out.position - start
  if (length === 0 || length > maxBytes) {
    throw new EncodeError(path, `${length} bytes, 1 to ${maxBytes} are possible`)
  }
}

function writeU32(out: ByteWriter, path: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new EncodeError(path, `${value} is not a whole number from 0 to 4294967295`)
  }
  out.u32(value)
}

function writeCount(out: ByteWriter, path: string, entries: readonly unknown[]): void {
  if (!Array.isArray(entries)) throw new EncodeError(path, 'not an array')
  const count = entries.length
  if (count > 0xff) throw new EncodeError(path, `${count} entries, at most 255 are possible`)
  out.u8(count)
}

function writeShortText(out: ByteWriter, path: string, text: string, maxBytes: number): void {
  checkText(path, text)
  const mark = out.reserve(1)
  out.text(text)
  const length = out.position - mark - 1
  if (length > maxBytes) throw new EncodeError(path, `${length} bytes, at most ${maxBytes} are possible`)
  out.bytes[mark] = length
}

function writeNames(out: ByteWriter, path: string, names: readonly string[]): void {
  writeCount(out, path, names)
  names.forEach((name, index) => {
    if (name === '') throw new EncodeError(`${path}[${index}]`, 'an empty name')
    writeShortText(out, `${path}[${index}]`, name, MAX_ROLE_BYTES)
  })
}

function writePrivileges(out: ByteWriter, privileges: readonly Privilege[]): void {
  writeCount(out, 'privileges', privileges)
  privileges.forEach((privilege, index) => {
    const path = `privileges[${index}]`
    checkScope(path, privilege)
    const { name, namespace = '', setName = '' } = privilege
    const row = privilegeCode(name)
    if (row === undefined) throw new EncodeError(path, `there is no privilege '${name}'`)
    if (!row.scoped && (namespace !== '' || setName !== '')) {
      throw new EncodeError(
        path,
        `'${name}' holds for the whole cluster and cannot be limited to a namespace`,
      )
    }
    if (setName !== '' && namespace === '') throw new EncodeError(path, 'a set needs its namespace')
    out.u8(row.code)
    if (row.code < FIRST_SCOPED_CODE) return
    writeShortText(out, `${path}.namespace`, namespace, MAX_NAMESPACE_BYTES)
    writeShortText(out, `${path}.setName`, setName, MAX_SET_BYTES)
  })
}

/** A scope that is misspelt or empty must not come to mean everything. */
function checkScope(path: string, privilege: Privilege): void {
  if (typeof privilege !== 'object' || privilege === null)
    throw new EncodeError(path, "not a privilege, such as { name: 'read', namespace: 'test' }")
  for (const [name, value] of Object.entries(privilege)) {
    if (!PRIVILEGE_MEMBERS.includes(name)) {
      throw new EncodeError(path, `'${name}' is none of ${PRIVILEGE_MEMBERS.join(', ')}`)
    }
    if (value === '') throw new EncodeError(`${path}.${name}`, 'empty; leave it out where there is no limit')
  }
}

function writeList(out: ByteWriter, path: string, entries: readonly string[]): void {
  if (!Array.isArray(entries)) throw new EncodeError(path, 'not an array')
  entries.forEach((entry, index) => {
    checkText(`${path}[${index}]`, entry)
    if (entry === '' || /[,\s]/.test(entry)) {
      throw new EncodeError(`${path}[${index}]`, 'not an address or a network like 10.0.0.0/8')
    }
  })
  out.text(entries.join(','))
}
