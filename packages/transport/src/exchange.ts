import type { ByteReader, ByteWriter, FrameType } from '@aero/codec'

/** What became of an attempt that got no complete answer. */
export type AttemptFailureKind =
  | 'timeout'
  | 'connect'
  | 'closed'
  | 'queue-full'
  | 'encode'
  | 'decode'
  | 'pool-closed'

/** How far an attempt had come: nothing sent and waiting for its turn, waiting for a connection, or handed to one. */
export type AttemptPhase = 'queued' | 'connecting' | 'sent'

/**
 * Why an attempt ended without an answer. Data, not an `Error`: most are retried, and then a stack was captured for nothing.
 *
 * | kind | meaning |
 * |---|---|
 * | `timeout` | the exchange's deadline passed |
 * | `connect` | no connection could be opened; `cause` is the last reason |
 * | `closed` | the connection ended first; `cause` says why, absent when the server closed in order |
 * | `queue-full` | too many wait for a connection already |
 * | `encode` | `encode` threw `cause`; nothing of this request was sent |
 * | `decode` | the answer was not what the protocol says, or `receive` threw; the connection is gone |
 * | `pool-closed` | the pool was closed |
 */
export interface AttemptFailure {
  readonly kind: AttemptFailureKind
  readonly phase: AttemptPhase
  readonly cause?: Error
  /** The event loop itself was late by this many milliseconds when the timeout was noticed. Absent when it was not. */
  readonly lateMs?: number
}

/** Says of a frame whether it is the last of its answer. Must not keep a reference to the exchange. */
export type LastFrameTest = (type: FrameType, body: ByteReader) => boolean

/** What holds a live exchange: a pool's queue or a connection. */
export interface Carrier {
  /** Lets go of the exchange, which hears nothing more from this carrier; says how far it had come. */
  release(exchange: Exchange, timedOut: boolean): AttemptPhase
  /** The exchange is being submitted again. Throws unless its own `receive` is running. */
  relinquish(exchange: Exchange): void
}

const ONE_FRAME: LastFrameTest = () => true

/**
 * One request and its answer. The object *is* the request: transport keeps nothing beside it, so that a request costs no
 * closure, no timer and no list node. After it has ended it may be submitted again (a retry).
 *
 * Exactly one of "`receive` returned `true`" and "`fail` was called" ends each submit, unless it was cancelled.
 *
 * @example
 * ```ts
 * import { type ByteReader, type ByteWriter, beginFrame, endFrame, FRAME_TYPE } from '@aero/codec'
 * import { type AttemptFailure, Exchange } from '@aero/transport'
 *
 * class BuildNumber extends Exchange {
 *   encode(out: ByteWriter): void {
 *     const frame = beginFrame(out, FRAME_TYPE.info)
 *     out.text('build\n')
 *     endFrame(out, frame)
 *   }
 *   receive(_type: number, body: ByteReader): boolean {
 *     console.log(body.text(body.remaining))
 *     return true
 *   }
 *   fail(failure: AttemptFailure): void {
 *     console.error(failure.kind, failure.phase)
 *   }
 * }
 * ```
 */
export abstract class Exchange {
  /** When this attempt ends, by the pool's clock; `Infinity` for never. Set before each submit. */
  deadline = 0
  /**
   * The request was handed to a connection in this attempt, so the server may act on it. Conservative: set when encoded,
   * taken back only when the connection ended before anything of it was written.
   */
  sent = false

  // Owned by transport, not to be touched: who holds this exchange, where in its ring, and the lists it stands in. Fields
  // instead of list nodes, so that a request costs one object.
  carrier: Carrier | undefined = undefined
  ticket = 0
  watchNext: Exchange | undefined = undefined
  watchPrevious: Exchange | undefined = undefined
  queueNext: Exchange | undefined = undefined
  queuePrevious: Exchange | undefined = undefined

  /**
   * Writes the whole request, its frame header included. What it throws fails this exchange with kind `encode` and leaves
   * its neighbours unharmed. It must not submit anything itself.
   */
  abstract encode(out: ByteWriter): void

  /**
   * Takes one frame of the answer, in place: `body` is valid until this returns.
   *
   * @returns `true` when this was the last frame of the answer. A throw closes the connection.
   */
  abstract receive(type: FrameType, body: ByteReader): boolean

  /** The attempt ended without a complete answer. Never called before `submit` returns. */
  abstract fail(failure: AttemptFailure): void

  /**
   * How the end of an answer is found when nobody wants it any more, so that the connection can be used on: by default one
   * frame is the answer. `undefined`: do not try, close the connection.
   */
  get lastFrameTest(): LastFrameTest | undefined {
    return ONE_FRAME
  }

  /** Whether the answer may have more than one frame. */
  get answersInSeveralFrames(): boolean {
    return this.lastFrameTest !== ONE_FRAME
  }

  /**
   * Whether the request may be sent a second time while an answer to the first is still to come: reads, which change nothing. A pool
   * moves such exchanges away from a connection on which another request holds up the answers.
   */
  get repeatable(): boolean {
    return false
  }

  /**
   * Whether the answer is as long as it takes: each frame renews the deadline, by as much as it was when the request was submitted.
   * The exchange does that itself; who passes it on to another thread has to know.
   */
  get isStream(): boolean {
    return false
  }
}
