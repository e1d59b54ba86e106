/** First pause after a failed attempt to connect, and the longest. */
const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 1000

/**
 * How fast connections to one node may be opened. Failed attempts, and connections that ended without ever having answered, double
 * the pause before the next attempt, from 10 ms up to a limit; an answer ends it. The pauses are scattered, so that many clients
 * do not come back in step.
 */
export class OpenPace {
  readonly #random: () => number
  readonly #longestPauseMs: number
  #failures = 0
  #notBefore = Number.NEGATIVE_INFINITY
  /** Why the last attempt failed. */
  lastCause: Error | undefined = undefined

  constructor(random: () => number, longestPauseMs: number = LONGEST_PAUSE_MS) {
    this.#random = random
    this.#longestPauseMs = longestPauseMs
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures
  }

  /** How long until the next attempt may be made; 0 for now. */
  pauseMs(now: number): number {
    return Math.max(0, this.#notBefore - now)
  }

  failed(now: number, cause: Error | undefined): void {
    this.#failures++
    this.lastCause = cause ?? this.lastCause
    const pause = Math.min(this.#longestPauseMs, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures - 1, 20))
    this.#notBefore = now + pause * (0.5 + this.#random() / 2)
  }

  /** A connection has answered. */
  proven(): void {
    this.#failures = 0
    this.#notBefore = Number.NEGATIVE_INFINITY
    this.lastCause = undefined
  }
}
