import type { FunctionCall, Operation } from '@aero/codec'
import type { QueryPlan } from './query-plan.ts'

/** What servers are to do to records in the background, as data. */
export interface BackgroundPlan {
  kind: 'background'
  /** To which records: set, condition, index and speed. */
  readonly query: QueryPlan
  operations: Operation[]
  /** Instead of operations. */
  function: FunctionCall | undefined
  /** Seconds, or a value of `EXPIRATION`. */
  expiration: number
  /** `undefined` leaves it to the behavior. */
  durableDelete: boolean | undefined
}
