import { type Bins, DEFAULT_VALUE_OPTIONS, type Key, RESULT_CODE, type Record } from '@aero/codec'
import type { Behavior, OperationKind } from '@aero/config'
import type { AerospikeError } from '../errors.ts'
import { type BinsToWrite, checkBins, isEmpty, type Writable } from '../plan/bins-to-write.ts'
import { checkKey, checkKeys, type KeyOrKeys } from '../plan/keys.ts'
import { type BatchPlan, type Plan, type RecordPlan, recordPlan } from '../plan/plan.ts'
import { BatchBuilder, KeyQueryBuilder, WriteBuilder, type WriteVerb } from '../plan/record-builder.ts'
import type { ExecuteOptions, Runner } from '../plan/runner.ts'
import { UsageError } from '../plan/usage-error.ts'
import { RecordStream } from '../result/record-stream.ts'
import { FailedRow, OkRow } from '../result/row.ts'
import { type SegmentAction, segmentAction } from './batch-action.ts'
import { type BatchPolicy, batchPolicy } from './batch-policy.ts'
import { streamAsTheyArrive, streamInOrder } from './batch-stream.ts'
import type { Engine } from './engine.ts'
import { isOutcome, isShown } from './outcome.ts'
import { type PointPolicy, pointPolicy } from './point-policy.ts'
import { RecordCommand } from './record-command.ts'
import { BatchCommand } from './run-batch.ts'
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
  /** Worked out when first needed. */
  readonly #batchPolicies: { [kind in OperationKind]?: BatchPolicy } = {}

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
  upsert(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('upsert', checkKeys(key, more))
  }

  /** Creates the record; RecordExistsError when it is there already. */
  insert(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('insert', checkKeys(key, more))
  }

  /** Updates the record; RecordNotFoundError when there is none. */
  update(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('update', checkKeys(key, more))
  }

  /** Creates the record or overwrites it; bins that are not mentioned are dropped. */
  replace(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('replace', checkKeys(key, more))
  }

  /** Overwrites the record; RecordNotFoundError when there is none. */
  replaceIfExists(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('replaceIfExists', checkKeys(key, more))
  }

  /** Deletes the record. The row's `ok` tells whether it was there. */
  delete(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('delete', checkKeys(key, more))
  }

  /** Renews the record's expiration and raises its generation. The row's `ok` tells whether it was there. */
  touch(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('touch', checkKeys(key, more))
  }

  /** Asks whether the record is there: the row's `ok`. */
  exists(key: KeyOrKeys, ...more: Key[]): WriteBuilder<Promise<RecordStream<D>>> {
    return this.#write('exists', checkKeys(key, more))
  }

  /** Reads the record, or all of them. */
  query(key: KeyOrKeys, ...more: Key[]): KeyQueryBuilder<Promise<RecordStream<D>>> {
    return new KeyQueryBuilder(this, checkKeys(key, more))
  }

  /** Begins a call with several segments; what a chain of verbs does too. */
  batch(): BatchBuilder<Promise<RecordStream<D>>> {
    return new BatchBuilder(this)
  }

  // ---- Runner

  /** Runs a plan; what a builder's `execute()` ends in. */
  async run(plan: Plan, options: ExecuteOptions = {}): Promise<RecordStream<D>> {
    if (plan.kind === 'batch') return await this.#runBatch(plan, options)
    const command = this.#command<D>(plan)
    await command.start(options.signal)
    const { code } = command
    if (code === RESULT_CODE.OK) return RecordStream.of(new OkRow(plan.key, 0, command.record))
    if (isOutcome(plan, code)) {
      return isShown(plan, code)
        ? RecordStream.of(new FailedRow(plan.key, 0, code, false))
        : RecordStream.of()
    }
    return rowOfError(plan, command.toError(), options.onError ?? 'throw')
  }

  #runBatch(plan: BatchPlan, options: ExecuteOptions): Promise<RecordStream<D>> {
    const onError = options.onError ?? 'inStream'
    const [first] = plan.segments
    // One row goes as the command on one record that it is.
    if (plan.segments.length === 1 && first?.keys.length === 1)
      return this.run(first.plan, { ...options, onError })
    const keys: Key[] = []
    const segments: SegmentAction[] = []
    const serverCompiles = this.#engine.cluster.compilesExpressions()
    for (const segment of plan.segments) {
      this.#skipUndefined(segment.plan)
      const action = segmentAction(segment.plan, this.#batchPolicy(segment.plan), serverCompiles)
      for (const key of segment.keys) {
        keys.push(key)
        segments.push(action)
      }
    }
    const command = new BatchCommand<D>(this.#engine, this.#read.recordOptions, { keys, segments })
    return options.order === 'arrival'
      ? streamAsTheyArrive(command, onError, options.signal)
      : streamInOrder(command, onError, options.signal)
  }

  #batchPolicy(plan: RecordPlan): BatchPolicy {
    const kind = VERB_BITS[plan.verb].isRead
      ? 'READ'
      : plan.retryable || plan.generation !== 0
        ? 'WRITE_RETRYABLE'
        : 'WRITE_NON_RETRYABLE'
    let policy = this.#batchPolicies[kind]
    if (policy === undefined) {
      policy = batchPolicy(this.behavior, kind)
      this.#batchPolicies[kind] = policy
    }
    return policy
  }

  #command<B>(plan: RecordPlan): RecordCommand<B> {
    const policy = VERB_BITS[plan.verb].isRead
      ? this.#read
      : plan.retryable || plan.generation !== 0
        ? this.#writeRetryable
        : this.#writeOnce
    this.#skipUndefined(plan)
    return new RecordCommand<B>(this.#engine, policy, plan)
  }

  #skipUndefined(plan: RecordPlan): void {
    if (this.#options.undefinedBins === 'skip' && plan.bins !== undefined)
      plan.bins = withoutUndefined(plan.bins)
  }

  #write(verb: WriteVerb, keys: KeyOrKeys): WriteBuilder<Promise<RecordStream<D>>> {
    return new WriteBuilder(this, verb, keys)
  }
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
