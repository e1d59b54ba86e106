import {
  addOperation,
  appendOperation,
  DELETE_OPERATION,
  type Double,
  isWriteOperation,
  type Key,
  type Operation,
  prependOperation,
  readOperation,
  TOUCH_OPERATION,
  type Value,
  writeOperation,
} from '@aero/codec'
import { type Duration, parseDuration } from '@aero/config'
import { BinBuilder, ReadBinBuilder } from './bin-builder.ts'
import { checkBins, isEmpty, type Writable } from './bins-to-write.ts'
import {
  type SelectFromOptions,
  selectOperation,
  type WriteFromOptions,
  writeFromOperation,
} from './computed.ts'
import { type Condition, type Filter, type Formula, filterOf } from './filter.ts'
import { checkFunction, functionCall, passing } from './function-call.ts'
import { checkKeys, type KeyOrKeys } from './keys.ts'
import { type BatchSegment, EXPIRATION, type RecordPlan, recordPlan } from './plan.ts'
import { isRepeatable } from './repeatable.ts'
import type { Ended, Ending, ExecuteOptions, Runner } from './runner.ts'
import { checkWrites } from './schema.ts'
import type { BinName, BinNameOf, BinOf, BinsPicked, BinsToPut, ReadBinOf, ValueOf } from './typed-bins.ts'
import { UsageError } from './usage-error.ts'

/** The verbs that {@link WriteBuilder} serves. */
export type WriteVerb =
  | 'upsert'
  | 'insert'
  | 'update'
  | 'replace'
  | 'replaceIfExists'
  | 'delete'
  | 'touch'
  | 'exists'

const MAX_EXPIRATION_SECONDS = 0xffff_fffc

/** The rows of what a builder ends in, when that is a promise of them. */
export type RowOf<Result> = Result extends Promise<AsyncIterable<infer Row>> ? Row : never

/** The rows of what a builder ends in, when that is there at once: in a blocking session. */
export type BlockingRowOf<Result> = Result extends Iterable<infer Row> ? Row : never

/** The builders of a call with several segments, in order; each of them ends all of them. */
export type Chain<E extends Ending> = RecordBuilder<E, unknown, unknown>[]

/** What holds for the segments of a call that say nothing else. */
interface Defaults {
  readonly filter?: Filter
  /** As in plans. */
  readonly expiration?: number
  readonly durableDelete?: boolean
}

/** Seconds. @throws UsageError for less than one or more than 32 bits of them. */
function expirationOf(duration: Duration): number {
  const seconds = Math.ceil(parseDuration(duration) / 1000)
  if (!(seconds > 0)) throw new UsageError('the expiration must be greater than 0; see neverExpire()')
  if (seconds > MAX_EXPIRATION_SECONDS)
    throw new UsageError(`an expiration of ${seconds} seconds is out of range`)
  return seconds
}

function checkSeconds(seconds: number): number {
  if (!Number.isInteger(seconds) || seconds <= 0)
    throw new UsageError('seconds must be an integer greater than 0')
  return seconds
}

/**
 * What the builders of reads and writes have in common.
 *
 * @typeParam E what `execute` gives
 * @typeParam B the bins of the records; `unknown` when nothing is known of them
 * @typeParam R the bins of the rows, of this segment and those before it
 */
export abstract class RecordBuilder<E extends Ending, B, R> {
  protected readonly plan: RecordPlan
  readonly #runner: Runner<E>
  /** Given as a list; `undefined` for a key of its own. */
  readonly #keys: readonly Key[] | undefined
  #chain: Chain<E> | undefined
  /** What holds for all segments that say nothing else; kept by the first of them. */
  #defaults: Defaults | undefined = undefined
  #executed = false

  constructor(
    runner: Runner<E>,
    plan: RecordPlan,
    keys: readonly Key[] | undefined,
    chain: Chain<E> | undefined,
  ) {
    this.#runner = runner
    this.plan = plan
    this.#keys = keys
    this.#chain = chain
    chain?.push(this as never)
  }

  // ---- the next segment of the same call

  /** Another segment: creates these records or updates them. */
  upsert<N = unknown>(key: KeyOrKeys<N>, ...more: Key<N>[]): WriteBuilder<E, N> {
    return this.#next('upsert', key, more)
  }

  /** Another segment: creates these records. */
  insert<N = unknown>(key: KeyOrKeys<N>, ...more: Key<N>[]): WriteBuilder<E, N> {
    return this.#next('insert', key, more)
  }

  /** Another segment: updates these records. */
  update<N = unknown>(key: KeyOrKeys<N>, ...more: Key<N>[]): WriteBuilder<E, N> {
    return this.#next('update', key, more)
  }

  /** Another segment: creates these records or overwrites them. */
  replace<N = unknown>(key: KeyOrKeys<N>, ...more: Key<N>[]): WriteBuilder<E, N> {
    return this.#next('replace', key, more)
  }

  /** Another segment: overwrites these records. */
  replaceIfExists<N = unknown>(key: KeyOrKeys<N>, ...more: Key<N>[]): WriteBuilder<E, N> {
    return this.#next('replaceIfExists', key, more)
  }

  /** Another segment: deletes these records. */
  delete<N = unknown>(key: KeyOrKeys<N>, ...more: Key<N>[]): WriteBuilder<E, N> {
    return this.#next('delete', key, more)
  }

  /** Another segment: touches these records. */
  touch<N = unknown>(key: KeyOrKeys<N>, ...more: Key<N>[]): WriteBuilder<E, N> {
    return this.#next('touch', key, more)
  }

  /** Another segment: asks whether these records are there. */
  exists<N = unknown>(key: KeyOrKeys<N>, ...more: Key<N>[]): WriteBuilder<E, N> {
    return this.#next('exists', key, more)
  }

  /** Another segment: applies a function to these records. */
  executeUdf(key: KeyOrKeys, ...more: Key[]): UdfBuilder<E> {
    return new UdfBuilder<E>(this.#runner, checkKeys(key, more), this.#inChain())
  }

  /** Another segment: reads these records. */
  query<N = unknown>(key: KeyOrKeys<N>, ...more: Key<N>[]): KeyQueryBuilder<E, N, R> {
    return new KeyQueryBuilder<E, N, R>(this.#runner, checkKeys(key, more), this.#inChain())
  }

  #next<N>(verb: WriteVerb, key: KeyOrKeys<N>, more: readonly Key<N>[]): WriteBuilder<E, N> {
    return new WriteBuilder<E, N>(this.#runner, verb, checkKeys(key, more), this.#inChain())
  }

  #inChain(): Chain<E> {
    const chain = this.#chain ?? [this as never]
    this.#chain = chain
    return chain
  }

  /**
   * The command is applied only to a record that meets the condition. One that does not is left out of the rows: see
   * {@link respondAllKeys} and {@link failOnFilteredOut}. To a record that is yet to be created no condition applies.
   *
   * @param condition text in the expression language; `ael` and a template, which binds the values in it; an expression; or a
   *   function that makes one, with the builder of expressions that knows the bins: `(exp) => exp.ge(exp.intBin('age'), 18)`
   * @param values of the placeholders `?0`, `?1`, … in a text
   * @throws AelError when the text is no expression, its types do not go together, or a placeholder has no value.
   * @throws UsageError when there is a condition already: combine them with `and`.
   */
  where(condition: string, values?: readonly Value[]): this
  where(condition: Exclude<Condition<B>, string>): this
  where(condition: Condition<B>, values?: readonly Value[]): this {
    if (this.plan.filter !== undefined)
      throw new UsageError('where() has been said already; combine the conditions with `and`')
    this.plan.filter = filterOf(condition, values)
    return this
  }

  /** The condition of all segments of the call that have none of their own. Said again, the last one holds. Throws as {@link where}. */
  defaultWhere(condition: string, values?: readonly Value[]): this
  defaultWhere(condition: Exclude<Condition<B>, string>): this
  defaultWhere(condition: Condition<B>, values?: readonly Value[]): this {
    return this.#byDefault({ filter: filterOf(condition, values) })
  }

  /**
   * What is written by segments of the call that say nothing of their expiration expires this long from now. Said again, or with another
   * of the defaults for it, the last one holds. Throws as `expireAfter`.
   */
  defaultExpireAfter(duration: Duration): this {
    return this.#byDefault({ expiration: expirationOf(duration) })
  }

  /** {@link defaultExpireAfter} in seconds. */
  defaultExpireRecordAfterSeconds(seconds: number): this {
    return this.#byDefault({ expiration: expirationOf(checkSeconds(seconds) * 1000) })
  }

  /** {@link defaultExpireAfter}: never. */
  defaultNeverExpire(): this {
    return this.#byDefault({ expiration: EXPIRATION.never })
  }

  /** {@link defaultExpireAfter}: expirations stay as they are. */
  defaultWithNoChangeInExpiration(): this {
    return this.#byDefault({ expiration: EXPIRATION.unchanged })
  }

  /** {@link defaultExpireAfter}: the namespace's default applies. */
  defaultExpiryFromServerDefault(): this {
    return this.#byDefault({ expiration: EXPIRATION.serverDefault })
  }

  /** Whether deletes leave tombstones in all segments of the call that do not say so themselves. Default: what the behavior says. */
  defaultDurableDelete(on = true): this {
    return this.#byDefault({ durableDelete: on })
  }

  /** `defaultDurableDelete(true)`. */
  defaultWithDurableDelete(): this {
    return this.defaultDurableDelete(true)
  }

  /** `defaultDurableDelete(false)`. */
  defaultWithoutDurableDelete(): this {
    return this.defaultDurableDelete(false)
  }

  #byDefault(said: Defaults): this {
    const first = this.#chain?.[0] ?? this
    first.#defaults = { ...first.#defaults, ...said }
    return this
  }

  /** A row for the record also when it is missing or filtered out. */
  respondAllKeys(): this {
    this.plan.respondAllKeys = true
    return this
  }

  /** A record that is filtered out becomes an error instead of being left out. */
  failOnFilteredOut(): this {
    this.plan.failOnFilteredOut = true
    return this
  }

  /**
   * Sends the command: that of all segments, when there are several. A builder is good for one execution.
   *
   * @throws UsageError when it has been executed before, or says nothing that could be sent.
   * @throws SchemaError when the schema of a data set refuses bins.
   */
  execute(options?: ExecuteOptions): Ended<E, R> {
    const chain = this.#chain
    const first = chain?.[0] ?? this
    if (first.#executed)
      throw new UsageError('this builder has been executed already; build a new one for each execution')
    first.#executed = true
    if (chain === undefined && this.#keys === undefined) {
      if (this.#defaults !== undefined) this.take(this.#defaults)
      this.complete()
      checkWrites(this.plan, this.plan.key)
      return this.#runner.run(this.plan, options)
    }
    const builders = chain ?? [this]
    const segments = builders.map((builder) => builder.#segment(first.#defaults))
    return this.#runner.run({ kind: 'batch', segments }, options)
  }

  /** {@link execute} with the rows in the order in which they arrive, each as soon as it is there. */
  executeStream(options?: ExecuteOptions): Ended<E, R> {
    return this.execute({ ...options, order: 'arrival' })
  }

  #segment(defaults: Defaults | undefined): BatchSegment {
    if (defaults !== undefined) this.take(defaults)
    this.complete()
    const keys = this.#keys ?? [this.plan.key]
    checkWrites(this.plan, keys)
    return { plan: this.plan, keys }
  }

  /**
   * Executes and walks the rows: `for await (const row of session.query(key))`. Only where `execute` gives a promise; a
   * blocking session's stream is walked with a plain `for`.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<RowOf<Ended<E, R>>, void, void> {
    yield* (await this.execute()) as AsyncIterable<RowOf<Ended<E, R>>>
  }

  /** Executes and walks the rows: `for (const row of session.query(key))`. Only in a blocking session. */
  *[Symbol.iterator](): Generator<BlockingRowOf<Ended<E, R>>, void, void> {
    const rows = this.execute()
    if (typeof rows !== 'object' || rows === null || !(Symbol.iterator in rows))
      throw new UsageError('the rows of this session are awaited: for await (const row of …)')
    yield* rows as Iterable<BlockingRowOf<Ended<E, R>>>
  }

  /** Takes the defaults where nothing has been said. */
  protected take({ filter }: Defaults): void {
    this.plan.filter ??= filter
  }

  /** Last check before the plan is handed over. */
  protected complete(): void {}

  protected push(operation: Operation): void {
    const plan = this.plan
    if (plan.operations === undefined) {
      plan.operations = []
      if (plan.bins !== undefined) {
        for (const bin of Object.keys(plan.bins)) {
          plan.operations.push(writeOperation(bin, plan.bins[bin] as Value))
        }
        plan.bins = undefined
      }
    }
    plan.operations.push(operation)
  }
}

function firstOf(keys: KeyOrKeys): Key {
  return Array.isArray(keys) ? (keys[0] as Key) : (keys as Key)
}

function listOf(keys: KeyOrKeys): readonly Key[] | undefined {
  return Array.isArray(keys) ? keys : undefined
}

/** What commands that change records have in common, whether they write or call a function: when the record expires, and tombstones. */
export abstract class ChangeBuilder<E extends Ending, B = unknown> extends RecordBuilder<E, B, unknown> {
  #saysExpiration = false

  /** The record expires this long from now; a function may say otherwise. @throws UsageError for less than a second or more than 32 bits of seconds. */
  expireAfter(duration: Duration): this {
    return this.#expires(expirationOf(duration))
  }

  /** The record expires in so many seconds from now. */
  expireRecordAfterSeconds(seconds: number): this {
    return this.#expires(expirationOf(checkSeconds(seconds) * 1000))
  }

  /** The record never expires. */
  neverExpire(): this {
    return this.#expires(EXPIRATION.never)
  }

  /** The record's expiration stays as it is. */
  withNoChangeInExpiration(): this {
    return this.#expires(EXPIRATION.unchanged)
  }

  /** The namespace's default expiration applies. This is what happens when nothing is said. */
  expiryFromServerDefault(): this {
    return this.#expires(EXPIRATION.serverDefault)
  }

  #expires(expiration: number): this {
    this.plan.expiration = expiration
    this.#saysExpiration = true
    return this
  }

  /** Whether a record that is deleted leaves a tombstone (Enterprise servers). Default: what the behavior says. */
  durableDelete(on = true): this {
    this.plan.durableDelete = on
    return this
  }

  /** `durableDelete(true)`. */
  withDurableDelete(): this {
    return this.durableDelete(true)
  }

  /** `durableDelete(false)`. */
  withoutDurableDelete(): this {
    return this.durableDelete(false)
  }

  protected override take(defaults: Defaults): void {
    super.take(defaults)
    const { plan } = this
    plan.durableDelete ??= defaults.durableDelete
    const writes = plan.verb !== 'delete' && plan.verb !== 'exists'
    if (writes && !this.#saysExpiration) plan.expiration = defaults.expiration ?? plan.expiration
  }
}

/**
 * A write to one record, or the same write to many: bins and operations, then {@link RecordBuilder.execute | execute}. Operations run on the server in
 * the order in which they are called here, all or none.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const visits = DataSet.of('test', 'visits')
 * const stream = await session.upsert(visits.id('alice')).bin('count').add(1).bin('count').get().expireAfter('1h').execute()
 * console.log((await stream.firstOrThrow()).record?.bins)
 * ```
 */
export class WriteBuilder<E extends Ending, B = unknown> extends ChangeBuilder<E, B> {
  constructor(runner: Runner<E>, verb: WriteVerb, keys: KeyOrKeys<B>, chain?: Chain<E>) {
    super(runner, recordPlan(verb, firstOf(keys)), listOf(keys), chain)
  }

  /** Sets each bin named; `null` removes it. May be called several times. */
  put<T extends Writable<T>>(bins: unknown extends B ? T : BinsToPut<B>): this {
    const plan = this.plan
    const given = checkBins(bins)
    if (plan.bins === undefined && plan.operations === undefined) plan.bins = given
    else for (const bin of Object.keys(given)) this.operation(writeOperation(bin, given[bin] as Value))
    return this
  }

  /** Operations on one bin: `bin('age').add(1)`. Where the bins are known, only those that fit what this one holds. */
  bin<N extends BinName<B>>(name: N): BinOf<this, B, N> {
    // What the bin allows is a matter of types: see typed-bins.ts.
    return new BinBuilder(this, name) as never
  }

  /** Sets the bin; `null` removes it. */
  setTo<N extends BinName<B>>(bin: N, value: ValueOf<B, N>): this {
    return this.operation(writeOperation(bin, value as Value))
  }

  /** Adds to an integer or double; a missing bin starts at 0. Integers wrap at 64 bits. */
  add(bin: BinNameOf<B, 'number'>, amount: number | bigint | Double): this {
    return this.operation(addOperation(bin, amount))
  }

  /** Appends to a string or bytes; a missing bin starts empty. */
  append(bin: BinNameOf<B, 'string' | 'blob'>, value: string | Uint8Array): this {
    return this.operation(appendOperation(bin, value))
  }

  /** Prepends to a string or bytes; a missing bin starts empty. */
  prepend(bin: BinNameOf<B, 'string' | 'blob'>, value: string | Uint8Array): this {
    return this.operation(prependOperation(bin, value))
  }

  /** Reads the bin in the same command, as it is at this point of the sequence. */
  get(bin: BinName<B>): this {
    return this.operation(readOperation(bin))
  }

  /** Removes the bin. */
  removeBin(bin: BinName<B>): this {
    return this.operation(writeOperation(bin, null))
  }

  /**
   * Computes a value into the row, under a name that need not be a bin's; nothing is stored.
   *
   * @throws AelError when the formula is a text that is no expression.
   */
  selectFrom(name: string, formula: Formula<B>, options?: SelectFromOptions): this {
    return this.operation(selectOperation(name, formula, options))
  }

  /** Computes a value into a bin that must not be there: BinExistsError. @throws AelError as {@link selectFrom}. */
  insertFrom(bin: BinName<B>, formula: Formula<B>, options?: WriteFromOptions): this {
    return this.operation(writeFromOperation('insert', bin, formula, options))
  }

  /** Computes a value into a bin that must be there: BinNotFoundError. @throws AelError as {@link selectFrom}. */
  updateFrom(bin: BinName<B>, formula: Formula<B>, options?: WriteFromOptions): this {
    return this.operation(writeFromOperation('update', bin, formula, options))
  }

  /** Computes a value into a bin. @throws AelError as {@link selectFrom}. */
  upsertFrom(bin: BinName<B>, formula: Formula<B>, options?: WriteFromOptions): this {
    return this.operation(writeFromOperation('upsert', bin, formula, options))
  }

  /** Deletes the record at this point of the sequence. */
  deleteRecord(): this {
    return this.operation(DELETE_OPERATION)
  }

  /** Renews the record's expiration and raises its generation, at this point of the sequence. */
  touchRecord(): this {
    return this.operation(TOUCH_OPERATION)
  }

  /** An operation as the codec has it: lists, maps, bits, HyperLogLogs, and what else has no method here. */
  operation(operation: Operation): this {
    if (!isRepeatable(operation)) this.plan.retryable = false
    this.push(operation)
    return this
  }

  /**
   * The command is applied only when the record has this generation, else it fails with GenerationError.
   *
   * @throws UsageError unless `generation` is an integer from 1 to 65535, the range that the server counts in.
   */
  ensureGenerationIs(generation: number): this {
    if (!Number.isInteger(generation) || generation <= 0 || generation > 0xffff) {
      throw new UsageError(`a generation is an integer from 1 to 65535, not ${generation}`)
    }
    this.plan.generation = generation
    return this
  }

  /** Overwrites only a record that exists: `upsert(key).replaceOnly()` is `replaceIfExists(key)`. */
  replaceOnly(): this {
    this.plan.verb = 'replaceIfExists'
    return this
  }

  protected override complete(): void {
    const { verb, bins, operations } = this.plan
    const says = operations !== undefined || (bins !== undefined && !isEmpty(bins))
    switch (verb) {
      case 'delete':
      case 'touch':
      case 'exists':
        if (says) throw new UsageError(`${verb} takes no bins and no operations`)
        return
      default:
        if (!says) throw new UsageError(`${verb} needs at least one bin or operation: put({ … }) or bin('…')`)
    }
  }
}

/**
 * A read of one record, or of many.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const users = DataSet.of('test', 'users')
 * for await (const row of session.query(users.id('alice')).bins(['name'])) console.log(row.ok && row.record?.bins)
 * ```
 */
export class KeyQueryBuilder<E extends Ending, B = unknown, Before = never, Picked = B> extends RecordBuilder<
  E,
  B,
  Before | Picked
> {
  constructor(runner: Runner<E>, keys: KeyOrKeys<B>, chain?: Chain<E>) {
    super(runner, recordPlan('query', firstOf(keys)), listOf(keys), chain)
  }

  /** Reads these bins only. @throws UsageError for none, or after {@link withNoBins}. */
  bins<const N extends BinName<B>>(names: readonly N[]): KeyQueryBuilder<E, B, Before, BinsPicked<B, N>> {
    if (names.length === 0)
      throw new UsageError('names must not be empty; see withNoBins() for metadata only')
    if (this.plan.verb === 'header') throw new UsageError('withNoBins() and bins() exclude each other')
    if (this.plan.operations !== undefined) throw new UsageError('bins() and bin() exclude each other')
    this.plan.binNames = [...names]
    return this as never
  }

  /** Reads generation and expiration only. @throws UsageError after {@link bins}. */
  withNoBins(): this {
    if (this.plan.binNames !== undefined || this.plan.operations !== undefined) {
      throw new UsageError('withNoBins() and bins() exclude each other')
    }
    this.plan.verb = 'header'
    return this
  }

  /**
   * Computes a value into the row, under a name that need not be a bin's. Other bins have to be asked for with {@link bin}.
   *
   * @throws AelError when the formula is a text that is no expression.
   */
  selectFrom(name: string, formula: Formula<B>, options?: SelectFromOptions): KeyQueryBuilder<E, B, unknown> {
    return this.operation(selectOperation(name, formula, options))
  }

  /** A read operation on one bin. Where the bins are known, only those that fit what this one holds. */
  bin<N extends BinName<B>>(name: N): ReadBinOf<KeyQueryBuilder<E, B, unknown>, B, N> {
    this.#checkOperations()
    return new ReadBinBuilder(this, name) as never
  }

  /** A read operation as the codec has it: what has no method here. @throws UsageError for one that writes. */
  operation(operation: Operation): KeyQueryBuilder<E, B, unknown> {
    this.#checkOperations()
    if (isWriteOperation(operation.type)) throw new UsageError('a query takes read operations only')
    this.push(operation)
    return this as never
  }

  #checkOperations(): void {
    if (this.plan.verb === 'header' || this.plan.binNames !== undefined)
      throw new UsageError('operations exclude withNoBins() and bins()')
  }
}

/**
 * A function in Lua, registered before, that the server applies to one record or to many: what it returns is the row's `udfResult`.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const source = 'function double(rec, bin) return 2 * rec[bin] end'
 * await (await session.registerUdf('arithmetic.lua', source)).done()
 *
 * const key = DataSet.of('test', 'users').id('alice')
 * await session.put(key, { age: 28 })
 * const stream = await session.executeUdf(key).function('arithmetic', 'double').passing('age').execute()
 * console.log((await stream.firstOrThrow()).udfResult) // 56
 * ```
 */
export class UdfBuilder<E extends Ending> extends ChangeBuilder<E> {
  constructor(runner: Runner<E>, keys: KeyOrKeys, chain?: Chain<E>) {
    super(runner, recordPlan('executeUdf', firstOf(keys)), listOf(keys), chain)
    // Nobody knows what it does: it is not repeated when it may have run.
    this.plan.retryable = false
  }

  /**
   * Which function is applied. @param packageName the module's name without `.lua`
   *
   * @throws UsageError for an empty name
   */
  function(packageName: string, functionName: string): this {
    this.plan.function = functionCall(packageName, functionName)
    return this
  }

  /** What the function is passed, behind the record. @throws UsageError before {@link function} */
  passing(...values: readonly Value[]): this {
    this.plan.function = passing(this.plan.function, values)
    return this
  }

  protected override complete(): void {
    checkFunction(this.plan.function)
  }
}

/**
 * Several segments, built one statement at a time: `batch.upsert(key).put({ … })`, `batch.delete(key)`, …, then
 * {@link BatchBuilder.execute | execute}. The same as a chain; every verb begins a segment.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const users = DataSet.of('test', 'users')
 * const batch = session.batch()
 * for (const name of ['alice', 'bob']) batch.upsert(users.id(name)).put({ name })
 * for await (const row of await batch.execute()) console.log(row.index, row.ok)
 * ```
 */
export class BatchBuilder<E extends Ending> {
  readonly #runner: Runner<E>
  readonly #chain: Chain<E> = []

  constructor(runner: Runner<E>) {
    this.#runner = runner
  }

  /** Creates these records or updates them. */
  upsert<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return this.#write('upsert', key, more)
  }

  /** Creates these records. */
  insert<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return this.#write('insert', key, more)
  }

  /** Updates these records. */
  update<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return this.#write('update', key, more)
  }

  /** Creates these records or overwrites them. */
  replace<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return this.#write('replace', key, more)
  }

  /** Overwrites these records. */
  replaceIfExists<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return this.#write('replaceIfExists', key, more)
  }

  /** Deletes these records. */
  delete<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return this.#write('delete', key, more)
  }

  /** Touches these records. */
  touch<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return this.#write('touch', key, more)
  }

  /** Asks whether these records are there. */
  exists<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): WriteBuilder<E, B> {
    return this.#write('exists', key, more)
  }

  /** Applies a function to these records. */
  executeUdf(key: KeyOrKeys, ...more: Key[]): UdfBuilder<E> {
    return new UdfBuilder<E>(this.#runner, checkKeys(key, more), this.#chain)
  }

  /** Reads these records. */
  query<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): KeyQueryBuilder<E, B, unknown> {
    return new KeyQueryBuilder<E, B, unknown>(this.#runner, checkKeys(key, more), this.#chain)
  }

  /** Sends everything as one call. @throws UsageError when there is nothing, or it has been executed before. */
  execute(options?: ExecuteOptions): Ended<E, unknown> {
    return this.#first().execute(options)
  }

  /** {@link execute} with the rows in the order in which they arrive. */
  executeStream(options?: ExecuteOptions): Ended<E, unknown> {
    return this.#first().executeStream(options)
  }

  #first(): RecordBuilder<E, unknown, unknown> {
    const [first] = this.#chain
    if (first === undefined)
      throw new UsageError('there is nothing to execute: begin with upsert(key), query(key), …')
    return first
  }

  #write<B>(verb: WriteVerb, key: KeyOrKeys<B>, more: readonly Key<B>[]): WriteBuilder<E, B> {
    return new WriteBuilder<E, B>(this.#runner, verb, checkKeys(key, more), this.#chain)
  }
}
