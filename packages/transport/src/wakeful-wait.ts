import type { Clock } from './clock.ts'

/** Turns of the event loop that an answer is waited for. Some 2 µs each where nothing else happens. */
const TURNS = 12
/** After an answer that took longer, so many waits are slept through; after the next such answer twice as many, and so on. */
const FIRST_REST = 8
const LONGEST_REST = 8192

/**
 * Keeps the event loop from falling asleep for the moment in which the answer of a near server is due: waking it again would cost
 * a sixth of the whole round trip.
 *
 * Where answers are slower than that it soon gives up: each miss doubles the number of waits that it sits out. It counts turns
 * instead of reading a clock, and turns that do other work are turns as well.
 */
export class WakefulWait {
  readonly #clock: Clock
  #turnsLeft = 0
  /** A turn has been asked for. */
  #turning = false
  /** Waits still to be sat out, and how many it will be after the next miss. */
  #resting = 0
  #nextRest = FIRST_REST

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** An answer is due. */
  begin(): void {
    if (this.#resting > 0) {
      this.#resting--
      return
    }
    this.#turnsLeft = TURNS
    if (this.#turning) return
    this.#turning = true
    this.#clock.afterPoll(this.#turn)
  }

  /** The answer has come. */
  end(): void {
    if (this.#turnsLeft === 0) return
    this.#turnsLeft = 0
    this.#nextRest = FIRST_REST
  }

  /** There will be no answer. */
  cancel(): void {
    this.#turnsLeft = 0
  }

  readonly #turn = (): void => {
    if (this.#turnsLeft > 1) {
      this.#turnsLeft--
      this.#clock.afterPoll(this.#turn)
      return
    }
    this.#turning = false
    if (this.#turnsLeft === 0) return
    this.#turnsLeft = 0
    this.#resting = this.#nextRest
    this.#nextRest = Math.min(LONGEST_REST, this.#nextRest * 2)
  }
}
