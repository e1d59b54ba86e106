import { DecodeError, EncodeError } from '../errors.ts'
import { beginFrame, endFrame } from '../frame/frame-header.ts'
import { FRAME_TYPE } from '../frame/frame-type.ts'
import { ADMIN_COMMAND, type AdminCommandName, adminCommandName } from '../message/admin-command.ts'
import type { AdminFieldName, AdminFieldValues } from '../message/admin-fields.ts'
import { readAdminMessage, writeAdminMessage } from '../message/admin-message.ts'
import type { Privilege } from '../message/privilege.ts'
import { RESULT_CODE } from '../message/result-code.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import type { AuthenticateRequest, LoginRequest } from './login.ts'

/*
 * request        :=  frame header (type admin)   admin message
 * reply          :=  frame header (type admin)   admin message without fields
 * reply to query :=  *( frame header (type admin)   *admin message )
 *                    one message for each user or role; the one with result code 50 (query end) is the last, alone in its frame
 *                    or behind the others; so is one with any other code, which is an error
 *
 * Which fields a command has, and in which order, is in the table SHAPES below.
 */

/** A change to users and roles, or a question about them. Passwords are hashed before they come here. */
export type AdminRequest =
  | {
      readonly command: 'createUser'
      readonly user: string
      readonly passwordHash: string
      readonly roles: readonly string[]
    }
  | { readonly command: 'dropUser'; readonly user: string }
  | { readonly command: 'setPassword'; readonly user: string; readonly passwordHash: string }
  | {
      readonly command: 'changePassword'
      readonly user: string
      readonly oldPasswordHash: string
      readonly passwordHash: string
    }
  | {
      readonly command: 'grantRoles' | 'revokeRoles'
      readonly user: string
      readonly roles: readonly string[]
    }
  /** Of one user, or of all. */
  | { readonly command: 'queryUsers'; readonly user?: string }
  | {
      readonly command: 'createRole'
      readonly role: string
      readonly privileges?: readonly Privilege[]
      /** Addresses and networks to which the role is limited. */
      readonly whitelist?: readonly string[]
      /** Records per second; none or 0: no limit. */
      readonly readQuota?: number
      readonly writeQuota?: number
    }
  | { readonly command: 'dropRole'; readonly role: string }
  | {
      readonly command: 'grantPrivileges' | 'revokePrivileges'
      readonly role: string
      readonly privileges: readonly Privilege[]
    }
  /** Without addresses: no limit. */
  | { readonly command: 'setWhitelist'; readonly role: string; readonly whitelist?: readonly string[] }
  | {
      readonly command: 'setQuotas'
      readonly role: string
      readonly readQuota: number
      readonly writeQuota: number
    }
  /** Of one role, or of all. */
  | { readonly command: 'queryRoles'; readonly role?: string }

/** What a user does at the moment, by way of reads or of writes. */
export interface UserActivity {
  /** Records per second allowed; 0: no limit. */
  readonly quota: number
  /** Single records per second. */
  readonly singleRecordRate: number
  /** Records per second by scans and queries with a limit. */
  readonly queryRate: number
  /** Scans and queries without a limit. */
  readonly unlimitedQueries: number
}

/** A user as the server knows it. */
export interface User {
  readonly name: string
  readonly roles: readonly string[]
  /** Connections open now. */
  readonly connections: number
  readonly reads: UserActivity
  readonly writes: UserActivity
}

/** A role as the server knows it. */
export interface Role {
  readonly name: string
  readonly privileges: readonly Privilege[]
  /** Addresses and networks it is limited to; empty: none. */
  readonly whitelist: readonly string[]
  /** Records per second; 0: no limit. */
  readonly readQuota: number
  readonly writeQuota: number
}

/** One frame of the answer to a query. */
export interface AdminQueryReply<T> {
  readonly entries: readonly T[]
  /** The code of the message that ended the answer, 50 when all went well; `undefined` when more frames follow. */
  readonly end: number | undefined
}

/** A field that is left out when it is empty or 0, or may be left out. */
const MAYBE = true
const ALWAYS = false
type Shape = readonly (readonly [field: AdminFieldName, optional: boolean])[]

const SHAPES: { readonly [command in AdminCommandName]: Shape } = {
  authenticate: [
    ['user', MAYBE],
    ['sessionToken', ALWAYS],
  ],
  createUser: [
    ['user', ALWAYS],
    ['passwordHash', ALWAYS],
    ['roles', ALWAYS],
  ],
  dropUser: [['user', ALWAYS]],
  setPassword: [
    ['user', ALWAYS],
    ['passwordHash', ALWAYS],
  ],
  changePassword: [
    ['user', ALWAYS],
    ['oldPasswordHash', ALWAYS],
    ['passwordHash', ALWAYS],
  ],
  grantRoles: [
    ['user', ALWAYS],
    ['roles', ALWAYS],
  ],
  revokeRoles: [
    ['user', ALWAYS],
    ['roles', ALWAYS],
  ],
  queryUsers: [['user', MAYBE]],
  createRole: [
    ['role', ALWAYS],
    ['privileges', MAYBE],
    ['whitelist', MAYBE],
    ['readQuota', MAYBE],
    ['writeQuota', MAYBE],
  ],
  dropRole: [['role', ALWAYS]],
  grantPrivileges: [
    ['role', ALWAYS],
    ['privileges', ALWAYS],
  ],
  revokePrivileges: [
    ['role', ALWAYS],
    ['privileges', ALWAYS],
  ],
  setWhitelist: [
    ['role', ALWAYS],
    ['whitelist', MAYBE],
  ],
  setQuotas: [
    ['role', ALWAYS],
    ['readQuota', ALWAYS],
    ['writeQuota', ALWAYS],
  ],
  queryRoles: [['role', MAYBE]],
  login: [
    ['user', MAYBE],
    ['credential', MAYBE],
    ['clearPassword', MAYBE],
  ],
}

/** An admin request that cannot be understood. A server answers it with `resultCode`. */
export class InvalidAdminRequestError extends DecodeError {
  override readonly name: string = 'InvalidAdminRequestError'
  readonly resultCode: number

  constructor(message: string, offset: number, resultCode: number) {
    super(message, offset)
    this.resultCode = resultCode
  }
}

/**
 * Appends a whole admin request to `out`. Logging in has a function of its own: `encodeLoginRequest`.
 *
 * @throws EncodeError naming the field that does not fit, never its content
 */
export function encodeAdminRequest(out: ByteWriter, request: AdminRequest): void {
  const given = request as unknown as { readonly [name: string]: unknown }
  const values: { [name: string]: unknown } = {}
  for (const [field, optional] of SHAPES[request.command]) {
    const value = given[field]
    if (optional && isNothing(value)) continue
    if (value === undefined) throw new EncodeError(field, 'is missing')
    values[field] = value
  }
  const frame = beginFrame(out, FRAME_TYPE.admin)
  writeAdminMessage(out, 0, ADMIN_COMMAND[request.command], values)
  endFrame(out, frame)
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === 0 || (Array.isArray(value) && value.length === 0)
}

/**
 * Reads the body of any admin request, those for logging in included. For servers. Fields that the command does not have are
 * passed over.
 *
 * @throws InvalidAdminRequestError when the command is unknown or a field is missing or malformed
 */
export function decodeAdminRequest(body: ByteReader): AdminRequest | LoginRequest | AuthenticateRequest {
  const start = body.position
  const { command: code, fields } = wellFormed(body)
  const command = adminCommandName(code)
  if (command === undefined) {
    throw new InvalidAdminRequestError(`no admin command ${code}`, start, RESULT_CODE.INVALID_COMMAND)
  }
  const request: { [name: string]: unknown } = { command }
  for (const [field, optional] of SHAPES[command]) {
    const value = fields[field]
    if (value !== undefined) request[field] = value
    else if (!optional) {
      throw new InvalidAdminRequestError(`'${command}' without '${field}'`, start, RESULT_CODE.INVALID_FIELD)
    }
  }
  return request as unknown as AdminRequest | LoginRequest | AuthenticateRequest
}

function wellFormed(body: ByteReader): ReturnType<typeof readAdminMessage> {
  try {
    const message = readAdminMessage(body)
    if (body.remaining === 0) return message
    throw new DecodeError(`${body.remaining} bytes behind the last field`, body.position)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw new InvalidAdminRequestError(error.message, error.offset, RESULT_CODE.INVALID_FIELD)
  }
}

/** Appends a whole reply that only says how it went. */
export function encodeAdminReply(out: ByteWriter, resultCode: number): void {
  const frame = beginFrame(out, FRAME_TYPE.admin)
  writeAdminMessage(out, resultCode, 0, {})
  endFrame(out, frame)
}

/**
 * Reads how it went: the result code of the first message.
 *
 * @throws DecodeError when it is not an admin message
 */
export function decodeAdminReply(body: ByteReader): number {
  return readAdminMessage(body).resultCode
}

/** Appends one frame of the answer to a query for users; the last one has an `end`. */
export function encodeUsersReply(out: ByteWriter, { entries, end }: AdminQueryReply<User>): void {
  const messages = entries.map(({ name, roles, reads, writes, connections }) => ({
    user: name,
    roles,
    readInfo: counters(reads),
    writeInfo: counters(writes),
    connections,
  }))
  encodeQueryReply(out, messages, end)
}

/**
 * Reads one frame of the answer to a query for users.
 *
 * @throws DecodeError
 */
export function decodeUsersReply(body: ByteReader): AdminQueryReply<User> {
  return decodeQueryReply(body, ({ user = '', roles = [], readInfo, writeInfo, connections = 0 }) => {
    if (user === '') return undefined
    return { name: user, roles, connections, reads: activity(readInfo), writes: activity(writeInfo) }
  })
}

/** Appends one frame of the answer to a query for roles; the last one has an `end`. */
export function encodeRolesReply(out: ByteWriter, { entries, end }: AdminQueryReply<Role>): void {
  const messages = entries.map(({ name, privileges, whitelist, readQuota, writeQuota }) => ({
    role: name,
    privileges,
    whitelist: whitelist.length === 0 ? undefined : whitelist,
    readQuota,
    writeQuota,
  }))
  encodeQueryReply(out, messages, end)
}

/**
 * Reads one frame of the answer to a query for roles.
 *
 * @throws DecodeError
 */
export function decodeRolesReply(body: ByteReader): AdminQueryReply<Role> {
  return decodeQueryReply(
    body,
    ({ role = '', privileges = [], whitelist = [], readQuota = 0, writeQuota = 0 }) =>
      role === '' ? undefined : { name: role, privileges, whitelist, readQuota, writeQuota },
  )
}

function encodeQueryReply(
  out: ByteWriter,
  messages: readonly Parameters<typeof writeAdminMessage>[3][],
  end: number | undefined,
): void {
  const frame = beginFrame(out, FRAME_TYPE.admin)
  for (const message of messages) writeAdminMessage(out, 0, 0, message)
  if (end !== undefined) writeAdminMessage(out, end, 0, {})
  endFrame(out, frame)
}

function decodeQueryReply<T>(
  body: ByteReader,
  read: (fields: Partial<AdminFieldValues>) => T | undefined,
): AdminQueryReply<T> {
  const entries: T[] = []
  while (body.remaining > 0) {
    const { resultCode, fields } = readAdminMessage(body)
    if (resultCode !== 0) return { entries, end: resultCode }
    const entry = read(fields)
    if (entry !== undefined) entries.push(entry)
  }
  return { entries, end: undefined }
}

function counters(activityNow: UserActivity): number[] {
  const { quota, singleRecordRate, queryRate, unlimitedQueries } = activityNow
  return [quota, singleRecordRate, queryRate, unlimitedQueries]
}

/** Servers without quotas send none; newer ones may send more. */
function activity([
  quota = 0,
  singleRecordRate = 0,
  queryRate = 0,
  unlimitedQueries = 0,
]: readonly number[] = []): UserActivity {
  return { quota, singleRecordRate, queryRate, unlimitedQueries }
}
