import type { IndexDefinition } from '@aero/ael'
import {
  type AggregationReply,
  DEFAULT_VALUE_OPTIONS,
  RESULT_CODE,
  type Record,
  type RecordOptions,
} from '@aero/codec'
import type { Behavior, NamespaceMode, OperationKind } from '@aero/config'
import type { BinsToWrite } from '../plan/bins-to-write.ts'
import type { BatchPlan, Plan, RecordPlan } from '../plan/plan.ts'
import type { QueryPlan } from '../plan/query-plan.ts'
import type { ExecuteOptions } from '../plan/runner.ts'
import { FailedRow, OkRow, type Row } from '../result/row.ts'
import { type SegmentAction, segmentAction } from './batch-action.ts'
import { type BatchPolicy, batchPolicy } from './batch-policy.ts'
import type { ChosenIndex } from './choose-index.ts'
import type { CommandNode, Engine } from './engine.ts'
import { functionRow } from './function-outcome.ts'
import { isOutcome, isShown } from './outcome.ts'
import { type PointPolicy, pointPolicy } from './point-policy.ts'
import { type QueryPolicy, queryPolicy } from './query-policy.ts'
import { beginningOf } from './query-resume.ts'
import { QueryRows } from './query-stream.ts'
import { RecordCommand } from './record-command.ts'
import { AggregationCommand, type AggregationQuestion } from './run-aggregation.ts'
import type { BackgroundPolicy } from './run-background.ts'
import { BatchCommand } from './run-batch.ts'
import { QueryCommand } from './run-query.ts'
import { VERB_BITS } from './verb-bits.ts'

/** What a session can be told beside its behavior. */
export interface SessionOptions {
  /** How 64-bit integers are read: `auto` (default) a number when safe, else a bigint; `bigint` always; `number` refuses unsafe ones. */
  readonly integers?: 'auto' | 'bigint' | 'number'
  /** How maps are read: `auto` (default) a plain object when every key is a string, else a Map; `map` always a Map. */
  readonly maps?: 'auto' | 'map'
  /** What `undefined` as a bin's value does: `error` (default), or `skip` the bin. */
  readonly undefinedBins?: 'error' | 'skip'
  /**
   * Which indexes queries may choose from, unless they say so themselves: `auto` (default) those that the cluster has, which it is
   * asked for when a condition might be answered by one; these; or with `false` none, and nothing is asked.
   */
  readonly indexes?: 'auto' | false | readonly IndexDefinition[]
}

/** What a behavior says of namespaces of one mode. */
interface ModePolicies {
  readonly mode: NamespaceMode
  readonly read: PointPolicy
  readonly writeRetryable: PointPolicy
  readonly writeOnce: PointPolicy
  /** Worked out when first needed. */
  query: QueryPolicy | undefined
  readonly batch: { [kind in OperationKind]?: BatchPolicy }
}

/**
 * Makes the commands of a session: what its behavior and options say, worked out once. It waits for nothing: whether a caller
 * awaits a command or is blocked by it is the front end's affair.
 */
export class SessionCommands<D> {
  readonly behavior: Behavior
  readonly engine: Engine
  readonly #options: SessionOptions
  /** How values are read. */
  readonly recordOptions: RecordOptions
  readonly #available: ModePolicies
  /** For strongly consistent namespaces; worked out when there is one. */
  #consistent: ModePolicies | undefined = undefined

  constructor(engine: Engine, behavior: Behavior, options: SessionOptions = {}) {
    this.behavior = behavior
    this.engine = engine
    this.#options = options
    this.recordOptions = {
      ...DEFAULT_VALUE_OPTIONS,
      integers: options.integers ?? 'auto',
      maps: options.maps ?? 'auto',
      names: engine.names,
      now: engine.wallClock,
    }
    this.#available = this.#policies('AP')
  }

  /** The same with another behavior. */
  withBehavior(behavior: Behavior): SessionCommands<D> {
    return new SessionCommands<D>(this.engine, behavior, this.#options)
  }

  /** The command on one record, to be begun. */
  record<B = D>(plan: RecordPlan): RecordCommand<B> {
    const policies = this.#policiesFor(plan.key.namespace)
    const policy = VERB_BITS[plan.verb].isRead
      ? policies.read
      : plan.retryable || plan.generation !== 0
        ? policies.writeRetryable
        : policies.writeOnce
    this.#skipUndefined(plan)
    return new RecordCommand<B>(this.engine, policy, plan)
  }

  /** The batch, to be begun. */
  batch(plan: BatchPlan): BatchCommand<D> {
    // The plan's own list where it is the only one: the builder has made it, and nobody changes it.
    const [only] = plan.segments
    const keys =
      plan.segments.length === 1 && only !== undefined ? only.keys : plan.segments.flatMap(({ keys }) => keys)
    const segments: SegmentAction[] = []
    const serverCompiles = this.engine.cluster.compilesExpressions()
    for (const segment of plan.segments) {
      this.#skipUndefined(segment.plan)
      // Keys of one segment may lie in namespaces of both modes.
      const actions: { [mode in NamespaceMode]?: SegmentAction } = {}
      for (const { namespace } of segment.keys) {
        const policies = this.#policiesFor(namespace)
        let action = actions[policies.mode]
        if (action === undefined) {
          action = segmentAction(segment.plan, this.#batchPolicy(segment.plan, policies), serverCompiles)
          actions[policies.mode] = action
        }
        segments.push(action)
      }
    }
    return new BatchCommand<D>(this.engine, this.recordOptions, { keys, segments })
  }

  /** The query with the indexes that the session has it choose from, unless it says so itself. */
  withIndexes(plan: QueryPlan): QueryPlan {
    const { indexes = 'auto' } = this.#options
    if (indexes === 'auto' || plan.indexes !== undefined || plan.index !== undefined) return plan
    return { ...plan, indexes: indexes === false ? [] : indexes }
  }

  /** The query, to be begun by its first row. */
  query(plan: QueryPlan, chosen: ChosenIndex, options: ExecuteOptions): QueryRows<D> {
    const policies = this.#policiesFor(plan.namespace)
    policies.query ??= queryPolicy(this.behavior, policies.mode)
    const { index, filter } = chosen
    const question = { plan, index, filter }
    const { chunkSize = Number.POSITIVE_INFINITY, cursor } = plan
    const wanted =
      (cursor === undefined ? plan.limit : (cursor.left ?? undefined)) ?? Number.POSITIVE_INFINITY
    const limit = Math.min(wanted, chunkSize)
    const position = beginningOf(question)
    const command = new QueryCommand<D>(
      this.engine,
      policies.query,
      this.recordOptions,
      { ...question, position, limit },
      options.signal,
    )
    // Infinity less Infinity is not a number.
    const left = limit === Number.POSITIVE_INFINITY ? 0 : wanted - limit
    return new QueryRows<D>(command, options.onError ?? 'throw', left)
  }

  /** The aggregation on these nodes, to be begun by its first value. @param read makes something of each value */
  aggregation<T>(
    question: AggregationQuestion,
    nodes: readonly CommandNode[],
    read: (reply: AggregationReply, options: RecordOptions) => T,
    signal: AbortSignal | undefined,
  ): AggregationCommand<T> {
    const policies = this.#policiesFor(question.plan.query.namespace)
    policies.query ??= queryPolicy(this.behavior, policies.mode)
    const options = this.recordOptions
    return new AggregationCommand<T>(
      this.engine,
      policies.query,
      question,
      nodes,
      (reply) => read(reply, options),
      signal,
    )
  }

  /** What background work is told beside its plan. */
  backgroundPolicy(namespace: string): BackgroundPolicy {
    const settings = this.behavior.settingsFor(
      'WRITE_NON_RETRYABLE',
      'QUERY',
      this.#policiesFor(namespace).mode,
    )
    const { totalTimeout, socketTimeout, durableDelete } = settings
    return {
      totalTimeoutMs: totalTimeout === 0 ? Number.POSITIVE_INFINITY : totalTimeout,
      socketTimeoutMs: socketTimeout,
      durableDelete,
    }
  }

  #policiesFor(namespace: string): ModePolicies {
    if (!this.engine.cluster.isStronglyConsistent(namespace)) return this.#available
    this.#consistent ??= this.#policies('SC')
    return this.#consistent
  }

  #policies(mode: NamespaceMode): ModePolicies {
    const { behavior } = this
    const recordOptions = this.recordOptions
    return {
      mode,
      read: pointPolicy(behavior, 'READ', recordOptions, mode),
      writeRetryable: pointPolicy(behavior, 'WRITE_RETRYABLE', recordOptions, mode),
      writeOnce: pointPolicy(behavior, 'WRITE_NON_RETRYABLE', recordOptions, mode),
      query: undefined,
      batch: {},
    }
  }

  #batchPolicy(plan: RecordPlan, policies: ModePolicies): BatchPolicy {
    const kind = VERB_BITS[plan.verb].isRead
      ? 'READ'
      : plan.retryable || plan.generation !== 0
        ? 'WRITE_RETRYABLE'
        : 'WRITE_NON_RETRYABLE'
    let policy = policies.batch[kind]
    if (policy === undefined) {
      policy = batchPolicy(this.behavior, kind, policies.mode)
      policies.batch[kind] = policy
    }
    return policy
  }

  #skipUndefined(plan: RecordPlan): void {
    if (this.#options.undefinedBins === 'skip' && plan.bins !== undefined)
      plan.bins = withoutUndefined(plan.bins)
  }
}

/** The plan, or for a batch of one row the plan of that: it goes as the command on one record that it is. */
export function asOneRecord(plan: Plan): Plan {
  if (plan.kind === 'record') return plan
  const [first] = plan.segments
  return plan.segments.length === 1 && first?.keys.length === 1 ? first.plan : plan
}

/** What a row with an error does, unless the call says so. */
export function errorStrategy(
  plan: Plan,
  { onError }: ExecuteOptions,
): NonNullable<ExecuteOptions['onError']> {
  return onError ?? (plan.kind === 'batch' ? 'inStream' : 'throw')
}

/** The record that a command has read; `undefined` when there is none. @throws what else became of the command. */
export function recordOf<B>(command: RecordCommand<B>): Record<B> | undefined {
  if (command.code === RESULT_CODE.OK) return command.record
  if (command.code === RESULT_CODE.KEY_NOT_FOUND_ERROR) return undefined
  throw command.toError()
}

/** The record that a command has read. @throws what else became of the command, also that there is no record. */
export function foundRecordOf<B>(command: RecordCommand<B>): Record<B> {
  if (command.code !== RESULT_CODE.OK || command.record === undefined) throw command.toError()
  return command.record
}

/** @throws what became of a command that did not succeed. */
export function checkSucceeded(command: RecordCommand<unknown>): void {
  if (command.code !== RESULT_CODE.OK) throw command.toError()
}

/** The rows of a command on one record that has ended: one or none. @throws its error where `onError` says so. */
export function rowsOf<B>(
  plan: RecordPlan,
  command: RecordCommand<B>,
  onError: NonNullable<ExecuteOptions['onError']>,
): Row<B>[] {
  const { code } = command
  if (code === RESULT_CODE.OK) {
    const { key, verb } = plan
    return [verb === 'executeUdf' ? functionRow(key, 0, command.record) : new OkRow(key, 0, command.record)]
  }
  if (isOutcome(plan, code)) return isShown(plan, code) ? [new FailedRow(plan.key, 0, code, false)] : []
  const error = command.toError()
  if (onError === 'throw') throw error
  if (onError === 'inStream') return [new FailedRow(plan.key, 0, error.code, error.inDoubt, error)]
  onError(plan.key, 0, error)
  return []
}

function withoutUndefined(bins: BinsToWrite): BinsToWrite {
  const kept: { [bin: string]: BinsToWrite[string] } = {}
  for (const bin of Object.keys(bins)) {
    const value = bins[bin]
    if (value !== undefined) kept[bin] = value
  }
  return kept
}
