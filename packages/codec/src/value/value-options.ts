import { DEFAULT_LIMITS } from '../limits.ts'
import type { IntegerMode } from '../wire/int64.ts'

/** How maps are read: `auto` as plain objects when every key is a string, else as `Map`; `map` always as `Map`. */
export type MapMode = 'auto' | 'map'

/** How values are read. */
export interface ValueOptions {
  /** Default `auto`. */
  readonly integers: IntegerMode
  /** Default `auto`. */
  readonly maps: MapMode
  /** Deepest nesting of lists and maps that is read; default 64. */
  readonly maxDepth: number
}

/** Numbers where they are safe, plain objects where every key is a string, 64 levels. */
export const DEFAULT_VALUE_OPTIONS: ValueOptions = Object.freeze({
  integers: 'auto',
  maps: 'auto',
  maxDepth: DEFAULT_LIMITS.maxDepth,
})
