import type { Endpoint } from '@aero/transport'

/** Something about the cluster rather than about one command. Every error of this package is one. */
export class TendError extends Error {
  override readonly name: string = 'TendError'
}

/** Why a node was not taken into the cluster. */
export type RefusalReason =
  | 'wrong-cluster'
  | 'wrong-name'
  | 'not-ready'
  | 'too-old'
  | 'unrelated'
  | 'unreadable-answer'

/** A node answered, and is not one of ours, or not yet. */
export class NodeRefusedError extends TendError {
  override readonly name: string = 'NodeRefusedError'
  readonly reason: RefusalReason
  readonly endpoint: Endpoint

  constructor(reason: RefusalReason, endpoint: Endpoint, message: string, options?: ErrorOptions) {
    super(`${endpoint}: ${message}`, options)
    this.reason = reason
    this.endpoint = endpoint
  }
}

/** One address that was tried in vain. */
export interface AddressFailure {
  /** `host:port`; a host that could not be resolved is named as it was given. */
  readonly address: string
  readonly cause: Error
}

/** No node of the cluster could be reached. Nothing is left open. */
export class ClusterUnreachableError extends TendError {
  override readonly name: string = 'ClusterUnreachableError'
  /** One entry for each address that was tried, in the order in which they failed. */
  readonly failures: readonly AddressFailure[]

  constructor(summary: string, failures: readonly AddressFailure[]) {
    const lines = failures.map(({ address, cause }) => `\n  ${describe(address, cause)}`)
    super(`${summary}${lines.length > 0 ? `:${lines.join('')}` : ''}`, { cause: failures[0]?.cause })
    this.failures = failures
  }
}

function describe(address: string, cause: Error): string {
  return cause.message.includes(address) ? cause.message : `${address}: ${cause.message}`
}
