import { type Key, RESULT_CODE, type ResultCodeKind, resultCodeRow } from '@aero/codec'

/** One try of a command, as an error tells of it. */
export interface AttemptReport {
  /** Name and address of the node, `undefined` when none could be chosen. */
  readonly node: string | undefined
  /** What ended it: `timeout`, `closed`, `connect`, a server's result code by name, … */
  readonly outcome: string
  /** Milliseconds it took. */
  readonly elapsedMs: number
}

/** What an {@link AerospikeError} can carry beside its code. */
export interface ErrorDetails {
  readonly key?: Key | undefined
  readonly inDoubt?: boolean | undefined
  readonly node?: string | undefined
  readonly attempts?: readonly AttemptReport[] | undefined
  readonly subcode?: number | undefined
  readonly cause?: unknown
  /** Put in front of the code's own sentence. */
  readonly message?: string | undefined
}

const BRAND: unique symbol = Symbol.for('aero.AerospikeError')

/**
 * What every failed command throws. Recognise it by class, by `code`, or with {@link AerospikeError.is} where two copies of
 * the package may meet.
 */
export class AerospikeError extends Error {
  override readonly name: string = 'AerospikeError'
  /** The server's result code, or a negative code of the client's own. */
  readonly code: number
  /** The code's name, for instance `KEY_NOT_FOUND_ERROR`. */
  readonly codeName: string
  /** The write may have been applied although an error is reported. Read before repeating it. */
  readonly inDoubt: boolean
  /** Trying the same command again may succeed. */
  readonly retryable: boolean
  /** The key of the record, when the command had one. */
  readonly key: Key | undefined
  /** The node of the last attempt: name and address. */
  readonly node: string | undefined
  /** All attempts, oldest first. */
  readonly attempts: readonly AttemptReport[]
  /** The server's finer reason, from servers that send one. */
  readonly subcode: number | undefined

  constructor(message: string, code: number = RESULT_CODE.CLIENT_ERROR, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    const row = resultCodeRow(code)
    this.code = code
    this.codeName = row.name
    this.retryable = row.retryable
    this.inDoubt = details.inDoubt ?? false
    this.key = details.key
    this.node = details.node
    this.attempts = details.attempts ?? []
    this.subcode = details.subcode
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** Whether `error` comes from any copy of this package. */
  static is(error: unknown): error is AerospikeError {
    return typeof error === 'object' && error !== null && BRAND in error
  }

  /** The error for a result code, of the class that stands for it. */
  static fromCode(code: number, details: ErrorDetails = {}): AerospikeError {
    return errorFromCode(code, details)
  }
}

/** There is no record with this key. */
export class RecordNotFoundError extends AerospikeError {
  override readonly name: string = 'RecordNotFoundError'
}

/** There is a record with this key already. */
export class RecordExistsError extends AerospikeError {
  override readonly name: string = 'RecordExistsError'
}

/** The record has another generation than the one required. */
export class GenerationError extends AerospikeError {
  override readonly name: string = 'GenerationError'
}

/** The record was filtered out. */
export class FilteredError extends AerospikeError {
  override readonly name: string = 'FilteredError'
}

/** The record would be larger than the server takes. */
export class RecordTooBigError extends AerospikeError {
  override readonly name: string = 'RecordTooBigError'
}

/** Something about a bin. */
export class BinError extends AerospikeError {
  override readonly name: string = 'BinError'
}

/** The bin exists already. */
export class BinExistsError extends BinError {
  override readonly name: string = 'BinExistsError'
}

/** There is no such bin. */
export class BinNotFoundError extends BinError {
  override readonly name: string = 'BinNotFoundError'
}

/** The bin holds another type than the operation needs. */
export class BinTypeError extends BinError {
  override readonly name: string = 'BinTypeError'
}

/** The operation cannot be applied to what the bin holds. */
export class BinOpInvalidError extends BinError {
  override readonly name: string = 'BinOpInvalidError'
}

/** Something about an element of a collection. */
export class ElementError extends AerospikeError {
  override readonly name: string = 'ElementError'
}

/** There is no such element. */
export class ElementNotFoundError extends ElementError {
  override readonly name: string = 'ElementNotFoundError'
}

/** The element exists already. */
export class ElementExistsError extends ElementError {
  override readonly name: string = 'ElementExistsError'
}

/** A transaction could not go on. */
export class TransactionError extends AerospikeError {
  override readonly name: string = 'TransactionError'
}

/** A transaction could not be committed. */
export class CommitError extends TransactionError {
  override readonly name: string = 'CommitError'
}

/** Security forbids it, or is not what was expected. */
export class SecurityError extends AerospikeError {
  override readonly name: string = 'SecurityError'
}

/** Who is asking could not be established. */
export class AuthenticationError extends SecurityError {
  override readonly name: string = 'AuthenticationError'
}

/** Who is asking may not do this. */
export class AuthorizationError extends SecurityError {
  override readonly name: string = 'AuthorizationError'
}

/** A quota is exceeded or not available. */
export class QuotaError extends SecurityError {
  override readonly name: string = 'QuotaError'
}

/** A limit of the server or of this client is reached for the moment. */
export class CapacityError extends AerospikeError {
  override readonly name: string = 'CapacityError'
}

/** Too many commands on one record at once. */
export class KeyBusyError extends CapacityError {
  override readonly name: string = 'KeyBusyError'
}

/** A node could not be reached, or the connection was lost. */
export class ConnectionError extends CapacityError {
  override readonly name: string = 'ConnectionError'
}

/** Something about a secondary index. */
export class IndexError extends AerospikeError {
  override readonly name: string = 'IndexError'
}

/** A query failed. */
export class QueryError extends AerospikeError {
  override readonly name: string = 'QueryError'
}

/** A query was ended before its time. */
export class QueryTerminatedError extends QueryError {
  override readonly name: string = 'QueryTerminatedError'
}

/** What became of one key of a batch, as far as a {@link BatchError} tells: a row. */
export interface BatchOutcome {
  readonly ok: boolean
  readonly key: Key
  readonly index: number
  readonly code: number
}

/** A batch failed as a whole, or some of its rows failed and the caller wanted to be told by a throw. */
export class BatchError extends AerospikeError {
  override readonly name: string = 'BatchError'
  /** All rows, in the order of the keys, those that succeeded too; empty when the server refused the batch as a whole. */
  readonly rows: readonly BatchOutcome[]

  constructor(message: string, code: number, details: ErrorDetails, rows: readonly BatchOutcome[] = []) {
    super(message, code, details)
    this.rows = rows
  }
}

/** A function on the server failed. */
export class UdfError extends AerospikeError {
  override readonly name: string = 'UdfError'
}

/** The time allowed ran out. */
export class TimeoutError extends AerospikeError {
  override readonly name: string = 'TimeoutError'
}

/** The cluster has no such namespace. */
export class InvalidNamespaceError extends AerospikeError {
  override readonly name: string = 'InvalidNamespaceError'
}

/** No node could be chosen for the request. */
export class InvalidNodeError extends AerospikeError {
  override readonly name: string = 'InvalidNodeError'
}

/** A value cannot be stored; nothing was sent. */
export class SerializeError extends AerospikeError {
  override readonly name: string = 'SerializeError'
}

/** An answer broke the protocol. */
export class ParseError extends AerospikeError {
  override readonly name: string = 'ParseError'
}

/** The node gets no requests for the moment, after too many errors. */
export class BackoffError extends AerospikeError {
  override readonly name: string = 'BackoffError'
}

/** The caller's AbortSignal ended the command; `cause` is the signal's reason. */
export class AbortError extends AerospikeError {
  override readonly name: string = 'AbortError'
}

type ErrorClass = new (message: string, code: number, details: ErrorDetails) => AerospikeError

/** One class for each kind of the result-code table. */
const CLASS_OF_KIND: { readonly [kind in ResultCodeKind]: ErrorClass } = {
  Ok: AerospikeError,
  Aerospike: AerospikeError,
  RecordNotFound: RecordNotFoundError,
  RecordExists: RecordExistsError,
  Generation: GenerationError,
  Filtered: FilteredError,
  RecordTooBig: RecordTooBigError,
  Bin: BinError,
  BinExists: BinExistsError,
  BinNotFound: BinNotFoundError,
  BinType: BinTypeError,
  BinOpInvalid: BinOpInvalidError,
  ElementNotFound: ElementNotFoundError,
  ElementExists: ElementExistsError,
  Transaction: TransactionError,
  Commit: CommitError,
  Security: SecurityError,
  Authentication: AuthenticationError,
  Authorization: AuthorizationError,
  Quota: QuotaError,
  Capacity: CapacityError,
  KeyBusy: KeyBusyError,
  Connection: ConnectionError,
  Index: IndexError,
  Query: QueryError,
  QueryTerminated: QueryTerminatedError,
  Batch: BatchError,
  Udf: UdfError,
  Timeout: TimeoutError,
  InvalidNamespace: InvalidNamespaceError,
  InvalidNode: InvalidNodeError,
  Serialize: SerializeError,
  Parse: ParseError,
  Backoff: BackoffError,
}

/** The message for a result code: its name, where or what, and its sentence. */
export function resultMessage(code: number, where: string): string {
  const row = resultCodeRow(code)
  // What was underneath may have said it.
  if (where.endsWith(row.sentence)) return `${row.name} (${code}): ${where}`
  return `${row.name} (${code})${where === '' ? '' : `: ${where}`}. ${row.sentence}`
}

/** The error for a result code: of the class that stands for the code's kind, its sentence, and what `details` adds. */
export function errorFromCode(code: number, details: ErrorDetails = {}): AerospikeError {
  const row = resultCodeRow(code)
  const where = details.message ?? (details.key === undefined ? '' : details.key.toString())
  return new CLASS_OF_KIND[row.kind](resultMessage(code, where), code, details)
}
