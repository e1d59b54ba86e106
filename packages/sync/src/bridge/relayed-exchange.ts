import {
  type ByteReader,
  type ByteWriter,
  FRAME_TYPE,
  type FrameType,
  isLastBatchFrame,
  RESULT_CODE,
  replyResultCode,
} from '@aero/codec'
import type { Node } from '@aero/tender'
import { type AttemptFailure, Exchange, type LastFrameTest } from '@aero/transport'
import { SUBMIT_FLAG } from './control.ts'

/** Who passes on what an exchange brings. */
export interface Relay {
  frame(exchange: RelayedExchange, type: FrameType, body: ByteReader, isLast: boolean, renewed: boolean): void
  failure(exchange: RelayedExchange, failure: AttemptFailure): void
}

/** Codes that say the server does not know this connection's login. */
const LOGIN_LOST: readonly number[] = [RESULT_CODE.EXPIRED_SESSION, RESULT_CODE.NOT_AUTHENTICATED]

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
  readonly #bytes: Uint8Array
  readonly #flags: number

  constructor(relay: Relay, id: number, node: Node, bytes: Uint8Array, flags: number) {
    super()
    this.id = id
    this.node = node
    this.#relay = relay
    this.#bytes = bytes
    this.#flags = flags
  }

  override get repeatable(): boolean {
    return (this.#flags & SUBMIT_FLAG.repeatable) !== 0
  }

  override get lastFrameTest(): LastFrameTest | undefined {
    return (this.#flags & SUBMIT_FLAG.severalFrames) !== 0 ? isLastOfSeveral : super.lastFrameTest
  }

  override encode(out: ByteWriter): void {
    out.copy(this.#bytes)
  }

  override receive(type: FrameType, body: ByteReader): boolean {
    const isLast = (this.#flags & SUBMIT_FLAG.severalFrames) === 0 || isLastOfSeveral(type, body)
    // Only here the connection is known that the lost login belongs to.
    const renewed =
      isLast &&
      type === FRAME_TYPE.message &&
      LOGIN_LOST.includes(replyResultCode(body)) &&
      this.node.pool.renewLogin(this)
    this.#relay.frame(this, type, body, isLast, renewed)
    return isLast
  }

  override fail(failure: AttemptFailure): void {
    this.#relay.failure(this, failure)
  }
}
