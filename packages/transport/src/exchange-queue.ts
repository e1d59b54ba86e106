import type { Exchange } from './exchange.ts'

/** First in, first out, with removal from the middle; links through the exchanges themselves. */
export class ExchangeQueue {
  #first: Exchange | undefined = undefined
  #last: Exchange | undefined = undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  push(exchange: Exchange): void {
    const last = this.#last
    exchange.queuePrevious = last
    exchange.queueNext = undefined
    if (last === undefined) this.#first = exchange
    else last.queueNext = exchange
    this.#last = exchange
    this.#size++
  }

  shift(): Exchange | undefined {
    const first = this.#first
    if (first !== undefined) this.remove(first)
    return first
  }

  /** The caller knows that `exchange` stands in this queue. */
  remove(exchange: Exchange): void {
    const { queuePrevious: previous, queueNext: next } = exchange
    if (previous === undefined) this.#first = next
    else previous.queueNext = next
    if (next === undefined) this.#last = previous
    else next.queuePrevious = previous
    exchange.queuePrevious = undefined
    exchange.queueNext = undefined
    this.#size--
  }
}
