import { TruncatedError } from '../errors.ts'
import { hexExcerpt } from './hex-excerpt.ts'
import { readInt64, readUint64 } from './int64.ts'
import { readUtf8 } from './text.ts'

const EMPTY = new Uint8Array(0)
const EMPTY_VIEW = new DataView(EMPTY.buffer)
/** Up to here a loop copies faster than the two calls of set() and subarray(). */
const SHORT_COPY = 32

/**
 * A cursor over a window `[position, end)` of somebody's memory. Nothing is copied unless the method says so; the window
 * is valid only as long as the memory is (for a socket's receive buffer: until the frame's handler returns).
 *
 * Every read checks the window once; `need(n)` checks for several stores read by hand through `bytes` and `view`.
 */
export class ByteReader {
  bytes: Uint8Array = EMPTY
  view: DataView = EMPTY_VIEW
  position = 0
  end = 0

  /** Reads all of `bytes`, or the window given. */
  static over(bytes: Uint8Array, position = 0, end: number = bytes.length): ByteReader {
    return makeByteReader().reset(
      bytes,
      new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      position,
      end,
    )
  }

  /** Moves the window. `view` must cover exactly `bytes`. Offsets count in `bytes`. */
  reset(bytes: Uint8Array, view: DataView, position: number, end: number): this {
    this.bytes = bytes
    this.view = view
    this.position = position
    this.end = end
    return this
  }

  get remaining(): number {
    return this.end - this.position
  }

  /** Throws {@link TruncatedError} unless `count` bytes are left. */
  need(count: number): void {
    if (count > this.end - this.position) this.#truncated(count)
  }

  #truncated(count: number): never {
    throw new TruncatedError(
      `${count} bytes expected, ${this.end - this.position} left`,
      this.position,
      hexExcerpt(this.bytes.subarray(0, this.end), this.position),
    )
  }

  u8(): number {
    this.need(1)
    return this.bytes[this.position++] as number
  }

  u16(): number {
    this.need(2)
    const value = this.view.getUint16(this.position)
    this.position += 2
    return value
  }

  u32(): number {
    this.need(4)
    const value = this.view.getUint32(this.position)
    this.position += 4
    return value
  }

  i32(): number {
    this.need(4)
    const value = this.view.getInt32(this.position)
    this.position += 4
    return value
  }

  /** Signed, a number when safe, else a bigint. */
  i64(): number | bigint {
    this.need(8)
    const value = readInt64(this.view, this.position)
    this.position += 8
    return value
  }

  /** Unsigned, a number when safe, else a bigint. */
  u64(): number | bigint {
    this.need(8)
    const value = readUint64(this.view, this.position)
    this.position += 8
    return value
  }

  f64(): number {
    this.need(8)
    const value = this.view.getFloat64(this.position)
    this.position += 8
    return value
  }

  f32(): number {
    this.need(4)
    const value = this.view.getFloat32(this.position)
    this.position += 4
    return value
  }

  /** `length` bytes as UTF-8 text. */
  text(length: number): string {
    this.need(length)
    const text = readUtf8(this.bytes, this.position, length)
    this.position += length
    return text
  }

  /** A copy of the next `length` bytes, in its own memory. */
  copy(length: number): Uint8Array {
    this.need(length)
    const { bytes, position } = this
    this.position = position + length
    // Not slice(): on a Node Buffer, which receive memory may be, that shares the memory.
    const copy = new Uint8Array(length)
    if (length > SHORT_COPY) copy.set(bytes.subarray(position, position + length))
    else for (let index = 0; index < length; index++) copy[index] = bytes[position + index] as number
    return copy
  }

  skip(length: number): void {
    this.need(length)
    this.position += length
  }
}

// A class that names itself in its own body is renamed by the bundler, and users would see that name.
function makeByteReader(): ByteReader {
  return new ByteReader()
}
