import type { Key } from '@aero/codec'
import type { Plan } from './plan.ts'

/** What `execute` takes. */
export interface ExecuteOptions {
  /**
   * What a row with an error does. `throw`: the call fails with it (default for one key), for several keys with a BatchError
   * that has all rows. `inStream`: the row is in the stream (default for several keys). A function is called for each such row,
   * which is then left out.
   */
  readonly onError?: 'throw' | 'inStream' | ((key: Key, index: number, error: Error) => void)
  /**
   * In which order the rows of several keys come. `keys` (default): in that of the keys, when all are there. `arrival`: each as
   * soon as it is there; the stream is there at once.
   */
  readonly order?: 'keys' | 'arrival'
  /** Ends the call early; it then fails with an AbortError that says whether the outcome is in doubt. */
  readonly signal?: AbortSignal
}

/**
 * What `execute` gives, said for every type of bins at once: {@link result} in terms of `this['bins']`.
 *
 * @example
 * ```ts
 * import type { Bins, Ending, RecordStream } from '@aero/async'
 * interface Streams extends Ending {
 *   readonly result: Promise<RecordStream<this['bins']>>
 * }
 * ```
 */
export interface Ending {
  /** The bins of the rows; `unknown` when nothing is known of them. */
  readonly bins: unknown
  readonly result: unknown
  /** What `aggregate` gives. */
  readonly aggregation: unknown
}

/** What `execute` gives for rows with the bins `B`. */
export type Ended<E extends Ending, B> = (E & { readonly bins: B })['result']

/**
 * How a builder ends: it hands over its plan and returns what the runner returns. The asynchronous front end's runner
 * returns a promise of a stream, the blocking one's a stream; the builders are the same.
 */
export interface Runner<E extends Ending> {
  run(plan: Plan, options?: ExecuteOptions): Ended<E, unknown>
}
