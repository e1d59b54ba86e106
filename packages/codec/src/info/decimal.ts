import { DecodeError } from '../errors.ts'

/**
 * An unsigned whole number from decimal text.
 *
 * @param what its name, for the message
 * @throws DecodeError for anything but digits, and above `most`.
 */
export function parseDecimal(text: string, what: string, most: number = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!(value <= most))
    throw new DecodeError(`${what} is not a number up to ${most}: '${text.slice(0, 40)}'`, 0)
  return value
}
