import { RESULT } from '../result-code.ts'
import { packedDouble, packedInteger } from './container.ts'
import { doubleParticle, integerParticle, type Particle } from './outcome.ts'
import { PACKED_KIND, PackedCursor } from './packed-cursor.ts'
import { Refused } from './refused.ts'

/** The number that an increment makes, as an element and as a result. */
export interface Sum {
  readonly element: Uint8Array
  readonly yields: Particle
}

/**
 * Adds to an element, or to nothing. The kind of the element stays: what is added to an integer loses its fraction.
 * Source: as/src/base/cdt.c, cdt_calc_delta_add.
 */
export function increased(element: Uint8Array | undefined, by: Uint8Array | undefined, sign: 1 | -1): Sum {
  const amount = numberOf(by) ?? 1n
  const present = element === undefined ? undefined : numberOf(element)
  if (element !== undefined && present === undefined) throw new Refused(RESULT.parameter)
  const base = present ?? (typeof amount === 'number' ? 0 : 0n)
  if (typeof base === 'number') {
    const sum =
      base + (typeof amount === 'bigint' ? Number(BigInt.asIntN(64, amount * BigInt(sign))) : amount * sign)
    return { element: packedDouble(sum), yields: doubleParticle(sum) }
  }
  const whole = typeof amount === 'number' ? wholeOf(amount) : amount
  const sum = BigInt.asIntN(64, base + whole * BigInt(sign))
  return { element: packedInteger(sum), yields: integerParticle(sum) }
}

const LEAST_INTEGER = -(2n ** 63n)

/** Without its fraction. What no integer can hold becomes the least one, as processors of the server's kind have it. */
export function wholeOf(double: number): bigint {
  const fits = double >= -(2 ** 63) && double < 2 ** 63
  return fits ? BigInt(Math.trunc(double)) : LEAST_INTEGER
}

/** A bigint for an integer, a number for a double, `undefined` for nil and nothing. */
function numberOf(element: Uint8Array | undefined): bigint | number | undefined {
  if (element === undefined) return undefined
  const cursor = new PackedCursor(element)
  if (!cursor.next()) throw new Refused(RESULT.parameter)
  if (cursor.kind === PACKED_KIND.integer) return BigInt.asIntN(64, cursor.integer)
  if (cursor.kind === PACKED_KIND.double) return cursor.double
  if (cursor.kind === PACKED_KIND.nil) return undefined
  throw new Refused(RESULT.parameter)
}
