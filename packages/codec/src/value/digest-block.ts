import { ByteWriter } from '../wire/byte-writer.ts'
import { writeInt64 } from '../wire/int64.ts'
import { checkIntegerKey } from './integer-key.ts'
import type { KeyValue } from './key.ts'
import { PARTICLE_TYPE } from './particle-type.ts'

/** Bytes that RIPEMD-160 hashes in one go. */
export const BLOCK_BYTES = 64
/** Where a block has the length of the message, in bits. */
const LENGTH_AT = BLOCK_BYTES - 8
/** Longest message in a block: behind it are the bit 1, zeros and the length. */
export const SHORT_MESSAGE_BYTES: number = LENGTH_AT - 1

const INTEGER_BYTES = 8

/**
 * What is hashed for a short key, with its padding, as one block. From key to key only what differs is written: the name of the set
 * stays, and so does the padding behind keys of one length. That is a fifth of the time of a digest (bench/digest.bench.ts).
 */
export class DigestBlock {
  readonly bytes: Uint8Array
  readonly view: DataView
  setName: string | undefined = undefined
  /** Bytes of the set's name. */
  setBytes = 0
  /** Where the padding begins; {@link LENGTH_AT} when there is none. */
  end: number = LENGTH_AT

  /** @param bytes all zero */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, BLOCK_BYTES)
  }

  /**
   * Puts a key into the block: an integer, or a text in ASCII, if it fits.
   *
   * @returns `false` when it does not, and for keys of other kinds
   * @throws EncodeError for a number that is not a safe integer.
   */
  put(setName: string, value: KeyValue): boolean {
    const isNumber = typeof value === 'number'
    if (!isNumber && typeof value !== 'string') return false
    if (setName !== this.setName) this.putSetName(setName)
    const start = this.setBytes + 1
    const end = start + (isNumber ? INTEGER_BYTES : value.length)
    if (end > SHORT_MESSAGE_BYTES) return false
    if (isNumber) {
      checkIntegerKey(value)
      this.bytes[start - 1] = PARTICLE_TYPE.integer
      writeInt64(this.view, start, value)
    } else if (!this.putText(start, value)) return false
    if (end !== this.end) this.pad(end)
    return true
  }

  putText(start: number, text: string): boolean {
    const { bytes } = this
    bytes[start - 1] = PARTICLE_TYPE.string
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      if (unit > 0x7f) {
        this.end = LENGTH_AT
        return false
      }
      bytes[start + index] = unit
    }
    return true
  }

  putSetName(setName: string): void {
    // Unknown until it has been written: a name that cannot be is refused.
    this.setName = undefined
    const name = new ByteWriter(BLOCK_BYTES)
    this.setBytes = name.text(setName)
    for (let at = 0; at < this.setBytes && at < LENGTH_AT; at++) this.bytes[at] = name.bytes[at] as number
    this.end = LENGTH_AT
    this.setName = setName
  }

  pad(end: number): void {
    const { bytes } = this
    bytes[end] = 0x80
    for (let at = end + 1; at <= this.end && at < LENGTH_AT; at++) bytes[at] = 0
    this.view.setUint32(LENGTH_AT, end << 3, true)
    this.end = end
  }
}
