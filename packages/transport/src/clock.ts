/**
 * Time, as the client sees it: one interface, so that a test can own it. The only timers of the client live behind it.
 */
export interface Clock {
  /** Milliseconds that never go back; where they begin means nothing. */
  now(): number
  /**
   * Runs `run` once, `ms` from now. Returns what cancels it.
   *
   * The timer does not keep the process alive unless `hold` is `true`: for waits that a caller's promise depends on while
   * no socket is open.
   */
  after(ms: number, run: () => void, hold?: boolean): () => void
  /** Runs `run` at the end of this turn of the event loop, when the promises that are ready have run. */
  soon(run: () => void): void
  /** Runs `run` when the event loop has once looked for network input: what has already arrived is handled first. */
  afterPoll(run: () => void): void
}

/** Node takes what is longer for 1 ms. About 24 days; all users of the clock look again when a timer fires early. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The machine's own clock. */
export const systemClock: Clock = Object.freeze({
  now: (): number => performance.now(),
  after(ms: number, run: () => void, hold = false): () => void {
    const timer = setTimeout(run, Math.min(Math.ceil(ms), LONGEST_TIMER_MS))
    if (!hold) timer.unref()
    return () => clearTimeout(timer)
  },
  soon(run: () => void): void {
    process.nextTick(run)
  },
  afterPoll(run: () => void): void {
    setImmediate(run)
  },
})
