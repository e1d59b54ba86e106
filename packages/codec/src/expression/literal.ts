import { LimitExceededError } from '../errors.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { Double } from '../value/double.ts'
import type { MapKey } from '../value/map-key.ts'
import { EXTENSION, MSGPACK } from '../value/msgpack-format.ts'
import { readMsgpack } from '../value/msgpack-reader.ts'
import { SortedMap } from '../value/sorted-map.ts'
import type { Value } from '../value/value.ts'
import { DEFAULT_VALUE_OPTIONS } from '../value/value-options.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import { isListNext, malformed, readListHead } from './heads.ts'

/**
 * Reads a value so that writing it gives the same bytes again: a whole double stays a {@link Double}, a map ordered by key a
 * {@link SortedMap}. (The reader of bins makes plain numbers and objects of them.) An ordered list becomes a plain one.
 *
 * @throws DecodeError for bytes that are no value, or no value that could be written.
 */
export function readLiteral(reader: ByteReader): Value {
  return readItem(reader, 0)
}

function readItem(reader: ByteReader, depth: number): Value {
  if (depth > DEFAULT_LIMITS.maxDepth) {
    throw new LimitExceededError(
      `lists and maps nested deeper than ${DEFAULT_LIMITS.maxDepth} levels`,
      reader.position,
    )
  }
  if (isListNext(reader)) return readList(reader, depth)
  const head = reader.bytes[reader.position] as number
  if (isMapHead(head)) return readMap(reader, depth)
  const value = readMsgpack(reader, DEFAULT_VALUE_OPTIONS) as Value
  if (head !== MSGPACK.float64 && head !== MSGPACK.float32) return value
  return Number.isInteger(value) && !Object.is(value, -0) ? new Double(value as number) : value
}

function readList(reader: ByteReader, depth: number): Value[] {
  const count = readListHead(reader, 'a value')
  const list: Value[] = []
  let index = 0
  if (count > 0 && readOrderMark(reader) !== undefined) index = 1
  for (; index < count; index++) list.push(readItem(reader, depth + 1))
  return list
}

function isMapHead(head: number): boolean {
  return (
    (head >= MSGPACK.fixMap && head < MSGPACK.fixArray) || head === MSGPACK.map16 || head === MSGPACK.map32
  )
}

function readMap(reader: ByteReader, depth: number): Value {
  const head = reader.u8()
  let count = head - MSGPACK.fixMap
  if (head === MSGPACK.map16) count = reader.u16()
  else if (head === MSGPACK.map32) count = reader.u32()
  reader.need(count * 2)
  const start = reader.position
  const order = count === 0 ? undefined : readOrderMark(reader)
  if (order !== undefined) {
    // The mark is a key, with a value like every other.
    readItem(reader, depth + 1)
    count -= 1
  }
  const entries: [Value, Value][] = []
  for (let left = count; left > 0; left--) {
    const key = readItem(reader, depth + 1)
    entries.push([key, readItem(reader, depth + 1)])
  }
  const map = new Map(entries)
  if (map.size !== entries.length || entries.some(([key]) => !isKey(key))) {
    reader.position = start
    throw malformed(reader, 'a map with a key that it cannot have')
  }
  if (order !== undefined && (order & EXTENSION.ordered) !== 0) return sorted(reader, start, map)
  return entries.every(([key]) => typeof key === 'string' && key !== '__proto__')
    ? (Object.fromEntries(entries) as { readonly [key: string]: Value })
    : map
}

function isKey(key: Value): key is MapKey {
  return (
    typeof key === 'string' ||
    typeof key === 'bigint' ||
    (typeof key === 'number' && Number.isInteger(key)) ||
    key instanceof Uint8Array
  )
}

function sorted(reader: ByteReader, start: number, map: ReadonlyMap<Value, Value>): SortedMap {
  try {
    return new SortedMap(map as ReadonlyMap<MapKey, Value>)
  } catch (error) {
    reader.position = start
    throw malformed(reader, error instanceof Error ? error.message : 'a map that is not sorted')
  }
}

/** The flags in front of an ordered list or map; `undefined`, and nothing read, when there are none. */
function readOrderMark(reader: ByteReader): number | undefined {
  reader.need(1)
  if (reader.bytes[reader.position] !== MSGPACK.ext8) return undefined
  reader.need(3)
  const size = reader.bytes[reader.position + 1] as number
  const flags = reader.bytes[reader.position + 2] as number
  if (flags === EXTENSION.comparison) return undefined
  reader.skip(3 + size)
  return flags
}
