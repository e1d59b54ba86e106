/**
 * Where the dev server takes its time from. The same shape as the clients' clock, except that {@link Clock.now} is the
 * time of day: records expire by it.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `run` once after `ms` milliseconds; the function returned cancels it. Never keeps the process alive. */
  after(ms: number, run: () => void): () => void
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** The server counts seconds from 2010-01-01T00:00:00Z. Source: as/include/base/datamodel.h, citrusleaf epoch. */
const EPOCH_2010_SECONDS = 1_262_304_000

/** The server's time of day, or another moment: whole seconds since 2010, as void times are given. */
export function voidTimeNow(clock: Clock, ms: number = clock.now()): number {
  return Math.floor(ms / 1000) - EPOCH_2010_SECONDS
}
