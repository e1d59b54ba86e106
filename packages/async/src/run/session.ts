import {
  type Bins,
  compareBuilds,
  type IndexCreation,
  type Key,
  type ListedModule,
  parseBuild,
  printIndexCreation,
  printIndexDeletion,
  printTruncation,
  type Record,
  type ServerBuild,
} from '@aero/codec'
import type { Behavior } from '@aero/config'
import type { AggregationPlan } from '../plan/aggregation-plan.ts'
import { type BackgroundRunner, BackgroundTasks } from '../plan/background-builder.ts'
import type { BackgroundPlan } from '../plan/background-plan.ts'
import type { Writable } from '../plan/bins-to-write.ts'
import { DataSet } from '../plan/data-set.ts'
import { getPlan, headerPlan, putPlan } from '../plan/direct-calls.ts'
import { IndexBuilder, type IndexRunner } from '../plan/index-builder.ts'
import { IndexQueryBuilder, type QueryRunner, querySpace, type RecordSpace } from '../plan/index-query.ts'
import type { KeyOrKeys } from '../plan/keys.ts'
import type { Plan } from '../plan/plan.ts'
import type { QueryPlan } from '../plan/query-plan.ts'
import type { KeyQueryBuilder } from '../plan/record-builder.ts'
import type { Ending, ExecuteOptions } from '../plan/runner.ts'
import { SessionVerbs } from '../plan/session-verbs.ts'
import type { BinName, BinsKnown, BinsPicked, BinsToPut } from '../plan/typed-bins.ts'
import { RecordStream } from '../result/record-stream.ts'
import { type ValueChecks, ValueStream } from '../result/value-stream.ts'
import { Aggregation } from './aggregation.ts'
import { BackgroundTask } from './background-task.ts'
import { streamAsTheyArrive, streamInOrder } from './batch-stream.ts'
import { type ChosenIndex, chooseIndex, needsIndexes, type QueryExplanation } from './choose-index.ts'
import { ClusterGuard } from './cluster-guard.ts'
import type { CommandNode } from './engine.ts'
import type { IndexMonitor } from './index-monitor.ts'
import { IndexTask } from './index-task.ts'
import type { InfoClient, InfoNode } from './info-client.ts'
import { InfoCommands } from './info-commands.ts'
import { moduleNameOf, readModuleFile } from './module-file.ts'
import { listModules, ModuleTask, readModule, registerModule, removeModule } from './modules.ts'
import { newTaskId } from './node-streams.ts'
import { type AggregationCommand, checkWhollyIndexed } from './run-aggregation.ts'
import { BackgroundStart } from './run-background.ts'
import {
  asOneRecord,
  checkSucceeded,
  errorStrategy,
  foundRecordOf,
  recordOf,
  rowsOf,
  type SessionCommands,
} from './session-commands.ts'

/** What the direct calls take. */
export interface CallOptions {
  /** Ends the call early. */
  readonly signal?: AbortSignal
}

/** What sessions of one cluster share, beside commands. */
export interface SessionServices {
  readonly info: InfoClient
  readonly indexes: IndexMonitor
}

/** How the builders of a session end: with a promise of a stream, of known bins where the data set knows them, else of `D`. */
export interface Streams<D> extends Ending {
  readonly result: Promise<RecordStream<BinsKnown<this['bins'], D>>>
  readonly aggregation: Aggregation<D[keyof D]>
}

/**
 * A view of the cluster with one {@link Behavior}: where commands are said. Cheap, stateless, safe to share.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const users = DataSet.of('test', 'users')
 * await session.put(users.id('alice'), { name: 'Alice', age: 28 })
 * console.log((await session.get(users.id('alice')))?.bins)
 * ```
 */
export class Session<D = Bins>
  extends SessionVerbs<Streams<D>>
  implements
    QueryRunner<Streams<D>, Promise<QueryExplanation>>,
    IndexRunner<Promise<IndexTask>, Promise<void>>,
    BackgroundRunner<Promise<BackgroundTask>>
{
  readonly #commands: SessionCommands<D>
  readonly #services: SessionServices

  /** Made by `cluster.createSession(behavior, options)`. */
  constructor(commands: SessionCommands<D>, services: SessionServices) {
    super()
    this.#commands = commands
    this.#services = services
  }

  get behavior(): Behavior {
    return this.#commands.behavior
  }

  /** The same session with another behavior. */
  withBehavior(behavior: Behavior): Session<D> {
    return new Session<D>(this.#commands.withBehavior(behavior), this.#services)
  }

  // ---- direct calls

  /**
   * Reads a record: all its bins, or those named. Bins that the record lacks are absent from `bins`.
   *
   * @returns `undefined` when there is no such record.
   * @throws AerospikeError for everything else that goes wrong.
   */
  async get<B = unknown, const N extends BinName<B> = BinName<B>>(
    key: Key<B>,
    bins?: readonly N[],
    options?: CallOptions,
  ): Promise<Record<BinsKnown<BinsPicked<B, N>, D>> | undefined> {
    const command = this.#commands.record<BinsKnown<BinsPicked<B, N>, D>>(getPlan(key, bins))
    await command.start(options?.signal)
    return recordOf(command)
  }

  /**
   * Reads a record as {@link get} does, where it must be there.
   *
   * @throws RecordNotFoundError when there is no such record, AerospikeError for everything else that goes wrong.
   */
  async getOrThrow<B = unknown, const N extends BinName<B> = BinName<B>>(
    key: Key<B>,
    bins?: readonly N[],
    options?: CallOptions,
  ): Promise<Record<BinsKnown<BinsPicked<B, N>, D>>> {
    const command = this.#commands.record<BinsKnown<BinsPicked<B, N>, D>>(getPlan(key, bins))
    await command.start(options?.signal)
    return foundRecordOf(command)
  }

  /** Reads a record's generation and ttl without its bins. @returns `undefined` when there is no such record. */
  async getHeader(key: Key, options?: CallOptions): Promise<Record<D> | undefined> {
    const command = this.#commands.record<D>(headerPlan(key))
    await command.start(options?.signal)
    return recordOf(command)
  }

  /**
   * Writes bins: creates the record or updates it. Bins that are not mentioned stay; `null` removes a bin.
   *
   * @throws AerospikeError with code SERIALIZE_ERROR and the path of the value, before anything is sent, for a value that
   * cannot be stored.
   */
  async put<B = unknown, T extends Writable<T> = never>(
    key: Key<B>,
    bins: unknown extends B ? T : BinsToPut<B>,
    options?: CallOptions,
  ): Promise<void> {
    const command = this.#commands.record(putPlan(key, bins))
    await command.start(options?.signal)
    checkSucceeded(command)
  }

  // ---- queries

  /** Reads the record, or all of them. */
  override query<B = unknown>(key: KeyOrKeys<B>, ...more: Key<B>[]): KeyQueryBuilder<Streams<D>, B>
  /** Reads the records of a set, or those of them that meet a condition. */
  override query<B = unknown>(
    dataSet: DataSet<B>,
  ): IndexQueryBuilder<Streams<D>, Promise<QueryExplanation>, B>
  /** Reads the records of a set, or without one those of the whole namespace. */
  override query(
    namespace: string,
    setName?: string,
  ): IndexQueryBuilder<Streams<D>, Promise<QueryExplanation>>
  override query(
    first: KeyOrKeys | DataSet | string,
    second?: Key | string,
    ...more: Key[]
  ): KeyQueryBuilder<Streams<D>> | IndexQueryBuilder<Streams<D>, Promise<QueryExplanation>> {
    if (typeof first === 'string' || first instanceof DataSet) {
      const { namespace, setName } = querySpace(first, second as string | undefined)
      return new IndexQueryBuilder(this, namespace, setName)
    }
    return super.query(first, ...(second === undefined ? [] : [second as Key]), ...more)
  }

  /** Begins a query over a set or namespace; what its builder's `execute()` ends in. */
  async runQuery(plan: QueryPlan, options: ExecuteOptions = {}): Promise<RecordStream<D>> {
    const chosen = await this.#choose(plan)
    return RecordStream.from(this.#commands.query(plan, chosen, options))
  }

  /** How a query would be done. */
  async explainQuery(plan: QueryPlan): Promise<QueryExplanation> {
    return (await this.#choose(plan)).explanation
  }

  /** An aggregation; what `aggregate()` of a query ends in. */
  aggregation(plan: AggregationPlan): Aggregation<D[keyof D]> {
    const commands = this.#commands
    return new Aggregation(plan, {
      recordOptions: commands.recordOptions,
      begin: async (read, { signal, failOnClusterChange = true }) => {
        // Servers check no texts then.
        const chosen = await this.#choose(plan.query, false)
        checkWhollyIndexed(chosen)
        const nodes = this.#services.info.nodes() as readonly (InfoNode & CommandNode)[]
        const command = commands.aggregation({ plan, chosen }, nodes, read, signal)
        const isGuarded = failOnClusterChange && command.mayBegin
        return new ValueStream(command, isGuarded ? this.#guarding(plan, command, signal) : undefined)
      },
    })
  }

  #guarding(
    plan: AggregationPlan,
    { nodes, policy }: AggregationCommand<unknown>,
    signal: AbortSignal | undefined,
  ): ValueChecks {
    const guard = new ClusterGuard(plan, nodes, policy.totalTimeoutMs)
    const check = async () => {
      let answers: ReadonlyMap<string, string>
      try {
        answers = await this.#services.info.askAll(guard.command, signal, guard.timeoutMs)
      } catch (cause) {
        throw guard.unanswered(cause, signal)
      }
      guard.check(answers)
    }
    return { before: check, after: check }
  }

  async #choose(
    asked: QueryPlan,
    serverCompiles: boolean = this.#commands.engine.cluster.compilesExpressions(),
  ): Promise<ChosenIndex> {
    const plan = this.#commands.withIndexes(asked)
    const indexes = needsIndexes(plan, serverCompiles)
      ? await this.#services.indexes.indexesOf(plan.namespace)
      : (plan.indexes ?? [])
    return chooseIndex(plan, indexes, serverCompiles)
  }

  // ---- indexes, sets, servers

  /** Begins a secondary index on a set, or on all of a namespace, to be created or dropped. */
  index(dataSet: RecordSpace | string, setName?: string): IndexBuilder<Promise<IndexTask>, Promise<void>> {
    const { namespace, setName: set } = querySpace(dataSet, setName)
    return new IndexBuilder(this, namespace, set)
  }

  /** Creates an index; what its builder's `create()` ends in. @throws IndexError when there is another one of this name */
  async createIndex(index: IndexCreation): Promise<IndexTask> {
    const { info, indexes } = this.#services
    // All nodes carry it out: what the oldest understands, all do.
    const builds = info.nodes().map(({ build }) => parseBuild(build))
    const [oldest] = builds.sort(compareBuilds)
    await info.askOne(printIndexCreation(index, oldest as ServerBuild))
    indexes.forget(index.namespace)
    return new IndexTask(info, this.#commands.engine.clock, index.namespace, index.name)
  }

  /** Drops an index; what its builder's `drop()` ends in. */
  async dropIndex(namespace: string, name: string): Promise<void> {
    const { info, indexes } = this.#services
    await info.askOne(printIndexDeletion(namespace, name))
    indexes.forget(namespace)
  }

  /** Looks anew which indexes a namespace has, instead of within five seconds. */
  async refreshIndexes(namespace: string): Promise<void> {
    const { indexes } = this.#services
    indexes.forget(namespace)
    await indexes.indexesOf(namespace)
  }

  /**
   * Removes all records of a set or a namespace, or those that were last changed before a moment. Servers do it in the background: a
   * query right after it may still find some.
   *
   * @param options.before a Date, or nanoseconds since 1970 as a bigint; not in the future
   * @throws AerospikeError when the servers refuse
   */
  async truncate(
    dataSet: RecordSpace | string,
    options: { readonly before?: Date | bigint } = {},
  ): Promise<void> {
    const { namespace, setName } = querySpace(dataSet)
    const { before } = options
    const nanoseconds = before instanceof Date ? BigInt(before.getTime()) * 1_000_000n : before
    await this.#services.info.askOne(printTruncation(namespace, setName, nanoseconds))
  }

  /** What the servers tell of themselves. */
  info(): InfoCommands {
    return new InfoCommands(this.#services.info)
  }

  /** Whether a namespace is strongly consistent. @throws InvalidNamespaceError when no node has it. */
  isNamespaceSc(namespace: string): Promise<boolean> {
    return this.info().isNamespaceSc(namespace)
  }

  // ---- background work and functions

  /** Begins work that the servers do on many records while nobody waits. */
  backgroundTask(): BackgroundTasks<Promise<BackgroundTask>> {
    return new BackgroundTasks(this)
  }

  /** Starts background work; what its builder's `execute()` ends in. */
  async runBackground(plan: BackgroundPlan): Promise<BackgroundTask> {
    const chosen = await this.#choose(plan.query)
    const { engine } = this.#commands
    const { info } = this.#services
    const taskId = newTaskId()
    const nodes = info.nodes() as readonly (InfoNode & CommandNode)[]
    const policy = this.#commands.backgroundPolicy(plan.query.namespace)
    const start = new BackgroundStart(engine, nodes, policy, { plan, chosen, taskId })
    await new Promise<void>((resolve) => start.begin(resolve))
    start.checkSucceeded()
    return new BackgroundTask(info, engine.clock, taskId)
  }

  /**
   * Registers a module of functions with the cluster, in Lua.
   *
   * @param name the module's file name, ending in `.lua`
   * @returns a task that tells when every node has it
   * @throws UsageError for an empty text; UdfError with file and line when it does not compile
   */
  async registerUdf(name: string, content: string | Uint8Array): Promise<ModuleTask> {
    const { info } = this.#services
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    await registerModule(info, name, bytes)
    return new ModuleTask(info, this.#commands.engine.clock, name, true)
  }

  /**
   * Registers a module from a file of this machine.
   *
   * @param path where it is, from the current folder on
   * @param name the module's file name on the servers; default: that of the file
   * @returns a task that tells when every node has it
   * @throws UsageError when there is no such file, it cannot be read, or it is empty; UdfError when it does not compile
   */
  async registerUdfFromFile(path: string, name?: string): Promise<ModuleTask> {
    return await this.registerUdf(moduleNameOf(path, name), await readModuleFile(path))
  }

  /** The text of a module that the cluster has, by its file name; `undefined` when there is none. */
  getUdf(name: string): Promise<string | undefined> {
    return readModule(this.#services.info, name)
  }

  /** Removes a module; that there is none is no error. @returns a task that tells when no node has it */
  async removeUdf(name: string): Promise<ModuleTask> {
    const { info } = this.#services
    await removeModule(info, name)
    return new ModuleTask(info, this.#commands.engine.clock, name, false)
  }

  /** The modules of functions that the cluster has. */
  listUdfs(): Promise<ListedModule[]> {
    return listModules(this.#services.info)
  }

  // ---- what the verbs end in

  /** Runs a plan; what a builder's `execute()` ends in. */
  override async run(plan: Plan, options: ExecuteOptions = {}): Promise<RecordStream<D>> {
    const { signal } = options
    const onError = errorStrategy(plan, options)
    const work = asOneRecord(plan)
    if (work.kind === 'record') {
      const command = this.#commands.record<D>(work)
      await command.start(signal)
      return RecordStream.over(rowsOf(work, command, onError))
    }
    const command = this.#commands.batch(work)
    return options.order === 'arrival'
      ? streamAsTheyArrive(command, onError, signal)
      : streamInOrder(command, onError, signal)
  }
}
