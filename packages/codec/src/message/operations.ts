import { DecodeError, EncodeError } from '../errors.ts'
import { writeParticle } from '../value/particle.ts'
import { PARTICLE_TYPE } from '../value/particle-type.ts'
import type { Value } from '../value/value.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { hexExcerpt } from '../wire/hex-excerpt.ts'
import { writeUtf8 } from '../wire/text.ts'
import type { Operation } from './operation.ts'
import { OPERATION_TYPE } from './operation-type.ts'

/*
 * operation  :=  size:u32   type:u8   particle:u8   flags:u8 = 0   nameLength:u8   name:[nameLength]   value:[size - 4 - nameLength]
 *                size counts everything behind itself
 */

/** Bytes before an operation's bin name. */
export const OPERATION_HEADER_BYTES = 8

/** Where the parts of an operation's header stand, in bytes from its start. The size counts what comes behind itself. */
export const OPERATION_HEADER_OFFSET = { type: 4, particleType: 5, nameLength: 7 } as const

/** Longest bin name the server has, in bytes of UTF-8. */
export const MAX_BIN_NAME_BYTES = 15

/** An operation as it stands in a message, its value still bytes. What servers work with. */
export interface RawOperation {
  /** A number of {@link OPERATION_TYPE}, or one unknown to it. */
  readonly type: number
  /** The bin's name, at most 255 bytes: whether it is a legal name is for the server to say. */
  readonly bin: string
  /** Particle type of the value. */
  readonly particleType: number
  /** The value's bytes, in their own memory. */
  readonly payload: Uint8Array
}

/** Writes an operation without a value that names a bin. */
export function writeBareOperation(out: ByteWriter, type: number, bin: string): void {
  const mark = out.position
  writeOperationName(out, type, bin)
  out.view.setUint32(mark, out.position - mark - 4)
}

/**
 * Writes an operation on a bin with a value.
 *
 * @throws EncodeError whose path begins with the bin's name.
 */
export function writeValueOperation(out: ByteWriter, type: number, bin: string, value: Value): void {
  const mark = out.position
  writeOperationName(out, type, bin)
  let particleType: number
  try {
    particleType = writeParticle(out, value)
  } catch (error) {
    throw withBinName(error, bin)
  }
  // Read again: the value may have made the writer grow.
  out.bytes[mark + OPERATION_HEADER_OFFSET.particleType] = particleType
  out.view.setUint32(mark, out.position - mark - 4)
}

/** Writes an operation whose particle is at hand as bytes. */
export function writePayloadOperation(
  out: ByteWriter,
  type: number,
  bin: string,
  particleType: number,
  payload: Uint8Array,
): void {
  const mark = out.position
  writeOperationName(out, type, bin)
  out.bytes[mark + OPERATION_HEADER_OFFSET.particleType] = particleType
  out.copy(payload)
  out.view.setUint32(mark, out.position - mark - 4)
}

/** Writes any {@link Operation}. */
export function writeOneOperation(out: ByteWriter, operation: Operation): void {
  const { type, bin, value, payload } = operation
  if (payload !== undefined) writePayloadOperation(out, type, bin, PARTICLE_TYPE.blob, payload)
  else if (value !== undefined) writeValueOperation(out, type, bin, value)
  else if (needsValue(type)) throw new EncodeError(bin, 'undefined is not a value; null removes a bin')
  else writeBareOperation(out, type, bin)
}

function needsValue(type: number): boolean {
  return (
    type === OPERATION_TYPE.write ||
    type === OPERATION_TYPE.add ||
    type === OPERATION_TYPE.append ||
    type === OPERATION_TYPE.prepend
  )
}

/** Reads one operation, payload copied. */
export function readRawOperation(body: ByteReader): RawOperation {
  const end = operationEnd(body)
  const { bytes, position } = body
  const nameLength = bytes[position + OPERATION_HEADER_OFFSET.nameLength] as number
  const operation = {
    type: bytes[position + OPERATION_HEADER_OFFSET.type] as number,
    particleType: bytes[position + OPERATION_HEADER_OFFSET.particleType] as number,
    bin: '',
    payload: bytes.slice(position + OPERATION_HEADER_BYTES + nameLength, end),
  }
  body.position = position + OPERATION_HEADER_BYTES
  operation.bin = body.text(nameLength)
  body.position = end
  return operation
}

/** Moves behind `count` operations without looking at them. */
export function skipOperations(body: ByteReader, count: number): void {
  for (let index = 0; index < count; index++) body.position = operationEnd(body)
}

/** Where the operation at the reader's position ends; its header and name are inside the bounds. */
export function operationEnd(body: ByteReader): number {
  const { position } = body
  body.need(OPERATION_HEADER_BYTES)
  const size = body.view.getUint32(position)
  if (
    size > body.end - position - 4 ||
    size < 4 + (body.bytes[position + OPERATION_HEADER_OFFSET.nameLength] as number)
  )
    badOperation(body, size)
  return position + 4 + size
}

function badOperation(body: ByteReader, size: number): never {
  const { position } = body
  throw new DecodeError(
    `operation of ${size} bytes with a name of ${body.bytes[position + OPERATION_HEADER_OFFSET.nameLength]}, ${body.end - position - 4} left`,
    position,
    hexExcerpt(body.bytes.subarray(0, body.end), position),
  )
}

/** Writes header and name; size and particle type are left for the caller, the latter as nil. */
function writeOperationName(out: ByteWriter, type: number, bin: string): void {
  const length = bin.length
  // Room for a value of a few bytes too, so that small ones need not ask again.
  out.ensure(OPERATION_HEADER_BYTES + 16 + 3 * length)
  const { bytes, position } = out
  bytes[position + OPERATION_HEADER_OFFSET.type] = type
  bytes[position + OPERATION_HEADER_OFFSET.particleType] = PARTICLE_TYPE.nil
  bytes[position + 6] = 0
  const start = position + OPERATION_HEADER_BYTES
  let nameBytes = 0
  if (length <= MAX_BIN_NAME_BYTES) {
    for (; nameBytes < length; nameBytes++) {
      const unit = bin.charCodeAt(nameBytes)
      if (unit === 0 || unit > 0x7f) break
      bytes[start + nameBytes] = unit
    }
  }
  if (nameBytes < length) nameBytes = writeUnusualName(bytes, start, bin)
  bytes[position + OPERATION_HEADER_OFFSET.nameLength] = nameBytes
  out.position = start + nameBytes
}

function writeUnusualName(bytes: Uint8Array, start: number, bin: string): number {
  const length = bin.length > 3 * MAX_BIN_NAME_BYTES ? bin.length : writeUtf8(bytes, start, bin)
  if (length > MAX_BIN_NAME_BYTES) {
    throw new EncodeError(bin, `bin name of ${length} bytes, at most ${MAX_BIN_NAME_BYTES} are possible`)
  }
  if (bin.includes('\0')) throw new EncodeError(bin, 'bin name with a zero byte')
  if (/\p{Surrogate}/u.test(bin)) throw new EncodeError(bin, 'bin name with half of a surrogate pair')
  return length
}

function withBinName(error: unknown, bin: string): unknown {
  if (!(error instanceof EncodeError)) return error
  const { path, reason } = error
  return new EncodeError(path === '' || path.startsWith('[') ? bin + path : `${bin}.${path}`, reason)
}
