import { CONTROL } from './control.ts'

/** So long a thread stays awake for an answer. */
const AWAKE_MS = 0.15
/** Between two looks at the clock. */
const LOOKS = 64
/** What a thread begins with, and has at most; what an answer in time gives, and one that is late costs. */
const FIRST_CREDIT = 16
const MOST_CREDIT = 32
const GAIN = 1
const LOSS = 4
/** Without credit, so many waits are slept through; after the next such time twice as many, and so on. */
const FIRST_REST = 64
const LONGEST_REST = 16_384

/**
 * The calling thread's wait for an answer, awake: a thread that sleeps is woken by system calls in both threads. Where answers take
 * longer, because servers are far or there is no processor to spare, it is given up after a few of them, for longer each time.
 *
 * One late answer says little: where processors are few, the threads have to find their places first.
 */
export class AwakeWait {
  readonly #control: Int32Array
  readonly #mostMs: number
  #credit = FIRST_CREDIT
  #resting = 0
  #nextRest = FIRST_REST

  /** @param mostMs how long it stays awake */
  constructor(control: Int32Array, mostMs: number = AWAKE_MS) {
    this.#control = control
    this.#mostMs = mostMs
  }

  /** Whether the word `toCaller` is, or becomes in time, another than `seen`. */
  hasCome(seen: number): boolean {
    if (this.#resting > 0) {
      this.#resting--
      return false
    }
    const control = this.#control
    const until = performance.now() + this.#mostMs
    do {
      for (let look = 0; look < LOOKS; look++) {
        if (Atomics.load(control, CONTROL.toCaller) === seen) continue
        if (this.#credit < MOST_CREDIT) this.#gain()
        return true
      }
    } while (performance.now() < until)
    this.#lose()
    return false
  }

  #gain(): void {
    this.#credit += GAIN
    if (this.#credit === MOST_CREDIT) this.#nextRest = FIRST_REST
  }

  #lose(): void {
    this.#credit -= LOSS
    if (this.#credit > 0) return
    this.#credit = FIRST_CREDIT
    this.#resting = this.#nextRest
    this.#nextRest = Math.min(LONGEST_REST, this.#nextRest * 2)
  }
}
