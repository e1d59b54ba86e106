import { compareElements, MARKER, type PackedMap, rankedPlaces } from './container.ts'
import type { Range } from './selection.ts'

/*
 * A map by value that keeps an index has its places in the order of their values at hand, and finds values by halving: what
 * a wildcard meets on the way clients can see. Source: as/src/base/cdt.c of the server, order_index_find_rank_by_value, and
 * packed_map_find_rank_range_by_value_interval_indexed in particle_map.c.
 */
const VALUE_ORDER = MARKER.byValue & ~MARKER.ordered

/** Whether a map keeps its values in order: one of a single entry has nothing to be ordered. */
export function hasValueIndex({ flags, keys }: PackedMap): boolean {
  return keys.length > 1 && (flags & VALUE_ORDER) !== 0 && (flags & MARKER.persistIndex) !== 0
}

/** The ranks of the values from `begin` up to `end`; of those equal to `begin` when both are the same object. */
export function valueRanks(
  { values }: PackedMap,
  begin: Uint8Array,
  end: Uint8Array | undefined,
  multiple: boolean,
): Range {
  const order = rankedPlaces(values)
  const first = findRank(values, order, begin, 0)
  const start = first.rank
  if (end === undefined) return { start, count: values.length - start }
  if (end !== begin) return { start, count: Math.max(0, findRank(values, order, end, 0).rank - start) }
  if (!first.isFound) return { start, count: 0 }
  return { start, count: multiple ? findRank(values, order, begin, values.length).rank - start : 1 }
}

/** @param place equal values count as greater when they stand behind this place, as less when before it */
function findRank(
  values: readonly Uint8Array[],
  order: readonly number[],
  bound: Uint8Array,
  place: number,
): { readonly rank: number; readonly isFound: boolean } {
  let [lower, upper] = [0, values.length]
  let rank = upper >> 1
  let isFound = false
  for (;;) {
    const at = order[rank] as number
    let compared = compareElements(bound, values[at] as Uint8Array)
    if (compared === 0) {
      isFound = true
      compared = place - at
      if (compared === 0) return { rank, isFound }
    }
    if (compared > 0) {
      if (rank >= upper - 1) return { rank: rank + 1, isFound }
      lower = rank + (isFound ? 0 : 1)
      rank = (rank + upper) >> 1
    } else {
      if (rank === lower) return { rank, isFound }
      upper = rank
      rank = (rank + lower) >> 1
    }
  }
}
