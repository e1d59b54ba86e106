import { Double } from './double.ts'
import { GeoJson } from './geo-json.ts'
import { HyperLogLog } from './hyper-log-log.ts'
import { SortedMap } from './sorted-map.ts'

/** What an object is to the writers. */
export const OBJECT_KIND = {
  unsupported: 0,
  list: 1,
  object: 2,
  bytes: 3,
  map: 4,
  sortedMap: 5,
  double: 6,
  geoJson: 7,
  hyperLogLog: 8,
} as const

export type ObjectKind = (typeof OBJECT_KIND)[keyof typeof OBJECT_KIND]

/** Says what `value` is; the only place that decides. */
export function objectKindOf(value: object): ObjectKind {
  if (Array.isArray(value)) return OBJECT_KIND.list
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return OBJECT_KIND.object
  if (value instanceof Uint8Array) return OBJECT_KIND.bytes
  if (value instanceof Map) return OBJECT_KIND.map
  if (value instanceof SortedMap) return OBJECT_KIND.sortedMap
  if (value instanceof Double) return OBJECT_KIND.double
  if (value instanceof GeoJson) return OBJECT_KIND.geoJson
  if (value instanceof HyperLogLog) return OBJECT_KIND.hyperLogLog
  return foreignKindOf(value, prototype)
}

/*
 * Values made in another realm (node:vm, test runners that isolate) have classes that are not ours.
 */
function foreignKindOf(value: object, prototype: unknown): ObjectKind {
  if (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'hasOwnProperty')) {
    return OBJECT_KIND.object
  }
  if (ArrayBuffer.isView(value)) {
    const { [Symbol.toStringTag]: tag } = value as { readonly [Symbol.toStringTag]?: unknown }
    return tag === 'Uint8Array' ? OBJECT_KIND.bytes : OBJECT_KIND.unsupported
  }
  return isForeignMap(value) ? OBJECT_KIND.map : OBJECT_KIND.unsupported
}

function isForeignMap(value: object): boolean {
  if (Object.prototype.toString.call(value) !== '[object Map]') return false
  try {
    // Only a genuine Map survives this, whatever it calls itself.
    Map.prototype.has.call(value as Map<unknown, unknown>, undefined)
    return true
  } catch {
    return false
  }
}
