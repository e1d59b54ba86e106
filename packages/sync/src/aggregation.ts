import type { AggregationOptions, AggregationPlan, BinValue, StreamFunctions } from '@aero/async'
import { checkModule, finishAggregation, readExactly } from '@aero/async/engine'
import type { AggregationReply, RecordOptions } from '@aero/codec'
import type { ValueStream } from './value-stream.ts'

/** What an aggregation needs of its session. */
interface AggregationRunner {
  /** How values are read. */
  readonly recordOptions: RecordOptions
  /** Begins the work on every node. @param read makes something of each value */
  begin<T>(
    read: (reply: AggregationReply, options: RecordOptions) => T,
    options: AggregationOptions,
  ): ValueStream<T>
}

/**
 * Records that go through a function over a stream where they lie. Each node puts the records of every partition through it on its
 * own, up to the function's first `reduce` and with it: what comes out are partial results, which are to be put together here.
 *
 * It may be executed again and again, each time anew. A node that fails, or is lost, fails the whole: nothing is asked twice,
 * since nobody knows what of it is in the results already. Nor is a result believed when partitions have moved meanwhile: the
 * nodes are asked before and after whether the cluster is stable, and all ends with a retryable error where it is not.
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
  readonly #plan: AggregationPlan
  readonly #runner: AggregationRunner

  /** Made by `aggregate()` of a query. */
  constructor(plan: AggregationPlan, runner: AggregationRunner) {
    this.#plan = plan
    this.#runner = runner
  }

  /**
   * What the nodes give, as it comes: of a function that reduces, one value for each partition with records; of one that only filters and
   * maps, all that it lets through. nil is `null`. They are provisional until the loop has ended without an error: that the
   * cluster has stayed as it was is known when the last one has been read.
   *
   * @throws UsageError when an index does not answer all of the condition. Where values are read: UdfError with the function's own
   *   words when it failed, AerospikeError with code `CLUSTER_KEY_MISMATCH` when the cluster changes, and other errors of queries.
   */
  partials(options: AggregationOptions = {}): ValueStream<V> {
    return this.#runner.begin(readValue<V>, options)
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

  /**
   * Has Lua put the partial results together: the rest of the function, from its first `reduce` on, is carried out here. All partial results
   * are in memory then.
   *
   * @param functions the module, made of the text that the servers have: `lua.module(name, source)` of `@aero/lua`
   * @returns what comes out: one value where the function reduces and a record went into it, else none, or all that it lets through
   * @throws UsageError for another module than that of the aggregation; UdfError also when the function fails here; as {@link partials}
   */
  finish(functions: StreamFunctions, options: AggregationOptions = {}): V[] {
    checkModule(this.#plan, functions)
    const partials = this.#runner.begin(readExactly, options).toArray()
    return finishAggregation<V>(this.#plan, functions, partials, this.#runner.recordOptions)
  }
}

function readValue<V>(reply: AggregationReply, options: RecordOptions): V {
  return reply.value(options) as V
}
