import { EncodeError } from '../errors.ts'
import { checkMapKey, compareMapKeys, type MapKey, pathStepOf } from './map-key.ts'
import type { Value } from './value.ts'

/**
 * A map that is written as ordered by key: the server keeps it in that order, which makes access by key, index and rank
 * faster than in a plain map. Reading gives an object or a `Map`, as for every map.
 *
 * The entries are taken over and sorted when the object is made; later changes of the source are not seen.
 *
 * @example
 * ```ts
 * import { SortedMap } from '@aero/codec'
 * const scores = new SortedMap({ zoe: 3, adam: 5 })
 * console.log(scores.entries.map(([name]) => name)) // [ 'adam', 'zoe' ]
 * ```
 */
export class SortedMap {
  /** Sorted by the server's order of keys: integers, then strings, then bytes. */
  readonly entries: readonly (readonly [MapKey, Value])[]

  /** @throws EncodeError for a key that is no string, integer or bytes, and for a key that occurs twice. */
  constructor(source: ReadonlyMap<MapKey, Value> | { readonly [key: string]: Value }) {
    const entries: [MapKey, Value][] = isMap(source) ? [...source] : Object.entries(source)
    for (const [key] of entries) checkMapKey(key)
    entries.sort((one, other) => compareMapKeys(one[0], other[0]))
    for (let index = 1; index < entries.length; index++) {
      const [previous] = entries[index - 1] as [MapKey, Value]
      const [key] = entries[index] as [MapKey, Value]
      if (compareMapKeys(previous, key) === 0)
        throw new EncodeError('', `map key ${pathStepOf(key)} occurs twice`)
    }
    this.entries = entries
  }
}

function isMap(source: object): source is ReadonlyMap<MapKey, Value> {
  return Object.prototype.toString.call(source) === '[object Map]'
}
