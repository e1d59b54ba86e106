import {
  type BatchAction,
  BatchReply,
  type BatchRequest,
  type ByteReader,
  ByteWriter,
  CodecError,
  EncodeError,
  encodeBatchRequest,
  FRAME_TYPE,
  type FrameType,
  isLastBatchFrame,
  isLoginLost,
  type Key,
  partitionOf,
  RESULT_CODE,
  type Record,
  type RecordOptions,
  resultCodeRow,
} from '@aero/codec'
import { type AttemptFailure, Exchange, type LastFrameTest } from '@aero/transport'
import { AbortError, type AerospikeError, errorFromCode } from '../errors.ts'
import { checkRead } from '../plan/schema.ts'
import { FailedRow, OkRow, type Row } from '../result/row.ts'
import type { Abortable } from './abort-watch.ts'
import { CODE_OF_FAILURE, describeNode } from './attempt-failure.ts'
import type { SegmentAction } from './batch-action.ts'
import { splitRows } from './batch-split.ts'
import type { CommandNode, Engine } from './engine.ts'
import { functionFailure, functionRow } from './function-outcome.ts'
import { delayBeforeRetry, isInDoubt } from './retry.ts'

/** Rows of one command at most. Servers before 6.0 refuse more than 5000 unless they are told otherwise. */
const MOST_ROWS = 5000
/**
 * A command of more rows than this gets a connection of its own: the server works off one connection's commands one after
 * the other, so that others would wait behind it. Measured with 8 batches of 100 rows in flight: 1.6 times as many.
 */
const MOST_SHARED_ROWS = 16

/** One cursor for all answers: it is used from frame to frame, never across. */
const REPLY = new BatchReply()

const isLastFrame: LastFrameTest = (type, body) => type !== FRAME_TYPE.message || isLastBatchFrame(body)

/** What a batch consists of: keys, and for each the segment it belongs to. */
export interface BatchRows {
  readonly keys: readonly Key[]
  readonly segments: readonly SegmentAction[]
}

/** Who hears of rows as they are settled. */
export type RowListener<B> = (row: Row<B>) => void

/**
 * A batch from its first attempt until every row has its outcome. The rows are split by node, one command goes to each, and
 * what a command leaves open (a lost connection, an overloaded record) is split anew and sent again, as the partitions are
 * by then. A row that is settled stays settled.
 *
 * Per row there is its outcome and nothing else: no promise, no closure.
 */
export class BatchCommand<B> implements Abortable {
  /** The outcomes, by row; complete when {@link start} has resolved. */
  readonly rows: (Row<B> | undefined)[]
  readonly keys: readonly Key[]
  readonly segments: readonly SegmentAction[]
  readonly actions: readonly BatchAction[]
  readonly engine: Engine
  readonly recordOptions: RecordOptions
  /** The strictest segment's: of the writes that may not be repeated, of the writes, or of the reads. */
  readonly policy: SegmentAction['policy']
  /** Nothing is changed on the servers by any row. */
  readonly isRead: boolean
  /** Which command may answer a row: the one with this number. */
  readonly owners: number[]
  /** How often a command with the row may have reached a server without a good end. */
  readonly timesSent: number[]
  #listener: RowListener<B> | undefined
  #done: (() => void) | undefined
  #signal: AbortSignal | undefined
  #open: number
  /** Nodes that wanted another login of this command: once each. */
  #entered: Set<CommandNode> | undefined = undefined
  #serial = 0
  #totalDeadline = 0
  readonly #waiting: NodeBatch<B>[] = []
  readonly #running = new Set<NodeBatch<B>>()
  readonly #delays = new Set<() => void>()

  constructor(engine: Engine, recordOptions: RecordOptions, rows: BatchRows) {
    const { keys, segments } = rows
    this.engine = engine
    this.recordOptions = recordOptions
    this.keys = keys
    this.segments = segments
    this.actions = segments.map(({ action }) => action)
    const { policy, isRead } = strictest(segments)
    this.policy = policy
    this.isRead = isRead
    this.rows = new Array<Row<B> | undefined>(keys.length).fill(undefined)
    // No typed arrays: those of more than 64 bytes have their memory elsewhere, which costs more than the bytes that it saves.
    this.owners = new Array<number>(keys.length).fill(0)
    this.timesSent = new Array<number>(keys.length).fill(0)
    this.#open = keys.length
  }

  /** Begins; resolves when every row has its outcome, good or bad. Never rejects. */
  start(signal?: AbortSignal, listener?: RowListener<B>): Promise<void> {
    return new Promise((resolve) => this.begin(resolve, signal, listener))
  }

  /** Begins; calls `done` when every row has its outcome, which may be before this returns. */
  begin(done: () => void, signal?: AbortSignal, listener?: RowListener<B>): void {
    this.#done = done
    this.#listener = listener
    const { clock, counters, aborts } = this.engine
    this.#totalDeadline = clock.now() + this.policy.totalTimeoutMs
    counters.commands++
    if (signal !== undefined) {
      this.#signal = signal
      if (signal.aborted) {
        this.aborted()
        return
      }
      aborts.add(signal, this)
    }
    const all = new Array<number>(this.keys.length)
    for (let row = 0; row < all.length; row++) all[row] = row
    this.send(all, 0, undefined)
  }

  /** Ends the work; rows without an outcome get that of an aborted command. */
  aborted(): void {
    for (const cancel of this.#delays) cancel()
    this.#delays.clear()
    this.#waiting.length = 0
    for (const batch of this.#running) {
      if (batch.sent) batch.countSent()
      batch.node.pool.cancel(batch)
    }
    this.#running.clear()
    for (let row = 0; row < this.rows.length; row++) {
      if (this.rows[row] === undefined)
        this.fail(row, RESULT_CODE.CLIENT_ERROR, undefined, this.#signal?.reason)
    }
  }

  // ---- sending

  /** Splits `rows` by node and sends them. `attempt` counts from 0; `previous` is the node that failed them. */
  send(rows: ArrayLike<number>, attempt: number, previous: CommandNode | undefined): void {
    const { cluster } = this.engine
    const { keys, segments } = this
    const { groups, homeless } = splitRows(
      rows,
      (row) => {
        const key = keys[row] as Key
        const { replica } = (segments[row] as SegmentAction).policy
        return cluster.nodeFor(key.namespace, partitionOf(key), replica, attempt, previous)
      },
      MOST_ROWS,
    )
    for (const { node, rows: chosen } of groups) {
      this.#waiting.push(new NodeBatch(this, node, chosen, attempt, ++this.#serial))
    }
    if (homeless.length > 0) this.#settleHomeless(homeless, attempt)
    this.#sendWaiting()
  }

  #settleHomeless(rows: readonly number[], attempt: number): void {
    const { cluster } = this.engine
    const again: number[] = []
    cluster.wake()
    for (const row of rows) {
      const { namespace } = this.keys[row] as Key
      if (cluster.isConnected() && !cluster.hasNamespace(namespace))
        this.fail(row, RESULT_CODE.INVALID_NAMESPACE)
      else again.push(row)
    }
    const code = cluster.isConnected() ? RESULT_CODE.INVALID_NODE_ERROR : RESULT_CODE.SERVER_NOT_AVAILABLE
    this.retry(again, attempt, undefined, code)
  }

  #sendWaiting(): void {
    const now = this.engine.clock.now()
    while (this.#running.size < this.policy.maxConcurrentNodes) {
      const batch = this.#waiting.shift()
      if (batch === undefined) return
      const { node, rows, attempt } = batch
      if (node.isSuspended) {
        this.retry(rows, attempt, node, RESULT_CODE.MAX_ERROR_RATE)
        continue
      }
      batch.deadline = Math.min(this.#totalDeadline, now + this.policy.attemptTimeoutMs)
      batch.sent = false
      this.#running.add(batch)
      // As with single writes: a repeated one may wait on a server for a master that is gone, with nobody behind it.
      if (rows.length > MOST_SHARED_ROWS || (attempt > 0 && !batch.repeatable))
        node.pool.submitExclusive(batch)
      else node.pool.submit(batch)
    }
  }

  /** A command has ended, with or without an answer; what it left open has been seen to. */
  ended(batch: NodeBatch<B>): void {
    this.#running.delete(batch)
    if (this.#waiting.length > 0) this.#sendWaiting()
  }

  /** Sends rows again to a node that knew the login no more, and has done nothing. `false`: it was so before. */
  entersAgain(rows: readonly number[], attempt: number, node: CommandNode): boolean {
    this.#entered ??= new Set()
    if (this.#done === undefined || this.#entered.has(node)) return false
    this.#entered.add(node)
    this.engine.counters.retries++
    this.engine.clock.soon(() => {
      if (this.#done !== undefined) this.send(rows, attempt, undefined)
    })
    return true
  }

  /** Sends rows again that came to nothing with `code`, each as far as its own policy goes; the others have failed. */
  retry(
    rows: readonly number[],
    attempt: number,
    node: CommandNode | undefined,
    code: number,
    cause?: unknown,
  ): void {
    if (rows.length === 0 || this.#done === undefined) return
    const { clock, counters } = this.engine
    const { retryDelayMs } = this.policy
    const now = clock.now()
    const again: number[] = []
    for (const row of rows) {
      const { policy } = this.segments[row] as SegmentAction
      const delay = delayBeforeRetry({
        attempts: attempt + 1,
        maxRetries: this.timesSent[row] === 0 ? policy.maxUnsentRetries : policy.maxRetries,
        retryDelayMs,
        retryable: true,
        now,
        deadline: this.#totalDeadline,
      })
      if (delay === undefined) this.fail(row, code, node, cause)
      else again.push(row)
    }
    if (again.length === 0) return
    counters.retries++
    const run = (): void => {
      this.#delays.delete(cancel)
      if (this.#done !== undefined) this.send(again, attempt + 1, node)
    }
    let cancel: () => void = () => undefined
    // Never from inside the transport's callback: a pool that is taking itself apart would be entered again.
    if (retryDelayMs === 0) clock.soon(run)
    else {
      cancel = clock.after(retryDelayMs, run, true)
      this.#delays.add(cancel)
    }
  }

  /** A server may have acted on the row without saying so. */
  countSent(row: number): void {
    this.timesSent[row] = Math.min(255, (this.timesSent[row] as number) + 1)
  }

  // ---- outcomes

  /** The row succeeded. */
  succeed(row: number, record: Record<B> | undefined): void {
    const key = this.keys[row] as Key
    const { verb } = (this.segments[row] as SegmentAction).plan
    this.settle(row, verb === 'executeUdf' ? functionRow(key, row, record) : new OkRow(key, row, record))
  }

  /** The server answered the row with a code that is final. */
  refuse(row: number, code: number): void {
    this.settle(row, new FailedRow(this.keys[row] as Key, row, code, this.#isInDoubt(row, code)))
  }

  /** The row has come to nothing for a reason that its code does not tell all of. */
  fail(row: number, code: number, node?: CommandNode, cause?: unknown): void {
    const key = this.keys[row] as Key
    const inDoubt = this.#isInDoubt(row, code)
    const error = this.#errorOf(key, code, inDoubt, node, cause)
    this.settle(row, new FailedRow(key, row, code, inDoubt, error))
  }

  #isInDoubt(row: number, code: number): boolean {
    const { isRead } = this.segments[row] as SegmentAction
    return isInDoubt(isRead, this.timesSent[row] as number, code, RESULT_CODE.TIMEOUT)
  }

  #errorOf(
    key: Key,
    code: number,
    inDoubt: boolean,
    node: CommandNode | undefined,
    cause: unknown,
  ): AerospikeError {
    const details = { key, inDoubt, node: node === undefined ? undefined : describeNode(node), cause }
    if (this.#signal?.aborted === true && code === RESULT_CODE.CLIENT_ERROR) {
      return new AbortError(`${key}: the batch was aborted`, code, details)
    }
    const parts = [`${key}`]
    if (details.node !== undefined) parts.push(`node ${details.node}`)
    if (cause instanceof Error) parts.push(cause.message)
    return errorFromCode(code, { ...details, message: parts.join(', ') })
  }

  /** The row has its outcome. Not a private method: those are looked up at each call, and this one is called for each row. */
  settle(row: number, outcome: Row<B>): void {
    if (this.rows[row] !== undefined) return
    this.rows[row] = outcome
    this.#open--
    this.#listener?.(outcome)
    if (this.#open > 0) return
    if (this.#signal !== undefined) this.engine.aborts.remove(this.#signal, this)
    const done = this.#done
    this.#done = undefined
    done?.()
  }
}

/** The rows of a batch that go to one node in one command. */
class NodeBatch<B> extends Exchange implements BatchRequest {
  readonly node: CommandNode
  readonly rows: readonly number[]
  readonly attempt: number
  readonly #owner: BatchCommand<B>
  readonly #serial: number
  /** Rows that the server has not answered. */
  #left: number
  /** Rows that the server answered with a code that another attempt may change, and that code. */
  #again: number[] | undefined = undefined
  #againCode = 0

  constructor(
    owner: BatchCommand<B>,
    node: CommandNode,
    rows: readonly number[],
    attempt: number,
    serial: number,
  ) {
    super()
    this.node = node
    this.rows = rows
    this.attempt = attempt
    this.#owner = owner
    this.#serial = serial
    this.#left = rows.length
    for (let at = 0; at < rows.length; at++) owner.owners[rows[at] as number] = serial
  }

  // ---- the request, as the codec reads it

  get keys(): readonly Key[] {
    return this.#owner.keys
  }

  get actions(): readonly BatchAction[] {
    return this.#owner.actions
  }

  get count(): number {
    return this.rows.length
  }

  get flags(): number {
    return this.#owner.policy.flags
  }

  get timeoutMs(): number {
    return this.#owner.policy.serverTimeoutMs
  }

  get filter(): undefined {
    return undefined
  }

  // ---- Exchange

  override get repeatable(): boolean {
    return this.#owner.isRead
  }

  override get lastFrameTest(): LastFrameTest {
    return isLastFrame
  }

  override encode(out: ByteWriter): void {
    encodeBatchRequest(out, this)
  }

  override receive(type: FrameType, body: ByteReader): boolean {
    if (type !== FRAME_TYPE.message) throw new CodecError(`frame type ${type} answers a batch`)
    const owner = this.#owner
    REPLY.begin(body)
    while (REPLY.next()) {
      if (REPLY.isLast) {
        this.#finish(REPLY.resultCode)
        return true
      }
      const { index } = REPLY
      if (owner.owners[index] === this.#serial && owner.rows[index] === undefined) this.take(index)
      // A row that nobody asked for, or that was answered before.
      else REPLY.skip()
    }
    return false
  }

  /** Takes the row that the cursor is at. Not a private method, as `settle`. */
  take(row: number): void {
    this.#left--
    const owner = this.#owner
    const code = REPLY.resultCode
    if (code === RESULT_CODE.OK) {
      const { readsRecord, readsBins, plan } = owner.segments[row] as SegmentAction
      if (!readsRecord) {
        REPLY.skip()
        owner.succeed(row, undefined)
        return
      }
      let record: Record<B>
      try {
        record = REPLY.record(owner.keys[row] as Key, owner.recordOptions) as Record<B>
      } catch (error) {
        if (!(error instanceof CodecError)) throw error
        // What cannot be read is this row's problem, unless there is no getting past it.
        REPLY.skip()
        owner.countSent(row)
        owner.fail(row, RESULT_CODE.PARSE_ERROR, this.node, error)
        return
      }
      if (readsBins) {
        try {
          checkRead(record.key, record.bins as object, plan.binNames)
        } catch (error) {
          owner.fail(row, RESULT_CODE.PARSE_ERROR, this.node, error)
          return
        }
      }
      owner.succeed(row, record)
      return
    }
    if (code === RESULT_CODE.UDF_BAD_RESPONSE) {
      owner.countSent(row)
      owner.fail(row, code, this.node, this.#readFailure(row))
      return
    }
    REPLY.skip()
    owner.countSent(row)
    if (resultCodeRow(code).retryable) {
      this.#again ??= []
      this.#again.push(row)
      this.#againCode = code
      // Nobody's, until it is sent again.
      owner.owners[row] = 0
    } else owner.refuse(row, code)
  }

  /** What the function of the row that the cursor is at says of its failure. */
  #readFailure(row: number): Error | undefined {
    const owner = this.#owner
    try {
      return functionFailure(REPLY.record(owner.keys[row] as Key, owner.recordOptions))
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      REPLY.skip()
      return undefined
    }
  }

  /** The answer is complete: what is open now has not been answered. */
  #finish(code: number): void {
    const owner = this.#owner
    if (code === RESULT_CODE.OK && this.#left === 0) {
      this.#sendAgain()
      owner.ended(this)
      return
    }
    const open = this.#openRows()
    if (
      isLoginLost(code) &&
      this.node.pool.renewLogin(this) &&
      owner.entersAgain(open, this.attempt, this.node)
    ) {
      owner.ended(this)
      return
    }
    this.countSent()
    if (code !== RESULT_CODE.OK && resultCodeRow(code).retryable) {
      owner.retry(open, this.attempt, this.node, code)
    } else {
      const reason = code === RESULT_CODE.OK ? RESULT_CODE.NO_RESPONSE : code
      for (const row of open) owner.fail(row, reason, this.node)
    }
    this.#sendAgain()
    owner.ended(this)
  }

  override fail(failure: AttemptFailure): void {
    const owner = this.#owner
    const { kind, cause } = failure
    const open = this.#openRows()
    if (this.sent) this.countSent()
    if (kind === 'encode') this.#failEncoding(open, cause)
    else {
      this.node.recordError()
      if (kind === 'connect' || kind === 'closed') owner.engine.cluster.wake()
      owner.retry(open, this.attempt, this.node, CODE_OF_FAILURE[kind], cause)
    }
    this.#sendAgain()
    owner.ended(this)
  }

  /** The rows that cannot be encoded fail; the others go again without them, or in halves when together they are too large. */
  #failEncoding(open: readonly number[], cause: Error | undefined): void {
    const owner = this.#owner
    const out = new ByteWriter()
    const sound: number[] = []
    for (const row of open) {
      out.position = 0
      try {
        encodeBatchRequest(out, {
          keys: this.keys,
          actions: this.actions,
          rows: [row],
          count: 1,
          flags: this.flags,
          timeoutMs: 0,
          filter: undefined,
        })
        sound.push(row)
      } catch (error) {
        if (!(error instanceof EncodeError)) throw error
        owner.fail(row, RESULT_CODE.SERIALIZE_ERROR, undefined, error)
      }
    }
    const half = sound.length === open.length ? sound.length >> 1 : sound.length
    if (sound.length > 0 && half === 0) {
      for (const row of sound) owner.fail(row, RESULT_CODE.SERIALIZE_ERROR, undefined, cause)
      return
    }
    owner.engine.clock.soon(() => {
      for (const part of [sound.slice(0, half), sound.slice(half)]) {
        if (part.length > 0) owner.send(part, this.attempt, undefined)
      }
    })
  }

  /** Counts for every row that is open that a server may have acted on it. */
  countSent(): void {
    for (const row of this.#openRows()) this.#owner.countSent(row)
  }

  #openRows(): number[] {
    const { owners, rows } = this.#owner
    return this.rows.filter((row) => owners[row] === this.#serial && rows[row] === undefined)
  }

  #sendAgain(): void {
    const again = this.#again
    if (again === undefined) return
    this.#again = undefined
    this.#owner.retry(again, this.attempt, this.node, this.#againCode)
  }
}

/** The segment whose settings hold for the command as a whole. */
function strictest(segments: readonly SegmentAction[]): SegmentAction {
  let found = segments[0] as SegmentAction
  for (const segment of segments) if (rank(segment) > rank(found)) found = segment
  return found
}

function rank({ isRead, plan }: SegmentAction): number {
  if (isRead) return 0
  return plan.retryable || plan.generation !== 0 ? 1 : 2
}
