import { EncodeError } from '../errors.ts'
import { writeInt64 } from './int64.ts'
import { checkWellFormed, writePartialUtf8, writeUtf8 } from './text.ts'

/** Texts above this many UTF-16 units do not get three times their length reserved on the chance that they need it. */
const LONG_TEXT = 1024

/**
 * A growing buffer with a cursor. A whole turn's requests are written into one of these, one behind another, so lengths
 * are reserved and patched instead of being estimated beforehand, and a request that turns out to be impossible is taken
 * back by setting {@link ByteWriter.position} to where it began.
 *
 * `bytes`, `view` and `position` are open to the codec's own loops: `ensure(n)` once, then store.
 *
 * @example
 * ```ts
 * import { ByteWriter } from '@aero/codec'
 * const out = new ByteWriter(16)
 * const size = out.reserve(4)
 * out.text('test')
 * out.patchU32(size, out.position - size - 4)
 * console.log(out.written()) // 00 00 00 04 74 65 73 74
 * ```
 */
export class ByteWriter {
  bytes: Uint8Array
  view: DataView
  /** Where the next byte goes; also how many have been written since `position` was last 0. */
  position = 0
  readonly maxBytes: number

  /**
   * @param capacity bytes to start with
   * @param maxBytes growth beyond this throws {@link EncodeError}; default 1 GiB
   */
  constructor(capacity = 1024, maxBytes: number = 1024 * 1024 * 1024) {
    this.bytes = new Uint8Array(capacity)
    this.view = new DataView(this.bytes.buffer)
    this.maxBytes = maxBytes
  }

  /** Makes room for `count` more bytes. `bytes` and `view` may be new objects afterwards. */
  ensure(count: number): void {
    if (this.position + count > this.bytes.length) this.#grow(count)
  }

  #grow(count: number): void {
    const needed = this.position + count
    if (needed > this.maxBytes) throw new EncodeError('', `request of more than ${this.maxBytes} bytes`)
    const grown = new Uint8Array(Math.min(this.maxBytes, Math.max(needed, this.bytes.length * 2)))
    grown.set(this.bytes.subarray(0, this.position))
    this.bytes = grown
    this.view = new DataView(grown.buffer)
  }

  u8(value: number): void {
    this.ensure(1)
    this.bytes[this.position++] = value
  }

  u16(value: number): void {
    this.ensure(2)
    this.view.setUint16(this.position, value)
    this.position += 2
  }

  u32(value: number): void {
    this.ensure(4)
    this.view.setUint32(this.position, value)
    this.position += 4
  }

  /** A safe integer or a bigint within 64 bits, signed or not; the caller has checked the range. */
  i64(value: number | bigint): void {
    this.ensure(8)
    if (typeof value === 'number') writeInt64(this.view, this.position, value)
    else this.view.setBigInt64(this.position, value)
    this.position += 8
  }

  f64(value: number): void {
    this.ensure(8)
    this.view.setFloat64(this.position, value)
    this.position += 8
  }

  f32(value: number): void {
    this.ensure(4)
    this.view.setFloat32(this.position, value)
    this.position += 4
  }

  copy(bytes: Uint8Array): void {
    const length = bytes.length
    this.ensure(length)
    // A loop beats set() for the short runs that digests and names are.
    if (length <= 32) {
      const target = this.bytes
      let position = this.position
      for (let index = 0; index < length; index++) target[position++] = bytes[index] as number
    } else this.bytes.set(bytes, this.position)
    this.position += length
  }

  /**
   * Writes `text` as UTF-8 without a length. Returns the number of bytes.
   *
   * @throws EncodeError when `text` contains a lone surrogate.
   */
  text(text: string): number {
    if (text.length > LONG_TEXT) return this.#longText(text)
    this.ensure(text.length * 3)
    const written = writeUtf8(this.bytes, this.position, text)
    this.position += written
    return written
  }

  #longText(text: string): number {
    // One byte a unit is enough for ASCII; only what is left after that gets the full room.
    this.ensure(text.length)
    const first = writePartialUtf8(this.bytes, this.position, text)
    let written = first.written
    if (first.read !== first.written || first.read !== text.length) checkWellFormed(text)
    if (first.read < text.length) {
      const rest = text.slice(first.read)
      const start = this.position
      this.position += written
      this.ensure(rest.length * 3)
      written += writePartialUtf8(this.bytes, this.position, rest).written
      this.position = start
    }
    this.position += written
    return written
  }

  /** Skips `count` bytes to be patched later and returns where they begin. Their content is undefined until patched. */
  reserve(count: number): number {
    this.ensure(count)
    const mark = this.position
    this.position += count
    return mark
  }

  patchU8(mark: number, value: number): void {
    this.bytes[mark] = value
  }

  patchU16(mark: number, value: number): void {
    this.view.setUint16(mark, value)
  }

  patchU32(mark: number, value: number): void {
    this.view.setUint32(mark, value)
  }

  /** What has been written, as a view of the writer's own memory: valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.position)
  }

  /** What has been written, as a copy; the writer is empty afterwards. */
  take(): Uint8Array {
    const copy = this.bytes.slice(0, this.position)
    this.position = 0
    return copy
  }
}
