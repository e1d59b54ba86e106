import {
  type AggregationPlan,
  type Session as AwaitedSession,
  type BackgroundPlan,
  type BackgroundRunner,
  BackgroundTasks,
  type BinName,
  type Bins,
  type BinsKnown,
  type BinsPicked,
  type BinsToPut,
  type CallOptions,
  DataSet,
  type Ending,
  type ExecuteOptions,
  errorFromCode,
  IndexBuilder,
  IndexQueryBuilder,
  type IndexRunner,
  type Key,
  type KeyOrKeys,
  type KeyQueryBuilder,
  type ListedModule,
  type Plan,
  type QueryCursor,
  type QueryExplanation,
  type QueryPlan,
  type QueryRunner,
  RESULT_CODE,
  type Record,
  type RecordSpace,
  type Row,
  SessionVerbs,
  type Writable,
} from '@aero/async'
import {
  ArrivingRows,
  asOneRecord,
  BackgroundStart,
  type ChosenIndex,
  ClusterGuard,
  checkSucceeded,
  checkWhollyIndexed,
  chooseIndex,
  errorStrategy,
  foundRecordOf,
  getPlan,
  headerPlan,
  moduleNameOf,
  needsIndexes,
  newTaskId,
  putPlan,
  querySpace,
  recordOf,
  rowsInOrder,
  rowsOf,
  type SessionCommands,
} from '@aero/async/engine'
import type { IndexCreation } from '@aero/codec'
import type { Behavior } from '@aero/config'
import { Aggregation } from './aggregation.ts'
import type { Bridge } from './bridge/bridge.ts'
import type { BlockingLoop } from './bridge/loop.ts'
import type { CallTarget } from './bridge/port-message.ts'
import { type InfoCommands, infoCommandsOver } from './info-commands.ts'
import { RecordStream, type RowSource } from './record-stream.ts'
import {
  type BackgroundTask,
  backgroundTask,
  type IndexTask,
  indexTask,
  type ModuleTask,
  moduleTask,
} from './tasks.ts'
import { type ValueChecks, ValueStream } from './value-stream.ts'

type IndexDefinitions = Parameters<typeof chooseIndex>[1]

/** How the builders of a session end: with a stream, of known bins where the data set knows them, else of `D`. */
export interface Streams<D> extends Ending {
  readonly result: RecordStream<BinsKnown<this['bins'], D>>
  readonly aggregation: Aggregation<D[keyof D]>
}

/**
 * A view of the cluster with one {@link Behavior}: where commands are said. Each call blocks this thread until its outcome is
 * there. Cheap, stateless, for the thread that connected.
 *
 * A `signal` counts only as it is when the call begins: while the thread is blocked, nothing can change it.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk/sync'
 * using cluster = new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const users = DataSet.of('test', 'users')
 * session.put(users.id('alice'), { name: 'Alice', age: 28 })
 * console.log(session.get(users.id('alice'))?.bins)
 * ```
 */
export class Session<D = Bins>
  extends SessionVerbs<Streams<D>>
  implements
    QueryRunner<Streams<D>, QueryExplanation>,
    IndexRunner<IndexTask, void>,
    BackgroundRunner<BackgroundTask>
{
  readonly #commands: SessionCommands<D>
  readonly #bridge: Bridge
  readonly #loop: BlockingLoop

  /** Made by `cluster.createSession(behavior, options)`. */
  constructor(commands: SessionCommands<D>, bridge: Bridge) {
    super()
    this.#commands = commands
    this.#bridge = bridge
    this.#loop = bridge.loop
  }

  get behavior(): Behavior {
    return this.#commands.behavior
  }

  /** The same session with another behavior. */
  withBehavior(behavior: Behavior): Session<D> {
    return new Session<D>(this.#commands.withBehavior(behavior), this.#bridge)
  }

  // ---- direct calls

  /**
   * Reads a record: all its bins, or those named. Bins that the record lacks are absent from `bins`.
   *
   * @returns `undefined` when there is no such record.
   * @throws AerospikeError for everything else that goes wrong.
   */
  get<B = unknown, const N extends BinName<B> = BinName<B>>(
    key: Key<B>,
    bins?: readonly N[],
    options?: CallOptions,
  ): Record<BinsKnown<BinsPicked<B, N>, D>> | undefined {
    const command = this.#commands.record<BinsKnown<BinsPicked<B, N>, D>>(getPlan(key, bins))
    this.#loop.finish((done) => command.begin(done, options?.signal))
    return recordOf(command)
  }

  /**
   * Reads a record as {@link get} does, where it must be there.
   *
   * @throws RecordNotFoundError when there is no such record, AerospikeError for everything else that goes wrong.
   */
  getOrThrow<B = unknown, const N extends BinName<B> = BinName<B>>(
    key: Key<B>,
    bins?: readonly N[],
    options?: CallOptions,
  ): Record<BinsKnown<BinsPicked<B, N>, D>> {
    const command = this.#commands.record<BinsKnown<BinsPicked<B, N>, D>>(getPlan(key, bins))
    this.#loop.finish((done) => command.begin(done, options?.signal))
    return foundRecordOf(command)
  }

  /** Reads a record's generation and ttl without its bins. @returns `undefined` when there is no such record. */
  getHeader(key: Key, options?: CallOptions): Record<D> | undefined {
    const command = this.#commands.record<D>(headerPlan(key))
    this.#loop.finish((done) => command.begin(done, options?.signal))
    return recordOf(command)
  }

  /**
   * Writes bins: creates the record or updates it. Bins that are not mentioned stay; `null` removes a bin.
   *
   * @throws AerospikeError with code SERIALIZE_ERROR and the path of the value, before anything is sent, for a value that
   * cannot be stored.
   */
  put<B = unknown, T extends Writable<T> = never>(
    key: Key<B>,
    bins: unknown extends B ? T : BinsToPut<B>,
    options?: CallOptions,
  ): void {
    const command = this.#commands.record(putPlan(key, bins))
    this.#loop.finish((done) => command.begin(done, options?.signal))
    checkSucceeded(command)
  }

  // ---- queries

  /** Reads the record, or all of them. */
  override query<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): KeyQueryBuilder<Streams<D>, B>
  /** Reads the records of a set, or those of them that meet a condition. */
  override query<B = unknown>(dataSet: DataSet<B>): IndexQueryBuilder<Streams<D>, QueryExplanation, B>
  /** Reads the records of a set, or without one those of the whole namespace. */
  override query(namespace: string, setName?: string): IndexQueryBuilder<Streams<D>, QueryExplanation>
  override query(
    first: KeyOrKeys | DataSet | string,
    second?: Key | string,
    ...more: Key[]
  ): KeyQueryBuilder<Streams<D>> | IndexQueryBuilder<Streams<D>, QueryExplanation> {
    if (typeof first === 'string' || first instanceof DataSet) {
      const { namespace, setName } = querySpace(first, second as string | undefined)
      return new IndexQueryBuilder(this, namespace, setName)
    }
    return super.query(first, ...(second === undefined ? [] : [second as Key]), ...more)
  }

  /** Begins a query over a set or namespace; what its builder's `execute()` ends in. */
  runQuery(plan: QueryPlan, options: ExecuteOptions = {}): RecordStream<D> {
    const rows = this.#commands.query(plan, this.#choose(plan), options)
    return RecordStream.from(new BlockingRows(rows, this.#loop))
  }

  /** How a query would be done. */
  explainQuery(plan: QueryPlan): QueryExplanation {
    return this.#choose(plan).explanation
  }

  /** An aggregation; what `aggregate()` of a query ends in. */
  aggregation(plan: AggregationPlan): Aggregation<D[keyof D]> {
    const commands = this.#commands
    return new Aggregation(plan, {
      recordOptions: commands.recordOptions,
      begin: (read, { signal, failOnClusterChange = true }) => {
        // Servers check no texts then.
        const chosen = this.#choose(plan.query, false)
        checkWhollyIndexed(chosen)
        const nodes = this.#bridge.cluster.nodes()
        const command = commands.aggregation({ plan, chosen }, nodes, read, signal)
        const isGuarded = failOnClusterChange && command.mayBegin
        return new ValueStream(
          command,
          this.#loop,
          isGuarded ? this.#guarding(plan, nodes, command.policy.totalTimeoutMs) : undefined,
        )
      },
    })
  }

  #guarding(
    plan: AggregationPlan,
    nodes: readonly { readonly name: string }[],
    totalTimeoutMs: number,
  ): ValueChecks {
    const guard = new ClusterGuard(plan, nodes, totalTimeoutMs)
    const check = () => {
      let answers: ReadonlyMap<string, string>
      try {
        answers = this.info().infoOnAllNodes(guard.command, { timeout: guard.timeoutMs })
      } catch (cause) {
        throw guard.unanswered(cause)
      }
      guard.check(answers)
    }
    return { before: check, after: check }
  }

  #choose(
    asked: QueryPlan,
    serverCompiles: boolean = this.#commands.engine.cluster.compilesExpressions(),
  ): ChosenIndex {
    const plan = this.#commands.withIndexes(asked)
    const indexes = needsIndexes(plan, serverCompiles)
      ? (this.#bridge.call({ of: 'indexes' }, 'indexesOf', [plan.namespace]) as IndexDefinitions)
      : (plan.indexes ?? [])
    return chooseIndex(plan, indexes, serverCompiles)
  }

  // ---- indexes, sets, servers

  /** Begins a secondary index on a set, or on all of a namespace, to be created or dropped. */
  index(dataSet: RecordSpace | string, setName?: string): IndexBuilder<IndexTask, void> {
    const { namespace, setName: set } = querySpace(dataSet, setName)
    return new IndexBuilder(this, namespace, set)
  }

  /** Creates an index; what its builder's `create()` ends in. @throws IndexError when there is another one of this name */
  createIndex(index: IndexCreation): IndexTask {
    this.#call('createIndex', index)
    const { namespace, name } = index
    const target: CallTarget = { of: 'index-task', namespace, name }
    return indexTask(namespace, name, (method, args) => this.#bridge.call(target, method, args))
  }

  /** Drops an index; what its builder's `drop()` ends in. */
  dropIndex(namespace: string, name: string): void {
    this.#call('dropIndex', namespace, name)
  }

  /** Looks anew which indexes a namespace has, instead of within five seconds. */
  refreshIndexes(namespace: string): void {
    this.#call('refreshIndexes', namespace)
  }

  /**
   * Removes all records of a set or a namespace, or those that were last changed before a moment. Servers do it in the background: a
   * query right after it may still find some.
   *
   * @param options.before a Date, or nanoseconds since 1970 as a bigint; not in the future
   * @throws AerospikeError when the servers refuse
   */
  truncate(dataSet: RecordSpace | string, options: { readonly before?: Date | bigint } = {}): void {
    const { namespace, setName } = querySpace(dataSet)
    this.#call('truncate', setName === undefined ? namespace : { namespace, setName }, options)
  }

  /** What the servers tell of themselves. */
  info(): InfoCommands {
    return infoCommandsOver((method, args) => this.#bridge.call({ of: 'info' }, method, args))
  }

  /** Whether a namespace is strongly consistent. @throws InvalidNamespaceError when no node has it. */
  isNamespaceSc(namespace: string): boolean {
    return this.info().isNamespaceSc(namespace)
  }

  // ---- background work and functions

  /** Begins work that the servers do on many records while nobody waits. */
  backgroundTask(): BackgroundTasks<BackgroundTask> {
    return new BackgroundTasks(this)
  }

  /** Starts background work; what its builder's `execute()` ends in. */
  runBackground(plan: BackgroundPlan): BackgroundTask {
    const chosen = this.#choose(plan.query)
    const taskId = newTaskId()
    const nodes = this.#bridge.cluster.nodes()
    if (nodes.length === 0)
      throw errorFromCode(RESULT_CODE.SERVER_NOT_AVAILABLE, { message: 'no node of the cluster is known' })
    const job = { plan, chosen, taskId }
    const policy = this.#commands.backgroundPolicy(plan.query.namespace)
    const start = new BackgroundStart(this.#commands.engine, nodes, policy, job)
    this.#loop.finish((done) => start.begin(done))
    start.checkSucceeded()
    const target: CallTarget = { of: 'background-task', id: taskId }
    return backgroundTask(taskId, (method, args) => this.#bridge.call(target, method, args))
  }

  /**
   * Registers a module of functions with the cluster, in Lua.
   *
   * @param name the module's file name, ending in `.lua`
   * @returns a task that tells when every node has it
   * @throws UsageError for an empty text; UdfError with file and line when it does not compile
   */
  registerUdf(name: string, content: string | Uint8Array): ModuleTask {
    this.#call('registerUdf', name, content)
    return this.#moduleTask(name, true)
  }

  /**
   * Registers a module from a file of this machine.
   *
   * @param path where it is, from the current folder on
   * @param name the module's file name on the servers; default: that of the file
   * @returns a task that tells when every node has it
   * @throws UsageError when there is no such file, it cannot be read, or it is empty; UdfError when it does not compile
   */
  registerUdfFromFile(path: string, name?: string): ModuleTask {
    this.#call('registerUdfFromFile', path, name)
    return this.#moduleTask(moduleNameOf(path, name), true)
  }

  /** The text of a module that the cluster has, by its file name; `undefined` when there is none. */
  getUdf(name: string): string | undefined {
    return this.#call('getUdf', name) as string | undefined
  }

  /** Removes a module; that there is none is no error. @returns a task that tells when no node has it */
  removeUdf(name: string): ModuleTask {
    this.#call('removeUdf', name)
    return this.#moduleTask(name, false)
  }

  #moduleTask(name: string, isWanted: boolean): ModuleTask {
    const target: CallTarget = { of: 'module-task', name, isWanted }
    return moduleTask(name, (method, args) => this.#bridge.call(target, method, args))
  }

  /** The modules of functions that the cluster has. */
  listUdfs(): ListedModule[] {
    return this.#call('listUdfs') as ListedModule[]
  }

  /** Has the worker's session do it. */
  #call(method: keyof AwaitedSession, ...args: readonly unknown[]): unknown {
    return this.#bridge.call({ of: 'session' }, method, args)
  }

  // ---- what the verbs end in

  /** Runs a plan; what a builder's `execute()` ends in. */
  override run(plan: Plan, options: ExecuteOptions = {}): RecordStream<D> {
    const { signal } = options
    const onError = errorStrategy(plan, options)
    const work = asOneRecord(plan)
    if (work.kind === 'record') {
      const command = this.#commands.record<D>(work)
      this.#loop.finish((done) => command.begin(done, signal))
      return RecordStream.over(rowsOf(work, command, onError))
    }
    const command = this.#commands.batch(work)
    if (options.order === 'arrival') {
      this.#loop.finish((done) => done())
      return RecordStream.from(new BlockingRows(new ArrivingRows(command, onError, signal), this.#loop))
    }
    this.#loop.finish((done) => command.begin(done, signal))
    return RecordStream.over(rowsInOrder(command, onError))
  }
}

/** Rows that come bit by bit: those of a query, or of a batch. */
interface ComingRows<B> {
  take(): Row<B> | undefined
  readonly isDone: boolean
  arrival(wake: () => void): void
  close(): void
  readonly isBetweenChunks?: boolean
  nextChunk?(): void
  cursor?(): QueryCursor
}

/** Rows as they arrive; who asks for one that is not there yet is blocked. */
class BlockingRows<B> implements RowSource<B> {
  readonly #rows: ComingRows<B>
  readonly #loop: BlockingLoop

  constructor(rows: ComingRows<B>, loop: BlockingLoop) {
    this.#rows = rows
    this.#loop = loop
  }

  next(): Row<B> | undefined {
    for (;;) {
      const row = this.#rows.take()
      if (row !== undefined || this.#rows.isDone) return row
      this.#loop.finish((done) => this.#rows.arrival(done))
    }
  }

  take(): Row<B> | undefined {
    return this.#rows.take()
  }

  close(): void {
    this.#rows.close()
  }

  get isBetweenChunks(): boolean {
    return this.#rows.isBetweenChunks === true
  }

  nextChunk(): void {
    this.#rows.nextChunk?.()
  }

  cursor(): QueryCursor | undefined {
    return this.#rows.cursor?.()
  }
}
