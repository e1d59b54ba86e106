import type { IndexDefinition } from '@aero/ael'
import { type IndexQuery, isWriteOperation, type Operation, PARTITION_COUNT, type Value } from '@aero/codec'
import type { AggregationPlan } from './aggregation-plan.ts'
import { ReadBinBuilder } from './bin-builder.ts'
import { type SelectFromOptions, selectOperation } from './computed.ts'
import { type Condition, type Formula, filterOf } from './filter.ts'
import { functionCall, passing } from './function-call.ts'
import type { QueryCursor } from './query-cursor.ts'
import { type QueryDuration, type QueryHint, type QueryPlan, queryPlan } from './query-plan.ts'
import type { BlockingRowOf, RowOf } from './record-builder.ts'
import type { Ended, Ending, ExecuteOptions } from './runner.ts'
import type { BinName, BinsPicked, ReadBinOf } from './typed-bins.ts'
import { UsageError } from './usage-error.ts'

const DURATIONS: readonly QueryDuration[] = ['LONG', 'SHORT', 'LONG_RELAX_AP']

/** How queries over sets end: `Explained` is what `explain` returns, a promise or not. */
export interface QueryRunner<E extends Ending, Explained> {
  runQuery(plan: QueryPlan, options?: ExecuteOptions): Ended<E, unknown>
  explainQuery(plan: QueryPlan): Explained
  aggregation(plan: AggregationPlan): E['aggregation']
}

/**
 * A query over a set or a namespace. Without a condition it gives every record. A condition said as text is answered by a secondary
 * index where one serves, and what the index does not cover is checked by the servers; see {@link explain}.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const users = DataSet.of('test', 'users')
 * for await (const row of session.query(users).where('$.age >= ?0', [18]).bins(['name']).limit(100)) {
 *   console.log(row.orThrow().record?.bins)
 * }
 * ```
 */
export class IndexQueryBuilder<E extends Ending, Explained, B = unknown, Picked = B> {
  readonly #runner: QueryRunner<E, Explained>
  readonly #plan: QueryPlan
  #executed = false

  constructor(runner: QueryRunner<E, Explained>, namespace: string, setName: string | undefined) {
    this.#runner = runner
    this.#plan = queryPlan(namespace, setName)
  }

  // ---- which records

  /**
   * Only records that meet the condition.
   *
   * @param condition text in the expression language, by which an index is chosen too; `ael` and a template; an
   * expression, or a function that makes one with the builder that knows the bins: servers check those of every record
   * @param values of the placeholders `?0`, `?1`, … in a text
   * @throws AelError when the text is no expression, its types do not go together, or a placeholder has no value.
   * @throws UsageError when there is a condition already: combine them with `and`.
   */
  where(condition: string, values?: readonly Value[]): this
  where(condition: Exclude<Condition<B>, string>): this
  where(condition: Condition<B>, values?: readonly Value[]): this {
    if (this.#plan.filter !== undefined)
      throw new UsageError('where() has been said already; combine the conditions with `and`')
    this.#plan.filter = filterOf(condition, values)
    return this
  }

  /**
   * Asks this of an index: see `IndexFilter`. No other is chosen then; a condition is checked of what the index gives.
   *
   * @throws UsageError when there is one already, or after {@link hint} with a name.
   */
  filter(index: IndexQuery): this {
    if (this.#plan.index !== undefined)
      throw new UsageError('a query asks one index; filter() has been said already')
    if (this.#plan.hint?.indexName !== undefined || this.#plan.hint?.binName !== undefined)
      throw new UsageError('a hint names an index to choose; filter() has chosen one')
    this.#plan.index = index
    return this
  }

  /**
   * Which index to use, if it serves, and how long the query will take.
   *
   * @throws UsageError when said twice, with both names, or with a name after {@link filter}.
   */
  hint(hint: QueryHint): this {
    const { indexName, binName, queryDuration } = hint
    if (this.#plan.hint !== undefined) throw new UsageError('hint() can only be called once for a query')
    if (indexName !== undefined && binName !== undefined)
      throw new UsageError('indexName and binName exclude each other: give one of them, or none')
    if (this.#plan.index !== undefined && (indexName !== undefined || binName !== undefined))
      throw new UsageError('a hint names an index to choose; filter() has chosen one')
    this.#plan.hint = hint
    if (queryDuration !== undefined) this.expectedDuration(queryDuration)
    return this
  }

  /** Chooses among these indexes, without asking the cluster which there are. None: every record is looked at. */
  withIndexContext(indexes: readonly IndexDefinition[]): this {
    this.#plan.indexes = [...indexes]
    return this
  }

  /** Only this partition. @throws UsageError outside of 0 to 4095. */
  onPartition(partition: number): this {
    return this.onPartitions(partition)
  }

  /** Only these partitions, exactly. Adds to those said before. @throws UsageError for none, or outside of 0 to 4095. */
  onPartitions(...partitions: readonly number[]): this {
    if (partitions.length === 0) throw new UsageError('onPartitions() needs at least one partition')
    for (const partition of partitions) {
      if (!Number.isInteger(partition) || partition < 0 || partition >= PARTITION_COUNT)
        throw new UsageError(
          `partitions are numbered from 0 to ${PARTITION_COUNT - 1}, there is no ${partition}`,
        )
    }
    const all = new Set([...(this.#plan.partitions ?? []), ...partitions])
    this.#plan.partitions = [...all].sort((one, other) => one - other)
    return this
  }

  /** Only the partitions from `start` to before `end`. Adds to those said before. @throws UsageError for a range that is none. */
  onPartitionRange(start: number, end: number): this {
    if (!Number.isInteger(start) || start < 0 || start >= PARTITION_COUNT)
      throw new UsageError(`start partition must be in range 0-${PARTITION_COUNT - 1}, not ${start}`)
    if (!Number.isInteger(end) || end < 1 || end > PARTITION_COUNT)
      throw new UsageError(`end partition must be in range 1-${PARTITION_COUNT}, not ${end}`)
    if (start >= end) throw new UsageError(`start partition (${start}) must be < end partition (${end})`)
    return this.onPartitions(...Array.from({ length: end - start }, (_, at) => start + at))
  }

  // ---- what of them

  /** Reads these bins only; a record that has none of them is left out. @throws UsageError for none, or beside other choices. */
  bins<const N extends BinName<B>>(
    names: readonly N[],
  ): IndexQueryBuilder<E, Explained, B, BinsPicked<B, N>> {
    if (names.length === 0)
      throw new UsageError('names must not be empty; see withNoBins() for metadata only')
    if (this.#plan.noBins) throw new UsageError('withNoBins() and bins() exclude each other')
    if (this.#plan.operations !== undefined) throw new UsageError('bins() and operations exclude each other')
    this.#plan.binNames = [...names]
    return this as never
  }

  /** Reads keys, generation and expiration only. @throws UsageError beside other choices. */
  withNoBins(): this {
    if (this.#plan.binNames !== undefined || this.#plan.operations !== undefined)
      throw new UsageError('withNoBins() excludes bins() and operations')
    this.#plan.noBins = true
    return this
  }

  /** A read operation on one bin of every record. Other than reading it whole, for servers from 8.1.2. */
  bin<N extends BinName<B>>(name: N): ReadBinOf<IndexQueryBuilder<E, Explained, B, unknown>, B, N> {
    this.#checkOperations()
    return new ReadBinBuilder(this as unknown as IndexQueryBuilder<E, Explained, B, unknown>, name) as never
  }

  /** Computes a value into every row, under a name that need not be a bin's. @throws AelError when the text is no expression. */
  selectFrom(
    name: string,
    formula: Formula<B>,
    options?: SelectFromOptions,
  ): IndexQueryBuilder<E, Explained, B, unknown> {
    return this.operation(selectOperation(name, formula, options))
  }

  /** Adds a read operation. @throws UsageError for one that writes. */
  operation(operation: Operation): IndexQueryBuilder<E, Explained, B, unknown> {
    this.#checkOperations()
    if (isWriteOperation(operation.type))
      throw new UsageError('a query takes read operations only; see backgroundTask() for writes')
    this.#plan.operations = [...(this.#plan.operations ?? []), operation]
    return this as never
  }

  /** Runs these read operations on every record, instead of those said before. @throws UsageError for none, or one that writes. */
  project(...operations: readonly Operation[]): IndexQueryBuilder<E, Explained, B, unknown> {
    if (operations.length === 0) throw new UsageError('project() needs at least one operation')
    this.#plan.operations = undefined
    this.#plan.binNames = undefined
    for (const operation of operations) this.operation(operation)
    return this as never
  }

  #checkOperations(): void {
    if (this.#plan.noBins || this.#plan.binNames !== undefined)
      throw new UsageError('operations exclude withNoBins() and bins()')
  }

  // ---- how many, how fast

  /** So many records in all, whatever nodes and chunks there are. @throws UsageError unless a whole number above 0. */
  limit(records: number): this {
    this.#plan.limit = positive('limit', records)
    return this
  }

  /** The stream stops after so many records, until `hasMoreChunks()` is asked. @throws UsageError unless a whole number above 0. */
  chunkSize(records: number): this {
    this.#plan.chunkSize = positive('chunk size', records)
    return this
  }

  /** Holds every node to so many records per second. @throws UsageError unless a whole number above 0. */
  recordsPerSecond(records: number): this {
    this.#plan.recordsPerSecond = positive('records per second', records)
    return this
  }

  /** What servers prepare for: see {@link QueryDuration}. */
  expectedDuration(duration: QueryDuration): this {
    if (!DURATIONS.includes(duration))
      throw new UsageError(`a query is ${DURATIONS.join(', ')}, not ${String(duration)}`)
    this.#plan.duration = duration
    return this
  }

  /**
   * Goes on where an earlier query of the same kind stopped: with what `stream.cursor()` gave, or its JSON. Partitions and what is left of
   * the limit come from the cursor.
   *
   * @throws UsageError for what is no cursor, or together with partitions. Whether it belongs to this query shows in `execute`.
   */
  resume(cursor: QueryCursor | string): this {
    const parsed: unknown = typeof cursor === 'string' ? parseCursor(cursor) : cursor
    if (typeof parsed !== 'object' || parsed === null || (parsed as QueryCursor).version !== 1)
      throw new UsageError('this is no cursor of a query: take what stream.cursor() gives')
    this.#plan.cursor = parsed as QueryCursor
    return this
  }

  // ---- the end

  /** How the query will be done: which index is used, what of it, and what is left to be checked. Sends no query. */
  explain(): Explained {
    this.#check()
    return this.#runner.explainQuery(this.#plan)
  }

  /**
   * Begins the query. Errors are thrown where rows are read, unless `onError` says otherwise.
   *
   * @throws UsageError when it has been executed before, or says what cannot be together.
   */
  execute(options?: ExecuteOptions): Ended<E, Picked> {
    if (this.#executed)
      throw new UsageError('this builder has been executed already; build a new one for each execution')
    this.#check()
    this.#executed = true
    return this.#runner.runQuery(this.#plan, options) as Ended<E, Picked>
  }

  /**
   * Puts the records through a function over a stream, in Lua, where they lie: see `Aggregation`, of which nothing is
   * done before one of its ends is called.
   *
   * @param packageName the module's name without `.lua`
   * @param args what the function is passed, behind the stream
   * @throws UsageError for an empty name, and beside what concerns rows: bins, operations, limits, chunks, cursors, partitions, and short
   *   queries; EncodeError for an argument that cannot be sent
   */
  aggregate(packageName: string, functionName: string, args: readonly Value[] = []): E['aggregation'] {
    const unfit = unfitToAggregate(this.#plan)
    if (unfit !== undefined)
      throw new UsageError(
        `the function of aggregate() sees whole records, all that the query finds: leave out ${unfit}`,
      )
    return this.#runner.aggregation({
      kind: 'aggregation',
      query: { ...this.#plan },
      function: passing(functionCall(packageName, functionName), args),
    })
  }

  /** Executes and walks the rows; only where `execute` gives a promise. */
  async *[Symbol.asyncIterator](): AsyncGenerator<RowOf<Ended<E, Picked>>, void, void> {
    yield* (await this.execute()) as AsyncIterable<RowOf<Ended<E, Picked>>>
  }

  /** Executes and walks the rows: `for (const row of session.query(users))`. Only in a blocking session. */
  *[Symbol.iterator](): Generator<BlockingRowOf<Ended<E, Picked>>, void, void> {
    const rows = this.execute()
    if (typeof rows !== 'object' || rows === null || !(Symbol.iterator in rows))
      throw new UsageError('the rows of this session are awaited: for await (const row of …)')
    yield* rows as Iterable<BlockingRowOf<Ended<E, Picked>>>
  }

  #check(): void {
    const { cursor, partitions, limit, duration, recordsPerSecond } = this.#plan
    if (cursor !== undefined && (partitions !== undefined || limit !== undefined))
      throw new UsageError(
        'a cursor says which partitions and how many records are left; do not say it again',
      )
    if (duration === 'SHORT' && recordsPerSecond > 0)
      throw new UsageError('servers do not throttle short queries: leave out recordsPerSecond(), or say LONG')
  }
}

/** A namespace, and a set in it: what a `DataSet` is, whatever its bins. */
export interface RecordSpace {
  readonly namespace: string
  /** Empty for the records that are in no set. */
  readonly setName: string
}

/** What `query` was given, when that is no key: the namespace, and the set if it is one. */
export function querySpace(
  first: RecordSpace | string,
  setName?: string,
): { readonly namespace: string; readonly setName: string | undefined } {
  if (typeof first === 'string') {
    if (first === '') throw new UsageError('namespace cannot be empty')
    if (setName === '') throw new UsageError('setName cannot be empty; leave it out for the whole namespace')
    return { namespace: first, setName }
  }
  if (first.setName === '')
    throw new UsageError(
      'servers cannot be asked for the records that are in no set; query the namespace and pass over the others',
    )
  return { namespace: first.namespace, setName: first.setName }
}

/** What a query says that does not go together with an aggregation. */
function unfitToAggregate(plan: QueryPlan): string | undefined {
  if (plan.binNames !== undefined) return 'bins()'
  if (plan.noBins) return 'withNoBins()'
  if (plan.operations !== undefined) return 'operations'
  if (plan.limit !== undefined) return 'limit()'
  if (plan.chunkSize !== undefined) return 'chunkSize()'
  if (plan.cursor !== undefined) return 'resume()'
  if (plan.partitions !== undefined) return 'partitions'
  return plan.duration === 'LONG' ? undefined : `the expected duration ${plan.duration}`
}

function parseCursor(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UsageError('this is no cursor of a query: the text is no JSON', { cause })
  }
}

function positive(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new UsageError(`${what} must be a whole number > 0, not ${value}`)
}
