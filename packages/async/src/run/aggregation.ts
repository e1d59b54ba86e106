import type { BinValue } from '@aero/codec'
import { type ValueSource, ValueStream } from '../result/value-stream.ts'

/** How an aggregation ends early. */
export interface AggregationOptions {
  /** Ends it on every node. */
  readonly signal?: AbortSignal
}

/** Begins the work on every node, once for each call. */
export type BeginAggregation<V> = (signal: AbortSignal | undefined) => Promise<ValueSource<V>>

/**
 * Records that go through a function over a stream where they lie. Each node puts the records of every partition through it on its
 * own, up to the function's first `reduce` and with it: what comes out are partial results, which are to be put together here.
 *
 * It may be executed again and again, each time anew. A node that fails, or is lost, fails the whole: nothing is asked twice,
 * since nobody knows what of it is in the results already.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const source = `
 *   function sum(stream, bin)
 *     return stream : map(function(rec) return rec[bin] or 0 end) : reduce(function(a, b) return a + b end)
 *   end`
 * await (await session.registerUdf('sums.lua', source)).done()
 * const ages = session.query(DataSet.of('test', 'users')).aggregate('sums', 'sum', ['age'])
 * console.log(await ages.reduce((one, other) => Number(one) + Number(other)))
 * ```
 */
export class Aggregation<V = BinValue> {
  readonly #begin: BeginAggregation<V>

  /** Made by `aggregate()` of a query. */
  constructor(begin: BeginAggregation<V>) {
    this.#begin = begin
  }

  /**
   * What the nodes give, as it comes: of a function that reduces, one value for each partition with records; of one that only filters and
   * maps, all that it lets through. nil is `null`.
   *
   * @throws UsageError when an index does not answer all of the condition. Where values are read: UdfError with the function's own
   *   words when it failed, and other errors of queries.
   */
  async partials(options: AggregationOptions = {}): Promise<ValueStream<V>> {
    return new ValueStream(await this.#begin(options.signal))
  }

  /**
   * Puts the partial results together, two at a time and in no order: what Lua's `reduce` would do.
   *
   * @returns `undefined` when no record went into it
   * @throws as {@link partials}, and whatever `combine` throws
   */
  async reduce(combine: (one: V, other: V) => V, options?: AggregationOptions): Promise<V | undefined> {
    let result: V | undefined
    for await (const value of await this.partials(options))
      result = result === undefined ? value : combine(result, value)
    return result
  }
}
