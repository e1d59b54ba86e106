import { ConfigError } from './errors.ts'

/** A number and its unit, without a space: milliseconds, seconds, minutes, hours, days. */
export type DurationText = `${number}ms` | `${number}s` | `${number}m` | `${number}h` | `${number}d`

/** A span of time: a number of milliseconds, or a text such as `'250ms'`, `'5s'`, `'2m'`, `'1h'`, `'30d'`. */
export type Duration = number | DurationText

/** Units, smallest first, in milliseconds. */
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
type Unit = keyof typeof UNITS

const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

const EXPECTED =
  "a duration: milliseconds as a number that is not negative, or a text such as '250ms', '5s', '2m', '1h', '30d'"

/** How far from a whole number a product may lie and still be one: 1.1 minutes is not quite 66 000 ms in binary. */
const ROUNDING_MS = 1e-6

/**
 * A duration as whole milliseconds, rounded up: a positive duration never becomes 0, which means "unlimited" or
 * "none" in most settings.
 *
 * @param duration the span; a text of type `string` (from a file, say) is accepted and checked
 * @param path names the value in the error
 * @throws ConfigError when the value is negative, not finite, has no unit or an unknown one
 *
 * @example
 * ```ts
 * import { parseDuration } from '@aero/config'
 *
 * console.log(parseDuration('1.5s')) // 1500
 * console.log(parseDuration(250)) // 250
 * ```
 */
export function parseDuration(duration: Duration | string, path = 'duration'): number {
  const ms =
    typeof duration === 'number' ? duration : typeof duration === 'string' ? readText(duration) : Number.NaN
  const whole = wholeMilliseconds(ms)
  if (!(ms >= 0) || whole > Number.MAX_SAFE_INTEGER) {
    throw new ConfigError({ path, found: duration, expected: EXPECTED, ...hintFor(duration) })
  }
  return whole
}

/**
 * Whole milliseconds as a text in the largest unit that needs no fraction; `parseDuration` reads it back.
 *
 * @example
 * ```ts
 * import { printDuration } from '@aero/config'
 *
 * console.log(printDuration(1_500), printDuration(60_000)) // 1500ms 1m
 * ```
 */
export function printDuration(ms: number): DurationText {
  let printed: DurationText = `${ms}ms`
  if (ms === 0) return printed
  for (const [unit, length] of Object.entries(UNITS) as [Unit, number][]) {
    if (ms % length === 0) printed = `${ms / length}${unit}`
  }
  return printed
}

function readText(text: string): number {
  const match = PATTERN.exec(text)
  return match === null ? Number.NaN : Number(match[1]) * UNITS[match[2] as Unit]
}

function wholeMilliseconds(ms: number): number {
  const nearest = Math.round(ms)
  // `+ 0` turns -0, which no timer and no comparison by identity expects, into 0.
  return (Math.abs(ms - nearest) < ROUNDING_MS ? nearest : Math.ceil(ms)) + 0
}

function hintFor(duration: unknown): { hint?: string } {
  if (duration === Number.POSITIVE_INFINITY) return { hint: 'Where a setting may be unlimited, 0 says so' }
  if (typeof duration === 'string' && /^\d+$/.test(duration)) {
    return { hint: `Add a unit: '${duration}ms' or '${duration}s'` }
  }
  return {}
}
