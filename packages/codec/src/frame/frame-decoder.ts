import { DecodeError, LimitExceededError } from '../errors.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { hexExcerpt } from '../wire/hex-excerpt.ts'
import { FRAME_HEADER_BYTES, FRAME_TYPE, FRAME_VERSION, type FrameType } from './frame-type.ts'

const EMPTY = new Uint8Array(0)
const LEAST_CARRY_BYTES = 256
/**
 * One huge frame must not keep its memory for the life of the connection. Servers give a query's records in frames of 1 MiB and a
 * record: taking that memory anew for each cost a scan a tenth of the client's time, and through a thread of little memory a third.
 */
const KEPT_CARRY_BYTES = 2 * 1024 * 1024

/**
 * Cuts a byte stream into frames, in place: a frame that lies whole in a pushed chunk is read where it lies; only one that
 * straddles two chunks is copied together. Each byte is looked at once.
 *
 * Push a chunk, take frames while {@link next} says `true`, then call {@link settle} before the chunk's memory is used
 * again. After an error the stream is out of step and the decoder stays failed: the connection must be closed.
 *
 * @example
 * ```ts
 * import { FrameDecoder } from '@aero/codec'
 * const frames = new FrameDecoder()
 * frames.push(new Uint8Array([2, 1, 0, 0, 0, 0, 0, 2, 0x6f, 0x6b]))
 * while (frames.next()) console.log(frames.type, frames.body.text(frames.body.remaining)) // 1 'ok'
 * frames.settle()
 * ```
 */
export class FrameDecoder {
  /** Type of the frame that {@link next} found. */
  type: FrameType = FRAME_TYPE.message
  /** The body of the frame that {@link next} found; valid until the next call of any method here. */
  readonly body: ByteReader = new ByteReader()

  readonly #maxFrameBytes: number
  #chunk: Uint8Array = EMPTY
  #view: DataView = new DataView(EMPTY.buffer)
  #position = 0
  #end = 0
  /** The beginning of a frame whose end has not arrived. */
  #carry: Uint8Array = EMPTY
  #carryView: DataView = new DataView(EMPTY.buffer)
  #carried = 0

  /** @param maxFrameBytes a frame that claims a longer body is refused before memory is taken for it */
  constructor(maxFrameBytes: number = DEFAULT_LIMITS.maxFrameBytes) {
    this.#maxFrameBytes = maxFrameBytes
  }

  /** `true` when no part of a frame is waiting for its end. */
  get isEmpty(): boolean {
    return this.#carried === 0 && this.#position === this.#end
  }

  /** Hands over the first `length` bytes of `chunk`. The previous chunk must have been drained and settled. */
  push(chunk: Uint8Array, length: number = chunk.length): void {
    if (this.#position !== this.#end) this.settle()
    if (chunk !== this.#chunk) {
      this.#chunk = chunk
      this.#view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    }
    this.#position = 0
    this.#end = length
  }

  /**
   * Moves to the next whole frame.
   *
   * @returns `false` when more bytes are needed.
   * @throws DecodeError for a wrong version or type, LimitExceededError for a body above the ceiling.
   */
  next(): boolean {
    if (this.#carried > 0) return this.#nextCarried()
    const available = this.#end - this.#position
    if (available < FRAME_HEADER_BYTES) return false
    const length = this.#checkHeader(this.#chunk, this.#view, this.#position)
    if (available < FRAME_HEADER_BYTES + length) return false
    const start = this.#position + FRAME_HEADER_BYTES
    this.#position = start + length
    this.body.reset(this.#chunk, this.#view, start, this.#position)
    return true
  }

  /** Copies what is left of the chunk, so that its memory may be used again. */
  settle(): void {
    const left = this.#end - this.#position
    if (left > 0) {
      this.#carryFromChunk(left, left)
      this.#position = this.#end
    }
  }

  #nextCarried(): boolean {
    if (this.#carried < FRAME_HEADER_BYTES) {
      const missing = FRAME_HEADER_BYTES - this.#carried
      this.#carryFromChunk(Math.min(missing, this.#end - this.#position), FRAME_HEADER_BYTES)
      if (this.#carried < FRAME_HEADER_BYTES) return false
    }
    const total = FRAME_HEADER_BYTES + this.#checkHeader(this.#carry, this.#carryView, 0)
    if (this.#carried < total) {
      this.#carryFromChunk(Math.min(total - this.#carried, this.#end - this.#position), total)
      if (this.#carried < total) return false
    }
    this.#carried = 0
    this.body.reset(this.#carry, this.#carryView, FRAME_HEADER_BYTES, total)
    if (this.#carry.length > KEPT_CARRY_BYTES) this.#useCarry(EMPTY)
    return true
  }

  /** Carries `count` more bytes of a frame that has `most` in all, as far as is known. */
  #carryFromChunk(count: number, most: number): void {
    const needed = this.#carried + count
    if (this.#carry.length < needed) {
      // Doubling, so that a large frame in small chunks costs amortised O(1) a byte; never on the mere claim of a length, nor beyond it.
      const doubled = Math.min(this.#carry.length * 2, most)
      const grown = new Uint8Array(Math.max(needed, doubled, LEAST_CARRY_BYTES))
      grown.set(this.#carry.subarray(0, this.#carried))
      this.#useCarry(grown)
    }
    this.#carry.set(this.#chunk.subarray(this.#position, this.#position + count), this.#carried)
    this.#carried = needed
    this.#position += count
  }

  #useCarry(memory: Uint8Array): void {
    this.#carry = memory
    this.#carryView = new DataView(memory.buffer)
  }

  #checkHeader(bytes: Uint8Array, view: DataView, at: number): number {
    const version = bytes[at] as number
    if (version !== FRAME_VERSION) {
      throw new DecodeError(`frame version ${version} instead of ${FRAME_VERSION}`, at, hexExcerpt(bytes, at))
    }
    const type = bytes[at + 1] as number
    if (type < FRAME_TYPE.info || type > FRAME_TYPE.compressed) {
      throw new DecodeError(`unknown frame type ${type}`, at + 1, hexExcerpt(bytes, at + 1))
    }
    const length = view.getUint16(at + 2) * 0x1_0000_0000 + view.getUint32(at + 4)
    if (length > this.#maxFrameBytes) {
      throw new LimitExceededError(
        `frame of ${length} bytes exceeds the limit of ${this.#maxFrameBytes}`,
        at + 2,
        hexExcerpt(bytes, at + 2),
      )
    }
    this.type = type as FrameType
    return length
  }
}
