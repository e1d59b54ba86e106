import type { Ael } from '@aero/ael'
import {
  DELETE_OPERATION,
  type IndexQuery,
  isWriteOperation,
  type Operation,
  TOUCH_OPERATION,
  type Value,
} from '@aero/codec'
import { type Duration, parseDuration } from '@aero/config'
import type { BackgroundPlan } from './background-plan.ts'
import { BinBuilder } from './bin-builder.ts'
import type { Exp } from './exp.ts'
import { type Condition, filterOf } from './filter.ts'
import { checkFunction, functionCall, passing } from './function-call.ts'
import { querySpace, type RecordSpace } from './index-query.ts'
import { EXPIRATION } from './plan.ts'
import { queryPlan } from './query-plan.ts'
import { UsageError } from './usage-error.ts'

/** How background work ends: `Started` is a task, or a promise of one. */
export interface BackgroundRunner<Started> {
  runBackground(plan: BackgroundPlan): Started
}

/**
 * Work on all records of a set, or on those that meet a condition, done by the servers while nobody waits.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const users = DataSet.of('test', 'users')
 * const task = await session.backgroundTask().update(users).where('$.age >= 18').bin('adult').setTo(true).execute()
 * console.log((await task.done()).succeeded)
 * ```
 */
export class BackgroundBuilder<Started> {
  readonly #runner: BackgroundRunner<Started>
  readonly #plan: BackgroundPlan
  readonly #verb: 'update' | 'delete' | 'touch' | 'executeUdf'

  constructor(
    runner: BackgroundRunner<Started>,
    verb: 'update' | 'delete' | 'touch' | 'executeUdf',
    dataSet: RecordSpace,
  ) {
    this.#runner = runner
    this.#verb = verb
    const { namespace, setName } = querySpace(dataSet)
    this.#plan = {
      kind: 'background',
      query: queryPlan(namespace, setName),
      operations: verb === 'delete' ? [DELETE_OPERATION] : verb === 'touch' ? [TOUCH_OPERATION] : [],
      function: undefined,
      expiration: EXPIRATION.serverDefault,
      durableDelete: undefined,
    }
  }

  /** Operations on one bin of every record. @throws UsageError unless it is an update. */
  bin(name: string): BinBuilder<this> {
    this.#checkUpdate()
    return new BinBuilder(this, name)
  }

  /** A write operation as the codec has it. @throws UsageError for one that reads, and unless it is an update. */
  operation(operation: Operation): this {
    this.#checkUpdate()
    if (!isWriteOperation(operation.type))
      throw new UsageError('background work gives nothing back: it takes write operations only')
    this.#plan.operations.push(operation)
    return this
  }

  #checkUpdate(): void {
    if (this.#verb !== 'update')
      throw new UsageError(`${this.#verb}() takes no operations on bins; see update()`)
  }

  /**
   * Which function is applied to each record. @param packageName the module's name without `.lua`
   *
   * @throws UsageError for an empty name, and unless it is `executeUdf`
   */
  function(packageName: string, functionName: string): this {
    if (this.#verb !== 'executeUdf')
      throw new UsageError(`${this.#verb}() calls no function; see executeUdf()`)
    this.#plan.function = functionCall(packageName, functionName)
    return this
  }

  /** What the function is passed, behind the record. @throws UsageError before {@link function} */
  passing(...values: readonly Value[]): this {
    this.#plan.function = passing(this.#plan.function, values)
    return this
  }

  /** Only records that meet the condition; as text it also chooses an index. @throws as `where` of a query */
  where(condition: string, values?: readonly Value[]): this
  where(condition: Ael | Exp<'bool'>): this
  where(condition: Condition, values?: readonly Value[]): this {
    if (this.#plan.query.filter !== undefined)
      throw new UsageError('where() has been said already; combine the conditions with `and`')
    this.#plan.query.filter = filterOf(condition, values)
    return this
  }

  /** Only records that this index gives: see `IndexFilter`. @throws UsageError when there is one already */
  filter(index: IndexQuery): this {
    if (this.#plan.query.index !== undefined)
      throw new UsageError('one index is asked; filter() has been said already')
    this.#plan.query.index = index
    return this
  }

  /** Records that are written expire after this time: a number of milliseconds, or a text such as `'1h'`. */
  expireAfter(duration: Duration): this {
    const seconds = Math.ceil(parseDuration(duration) / 1000)
    if (seconds < 1) throw new UsageError('an expiration is a second at least; see neverExpire()')
    this.#plan.expiration = seconds
    return this
  }

  /** Records that are written never expire. */
  neverExpire(): this {
    this.#plan.expiration = EXPIRATION.never
    return this
  }

  /** Records keep the expiration they have. */
  keepExpiration(): this {
    this.#plan.expiration = EXPIRATION.unchanged
    return this
  }

  /** Deletes leave a tombstone. Enterprise servers only. */
  withDurableDelete(): this {
    this.#plan.durableDelete = true
    return this
  }

  /** Deletes leave no tombstone. */
  withoutDurableDelete(): this {
    this.#plan.durableDelete = false
    return this
  }

  /** Holds every node to so many records per second. @throws UsageError unless a whole number above 0. */
  recordsPerSecond(records: number): this {
    if (!Number.isSafeInteger(records) || records <= 0)
      throw new UsageError(`records per second must be a whole number > 0, not ${records}`)
    this.#plan.query.recordsPerSecond = records
    return this
  }

  /** Starts the work on every node. @throws UsageError when there is nothing to do */
  execute(): Started {
    if (this.#verb === 'executeUdf') checkFunction(this.#plan.function)
    else if (this.#plan.operations.length === 0)
      throw new UsageError(
        'a background update needs at least one operation: bin(name).setTo(…), bin(name).add(…), …',
      )
    return this.#runner.runBackground(this.#plan)
  }
}

/** What can be done in the background: the beginning of each. */
export class BackgroundTasks<Started> {
  readonly #runner: BackgroundRunner<Started>

  /** Made by `session.backgroundTask()`. */
  constructor(runner: BackgroundRunner<Started>) {
    this.#runner = runner
  }

  /** Changes bins of every record. */
  update(dataSet: RecordSpace): BackgroundBuilder<Started> {
    return new BackgroundBuilder(this.#runner, 'update', dataSet)
  }

  /** Deletes the records. */
  delete(dataSet: RecordSpace): BackgroundBuilder<Started> {
    return new BackgroundBuilder(this.#runner, 'delete', dataSet)
  }

  /** Renews the records' expiration. */
  touch(dataSet: RecordSpace): BackgroundBuilder<Started> {
    return new BackgroundBuilder(this.#runner, 'touch', dataSet)
  }

  /** Applies a function to every record. */
  executeUdf(dataSet: RecordSpace): BackgroundBuilder<Started> {
    return new BackgroundBuilder(this.#runner, 'executeUdf', dataSet)
  }
}
