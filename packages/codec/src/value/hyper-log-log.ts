import { EncodeError } from '../errors.ts'

/** Where the bytes of a sketch say how many bits it has; registers stand behind the head. Source: particle_hll.c of the server. */
const HEAD = { indexBits: 1, minHashBits: 2, size: 11 } as const
/** Bits of a register, beside those of its minhash. */
const REGISTER_BITS = 6

/**
 * A HyperLogLog sketch as the server stores it: bytes to be kept and given back. {@link HyperLogLog.of} checks them; the constructor
 * takes them as they are.
 *
 * @example
 * ```ts
 * import { HyperLogLog } from '@aero/codec'
 * const stored = Uint8Array.of(0, 4, 0, 255, 255, 255, 255, 255, 255, 255, 255, ...new Uint8Array(12))
 * console.log(HyperLogLog.of(stored).indexBits) // 4
 * ```
 */
export class HyperLogLog {
  readonly bytes: Uint8Array

  /** @throws EncodeError when `bytes` is not a `Uint8Array`. */
  constructor(bytes: Uint8Array) {
    if (!(bytes instanceof Uint8Array))
      throw new EncodeError('', `HyperLogLog takes a Uint8Array, not a ${typeof bytes}`)
    this.bytes = bytes
  }

  /**
   * A sketch from bytes that were kept elsewhere.
   *
   * @throws EncodeError when they are no sketch.
   */
  static of(bytes: Uint8Array): HyperLogLog {
    const sketch = makeHyperLogLog(bytes)
    const { indexBits, minHashBits } = sketch
    const hasBits =
      indexBits >= 4 &&
      indexBits <= 16 &&
      (minHashBits === 0 || (minHashBits >= 4 && minHashBits <= 51)) &&
      indexBits + minHashBits <= 64
    const size = HEAD.size + Math.ceil(((REGISTER_BITS + minHashBits) * 2 ** indexBits) / 8)
    if (bytes[0] !== 0 || !hasBits || bytes.length !== size)
      throw new EncodeError(
        '',
        `no HyperLogLog: ${bytes.length} bytes that do not begin as one does, or too few or many`,
      )
    return sketch
  }

  /** 4 to 16: there are 2 to that power registers. */
  get indexBits(): number {
    return this.bytes[HEAD.indexBits] ?? 0
  }

  /** 4 to 51, or 0 for none. */
  get minHashBits(): number {
    return this.bytes[HEAD.minHashBits] ?? 0
  }
}

// A class that names itself in its own body is renamed by the bundler, and users would see that name.
function makeHyperLogLog(bytes: Uint8Array): HyperLogLog {
  return new HyperLogLog(bytes)
}
