import type { AggregationOptions, BinValue } from '@aero/async'
import type { ValueStream } from './value-stream.ts'

/**
 * Records that go through a function over a stream where they lie. Each node puts the records of every partition through it on its
 * own, up to the function's first `reduce` and with it: what comes out are partial results, which are to be put together here.
 *
 * It may be executed again and again, each time anew. A node that fails, or is lost, fails the whole: nothing is asked twice,
 * since nobody knows what of it is in the results already.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk/sync'
 * using cluster = new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const source = `
 *   function sum(stream, bin)
 *     return stream : map(function(rec) return rec[bin] or 0 end) : reduce(function(a, b) return a + b end)
 *   end`
 * session.registerUdf('sums.lua', source).done()
 * const ages = session.query(DataSet.of('test', 'users')).aggregate('sums', 'sum', ['age'])
 * console.log(ages.reduce((one, other) => Number(one) + Number(other)))
 * ```
 */
export class Aggregation<V = BinValue> {
  readonly #begin: (signal: AbortSignal | undefined) => ValueStream<V>

  /** Made by `aggregate()` of a query. */
  constructor(begin: (signal: AbortSignal | undefined) => ValueStream<V>) {
    this.#begin = begin
  }

  /**
   * What the nodes give, as it comes: of a function that reduces, one value for each partition with records; of one that only filters and
   * maps, all that it lets through. nil is `null`.
   *
   * @throws UsageError when an index does not answer all of the condition. Where values are read: UdfError with the function's own
   *   words when it failed, and other errors of queries.
   */
  partials(options: AggregationOptions = {}): ValueStream<V> {
    return this.#begin(options.signal)
  }

  /**
   * Puts the partial results together, two at a time and in no order: what Lua's `reduce` would do.
   *
   * @returns `undefined` when no record went into it
   * @throws as {@link partials}, and whatever `combine` throws
   */
  reduce(combine: (one: V, other: V) => V, options?: AggregationOptions): V | undefined {
    let result: V | undefined
    for (const value of this.partials(options)) result = result === undefined ? value : combine(result, value)
    return result
  }
}
