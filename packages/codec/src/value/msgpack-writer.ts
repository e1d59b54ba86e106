import { EncodeError } from '../errors.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { INT64_MAX, INT64_MIN, writeInt64 } from '../wire/int64.ts'
import { describeValue } from './describe-value.ts'
import type { Double } from './double.ts'
import { findCircle } from './find-circle.ts'
import type { GeoJson } from './geo-json.ts'
import type { HyperLogLog } from './hyper-log-log.ts'
import { checkDistinctKeys, checkMapKey, pathStepOf } from './map-key.ts'
import { EXTENSION, MSGPACK } from './msgpack-format.ts'
import { OBJECT_KIND, objectKindOf } from './object-kind.ts'
import { PARTICLE_TYPE } from './particle-type.ts'
import type { SortedMap } from './sorted-map.ts'
import type { Value } from './value.ts'

/*
 * item  :=  nil | false | true | integer in its shortest form | float64
 *         | str-head(size) type:u8 bytes[size - 1]          text, blob, GeoJSON, HyperLogLog; size counts the type
 *         | array-head(count) item[count]
 *         | map-head(count) (item item)[count]
 *         | map-head(count + 1) ext8(0, ordered) nil (item item)[count]      entries sorted by key
 */

const { maxDepth } = DEFAULT_LIMITS
const TOO_DEEP = `lists and maps nested deeper than ${maxDepth} levels`

/**
 * Writes one value as the server's MessagePack.
 *
 * @throws EncodeError for what cannot be stored; its path leads to the offending value inside `value`. What has been written
 *   until then stays: the caller sets the writer's position back.
 */
export function writeMsgpack(out: ByteWriter, value: Value): void {
  try {
    writeItem(out, value, 0)
  } catch (error) {
    if (error instanceof EncodeError && error.reason === TOO_DEEP) {
      const circle = findCircle(value)
      if (circle !== undefined) throw new EncodeError(circle, 'refers back to an object that contains it')
    }
    throw error
  }
}

function writeItem(out: ByteWriter, value: Value, depth: number): void {
  switch (typeof value) {
    case 'number':
      writeNumber(out, value)
      return
    case 'string':
      writeText(out, PARTICLE_TYPE.string, value)
      return
    case 'object':
      if (value === null) out.u8(MSGPACK.nil)
      else writeObject(out, value, depth)
      return
    case 'boolean':
      out.u8(value ? MSGPACK.true : MSGPACK.false)
      return
    case 'bigint':
      writeBigint(out, value)
      return
    default:
      throw new EncodeError('', `${describeValue(value)} cannot be stored`)
  }
}

function writeObject(out: ByteWriter, value: object, depth: number): void {
  switch (objectKindOf(value)) {
    case OBJECT_KIND.list:
      writeList(out, value as readonly Value[], depth + 1)
      return
    case OBJECT_KIND.object:
      writePlainObject(out, value as { readonly [key: string]: Value }, depth + 1)
      return
    case OBJECT_KIND.map:
      writeMap(out, value as ReadonlyMap<Value, Value>, depth + 1)
      return
    case OBJECT_KIND.sortedMap:
      writeSortedMap(out, value as SortedMap, depth + 1)
      return
    case OBJECT_KIND.bytes:
      writeBytes(out, PARTICLE_TYPE.blob, value as Uint8Array)
      return
    case OBJECT_KIND.double:
      writeDouble(out, (value as Double).value)
      return
    case OBJECT_KIND.geoJson:
      writeText(out, PARTICLE_TYPE.geoJson, (value as GeoJson).text)
      return
    case OBJECT_KIND.hyperLogLog:
      writeBytes(out, PARTICLE_TYPE.hyperLogLog, (value as HyperLogLog).bytes)
      return
    default:
      throw new EncodeError('', `${describeValue(value)} cannot be stored`)
  }
}

function writeNumber(out: ByteWriter, value: number): void {
  if (Number.isSafeInteger(value)) {
    if (value === 0 && Object.is(value, -0)) writeDouble(out, value)
    else writeInteger(out, value)
    return
  }
  checkDouble(value)
  writeDouble(out, value)
}

/**
 * Refuses a whole number too large for `number` to hold exactly: it may be an integer that has lost its last digits.
 *
 * @throws EncodeError with an empty path.
 */
export function checkDouble(value: number): void {
  if (Number.isInteger(value) && value !== 0) {
    throw new EncodeError(
      '',
      `${value} is beyond the safe integers: write a bigint, or double(${value}) if that is meant`,
    )
  }
}

/** @throws EncodeError with an empty path when `value` takes more than 64 bits. */
export function checkInt64(value: bigint): void {
  if (value < INT64_MIN || value > INT64_MAX) throw new EncodeError('', `${value} does not fit into 64 bits`)
}

function writeInteger(out: ByteWriter, value: number): void {
  out.ensure(9)
  const { bytes, position } = out
  if (value >= 0) {
    if (value < 0x80) {
      bytes[position] = value
      out.position = position + 1
    } else if (value < 0x100) {
      bytes[position] = MSGPACK.uint8
      bytes[position + 1] = value
      out.position = position + 2
    } else if (value < 0x1_0000) {
      bytes[position] = MSGPACK.uint16
      out.view.setUint16(position + 1, value)
      out.position = position + 3
    } else if (value < 0x1_0000_0000) {
      bytes[position] = MSGPACK.uint32
      out.view.setUint32(position + 1, value)
      out.position = position + 5
    } else {
      bytes[position] = MSGPACK.uint64
      writeInt64(out.view, position + 1, value)
      out.position = position + 9
    }
  } else if (value >= -0x20) {
    bytes[position] = value
    out.position = position + 1
  } else if (value >= -0x80) {
    bytes[position] = MSGPACK.int8
    bytes[position + 1] = value
    out.position = position + 2
  } else if (value >= -0x8000) {
    bytes[position] = MSGPACK.int16
    out.view.setInt16(position + 1, value)
    out.position = position + 3
  } else if (value >= -0x8000_0000) {
    bytes[position] = MSGPACK.int32
    out.view.setInt32(position + 1, value)
    out.position = position + 5
  } else {
    bytes[position] = MSGPACK.int64
    writeInt64(out.view, position + 1, value)
    out.position = position + 9
  }
}

function writeBigint(out: ByteWriter, value: bigint): void {
  const number = Number(value)
  if (Number.isSafeInteger(number)) {
    writeInteger(out, number)
    return
  }
  checkInt64(value)
  out.u8(value < 0n ? MSGPACK.int64 : MSGPACK.uint64)
  out.i64(value)
}

function writeDouble(out: ByteWriter, value: number): void {
  out.ensure(9)
  out.bytes[out.position] = MSGPACK.float64
  out.view.setFloat64(out.position + 1, value)
  out.position += 9
}

function writeText(out: ByteWriter, type: number, text: string): void {
  // The head comes before the size is known. ASCII is bet on: one byte a unit; when that is wrong, the text moves.
  const expected = headBytesOf(text.length + 1)
  out.ensure(expected + 1)
  const start = out.position
  out.position = start + expected + 1
  const size = out.text(text) + 1
  const head = headBytesOf(size)
  if (head !== expected) {
    out.ensure(head - expected)
    out.bytes.copyWithin(start + head + 1, start + expected + 1, out.position)
    out.position += head - expected
  }
  putTypedHead(out, start, size)
  out.bytes[start + head] = type
}

function writeBytes(out: ByteWriter, type: number, bytes: Uint8Array): void {
  const size = bytes.length + 1
  const head = headBytesOf(size)
  out.ensure(head + size)
  const start = out.position
  putTypedHead(out, start, size)
  out.bytes[start + head] = type
  out.position = start + head + 1
  out.copy(bytes)
}

function headBytesOf(size: number): number {
  if (size < 0x20) return 1
  if (size < 0x100) return 2
  return size < 0x1_0000 ? 3 : 5
}

function putTypedHead(out: ByteWriter, at: number, size: number): void {
  const { bytes } = out
  if (size < 0x20) bytes[at] = MSGPACK.fixStr | size
  else if (size < 0x100) {
    bytes[at] = MSGPACK.str8
    bytes[at + 1] = size
  } else if (size < 0x1_0000) {
    bytes[at] = MSGPACK.str16
    out.view.setUint16(at + 1, size)
  } else {
    bytes[at] = MSGPACK.str32
    out.view.setUint32(at + 1, size)
  }
}

function writeArrayHead(out: ByteWriter, count: number): void {
  if (count < 0x10) out.u8(MSGPACK.fixArray | count)
  else if (count < 0x1_0000) {
    out.u8(MSGPACK.array16)
    out.u16(count)
  } else {
    out.u8(MSGPACK.array32)
    out.u32(count)
  }
}

function writeMapHead(out: ByteWriter, count: number): void {
  if (count < 0x10) out.u8(MSGPACK.fixMap | count)
  else if (count < 0x1_0000) {
    out.u8(MSGPACK.map16)
    out.u16(count)
  } else {
    out.u8(MSGPACK.map32)
    out.u32(count)
  }
}

function checkDepth(depth: number): void {
  if (depth > maxDepth) throw new EncodeError('', TOO_DEEP)
}

function writeList(out: ByteWriter, list: readonly Value[], depth: number): void {
  checkDepth(depth)
  const count = list.length
  writeArrayHead(out, count)
  let index = 0
  try {
    for (; index < count; index++) writeItem(out, list[index] as Value, depth)
  } catch (error) {
    if (!(index in list)) throw new EncodeError(`[${index}]`, 'a hole in an array cannot be stored')
    throw under(error, `[${index}]`)
  }
}

function writePlainObject(out: ByteWriter, object: { readonly [key: string]: Value }, depth: number): void {
  checkDepth(depth)
  const keys = Object.keys(object)
  const count = keys.length
  writeMapHead(out, count)
  let index = 0
  try {
    for (; index < count; index++) {
      const key = keys[index] as string
      writeText(out, PARTICLE_TYPE.string, key)
      writeItem(out, object[key] as Value, depth)
    }
  } catch (error) {
    throw under(error, pathStepOf(keys[index]))
  }
}

function writeMap(out: ByteWriter, map: ReadonlyMap<Value, Value>, depth: number): void {
  checkDepth(depth)
  writeMapHead(out, map.size)
  let comparable = true
  let current: Value = null
  try {
    for (const [key, value] of map) {
      current = key
      if (typeof key !== 'string' && typeof key !== 'number') comparable = false
      writeMapKey(out, key)
      writeItem(out, value, depth)
    }
  } catch (error) {
    throw under(error, pathStepOf(current))
  }
  // JavaScript has seen to it that strings and numbers are distinct.
  if (!comparable) checkDistinctKeys(map.keys())
}

function writeSortedMap(out: ByteWriter, map: SortedMap, depth: number): void {
  checkDepth(depth)
  writeMapHead(out, map.entries.length + 1)
  out.ensure(4)
  out.u8(MSGPACK.ext8)
  out.u8(0)
  out.u8(EXTENSION.ordered)
  out.u8(MSGPACK.nil)
  let current: Value = null
  try {
    for (const [key, value] of map.entries) {
      current = key
      writeMapKey(out, key)
      writeItem(out, value, depth)
    }
  } catch (error) {
    throw under(error, pathStepOf(current))
  }
}

function writeMapKey(out: ByteWriter, key: Value): void {
  if (typeof key === 'string') {
    writeText(out, PARTICLE_TYPE.string, key)
    return
  }
  checkMapKey(key)
  writeItem(out, key, 0)
}

function under(error: unknown, step: string): unknown {
  return error instanceof EncodeError ? error.under(step) : error
}
