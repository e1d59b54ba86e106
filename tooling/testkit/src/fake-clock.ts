interface Timer {
  readonly due: number
  readonly run: () => void
}

/**
 * Time that moves only when told. It has the shape of transport's `Clock`: `now()` and `after(ms, run)`, which returns a
 * function that cancels.
 */
export class FakeClock {
  #now: number
  readonly #timers = new Set<Timer>()

  constructor(now = 0) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer: Timer = { due: this.#now + Math.max(0, ms), run }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** At the end of this turn of the event loop: real, because promises cannot be faked. */
  soon(run: () => void): void {
    process.nextTick(run)
  }

  /** When the event loop has looked for network input: real, for the same reason. */
  afterPoll(run: () => void): void {
    setImmediate(run)
  }

  /** How many timers wait. Zero at the end of a test means that nothing was forgotten. */
  get pending(): number {
    return this.#timers.size
  }

  /** Lets `ms` pass and runs the timers that fall due, in order, those they start included. */
  advance(ms: number): void {
    const end = this.#now + ms
    while (this.#runNext(end));
    this.#now = end
  }

  /** As {@link FakeClock.advance}, but lets promises and immediates settle before, between and after the timers. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.#now + ms
    await settled()
    while (this.#runNext(end)) await settled()
    this.#now = end
    await settled()
  }

  /** Moves the clock without running anything, as a suspended laptop or a corrected clock does. Negative goes back. */
  jump(ms: number): void {
    this.#now += ms
  }

  #runNext(end: number): boolean {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.due <= end && (next === undefined || timer.due < next.due)) next = timer
    }
    if (next === undefined) return false
    this.#timers.delete(next)
    this.#now = Math.max(this.#now, next.due)
    next.run()
    return true
  }
}

/** One turn of the event loop: pending promises, immediates and socket events have run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
