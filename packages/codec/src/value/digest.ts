import { EncodeError } from '../errors.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { describeValue } from './describe-value.ts'
import { BLOCK_BYTES, DigestBlock } from './digest-block.ts'
import { checkIntegerKey } from './integer-key.ts'
import type { KeyValue } from './key.ts'
import { PARTICLE_TYPE } from './particle-type.ts'
import { RIPEMD160_BYTES, ripemd160, ripemd160Block } from './ripemd160.ts'
import { LANE_COUNT, type Lanes, makeLanes } from './ripemd160-lanes.ts'

/** Bytes of a digest. */
export const DIGEST_BYTES: number = RIPEMD160_BYTES

const SCRATCH_BYTES = 256
const KEPT_SCRATCH_BYTES = 64 * 1024

// Scratch memory of one call; nothing in it outlives the call.
let scratch = new ByteWriter(SCRATCH_BYTES)

const block = new DigestBlock(new Uint8Array(BLOCK_BYTES))

/** Keys that came many at a time after which lanes are made: by then they would have saved the millisecond that making them takes. */
const LANES_FROM = 10_000
let keysInLists = 0
let lanes: Lanes | undefined
let lanesTried = false

/*
 * digest  :=  RIPEMD-160(set-name type:u8 key)
 *             type is the particle type of the key; an integer key is i64, whatever its size. The namespace does not count.
 */

/**
 * The digest of a key: the 20 bytes by which the server knows the record.
 *
 * @param setName the name of the set, empty for none
 * @throws EncodeError for a key that is no string, integer of 64 bits, or bytes; a number must be a safe integer.
 * @example
 * ```ts
 * import { computeDigest } from '@aero/codec'
 * console.log(computeDigest('demo', 1)[0]) // 183 (0xb7)
 * ```
 */
export function computeDigest(setName: string, value: KeyValue): Uint8Array {
  const digest = new Uint8Array(RIPEMD160_BYTES)
  hash(setName, value, digest, 0)
  return digest
}

function hash(setName: string, value: KeyValue, output: Uint8Array, at: number): void {
  if (block.put(setName, value)) {
    ripemd160Block(block.view, output, at)
    return
  }
  const out = scratch
  out.position = 0
  out.text(setName)
  writeKeyValue(out, value)
  ripemd160(out.bytes, out.position, output, at)
  // One huge key must not keep its memory for ever.
  if (out.bytes.length > KEPT_SCRATCH_BYTES) scratch = new ByteWriter(SCRATCH_BYTES)
}

/**
 * The digests of many keys of one set, one behind the other: four at once, after the first some thousand.
 *
 * @throws EncodeError as {@link computeDigest}, for the first key that is none.
 */
export function computeDigests(setName: string, values: readonly KeyValue[]): Uint8Array {
  const digests = new Uint8Array(values.length * RIPEMD160_BYTES)
  const four = lanesFor(values.length)
  let done = 0
  while (done < values.length) {
    if (four !== undefined && putFour(four, setName, values, done)) {
      four.hash()
      digests.set(four.hashes, done * RIPEMD160_BYTES)
      done += LANE_COUNT
    } else {
      hash(setName, values[done] as KeyValue, digests, done * RIPEMD160_BYTES)
      done++
    }
  }
  return digests
}

function lanesFor(keys: number): Lanes | undefined {
  if (!lanesTried) {
    keysInLists += keys
    lanesTried = keysInLists > LANES_FROM
    if (lanesTried) lanes = makeLanes()
  }
  return lanes
}

/** Puts the four values from `at` on into the lanes. @returns `false` when there are fewer, or one of them does not fit */
function putFour(four: Lanes, setName: string, values: readonly KeyValue[], at: number): boolean {
  if (at + LANE_COUNT > values.length) return false
  for (let lane = 0; lane < LANE_COUNT; lane++) {
    if (!(four.blocks[lane] as DigestBlock).put(setName, values[at + lane] as KeyValue)) return false
  }
  return true
}

/**
 * Writes the type byte of a key and the key: what is hashed, and what the KEY field of a message holds.
 *
 * @throws EncodeError as {@link computeDigest}.
 */
export function writeKeyValue(out: ByteWriter, value: KeyValue): void {
  if (typeof value === 'string') {
    out.u8(PARTICLE_TYPE.string)
    out.text(value)
  } else if (typeof value === 'number' || typeof value === 'bigint') {
    checkIntegerKey(value)
    out.u8(PARTICLE_TYPE.integer)
    out.i64(value)
  } else if (value instanceof Uint8Array) {
    out.u8(PARTICLE_TYPE.blob)
    out.copy(value)
  } else throw new EncodeError('', `a key is a string, an integer or bytes, not ${describeValue(value)}`)
}
