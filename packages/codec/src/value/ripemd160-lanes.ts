import { BLOCK_BYTES, DigestBlock } from './digest-block.ts'
import { RIPEMD160_BYTES } from './ripemd160.ts'

/*
 * RIPEMD-160 of four blocks at once: a WebAssembly module whose vectors hold the same word of all four. It is put together
 * here, step by step, from the tables of the algorithm, so that there are no bytes to be taken on trust.
 *
 * 47 ns a hash, where ripemd160.ts takes 155 (bench/digest.bench.ts); why that is worth a module: docs/decisions/0012.
 */

/** Blocks that are hashed at once. */
export const LANE_COUNT = 4

const VECTOR_BYTES = 16
const MESSAGE_WORDS = 16
/** Where the hashes are, behind the blocks. */
const HASHES_AT = LANE_COUNT * BLOCK_BYTES

/** Four blocks side by side, and their hashes. */
export interface Lanes {
  readonly blocks: readonly DigestBlock[]
  /** Hashes the blocks. */
  hash(): void
  /** The hashes, 20 bytes each. */
  readonly hashes: Uint8Array
}

/** Makes lanes; `undefined` where the engine has no WebAssembly with vectors, or may not compile. Takes about a millisecond. */
export function makeLanes(): Lanes | undefined {
  if (typeof WebAssembly === 'undefined') return undefined
  let instance: WebAssembly.Instance
  try {
    instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()))
  } catch {
    return undefined
  }
  const { hash, memory } = instance.exports as { hash: () => void; memory: WebAssembly.Memory }
  const blocks: DigestBlock[] = []
  for (let lane = 0; lane < LANE_COUNT; lane++)
    blocks.push(new DigestBlock(new Uint8Array(memory.buffer, lane * BLOCK_BYTES, BLOCK_BYTES)))
  return { blocks, hash, hashes: new Uint8Array(memory.buffer, HASHES_AT, LANE_COUNT * RIPEMD160_BYTES) }
}

// ---- the algorithm: one string a round, one hexadecimal digit a step

const ROUNDS = 5
const ROUND_STEPS = 16
const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]

/** One of the two lines that are computed side by side. */
interface Line {
  /** Which word of the message a step takes. */
  readonly words: readonly string[]
  readonly shifts: readonly string[]
  readonly constants: readonly number[]
  /** Which of the five functions a round uses. */
  readonly functions: readonly number[]
}

const LEFT: Line = {
  words: ['0123456789abcdef', '74d1a6f3c0952eb8', '3ae49f812706db5c', '19ba08c4d37fe562', '40597c2ae138b6fd'],
  shifts: [
    'befc5879bdef6798',
    '768db97f7cf9b7dc',
    'bd67e9dfe8d65c75',
    'bcefef989e56865c',
    '9f5b68dc5cdeb856',
  ],
  constants: [0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e],
  functions: [0, 1, 2, 3, 4],
}
const RIGHT: Line = {
  words: ['5e7092b4d6f81a3c', '6b370d5aef8c4912', 'f5137e69b8c2a04d', '86413bf05c2d97ae', 'cfa4158762de039b'],
  shifts: [
    '899bdff5778beec6',
    '9df7c89b77c76fdb',
    '97fb866ecd5edd75',
    'f58bee6e69c9c5f8',
    '85c9c5e68d65fdbb',
  ],
  constants: [0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0],
  functions: [4, 3, 2, 1, 0],
}

/** The five variables of a line, as numbers of locals; a step changes two, and the names move on by one. */
type Names = readonly [number, number, number, number, number]

const HASH_WORDS = 5
/** Locals behind the variables of the lines: the words of the messages, and two rows of four for what is in between. */
const WORD = 2 * HASH_WORDS
const ROW = WORD + MESSAGE_WORDS
const MIXED = ROW + 4
const T = ROW
const LOCALS = MIXED + 4

function hashCode(): number[] {
  const code: number[] = []
  for (let word = 0; word < MESSAGE_WORDS; word += 4) {
    for (let lane = 0; lane < 4; lane++) {
      const at = lane * BLOCK_BYTES + (word / 4) * VECTOR_BYTES
      code.push(...BASE, ...V.load, UNALIGNED, ...unsigned(at), ...set(ROW + lane))
    }
    code.push(...transposeCode(WORD + word))
  }
  for (let index = 0; index < HASH_WORDS; index++) {
    code.push(...constant(INITIAL[index] as number), ...tee(index), ...set(HASH_WORDS + index))
  }
  let left: Names = [0, 1, 2, 3, 4]
  let right: Names = [5, 6, 7, 8, 9]
  for (let round = 0; round < ROUNDS; round++) {
    for (let step = 0; step < ROUND_STEPS; step++) {
      code.push(...stepCode(LEFT, round, step, left), ...stepCode(RIGHT, round, step, right))
      left = movedOn(left)
      right = movedOn(right)
    }
  }
  // The hash: its first four words into the row, the fifth where the words of the message begin.
  for (let index = 0; index < HASH_WORDS; index++) {
    const one = left[(index + 2) % HASH_WORDS] as number
    const other = right[(index + 3) % HASH_WORDS] as number
    const initial = INITIAL[(index + 1) % HASH_WORDS] as number
    code.push(...constant(initial), ...get(one), ...V.add, ...get(other), ...V.add)
    code.push(...set(index < 4 ? ROW + index : WORD + 4))
  }
  code.push(...transposeCode(WORD))
  for (let lane = 0; lane < 4; lane++) {
    const at = HASHES_AT + lane * RIPEMD160_BYTES
    code.push(...BASE, ...get(WORD + lane), ...V.store, UNALIGNED, ...unsigned(at))
    code.push(...BASE, ...get(WORD + 4), ...V.storeLane, UNALIGNED, ...unsigned(at + VECTOR_BYTES), lane)
  }
  return code
}

/** Four rows of four words become four columns, in the locals from `to` on. */
function transposeCode(to: number): number[] {
  const [a, b, c, d] = [ROW, ROW + 1, ROW + 2, ROW + 3]
  const [e, f, g, h] = [MIXED, MIXED + 1, MIXED + 2, MIXED + 3]
  return [
    ...shuffle(a, b, LOW_WORDS, e),
    ...shuffle(a, b, HIGH_WORDS, f),
    ...shuffle(c, d, LOW_WORDS, g),
    ...shuffle(c, d, HIGH_WORDS, h),
    ...shuffle(e, g, LOW_HALVES, to),
    ...shuffle(e, g, HIGH_HALVES, to + 1),
    ...shuffle(f, h, LOW_HALVES, to + 2),
    ...shuffle(f, h, HIGH_HALVES, to + 3),
  ]
}

/** Which words of two vectors, 0 to 3 of the one and 4 to 7 of the other, become a new one. */
const LOW_WORDS = [0, 4, 1, 5]
const HIGH_WORDS = [2, 6, 3, 7]
const LOW_HALVES = [0, 1, 4, 5]
const HIGH_HALVES = [2, 3, 6, 7]

function shuffle(one: number, other: number, words: readonly number[], to: number): number[] {
  const bytes = words.flatMap((word) => [4 * word, 4 * word + 1, 4 * word + 2, 4 * word + 3])
  return [...get(one), ...get(other), ...V.shuffle, ...bytes, ...set(to)]
}

const movedOn = ([a, b, c, d, e]: Names): Names => [e, a, b, c, d]

/** a := rotate(a + f(b, c, d) + word + constant, shift) + e;  c := rotate(c, 10) */
function stepCode(line: Line, round: number, step: number, [a, b, c, d, e]: Names): number[] {
  const word = Number.parseInt((line.words[round] as string).charAt(step), 16)
  const shift = Number.parseInt((line.shifts[round] as string).charAt(step), 16)
  const { code, isComplement } = functionCode(line.functions[round] as number, b, c, d)
  // Adding ~f is subtracting f and 1.
  const added = ((line.constants[round] as number) - (isComplement ? 1 : 0)) | 0
  return [
    ...get(a),
    ...code,
    ...(isComplement ? V.subtract : V.add),
    ...get(WORD + word),
    ...(added === 0 ? [] : [...constant(added), ...V.add]),
    ...V.add,
    ...set(T),
    ...rotate(T, shift),
    ...get(e),
    ...V.add,
    ...set(a),
    ...rotate(c, 10),
    ...set(c),
  ]
}

/** The functions, two of them as their complement, which takes one instruction less. */
function functionCode(
  number: number,
  x: number,
  y: number,
  z: number,
): { readonly code: number[]; readonly isComplement: boolean } {
  switch (number) {
    case 0: // x ^ y ^ z
      return { code: [...get(x), ...get(y), ...V.xor, ...get(z), ...V.xor], isComplement: false }
    case 1: // x ? y : z
      return { code: [...get(y), ...get(z), ...get(x), ...V.select], isComplement: false }
    case 2: // (x | ~y) ^ z
      return { code: [...get(y), ...get(x), ...V.andNot, ...get(z), ...V.xor], isComplement: true }
    case 3: // z ? x : y
      return { code: [...get(x), ...get(y), ...get(z), ...V.select], isComplement: false }
    default: // x ^ (y | ~z)
      return { code: [...get(z), ...get(y), ...V.andNot, ...get(x), ...V.xor], isComplement: true }
  }
}

function rotate(local: number, bits: number): number[] {
  return [
    ...get(local),
    ...i32(bits),
    ...V.shiftLeft,
    ...get(local),
    ...i32(32 - bits),
    ...V.shiftRight,
    ...V.or,
  ]
}

// ---- WebAssembly. Source: the core specification 2.0, chapter 5 (binary format).

const OPCODE = {
  end: 0x0b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i32Const: 0x41,
  vector: 0xfd,
} as const
const TYPE = { v128: 0x7b, function: 0x60 } as const
const SECTION = { type: 1, function: 3, memory: 5, export: 7, code: 10 } as const
const EXPORT_KIND = { function: 0, memory: 2 } as const
/** Opcodes behind the vector prefix, on vectors of four 32-bit numbers where that matters. */
const V = {
  load: vector(0),
  store: vector(11),
  constant: vector(12),
  shuffle: vector(13),
  andNot: vector(79),
  or: vector(80),
  xor: vector(81),
  select: vector(82),
  storeLane: vector(90),
  shiftLeft: vector(171),
  shiftRight: vector(173),
  add: vector(174),
  subtract: vector(177),
} as const
/** An alignment of 2⁰ bytes. */
const UNALIGNED = 0
/** The address that offsets are added to. */
const BASE: readonly number[] = i32(0)

function vector(opcode: number): readonly number[] {
  return [OPCODE.vector, ...unsigned(opcode)]
}

function constant(value: number): number[] {
  const word = [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]
  return [...V.constant, ...word, ...word, ...word, ...word]
}

const get = (local: number): number[] => [OPCODE.localGet, local]
const set = (local: number): number[] => [OPCODE.localSet, local]
const tee = (local: number): number[] => [OPCODE.localTee, local]

/** A number from 0 to 63. */
function i32(value: number): number[] {
  return [OPCODE.i32Const, value]
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  bytes.push(rest)
  return bytes
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

function exported(name: string, kind: number): number[] {
  return [name.length, ...Array.from(name, (letter) => letter.charCodeAt(0)), kind, 0]
}

function moduleBytes(): Uint8Array {
  const body = [1, LOCALS, TYPE.v128, ...hashCode(), OPCODE.end]
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d],
    ...[1, 0, 0, 0],
    ...section(SECTION.type, [1, TYPE.function, 0, 0]),
    ...section(SECTION.function, [1, 0]),
    // One page of 64 KiB, and no more.
    ...section(SECTION.memory, [1, 1, 1, 1]),
    ...section(SECTION.export, [
      2,
      ...exported('hash', EXPORT_KIND.function),
      ...exported('memory', EXPORT_KIND.memory),
    ]),
    ...section(SECTION.code, [1, ...unsigned(body.length), ...body]),
  ])
}
