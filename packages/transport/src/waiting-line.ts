import type { AttemptPhase, Carrier, Exchange } from './exchange.ts'
import { ExchangeQueue } from './exchange-queue.ts'

/** Exchanges that wait for a connection. */
export class WaitingLine implements Carrier {
  readonly #queue: ExchangeQueue = new ExchangeQueue()
  readonly #phase: () => AttemptPhase

  /** @param phase what those wait for, when one of them gives up */
  constructor(phase: () => AttemptPhase) {
    this.#phase = phase
  }

  get size(): number {
    return this.#queue.size
  }

  push(exchange: Exchange): void {
    exchange.carrier = this
    this.#queue.push(exchange)
  }

  shift(): Exchange | undefined {
    const exchange = this.#queue.shift()
    if (exchange !== undefined) exchange.carrier = undefined
    return exchange
  }

  release(exchange: Exchange): AttemptPhase {
    this.#queue.remove(exchange)
    exchange.carrier = undefined
    return this.#phase()
  }

  relinquish(): void {
    throw new Error('this exchange is live already: it cannot be submitted twice')
  }
}
