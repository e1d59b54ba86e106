import type { Clock } from './clock.ts'
import type { DeadlineWatch } from './deadlines.ts'
import type { AttemptFailure, AttemptPhase, Carrier, Exchange } from './exchange.ts'

/**
 * Exchanges that fail without having been sent. They are told after the event loop has looked at the network, never within
 * `submit`: a caller that submits again whatever fails then makes no endless recursion and starves nobody.
 */
export class Refusals implements Carrier {
  readonly #clock: Clock
  readonly #watch: DeadlineWatch
  readonly #onDefect: (error: unknown) => void
  readonly #refused = new Map<Exchange, AttemptFailure>()
  #telling = false

  constructor(clock: Clock, watch: DeadlineWatch, onDefect: (error: unknown) => void) {
    this.#clock = clock
    this.#watch = watch
    this.#onDefect = onDefect
  }

  add(exchange: Exchange, failure: AttemptFailure): void {
    this.#watch.remove(exchange)
    exchange.carrier = this
    this.#refused.set(exchange, failure)
    if (this.#telling) return
    this.#telling = true
    this.#clock.afterPoll(this.#tell)
  }

  release(exchange: Exchange): AttemptPhase {
    exchange.carrier = undefined
    this.#refused.delete(exchange)
    return 'queued'
  }

  relinquish(): void {
    throw new Error('this exchange is live already: it cannot be submitted twice')
  }

  readonly #tell = (): void => {
    // Only those of now: what `fail` submits and is refused again has its turn later.
    const refused = [...this.#refused]
    this.#telling = false
    for (const [exchange, failure] of refused) {
      // Cancelled by the `fail` of one before it, perhaps submitted and refused again.
      if (this.#refused.get(exchange) !== failure) continue
      this.release(exchange)
      try {
        exchange.fail(failure)
      } catch (error) {
        this.#onDefect(error)
      }
    }
  }
}
