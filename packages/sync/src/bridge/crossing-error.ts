import { AbortError, AerospikeError, type AttemptReport, errorFromCode } from '@aero/async'

/** An error as plain data, fit to cross from one thread to the other. */
export interface CrossingError {
  readonly name: string
  readonly message: string
  /** Absent for errors that callers recognise by their class: theirs is made anew. */
  readonly stack?: string | undefined
  readonly code?: number | undefined
  readonly inDoubt?: boolean | undefined
  readonly node?: string | undefined
  readonly attempts?: readonly AttemptReport[] | undefined
  readonly subcode?: number | undefined
  readonly cause?: CrossingError | undefined
}

/** Causes of causes are told up to this depth. */
const DEEPEST = 5

/** What can be told of `error` in another thread. */
export function describeError(error: unknown, depth = 0): CrossingError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message } = error
  const cause =
    error.cause === undefined || depth === DEEPEST ? undefined : describeError(error.cause, depth + 1)
  if (!AerospikeError.is(error)) return { name, message, stack: error.stack, cause }
  const { code, inDoubt, node, attempts, subcode } = error
  return { name, message, code, inDoubt, node, attempts, subcode, cause }
}

/** The error again, in this thread: of the same class where it is one of the SDK's, with the stack of whoever is calling. */
export function reviveError(crossing: CrossingError): Error {
  const { name, message, code, inDoubt, node, attempts, subcode } = crossing
  const cause = crossing.cause === undefined ? undefined : reviveError(crossing.cause)
  if (code !== undefined) {
    const details = { inDoubt, node, attempts, subcode, cause }
    if (name === 'AbortError') return new AbortError(message, code, details)
    const Class = errorFromCode(code).constructor as typeof AerospikeError
    return new Class(message, code, details)
  }
  const error = new Error(message, cause === undefined ? undefined : { cause })
  error.name = name
  if (crossing.stack !== undefined) error.stack = crossing.stack
  return error
}
