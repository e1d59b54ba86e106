import {
  type BinName,
  type Bins,
  type BinsKnown,
  type BinsPicked,
  type BinsToPut,
  type CallOptions,
  type Ending,
  type ExecuteOptions,
  type Key,
  type Plan,
  type Record,
  type Row,
  SessionVerbs,
  type Writable,
} from '@aero/async'
import {
  ArrivingRows,
  asOneRecord,
  checkSucceeded,
  errorStrategy,
  getPlan,
  headerPlan,
  putPlan,
  recordOf,
  rowsInOrder,
  rowsOf,
  type SessionCommands,
} from '@aero/async/engine'
import type { Behavior } from '@aero/config'
import type { BlockingLoop } from './bridge/loop.ts'
import { RecordStream, type RowSource } from './record-stream.ts'

/** How the builders of a session end: with a stream, of known bins where the data set knows them, else of `D`. */
export interface Streams<D> extends Ending {
  readonly result: RecordStream<BinsKnown<this['bins'], D>>
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
export class Session<D = Bins> extends SessionVerbs<Streams<D>> {
  readonly #commands: SessionCommands<D>
  readonly #loop: BlockingLoop

  /** Made by `cluster.createSession(behavior, options)`. */
  constructor(commands: SessionCommands<D>, loop: BlockingLoop) {
    super()
    this.#commands = commands
    this.#loop = loop
  }

  get behavior(): Behavior {
    return this.#commands.behavior
  }

  /** The same session with another behavior. */
  withBehavior(behavior: Behavior): Session<D> {
    return new Session<D>(this.#commands.withBehavior(behavior), this.#loop)
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

/** Rows as they arrive; who asks for one that is not there yet is blocked. */
class BlockingRows<B> implements RowSource<B> {
  readonly #rows: ArrivingRows<B>
  readonly #loop: BlockingLoop

  constructor(rows: ArrivingRows<B>, loop: BlockingLoop) {
    this.#rows = rows
    this.#loop = loop
  }

  next(): Row<B> | undefined {
    for (;;) {
      const row = this.#rows.take()
      if (row !== undefined || this.#rows.isDone) return row
      this.#loop.turn(Number.POSITIVE_INFINITY)
    }
  }

  close(): void {
    this.#rows.close()
  }
}
