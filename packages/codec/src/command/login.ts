import { DecodeError } from '../errors.ts'
import { beginFrame, endFrame } from '../frame/frame-header.ts'
import { FRAME_TYPE } from '../frame/frame-type.ts'
import { ADMIN_COMMAND } from '../message/admin-command.ts'
import { readAdminMessage, writeAdminMessage } from '../message/admin-message.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'

/*
 * login         :=  user, credential                     the server keeps the user: the hashed password
 *                |  user, credential, clearPassword      another authority does: the password too, only ever through TLS
 *                |  (nothing)                            the client's certificate says who it is
 * reply         :=  sessionToken, sessionTtl
 *
 * authenticate  :=  [ user ]   sessionToken              no user where a certificate says who it is
 * reply         :=  result code
 *
 * Source: recorded logins of the official client; the form without fields from its public source.
 */

/** Opens a session. */
export interface LoginRequest {
  readonly command: 'login'
  readonly user?: string
  /** The password, hashed. */
  readonly credential?: string
  readonly clearPassword?: string
}

/** Uses a session on another connection. */
export interface AuthenticateRequest {
  readonly command: 'authenticate'
  readonly user?: string
  readonly sessionToken: Uint8Array
}

/** What a login is answered with. */
export interface LoginReply {
  /** 0, and otherwise there is no session. */
  readonly resultCode: number
  readonly sessionToken: Uint8Array | undefined
  /** Seconds until the token expires; `undefined` when the server does not say. */
  readonly sessionTtl: number | undefined
}

/**
 * Appends a whole login or authenticate request to `out`.
 *
 * @throws EncodeError naming the field that does not fit, never its content
 */
export function encodeLoginRequest(out: ByteWriter, request: LoginRequest | AuthenticateRequest): void {
  const frame = beginFrame(out, FRAME_TYPE.admin)
  if (request.command === 'login') {
    const { user, credential, clearPassword } = request
    writeAdminMessage(out, 0, ADMIN_COMMAND.login, { user, credential, clearPassword })
  } else {
    const { user, sessionToken } = request
    writeAdminMessage(out, 0, ADMIN_COMMAND.authenticate, { user, sessionToken })
  }
  endFrame(out, frame)
}

/** Appends a whole reply to a login. */
export function encodeLoginReply(out: ByteWriter, reply: LoginReply): void {
  const { resultCode, sessionToken, sessionTtl } = reply
  const frame = beginFrame(out, FRAME_TYPE.admin)
  writeAdminMessage(out, resultCode, 0, { sessionToken, sessionTtl })
  endFrame(out, frame)
}

/**
 * Reads the body of a reply to a login.
 *
 * @throws DecodeError when it is none, or says that it succeeded and brings no token
 */
export function decodeLoginReply(body: ByteReader): LoginReply {
  const start = body.position
  const { resultCode, fields } = readAdminMessage(body)
  const { sessionToken, sessionTtl } = fields
  if (resultCode === 0 && (sessionToken === undefined || sessionToken.length === 0)) {
    throw new DecodeError('the answer to the login brings no session token', start)
  }
  return { resultCode, sessionToken, sessionTtl }
}
