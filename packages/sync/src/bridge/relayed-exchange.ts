import {
  type ByteReader,
  type ByteWriter,
  FRAME_TYPE,
  type FrameType,
  isLastBatchFrame,
  isLastQueryFrame,
  RESULT_CODE,
  replyResultCode,
} from '@aero/codec'
import type { Node } from '@aero/tender'
import { type AttemptFailure, type Clock, Exchange, type LastFrameTest } from '@aero/transport'
import { SUBMIT_FLAG } from './control.ts'

/** Who passes on what an exchange brings. */
export interface Relay {
  frame(exchange: RelayedExchange, type: FrameType, body: ByteReader, isLast: boolean, renewed: boolean): void
  failure(exchange: RelayedExchange, failure: AttemptFailure): void
}

/** What came over the bridge. */
export interface RelayedRequest {
  /** The first `size` of them; valid until {@link RelayedExchange.keepBytes}. */
  readonly bytes: Uint8Array
  readonly size: number
  /** Of {@link SUBMIT_FLAG}. */
  readonly flags: number
  /** Milliseconds that it has. */
  readonly time: number
  readonly clock: Clock
}

const NO_BYTES = new Uint8Array(0)

/** Codes that say the server does not know this connection's login. */
const LOGIN_LOST: readonly number[] = [RESULT_CODE.EXPIRED_SESSION, RESULT_CODE.NOT_AUTHENTICATED]

const isLastOfStream: LastFrameTest = (type, body) => type !== FRAME_TYPE.message || isLastQueryFrame(body)

const isLastOfSeveral: LastFrameTest = (type, body) => {
  if (type !== FRAME_TYPE.message) return true
  const { position } = body
  const isLast = isLastBatchFrame(body)
  body.position = position
  return isLast
}

/** A request that was encoded in the calling thread: its bytes go out as they are, and the answer's go back as they are. */
export class RelayedExchange extends Exchange {
  readonly id: number
  readonly node: Node
  readonly #relay: Relay
  #bytes: Uint8Array
  readonly #size: number
  #isEncoded = false
  readonly #flags: number
  /** Milliseconds that the attempt has; for a stream, from one frame to the next. */
  readonly #time: number
  readonly #clock: Clock
  readonly #until: number
  /** What is still to come of the answer to a stream that nobody wants is little. */
  isNearlyOver = false
  /** Whoever asks cannot keep up. */
  isHeldByCaller = false
  /** There is no room for its frames at present. */
  isHeldByRing = false

  constructor(relay: Relay, id: number, node: Node, request: RelayedRequest) {
    super()
    const { bytes, size, flags, time, clock } = request
    this.id = id
    this.node = node
    this.#time = time
    this.#clock = clock
    this.#until = clock.now() + time
    this.deadline = this.#until
    this.#relay = relay
    this.#bytes = bytes
    this.#size = size
    this.#flags = flags
  }

  override get repeatable(): boolean {
    return (this.#flags & SUBMIT_FLAG.repeatable) !== 0
  }

  override get isStream(): boolean {
    return (this.#flags & SUBMIT_FLAG.stream) !== 0
  }

  override get lastFrameTest(): LastFrameTest | undefined {
    if (this.isStream) return this.isNearlyOver ? isLastOfStream : undefined
    return (this.#flags & SUBMIT_FLAG.severalFrames) !== 0 ? isLastOfSeveral : super.lastFrameTest
  }

  override encode(out: ByteWriter): void {
    out.copy(this.#bytes.subarray(0, this.#size))
    this.#isEncoded = true
  }

  /** To be called when it was submitted: takes a copy of what will be sent later, or may be sent again on another connection. */
  keepBytes(): void {
    const isMovable = this.repeatable && (this.#flags & SUBMIT_FLAG.exclusive) === 0
    if (this.#isEncoded && !isMovable) {
      this.#bytes = NO_BYTES
      return
    }
    // Small ones come from a slab.
    const kept = Buffer.allocUnsafe(this.#size)
    kept.set(this.#bytes.subarray(0, this.#size))
    this.#bytes = kept
  }

  override receive(type: FrameType, body: ByteReader): boolean {
    const isLast = this.#isLast(type, body)
    if (this.isStream) this.deadline = this.#clock.now() + this.#time
    // Only here the connection is known that the lost login belongs to.
    const renewed =
      isLast &&
      type === FRAME_TYPE.message &&
      LOGIN_LOST.includes(replyResultCode(body)) &&
      this.node.pool.renewLogin(this)
    this.#relay.frame(this, type, body, isLast, renewed)
    return isLast
  }

  #isLast(type: FrameType, body: ByteReader): boolean {
    if (this.isStream) return isLastOfStream(type, body)
    return (this.#flags & SUBMIT_FLAG.severalFrames) === 0 || isLastOfSeveral(type, body)
  }

  /** Reads on or not, as those who hold the answer up say. */
  readOrNot(): void {
    const isRead = !this.isHeldByCaller && !this.isHeldByRing
    // Time in which nobody read does not count for a stream; for anything else the caller's deadline stands.
    this.node.pool.read(this, isRead, this.isStream ? this.#clock.now() + this.#time : this.#until)
  }

  override fail(failure: AttemptFailure): void {
    this.#relay.failure(this, failure)
  }
}
