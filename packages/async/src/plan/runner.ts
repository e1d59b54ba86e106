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
 * How a builder ends: it hands over its plan and returns what the runner returns. The asynchronous front end's runner
 * returns a promise of a stream, the blocking one's a stream; the builders are the same.
 */
export interface Runner<Result> {
  run(plan: Plan, options?: ExecuteOptions): Result
}
