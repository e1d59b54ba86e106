import { ConfigError } from '../src/errors.ts'

/** The ConfigError that a call throws; anything else fails the test. */
export function configErrorOf(run: () => unknown): ConfigError {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
