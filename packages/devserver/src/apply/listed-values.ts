import { compareElements, integersParticle, rankedPlaces } from './container.ts'
import type { Particle } from './outcome.ts'
import { type Asked, isReverse, type Range, rangeNumbers } from './selection.ts'

/*
 * Elements that were asked for by a list of values: the server sorts the list and looks for each element in it.
 * Source: as/src/base/cdt.c, offset_index_find_items and result_data_set_by_itemlist_irc.
 */

/** For each value of the list where its equals begin among the ranked elements, and how many they are. */
interface Found {
  readonly ranges: readonly Range[]
  /** The values' places in the list, in their order. */
  readonly order: readonly number[]
}

/** Equals of a value that is in the list more than once belong to the last of them. */
function findAll(elements: readonly Uint8Array[], values: readonly Uint8Array[]): Found {
  const order = rankedPlaces(values)
  const starts = values.map(() => 0)
  const counts = values.map(() => 0)
  const grow = (numbers: number[], at: number): void => {
    const place = order[at] as number
    numbers[place] = (numbers[place] as number) + 1
  }
  for (const element of elements) {
    const { end, isFound } = endAmong(values, order, element)
    if (isFound) grow(counts, end - 1)
    if (end < values.length) grow(starts, end)
  }
  for (let at = 1; at < order.length; at++) {
    const place = order[at] as number
    starts[place] = (starts[place] as number) + (starts[order[at - 1] as number] as number)
  }
  return {
    ranges: values.map((_, at) => ({ start: starts[at] as number, count: counts[at] as number })),
    order,
  }
}

/** How many values, in their order, do not come behind the element; halving, as wildcards make that visible. */
function endAmong(
  values: readonly Uint8Array[],
  order: readonly number[],
  element: Uint8Array,
): { readonly end: number; readonly isFound: boolean } {
  let [lower, upper] = [0, values.length]
  let rank = upper >> 1
  let isFound = false
  for (;;) {
    const compared = compareElements(element, values[order[rank] as number] as Uint8Array)
    if (compared === 0) isFound = true
    if (compared >= 0) {
      if (rank >= upper - 1) return { end: rank + 1, isFound }
      lower = rank + (isFound ? 0 : 1)
      rank = (rank + upper) >> 1
    } else {
      if (rank === lower) return { end: rank, isFound }
      upper = rank
      rank = (rank + lower) >> 1
    }
  }
}

/** The ranks of what was asked for, in the order it was asked for; inverted: all others, range by range. */
export function ranksOfListed(
  asked: Asked,
  elements: readonly Uint8Array[],
  values: readonly Uint8Array[],
): Particle {
  const total = elements.length
  const reverse = isReverse(asked.type)
  const { ranges, order } = findAll(elements, values)
  if (!asked.inverted) {
    const ranks = ranges.flatMap(({ start, count }) => rangeNumbers({ start, count }, total, false))
    return integersParticle(reverse ? ranks.map((rank) => total - rank - 1) : ranks)
  }
  const numbers: number[] = []
  let from = 0
  for (const place of order) {
    const { start, count } = ranges[place] as Range
    if (count === 0) continue
    numbers.push(...rangeNumbers({ start: from, count: Math.max(0, start - from) }, total, reverse))
    from = start + count
  }
  numbers.push(...rangeNumbers({ start: from, count: total - from }, total, reverse))
  return integersParticle(numbers)
}
