/** What is wrong with one configured value. */
export interface ConfigProblem {
  /** Where the value stands, for instance `fast.reads.totalTimeout`, `systemSettings.tendInterval`, `hosts[1]`. */
  readonly path: string
  /** The value as it was given. */
  readonly found: unknown
  /** What would have been accepted, as a phrase that follows "expected". */
  readonly expected: string
  /** A suggestion, as a sentence of its own. */
  readonly hint?: string
  /** The whole message, in place of the one made of the others. */
  readonly message?: string
}

/**
 * A configured value that cannot be used. Thrown where the value is given, before anything is opened or sent.
 *
 * @example
 * ```ts
 * import { Behavior, ConfigError } from '@aero/config'
 *
 * try {
 *   Behavior.DEFAULT.derive('fast', { reads: { maxRetries: -1 } })
 * } catch (error) {
 *   if (error instanceof ConfigError) console.log(error.path) // fast.reads.maxRetries
 * }
 * ```
 */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError'
  readonly path: string
  readonly found: unknown
  readonly expected: string
  /** A suggestion, or the empty string. */
  readonly hint: string

  constructor(problem: ConfigProblem) {
    const hint = problem.hint ?? ''
    super(
      problem.message ??
        `${problem.path}: found ${printFound(problem.found)}, expected ${problem.expected}${hint === '' ? '' : `. ${hint}`}`,
    )
    this.path = problem.path
    this.found = problem.found
    this.expected = problem.expected
    this.hint = hint
  }
}

/** Longest piece of a given text that a message repeats. */
const EXCERPT_LENGTH = 60

/** A value as an error message shows it: short, on one line, and never the inside of an object. */
export function printFound(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > EXCERPT_LENGTH ? `${value.slice(0, EXCERPT_LENGTH)}…` : value)
    case 'bigint':
      return `${value}n`
    case 'undefined':
      return 'nothing'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? `an array of ${value.length}` : 'an object'
    case 'function':
      return 'a function'
    default:
      return Object.is(value, -0) ? '-0' : String(value)
  }
}
