import type { FunctionCall } from '@aero/codec'
import type { QueryPlan } from './query-plan.ts'

/** Records of a query that go through a function over a stream, as data: it can be cloned to another thread. */
export interface AggregationPlan {
  kind: 'aggregation'
  /** Which records. */
  query: QueryPlan
  function: FunctionCall
}

/** The aggregation in words, for errors. */
export function describeAggregation({ query, function: call }: AggregationPlan): string {
  const { namespace, setName } = query
  const space = setName === undefined ? `namespace ${namespace}` : `${namespace}:${setName}`
  return `aggregation ${call.packageName}.${call.functionName} of ${space}`
}
