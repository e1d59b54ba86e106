import { murmurHash128 } from './murmur-hash.ts'

/*
 * sketch  :=  flags:u8 = 0   index bits:u8   minhash bits:u8   count kept:u64 little-endian   register*
 *
 * A register is 6 bits for HyperLogLog and the minhash bits behind them, highest bit first, packed without gaps.
 * Estimates: "New cardinality estimation algorithms for HyperLogLog sketches" (Ertl 2017), algorithm 6; similarity:
 * "HyperMinHash: MinHash in LogLog space" (Yu, Weber 2017). Source of the constants: as/src/base/particle_hll.c.
 */
const HEADER_BYTES = 11
const REGISTER_BITS = 6
const MOST_ZEROS = 64

/** Registers and what is estimated from them. The bytes are changed in place. */
export class HllSketch {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  static empty(indexBits: number, minHashBits: number): HllSketch {
    const registerBytes = Math.ceil(((REGISTER_BITS + minHashBits) * 2 ** indexBits) / 8)
    const bytes = new Uint8Array(HEADER_BYTES + registerBytes)
    bytes[1] = indexBits
    bytes[2] = minHashBits
    return new HllSketch(bytes)
  }

  copy(): HllSketch {
    return new HllSketch(this.bytes.slice())
  }

  get indexBits(): number {
    return this.bytes[1] as number
  }

  get minHashBits(): number {
    return this.bytes[2] as number
  }

  get registerCount(): number {
    return 2 ** this.indexBits
  }

  /** The count as it was estimated when it was asked to be kept; 0 when registers have changed since. */
  get keptCount(): number {
    return Number(this.#view.getBigUint64(3, true))
  }

  set keptCount(count: number) {
    this.#view.setBigUint64(3, BigInt(count), true)
  }

  get #view(): DataView {
    return new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
  }

  register(index: number): bigint {
    const size = REGISTER_BITS + this.minHashBits
    const offset = HEADER_BYTES * 8 + size * index
    const last = (offset + size - 1) >> 3
    let value = 0n
    for (let at = offset >> 3; at <= last; at++) value = (value << 8n) | BigInt(this.bytes[at] as number)
    return BigInt.asUintN(size, value >> BigInt(7 - ((offset + size - 1) & 7)))
  }

  setRegister(index: number, value: bigint): void {
    const size = REGISTER_BITS + this.minHashBits
    const offset = HEADER_BYTES * 8 + size * index
    for (let bit = 0; bit < size; bit++) {
      const at = (offset + bit) >> 3
      const mask = 0x80 >> ((offset + bit) & 7)
      const byte = this.bytes[at] as number
      const isSet = ((value >> BigInt(size - 1 - bit)) & 1n) !== 0n
      this.bytes[at] = isSet ? byte | mask : byte & ~mask
    }
  }

  /** Says whether the element changed a register. */
  add(element: Uint8Array): boolean {
    const [index, value] = this.#place(element)
    if (this.register(index) >= value) return false
    this.setRegister(index, value)
    this.keptCount = 0
    return true
  }

  mayContain(element: Uint8Array): boolean {
    const [index, value] = this.#place(element)
    return value <= this.register(index)
  }

  #place(element: Uint8Array): readonly [number, bigint] {
    const [first, second] = murmurHash128(element)
    const minHash = BigInt.asUintN(this.minHashBits, first >> BigInt(this.indexBits))
    const zeros = BigInt(trailingZeros(second) + 1)
    return [
      Number(BigInt.asUintN(this.indexBits, first)),
      BigInt.asUintN(REGISTER_BITS + this.minHashBits, (zeros << BigInt(this.minHashBits)) | minHash),
    ]
  }

  count(): number {
    if (this.keptCount !== 0) return this.keptCount
    const registers = this.registerCount
    const histogram = new Float64Array(MOST_ZEROS + 1)
    const shift = BigInt(this.minHashBits)
    for (let index = 0; index < registers; index++) {
      const zeros = Number(this.register(index) >> shift)
      histogram[zeros] = (histogram[zeros] as number) + 1
    }
    let z = registers * tau((histogram[MOST_ZEROS] as number) / registers)
    for (let zeros = MOST_ZEROS; zeros > 0; zeros--) z = 0.5 * (z + (histogram[zeros] as number))
    z += registers * sigma((histogram[0] as number) / registers)
    return Math.round((alpha(this.indexBits) * registers * registers) / z)
  }

  /** Takes another sketch in, which has at least as many index bits. */
  unite(other: HllSketch): void {
    const mask = this.registerCount - 1
    const isPlain = this.minHashBits === 0
    const shift = BigInt(isPlain ? other.minHashBits : 0)
    for (let index = 0; index < other.registerCount; index++) {
      const value = other.register(index) >> shift
      if (this.register(index & mask) < value) this.setRegister(index & mask, value)
    }
    this.keptCount = 0
  }

  intersect(other: HllSketch): void {
    const mask = this.registerCount - 1
    for (let index = 0; index < other.registerCount; index++) {
      const value = this.register(index & mask)
      this.setRegister(index & mask, value === other.register(index) ? value : 0n)
    }
  }

  usedRegisters(): number {
    let used = 0
    for (let index = 0; index < this.registerCount; index++) if (this.register(index) !== 0n) used++
    return used
  }

  /** The server looks at as many bytes as there are registers, and no further. */
  hasData(): boolean {
    const end = HEADER_BYTES + this.registerCount
    return this.bytes.subarray(HEADER_BYTES, end).some((byte) => byte !== 0)
  }
}

/** An empty sketch that all of them can be taken into. */
export function commonSketch(sketches: readonly HllSketch[]): HllSketch {
  const [first] = sketches as [HllSketch]
  const indexBits = Math.min(...sketches.map((each) => each.indexBits))
  const isAlike = sketches.every((each) => each.minHashBits === first.minHashBits)
  return HllSketch.empty(indexBits, isAlike ? first.minHashBits : 0)
}

export function unionOf(sketches: readonly HllSketch[]): HllSketch {
  const union = commonSketch(sketches)
  for (const each of sketches) union.unite(each)
  return union
}

export function intersectCount(sketches: readonly HllSketch[]): number {
  if (commonSketch(sketches).minHashBits === 0) return plainIntersectCount(sketches)
  const share = similarity(sketches)
  return Number.isNaN(share) ? 0 : Math.round(unionOf(sketches).count() * share)
}

export function similarity(sketches: readonly HllSketch[]): number {
  const common = commonSketch(sketches)
  if (common.minHashBits === 0) return plainIntersectCount(sketches) / unionOf(sketches).count()
  const filled = sketches.filter((each) => each.hasData()).length
  if (filled < sketches.length) return filled > 0 ? 0 : Number.NaN
  const inUnion = unionOf(sketches).usedRegisters()
  const [first, ...others] = sketches as [HllSketch, ...HllSketch[]]
  common.unite(first)
  for (const each of others) common.intersect(each)
  const [second] = others
  const collisions =
    second !== undefined && others.length === 1
      ? expectedCollisions(common, first.count(), second.count())
      : 0
  return Math.max(0, (common.usedRegisters() - collisions) / inUnion)
}

/** By inclusion and exclusion: of two, or of three in which case the pairs may have minhash bits. */
function plainIntersectCount(sketches: readonly HllSketch[]): number {
  const union = unionOf(sketches).count()
  const sum = sketches.reduce((total, each) => total + each.count(), 0)
  if (sketches.length === 2) return Math.max(0, sum - union)
  const [first, second, third] = sketches as [HllSketch, HllSketch, HllSketch]
  const pairs =
    intersectCount([first, second]) + intersectCount([second, third]) + intersectCount([first, third])
  return Math.max(0, union - (sum - pairs))
}

function expectedCollisions(common: HllSketch, first: number, second: number): number {
  const registers = common.registerCount
  let collisions = 0
  for (let zeros = 1; zeros <= MOST_ZEROS; zeros++) {
    const low = (zeros === MOST_ZEROS ? 0 : 2 ** -zeros) / registers
    const high = 2 ** (1 - zeros) / registers
    const inFirst = (1 - low) ** first - (1 - high) ** first
    const inSecond = (1 - low) ** second - (1 - high) ** second
    collisions += inFirst * inSecond
  }
  return (collisions * registers) / 2 ** common.minHashBits
}

function trailingZeros(value: bigint): number {
  if (value === 0n) return MOST_ZEROS
  let zeros = 0
  while (((value >> BigInt(zeros)) & 1n) === 0n) zeros++
  return zeros
}

function alpha(indexBits: number): number {
  if (indexBits === 4) return 0.673
  if (indexBits === 5) return 0.697
  if (indexBits === 6) return 0.709
  return 0.7213 / (1 + 1.079 / 2 ** indexBits)
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let root = share
  let y = 1
  let z = 1 - share
  let previous: number
  do {
    root = Math.sqrt(root)
    previous = z
    y *= 0.5
    z -= (1 - root) ** 2 * y
  } while (previous !== z)
  return z / 3
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY
  let power = share
  let y = 1
  let z = share
  let previous: number
  do {
    power *= power
    previous = z
    z += power * y
    y += y
  } while (previous !== z)
  return z
}
