/**
 * The places of the elements with some ranks that follow each other, where equal elements have no rank of their own: which of
 * them is taken depends on how the server looks for it, and clients see that. It takes from the nearer end, and what it took
 * from the lower end comes downwards. Source: as/src/base/cdt.c, order_heap.
 *
 * @param compare the order of two elements, given by their places
 */
export function placesOfRanks(
  total: number,
  start: number,
  count: number,
  compare: (first: number, second: number) => number,
): number[] {
  const tail = total - start - count
  const isUpwards = start <= tail
  const heap = new Heap(total, isUpwards ? compare : (first, second) => compare(second, first))
  for (let left = isUpwards ? start : tail; left > 0; left--) heap.take()
  return Array.from({ length: count }, () => heap.take()).reverse()
}

/** Gives the least first. */
class Heap {
  readonly #places: number[]
  #size: number
  readonly #compare: (first: number, second: number) => number

  constructor(total: number, compare: (first: number, second: number) => number) {
    this.#places = Array.from({ length: total }, (_, place) => place)
    this.#size = total
    this.#compare = compare
    for (let index = Math.floor(total / 2) - 1; index >= 0; index--) this.#sink(index)
  }

  take(): number {
    const taken = this.#at(0)
    this.#places[0] = this.#at(this.#size - 1)
    this.#size--
    this.#sink(0)
    return taken
  }

  #at(index: number): number {
    return this.#places[index] as number
  }

  #sink(from: number): void {
    let index = from
    for (;;) {
      const child = this.#lesserChild(index)
      if (child === undefined || this.#compare(this.#at(child), this.#at(index)) >= 0) return
      const sinking = this.#at(index)
      this.#places[index] = this.#at(child)
      this.#places[child] = sinking
      index = child
    }
  }

  /** Of equal ones the first. */
  #lesserChild(index: number): number | undefined {
    const [first, second] = [2 * index + 1, 2 * index + 2]
    if (first >= this.#size) return undefined
    return second < this.#size && this.#compare(this.#at(first), this.#at(second)) > 0 ? second : first
  }
}
