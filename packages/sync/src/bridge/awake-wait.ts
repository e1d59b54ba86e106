import { CONTROL } from './control.ts'

/** When it is worth it to stay awake for an answer. */
export interface AwakePlan {
  /** An answer that takes longer is late. */
  readonly soonMs: number
  /** So many are slept through before the first that a thread stays awake for. */
  readonly sleptFirst: number
}

/** For the answer to one record's request. */
export const FOR_A_RECORD: AwakePlan = { soonMs: 0.15, sleptFirst: 0 }

/**
 * For the answer to a batch. In a program's first second the engine's compilers and its collector of garbage want the processors as well:
 * short programs are faster with sleep.
 */
export const FOR_A_BATCH: AwakePlan = { soonMs: 0.5, sleptFirst: 4096 }

/**
 * So long a thread stays awake at most: through most late answers too, as a thread that never sleeps keeps its processor to itself, and
 * one that falls asleep now and then has to find its place anew (ADR 9).
 */
const MOST_MS = 1
/** Between two looks at the clock. */
const LOOKS = 64
/** What a thread begins with, and has at most: an answer that comes soon gives one, and a late one costs one. */
const FIRST_CREDIT = 16
const MOST_CREDIT = 32
/** Without credit, so many waits are slept through; after the next such time twice as many, and so on. */
const FIRST_REST = 64
const LONGEST_REST = 16_384

/**
 * The calling thread's wait for an answer, awake: a thread that sleeps is woken by system calls in both threads. Where answers take
 * longer, because servers are far or there is no processor to spare, it is given up after a few of them, for longer each time.
 *
 * That takes more late answers than soon ones: single ones come from threads that have not found their places yet where processors are few.
 */
export class AwakeWait {
  readonly #control: Int32Array
  readonly #soonMs: number
  #credit = FIRST_CREDIT
  #resting: number
  #nextRest = FIRST_REST

  constructor(control: Int32Array, { soonMs, sleptFirst }: AwakePlan) {
    this.#control = control
    this.#soonMs = soonMs
    this.#resting = sleptFirst
  }

  /** Whether the word `toCaller` is, or becomes in time, another than `seen`. */
  hasCome(seen: number): boolean {
    if (this.#resting > 0) {
      this.#resting--
      return false
    }
    const control = this.#control
    const begun = performance.now()
    let waited = 0
    do {
      for (let look = 0; look < LOOKS; look++) {
        if (Atomics.load(control, CONTROL.toCaller) === seen) continue
        if (waited > this.#soonMs) this.#lose()
        else if (this.#credit < MOST_CREDIT) this.#gain()
        return true
      }
      waited = performance.now() - begun
    } while (waited < MOST_MS)
    this.#lose()
    return false
  }

  #gain(): void {
    this.#credit++
    if (this.#credit === MOST_CREDIT) this.#nextRest = FIRST_REST
  }

  #lose(): void {
    this.#credit--
    if (this.#credit > 0) return
    this.#credit = FIRST_CREDIT
    this.#resting = this.#nextRest
    this.#nextRest = Math.min(LONGEST_REST, this.#nextRest * 2)
  }
}
