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
