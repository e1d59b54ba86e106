import {
  AbortError,
  AerospikeError,
  type AttemptReport,
  EncodeError,
  errorFromCode,
  UsageError,
} from '@aero/async'

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
  /** Of an EncodeError. */
  readonly path?: string | undefined
  readonly cause?: CrossingError | undefined
}

type MistakeClass = new (message: string, options?: ErrorOptions) => Error

/** What a caller has said wrong: of the same class again, with the stack of whoever is calling. */
const MISTAKES: ReadonlyMap<string, MistakeClass> = new Map<string, MistakeClass>([
  ['UsageError', UsageError],
  ['TypeError', TypeError],
  ['RangeError', RangeError],
])

/** Causes of causes are told up to this depth. */
const DEEPEST = 5

/** What can be told of `error` in another thread. */
export function describeError(error: unknown, depth = 0): CrossingError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message } = error
  const cause =
    error.cause === undefined || depth === DEEPEST ? undefined : describeError(error.cause, depth + 1)
  if (error instanceof EncodeError) return { name, message: error.reason, path: error.path, cause }
  if (MISTAKES.has(name)) return { name, message, cause }
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
  if (crossing.path !== undefined) return new EncodeError(crossing.path, message)
  const error = new (MISTAKES.get(name) ?? Error)(message, cause === undefined ? undefined : { cause })
  if (error.name !== name) error.name = name
  if (crossing.stack !== undefined) error.stack = crossing.stack
  return error
}
