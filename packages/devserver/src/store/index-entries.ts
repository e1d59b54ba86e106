import { PARTITION_COUNT } from '@aero/codec'
import type { Particle } from '../apply/outcome.ts'

/** Where a record stands in an index: several times when it has several values there. */
export interface IndexPlace {
  readonly value: bigint
  /** One character a byte. */
  readonly digest: string
}

/** What a record has in an index. */
interface Holding {
  /** What the values come from. Bins are replaced, never changed. */
  readonly source: Particle
  /** Ascending, each once. */
  readonly values: readonly bigint[]
}

interface Partition {
  /** In the order of {@link comparePlaces}. */
  readonly places: IndexPlace[]
  readonly holdings: Map<string, Holding>
}

/**
 * The entries of a secondary index, kept in order by partition: what a query gives is found by halving, and costs what it
 * returns.
 */
export class IndexEntries {
  readonly #partitions: (Partition | undefined)[] = new Array(PARTITION_COUNT)
  /** How many entries each value has. */
  readonly #counts = new Map<bigint, number>()
  #size = 0
  #records = 0

  /** Entries: one for each value of each record. */
  get size(): number {
    return this.#size
  }

  /** Records that have entries. */
  get records(): number {
    return this.#records
  }

  /** Different values. */
  get values(): number {
    return this.#counts.size
  }

  /** Whether the record's entries come from this very object. */
  isCurrent(partition: number, digest: string, source: Particle | undefined): boolean {
    return this.#partitions[partition]?.holdings.get(digest)?.source === source
  }

  /** Puts a record's values in the place of those it had; they come from `source`, ascending, each once. */
  replace(partition: number, digest: string, source: Particle, values: readonly bigint[]): void {
    this.remove(partition, digest)
    if (values.length === 0) return
    const { places, holdings } = this.#open(partition)
    holdings.set(digest, { source, values })
    for (const value of values) {
      const place = { value, digest }
      places.splice(firstAfter(places, place), 0, place)
      this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1)
    }
    this.#size += values.length
    this.#records++
  }

  remove(partition: number, digest: string): void {
    const { places, holdings } = this.#partitions[partition] ?? NOTHING
    const holding = holdings.get(digest)
    if (holding === undefined) return
    holdings.delete(digest)
    for (const value of holding.values) {
      places.splice(firstAfter(places, { value, digest }) - 1, 1)
      this.#forgetValue(value)
    }
    this.#size -= holding.values.length
    this.#records--
  }

  clearPartition(partition: number): void {
    const { holdings } = this.#partitions[partition] ?? NOTHING
    for (const { values } of holdings.values()) {
      for (const value of values) this.#forgetValue(value)
      this.#size -= values.length
      this.#records--
    }
    this.#partitions[partition] = undefined
  }

  /**
   * The records of a partition with values from `first` to `last`, in the index's order; behind a place, when there is one to
   * go on from. A record with several values in that stretch comes with the lowest, but comes again when the query goes on
   * behind that place, and may do so after every {@link BURST} entries: the server forgets by then which ones it gave.
   * Source: sindex_tree.c, query_reduce.
   */
  range(partition: number, first: bigint, last: bigint, after: IndexPlace | undefined): IndexPlace[] {
    const { places } = this.#partitions[partition] ?? NOTHING
    const found: IndexPlace[] = []
    const given = new Set<string>()
    const begin =
      after === undefined || after.value < first ? firstFrom(places, first) : firstAfter(places, after)
    for (let at = begin; at < places.length; at++) {
      const place = places[at] as IndexPlace
      if (place.value > last) break
      if (!given.has(place.digest)) found.push(place)
      given.add(place.digest)
      if ((at - begin + 1) % BURST === 0) given.clear()
    }
    return found
  }

  #open(partition: number): Partition {
    let entries = this.#partitions[partition]
    if (entries === undefined) {
      entries = { places: [], holdings: new Map() }
      this.#partitions[partition] = entries
    }
    return entries
  }

  #forgetValue(value: bigint): void {
    const count = this.#counts.get(value) ?? 0
    if (count > 1) this.#counts.set(value, count - 1)
    else this.#counts.delete(value)
  }
}

/** Entries that the server takes up at a time. */
const BURST = 100

const NOTHING: Partition = { places: [], holdings: new Map() }

/** The index of the first place behind this one. */
function firstAfter(places: readonly IndexPlace[], place: IndexPlace): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (comparePlaces(places[middle] as IndexPlace, place) > 0) high = middle
    else low = middle + 1
  }
  return low
}

/** The index of the first place with this value or a greater one. */
function firstFrom(places: readonly IndexPlace[], value: bigint): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] as IndexPlace).value >= value) high = middle
    else low = middle + 1
  }
  return low
}

/** The server's order: by value, then by a few bits of the digest, then by the digest, descending. */
function comparePlaces(a: IndexPlace, b: IndexPlace): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1
  const stubs = stubOf(a.digest) - stubOf(b.digest)
  if (stubs !== 0) return stubs
  return a.digest === b.digest ? 0 : a.digest > b.digest ? 1 : -1
}

/** The bits of the digest that an index compares first. Source: sindex_tree.h, get_keyd_stub. */
function stubOf(digest: string): number {
  return (digest.charCodeAt(1) & 0xf0) | (digest.charCodeAt(2) >> 4)
}
