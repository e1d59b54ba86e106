import { type Bins, type BinValue, type Key, RESULT_CODE, type Record } from '@aero/codec'
import { type AerospikeError, errorFromCode } from '../errors.ts'
import { HllConfig } from '../plan/hll-config.ts'

/** The outcome for one key that succeeded. */
export class OkRow<B> {
  readonly ok = true as const
  readonly key: Key
  /** Position of the key among those asked for; -1 in queries. */
  readonly index: number
  /** What was read; `undefined` when the command reads nothing. */
  readonly record: Record<B> | undefined
  readonly code = 0

  constructor(key: Key, index: number, record: Record<B> | undefined) {
    this.key = key
    this.index = index
    this.record = record
  }

  /** What a function returned; `undefined` when it returned nothing, and for everything but `executeUdf`. */
  get udfResult(): BinValue | undefined {
    return undefined
  }

  /** This row, or the row's error thrown. */
  orThrow(): OkRow<B> {
    return this
  }

  /** The record. @throws TypeError when the command reads nothing. */
  recordOrThrow(): Record<B> {
    if (this.record === undefined)
      throw new TypeError(`${this.key}: the command succeeded but read no record`)
    return this.record
  }

  /** `true`: for exists, delete and touch, the record was there. */
  asBoolean(): boolean {
    return true
  }

  /**
   * What `hllDescribe` read of a bin; `undefined` when the record lacks it.
   *
   * @throws TypeError when the bin holds something else.
   */
  hllConfig(bin: string): HllConfig | undefined {
    const described = (this.record?.bins as Bins | undefined)?.[bin]
    if (described === undefined || described === null) return undefined
    const [indexBits, minHashBits] = Array.isArray(described) && described.length === 2 ? described : []
    if (typeof indexBits !== 'number' || typeof minHashBits !== 'number')
      throw new TypeError(`${this.key}: bin ${bin} does not hold what hllDescribe reads`)
    // The server says 0 for none.
    return minHashBits === 0 ? HllConfig.of(indexBits) : HllConfig.of(indexBits, minHashBits)
  }
}

/** The outcome of a function that was applied to a record. */
export class FunctionRow<B> extends OkRow<B> {
  readonly #result: BinValue | undefined

  constructor(key: Key, index: number, result: BinValue | undefined) {
    super(key, index, undefined)
    this.#result = result
  }

  override get udfResult(): BinValue | undefined {
    return this.#result
  }
}

/** The outcome for one key that failed, or found no record. */
export class FailedRow {
  readonly ok = false as const
  readonly key: Key
  readonly index: number
  /** The server's result code, or a negative code of the client. */
  readonly code: number
  /** Whether a write may have been applied all the same. */
  readonly inDoubt: boolean
  readonly #error: AerospikeError | undefined

  constructor(key: Key, index: number, code: number, inDoubt: boolean, error?: AerospikeError) {
    this.key = key
    this.index = index
    this.code = code
    this.inDoubt = inDoubt
    this.#error = error
  }

  /** The error, made when it is looked at: a missing row is an outcome, not worth a stack. */
  get error(): AerospikeError {
    return this.#error ?? errorFromCode(this.code, { key: this.key, inDoubt: this.inDoubt })
  }

  /** Nothing. */
  get udfResult(): undefined {
    return undefined
  }

  /** Throws the row's error. */
  orThrow(): never {
    throw this.error
  }

  /** Throws the row's error. */
  recordOrThrow(): never {
    throw this.error
  }

  /** Throws the row's error. */
  hllConfig(_bin: string): never {
    throw this.error
  }

  /** `false` when the record was not found; any other failure is thrown. */
  asBoolean(): boolean {
    if (this.code === RESULT_CODE.KEY_NOT_FOUND_ERROR) return false
    throw this.error
  }
}

/** One outcome: `ok` tells which. */
export type Row<B = Bins> = OkRow<B> | FailedRow
