import { RESULT, type ResultCode } from './result-code.ts'

type NotYet = 'query'

/**
 * What the real server can do and this one cannot yet. Each is answered with a code that a client takes as final, so that
 * a test fails at once and says why, instead of retrying or believing a made-up result.
 *
 * 16 (unsupported feature) is what the server itself says to a command it cannot carry out; nothing else here gives it for
 * these commands, so it cannot be mistaken for a result.
 */
export const NOT_YET: Readonly<Record<NotYet, ResultCode>> = {
  /** Queries by an index of geographic values. */
  query: RESULT.unsupportedFeature,
}
