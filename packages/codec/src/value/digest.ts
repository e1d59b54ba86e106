import { EncodeError } from '../errors.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { INT64_MAX, INT64_MIN, writeInt64 } from '../wire/int64.ts'
import { describeValue } from './describe-value.ts'
import type { KeyValue } from './key.ts'
import { PARTICLE_TYPE } from './particle-type.ts'
import { RIPEMD160_BYTES, ripemd160, ripemd160Short, SHORT_MESSAGE_BYTES } from './ripemd160.ts'

/** Bytes of a digest. */
export const DIGEST_BYTES: number = RIPEMD160_BYTES

const SCRATCH_BYTES = 256
const KEPT_SCRATCH_BYTES = 64 * 1024

// Scratch memory of one call; nothing in it outlives the call.
let scratch = new ByteWriter(SCRATCH_BYTES)

/** Type byte and number of an integer key. */
const INTEGER_KEY_BYTES = 9
// One block for integer keys of one set after the other: its name and what follows the number stay as they are from key to key.
const block = new DataView(new ArrayBuffer(64))
let blockSetName: string | undefined
let blockSetBytes = 0

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
  if (typeof value === 'number' && (setName === blockSetName || putSetName(setName))) {
    checkInteger(value)
    block.setUint8(blockSetBytes, PARTICLE_TYPE.integer)
    writeInt64(block, blockSetBytes + 1, value)
    ripemd160Short(block, blockSetBytes + INTEGER_KEY_BYTES, digest)
    return digest
  }
  const out = scratch
  out.position = 0
  out.text(setName)
  writeKeyValue(out, value)
  ripemd160(out.bytes, out.position, digest, 0)
  // One huge key must not keep its memory for ever.
  if (out.bytes.length > KEPT_SCRATCH_BYTES) scratch = new ByteWriter(SCRATCH_BYTES)
  return digest
}

/** Puts the name at the beginning of the block and clears the rest. @returns `false` when an integer key does not fit behind it. */
function putSetName(setName: string): boolean {
  const out = scratch
  out.position = 0
  const length = out.text(setName)
  if (length + INTEGER_KEY_BYTES > SHORT_MESSAGE_BYTES) return false
  for (let at = 0; at < block.byteLength; at++)
    block.setUint8(at, at < length ? (out.bytes[at] as number) : 0)
  blockSetName = setName
  blockSetBytes = length
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
    checkInteger(value)
    out.u8(PARTICLE_TYPE.integer)
    out.i64(value)
  } else if (value instanceof Uint8Array) {
    out.u8(PARTICLE_TYPE.blob)
    out.copy(value)
  } else throw new EncodeError('', `a key is a string, an integer or bytes, not ${describeValue(value)}`)
}

function checkInteger(value: number | bigint): void {
  if (typeof value === 'bigint') {
    if (value < INT64_MIN || value > INT64_MAX)
      throw new EncodeError('', `key ${value} does not fit into 64 bits`)
  } else if (!Number.isSafeInteger(value)) {
    const advice = Number.isInteger(value) ? ': write it as a bigint' : ''
    throw new EncodeError('', `key ${value} is not a safe integer${advice}`)
  }
}
