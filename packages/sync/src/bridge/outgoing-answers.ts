import { type ANSWER, CONTROL, PIECE } from './control.ts'
import type { Ring } from './ring.ts'

/** One of {@link ANSWER}. */
type AnswerKind = (typeof ANSWER)[keyof typeof ANSWER]

interface WaitingAnswer {
  readonly kind: AnswerKind
  readonly id: number
  readonly detail: number
  readonly time: number
  readonly bytes: Uint8Array
}

/**
 * The worker's messages to the calling thread, in order. What finds no room in the ring waits here, as a copy; the calling thread, which
 * has asked for all of it, is then told by the word `answersWait` to wake this thread as it makes room.
 */
export class OutgoingAnswers {
  readonly #ring: Pick<Ring, 'longest' | 'write'>
  readonly #control: Int32Array
  readonly #knock: () => void
  #waiting: WaitingAnswer[] = []

  /** @param knock wakes the calling thread */
  constructor(ring: Pick<Ring, 'longest' | 'write'>, control: Int32Array, knock: () => void) {
    this.#ring = ring
    this.#control = control
    this.#knock = knock
  }

  /** Some have found no room. */
  get areWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Sends a message with `bytes` from `from` to `to`, behind those that wait. */
  send(
    kind: AnswerKind,
    id: number,
    detail: number,
    time: number,
    bytes: Uint8Array,
    from = 0,
    to: number = bytes.length,
  ): void {
    let at = from
    const ring = this.#ring
    const { longest } = ring
    for (let tries = 0; tries < 2 && this.#waiting.length === 0; tries++) {
      while (to - at > longest && ring.write(PIECE, id, 0, 0, bytes, at, at + longest)) at += longest
      if (to - at <= longest && ring.write(kind, id, detail, time, bytes, at, to)) {
        if (tries > 0) Atomics.store(this.#control, CONTROL.answersWait, 0)
        this.#knock()
        return
      }
      // Room that is made before this is known wakes nobody: so it is tried once more.
      Atomics.store(this.#control, CONTROL.answersWait, 1)
    }
    // The frame lies in the connection's buffer, which is about to be used again.
    this.#waiting.push({ kind, id, detail, time, bytes: bytes.slice(at, to) })
    this.#knock()
  }

  /** Sends what waits, as far as there is room. */
  sendWaiting(): void {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    Atomics.store(this.#control, CONTROL.answersWait, 0)
    for (const { kind, id, detail, time, bytes } of waiting) this.send(kind, id, detail, time, bytes)
  }

  /** Drops what waits of the answer to `id`. */
  forget(id: number): void {
    if (this.#waiting.length > 0) this.#waiting = this.#waiting.filter((answer) => answer.id !== id)
  }
}
