import type { Clock } from './clock.ts'
import type { DeadlineWatch } from './deadlines.ts'
import type { Endpoint } from './endpoint.ts'
import type { SocketOpener } from './socket.ts'

/** What a {@link Pool} is made from. */
export interface PoolOptions {
  readonly endpoint: Endpoint
  readonly opener: SocketOpener
  readonly clock: Clock
  /** Shared by all pools of a cluster. */
  readonly watch: DeadlineWatch
  /**
   * `'auto'` (default): requests share a few connections, many in flight on each. `'off'`: one at a time on each connection. With an
   * opener that says so (TLS) it is always `'off'`.
   */
  readonly pipelining?: 'auto' | 'off'
  /**
   * `'auto'` (default): the event loop is kept awake for the moment in which a near server answers a request that is alone on a shared
   * connection. `'off'`: it sleeps.
   */
  readonly wakefulWait?: 'auto' | 'off'
  /** So many connections are shared at most; default 4. */
  readonly sharedConnections?: number
  /**
   * A second connection is shared when the first has this many in flight, default 8; a third when both have 4 times as many, a fourth
   * at 16 times.
   */
  readonly openThreshold?: number
  /** So many are in flight on a shared connection at most; default 512. The rest waits unencoded. */
  readonly pipelineDepth?: number
  /** Connections at most, of all kinds; default 100. */
  readonly maxConnections?: number
  /** Connections kept open by {@link Pool.reap}; default 0. */
  readonly minConnections?: number
  /** A connection unused for longer is closed; default 55 000 ms, just under the server's own 60 s. */
  readonly maxIdleMs?: number
  /** An attempt to connect fails after this long; default 1000 ms. */
  readonly connectTimeoutMs?: number
  /**
   * How long the late answer of an abandoned request may take before its connection is given up, and with it the requests behind
   * it; default 3000 ms. 0: at once.
   */
  readonly drainDelayMs?: number
  /**
   * A shared connection on which requests wait and nothing has come for this long gets no further ones while there is another, and
   * reads that wait behind its oldest request are sent again elsewhere; default 20 ms, noticed after one to two times that. 0: never.
   */
  readonly stallMs?: number
  /** So many wait for a connection at most; default 65 536. */
  readonly queueLimit?: number
  /** Longest pause between attempts to connect that fail; default 1000 ms. */
  readonly longestPauseMs?: number
  /** Scatters the pauses; default `Math.random`. */
  readonly random?: () => number
  /** A connection could not be opened, or ended by itself: a reason to look at the cluster again. */
  readonly onTrouble?: (cause: Error | undefined) => void
  /** A callback of an exchange threw where nobody waits; default: thrown again as an uncaught exception. */
  readonly onDefect?: (error: unknown) => void
}

/** The options with their defaults. */
export type ResolvedPoolOptions = Required<PoolOptions>

/** A pool as a snapshot of numbers. */
export interface PoolStats {
  /** Connections of all states. */
  readonly connections: number
  readonly connecting: number
  readonly shared: number
  readonly exclusiveIdle: number
  readonly exclusiveBusy: number
  /** Connections that wait for the answers of requests that timed out. */
  readonly draining: number
  /** Exchanges without a connection yet. */
  readonly queued: number
  /** Exchanges on connections. */
  readonly inFlight: number
  /** Since the beginning: attempts to connect, of these failed, and connections ended after they were open. */
  readonly attempts: number
  readonly failedAttempts: number
  readonly ended: number
}
