import {
  type ByteReader,
  type ByteWriter,
  CodecError,
  encodeQueryRequest,
  FRAME_TYPE,
  INFO1,
  INFO2,
  INFO3,
  type IndexQuery,
  isLastQueryFrame,
  type Operation,
  QueryReply,
  type QueryRequest,
  RESULT_CODE,
  type Record,
  type RecordOptions,
  resultCodeRow,
} from '@aero/codec'
import type { LastFrameTest } from '@aero/transport'
import { errorFromCode } from '../errors.ts'
import type { QueryPlan } from '../plan/query-plan.ts'
import { FailedRow, OkRow, type Row } from '../result/row.ts'
import type { CommandNode, Engine } from './engine.ts'
import { NodeStream, NodeStreams, newTaskId, type Trouble } from './node-streams.ts'
import { PartitionTracker, type QueryPart, type QueryPosition } from './partition-tracker.ts'
import type { QueryPolicy } from './query-policy.ts'

/** So long partitions without an owner are waited for, whatever the number of retries: a cluster takes seconds to settle. */
const PATIENCE_MS = 10_000
/** Between two looks whether the cluster has settled. */
const SETTLING_MS = 100
const NO_BINS: readonly string[] = []
const NO_OPERATIONS: readonly Operation[] = []

const isLastFrame: LastFrameTest = (type, body) => type !== FRAME_TYPE.message || isLastQueryFrame(body)

/** What a query asks, beside where. */
export interface QueryQuestion {
  readonly plan: QueryPlan
  /** What the index is asked; `undefined`: all records are looked at. */
  readonly index: IndexQuery | undefined
  /** The filter's bytes. */
  readonly filter: Uint8Array | undefined
  readonly position: QueryPosition
  /** Records wanted before {@link QueryCommand.isOver} says that there are no more; Infinity for all. */
  readonly limit: number
}

/**
 * A query over partitions, pulled: `take` gives a row that is here, `arrival` tells when there is one. All nodes answer at the same
 * time; what has arrived waits as it came, in frames, and a node whose frames wait is not read from. Records are made when they
 * are taken.
 *
 * A node that fails has its partitions asked of others, from behind the last record taken; see {@link PartitionTracker}.
 */
export class QueryCommand<B> extends NodeStreams<NodeQuery<B>> {
  readonly question: QueryQuestion
  readonly tracker: PartitionTracker<CommandNode>
  readonly #options: RecordOptions
  readonly #reply = new QueryReply()
  /** Since when nothing has gone well. */
  #troubleSince: number | undefined = undefined

  constructor(
    engine: Engine,
    policy: QueryPolicy,
    options: RecordOptions,
    question: QueryQuestion,
    signal: AbortSignal | undefined,
  ) {
    super(engine, policy, signal)
    this.question = question
    this.#options = options
    const { plan, index } = question
    this.tracker = new PartitionTracker(question.position, {
      limit: question.limit,
      // The server counts records before it sees that they have none of the bins.
      sharesLimit: plan.binNames === undefined && plan.operations === undefined,
      hasValues: index !== undefined,
    })
  }

  // ---- for the reader

  /** The next row that is here; the first call begins the query. `undefined`: none, for now or {@link isOver}. @throws AerospikeError */
  take(): Row<B> | undefined {
    if (!this.isStarted) this.start()
    const row = this.#read()
    if (row === undefined) this.throwError()
    return row
  }

  /** There are no more rows, or as many as are wanted were taken. */
  override get isOver(): boolean {
    return this.isClosed || this.tracker.wanted <= 0 || this.tracker.isComplete
  }

  /** So many more records are wanted, when those of the limit were taken. */
  more(limit: number): void {
    this.tracker.want(limit)
    if (this.isStarted) this.#assign()
  }

  // ---- running

  protected override begin(): void {
    this.#assign()
  }

  /** Asks nodes for the partitions that nobody is asked for. */
  #assign(): void {
    if (this.isOver) return
    const { cluster } = this.engine
    const { namespace } = this.question.plan
    const { replica, maxRetries } = this.policy
    const { parts, homeless } = this.tracker.assign((partition, attempt, previous) =>
      cluster.nodeFor(namespace, partition, replica, attempt, previous),
    )
    for (const part of parts) {
      if (part.attempt > maxRetries && !this.#isPatient()) {
        this.fail()
        return
      }
      this.add(new NodeQuery(this, part))
    }
    if (homeless.length > 0 && !this.#awaitHomes(homeless)) return
    this.sendWaiting()
  }

  /** Nobody is known to have these partitions at present. `false`: that is the end of the query. */
  #awaitHomes(homeless: readonly number[]): boolean {
    const { cluster } = this.engine
    if (cluster.isConnected() && !cluster.hasNamespace(this.question.plan.namespace)) {
      this.note({ code: RESULT_CODE.INVALID_NAMESPACE, node: undefined, cause: undefined, isMoving: false })
      this.fail()
      return false
    }
    const code = cluster.isConnected() ? RESULT_CODE.INVALID_NODE_ERROR : RESULT_CODE.SERVER_NOT_AVAILABLE
    const cause = new Error(`no node is known to have ${homeless.length} of the partitions`)
    this.note({ code, node: undefined, cause, isMoving: true })
    if (!this.#isPatient()) {
      this.fail()
      return false
    }
    cluster.wake()
    this.after(Math.max(SETTLING_MS, this.policy.retryDelayMs), this.#assignLater)
    return true
  }

  readonly #assignLater = (): void => this.#assign()

  // ---- reading

  /** The next row of what is here. */
  #read(): Row<B> | undefined {
    for (;;) {
      if (this.tracker.wanted <= 0 || this.isClosed) return undefined
      if (this.current === undefined) {
        if (!this.nextFrame()) return undefined
        this.#reply.begin(this.body)
      }
      const row = this.#readFrame(this.current as NodeQuery<B>)
      if (row !== undefined) return row
      this.release()
    }
  }

  #readFrame(part: NodeQuery<B>): Row<B> | undefined {
    const reply = this.#reply
    const { tracker } = this
    try {
      while (reply.next()) {
        if (reply.isEnd) part.resultCode = reply.resultCode
        else if (reply.isPartition) {
          part.hasUnavailable = true
          tracker.unavailable(part.part, reply.partition)
        } else {
          const row = this.#takeRecord(part)
          if (row !== undefined) return row
        }
      }
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      this.note({ code: RESULT_CODE.PARSE_ERROR, node: part.node, cause: error, isMoving: false })
      this.fail()
    }
    return undefined
  }

  #takeRecord(part: NodeQuery<B>): Row<B> | undefined {
    const reply = this.#reply
    const { namespace } = this.question.plan
    const { partition, valueHigh, valueLow } = reply
    this.countItem()
    let record: Record<B>
    try {
      record = reply.record(namespace, this.#options) as Record<B>
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      // What cannot be read is this record's problem, unless there is no getting past it.
      const key = reply.key(namespace)
      reply.skip()
      if (!this.tracker.take(part.part, partition, key, valueHigh, valueLow)) return undefined
      const cause = errorFromCode(RESULT_CODE.PARSE_ERROR, {
        key,
        cause: error,
        message: `${key}: ${error.message}`,
      })
      return new FailedRow(key, -1, RESULT_CODE.PARSE_ERROR, false, cause)
    }
    const { key } = record
    if (!this.tracker.take(part.part, partition, key, valueHigh, valueLow)) return undefined
    return new OkRow(key, -1, record)
  }

  // ---- how parts end

  /** All that the part has sent is read. */
  protected override settle(part: NodeQuery<B>): void {
    const { tracker } = this
    const { failure, resultCode, node } = part
    const { attempt, received } = part.part
    if (received > 0) this.#troubleSince = undefined
    if (failure === undefined && resultCode === RESULT_CODE.OK) {
      tracker.finished(part.part)
      if (part.hasUnavailable) {
        this.note({ code: RESULT_CODE.PARTITION_UNAVAILABLE, node, cause: undefined, isMoving: true })
        this.#assignAgain(attempt)
      } else this.#assign()
      return
    }
    tracker.failed(part.part)
    this.note(failure ?? { code: resultCode, node, cause: undefined, isMoving: isMoving(resultCode) })
    if (resultCodeRow(this.trouble?.code ?? resultCode).retryable) this.#assignAgain(attempt)
    else this.fail()
  }

  /** Has what is open asked for again: at first without delay, since it goes to another node. */
  #assignAgain(attempt: number): void {
    this.engine.counters.retries++
    const { retryDelayMs } = this.policy
    if (attempt === 0 && retryDelayMs === 0) this.#assign()
    else this.after(attempt === 0 ? retryDelayMs : Math.max(retryDelayMs, SETTLING_MS), this.#assignLater)
  }

  protected override note(trouble: Trouble): void {
    this.#troubleSince ??= this.engine.clock.now()
    super.note(trouble)
  }

  /** Whether more attempts than allowed are to be made, because the cluster is changing. */
  #isPatient(): boolean {
    if (this.policy.maxRetries === 0 || this.trouble?.isMoving !== true) return false
    return this.engine.clock.now() - (this.#troubleSince ?? 0) < PATIENCE_MS
  }

  protected override where(): string {
    const { namespace, setName } = this.question.plan
    return setName === undefined ? `query of namespace ${namespace}` : `query of ${namespace}:${setName}`
  }
}

/** Whether a result code says that the partition is on its way to another node. */
const isMoving = (code: number): boolean => code === RESULT_CODE.PARTITION_UNAVAILABLE

/** The part of a query that goes to one node in one command. */
class NodeQuery<B> extends NodeStream implements QueryRequest {
  readonly part: QueryPart<CommandNode>
  /** The node does not serve some of the partitions at present. */
  hasUnavailable = false
  readonly taskId: bigint
  readonly #owner: QueryCommand<B>

  constructor(owner: QueryCommand<B>, part: QueryPart<CommandNode>) {
    super(owner, part.node)
    this.#owner = owner
    this.part = part
    this.taskId = newTaskId()
  }

  // ---- the request, as the codec reads it

  get namespace(): string {
    return this.#owner.question.plan.namespace
  }

  get setName(): string | undefined {
    return this.#owner.question.plan.setName
  }

  get info1(): number {
    const { noBins, duration } = this.#owner.question.plan
    return (
      INFO1.read |
      this.#owner.policy.info1 |
      (noBins ? INFO1.noBinData : 0) |
      (duration === 'SHORT' ? INFO1.shortQuery : 0)
    )
  }

  get info2(): number {
    const { operations, duration } = this.#owner.question.plan
    return (
      (operations === undefined ? 0 : INFO2.respondAllOps) |
      (duration === 'LONG_RELAX_AP' ? INFO2.relaxApLongQuery : 0)
    )
  }

  get info3(): number {
    return INFO3.partitionDone | this.#owner.policy.info3
  }

  get expiration(): number {
    return -1
  }

  get timeoutMs(): number {
    const { totalTimeoutMs } = this.#owner.policy
    // Only a short query is held to it by the server; for others the time of the reader does not count.
    return this.#owner.question.plan.duration === 'SHORT' && totalTimeoutMs !== Number.POSITIVE_INFINITY
      ? totalTimeoutMs
      : 0
  }

  get socketTimeoutMs(): number {
    return this.#owner.policy.socketTimeoutMs
  }

  get recordsPerSecond(): number {
    return this.#owner.question.plan.recordsPerSecond
  }

  get index(): IndexQuery | undefined {
    return this.#owner.question.index
  }

  get filter(): Uint8Array | undefined {
    return this.#owner.question.filter
  }

  get function(): undefined {
    return undefined
  }

  get partitions(): QueryRequest['partitions'] {
    return this.#owner.tracker.positionOf(this.part)
  }

  get maxRecords(): number {
    return this.part.share
  }

  get binNames(): readonly string[] {
    return this.#owner.question.plan.binNames ?? NO_BINS
  }

  get operations(): readonly Operation[] {
    return this.#owner.question.plan.operations ?? NO_OPERATIONS
  }

  // ---- Exchange

  /** Only when nothing but the end of the answer is missing: what is left of a longer one is not worth reading. */
  override get lastFrameTest(): LastFrameTest | undefined {
    return this.part.share > 0 && this.part.received >= this.part.share ? isLastFrame : undefined
  }

  override encode(out: ByteWriter): void {
    encodeQueryRequest(out, this)
  }

  protected override isLast(body: ByteReader): boolean {
    return isLastQueryFrame(body)
  }
}
