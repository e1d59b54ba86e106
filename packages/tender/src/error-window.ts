/** How many errors a node may make before it is left alone. */
export interface ErrorWindowOptions {
  /** Errors allowed per window; 0 switches the window off. Default 100. */
  readonly maxErrorRate: number
  /** Length of a window in tend intervals. Default 1. */
  readonly errorRateWindow: number
}

export const DEFAULT_ERROR_WINDOW: ErrorWindowOptions = { maxErrorRate: 100, errorRateWindow: 1 }

/** Errors per tend interval must lie between these; outside of them the other clients fall back to the defaults, and so do we. */
const LEAST_PER_INTERVAL = 1
const MOST_PER_INTERVAL = 100

/**
 * Errors of one node counted in windows of time: the circuit breaker. A node that makes more errors than allowed is suspended
 * until the window ends. The next window allows half as many; each window without a suspension doubles the allowance again, up
 * to where it began. So a node that stays bad costs fewer and fewer attempts, and one that recovers is trusted step by step.
 *
 * There is no clock in here: whoever owns it calls {@link ErrorWindow.endWindow}.
 */
export class ErrorWindow {
  readonly #most: number
  #allowed: number
  #errors = 0

  constructor(maxErrorRate: number) {
    this.#most = maxErrorRate
    this.#allowed = maxErrorRate
  }

  /** Errors in the window that runs. */
  get errors(): number {
    return this.#errors
  }

  /** Errors that the running window allows; one more suspends. 0: any number. */
  get allowed(): number {
    return this.#allowed
  }

  get isSuspended(): boolean {
    return this.#errors > this.#allowed && this.#most !== 0
  }

  /** Counts an error. Returns `true` for the one that suspends. */
  record(): boolean {
    this.#errors++
    return this.#errors === this.#allowed + 1 && this.#most !== 0
  }

  /** Begins the next window. Returns `true` when that ends a suspension. */
  endWindow(): boolean {
    const wasSuspended = this.isSuspended
    this.#errors = 0
    if (wasSuspended) this.#allowed = this.#allowed >= 4 ? Math.floor(this.#allowed / 2) : 1
    else this.#allowed = Math.min(this.#allowed * 2, this.#most)
    return wasSuspended
  }

  /** Forgets everything: the process behind the node is another one. Returns `true` when that ends a suspension. */
  reset(): boolean {
    const wasSuspended = this.isSuspended
    this.#errors = 0
    this.#allowed = this.#most
    return wasSuspended
  }
}

/** The options as given, or the defaults where their ratio is not between 1 and 100 errors per tend interval. */
export function soundErrorWindow(options: ErrorWindowOptions): ErrorWindowOptions {
  const { maxErrorRate, errorRateWindow } = options
  if (maxErrorRate === 0 && errorRateWindow >= 1) return options
  const perInterval = maxErrorRate / errorRateWindow
  return perInterval >= LEAST_PER_INTERVAL && perInterval <= MOST_PER_INTERVAL
    ? options
    : DEFAULT_ERROR_WINDOW
}
