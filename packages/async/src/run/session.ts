import { type Bins, DEFAULT_VALUE_OPTIONS, type Key, RESULT_CODE, type Record } from '@aero/codec'
import type { Behavior } from '@aero/config'
import type { AerospikeError } from '../errors.ts'
import { type BinsToWrite, checkBins, isEmpty, type Writable } from '../plan/bins-to-write.ts'
import { type Plan, type RecordPlan, recordPlan } from '../plan/plan.ts'
import { KeyQueryBuilder, WriteBuilder, type WriteVerb } from '../plan/record-builder.ts'
import type { ExecuteOptions, Runner } from '../plan/runner.ts'
import { UsageError } from '../plan/usage-error.ts'
import { RecordStream } from '../result/record-stream.ts'
import { FailedRow, OkRow } from '../result/row.ts'
import type { Engine } from './engine.ts'
import { type PointPolicy, pointPolicy } from './point-policy.ts'
import { RecordCommand } from './record-command.ts'
import { VERB_BITS } from './verb-bits.ts'

/** What a session can be told beside its behavior. */
export interface SessionOptions {
  /** How 64-bit integers are read: `auto` (default) a number when safe, else a bigint; `bigint` always; `number` refuses unsafe ones. */
  readonly integers?: 'auto' | 'bigint' | 'number'
  /** How maps are read: `auto` (default) a plain object when every key is a string, else a Map; `map` always a Map. */
  readonly maps?: 'auto' | 'map'
  /** What `undefined` as a bin's value does: `error` (default), or `skip` the bin. */
  readonly undefinedBins?: 'error' | 'skip'
}

/** What the direct calls take. */
export interface CallOptions {
  /** Ends the call early. */
  readonly signal?: AbortSignal
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
export class Session<D = Bins> implements Runner<Promise<RecordStream<D>>> {
  readonly behavior: Behavior
  readonly #engine: Engine
  readonly #options: SessionOptions
  readonly #read: PointPolicy
  readonly #writeRetryable: PointPolicy
  readonly #writeOnce: PointPolicy

  /** Made by `cluster.createSession(behavior, options)`. */
  constructor(engine: Engine, behavior: Behavior, options: SessionOptions = {}) {
    this.behavior = behavior
    this.#engine = engine
    this.#options = options
    const recordOptions = {
      ...DEFAULT_VALUE_OPTIONS,
      integers: options.integers ?? 'auto',
      maps: options.maps ?? 'auto',
      names: engine.names,
      now: engine.wallClock,
    }
    this.#read = pointPolicy(behavior, 'READ', recordOptions)
    this.#writeRetryable = pointPolicy(behavior, 'WRITE_RETRYABLE', recordOptions)
    this.#writeOnce = pointPolicy(behavior, 'WRITE_NON_RETRYABLE', recordOptions)
  }

  /** The same session with another behavior. */
  withBehavior(behavior: Behavior): Session<D> {
    return new Session<D>(this.#engine, behavior, this.#options)
  }

  // ---- direct calls

  /**
   * Reads a record: all its bins, or those named. Bins that the record lacks are absent from `bins`.
   *
   * @returns `undefined` when there is no such record.
   * @throws AerospikeError for everything else that goes wrong.
   */
  async get<B = D>(
    key: Key,
    bins?: readonly string[],
    options?: CallOptions,
  ): Promise<Record<B> | undefined> {
    const plan = recordPlan('query', checkKey(key))
    if (bins !== undefined) {
      if (bins.length === 0) throw new UsageError('bins must not be empty; see getHeader() for metadata only')
      plan.binNames = bins
    }
    const command = this.#command<B>(plan)
    await command.start(options?.signal)
    if (command.code === RESULT_CODE.OK) return command.record
    if (command.code === RESULT_CODE.KEY_NOT_FOUND_ERROR) return undefined
    throw command.toError()
  }

  /** Reads a record's generation and ttl without its bins. @returns `undefined` when there is no such record. */
  async getHeader(key: Key, options?: CallOptions): Promise<Record<D> | undefined> {
    const command = this.#command<D>(recordPlan('header', checkKey(key)))
    await command.start(options?.signal)
    if (command.code === RESULT_CODE.OK) return command.record
    if (command.code === RESULT_CODE.KEY_NOT_FOUND_ERROR) return undefined
    throw command.toError()
  }

  /**
   * Writes bins: creates the record or updates it. Bins that are not mentioned stay; `null` removes a bin.
   *
   * @throws AerospikeError with code SERIALIZE_ERROR and the path of the value, before anything is sent, for a value that
   * cannot be stored.
   */
  async put<T extends Writable<T>>(key: Key, bins: T, options?: CallOptions): Promise<void> {
    const plan = recordPlan('upsert', checkKey(key))
    plan.bins = checkBins(bins)
    if (isEmpty(plan.bins)) throw new UsageError('put needs at least one bin')
    const command = this.#command(plan)
    await command.start(options?.signal)
    if (command.code !== RESULT_CODE.OK) throw command.toError()
  }

  // ---- verbs

  /** Creates the record or updates it; bins that are not mentioned stay. */
  upsert(key: Key): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('upsert', key)
  }

  /** Creates the record; RecordExistsError when it is there already. */
  insert(key: Key): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('insert', key)
  }

  /** Updates the record; RecordNotFoundError when there is none. */
  update(key: Key): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('update', key)
  }

  /** Creates the record or overwrites it; bins that are not mentioned are dropped. */
  replace(key: Key): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('replace', key)
  }

  /** Overwrites the record; RecordNotFoundError when there is none. */
  replaceIfExists(key: Key): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('replaceIfExists', key)
  }

  /** Deletes the record. The row's `ok` tells whether it was there. */
  delete(key: Key): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('delete', key)
  }

  /** Renews the record's expiration and raises its generation. The row's `ok` tells whether it was there. */
  touch(key: Key): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('touch', key)
  }

  /** Asks whether the record is there: the row's `ok`. */
  exists(key: Key): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('exists', key)
  }

  /** Reads the record. */
  query(key: Key): KeyQueryBuilder<Promise<RecordStream<D>>> {
    return new KeyQueryBuilder(this, checkKey(key))
  }

  // ---- Runner

  /** Runs a plan; what a builder's `execute()` ends in. */
  async run(plan: Plan, options: ExecuteOptions = {}): Promise<RecordStream<D>> {
    const command = this.#command<D>(plan)
    await command.start(options.signal)
    const { code } = command
    if (code === RESULT_CODE.OK) return RecordStream.of(new OkRow(plan.key, 0, command.record))
    if (isOutcome(plan, code)) {
      // A read leaves out what is not there, unless it was asked to answer for every key; exists, delete and touch always answer.
      if (code === RESULT_CODE.FILTERED_OUT || plan.verb === 'query' || plan.verb === 'header') {
        if (!plan.respondAllKeys) return RecordStream.of()
      }
      return RecordStream.of(new FailedRow(plan.key, 0, code, false))
    }
    return rowOfError(plan, command.toError(), options.onError ?? 'throw')
  }

  #command<B>(plan: RecordPlan): RecordCommand<B> {
    const policy = VERB_BITS[plan.verb].isRead
      ? this.#read
      : plan.retryable || plan.generation !== 0
        ? this.#writeRetryable
        : this.#writeOnce
    if (this.#options.undefinedBins === 'skip' && plan.bins !== undefined)
      plan.bins = withoutUndefined(plan.bins)
    return new RecordCommand<B>(this.#engine, policy, plan)
  }

  #write(verb: WriteVerb, key: Key): WriteBuilder<Promise<RecordStream<D>>> {
    return new WriteBuilder(this, verb, checkKey(key))
  }
}

function isOutcome(plan: RecordPlan, code: number): boolean {
  if (code === RESULT_CODE.KEY_NOT_FOUND_ERROR) return VERB_BITS[plan.verb].missingIsOutcome
  return code === RESULT_CODE.FILTERED_OUT && !plan.failOnFilteredOut
}

function rowOfError<B>(
  plan: RecordPlan,
  error: AerospikeError,
  onError: ExecuteOptions['onError'],
): RecordStream<B> {
  if (typeof onError === 'function') {
    onError(plan.key, 0, error)
    return RecordStream.of()
  }
  if (onError === 'inStream')
    return RecordStream.of(new FailedRow(plan.key, 0, error.code, error.inDoubt, error))
  throw error
}

function withoutUndefined(bins: BinsToWrite): BinsToWrite {
  const kept: { [bin: string]: BinsToWrite[string] } = {}
  for (const bin of Object.keys(bins)) {
    const value = bins[bin]
    if (value !== undefined) kept[bin] = value
  }
  return kept
}

function checkKey(key: Key): Key {
  if (key?.digest instanceof Uint8Array && typeof key.namespace === 'string') return key
  throw new UsageError('expected a Key: make one with DataSet.of(namespace, set).id(value)')
}
