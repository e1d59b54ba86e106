/** A reproducible source of chance. The same seed gives the same sequence on every platform. */
export interface Random {
  /** Say it in the message of a failing test. */
  readonly seed: number
  /** 0 ≤ x < 1, 53 bits. */
  float(): number
  /** An integer, both ends included. */
  int(least: number, most: number): number
  /** A bigint, both ends included. */
  bigint(least: bigint, most: bigint): bigint
  /** True with the given probability, one half unless told. */
  chance(probability?: number): boolean
  bytes(length: number): Uint8Array
  /** Text of `length` characters out of `alphabet` (letters and digits unless told). */
  text(length: number, alphabet?: string): string
  pick<T>(from: readonly T[]): T
  /** The same elements in another order; a new array. */
  shuffled<T>(items: readonly T[]): T[]
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/**
 * A seeded generator (xoshiro128**, its state filled by splitmix32). Without an argument the seed is `AERO_SEED`, or else
 * taken from the clock: print `random.seed` when a test fails, run again with `AERO_SEED` to see the same failure.
 */
export function seededRandom(seed: number = seedOfThisRun()): Random {
  let fill = seed | 0
  const word = (): number => {
    fill = (fill + 0x9e3779b9) | 0
    let z = fill
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
  let a = word()
  let b = word()
  let c = word()
  let d = word()
  const next = (): number => {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return scrambled
  }
  const float = (): number => (next() * 0x200000 + (next() >>> 11)) / 0x20000000000000
  const int = (least: number, most: number): number => {
    if (!(most >= least)) throw new RangeError(`int: ${least}…${most} is empty`)
    return least + Math.floor(float() * (most - least + 1))
  }
  const pick = <T>(from: readonly T[]): T => {
    if (from.length === 0) throw new RangeError('pick: nothing to pick from')
    return from[int(0, from.length - 1)] as T
  }
  return {
    seed,
    float,
    int,
    bigint(least, most) {
      if (most < least) throw new RangeError(`bigint: ${least}…${most} is empty`)
      const size = most - least + 1n
      let value = 0n
      // 64 bits more than needed make the bias of the remainder too small to matter.
      for (let bits = size.toString(2).length + 64; bits > 0; bits -= 32)
        value = (value << 32n) | BigInt(next())
      return least + (value % size)
    },
    chance: (probability = 0.5) => float() < probability,
    bytes(length) {
      const bytes = new Uint8Array(length)
      for (let i = 0; i < length; i++) bytes[i] = next() >>> 24
      return bytes
    },
    text(length, alphabet = letters) {
      let text = ''
      for (let i = 0; i < length; i++) text += alphabet[int(0, alphabet.length - 1)]
      return text
    },
    pick,
    shuffled(items) {
      const copy = [...items]
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(0, i)
        const held = copy[i]
        copy[i] = copy[j] as (typeof copy)[number]
        copy[j] = held as (typeof copy)[number]
      }
      return copy
    },
  }
}

/** How many rounds a random test runs: `AERO_FUZZ_ROUNDS` if set (the long mode), `short` if not. */
export function rounds(short: number): number {
  return numberFromEnvironment('AERO_FUZZ_ROUNDS') ?? short
}

function seedOfThisRun(): number {
  return numberFromEnvironment('AERO_SEED') ?? Date.now() % 0x7fffffff
}

function numberFromEnvironment(name: string): number | undefined {
  const text = process.env[name]
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`${name} must be a whole number, was '${text}'`)
  return value
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}
