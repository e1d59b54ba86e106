import { CONTROL, SLEEP } from './control.ts'

/** So long the worker stays awake, and then is blocked. */
const AWAKE_MS = 0.1
const BLOCKED_MS = 0.5
/** Between two looks at the clock. */
const LOOKS = 64
/** After a wait in which nothing came, so many are left out; after the next such wait twice as many, and so on. */
const FIRST_REST = 1
const LONGEST_REST = 8192

/** What has come to nothing is left out for a while, twice as often after each further miss. */
class Rests {
  #left = 0
  #next = FIRST_REST

  /** Whether it is to be left out this time. */
  take(): boolean {
    if (this.#left === 0) return false
    this.#left--
    return true
  }

  learn(wasWorthIt: boolean): boolean {
    if (wasWorthIt) this.#next = FIRST_REST
    else {
      this.#left = this.#next
      this.#next = Math.min(LONGEST_REST, this.#next * 2)
    }
    return wasWorthIt
  }
}

/**
 * The worker's wait for the next request of a thread that makes one call after the other: awake at first, then blocked. Both end sooner
 * than sleep in the event loop, which only a task that is posted to it ends; but nothing else gets a turn meanwhile, so it is short, and
 * for when nothing is in flight.
 *
 * Where requests come later than that it soon gives up, and where they come while it is blocked it is soon blocked at once.
 */
export class AttentiveWait {
  readonly #control: Int32Array
  readonly #staysAwake: boolean
  readonly #awakeRests = new Rests()
  readonly #blockedRests = new Rests()

  /** @param staysAwake whether it may stay awake; if not, it is blocked at once */
  constructor(control: Int32Array, staysAwake: boolean) {
    this.#control = control
    this.#staysAwake = staysAwake
  }

  /** Waits until the word `toWorker` is, or becomes, another than `seen`, or the time is over. Whoever calls it goes on to look. */
  begin(seen: number): void {
    if (this.#blockedRests.take()) return
    if (this.#staysAwake && !this.#awakeRests.take() && this.#awakeRests.learn(this.#awake(seen))) {
      this.#blockedRests.learn(true)
      return
    }
    this.#blockedRests.learn(this.#blocked(seen))
  }

  #awake(seen: number): boolean {
    const control = this.#control
    Atomics.store(control, CONTROL.workerSleeps, SLEEP.awake)
    const until = performance.now() + AWAKE_MS
    do {
      for (let look = 0; look < LOOKS; look++)
        if (Atomics.load(control, CONTROL.toWorker) !== seen) return true
    } while (performance.now() < until)
    return false
  }

  #blocked(seen: number): boolean {
    const control = this.#control
    const woken = Atomics.load(control, CONTROL.toBlockedWorker)
    Atomics.store(control, CONTROL.workerSleeps, SLEEP.blocked)
    // What came before it was known that this thread is blocked has woken nobody.
    const ended =
      Atomics.load(control, CONTROL.toWorker) !== seen ||
      Atomics.wait(control, CONTROL.toBlockedWorker, woken, BLOCKED_MS) !== 'timed-out'
    Atomics.store(control, CONTROL.workerSleeps, SLEEP.awake)
    return ended
  }
}
