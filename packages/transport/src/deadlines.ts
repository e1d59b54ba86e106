import type { Clock } from './clock.ts'
import { type AttemptFailure, Exchange } from './exchange.ts'

/** Deadlines are looked at this often at most, in milliseconds: so late may a timeout be. */
const INTERVAL_MS = 5
/** A timer that fires this much late or more shows that the event loop was blocked; worth telling. */
const LATE_MS = 20

/** The ring's fixed point: it makes both ends of the list ordinary. */
class Anchor extends Exchange {
  override encode(): void {}
  override receive(): boolean {
    return true
  }
  override fail(): void {}
}

/**
 * Watches the deadlines of everything live, in all pools of a cluster, with one timer.
 *
 * Adding and removing move a few pointers. The timer stands at the earliest deadline there was and is not moved when that
 * exchange ends: when it fires for nothing, it finds the next one. So a steady load costs one look through the live
 * exchanges per timeout's length, not one timer each.
 *
 * A look happens after the event loop has polled the network: an answer that has already arrived wins over its deadline, however
 * long the loop was blocked.
 */
export class DeadlineWatch {
  readonly #clock: Clock
  readonly #onDefect: (error: unknown) => void
  readonly #anchor: Exchange = new Anchor()
  /** When the timer fires; Infinity when none is set. */
  #due = Number.POSITIVE_INFINITY
  #cancelTimer: (() => void) | undefined = undefined
  #lastLook = Number.NEGATIVE_INFINITY
  #lateMs = 0
  /** Between the timer and the look that it announced. */
  #looking = false

  /**
   * @param onDefect told what a `fail` callback threw; by default it is thrown again outside of the client's own work, as an
   * uncaught exception
   */
  constructor(clock: Clock, onDefect?: (error: unknown) => void) {
    this.#clock = clock
    this.#onDefect = onDefect ?? ((error) => throwLater(clock, error))
    this.#anchor.watchNext = this.#anchor
    this.#anchor.watchPrevious = this.#anchor
  }

  /** `true` when no exchange with a deadline is live. */
  get isEmpty(): boolean {
    return this.#anchor.watchNext === this.#anchor
  }

  /** Begins to watch `exchange`, or takes note of its new deadline. */
  add(exchange: Exchange): void {
    const deadline = exchange.deadline
    if (deadline === Number.POSITIVE_INFINITY) {
      this.remove(exchange)
      return
    }
    if (exchange.watchNext === undefined) {
      const anchor = this.#anchor
      const last = anchor.watchPrevious as Exchange
      exchange.watchNext = anchor
      exchange.watchPrevious = last
      last.watchNext = exchange
      anchor.watchPrevious = exchange
    }
    // A timer that is only a little late is left alone, or falling deadlines would move it each time.
    if (deadline < this.#due - (INTERVAL_MS - 1)) this.#arm(deadline)
  }

  /** Forgets `exchange`; nothing happens when it is not watched. */
  remove(exchange: Exchange): void {
    const next = exchange.watchNext
    if (next === undefined) return
    const previous = exchange.watchPrevious as Exchange
    previous.watchNext = next
    next.watchPrevious = previous
    exchange.watchNext = undefined
    exchange.watchPrevious = undefined
  }

  #arm(deadline: number): void {
    if (this.#looking) return
    const now = this.#clock.now()
    const due = Math.max(deadline, this.#lastLook + INTERVAL_MS, now)
    if (due >= this.#due) return
    this.#cancelTimer?.()
    this.#due = due
    // One more: a timer may fire up to a millisecond early, and would then find nothing.
    this.#cancelTimer = this.#clock.after(due - now + 1, this.#timerFired)
  }

  readonly #timerFired = (): void => {
    const late = this.#clock.now() - this.#due
    this.#lateMs = late >= LATE_MS ? late : 0
    this.#cancelTimer = undefined
    this.#due = Number.POSITIVE_INFINITY
    if (this.isEmpty) return
    this.#looking = true
    this.#clock.afterPoll(this.#look)
  }

  readonly #look = (): void => {
    const now = this.#clock.now()
    this.#lastLook = now
    let earliest = Number.POSITIVE_INFINITY
    let expired: Exchange[] | undefined
    const anchor = this.#anchor
    // First only collect: what `fail` runs may add and remove at will.
    for (let each = anchor.watchNext as Exchange; each !== anchor; each = each.watchNext as Exchange) {
      if (each.deadline <= now) {
        if (expired === undefined) expired = [each]
        else expired.push(each)
      } else if (each.deadline < earliest) earliest = each.deadline
    }
    if (expired !== undefined) for (const each of expired) this.#expire(each, now)
    this.#looking = false
    // `fail` may have submitted anew, with earlier deadlines than those seen above.
    if (expired !== undefined) earliest = this.#earliest()
    if (earliest !== Number.POSITIVE_INFINITY) this.#arm(earliest)
  }

  #earliest(): number {
    let earliest = Number.POSITIVE_INFINITY
    const anchor = this.#anchor
    for (let each = anchor.watchNext as Exchange; each !== anchor; each = each.watchNext as Exchange) {
      if (each.deadline < earliest) earliest = each.deadline
    }
    return earliest
  }

  #expire(exchange: Exchange, now: number): void {
    const carrier = exchange.carrier
    // Ended or submitted anew by the `fail` of one before it.
    if (exchange.watchNext === undefined || exchange.deadline > now || carrier === undefined) return
    this.remove(exchange)
    const phase = carrier.release(exchange, true)
    const failure: AttemptFailure =
      this.#lateMs > 0 ? { kind: 'timeout', phase, lateMs: this.#lateMs } : { kind: 'timeout', phase }
    try {
      exchange.fail(failure)
    } catch (error) {
      this.#onDefect(error)
    }
  }
}

/** Lets a defect of the caller's surface where it cannot disturb the bookkeeping: as an uncaught exception. */
export function throwLater(clock: Clock, error: unknown): void {
  clock.soon(() => {
    throw error
  })
}
