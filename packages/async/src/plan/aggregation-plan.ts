import type { FunctionCall } from '@aero/codec'
import type { QueryPlan } from './query-plan.ts'

/** Records of a query that go through a function over a stream, as data: it can be cloned to another thread. */
export interface AggregationPlan {
  kind: 'aggregation'
  /** Which records. */
  query: QueryPlan
  function: FunctionCall
}
