import { Double, GeoJson, HyperLogLog, SortedMap, type Value } from '@aero/codec'
import type { AelType } from '../tree/ast.ts'

/** The type of a bound value; undefined when it cannot be bound. */
export function typeOfValue(value: Value): AelType | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'BOOL'
    case 'bigint':
      return 'INT'
    case 'string':
      return 'STRING'
    case 'number':
      return Number.isInteger(value) && !Object.is(value, -0) ? 'INT' : 'FLOAT'
    case 'object':
      return value === null ? undefined : typeOfObject(value)
    default:
      return undefined
  }
}

function typeOfObject(value: object): AelType | undefined {
  if (Array.isArray(value)) return 'LIST'
  if (value instanceof Uint8Array) return 'BLOB'
  if (value instanceof Double) return 'FLOAT'
  if (value instanceof GeoJson) return 'GEO'
  if (value instanceof HyperLogLog) return 'HLL'
  if (value instanceof Map || value instanceof SortedMap) return 'MAP'
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype ? 'MAP' : undefined
}
