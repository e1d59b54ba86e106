import type { ByteReader } from '@aero/codec'

/** Smaller frames are not worth keeping memory for: the allocator has it at hand. */
const LEAST_BYTES = 64 * 1024
/** Servers give a query's records in frames of 1 MiB and a record. Larger ones are rare, and their memory is given back. */
const MOST_BYTES = 2 * 1024 * 1024
/** Pieces kept: one that is read, one that waits, for two nodes. */
const MOST_PIECES = 4
/** Sizes are rounded up to whole steps of this: frames of one answer differ by a record. */
const STEP_BYTES = 64 * 1024

/**
 * Memory for the frames of queries, which wait for their reader outside the receive buffer. What a reader is through with serves the
 * frames to come, also those of the next query: memory of a megabyte comes from the operating system page by page, and took a twelfth
 * of the time of an index query that gives 20 000 records.
 *
 * Keeps at most {@link MOST_PIECES} pieces of {@link MOST_BYTES}.
 */
export class FrameMemory {
  readonly #pieces: ArrayBuffer[] = []

  /** A copy of what is left of `body`. */
  copyOf(body: ByteReader): Uint8Array {
    const { bytes, position, end, remaining } = body
    const frame = remaining < LEAST_BYTES ? new Uint8Array(remaining) : this.#take(remaining)
    // Set, not slice: the receive buffer may be a Node Buffer, whose slice shares its memory.
    frame.set(bytes.subarray(position, end))
    return frame
  }

  /** Takes the memory of a copy back. Nobody may look at the copy any more. */
  giveBack(frame: Uint8Array): void {
    const { buffer } = frame
    const { byteLength } = buffer
    if (byteLength < LEAST_BYTES || byteLength > MOST_BYTES || this.#pieces.length === MOST_PIECES) return
    this.#pieces.push(buffer as ArrayBuffer)
  }

  /** A piece that is too small for what is needed now makes room for one that is not. */
  #take(length: number): Uint8Array {
    const kept = this.#pieces.pop()
    const piece =
      kept !== undefined && kept.byteLength >= length
        ? kept
        : new ArrayBuffer(Math.ceil(length / STEP_BYTES) * STEP_BYTES)
    return new Uint8Array(piece, 0, length)
  }
}
