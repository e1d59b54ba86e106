import { DecodeError } from '../errors.ts'
import { beginFrame, endFrame } from '../frame/frame-header.ts'
import { FRAME_TYPE } from '../frame/frame-type.ts'
import { type BinNames, PREDICTED_NAMES } from '../message/bin-names.ts'
import { type Field, skipFields, writeField } from '../message/fields.ts'
import {
  checkMessageHeaderSize,
  MESSAGE_HEADER_BYTES,
  MESSAGE_HEADER_OFFSET,
  writeMessageHeader,
} from '../message/message-header.ts'
import { NeighbouringTexts } from '../message/neighbouring-texts.ts'
import { OPERATION_TYPE } from '../message/operation-type.ts'
import {
  OPERATION_HEADER_BYTES,
  OPERATION_HEADER_OFFSET,
  operationEnd,
  writePayloadOperation,
  writeValueOperation,
} from '../message/operations.ts'
import { type Bins, Record, type RecordOptions, ttlOf } from '../message/record.ts'
import type { Key } from '../value/key.ts'
import { readParticle } from '../value/particle.ts'
import { PARTICLE_TYPE } from '../value/particle-type.ts'
import type { BinValue, Value } from '../value/value.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'

/** Bins from which on a record is begun from the shape of those before it; fewer are added to an empty object as fast. */
const SHAPED_FROM = 4

/** Serves one record after the other: reading is never interrupted. */
const texts = new NeighbouringTexts()

/*
 * reply  :=  frame header (type message)   message header   field*   operation*
 *            the header's expiration is a void time; an operation's value is the result, its type that of the operation
 *            asked for (read for the bins of a plain read)
 */

/**
 * The result code of a reply, without moving. Allocates nothing.
 *
 * @throws DecodeError when there is no whole header.
 */
export function replyResultCode(body: ByteReader): number {
  body.need(MESSAGE_HEADER_BYTES)
  checkMessageHeaderSize(body)
  return body.bytes[body.position + MESSAGE_HEADER_OFFSET.resultCode] as number
}

/** The generation in a reply's header, without moving. The caller has looked at {@link replyResultCode}. */
export function replyGeneration(body: ByteReader): number {
  body.need(MESSAGE_HEADER_BYTES)
  return body.view.getUint32(body.position + MESSAGE_HEADER_OFFSET.generation)
}

/**
 * Reads a reply whose result code is 0, in place: what is returned owns its memory.
 *
 * A bin that comes once is its value, absent when that is nil. A bin that comes several times (several operations on it) is
 * the array of its values in order, nil as `null`.
 *
 * @throws DecodeError for bytes that do not follow the layout.
 */
export function decodeRecordReply(body: ByteReader, key: Key, options: RecordOptions): Record {
  body.need(MESSAGE_HEADER_BYTES)
  checkMessageHeaderSize(body)
  const { view, position } = body
  const generation = view.getUint32(position + MESSAGE_HEADER_OFFSET.generation)
  const voidTime = view.getUint32(position + MESSAGE_HEADER_OFFSET.expiration)
  const fieldCount = view.getUint16(position + MESSAGE_HEADER_OFFSET.fieldCount)
  const operationCount = view.getUint16(position + MESSAGE_HEADER_OFFSET.operationCount)
  body.position = position + MESSAGE_HEADER_BYTES
  if (fieldCount > 0) skipFields(body, fieldCount)
  const bins = readBins(body, operationCount, options)
  if (body.position !== body.end) {
    throw new DecodeError(`${body.end - body.position} bytes behind the last bin`, body.position)
  }
  return new Record(key, bins, generation, ttlOf(voidTime, options))
}

/** Reads `count` operations of a reply as bins. */
export function readBins(body: ByteReader, count: number, options: RecordOptions): Bins {
  const { names } = options
  let shape = count >= SHAPED_FROM ? names.shape(count) : undefined
  let bins: Bins = shape === undefined ? {} : ({ ...shape } as object as Bins)
  const { changes } = names
  const { bytes } = body
  const counts = count > PREDICTED_NAMES ? new Map<string, number>() : undefined
  texts.begin()
  for (let index = 0; index < count; index++) {
    const end = operationEnd(body)
    const start = body.position
    const type = bytes[start + OPERATION_HEADER_OFFSET.particleType] as number
    const nameLength = bytes[start + OPERATION_HEADER_OFFSET.nameLength] as number
    const name = names.read(index, bytes, start + OPERATION_HEADER_BYTES, nameLength)
    const valueStart = start + OPERATION_HEADER_BYTES + nameLength
    body.position = valueStart
    const value =
      type === PARTICLE_TYPE.string
        ? texts.read(body, end, count - index - 1)
        : readParticle(body, type, end - valueStart, options)
    if (shape !== undefined) {
      if (value !== undefined && names.changes === changes) {
        bins[name] = value
        body.position = end
        continue
      }
      // Another record than was expected: what has been read of it goes into an object that grows.
      shape = undefined
      bins = begunOf(bins, names, index)
    }
    const repeats = counts === undefined ? names.repeats(index) : countRepeats(counts, name)
    if (repeats !== 0) addResult(bins, name, repeats, value)
    else if (value !== undefined) {
      if (name === '__proto__') setOwn(bins, name, value)
      else bins[name] = value
    }
    body.position = end
  }
  return bins
}

/** The first `count` bins alone. */
function begunOf(bins: Bins, names: BinNames, count: number): Bins {
  const begun: Bins = {}
  for (let index = 0; index < count; index++) {
    const name = names.at(index)
    begun[name] = bins[name] as BinValue
  }
  return begun
}

/** How often `name` was counted before. */
function countRepeats(counts: Map<string, number>, name: string): number {
  const repeats = counts.get(name) ?? 0
  counts.set(name, repeats + 1)
  return repeats
}

/** One more value for a bin that had `repeats` before, one or more. */
function addResult(bins: Bins, name: string, repeats: number, value: BinValue | undefined): void {
  const previous = Object.hasOwn(bins, name) ? bins[name] : undefined
  if (repeats > 1 && Array.isArray(previous)) previous.push(value ?? null)
  else setOwn(bins, name, [previous ?? null, value ?? null])
}

/** Sets an own property whatever its name: plain assignment to `__proto__` would change the object's prototype instead. */
function setOwn(bins: Bins, name: string, value: BinValue): void {
  Object.defineProperty(bins, name, { value, writable: true, enumerable: true, configurable: true })
}

/** One operation of a reply: its result as ready-made bytes, or as a value. */
export type ReplyOperation =
  | {
      readonly type?: number
      readonly bin: string
      readonly particleType: number
      readonly payload: Uint8Array
    }
  | { readonly type?: number; readonly bin: string; readonly value: Value }

/** A reply to a command on one record, ready to be written by a server. */
export interface RecordReply {
  readonly resultCode: number
  readonly generation: number
  /** Void time: seconds since 2010, 0 = never. */
  readonly expiration: number
  readonly fields?: readonly Field[]
  readonly operations: readonly ReplyOperation[]
}

/** Appends one whole reply frame to `out`. */
export function encodeRecordReply(out: ByteWriter, reply: RecordReply): void {
  const frame = beginFrame(out, FRAME_TYPE.message)
  writeReplyContent(out, reply, 0, 0)
  endFrame(out, frame)
}

/** Writes a reply's message without a frame. @param timeoutMs what stands in the timeout's slot: in batches the row's index */
export function writeReplyContent(
  out: ByteWriter,
  reply: RecordReply,
  info3: number,
  timeoutMs: number,
): void {
  const { resultCode, generation, expiration, operations } = reply
  const fields = reply.fields ?? []
  writeMessageHeader(out, {
    info1: 0,
    info2: 0,
    info3,
    info4: 0,
    resultCode,
    generation,
    expiration,
    timeoutMs,
    fieldCount: fields.length,
    operationCount: operations.length,
  })
  for (const field of fields) writeField(out, field.type, field.payload)
  for (const operation of operations) {
    if ('payload' in operation) {
      const { type = OPERATION_TYPE.read, bin, particleType, payload } = operation
      writePayloadOperation(out, type, bin, particleType, payload)
    } else writeValueOperation(out, operation.type ?? OPERATION_TYPE.read, operation.bin, operation.value)
  }
}
