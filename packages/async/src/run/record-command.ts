import {
  type Bins,
  type ByteReader,
  type ByteWriter,
  CodecError,
  decodeRecordReply,
  encodeRecordRequest,
  FRAME_TYPE,
  type FrameType,
  type FunctionCall,
  isLoginLost,
  type Key,
  type Operation,
  partitionOf,
  RESULT_CODE,
  type Record,
  type RecordRequest,
  replyResultCode,
  resultCodeRow,
  TOUCH_OPERATIONS,
} from '@aero/codec'
import { type AttemptFailure, Exchange } from '@aero/transport'
import { AbortError, type AerospikeError, type AttemptReport, errorFromCode } from '../errors.ts'
import type { BinsToWrite } from '../plan/bins-to-write.ts'
import { filterBytes } from '../plan/filter.ts'
import type { RecordPlan } from '../plan/plan.ts'
import { checkRead, SchemaError } from '../plan/schema.ts'
import { sentOperations } from '../plan/sent-operations.ts'
import type { Abortable } from './abort-watch.ts'
import { CODE_OF_FAILURE, describeNode } from './attempt-failure.ts'
import type { CommandNode, Engine } from './engine.ts'
import { functionFailure } from './function-outcome.ts'
import { planFlags } from './plan-flags.ts'
import type { PointPolicy } from './point-policy.ts'
import { delayBeforeRetry, isInDoubt } from './retry.ts'
import { VERB_BITS } from './verb-bits.ts'

/**
 * One record command from its first attempt to its outcome: the request that is encoded, the exchange that a connection
 * carries and the state of its retries are one object, so that an operation costs that object, its result and its promise.
 *
 * `start()` resolves when there is an outcome, good or bad: `code` tells. It never rejects; {@link toError} makes the error
 * in the caller's own frame.
 */
export class RecordCommand<B = Bins> extends Exchange implements RecordRequest, Abortable {
  // ---- the request, as the codec reads it
  readonly key: Key
  readonly info1: number
  readonly info2: number
  readonly info3: number
  readonly info4 = 0
  readonly generation: number
  readonly expiration: number
  readonly timeoutMs: number
  readonly sendKey: boolean
  readonly filter: Uint8Array | undefined
  readonly function: FunctionCall | undefined
  readonly operations: readonly Operation[] | undefined
  readonly binNames: readonly string[] | undefined
  readonly bins: BinsToWrite | undefined

  // ---- the outcome
  /** 0, the server's result code, or a negative client code. */
  code: number = RESULT_CODE.CLIENT_ERROR
  record: Record<B> | undefined = undefined

  // ---- the attempts
  readonly #engine: Engine
  readonly #policy: PointPolicy
  readonly #partitionId: number
  readonly #isRead: boolean
  readonly #readsRecord: boolean
  /** What is read is bins as they are stored, not results of operations. */
  readonly #readsBins: boolean
  #done: (() => void) | undefined = undefined
  #node: CommandNode | undefined = undefined
  #started = 0
  #attemptStarted = 0
  #totalDeadline = 0
  #attempts = 0
  #timesSent = 0
  #reports: AttemptReport[] | undefined = undefined
  #cause: unknown = undefined
  #lateMs = 0
  #hasEnteredAgain = false
  #signal: AbortSignal | undefined = undefined
  #cancelDelay: (() => void) | undefined = undefined

  constructor(engine: Engine, policy: PointPolicy, plan: RecordPlan) {
    super()
    const bits = VERB_BITS[plan.verb]
    const { operations, key } = plan
    const flags = planFlags(plan, policy)
    const serverCompiles = engine.cluster.compilesExpressions()

    this.key = key
    this.info1 = flags.info1
    this.info2 = flags.info2
    this.info3 = flags.info3
    this.generation = plan.generation
    this.expiration = bits.isRead ? policy.readTouchTtlPercent : plan.expiration
    this.timeoutMs = policy.serverTimeoutMs
    this.sendKey = !bits.isRead && policy.sendKey && plan.verb !== 'delete'
    this.function = plan.function
    this.operations = plan.verb === 'touch' ? TOUCH_OPERATIONS : sentOperations(operations, serverCompiles)
    this.binNames = plan.binNames
    this.bins = plan.bins
    this.filter = plan.filter === undefined ? undefined : filterBytes(plan.filter, serverCompiles)
    this.#engine = engine
    this.#policy = policy
    this.#partitionId = partitionOf(key)
    this.#isRead = bits.isRead
    this.#readsRecord = flags.readsRecord
    this.#readsBins = flags.readsBins
  }

  /** Begins; resolves when there is an outcome. */
  start(signal?: AbortSignal): Promise<void> {
    return new Promise<void>((resolve) => this.begin(resolve, signal))
  }

  /** Begins; calls `done` when there is an outcome, which may be before this returns. */
  begin(done: () => void, signal?: AbortSignal): void {
    this.#done = done
    const now = this.#engine.clock.now()
    this.#started = now
    this.#totalDeadline = now + this.#policy.totalTimeoutMs
    this.#engine.counters.commands++
    if (signal !== undefined && !this.#listenTo(signal)) return
    this.#attempt(now)
  }

  // ---- Exchange

  override get repeatable(): boolean {
    return this.#isRead
  }

  override encode(out: ByteWriter): void {
    encodeRecordRequest(out, this)
  }

  override receive(type: FrameType, body: ByteReader): boolean {
    if (type !== FRAME_TYPE.message) throw new CodecError(`frame type ${type} answers a record command`)
    const code = replyResultCode(body)
    if (code === RESULT_CODE.OK) {
      this.#settle(this.#readsRecord ? this.#read(body) : code)
      return true
    }
    if (isLoginLost(code) && this.#entersAgain()) return true
    this.#timesSent++
    const row = resultCodeRow(code)
    if (row.retryable && this.#tryAgain(code, row.name)) return true
    if (code === RESULT_CODE.UDF_BAD_RESPONSE) this.#readFailure(body)
    this.#settle(code)
    return true
  }

  /** Reads the record out of the answer; what cannot be read is this command's problem, not that of its connection. */
  #read(body: ByteReader): number {
    try {
      const record = decodeRecordReply(body, this.key, this.#policy.recordOptions) as Record<B>
      if (this.#readsBins) checkRead(this.key, record.bins as object, this.binNames)
      this.record = record
      return RESULT_CODE.OK
    } catch (error) {
      if (!(error instanceof CodecError || error instanceof SchemaError)) throw error
      this.#cause = error
      this.#timesSent++
      return RESULT_CODE.PARSE_ERROR
    }
  }

  /** What the function that failed says of it. */
  #readFailure(body: ByteReader): void {
    if (this.#read(body) === RESULT_CODE.OK) this.#cause = functionFailure(this.record)
    this.record = undefined
  }

  override fail(failure: AttemptFailure): void {
    if (this.sent) this.#timesSent++
    this.#cause = failure.cause
    if (failure.lateMs !== undefined) this.#lateMs = Math.max(this.#lateMs, failure.lateMs)
    const code = CODE_OF_FAILURE[failure.kind]
    if (failure.kind !== 'encode') {
      this.#node?.recordError()
      if (failure.kind === 'connect' || failure.kind === 'closed') this.#engine.cluster.wake()
      if (this.#tryAgain(code, `${failure.kind} while ${failure.phase}`)) return
    }
    this.#settle(code)
  }

  // ---- attempts

  #attempt(now: number): void {
    const { cluster } = this.#engine
    const { replica, attemptTimeoutMs } = this.#policy
    this.#attemptStarted = now
    this.sent = false
    const attempt = this.#attempts++
    const node = cluster.nodeFor(this.key.namespace, this.#partitionId, replica, attempt, this.#node)
    this.#node = node
    if (node === undefined) {
      const code = cluster.isConnected()
        ? cluster.hasNamespace(this.key.namespace)
          ? RESULT_CODE.INVALID_NODE_ERROR
          : RESULT_CODE.INVALID_NAMESPACE
        : RESULT_CODE.SERVER_NOT_AVAILABLE
      cluster.wake()
      if (code === RESULT_CODE.INVALID_NAMESPACE || !this.#tryAgain(code, 'no node owns the partition'))
        this.#settle(code)
      return
    }
    if (node.isSuspended) {
      if (!this.#tryAgain(RESULT_CODE.MAX_ERROR_RATE, 'the node had too many errors lately')) {
        this.#settle(RESULT_CODE.MAX_ERROR_RATE)
      }
      return
    }
    this.deadline = Math.min(this.#totalDeadline, now + attemptTimeoutMs)
    // A write that moves to a replica may be passed on to a master that is gone, and wait for seconds there: not in front of
    // others on a shared connection, where answers come in order.
    if (attempt > 0 && !this.#isRead) node.pool.submitExclusive(this)
    else node.pool.submit(this)
  }

  /** The server knows our login no more and has done nothing: once, the same is asked again after another login. */
  #entersAgain(): boolean {
    const { clock, counters } = this.#engine
    if (this.#hasEnteredAgain || this.#node?.pool.renewLogin(this) !== true) return false
    this.#hasEnteredAgain = true
    counters.retries++
    this.#report('the login had to be renewed', clock.now())
    this.sent = false
    const node = this.#node
    clock.soon(() => {
      if (this.#done === undefined) return
      const now = clock.now()
      this.#attemptStarted = now
      this.deadline = Math.min(this.#totalDeadline, now + this.#policy.attemptTimeoutMs)
      node.pool.submit(this)
    })
    return true
  }

  /** Reports the attempt that ended and begins another where the policy allows one. */
  #tryAgain(code: number, outcome: string): boolean {
    const { clock, counters } = this.#engine
    const now = clock.now()
    // What has not been sent at all is repeated even where a repetition could apply it twice.
    const maxRetries = this.#timesSent === 0 ? this.#policy.maxUnsentRetries : this.#policy.maxRetries
    // Counted by now: an abort between two attempts must not count it again.
    this.sent = false
    this.#report(outcome, now)
    this.code = code
    const delay = delayBeforeRetry({
      attempts: this.#attempts,
      maxRetries,
      retryDelayMs: this.#policy.retryDelayMs,
      retryable: true,
      now,
      deadline: this.#totalDeadline,
    })
    if (delay === undefined) return false
    counters.retries++
    // Never from inside the transport's callback: a pool that is taking itself apart would be entered again.
    const again = (): void => {
      this.#cancelDelay = undefined
      if (this.#done !== undefined) this.#attempt(clock.now())
    }
    if (delay === 0) clock.soon(again)
    // Held: between two attempts there may be no socket that keeps the process alive, and the caller waits.
    else this.#cancelDelay = clock.after(delay, again, true)
    return true
  }

  #report(outcome: string, now: number): void {
    this.#reports ??= []
    this.#reports.push({
      node: this.#node === undefined ? undefined : describeNode(this.#node),
      outcome,
      elapsedMs: Math.round(now - this.#attemptStarted),
    })
  }

  #settle(code: number): void {
    this.code = code
    if (this.#signal !== undefined) this.#engine.aborts.remove(this.#signal, this)
    this.#cancelDelay?.()
    if (code !== RESULT_CODE.OK) this.#engine.counters.failures++
    const done = this.#done
    this.#done = undefined
    done?.()
  }

  // ---- cancellation

  #listenTo(signal: AbortSignal): boolean {
    this.#signal = signal
    if (signal.aborted) {
      this.#settle(RESULT_CODE.CLIENT_ERROR)
      return false
    }
    this.#engine.aborts.add(signal, this)
    return true
  }

  aborted(): void {
    if (this.#done === undefined) return
    if (this.sent) this.#timesSent++
    this.#node?.pool.cancel(this)
    this.#settle(RESULT_CODE.CLIENT_ERROR)
  }

  // ---- the outcome as an error

  /** Whether the write may have been applied. */
  get inDoubt(): boolean {
    return isInDoubt(this.#isRead, this.#timesSent, this.code, RESULT_CODE.TIMEOUT)
  }

  /** The error for an outcome that is one. Called in the frame of the public method, so that its stack shows the caller. */
  toError(): AerospikeError {
    const now = this.#engine.clock.now()
    // A server's answer that was final at once has not been told yet.
    if (this.code > RESULT_CODE.OK && (this.#reports?.length ?? 0) < this.#attempts)
      this.#report(resultCodeRow(this.code).name, now)
    const details = {
      key: this.key,
      inDoubt: this.inDoubt,
      node: this.#node === undefined ? undefined : describeNode(this.#node),
      attempts: this.#reports ?? [],
      cause: this.#cause,
    }
    if (this.#signal?.aborted === true && this.code === RESULT_CODE.CLIENT_ERROR) {
      return new AbortError(`${this.key}: the command was aborted`, RESULT_CODE.CLIENT_ERROR, {
        ...details,
        cause: this.#signal.reason,
      })
    }
    const elapsed = Math.round(now - this.#started)
    return errorFromCode(this.code, {
      ...details,
      message: describe(this.key, this.code, elapsed, details, this.#lateMs),
    })
  }
}

function describeAttempt({ outcome, elapsedMs, node }: AttemptReport): string {
  return `${outcome} after ${elapsedMs} ms${node === undefined ? '' : ` at ${node}`}`
}

function describe(
  key: Key,
  code: number,
  elapsedMs: number,
  details: { node: string | undefined; attempts: readonly AttemptReport[]; cause: unknown },
  lateMs: number,
): string {
  const parts = [`${key}`]
  if (code === RESULT_CODE.SERIALIZE_ERROR && details.cause instanceof Error)
    return `${key}: ${details.cause.message}`
  const { attempts, node } = details
  if (node !== undefined) parts.push(`node ${node}`)
  const [first] = attempts
  if (first !== undefined) {
    const count = `${attempts.length} attempt${attempts.length === 1 ? '' : 's'} in ${elapsedMs} ms`
    // An only attempt that the server answered adds nothing to the code and the node that stand there already.
    const saysAll = attempts.length === 1 && first.node === node && first.outcome === resultCodeRow(code).name
    parts.push(saysAll ? count : `${count}: ${attempts.map(describeAttempt).join('; ')}`)
  }
  if (details.cause instanceof Error) parts.push(details.cause.message)
  if (lateMs > 0) parts.push(`this program's event loop was blocked for ${Math.round(lateMs)} ms meanwhile`)
  return parts.join(', ')
}
