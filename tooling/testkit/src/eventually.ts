/** What {@link eventually} may be told. */
export interface EventuallyOptions {
  /** Give up after this long, in milliseconds; 5000 unless told. A bound for failures, never a time that is slept. */
  readonly within?: number
  /** What was expected, for the message: "the pool to be empty". */
  readonly expecting?: string
}

/**
 * Looks once per turn of the event loop until `look` gives something truthy, and returns that. A throwing `look` counts as
 * "not yet"; its last error becomes the cause of the failure.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, false | undefined | null | 0 | ''>> {
  const { within = 5000, expecting = look.toString() } = options
  const start = performance.now()
  let lastError: unknown
  do {
    try {
      const seen = await look()
      if (seen) return seen as Exclude<T, false | undefined | null | 0 | ''>
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    await new Promise((resolve) => setImmediate(resolve))
  } while (performance.now() - start < within)
  throw new Error(
    `not within ${within} ms: ${expecting}`,
    lastError === undefined ? undefined : { cause: lastError },
  )
}
