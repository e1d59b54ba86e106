import {
  type ByteReader,
  type ByteWriter,
  decodeAdminRequest,
  encodeAdminReply,
  encodeLoginReply,
  encodeRolesReply,
  encodeUsersReply,
  InvalidAdminRequestError,
} from '@aero/codec'
import { RESULT, type ResultCode } from '../result-code.ts'
import type { Guard } from '../security/guard.ts'

/** The only form of admin messages there is. */
const SCHEME = 0
/** Users or roles in one frame of an answer. */
const ENTRIES_PER_FRAME = 16

/** Answers a login or a command on users and roles. Without security all are refused, with the code in the place of the guard. */
export function answerAdmin(guard: Guard | ResultCode, body: ByteReader, out: ByteWriter): void {
  if (typeof guard === 'number') return encodeAdminReply(out, guard)
  if (body.remaining > 0 && body.bytes[body.position] !== SCHEME) {
    return encodeAdminReply(out, RESULT.schemeNotSupported)
  }
  try {
    answerRequest(guard, decodeAdminRequest(body), out)
  } catch (error) {
    if (!(error instanceof InvalidAdminRequestError)) throw error
    encodeAdminReply(out, error.resultCode)
  }
}

function answerRequest(guard: Guard, request: ReturnType<typeof decodeAdminRequest>, out: ByteWriter): void {
  if (request.command === 'login') return encodeLoginReply(out, guard.login(request))
  if (request.command === 'authenticate') return encodeAdminReply(out, guard.authenticate(request))
  const code = guard.checkAdministration(request)
  if (code !== RESULT.ok) return encodeAdminReply(out, code)
  switch (request.command) {
    case 'queryUsers': {
      const missing = request.user === undefined ? undefined : RESULT.invalidUser
      return answerQuery(guard.users(request.user), missing, encodeUsersReply, out)
    }
    case 'queryRoles': {
      const missing = request.role === undefined ? undefined : RESULT.invalidRole
      return answerQuery(guard.roles(request.role), missing, encodeRolesReply, out)
    }
    default:
      return encodeAdminReply(out, guard.change(request))
  }
}

/** All entries, some to a frame, then the message that ends the answer. `missing`: what it says when one was asked for in vain. */
function answerQuery<Entry>(
  entries: readonly Entry[],
  missing: number | undefined,
  encode: (out: ByteWriter, reply: { entries: readonly Entry[]; end: number | undefined }) => void,
  out: ByteWriter,
): void {
  if (entries.length === 0 && missing !== undefined) return encodeAdminReply(out, missing)
  for (let start = 0; start < entries.length; start += ENTRIES_PER_FRAME) {
    encode(out, { entries: entries.slice(start, start + ENTRIES_PER_FRAME), end: undefined })
  }
  encode(out, { entries: [], end: RESULT.queryEnd })
}
