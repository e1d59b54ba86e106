import type { Ring } from './ring.ts'

const FIRST_BYTES = 16 * 1024

/**
 * The bytes of messages as they come out of a ring, in memory of this thread's own: what came in several pieces is put together.
 * The memory is used again for the next message.
 */
export class Pieces {
  /** The message of the last {@link Pieces.take}, from 0 to {@link Pieces.size}. */
  bytes: Uint8Array = new Uint8Array(FIRST_BYTES)
  view: DataView = new DataView(this.bytes.buffer)
  size = 0
  readonly #begun = new Map<number, Uint8Array[]>()

  /** Keeps a piece of a message that goes on. */
  keep(ring: Ring): void {
    const piece = new Uint8Array(ring.size)
    ring.copyTo(piece, 0)
    const pieces = this.#begun.get(ring.id)
    if (pieces === undefined) this.#begun.set(ring.id, [piece])
    else pieces.push(piece)
  }

  /** Takes the message that the ring is at, with the pieces before it. */
  take(ring: Ring): void {
    const pieces = this.#begun.size === 0 ? undefined : this.#begun.get(ring.id)
    let before = 0
    if (pieces !== undefined) {
      this.#begun.delete(ring.id)
      for (const piece of pieces) before += piece.length
    }
    this.#reserve(before + ring.size)
    let at = 0
    if (pieces !== undefined)
      for (const piece of pieces) {
        this.bytes.set(piece, at)
        at += piece.length
      }
    ring.copyTo(this.bytes, before)
    this.size = before + ring.size
  }

  #reserve(size: number): void {
    // A buffer that had to be very large once is not kept.
    if (this.bytes.length >= size && this.bytes.length <= Math.max(KEPT_BYTES, size)) return
    this.bytes = new Uint8Array(Math.max(FIRST_BYTES, size))
    this.view = new DataView(this.bytes.buffer)
  }
}

const KEPT_BYTES = 1024 * 1024
