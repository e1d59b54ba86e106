import { hex } from '@aero/testkit'
import { Double } from '../../src/value/double.ts'
import { GeoJson } from '../../src/value/geo-json.ts'
import { HyperLogLog } from '../../src/value/hyper-log-log.ts'
import { SortedMap } from '../../src/value/sorted-map.ts'
import type { BinValue, Value } from '../../src/value/value.ts'

/** Anything in the recordings' JSON. */
export type Notation = null | boolean | number | string | Notation[] | { [name: string]: Notation }

/** The member of an object in the notation; `undefined` for everything else. */
export function member(notation: unknown, name: string): Notation | undefined {
  if (typeof notation !== 'object' || notation === null || Array.isArray(notation)) return undefined
  return (notation as { [name: string]: Notation })[name]
}

/**
 * A value in the recordings' notation as we would write it to get the official client's bytes: its objects and maps are all
 * sent ordered by key, and map keys other than integers, strings and bytes are dropped by it without a word.
 */
export function valueFrom(notation: Notation): Value {
  if (typeof notation === 'number' || typeof notation === 'string' || typeof notation === 'boolean')
    return notation
  if (notation === null) return null
  if (Array.isArray(notation)) return notation.map(valueFrom)
  const [kind] = Object.keys(notation)
  const content = kind === undefined ? undefined : (notation[kind] as Notation)
  switch (kind) {
    case '$bigint':
      return BigInt(content as string)
    case '$double':
      return new Double(Number(content))
    case '$num':
      return content === '-0' ? -0 : Number(content)
    case '$bytes':
      return hex(content as string)
    case '$geo':
      return new GeoJson(typeof content === 'string' ? content : JSON.stringify(content))
    case '$hll':
      return new HyperLogLog(hex(content as string))
    case '$undefined':
      // Not a Value: what refusing it looks like is for the test to say.
      return undefined as unknown as Value
    case '$map':
      return sortedMap((content as [Notation, Notation][]).map(([key, value]) => [valueFrom(key), value]))
    case '$strRepeat': {
      const [text, times] = content as [string, number]
      return text.repeat(times)
    }
    case '$bytesRepeat': {
      const [byte, times] = content as [number, number]
      return new Uint8Array(times).fill(byte)
    }
    default:
      return sortedMap(Object.entries(notation))
  }
}

function sortedMap(entries: [Value, Notation][]): SortedMap {
  const kept = entries
    .filter(([key]) => isMapKey(key))
    .map(([key, value]) => [key, valueFrom(value)] as const)
  return new SortedMap(new Map(kept as [string, Value][]))
}

function isMapKey(key: Value): boolean {
  if (typeof key === 'number') return Number.isInteger(key)
  return typeof key === 'string' || typeof key === 'bigint' || key instanceof Uint8Array
}

/** A value in a recorded result, in the form {@link officialView} gives. */
export function resultOf(notation: Notation): unknown {
  const value = valueFrom(notation)
  if (value instanceof SortedMap)
    return Object.fromEntries(value.entries.map(([key, held]) => [text(key), plain(held)]))
  return plain(value)
}

function plain(value: Value): unknown {
  if (value instanceof SortedMap)
    return Object.fromEntries(value.entries.map(([key, held]) => [text(key), plain(held)]))
  if (value instanceof Double) return value.value
  if (value instanceof GeoJson) return value.text
  if (value instanceof HyperLogLog) return value.bytes
  if (Array.isArray(value)) return value.map(plain)
  return value
}

function text(key: unknown): string {
  return key instanceof Uint8Array ? Buffer.from(key).toString() : String(key)
}

/**
 * What we read as the official client shows it: GeoJSON as its text, HyperLogLog as its bytes, every map as an object whose
 * keys are strings.
 */
export function officialView(value: BinValue): unknown {
  if (value instanceof GeoJson) return value.text
  if (value instanceof HyperLogLog) return value.bytes
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(officialView)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.map(([key, held]) => [text(key), officialView(held)]))
}
