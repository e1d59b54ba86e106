import { compareBytes, compareNumbers, compareTexts } from './compare-scalars.ts'
import { Double } from './double.ts'
import { GeoJson } from './geo-json.ts'
import { HyperLogLog } from './hyper-log-log.ts'
import { SortedMap } from './sorted-map.ts'
import type { Value } from './value.ts'

/**
 * The server's order of types inside lists and maps. Source: enum msgpack_type in cf/include/msgpack_in.h of the server; the
 * captured sorts agree. A HyperLogLog counts as bytes there.
 */
const RANK = {
  nil: 0,
  false: 1,
  true: 2,
  integer: 3,
  string: 4,
  list: 5,
  map: 6,
  bytes: 7,
  double: 8,
  geoJson: 9,
} as const

/**
 * Compares two values as the server does when it sorts a list, orders a map or counts ranks: first by type (nil, false,
 * true, integer, string, list, map, bytes, double, GeoJSON), then
 *
 * - integers and doubles by value, `NaN` above everything, `-0` equal to `0`;
 * - strings, bytes and GeoJSON by their bytes, strings as UTF-8;
 * - lists element by element, then the shorter first;
 * - maps by their number of entries, then by key and value of each entry in the order of the keys.
 *
 * An integer and a double of the same value are not equal. Negative when `one` comes first, positive when `other` does.
 * Values that cannot be written have no order; do not ask for one.
 */
export function compareValues(one: Value, other: Value): number {
  const rank = rankOf(one)
  const otherRank = rankOf(other)
  if (rank !== otherRank) return rank - otherRank
  switch (rank) {
    case RANK.integer:
      return compareNumbers(one as number | bigint, other as number | bigint)
    case RANK.string:
      return compareTexts(one as string, other as string)
    case RANK.list:
      return compareLists(one as readonly Value[], other as readonly Value[])
    case RANK.map:
      return compareEntries(sortedEntries(one), sortedEntries(other))
    case RANK.bytes:
      return compareBlobs(one as Uint8Array | HyperLogLog, other as Uint8Array | HyperLogLog)
    case RANK.double:
      return compareNumbers(numberOf(one), numberOf(other))
    case RANK.geoJson:
      return compareTexts((one as GeoJson).text, (other as GeoJson).text)
    default:
      return 0
  }
}

function rankOf(value: Value): number {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) && !Object.is(value, -0) ? RANK.integer : RANK.double
    case 'bigint':
      return RANK.integer
    case 'string':
      return RANK.string
    case 'boolean':
      return value ? RANK.true : RANK.false
    default:
      if (value === null) return RANK.nil
      if (Array.isArray(value)) return RANK.list
      if (value instanceof Uint8Array || value instanceof HyperLogLog) return RANK.bytes
      if (value instanceof Double) return RANK.double
      return value instanceof GeoJson ? RANK.geoJson : RANK.map
  }
}

function numberOf(value: Value): number {
  return value instanceof Double ? value.value : (value as number)
}

function compareBlobs(one: Uint8Array | HyperLogLog, other: Uint8Array | HyperLogLog): number {
  // The particle type is the first byte of both: every blob (4) comes before every HyperLogLog (18).
  if (one instanceof Uint8Array) return other instanceof Uint8Array ? compareBytes(one, other) : -1
  return other instanceof Uint8Array ? 1 : compareBytes(one.bytes, other.bytes)
}

function compareLists(one: readonly Value[], other: readonly Value[]): number {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index++) {
    const order = compareValues(one[index] as Value, other[index] as Value)
    if (order !== 0) return order
  }
  return one.length - other.length
}

type Entries = readonly (readonly [Value, Value])[]

function sortedEntries(value: Value): Entries {
  if (value instanceof SortedMap) return value.entries
  const entries: [Value, Value][] =
    value instanceof Map
      ? [...(value as ReadonlyMap<Value, Value>)]
      : Object.entries(value as { [key: string]: Value })
  return entries.sort((one, other) => compareValues(one[0], other[0]))
}

function compareEntries(one: Entries, other: Entries): number {
  if (one.length !== other.length) return one.length - other.length
  for (let index = 0; index < one.length; index++) {
    const [key, value] = one[index] as readonly [Value, Value]
    const [otherKey, otherValue] = other[index] as readonly [Value, Value]
    const order = compareValues(key, otherKey) || compareValues(value, otherValue)
    if (order !== 0) return order
  }
  return 0
}
