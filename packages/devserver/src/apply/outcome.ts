import { ByteWriter, PARTICLE_TYPE } from '@aero/codec'

/** A value in the form it has in a bin and in replies. */
export interface Particle {
  readonly type: number
  readonly particle: Uint8Array
  /** A list or map of a bin that keeps an index: its marker does not show that. */
  readonly keepsIndex?: boolean
}

/** What an operation on a bin comes to when it is not refused with a result code. */
export interface Outcome {
  /** What the bin holds from now on; `undefined`: what it held. */
  readonly bin: Particle | undefined
  /** What the operation yields; `undefined`: nothing. */
  readonly yields: Particle | undefined
}

/** Nothing changes, and nothing is yielded. */
export const NO_OUTCOME: Outcome = Object.freeze({ bin: undefined, yields: undefined })

export function yielding(yields: Particle | undefined): Outcome {
  return { bin: undefined, yields }
}

export function integerParticle(value: number | bigint): Particle {
  const out = new ByteWriter(8)
  out.i64(BigInt.asIntN(64, BigInt(value)))
  return { type: PARTICLE_TYPE.integer, particle: out.take() }
}

export function doubleParticle(value: number): Particle {
  const out = new ByteWriter(8)
  writeDouble(out, value)
  return { type: PARTICLE_TYPE.double, particle: out.take() }
}

/** The bits of what is not a number, as processors of the server's kind make it: JavaScript does not say which it has. */
const NOT_A_NUMBER = -0x8_0000_0000_0000n

export function writeDouble(out: ByteWriter, value: number): void {
  if (Number.isNaN(value)) out.i64(NOT_A_NUMBER)
  else out.f64(value)
}
