import { UsageError } from './usage-error.ts'

/** What stands for no minhash bits, here and on the wire. */
const NO_MINHASH = -1

/**
 * How exact a HyperLogLog is, and whether it can be compared with others.
 *
 * @example
 * ```ts
 * import { HllConfig } from '@aero/sdk'
 * const config = HllConfig.of(12, 20)
 * console.log(config.indexBits, config.minHashBits) // 12 20
 * ```
 */
export class HllConfig {
  /** 4 to 16: there are 2 to that power registers, and the relative error is about 1.04 / √registers. */
  readonly indexBits: number
  /** 4 to 51, for similarities and intersections; `undefined`: none. */
  readonly minHashBits: number | undefined

  /**
   * @param minHashBits left out, or -1, for none
   * @throws UsageError for index bits that are not 4 to 16, minhash bits that are not 4 to 51, or more than 64 together.
   */
  constructor(indexBits: number, minHashBits: number = NO_MINHASH) {
    if (!isIntegerIn(indexBits, 4, 16)) throw new UsageError(`index bits are 4 to 16, not ${indexBits}`)
    const has = minHashBits !== NO_MINHASH
    if (has && !isIntegerIn(minHashBits, 4, 51))
      throw new UsageError(`minhash bits are 4 to 51, or -1 for none, not ${minHashBits}`)
    if (has && indexBits + minHashBits > 64)
      throw new UsageError(
        `index bits and minhash bits are at most 64 together, not ${indexBits + minHashBits}`,
      )
    this.indexBits = indexBits
    this.minHashBits = has ? minHashBits : undefined
    Object.freeze(this)
  }

  /** The same as the constructor. */
  static of(indexBits: number, minHashBits?: number): HllConfig {
    return makeConfig(indexBits, minHashBits)
  }
}

// A class that names itself in its own body is renamed by the bundler, and users would see that name.
function makeConfig(indexBits: number, minHashBits: number | undefined): HllConfig {
  return new HllConfig(indexBits, minHashBits)
}

function isIntegerIn(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}
