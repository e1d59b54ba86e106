import {
  ByteReader,
  CodecError,
  FRAME_TYPE,
  type FrameType,
  isLoginLost,
  RESULT_CODE,
  replyResultCode,
} from '@aero/codec'
import { type AttemptFailure, Exchange, type LastFrameTest } from '@aero/transport'
import { AbortError, type AerospikeError, errorFromCode } from '../errors.ts'
import type { Abortable } from './abort-watch.ts'
import { CODE_OF_FAILURE, describeNode } from './attempt-failure.ts'
import type { CommandNode, Engine } from './engine.ts'
import type { QueryPolicy } from './query-policy.ts'

/** What an item is taken to be long before any was seen. */
const FIRST_GUESS_BYTES = 100

/** Why streams cannot go on. */
export interface Trouble {
  readonly code: number
  readonly node: CommandNode | undefined
  readonly cause: unknown
  /** The cluster is changing: somebody else will have what was asked for. */
  readonly isMoving: boolean
}

/**
 * Answers that several nodes give side by side, as streams, to one reader who pulls: what has arrived waits as it came, in frames, and
 * a node whose frames wait is not read from. What is made of the frames, and what becomes of a stream that has ended, is for
 * those who extend this.
 */
export abstract class NodeStreams<S extends NodeStream> implements Abortable {
  readonly engine: Engine
  readonly policy: QueryPolicy
  /** The frame that is being read. */
  protected readonly body: ByteReader = new ByteReader()
  /** The stream whose frame is being read. */
  protected current: S | undefined = undefined
  protected isClosed = false
  /** What went wrong last. */
  protected trouble: Trouble | undefined = undefined
  protected readonly signal: AbortSignal | undefined
  /** Streams that are to be begun when others have ended. */
  readonly #waiting: S[] = []
  readonly #running = new Set<S>()
  /** Streams that have something for the reader: a frame, or their end. */
  readonly #ready: S[] = []
  #isStarted = false
  #error: AerospikeError | undefined = undefined
  #wake: (() => void) | undefined = undefined
  #cancelDelay: (() => void) | undefined = undefined
  #waitedMs = 0
  // To guess how many items wait.
  #waitingBytes = 0
  #bytesRead = FIRST_GUESS_BYTES
  #itemsRead = 1

  constructor(engine: Engine, policy: QueryPolicy, signal: AbortSignal | undefined) {
    this.engine = engine
    this.policy = policy
    this.signal = signal
  }

  // ---- for those who extend it

  /** There is nothing more for the reader. */
  abstract get isOver(): boolean

  /** What is asked, in words, for errors. */
  protected abstract where(): string

  /** Begins what there is to begin, with {@link add}. Called when the reader first asks. */
  protected abstract begin(): void

  /** All that this stream has sent is read, and it has ended. */
  protected abstract settle(stream: S): void

  /** Has a stream begun, as soon as fewer run than may at a time: when {@link sendWaiting} is called. */
  protected add(stream: S): void {
    this.#waiting.push(stream)
  }

  protected sendWaiting(): void {
    const { silenceMs, maxConcurrentNodes } = this.policy
    while (this.#running.size < maxConcurrentNodes) {
      const stream = this.#waiting.shift()
      if (stream === undefined) return
      const { node } = stream
      if (node.isSuspended) {
        stream.failure = { code: RESULT_CODE.MAX_ERROR_RATE, node, cause: undefined, isMoving: false }
        this.settle(stream)
        continue
      }
      stream.deadline = this.engine.clock.now() + silenceMs
      this.#running.add(stream)
      node.pool.submitExclusive(stream)
    }
  }

  /** Calls `run` after a while, unless that was said already; the reader then looks again. */
  protected after(ms: number, run: () => void): void {
    if (this.#cancelDelay !== undefined) return
    this.#cancelDelay = this.engine.clock.after(
      ms,
      () => {
        this.#cancelDelay = undefined
        run()
        this.#notify()
      },
      true,
    )
  }

  protected get isStarted(): boolean {
    return this.#isStarted
  }

  /** Called by the reader before anything else. @throws AerospikeError when the streams have failed and nothing is left */
  protected start(): void {
    if (this.#isStarted) return
    this.#isStarted = true
    this.engine.counters.commands++
    const { signal } = this
    if (signal?.aborted) this.aborted()
    else {
      if (signal !== undefined) this.engine.aborts.add(signal, this)
      this.begin()
    }
  }

  /** @throws AerospikeError what has ended the streams, if that was an error */
  protected throwError(): void {
    if (this.#error !== undefined) throw this.#error
  }

  /** Takes up the frame that waits longest: {@link body}, of {@link current}. `false` when there is none for now. */
  protected nextFrame(): boolean {
    for (;;) {
      const stream = this.#ready[0]
      if (stream === undefined) return false
      const frame = stream.frames.shift()
      this.#ready.shift()
      if (frame === undefined) {
        stream.isReady = false
        if (stream.hasEnded) this.settle(stream)
        if (this.isClosed) return false
        continue
      }
      this.#waitingBytes -= frame.length
      this.#bytesRead += frame.length
      this.body.reset(frame, new DataView(frame.buffer, frame.byteOffset, frame.length), 0, frame.length)
      this.current = stream
      if (stream.frames.length === 0) stream.resume()
      return true
    }
  }

  /** The frame of {@link current} is read: the next one of those that wait. */
  protected release(): void {
    const stream = this.current
    this.current = undefined
    this.engine.frames.giveBack(this.body.bytes)
    if (stream === undefined || this.isClosed) return
    if (stream.frames.length > 0 || stream.hasEnded) this.#ready.push(stream)
    else stream.isReady = false
  }

  /** One more item was read. */
  protected countItem(): void {
    this.#itemsRead++
  }

  protected note(trouble: Trouble): void {
    this.trouble = trouble
  }

  /** Ends everything with the error that {@link trouble} is. */
  protected fail(): void {
    const { code, node, cause } = this.trouble as Trouble
    const parts = [this.where()]
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

  // ---- for the reader

  /** Calls `wake` when there is something to take, or nothing more will come; no later than the time that is left for waiting. */
  arrival(wake: () => void): void {
    if (this.#ready.length > 0 || this.isClosed) {
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

  /** Ends the streams on every node. */
  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#cancelDelay?.()
    this.#waiting.length = 0
    this.#ready.length = 0
    this.current = undefined
    for (const stream of this.#running) stream.node.pool.cancel(stream)
    this.#running.clear()
    if (this.signal !== undefined) this.engine.aborts.remove(this.signal, this)
    this.#notify()
  }

  // ---- Abortable

  /** Ends the streams; the reader gets an AbortError. */
  aborted(): void {
    if (this.isClosed) return
    const cause = this.signal?.reason
    this.#error = new AbortError(`${this.where()}: the query was aborted`, RESULT_CODE.CLIENT_ERROR, {
      cause,
    })
    this.close()
  }

  // ---- what the streams tell

  /** A frame has come. */
  arrived(stream: S, frame: Uint8Array): void {
    this.#waitingBytes += frame.length
    stream.frames.push(frame)
    if (!stream.isReady) this.#makeReady(stream)
  }

  /** More wait than the reader should find. */
  get isFull(): boolean {
    const { recordQueueSize, recordQueueBytes } = this.policy
    const bytes = this.#waitingBytes
    return bytes >= recordQueueBytes || (bytes * this.#itemsRead) / this.#bytesRead >= recordQueueSize
  }

  /** The stream has ended, one way or the other. */
  ended(stream: S): void {
    this.#running.delete(stream)
    if (!stream.isReady) this.#makeReady(stream)
    if (this.#waiting.length > 0) this.sendWaiting()
  }

  /** Asks the node again, which knew the login no more and has done nothing. */
  enterAgain(stream: S): void {
    const { clock, counters } = this.engine
    counters.retries++
    clock.soon(() => {
      if (!this.#running.has(stream)) return
      stream.deadline = clock.now() + this.policy.silenceMs
      stream.node.pool.submitExclusive(stream)
    })
  }

  #makeReady(stream: S): void {
    stream.isReady = true
    this.#ready.push(stream)
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
      if (this.#wake === undefined || this.isClosed) return
      const cause = new Error(`waited ${this.policy.totalTimeoutMs} ms for the servers`)
      this.note({ code: RESULT_CODE.TIMEOUT, node: undefined, cause, isMoving: false })
      this.fail()
    })
  }
}

/** What a stream needs of those that it runs beside: see {@link NodeStreams}. */
interface Owner {
  readonly engine: Engine
  readonly policy: QueryPolicy
  readonly isFull: boolean
  arrived(stream: NodeStream, frame: Uint8Array): void
  ended(stream: NodeStream): void
  enterAgain(stream: NodeStream): void
}

/** The answer of one node, in frames as they come. */
export abstract class NodeStream extends Exchange {
  readonly node: CommandNode
  /** What has arrived and waits for the reader. */
  readonly frames: Uint8Array[] = []
  /** It stands among those that have something for the reader, or is being read. */
  isReady = false
  /** Nothing more will come. */
  hasEnded = false
  /** Why the answer broke off. */
  failure: Trouble | undefined = undefined
  /** The code that the answer ended with. */
  resultCode: number = RESULT_CODE.NO_RESPONSE
  readonly #owner: Owner
  #isHeld = false
  #hasEnteredAgain = false

  constructor(owner: Owner, node: CommandNode) {
    super()
    this.#owner = owner
    this.node = node
  }

  /** Whether a frame ends the answer. @throws CodecError for bytes that do not follow the layout */
  protected abstract isLast(body: ByteReader): boolean

  override get isStream(): boolean {
    return true
  }

  /** What is left of an answer that nobody wants is not worth reading: the connection is closed. */
  override get lastFrameTest(): LastFrameTest | undefined {
    return undefined
  }

  override receive(type: FrameType, body: ByteReader): boolean {
    if (type !== FRAME_TYPE.message) throw new CodecError(`frame type ${type} answers a query`)
    const isLast = this.isLast(body)
    if (isLast && isLoginLost(replyResultCode(body)) && this.#entersAgain()) return true
    const owner = this.#owner
    const frame = owner.engine.frames.copyOf(body)
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
