import type { AddressFailure } from './errors.ts'
import type { Node } from './node.ts'
import type { RemovalReason } from './node-report.ts'

/** What a cluster tells of itself, by event name. */
export interface ClusterEvents {
  /** A node takes part from now on. */
  'node-added': { readonly node: Node }
  /** A node takes part no longer. */
  'node-removed': { readonly node: Node; readonly reason: RemovalReason }
  /** A node made too many errors: commands to it fail at once until the error window ends. */
  'node-suspended': { readonly node: Node; readonly errors: number }
  /** A suspension is over. */
  'node-resumed': { readonly node: Node }
  /** The process behind a node is another one than before. */
  'node-restarted': { readonly node: Node }
  /** Partitions have other owners than before. */
  'partitions-changed': { readonly namespaces: readonly string[] }
  /** The last node is gone. Seeds are tried in every round from now on. */
  disconnected: Readonly<Record<never, never>>
  /** An address failed that the client can live without for now. Told once until the reason changes. */
  warning: AddressFailure
}

/** Called with what the event carries. */
export type ClusterListener<E extends keyof ClusterEvents> = (event: ClusterEvents[E]) => void

/** Listeners by event. A listener that throws disturbs neither the others nor the caller: its error surfaces as uncaught. */
export class ClusterEmitter {
  readonly #listeners = new Map<keyof ClusterEvents, Set<ClusterListener<never>>>()

  /** Returns what takes the listener away again. */
  on<E extends keyof ClusterEvents>(event: E, listener: ClusterListener<E>): () => void {
    let listeners = this.#listeners.get(event)
    if (listeners === undefined) this.#listeners.set(event, (listeners = new Set()))
    // Its own function each time: the same listener may be registered twice.
    const registered = (payload: ClusterEvents[E]): void => listener(payload)
    listeners.add(registered)
    return () => listeners.delete(registered)
  }

  emit<E extends keyof ClusterEvents>(event: E, payload: ClusterEvents[E]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        ;(listener as ClusterListener<E>)(payload)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  clear(): void {
    this.#listeners.clear()
  }
}
