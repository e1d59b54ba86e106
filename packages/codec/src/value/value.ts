import type { Double } from './double.ts'
import type { GeoJson } from './geo-json.ts'
import type { HyperLogLog } from './hyper-log-log.ts'
import type { SortedMap } from './sorted-map.ts'

/**
 * What may be written to a bin, to any depth of lists and maps.
 *
 * | from | becomes |
 * |---|---|
 * | `number` with a whole value within ±(2^53 − 1), `bigint` within 64 bits | integer |
 * | any other `number`, `-0` included, and {@link Double} | double |
 * | `string`, `boolean`, `Uint8Array` | string, boolean, blob |
 * | array | list |
 * | `Map`, plain object | map, its keys in the order they have here; keys are strings, integers or bytes |
 * | {@link SortedMap} | map ordered by key |
 * | {@link GeoJson}, {@link HyperLogLog} | themselves |
 * | `null` | nil; as the value of a bin it deletes the bin |
 *
 * Everything else is refused with an `EncodeError` that names the place: `undefined`, functions, symbols, dates and other
 * class instances, arrays with holes, whole numbers beyond 2^53, text with lone surrogates, circles, more than 64 levels.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Double
  | GeoJson
  | HyperLogLog
  | SortedMap
  | readonly Value[]
  | ReadonlyMap<Value, Value>
  | { readonly [key: string]: Value }

/**
 * What a bin is read as, with the default {@link ValueOptions}. Everything in it may be written back.
 *
 * A map is a plain object when all its keys are strings, else a `Map`. (An object lists keys that look like array indexes
 * first, whatever their place in the map; `maps: 'map'` keeps the order of all.)
 */
export type BinValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | GeoJson
  | HyperLogLog
  | BinValue[]
  | Map<BinValue, BinValue>
  | { [key: string]: BinValue }
