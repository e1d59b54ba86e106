import type { Record } from '@aero/codec'
import { UsageError } from '../plan/usage-error.ts'

/** Beyond twice as many as are wanted, so many more are kept before the worse ones are dropped. */
const SLACK = 1000

/** The first records in an order, of all that are added: only some more than are wanted are kept. */
export class TopRecords<B> {
  readonly #most: number
  readonly #compare: (one: Record<B>, other: Record<B>) => number
  readonly #best: Record<B>[] = []

  /** @throws UsageError when no number above 0 is wanted */
  constructor(most: number, compare: (one: Record<B>, other: Record<B>) => number) {
    if (!Number.isSafeInteger(most) || most <= 0)
      throw new UsageError(`top() takes a number above 0, not ${most}`)
    this.#most = most
    this.#compare = compare
  }

  add(record: Record<B>): void {
    const best = this.#best
    if (best.push(record) <= 2 * this.#most + SLACK) return
    best.sort(this.#compare)
    best.length = this.#most
  }

  /** The records wanted, in their order. */
  sorted(): Record<B>[] {
    return this.#best.sort(this.#compare).slice(0, this.#most)
  }
}
