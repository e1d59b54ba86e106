import type { Bins, Key, Record } from '@aero/codec'
import type { Behavior } from '@aero/config'
import type { Writable } from '../plan/bins-to-write.ts'
import { DataSet } from '../plan/data-set.ts'
import { getPlan, headerPlan, putPlan } from '../plan/direct-calls.ts'
import { IndexQueryBuilder, type QueryRunner, querySpace } from '../plan/index-query.ts'
import type { KeyOrKeys } from '../plan/keys.ts'
import type { Plan } from '../plan/plan.ts'
import type { QueryPlan } from '../plan/query-plan.ts'
import type { KeyQueryBuilder } from '../plan/record-builder.ts'
import type { Ending, ExecuteOptions } from '../plan/runner.ts'
import { SessionVerbs } from '../plan/session-verbs.ts'
import type { BinName, BinsKnown, BinsPicked, BinsToPut } from '../plan/typed-bins.ts'
import { RecordStream } from '../result/record-stream.ts'
import { streamAsTheyArrive, streamInOrder } from './batch-stream.ts'
import { type ChosenIndex, chooseIndex, needsIndexes, type QueryExplanation } from './choose-index.ts'
import type { IndexMonitor } from './index-monitor.ts'
import type { InfoClient } from './info-client.ts'
import {
  asOneRecord,
  checkSucceeded,
  errorStrategy,
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
  implements QueryRunner<Streams<D>, Promise<QueryExplanation>>
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

  async #choose(plan: QueryPlan): Promise<ChosenIndex> {
    const indexes = needsIndexes(plan)
      ? await this.#services.indexes.indexesOf(plan.namespace)
      : (plan.indexes ?? [])
    return chooseIndex(plan, indexes, this.#commands.engine.cluster.compilesExpressions())
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
