import { resultCodeRow } from '@aero/codec'
import type { Endpoint } from './endpoint.ts'

/** Base of what the promises of `@aero/transport` reject with. */
export class TransportError extends Error {
  override readonly name: string = 'TransportError'
  /** The other end. */
  readonly endpoint: Endpoint

  constructor(message: string, endpoint: Endpoint, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.endpoint = endpoint
  }
}

/** No connection could be opened; `cause` says why. */
export class ConnectFailedError extends TransportError {
  override readonly name: string = 'ConnectFailedError'

  constructor(endpoint: Endpoint, reason: string, cause?: unknown) {
    super(`cannot connect to ${endpoint}: ${reason}`, endpoint, cause)
  }
}

/** Why no TLS connection came about. */
export type TlsFailure =
  /** The server's certificate, or that of the authority which signed it, is not trusted here. */
  | 'untrusted'
  /** The certificate is that of somebody else. */
  | 'wrong-name'
  | 'expired'
  | 'not-yet-valid'
  /** The certificate, or one above it, is in the list of revoked ones. */
  | 'revoked'
  /** The other end does not speak TLS. */
  | 'plain-server'
  /** This end does not speak TLS, the other one does. */
  | 'tls-server'
  /** The other end refused: the client's certificate, or what protocols and ciphers are offered. */
  | 'refused'
  /** The other end closed the connection during the handshake. */
  | 'closed'
  | 'other'

/** No TLS connection: the handshake failed, or only one of the two ends speaks TLS. */
export class TlsFailedError extends ConnectFailedError {
  override readonly name: string = 'TlsFailedError'
  readonly failure: TlsFailure

  constructor(endpoint: Endpoint, failure: TlsFailure, reason: string, cause?: unknown) {
    super(endpoint, reason, cause)
    this.failure = failure
  }
}

/** TLS cannot be used as it was configured: a file is missing, a key does not fit, … Nothing was opened. */
export class TlsOptionsError extends Error {
  override readonly name: string = 'TlsOptionsError'
  /** The option that cannot be used. */
  readonly option: string

  constructor(option: string, reason: string, cause?: unknown) {
    super(`${option}: ${reason}`, cause === undefined ? undefined : { cause })
    this.option = option
  }
}

/** The server did not let us in. */
export class LoginFailedError extends ConnectFailedError {
  override readonly name: string = 'LoginFailedError'
  /** The server's result code; `undefined` when its answer was none. */
  readonly resultCode: number | undefined

  constructor(endpoint: Endpoint, resultCode: number | undefined, reason?: string) {
    super(endpoint, reason ?? describeRefusal(resultCode))
    this.resultCode = resultCode
  }
}

function describeRefusal(resultCode: number | undefined): string {
  if (resultCode === undefined) return 'the login failed'
  const { name, sentence } = resultCodeRow(resultCode)
  return `the login was refused with ${name} (${resultCode}). ${sentence}`
}

/** These credentials cannot be used with these connections. Nothing was opened or sent. */
export class CredentialsError extends Error {
  override readonly name: string = 'CredentialsError'
}

/** A connection ended while an answer was awaited, or its owner was closed. */
export class ConnectionClosedError extends TransportError {
  override readonly name: string = 'ConnectionClosedError'

  constructor(endpoint: Endpoint, reason: string, cause?: unknown) {
    super(`connection to ${endpoint} closed: ${reason}`, endpoint, cause)
  }
}

/** No answer within the time allowed. */
export class DeadlineExceededError extends TransportError {
  override readonly name: string = 'DeadlineExceededError'
}
