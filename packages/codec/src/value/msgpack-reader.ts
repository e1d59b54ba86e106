import { DecodeError, LimitExceededError } from '../errors.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import { hexExcerpt } from '../wire/hex-excerpt.ts'
import { integerInMode, readInt64, readUint64 } from '../wire/int64.ts'
import { readUtf8 } from '../wire/text.ts'
import { CACHED_TEXT_MAX, TextCache } from '../wire/text-cache.ts'
import { GeoJson } from './geo-json.ts'
import { HyperLogLog } from './hyper-log-log.ts'
import { EXTENSION, MSGPACK } from './msgpack-format.ts'
import { PARTICLE_TYPE } from './particle-type.ts'
import type { BinValue } from './value.ts'
import type { ValueOptions } from './value-options.ts'

/*
 * The layout is the one of msgpack-writer.ts; besides what that writes, every longer form of an integer or head is read,
 * float32, the bin heads, and the marks of all kinds of ordered collections.
 */

/** Maps of one kind have the same keys. What is remembered does not show in what is read. */
const propertyNames = new TextCache()

/**
 * Reads one value of the server's MessagePack, in place; what it returns shares no memory with the reader.
 *
 * @throws TruncatedError when the window ends before the value does, LimitExceededError when it is nested deeper than
 *   `options.maxDepth`, DecodeError for bytes that are no value, and in integer mode `number` for an unsafe integer.
 */
export function readMsgpack(reader: ByteReader, options: ValueOptions): BinValue {
  return readItem(reader, options, 0)
}

function readItem(reader: ByteReader, options: ValueOptions, depth: number): BinValue {
  const { position } = reader
  if (position >= reader.end) reader.need(1)
  const head = reader.bytes[position] as number
  reader.position = position + 1
  if (head < MSGPACK.fixMap) return options.integers === 'bigint' ? BigInt(head) : head
  if (head < MSGPACK.fixArray) return readMap(reader, options, head - MSGPACK.fixMap, depth + 1)
  if (head < MSGPACK.fixStr) return readList(reader, options, head - MSGPACK.fixArray, depth + 1)
  if (head < MSGPACK.nil) return readTyped(reader, head - MSGPACK.fixStr)
  if (head >= MSGPACK.negativeFixInt)
    return options.integers === 'bigint' ? BigInt(head - 0x100) : head - 0x100
  switch (head) {
    case MSGPACK.nil:
      return null
    case MSGPACK.false:
      return false
    case MSGPACK.true:
      return true
    case MSGPACK.bin8:
    case MSGPACK.str8:
      return readTyped(reader, reader.u8())
    case MSGPACK.bin16:
    case MSGPACK.str16:
      return readTyped(reader, reader.u16())
    case MSGPACK.bin32:
    case MSGPACK.str32:
      return readTyped(reader, reader.u32())
    case MSGPACK.float32:
      return reader.f32()
    case MSGPACK.float64:
      return reader.f64()
    case MSGPACK.array16:
      return readList(reader, options, reader.u16(), depth + 1)
    case MSGPACK.array32:
      return readList(reader, options, reader.u32(), depth + 1)
    case MSGPACK.map16:
      return readMap(reader, options, reader.u16(), depth + 1)
    case MSGPACK.map32:
      return readMap(reader, options, reader.u32(), depth + 1)
    default:
      return integerInMode(readInteger(reader, head), options.integers, position)
  }
}

function readInteger(reader: ByteReader, head: number): number | bigint {
  const { position, view } = reader
  switch (head) {
    case MSGPACK.uint8:
      return reader.u8()
    case MSGPACK.uint16:
      return reader.u16()
    case MSGPACK.uint32:
      return reader.u32()
    case MSGPACK.uint64:
      reader.skip(8)
      return readUint64(view, position)
    case MSGPACK.int8:
      reader.skip(1)
      return view.getInt8(position)
    case MSGPACK.int16:
      reader.skip(2)
      return view.getInt16(position)
    case MSGPACK.int32:
      return reader.i32()
    case MSGPACK.int64:
      reader.skip(8)
      return readInt64(view, position)
    default:
      throw new DecodeError(
        `byte 0x${head.toString(16)} does not begin a value`,
        position - 1,
        hexExcerpt(reader.bytes.subarray(0, reader.end), position - 1),
      )
  }
}

/** What stands under a `str` or `bin` head: the first byte says what it is. */
function readTyped(reader: ByteReader, size: number): BinValue {
  // The server counts nothing at all as bytes.
  if (size === 0) return new Uint8Array(0)
  reader.need(size)
  const start = reader.position
  const type = reader.bytes[start] as number
  if (type === PARTICLE_TYPE.string) {
    reader.position = start + size
    return readUtf8(reader.bytes, start + 1, size - 1)
  }
  reader.position = start + 1
  if (type === PARTICLE_TYPE.geoJson) return new GeoJson(reader.text(size - 1))
  const bytes = reader.copy(size - 1)
  return type === PARTICLE_TYPE.hyperLogLog ? new HyperLogLog(bytes) : bytes
}

/** Every element takes a byte at least: a count beyond the bytes left is wrong, whatever comes. */
function checkContainer(reader: ByteReader, leastBytes: number, options: ValueOptions, depth: number): void {
  if (depth > options.maxDepth) {
    throw new LimitExceededError(
      `lists and maps nested deeper than ${options.maxDepth} levels`,
      reader.position,
    )
  }
  reader.need(leastBytes)
}

function readList(reader: ByteReader, options: ValueOptions, count: number, depth: number): BinValue[] {
  checkContainer(reader, count, options, depth)
  const size = skipOrderMark(reader, count) ? count - 1 : count
  if (size <= SHORT_LIST || options.integers === 'bigint') {
    const list: BinValue[] = []
    for (let left = size; left > 0; left--) list.push(readItem(reader, options, depth))
    return list
  }
  return readLongList(reader, options, size, depth)
}

/** Up to here a list that grows is as fast. */
const SHORT_LIST = 16

/** What long lists mostly hold, integers and doubles, is read where they lie, without a call for each. */
function readLongList(reader: ByteReader, options: ValueOptions, size: number, depth: number): BinValue[] {
  const { bytes, view, end } = reader
  let { position } = reader
  // Each element has a byte at least, so that a wrong count cannot ask for much. Two places, because the engine remembers for
  // each what its arrays came to hold: integers cost half where there were no doubles.
  const list: BinValue[] =
    bytes[position] === MSGPACK.float64 ? new Array<number>(size) : new Array<BinValue>(size)
  // Up to here the longest of them is within the window.
  const safeEnd = end - 9
  for (let index = 0; index < size; index++) {
    const head = position <= safeEnd ? (bytes[position] as number) : 0xff
    if (head < MSGPACK.fixMap) {
      list[index] = head
      position += 1
    } else if (head === MSGPACK.uint16) {
      list[index] = ((bytes[position + 1] as number) << 8) | (bytes[position + 2] as number)
      position += 3
    } else if (head === MSGPACK.uint8) {
      list[index] = bytes[position + 1] as number
      position += 2
    } else if (head === MSGPACK.uint32) {
      list[index] = view.getUint32(position + 1)
      position += 5
    } else if (head === MSGPACK.float64) {
      list[index] = view.getFloat64(position + 1)
      position += 9
    } else {
      reader.position = position
      list[index] = readItem(reader, options, depth)
      position = reader.position
    }
  }
  reader.position = position
  return list
}

function readMap(reader: ByteReader, options: ValueOptions, count: number, depth: number): BinValue {
  checkContainer(reader, count * 2, options, depth)
  let left = count
  let isSelected = false
  if (skipOrderMark(reader, count)) {
    // An object would sort keys like '10' to the front; the server says with this flag that the order counts.
    isSelected = ((reader.bytes[reader.position - 1] as number) & EXTENSION.selected) !== 0
    // The mark is a key, with a value like every other.
    readItem(reader, options, depth)
    left -= 1
  }
  if (isSelected || options.maps === 'map') return readEntries(reader, options, left, depth, new Map())
  return readObject(reader, options, left, depth)
}

/** Reads a plain object, and goes over to a `Map` at the first key that is not a string. */
function readObject(reader: ByteReader, options: ValueOptions, count: number, depth: number): BinValue {
  const object: { [key: string]: BinValue } = {}
  for (let left = count; left > 0; left--) {
    const key = readPropertyName(reader) ?? readItem(reader, options, depth)
    if (typeof key !== 'string') {
      const map = new Map<BinValue, BinValue>(Object.entries(object))
      map.set(key, readItem(reader, options, depth))
      return readEntries(reader, options, left - 1, depth, map)
    }
    const value = readItem(reader, options, depth)
    if (key === '__proto__') setOwn(object, key, value)
    else object[key] = value
  }
  return object
}

/** The key in front when it is a short text, else `undefined`, and nothing has been read. */
function readPropertyName(reader: ByteReader): string | undefined {
  const { bytes, position } = reader
  if (position >= reader.end) return undefined
  const size = (bytes[position] as number) - MSGPACK.fixStr
  if (size < 1 || size > CACHED_TEXT_MAX + 1 || size >= reader.end - position) return undefined
  if (bytes[position + 1] !== PARTICLE_TYPE.string) return undefined
  const name = propertyNames.read(bytes, position + 2, size - 1)
  if (name !== undefined) reader.position = position + 1 + size
  return name
}

function readEntries(
  reader: ByteReader,
  options: ValueOptions,
  count: number,
  depth: number,
  map: Map<BinValue, BinValue>,
): Map<BinValue, BinValue> {
  for (let left = count; left > 0; left--) {
    const key = readItem(reader, options, depth)
    map.set(key, readItem(reader, options, depth))
  }
  return map
}

/** `object.__proto__ = value` would exchange the prototype. */
function setOwn(object: { [key: string]: BinValue }, key: string, value: BinValue): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

/** Skips the `ext` item in front of an ordered list or map; says whether there was one. */
function skipOrderMark(reader: ByteReader, count: number): boolean {
  if (count === 0) return false
  const { bytes, view, position } = reader
  // An item is at least one byte, and count of them are left: this one is there.
  const head = bytes[position] as number
  if (head < MSGPACK.ext8 || head > MSGPACK.fixExt16) return false
  let typeAt: number
  let size: number
  if (head >= MSGPACK.fixExt1) {
    typeAt = position + 1
    size = 1 << (head - MSGPACK.fixExt1)
  } else if (head === MSGPACK.ext8) {
    reader.need(2)
    typeAt = position + 2
    size = view.getUint8(position + 1)
  } else if (head === MSGPACK.ext16) {
    reader.need(3)
    typeAt = position + 3
    size = view.getUint16(position + 1)
  } else if (head === MSGPACK.ext32) {
    reader.need(5)
    typeAt = position + 5
    size = view.getUint32(position + 1)
  } else return false
  reader.need(typeAt + 1 + size - position)
  // A wildcard or infinity is an element, and not one that is stored: the reader of elements refuses it.
  if (bytes[typeAt] === EXTENSION.comparison) return false
  reader.position = typeAt + 1 + size
  return true
}
