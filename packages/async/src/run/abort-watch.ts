/** What an aborted signal ends. */
export interface Abortable {
  aborted(): void
}

/**
 * One listener for each signal, however many commands wait on it: a signal is often shared by thousands, and listeners of
 * their own would be counted as a leak by the platform. The listener goes with the last command.
 */
export class AbortWatch {
  readonly #waiting = new Map<
    AbortSignal,
    { readonly commands: Set<Abortable>; readonly listener: () => void }
  >()

  /** Number of signals that are listened to. */
  get size(): number {
    return this.#waiting.size
  }

  add(signal: AbortSignal, command: Abortable): void {
    let entry = this.#waiting.get(signal)
    if (entry === undefined) {
      const commands = new Set<Abortable>()
      const listener = (): void => {
        this.#waiting.delete(signal)
        for (const waiting of commands) waiting.aborted()
      }
      entry = { commands, listener }
      this.#waiting.set(signal, entry)
      signal.addEventListener('abort', listener, { once: true })
    }
    entry.commands.add(command)
  }

  remove(signal: AbortSignal, command: Abortable): void {
    const entry = this.#waiting.get(signal)
    if (entry === undefined || !entry.commands.delete(command) || entry.commands.size > 0) return
    this.#waiting.delete(signal)
    signal.removeEventListener('abort', entry.listener)
  }
}
