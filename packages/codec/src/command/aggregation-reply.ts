import { DecodeError } from '../errors.ts'
import { skipFields } from '../message/fields.ts'
import { INFO3 } from '../message/info-bits.ts'
import {
  checkMessageHeaderSize,
  MESSAGE_HEADER_BYTES,
  MESSAGE_HEADER_OFFSET,
} from '../message/message-header.ts'
import { OPERATION_HEADER_BYTES, OPERATION_HEADER_OFFSET, operationEnd } from '../message/operations.ts'
import { readParticle } from '../value/particle.ts'
import type { BinValue } from '../value/value.ts'
import type { ValueOptions } from '../value/value-options.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { FUNCTION_BIN } from './function-call.ts'

/*
 * answer   :=  frames (type message) of any number of messages each
 * message  :=  value | failure | end
 * value    :=  message header   one operation, whose bin is SUCCESS: what the function over the stream has given
 * failure  :=  message header   one operation, whose bin is FAILURE: why it gives nothing more, as text
 * end      :=  message header with info3 LAST and a result code for the whole;
 *              or one without LAST and with a code that is no success: the query was refused
 */

/** A value as it stands in a message: its type, and its bytes in their own memory. Plain data. */
export interface Particle {
  /** A number of `PARTICLE_TYPE`, or one unknown to it. */
  readonly type: number
  readonly bytes: Uint8Array
}

/**
 * Walks the messages of an aggregation's answer in place: `begin` with a frame's body, then `next` until it says no, and
 * after each message that is no end exactly one of `value`, `particle` and `failure`.
 *
 * @example
 * ```ts
 * import { AggregationReply, type ByteReader, DEFAULT_VALUE_OPTIONS } from '@aero/codec'
 * const reply = new AggregationReply()
 * function print(body: ByteReader): void {
 *   reply.begin(body)
 *   while (reply.next()) {
 *     if (reply.isFailure) console.log(reply.failure())
 *     else if (!reply.isEnd) console.log(reply.value(DEFAULT_VALUE_OPTIONS))
 *   }
 * }
 * ```
 */
export class AggregationReply {
  resultCode = 0
  /** This message ends the answer; `resultCode` is then that of the query. */
  isEnd = false
  /** The function has failed; see {@link failure}. */
  isFailure = false
  #body: ByteReader = new ByteReader()
  #type = 0
  #valueAt = 0
  #end = 0

  /** Begins with the frame whose body this is. */
  begin(body: ByteReader): void {
    this.#body = body
  }

  /**
   * Moves to the next message of the frame.
   *
   * @returns `false` at the end of the frame.
   * @throws DecodeError for bytes that do not follow the layout.
   */
  next(): boolean {
    const body = this.#body
    if (body.position === body.end) return false
    body.need(MESSAGE_HEADER_BYTES)
    checkMessageHeaderSize(body)
    const { bytes, view, position } = body
    const operationCount = view.getUint16(position + MESSAGE_HEADER_OFFSET.operationCount)
    this.resultCode = bytes[position + MESSAGE_HEADER_OFFSET.resultCode] as number
    this.isEnd =
      ((bytes[position + MESSAGE_HEADER_OFFSET.info3] as number) & INFO3.last) !== 0 || this.resultCode !== 0
    this.isFailure = false
    body.position = position + MESSAGE_HEADER_BYTES
    skipFields(body, view.getUint16(position + MESSAGE_HEADER_OFFSET.fieldCount))
    if (operationCount !== (this.isEnd ? 0 : 1))
      throw new DecodeError(`${operationCount} operations in a message of an aggregation`, position)
    if (!this.isEnd) this.#readOperation()
    return true
  }

  #readOperation(): void {
    const body = this.#body
    const { bytes, position } = body
    this.#end = operationEnd(body)
    const nameLength = bytes[position + OPERATION_HEADER_OFFSET.nameLength] as number
    this.#type = bytes[position + OPERATION_HEADER_OFFSET.particleType] as number
    body.position = position + OPERATION_HEADER_BYTES
    const name = body.text(nameLength)
    this.#valueAt = body.position
    this.isFailure = name === FUNCTION_BIN.failure
    if (!this.isFailure && name !== FUNCTION_BIN.success)
      throw new DecodeError(`a bin '${name}' in a message of an aggregation`, position)
  }

  /** What the function has given: `null` for nil. @throws CodecError for bytes that are no value, or not as the options want it */
  value(options: ValueOptions): BinValue {
    const value = readParticle(this.#body, this.#type, this.#end - this.#valueAt, options)
    this.skip()
    return value ?? null
  }

  /** What the function has given, unread. */
  particle(): Particle {
    const bytes = new Uint8Array(this.#end - this.#valueAt)
    bytes.set(this.#body.bytes.subarray(this.#valueAt, this.#end))
    this.skip()
    return { type: this.#type, bytes }
  }

  /** Why the function has failed. */
  failure(): string {
    const text = this.#body.text(this.#end - this.#valueAt)
    this.skip()
    return text
  }

  /** Moves behind the value. */
  skip(): void {
    this.#body.position = this.#end
  }
}

/** One cursor for all looks: it is used within one call. */
const SCOUT = new AggregationReply()

/**
 * Whether a frame of an aggregation's answer is the last one.
 *
 * @throws DecodeError for bytes that do not follow the layout.
 */
export function isLastAggregationFrame(body: ByteReader): boolean {
  const { position } = body
  let isLast = false
  for (SCOUT.begin(body); SCOUT.next(); ) {
    if (SCOUT.isEnd) isLast = true
    else SCOUT.skip()
  }
  body.position = position
  return isLast
}
