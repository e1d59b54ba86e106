import {
  ByteReader,
  type ByteWriter,
  CodecError,
  encodeQueryRequest,
  FRAME_TYPE,
  type FrameType,
  INFO1,
  INFO2,
  INFO3,
  type IndexQuery,
  isLastQueryFrame,
  isLoginLost,
  type Operation,
  QueryReply,
  type QueryRequest,
  RESULT_CODE,
  type Record,
  type RecordOptions,
  replyResultCode,
  resultCodeRow,
} from '@aero/codec'
import { type AttemptFailure, Exchange, type LastFrameTest } from '@aero/transport'
import { AbortError, type AerospikeError, errorFromCode } from '../errors.ts'
import type { QueryPlan } from '../plan/query-plan.ts'
import { FailedRow, OkRow, type Row } from '../result/row.ts'
import type { Abortable } from './abort-watch.ts'
import { CODE_OF_FAILURE, describeNode } from './attempt-failure.ts'
import type { CommandNode, Engine } from './engine.ts'
import { PartitionTracker, type QueryPart, type QueryPosition } from './partition-tracker.ts'
import type { QueryPolicy } from './query-policy.ts'

/** So long partitions without an owner are waited for, whatever the number of retries: a cluster takes seconds to settle. */
const PATIENCE_MS = 10_000
/** Between two looks whether the cluster has settled. */
const SETTLING_MS = 100
/** What a record is taken to be long before any was seen. */
const FIRST_GUESS_BYTES = 100

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

/** Why a query cannot go on. */
interface Trouble {
  readonly code: number
  readonly node: CommandNode | undefined
  readonly cause: unknown
  /** The cluster is changing: somebody else will have the partition. */
  readonly isMoving: boolean
}

/**
 * A query over partitions, pulled: `take` gives a row that is here, `arrival` tells when there is one. All nodes answer at the same
 * time; what has arrived waits as it came, in frames, and a node whose frames wait is not read from. Records are made when they
 * are taken.
 *
 * A node that fails has its partitions asked of others, from behind the last record taken; see {@link PartitionTracker}.
 */
export class QueryCommand<B> implements Abortable {
  readonly engine: Engine
  readonly policy: QueryPolicy
  readonly question: QueryQuestion
  readonly tracker: PartitionTracker<CommandNode>
  readonly #options: RecordOptions
  readonly #signal: AbortSignal | undefined
  readonly #reply = new QueryReply()
  readonly #body = new ByteReader()
  /** Parts that are to be sent when others have ended. */
  readonly #waiting: NodeQuery<B>[] = []
  readonly #running = new Set<NodeQuery<B>>()
  /** Parts that have something for the reader: a frame, or their end. */
  readonly #ready: NodeQuery<B>[] = []
  /** The part whose frame is being read. */
  #current: NodeQuery<B> | undefined = undefined
  #isStarted = false
  #isClosed = false
  #error: AerospikeError | undefined = undefined
  #wake: (() => void) | undefined = undefined
  #cancelDelay: (() => void) | undefined = undefined
  /** What went wrong last, and since when nothing has gone well. */
  #trouble: Trouble | undefined = undefined
  #troubleSince: number | undefined = undefined
  #waitedMs = 0
  // To guess how many records wait.
  #waitingBytes = 0
  #bytesRead = FIRST_GUESS_BYTES
  #recordsRead = 1

  constructor(
    engine: Engine,
    policy: QueryPolicy,
    options: RecordOptions,
    question: QueryQuestion,
    signal: AbortSignal | undefined,
  ) {
    this.engine = engine
    this.policy = policy
    this.question = question
    this.#options = options
    this.#signal = signal
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
    if (!this.#isStarted) this.#start()
    const row = this.#read()
    if (row === undefined && this.#error !== undefined) throw this.#error
    return row
  }

  /** There are no more rows, or as many as are wanted were taken. */
  get isOver(): boolean {
    return this.#isClosed || this.tracker.wanted <= 0 || this.tracker.isComplete
  }

  /** Calls `wake` when there is something to take, or the query has ended; no later than the time that is left for waiting. */
  arrival(wake: () => void): void {
    if (this.#ready.length > 0 || this.#isClosed) {
      wake()
      return
    }
    const { clock } = this.engine
    const began = clock.now()
    const left = this.policy.totalTimeoutMs - this.#waitedMs
    const cancelTimer =
      left === Number.POSITIVE_INFINITY ? undefined : clock.after(Math.max(0, left), this.#runOut, true)
    this.#wake = () => {
      cancelTimer?.()
      this.#waitedMs += clock.now() - began
      wake()
    }
  }

  /** So many more records are wanted, when those of the limit were taken. */
  more(limit: number): void {
    this.tracker.want(limit)
    if (this.#isStarted) this.#assign()
  }

  /** Ends the query on every node. What was taken so far stays known to the tracker. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancelDelay?.()
    this.#waiting.length = 0
    this.#ready.length = 0
    this.#current = undefined
    for (const part of this.#running) part.node.pool.cancel(part)
    this.#running.clear()
    if (this.#signal !== undefined) this.engine.aborts.remove(this.#signal, this)
    this.#notify()
  }

  // ---- Abortable

  /** Ends the query; the reader gets an AbortError. */
  aborted(): void {
    if (this.#isClosed) return
    const cause = this.#signal?.reason
    this.#error = new AbortError(`${this.#where()}: the query was aborted`, RESULT_CODE.CLIENT_ERROR, {
      cause,
    })
    this.close()
  }

  // ---- running

  #start(): void {
    this.#isStarted = true
    this.engine.counters.commands++
    const signal = this.#signal
    if (signal?.aborted) this.aborted()
    else {
      if (signal !== undefined) this.engine.aborts.add(signal, this)
      this.#assign()
    }
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
        this.#fail()
        return
      }
      this.#waiting.push(new NodeQuery(this, part))
    }
    if (homeless.length > 0 && !this.#awaitHomes(homeless)) return
    this.#sendWaiting()
  }

  /** Nobody is known to have these partitions at present. `false`: that is the end of the query. */
  #awaitHomes(homeless: readonly number[]): boolean {
    const { cluster } = this.engine
    if (cluster.isConnected() && !cluster.hasNamespace(this.question.plan.namespace)) {
      this.#note({ code: RESULT_CODE.INVALID_NAMESPACE, node: undefined, cause: undefined, isMoving: false })
      this.#fail()
      return false
    }
    const code = cluster.isConnected() ? RESULT_CODE.INVALID_NODE_ERROR : RESULT_CODE.SERVER_NOT_AVAILABLE
    const cause = new Error(`no node is known to have ${homeless.length} of the partitions`)
    this.#note({ code, node: undefined, cause, isMoving: true })
    if (!this.#isPatient()) {
      this.#fail()
      return false
    }
    cluster.wake()
    this.#assignAfter(Math.max(SETTLING_MS, this.policy.retryDelayMs))
    return true
  }

  #assignAfter(ms: number): void {
    if (this.#cancelDelay !== undefined) return
    this.#cancelDelay = this.engine.clock.after(
      ms,
      () => {
        this.#cancelDelay = undefined
        this.#assign()
        this.#notify()
      },
      true,
    )
  }

  #sendWaiting(): void {
    const { silenceMs, maxConcurrentNodes } = this.policy
    while (this.#running.size < maxConcurrentNodes) {
      const part = this.#waiting.shift()
      if (part === undefined) return
      if (part.node.isSuspended) {
        part.failure = {
          code: RESULT_CODE.MAX_ERROR_RATE,
          node: part.node,
          cause: undefined,
          isMoving: false,
        }
        this.#settle(part)
        continue
      }
      part.deadline = this.engine.clock.now() + silenceMs
      this.#running.add(part)
      part.node.pool.submitExclusive(part)
    }
  }

  /** Asks the node again, which knew the login no more and has done nothing. */
  enterAgain(part: NodeQuery<B>): void {
    const { clock, counters } = this.engine
    counters.retries++
    clock.soon(() => {
      if (!this.#running.has(part)) return
      part.deadline = clock.now() + this.policy.silenceMs
      part.node.pool.submitExclusive(part)
    })
  }

  // ---- what the parts tell

  /** A frame has come. */
  arrived(part: NodeQuery<B>, frame: Uint8Array): void {
    this.#waitingBytes += frame.length
    part.frames.push(frame)
    if (!part.isReady) this.#makeReady(part)
  }

  /** More wait than the reader should find. */
  get isFull(): boolean {
    return (this.#waitingBytes * this.#recordsRead) / this.#bytesRead >= this.policy.recordQueueSize
  }

  /** The part has ended, one way or the other. */
  ended(part: NodeQuery<B>): void {
    this.#running.delete(part)
    if (!part.isReady) this.#makeReady(part)
    if (this.#waiting.length > 0) this.#sendWaiting()
  }

  #makeReady(part: NodeQuery<B>): void {
    part.isReady = true
    this.#ready.push(part)
    this.#notify()
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  readonly #runOut = (): void => {
    // A look at the network first: what has arrived counts.
    this.engine.clock.afterPoll(() => {
      if (this.#wake === undefined || this.#isClosed) return
      const cause = new Error(`waited ${this.policy.totalTimeoutMs} ms for the servers`)
      this.#note({ code: RESULT_CODE.TIMEOUT, node: undefined, cause, isMoving: false })
      this.#fail()
    })
  }

  // ---- reading

  /** The next row of what is here. */
  #read(): Row<B> | undefined {
    for (;;) {
      if (this.tracker.wanted <= 0 || this.#isClosed) return undefined
      if (this.#current === undefined && !this.#nextFrame()) return undefined
      const part = this.#current as NodeQuery<B>
      const row = this.#readFrame(part)
      if (row !== undefined) return row
      this.#current = undefined
      if (this.#isClosed) return undefined
      this.#release(part)
    }
  }

  /** Takes up the frame that waits longest. */
  #nextFrame(): boolean {
    for (;;) {
      const part = this.#ready[0]
      if (part === undefined) return false
      const frame = part.frames.shift()
      if (frame === undefined) {
        this.#ready.shift()
        part.isReady = false
        if (part.hasEnded) this.#settle(part)
        if (this.#isClosed) return false
        continue
      }
      this.#ready.shift()
      this.#waitingBytes -= frame.length
      this.#bytesRead += frame.length
      this.#body.reset(frame, new DataView(frame.buffer, frame.byteOffset, frame.length), 0, frame.length)
      this.#reply.begin(this.#body)
      this.#current = part
      if (part.frames.length === 0) part.resume()
      return true
    }
  }

  /** The part's turn is over: the next one of those that wait. */
  #release(part: NodeQuery<B>): void {
    if (part.frames.length > 0 || part.hasEnded) this.#ready.push(part)
    else part.isReady = false
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
      this.#note({ code: RESULT_CODE.PARSE_ERROR, node: part.node, cause: error, isMoving: false })
      this.#fail()
    }
    return undefined
  }

  #takeRecord(part: NodeQuery<B>): Row<B> | undefined {
    const reply = this.#reply
    const { namespace } = this.question.plan
    const { partition, valueHigh, valueLow } = reply
    this.#recordsRead++
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
  #settle(part: NodeQuery<B>): void {
    const { tracker } = this
    const { failure, resultCode, node } = part
    const { attempt, received } = part.part
    if (received > 0) this.#troubleSince = undefined
    if (failure === undefined && resultCode === RESULT_CODE.OK) {
      tracker.finished(part.part)
      if (part.hasUnavailable) {
        this.#note({ code: RESULT_CODE.PARTITION_UNAVAILABLE, node, cause: undefined, isMoving: true })
        this.#assignAgain(attempt)
      } else this.#assign()
      return
    }
    tracker.failed(part.part)
    this.#note(failure ?? { code: resultCode, node, cause: undefined, isMoving: isMoving(resultCode) })
    if (resultCodeRow(this.#trouble?.code ?? resultCode).retryable) this.#assignAgain(attempt)
    else this.#fail()
  }

  /** Has what is open asked for again: at first without delay, since it goes to another node. */
  #assignAgain(attempt: number): void {
    this.engine.counters.retries++
    const { retryDelayMs } = this.policy
    if (attempt === 0 && retryDelayMs === 0) this.#assign()
    else this.#assignAfter(attempt === 0 ? retryDelayMs : Math.max(retryDelayMs, SETTLING_MS))
  }

  #note(trouble: Trouble): void {
    this.#troubleSince ??= this.engine.clock.now()
    this.#trouble = trouble
  }

  /** Whether more attempts than allowed are to be made, because the cluster is changing. */
  #isPatient(): boolean {
    if (this.policy.maxRetries === 0 || this.#trouble?.isMoving !== true) return false
    return this.engine.clock.now() - (this.#troubleSince ?? 0) < PATIENCE_MS
  }

  #fail(): void {
    const { code, node, cause } = this.#trouble as Trouble
    const parts = [this.#where()]
    if (node !== undefined) parts.push(`node ${describeNode(node)}`)
    if (cause instanceof Error) parts.push(cause.message)
    this.engine.counters.failures++
    this.#error = errorFromCode(code, {
      node: node === undefined ? undefined : describeNode(node),
      cause,
      message: parts.join(', '),
    })
    this.close()
  }

  #where(): string {
    const { namespace, setName } = this.question.plan
    return setName === undefined ? `query of namespace ${namespace}` : `query of ${namespace}:${setName}`
  }
}

/** Whether a result code says that the partition is on its way to another node. */
const isMoving = (code: number): boolean => code === RESULT_CODE.PARTITION_UNAVAILABLE

/** The part of a query that goes to one node in one command. */
class NodeQuery<B> extends Exchange implements QueryRequest {
  readonly part: QueryPart<CommandNode>
  readonly node: CommandNode
  /** What has arrived and waits for the reader. */
  readonly frames: Uint8Array[] = []
  /** It stands among those that have something for the reader, or is being read. */
  isReady = false
  /** The node does not serve some of the partitions at present. */
  hasUnavailable = false
  /** Nothing more will come. */
  hasEnded = false
  /** Why the answer broke off. */
  failure: Trouble | undefined = undefined
  /** The code that the answer ended with. */
  resultCode: number = RESULT_CODE.NO_RESPONSE
  readonly taskId: bigint
  readonly #owner: QueryCommand<B>
  #isHeld = false
  #hasEnteredAgain = false

  constructor(owner: QueryCommand<B>, part: QueryPart<CommandNode>) {
    super()
    this.#owner = owner
    this.part = part
    this.node = part.node
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

  override get isStream(): boolean {
    return true
  }

  override encode(out: ByteWriter): void {
    encodeQueryRequest(out, this)
  }

  override receive(type: FrameType, body: ByteReader): boolean {
    if (type !== FRAME_TYPE.message) throw new CodecError(`frame type ${type} answers a query`)
    const isLast = isLastQueryFrame(body)
    if (isLast && isLoginLost(replyResultCode(body)) && this.#entersAgain()) return true
    // Set, not slice: the receive buffer may be a Node Buffer, whose slice shares its memory.
    const frame = new Uint8Array(body.remaining)
    frame.set(body.bytes.subarray(body.position, body.end))
    const owner = this.#owner
    const now = owner.engine.clock.now()
    this.deadline = now + owner.policy.silenceMs
    this.hasEnded = isLast
    owner.arrived(this, frame)
    if (isLast) owner.ended(this)
    else if (this.frames.length > 0 && owner.isFull) {
      this.#isHeld = true
      this.node.pool.read?.(this, false, 0)
    }
    return isLast
  }

  /** The server knows our login no more and has done nothing: once, the same is asked again after another login. */
  #entersAgain(): boolean {
    if (this.#hasEnteredAgain || !this.node.pool.renewLogin(this)) return false
    this.#hasEnteredAgain = true
    this.#owner.enterAgain(this)
    return true
  }

  /** The reader has caught up. */
  resume(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    const owner = this.#owner
    this.node.pool.read?.(this, true, owner.engine.clock.now() + owner.policy.silenceMs)
  }

  override fail(failure: AttemptFailure): void {
    const { kind, cause } = failure
    const owner = this.#owner
    const code = CODE_OF_FAILURE[kind]
    const isLost = kind === 'connect' || kind === 'closed' || kind === 'pool-closed'
    if (kind !== 'encode' && kind !== 'pool-closed') this.node.recordError()
    if (isLost) owner.engine.cluster.wake()
    this.failure = { code, node: this.node, cause, isMoving: isLost }
    this.hasEnded = true
    owner.ended(this)
  }
}

/** The number of a job: 64 bits by chance. A number that one of the server's last hundred jobs had is refused. */
export function newTaskId(): bigint {
  const half = (): bigint => BigInt(Math.floor(Math.random() * 0x1_0000_0000))
  return (half() << 32n) | half()
}
