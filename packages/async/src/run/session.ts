import type { Bins, Key, Record } from '@aero/codec'
import type { Behavior } from '@aero/config'
import type { Writable } from '../plan/bins-to-write.ts'
import { getPlan, headerPlan, putPlan } from '../plan/direct-calls.ts'
import type { Plan } from '../plan/plan.ts'
import type { Ending, ExecuteOptions } from '../plan/runner.ts'
import { SessionVerbs } from '../plan/session-verbs.ts'
import type { BinName, BinsKnown, BinsPicked, BinsToPut } from '../plan/typed-bins.ts'
import { RecordStream } from '../result/record-stream.ts'
import { streamAsTheyArrive, streamInOrder } from './batch-stream.ts'
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
export class Session<D = Bins> extends SessionVerbs<Streams<D>> {
  readonly #commands: SessionCommands<D>

  /** Made by `cluster.createSession(behavior, options)`. */
  constructor(commands: SessionCommands<D>) {
    super()
    this.#commands = commands
  }

  get behavior(): Behavior {
    return this.#commands.behavior
  }

  /** The same session with another behavior. */
  withBehavior(behavior: Behavior): Session<D> {
    return new Session<D>(this.#commands.withBehavior(behavior))
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
