import { DecodeError } from '../errors.ts'
import { FIELD_TYPE } from '../message/field-type.ts'
import { FIELD_HEADER_BYTES, fieldEnd } from '../message/fields.ts'
import { INFO3 } from '../message/info-bits.ts'
import {
  checkMessageHeaderSize,
  MESSAGE_HEADER_BYTES,
  MESSAGE_HEADER_OFFSET,
} from '../message/message-header.ts'
import { skipOperations } from '../message/operations.ts'
import { Record, type RecordOptions, ttlOf } from '../message/record.ts'
import { DIGEST_BYTES } from '../value/digest.ts'
import { type Key, type KeyValue, PackedKey } from '../value/key.ts'
import { PARTICLE_TYPE } from '../value/particle-type.ts'
import { PARTITION_COUNT } from '../value/partition-id.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { readInt64 } from '../wire/int64.ts'
import { readUtf8 } from '../wire/text.ts'
import { readBins } from './record-reply.ts'

/*
 * answer   :=  frames (type message) of any number of messages each
 * message  :=  record | partition | end
 * record   :=  message header   NAMESPACE   DIGEST   [SET]   [KEY]   [BIN_VALUES]   operation*
 * partition:=  message header with info3 PARTITION_DONE, the partition's number in the slot of the generation, and why it is
 *              not served here as the result code
 * end      :=  message header with info3 LAST and a result code for the whole;
 *              or one without LAST and with a code that is no success: the query was refused
 */

/**
 * Walks the messages of a query's answer in place. One object serves all answers of a program, one frame at a time: `begin`, then
 * `next` until it says no, and after each record exactly one of `record` and `skip`.
 *
 * @example
 * ```ts
 * import { BinNames, type ByteReader, DEFAULT_VALUE_OPTIONS, QueryReply } from '@aero/codec'
 * const reply = new QueryReply()
 * const options = { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: Date.now }
 * function print(body: ByteReader): void {
 *   reply.begin(body)
 *   while (reply.next()) if (!reply.isEnd && !reply.isPartition) console.log(reply.record('test', options).bins)
 * }
 * ```
 */
export class QueryReply {
  resultCode = 0
  /** This message ends the answer; `resultCode` is then that of the query. */
  isEnd = false
  /** This message concerns a partition and is no record: `resultCode` says why the partition is not served here. */
  isPartition = false
  /** The partition that the record or the message belongs to. */
  partition = 0
  /** Whether the record came with its value in the index, in {@link valueHigh} and {@link valueLow}. */
  hasValue = false
  /** The upper half of the record's value in the index, signed. */
  valueHigh = 0
  /** The lower half, signed. */
  valueLow = 0
  #body: ByteReader = new ByteReader()
  #generation = 0
  #voidTime = 0
  #operationCount = 0
  #content = 0
  #digestAt = 0
  #keyAt = 0
  #keyEnd = 0
  #setAt = 0
  #setLength = 0
  /** The last set's name: records of one answer are nearly always of one set. */
  #setBytes: DataView = new DataView(new ArrayBuffer(0))
  #setName = ''

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
    const info3 = bytes[position + MESSAGE_HEADER_OFFSET.info3] as number
    const resultCode = bytes[position + MESSAGE_HEADER_OFFSET.resultCode] as number
    const generation = view.getUint32(position + MESSAGE_HEADER_OFFSET.generation)
    this.resultCode = resultCode
    this.#generation = generation
    this.#voidTime = view.getUint32(position + MESSAGE_HEADER_OFFSET.expiration)
    this.#operationCount = view.getUint16(position + MESSAGE_HEADER_OFFSET.operationCount)
    this.isPartition = (info3 & INFO3.partitionDone) !== 0
    this.isEnd = (info3 & INFO3.last) !== 0 || (resultCode !== 0 && !this.isPartition)
    const fieldCount = view.getUint16(position + MESSAGE_HEADER_OFFSET.fieldCount)
    body.position = position + MESSAGE_HEADER_BYTES
    this.#readFields(fieldCount)
    this.#content = body.position
    if (this.isEnd || this.isPartition) {
      if (this.#operationCount > 0) skipOperations(body, this.#operationCount)
      if (this.isPartition) this.#takePartition(generation)
    } else if (this.#digestAt === 0) throw new DecodeError('a record of a query without its digest', position)
    return true
  }

  /**
   * Reads the record and moves behind it: what is returned owns its memory.
   *
   * @throws CodecError for bytes that do not follow the layout, or a value that cannot be had as the options want it; `skip`
   * may be called then.
   */
  record(namespace: string, options: RecordOptions): Record {
    const key = this.key(namespace)
    const bins = readBins(this.#body, this.#operationCount, options)
    return new Record(key, bins, this.#generation, ttlOf(this.#voidTime, options))
  }

  /** The record's key, with its value when that is stored. May be called before `record` and `skip`. */
  key(namespace: string): Key {
    const value = this.#keyAt === 0 ? undefined : this.#readKeyValue()
    return new PackedKey(namespace, this.#readSetName(), value, this.#body.view, this.#digestAt)
  }

  /** Moves behind the record. @throws DecodeError for bytes that do not follow the layout. */
  skip(): void {
    this.#body.position = this.#content
    if (this.#operationCount > 0) skipOperations(this.#body, this.#operationCount)
  }

  #takePartition(number: number): void {
    if (number >= PARTITION_COUNT)
      throw new DecodeError(`partition ${number} of ${PARTITION_COUNT}`, this.#body.position)
    this.partition = number
  }

  #readFields(count: number): void {
    const body = this.#body
    const { bytes, view } = body
    let digestAt = 0
    let keyAt = 0
    let setLength = 0
    let hasValue = false
    for (let index = 0; index < count; index++) {
      const end = fieldEnd(body)
      const start = body.position + FIELD_HEADER_BYTES
      body.position = end
      switch (bytes[start - 1]) {
        case FIELD_TYPE.digest:
          if (end - start !== DIGEST_BYTES) throw new DecodeError(`digest of ${end - start} bytes`, start)
          digestAt = start
          this.partition = view.getUint16(start, true) & (PARTITION_COUNT - 1)
          break
        case FIELD_TYPE.set:
          this.#setAt = start
          setLength = end - start
          break
        case FIELD_TYPE.key:
          // Its type at least.
          if (end === start) throw new DecodeError('key of no bytes', start)
          keyAt = start
          this.#keyEnd = end
          break
        case FIELD_TYPE.binValues:
          if (end - start !== 8) throw new DecodeError(`index value of ${end - start} bytes`, start)
          hasValue = true
          this.valueLow = view.getInt32(start, true)
          this.valueHigh = view.getInt32(start + 4, true)
          break
        default:
      }
    }
    this.#digestAt = digestAt
    this.#keyAt = keyAt
    this.#setLength = setLength
    this.hasValue = hasValue
  }

  #readSetName(): string {
    const length = this.#setLength
    const { bytes, view } = this.#body
    const start = this.#setAt
    if (this.#setBytes.byteLength === length && isSame(this.#setBytes, view, start)) return this.#setName
    this.#setName = readUtf8(bytes, start, length)
    const copy = new Uint8Array(length)
    copy.set(bytes.subarray(start, start + length))
    this.#setBytes = new DataView(copy.buffer)
    return this.#setName
  }

  /** A key of a type that no client writes today is left out, as if only its digest were stored. */
  #readKeyValue(): KeyValue | undefined {
    const { bytes, view } = this.#body
    const start = this.#keyAt + 1
    const length = this.#keyEnd - start
    switch (bytes[start - 1]) {
      case PARTICLE_TYPE.string:
        return readUtf8(bytes, start, length)
      case PARTICLE_TYPE.integer:
        return length === 8 ? readInt64(view, start) : undefined
      case PARTICLE_TYPE.blob:
        // The key copies it.
        return bytes.subarray(start, start + length)
      default:
        return undefined
    }
  }
}

/** Whether `view` has these bytes at `start`: four at a time. */
function isSame(known: DataView, view: DataView, start: number): boolean {
  const length = known.byteLength
  let at = 0
  for (; at + 4 <= length; at += 4) if (known.getInt32(at) !== view.getInt32(start + at)) return false
  for (; at < length; at++) if (known.getUint8(at) !== view.getUint8(start + at)) return false
  return true
}

/** One cursor for all looks: it is used within one call. */
const SCOUT = new QueryReply()

/**
 * Whether a frame of a query's answer is the last one. Looks at its end alone, and walks through it only where that end looks
 * like one that ends an answer.
 *
 * @throws DecodeError for bytes that do not follow the layout.
 */
export function isLastQueryFrame(body: ByteReader): boolean {
  const { bytes, view, position, end } = body
  const last = end - MESSAGE_HEADER_BYTES
  if (last < position) return false
  const isBare =
    bytes[last] === MESSAGE_HEADER_BYTES &&
    view.getUint32(last + MESSAGE_HEADER_OFFSET.fieldCount) === 0 &&
    (((bytes[last + MESSAGE_HEADER_OFFSET.info3] as number) & INFO3.last) !== 0 ||
      bytes[last + MESSAGE_HEADER_OFFSET.resultCode] !== 0)
  if (!isBare) return false
  let isLast = false
  for (SCOUT.begin(body); SCOUT.next(); ) {
    if (SCOUT.isEnd) isLast = true
    else if (!SCOUT.isPartition) SCOUT.skip()
  }
  body.position = position
  return isLast
}
