import type { Bins, Record } from '@aero/codec'
import { UsageError } from '../plan/usage-error.ts'

/** By which bin records are sorted. */
export interface SortKey {
  readonly bin: string
  /** Default `'ascending'`. */
  readonly order?: 'ascending' | 'descending'
  /** Whether `B` comes before `a`; default `true`, by code units. */
  readonly caseSensitive?: boolean
}

/**
 * Records in memory, in an order and in pages: what `stream.navigable()` gives.
 *
 * @example
 * ```ts
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const stream = await session.query(DataSet.of('test', 'users')).execute()
 * const users = (await stream.navigable()).sortBy({ bin: 'age', order: 'descending' }, { bin: 'name' }).pageSize(20)
 * console.log(users.size, users.pageCount, users.page(1).map((record) => record.bins['name']))
 * ```
 */
export class NavigableRecords<B = Bins> implements Iterable<Record<B>> {
  #records: readonly Record<B>[]
  #pageSize: number

  constructor(records: readonly Record<B>[]) {
    this.#records = records
    this.#pageSize = Math.max(1, records.length)
  }

  /** How many records there are. */
  get size(): number {
    return this.#records.length
  }

  /** How many pages they fill. */
  get pageCount(): number {
    return Math.ceil(this.size / this.#pageSize)
  }

  /**
   * Sorts by bins, the first one first; equal records stay in their order. Absent bins come first, then booleans, numbers, texts,
   * and everything else as it was.
   *
   * @throws UsageError without a bin.
   */
  sortBy(...keys: readonly SortKey[]): this {
    if (keys.length === 0) throw new UsageError('sortBy() needs at least one bin')
    this.#records = [...this.#records].sort((one, other) => {
      for (const key of keys) {
        const order = compareBins(one, other, key)
        if (order !== 0) return key.order === 'descending' ? -order : order
      }
      return 0
    })
    return this
  }

  /** So many records are a page. @throws UsageError for anything but a whole number above 0. */
  pageSize(records: number): this {
    if (!Number.isSafeInteger(records) || records <= 0)
      throw new UsageError(`a page has a whole number of records above 0, not ${records}`)
    this.#pageSize = records
    return this
  }

  /** The records of a page, the first being 1; none beyond the last. @throws UsageError for a page below 1. */
  page(number: number): readonly Record<B>[] {
    if (!Number.isSafeInteger(number) || number < 1)
      throw new UsageError(`pages are counted from 1, there is no page ${number}`)
    return this.#records.slice((number - 1) * this.#pageSize, number * this.#pageSize)
  }

  /** The pages in order. */
  *pages(): Generator<readonly Record<B>[], void, void> {
    for (let number = 1; number <= this.pageCount; number++) yield this.page(number)
  }

  /** All records, in their order. */
  [Symbol.iterator](): Iterator<Record<B>> {
    return this.#records[Symbol.iterator]()
  }
}

function compareBins<B>(one: Record<B>, other: Record<B>, { bin, caseSensitive }: SortKey): number {
  const first = (one.bins as Bins)[bin]
  const second = (other.bins as Bins)[bin]
  const rank = rankOf(first) - rankOf(second)
  if (rank !== 0) return rank
  if (typeof first === 'string' && typeof second === 'string') {
    return caseSensitive === false
      ? compare(first.toLowerCase(), second.toLowerCase())
      : compare(first, second)
  }
  return isComparable(first) && isComparable(second) ? compare(first, second) : 0
}

function isComparable(value: unknown): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
}

function rankOf(value: unknown): number {
  if (value === undefined || value === null) return 0
  if (typeof value === 'boolean') return 1
  if (typeof value === 'number' || typeof value === 'bigint') return 2
  return typeof value === 'string' ? 3 : 4
}

function compare<Thing extends number | bigint | boolean | string>(one: Thing, other: Thing): number {
  return one < other ? -1 : one > other ? 1 : 0
}
