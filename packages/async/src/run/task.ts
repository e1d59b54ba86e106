import { RESULT_CODE } from '@aero/codec'
import type { Clock } from '@aero/transport'
import { errorFromCode } from '../errors.ts'

/** How long and how often a task is looked after. */
export interface TaskOptions {
  /** Milliseconds between two looks; default 100. */
  readonly pollInterval?: number
  /** Milliseconds for all of it; default 0, without end. */
  readonly timeout?: number
  /** Ends the wait, not the task. */
  readonly signal?: AbortSignal
}

/** Something that servers do in the background. */
export abstract class Task<Progress> {
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How far it is, asked of every node. */
  abstract progress(signal?: AbortSignal): Promise<Progress>

  protected abstract isOver(progress: Progress): boolean

  protected abstract describe(): string

  /** Whether it has ended. */
  async isDone(): Promise<boolean> {
    return this.isOver(await this.progress())
  }

  /**
   * Waits for the end.
   *
   * @returns how it stands then
   * @throws TimeoutError when that takes longer than allowed: the task goes on; the signal's reason
   */
  async done(options: TaskOptions = {}): Promise<Progress> {
    const { pollInterval = 100, timeout = 0, signal } = options
    const deadline = timeout === 0 ? Number.POSITIVE_INFINITY : this.#clock.now() + timeout
    for (;;) {
      signal?.throwIfAborted()
      const progress = await this.progress(signal)
      if (this.isOver(progress)) return progress
      if (this.#clock.now() + pollInterval > deadline) {
        throw errorFromCode(RESULT_CODE.TIMEOUT, {
          message: `${this.describe()} has not ended within ${timeout} ms; it goes on`,
        })
      }
      await this.#pause(pollInterval, signal)
    }
  }

  #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel()
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const cancel = this.#clock.after(ms, end, true)
      signal?.addEventListener('abort', end, { once: true })
    })
  }
}
