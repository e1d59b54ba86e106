import { DecodeError, EncodeError } from '../errors.ts'
import { beginFrame, endFrame } from '../frame/frame-header.ts'
import { FRAME_TYPE } from '../frame/frame-type.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { FIELD_TYPE } from '../message/field-type.ts'
import { type Field, readField, skipFields, writeField } from '../message/fields.ts'
import { INFO1, INFO3 } from '../message/info-bits.ts'
import {
  checkMessageHeaderSize,
  MESSAGE_HEADER_BYTES,
  MESSAGE_HEADER_OFFSET,
  readMessageHeader,
  writeMessageHeader,
} from '../message/message-header.ts'
import { type RawOperation, readRawOperation, skipOperations } from '../message/operations.ts'
import { Record, type RecordOptions, ttlOf } from '../message/record.ts'
import { RESULT_CODE } from '../message/result-code.ts'
import { DIGEST_BYTES } from '../value/digest.ts'
import type { Key } from '../value/key.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import {
  BATCH_ROW_START_BYTES,
  BATCH_ROW_TYPE,
  type BatchAction,
  writeRepeatedRow,
  writeWholeRow,
} from './batch-row.ts'
import { type RecordReply, readBins, writeReplyContent } from './record-reply.ts'
import { MalformedRequestError } from './record-request.ts'

/*
 * request  :=  frame header (type message)   message header (info1 BATCH)   [FILTER]   BATCH
 * BATCH    :=  count:u32   flags:u8   row*
 * reply    :=  frames (type message) of any number of messages each
 * message  :=  message header   field*   operation*     the row's index is in the slot of the timeout
 *              the last one has info3 LAST, no row, and a result code for the whole
 */

/** Flags of a batch. Source: as/src/base/batch.c of the server. */
export const BATCH_FLAG = {
  /** Rows of namespaces in memory are worked off where the request arrives. */
  inline: 0x01,
  /** Rows of namespaces on flash too. */
  inlineSsd: 0x02,
  /** All rows are carried out and answered, whatever became of those before. */
  respondAllKeys: 0x04,
  /** Each row's keys are in its own fields; what today's servers and clients all do. */
  always: 0x08,
} as const

/**
 * Rows for one node, as columns: the rows numbered `rows[0] … rows[count - 1]` of `keys` and `actions`. Their numbers travel
 * as the rows' indexes and come back in the answer, so nothing has to be translated.
 */
export interface BatchRequest {
  readonly keys: readonly Key[]
  /** What happens to each key: the same object again where rows agree. */
  readonly actions: readonly BatchAction[]
  readonly rows: ArrayLike<number>
  readonly count: number
  /** Of {@link BATCH_FLAG}. */
  readonly flags: number
  /** What the server may take for all of it, in milliseconds; 0 leaves it to the server. */
  readonly timeoutMs: number
  /** A filter expression as bytes, for rows that have none of their own. */
  readonly filter: Uint8Array | undefined
}

/**
 * Appends one whole request frame to `out`, in one pass.
 *
 * A row whose action is the very object of the row before, and whose record is of the same set, is sent as its repetition:
 * 25 bytes instead of all of it. Rows that send the user's key are not repeated, since the key would be.
 *
 * @throws EncodeError for a value or name that cannot be sent, or when the frame would be larger than the server takes.
 */
export function encodeBatchRequest(out: ByteWriter, request: BatchRequest): void {
  const { keys, actions, rows, count, filter } = request
  const frame = beginFrame(out, FRAME_TYPE.message)
  const start = out.position
  writeMessageHeader(out, {
    info1: INFO1.batch,
    info2: 0,
    info3: 0,
    info4: 0,
    resultCode: RESULT_CODE.OK,
    generation: 0,
    expiration: 0,
    timeoutMs: request.timeoutMs,
    fieldCount: filter === undefined ? 1 : 2,
    operationCount: 0,
  })
  if (filter !== undefined) writeField(out, FIELD_TYPE.filter, filter)
  const field = out.reserve(10)
  let previousKey: Key | undefined
  let previousAction: BatchAction | undefined
  for (let at = 0; at < count; at++) {
    const row = rows[at] as number
    const key = keys[row] as Key
    const action = actions[row] as BatchAction
    if (
      action === previousAction &&
      previousKey !== undefined &&
      !action.sendKey &&
      key.setName === previousKey.setName &&
      key.namespace === previousKey.namespace
    ) {
      writeRepeatedRow(out, row, key)
    } else {
      writeWholeRow(out, row, key, action)
      previousAction = action
      previousKey = key
    }
  }
  const size = out.position - start
  if (size > DEFAULT_LIMITS.maxFrameBytes) {
    throw new EncodeError('', `batch of ${size} bytes, the server takes ${DEFAULT_LIMITS.maxFrameBytes}`)
  }
  out.view.setUint32(field, out.position - field - 4)
  out.bytes[field + 4] = FIELD_TYPE.batch
  out.view.setUint32(field + 5, count)
  out.bytes[field + 9] = request.flags
  endFrame(out, frame)
}

/**
 * Walks the messages of a batch's answer in place. One object serves all answers of a connection or program, one frame at a
 * time: `begin`, then `next` until it says no, and between them exactly one of `record` and `skip`.
 *
 * @example
 * ```ts
 * import { BatchReply, type ByteReader } from '@aero/codec'
 * const reply = new BatchReply()
 * function codes(body: ByteReader): number[] {
 *   const found: number[] = []
 *   for (reply.begin(body); reply.next(); reply.skip()) if (!reply.isLast) found[reply.index] = reply.resultCode
 *   return found
 * }
 * ```
 */
export class BatchReply {
  /** The number of the row; without meaning in the last message. */
  index = 0
  resultCode = 0
  generation = 0
  /** How many results the row has. */
  operationCount = 0
  /** This message ends the answer and is no row; `resultCode` is then that of the batch. */
  isLast = false
  #body: ByteReader = new ByteReader()
  #voidTime = 0
  #fieldCount = 0
  #content = 0

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
    this.isLast = ((bytes[position + 3] as number) & INFO3.last) !== 0
    this.resultCode = bytes[position + MESSAGE_HEADER_OFFSET.resultCode] as number
    this.generation = view.getUint32(position + MESSAGE_HEADER_OFFSET.generation)
    this.#voidTime = view.getUint32(position + MESSAGE_HEADER_OFFSET.expiration)
    this.index = view.getUint32(position + MESSAGE_HEADER_OFFSET.timeout)
    this.#fieldCount = view.getUint16(position + MESSAGE_HEADER_OFFSET.fieldCount)
    this.operationCount = view.getUint16(position + MESSAGE_HEADER_OFFSET.operationCount)
    this.#content = position + MESSAGE_HEADER_BYTES
    body.position = this.#content
    return true
  }

  /**
   * Reads the row's record and moves behind it: what is returned owns its memory. Bins as in
   * {@link decodeRecordReply}.
   *
   * @throws CodecError for bytes that do not follow the layout, or a value that cannot be had as the options want it; `skip`
   * may be called then.
   */
  record(key: Key, options: RecordOptions): Record {
    const body = this.#body
    if (this.#fieldCount > 0) skipFields(body, this.#fieldCount)
    const bins = readBins(body, this.operationCount, options)
    return new Record(key, bins, this.generation, ttlOf(this.#voidTime, options))
  }

  /** Moves behind the row. @throws DecodeError for bytes that do not follow the layout. */
  skip(): void {
    const body = this.#body
    body.position = this.#content
    if (this.#fieldCount > 0) skipFields(body, this.#fieldCount)
    if (this.operationCount > 0) skipOperations(body, this.operationCount)
  }
}

/**
 * Whether a frame of a batch's answer is the last one. The message that says so ends its frame and is a bare header, with good and with
 * bad results: a frame that ends otherwise is not read through, which would cost as much as finding its rows does.
 *
 * @throws DecodeError for a frame that ends like the last one, but does not follow the layout.
 */
export function isLastBatchFrame(body: ByteReader): boolean {
  if (!endsLikeTheLast(body)) return false
  // A value's bytes may look like that.
  const reply = new BatchReply()
  for (reply.begin(body); reply.next(); reply.skip()) if (reply.isLast) return true
  return false
}

function endsLikeTheLast({ bytes, view, position, end }: ByteReader): boolean {
  const start = end - MESSAGE_HEADER_BYTES
  return (
    start >= position &&
    bytes[start] === MESSAGE_HEADER_BYTES &&
    ((bytes[start + 3] as number) & INFO3.last) !== 0 &&
    view.getUint16(start + MESSAGE_HEADER_OFFSET.fieldCount) === 0 &&
    view.getUint16(start + MESSAGE_HEADER_OFFSET.operationCount) === 0
  )
}

/** A row as a server reads it. */
export interface DecodedBatchRow {
  /** What the answer to this row is marked with: any number. */
  readonly index: number
  readonly digest: Uint8Array
  /** It was sent as a repetition; everything below is then that of the row before. */
  readonly isRepeat: boolean
  readonly info1: number
  readonly info2: number
  readonly info3: number
  readonly info4: number
  readonly generation: number
  /** Unsigned, as sent. */
  readonly expiration: number
  /** Fields in the order sent: no digest among them. */
  readonly fields: readonly Field[]
  readonly operations: readonly RawOperation[]
  /** Fields and operations as they stand in the row. */
  readonly content: Uint8Array
}

/** A batch as a server reads it. Everything is copied out of the receive buffer. */
export interface DecodedBatchRequest {
  readonly timeoutMs: number
  /** Of {@link BATCH_FLAG}. */
  readonly flags: number
  readonly filter: Uint8Array | undefined
  readonly rows: readonly DecodedBatchRow[]
}

/** The field that batches were sent in before servers of version 3.10; read alike. */
const OLD_BATCH_FIELD = 42

/**
 * Reads the body of a message frame as a batch. Bytes behind the last row counted are passed over, as by the real server.
 *
 * @throws MalformedRequestError for a batch without rows, or with fewer than it says, or one that begins with a repetition.
 */
export function decodeBatchRequest(body: ByteReader): DecodedBatchRequest {
  try {
    return readBatchRequest(body)
  } catch (error) {
    throw error instanceof DecodeError ? new MalformedRequestError(error) : error
  }
}

function readBatchRequest(body: ByteReader): DecodedBatchRequest {
  const header = readMessageHeader(body)
  let batch: Field | undefined
  let filter: Uint8Array | undefined
  for (let index = 0; index < header.fieldCount; index++) {
    const field = readField(body)
    if (field.type === FIELD_TYPE.batch || field.type === OLD_BATCH_FIELD) batch ??= field
    else if (field.type === FIELD_TYPE.filter) filter ??= field.payload
  }
  if (batch === undefined) throw new DecodeError('batch without a field that holds it', body.position)
  const reader = ByteReader.over(batch.payload)
  const count = reader.u32()
  const flags = reader.u8()
  if (count === 0) throw new DecodeError('batch of no rows', body.position)
  const rows: DecodedBatchRow[] = []
  let previous: DecodedBatchRow | undefined
  for (let at = 0; at < count; at++) {
    previous = readRow(reader, previous)
    rows.push(previous)
  }
  return { timeoutMs: header.timeoutMs, flags, filter, rows }
}

function readRow(reader: ByteReader, previous: DecodedBatchRow | undefined): DecodedBatchRow {
  reader.need(BATCH_ROW_START_BYTES)
  const index = reader.u32()
  const digest = reader.copy(DIGEST_BYTES)
  const type = reader.u8()
  if ((type & BATCH_ROW_TYPE.repeat) !== 0) {
    if (previous === undefined) throw new DecodeError('the first row is a repetition', reader.position)
    return { ...previous, index, digest, isRepeat: true }
  }
  const info1 = reader.u8()
  const hasInfo = (type & BATCH_ROW_TYPE.info) !== 0
  const info2 = hasInfo ? reader.u8() : 0
  const info3 = hasInfo ? reader.u8() : 0
  const info4 = (type & BATCH_ROW_TYPE.info4) === 0 ? 0 : reader.u8()
  const generation = (type & BATCH_ROW_TYPE.generation) === 0 ? 0 : reader.u16()
  const expiration = (type & BATCH_ROW_TYPE.expiration) === 0 ? 0 : reader.u32()
  const fieldCount = reader.u16()
  const operationCount = reader.u16()
  const start = reader.position
  const fields: Field[] = []
  for (let at = 0; at < fieldCount; at++) fields.push(readField(reader))
  const operations: RawOperation[] = []
  for (let at = 0; at < operationCount; at++) operations.push(readRawOperation(reader))
  const content = reader.bytes.slice(start, reader.position)
  return {
    index,
    digest,
    isRepeat: false,
    info1,
    info2,
    info3,
    info4,
    generation,
    expiration,
    fields,
    operations,
    content,
  }
}

/** A row of an answer as a server writes it. */
export interface BatchReplyRow extends RecordReply {
  /** The index that the request gave the row. */
  readonly index: number
}

/** Appends one frame with these rows to `out`. */
export function encodeBatchRows(out: ByteWriter, rows: readonly BatchReplyRow[]): void {
  const frame = beginFrame(out, FRAME_TYPE.message)
  for (const row of rows) writeReplyContent(out, row, 0, row.index)
  endFrame(out, frame)
}

/** Appends the frame that ends an answer. */
export function encodeBatchEnd(out: ByteWriter, resultCode: number): void {
  const frame = beginFrame(out, FRAME_TYPE.message)
  writeReplyContent(out, { resultCode, generation: 0, expiration: 0, operations: [] }, INFO3.last, 0)
  endFrame(out, frame)
}
