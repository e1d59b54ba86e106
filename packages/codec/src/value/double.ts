import { EncodeError } from '../errors.ts'

/**
 * A number that is written as a double although it is whole. Reading gives a plain `number`.
 *
 * @example
 * ```ts
 * import { double } from '@aero/codec'
 * console.log(double(1).value) // 1, but stored as 1.0
 * ```
 */
export class Double {
  readonly value: number

  /** @throws EncodeError when `value` is not a number. */
  constructor(value: number) {
    if (typeof value !== 'number') throw new EncodeError('', `a Double takes a number, not a ${typeof value}`)
    this.value = value
  }

  toString(): string {
    return Object.is(this.value, -0) ? '-0' : String(this.value)
  }

  /** The plain number. */
  toJSON(): number {
    return this.value
  }
}

/** Short for `new Double(value)`. */
export function double(value: number): Double {
  return new Double(value)
}
