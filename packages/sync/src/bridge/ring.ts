/*
 * message := size u32 · kind u32 · id u32 · detail u32 · time f64 · bytes, padded to 8
 *
 * A size of END says that the next message stands at the ring's beginning. A message is written whole, and never over the end.
 */
const HEADER = 24
const END = -1

const padded = (size: number): number => (size + 7) & ~7

/** Where a ring lies, and the two words that say how far it has been read and written. */
export interface RingPlace {
  readonly buffer: SharedArrayBuffer
  readonly offset: number
  readonly bytes: number
  readonly control: Int32Array
  readonly readWord: number
  readonly writtenWord: number
}

/**
 * Messages from one thread to another, through shared memory: one thread writes, one reads. Neither waits here; who finds
 * nothing, or no room, does so elsewhere.
 */
export class Ring {
  // ---- the message that `next` has found
  kind = 0
  id = 0
  detail = 0
  time = 0
  /** How many bytes it has. */
  size = 0

  /** The longest message that is written in one piece. */
  readonly longest: number
  readonly #control: Int32Array
  readonly #readWord: number
  readonly #writtenWord: number
  readonly #capacity: number
  readonly #words: Int32Array
  readonly #doubles: Float64Array
  readonly #bytes: Uint8Array
  #at = 0

  constructor({ buffer, offset, bytes, control, readWord, writtenWord }: RingPlace) {
    this.#control = control
    this.#readWord = readWord
    this.#writtenWord = writtenWord
    this.#capacity = bytes
    this.#words = new Int32Array(buffer, offset, bytes / 4)
    this.#doubles = new Float64Array(buffer, offset, bytes / 8)
    this.#bytes = new Uint8Array(buffer, offset, bytes)
    this.longest = bytes / 4
  }

  /** Writes a message with `bytes` from `from` to `to`. Returns `false`, and writes nothing, when there is no room. */
  write(
    kind: number,
    id: number,
    detail: number,
    time: number,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): boolean {
    const size = to - from
    const needed = HEADER + padded(size)
    const read = Atomics.load(this.#control, this.#readWord)
    let at = this.#control[this.#writtenWord] as number
    if (at >= read) {
      // Free: from here to the end, and from the beginning to what is read next, which must not be reached.
      if (needed > this.#capacity - at - (read === 0 ? 1 : 0)) {
        if (needed >= read) return false
        if (at < this.#capacity) this.#words[at >> 2] = END
        at = 0
      }
    } else if (needed >= read - at) return false
    const word = at >> 2
    this.#words[word] = size
    this.#words[word + 1] = kind
    this.#words[word + 2] = id
    this.#words[word + 3] = detail
    this.#doubles[(at >> 3) + 2] = time
    if (size > 0) copy(bytes, from, this.#bytes, at + HEADER, size)
    const end = at + needed
    Atomics.store(this.#control, this.#writtenWord, end === this.#capacity ? 0 : end)
    return true
  }

  /** Moves to the next message; `false` when there is none. After it, {@link Ring.done} makes room. */
  next(): boolean {
    const written = Atomics.load(this.#control, this.#writtenWord)
    let at = this.#control[this.#readWord] as number
    if (at === written) return false
    if (this.#words[at >> 2] === END) at = 0
    const word = at >> 2
    this.size = this.#words[word] as number
    this.kind = this.#words[word + 1] as number
    this.id = this.#words[word + 2] as number
    this.detail = this.#words[word + 3] as number
    this.time = this.#doubles[(at >> 3) + 2] as number
    this.#at = at
    return true
  }

  /** Copies the bytes of the message to `target`. */
  copyTo(target: Uint8Array, offset: number): void {
    copy(this.#bytes, this.#at + HEADER, target, offset, this.size)
  }

  /** Gives back the room of the message. */
  done(): void {
    const end = this.#at + HEADER + padded(this.size)
    Atomics.store(this.#control, this.#readWord, end === this.#capacity ? 0 : end)
  }
}

/** Up to here a loop is faster than the two calls of set() and subarray(). */
const SHORT_COPY = 64

function copy(source: Uint8Array, from: number, target: Uint8Array, to: number, size: number): void {
  if (size > SHORT_COPY) target.set(source.subarray(from, from + size), to)
  else for (let index = 0; index < size; index++) target[to + index] = source[from + index] as number
}
