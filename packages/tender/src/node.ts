import type { Endpoint, Pool } from '@aero/transport'
import type { NodeState } from './cluster-state.ts'
import { ErrorWindow } from './error-window.ts'
import type { Routable } from './router.ts'

/** A node of the cluster and the connections to it. When it moves to another address, another object takes its place. */
export class Node implements Routable {
  readonly name: string
  readonly endpoint: Endpoint
  /** The server's version as it prints it, such as `8.1.2.0`. */
  readonly build: string
  /** Where requests go. */
  readonly pool: Pool
  readonly #errorWindow: ErrorWindow
  readonly #onSuspended: (node: Node) => void
  #isActive = true
  #racks: ReadonlyMap<string, number>

  constructor(state: NodeState, pool: Pool, maxErrorRate: number, onSuspended: (node: Node) => void) {
    this.name = state.name
    this.endpoint = state.endpoint
    this.build = state.build
    this.pool = pool
    this.#racks = state.racks
    this.#errorWindow = new ErrorWindow(maxErrorRate)
    this.#onSuspended = onSuspended
  }

  /** `false` once the node has been taken out of the cluster; its pool is closed then. */
  get isActive(): boolean {
    return this.#isActive
  }

  /**
   * Whether the node made more errors than allowed in the error window that runs. Commands should then fail at once, or go
   * to another replica.
   */
  get isSuspended(): boolean {
    return this.#errorWindow.isSuspended
  }

  /** The error window that runs, read-only in spirit: for reports and messages. */
  get errorWindow(): { readonly errors: number; readonly allowed: number } {
    return this.#errorWindow
  }

  /** Counts an error of a command against this node: a connection that failed, a timeout, an overloaded server. */
  recordError(): void {
    if (this.#errorWindow.record()) this.#onSuspended(this)
  }

  rackOf(namespace: string): number | undefined {
    return this.#racks.get(namespace)
  }

  /** `name host:port`. */
  toString(): string {
    return `${this.name} ${this.endpoint}`
  }

  /** @internal What has been learned since. */
  update(state: NodeState): void {
    this.#racks = state.racks
  }

  /** @internal Returns `true` when a suspension ended. */
  endErrorWindow(): boolean {
    return this.#errorWindow.endWindow()
  }

  /** @internal The process behind it is new. Returns `true` when a suspension ended. */
  forgiveErrors(): boolean {
    return this.#errorWindow.reset()
  }

  /** @internal */
  close(): void {
    this.#isActive = false
    this.pool.close()
  }
}
