/**
 * The element with a rank among elements of which some may be equal: which of the equal ones it is depends on how the server
 * looks for it, and clients see that. Source: as/src/base/cdt.c, order_index_qselect.
 *
 * @param compare the order of two elements, given by their places
 * @returns the place of the element
 */
export function placeOfRank(
  total: number,
  rank: number,
  compare: (first: number, second: number) => number,
): number {
  const places = Array.from({ length: total }, (_, place) => place)
  const at = (index: number): number => places[index] as number
  let low = 0
  let high = total - 1
  while (low < high) {
    const { pivot, middle } = partition(places, low, high, compare)
    if (middle === rank) return pivot
    if (middle < rank) low = middle + 1
    else high = middle - 1
  }
  return at(low)
}

/** Puts what is not above the element in the middle before it and the rest behind it; says where it has come to stand. */
function partition(
  places: number[],
  low: number,
  high: number,
  compare: (first: number, second: number) => number,
): { readonly pivot: number; readonly middle: number } {
  const at = (index: number): number => places[index] as number
  const swap = (first: number, second: number): void => {
    ;[places[first], places[second]] = [at(second), at(first)]
  }
  const chosen = low + ((high - low) >> 1)
  const pivot = at(chosen)
  let up = low + 1
  let down = high
  swap(low, chosen)
  for (;;) {
    while (up < down && compare(at(up), pivot) < 0) up++
    while (up <= down && down !== low && compare(pivot, at(down)) < 0) down--
    if (up >= down) break
    swap(up, down)
    up++
    down--
  }
  swap(low, down)
  return { pivot, middle: down }
}
