import { EncodeError } from '../errors.ts'
import { checkMapKey, compareMapKeys, type MapKey, pathStepOf } from './map-key.ts'

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
export class SortedMap<V = unknown> {
  /** Sorted by the server's order of keys: integers, then strings, then bytes. */
  readonly entries: readonly (readonly [MapKey, V])[]

  /** @throws EncodeError for a key that is no string, integer or bytes, and for a key that occurs twice. */
  constructor(source: ReadonlyMap<MapKey, V> | { readonly [key: string]: V }) {
    const entries: [MapKey, V][] = isMap<V>(source) ? [...source] : Object.entries(source)
    for (const [key] of entries) checkMapKey(key)
    entries.sort((one, other) => compareMapKeys(one[0], other[0]))
    for (let index = 1; index < entries.length; index++) {
      const [previous] = entries[index - 1] as [MapKey, V]
      const [key] = entries[index] as [MapKey, V]
      if (compareMapKeys(previous, key) === 0)
        throw new EncodeError('', `map key ${pathStepOf(key)} occurs twice`)
    }
    this.entries = entries
  }
}

function isMap<V>(source: object): source is ReadonlyMap<MapKey, V> {
  return Object.prototype.toString.call(source) === '[object Map]'
}
