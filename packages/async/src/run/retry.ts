/** What is known when an attempt has failed. */
export interface RetryInput {
  /** Attempts made so far, this one included. */
  readonly attempts: number
  readonly maxRetries: number
  readonly retryDelayMs: number
  /** Another attempt could end otherwise: a lost connection, a timeout, an overloaded node. */
  readonly retryable: boolean
  /** Clock reading now, and the one at which the command ends. */
  readonly now: number
  readonly deadline: number
}

/** Milliseconds to wait before the next attempt, or `undefined` to give up. Pure. */
export function delayBeforeRetry(input: RetryInput): number | undefined {
  if (!input.retryable || input.attempts > input.maxRetries) return undefined
  if (input.now + input.retryDelayMs >= input.deadline) return undefined
  return input.retryDelayMs
}

/**
 * Whether a write that failed may have been applied: it was sent more than once, or once and ended in a timeout or an error
 * of the client's. Source: as_error.h of the C client.
 */
export function isInDoubt(isRead: boolean, timesSent: number, code: number, serverTimeout: number): boolean {
  if (isRead) return false
  return timesSent > 1 || (timesSent === 1 && (code === serverTimeout || code <= 0))
}
