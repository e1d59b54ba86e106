import { BinNames } from '@aero/codec'
import type { ReplicaOrder } from '@aero/tender'
import type { Clock, Pool } from '@aero/transport'
import { AbortWatch } from './abort-watch.ts'
import { FrameMemory } from './frame-memory.ts'

/** What commands need of a node. The asynchronous front end gives the tended node itself, the blocking one its image. */
export interface CommandNode {
  readonly name: string
  readonly endpoint: { readonly host: string; readonly port: number }
  /** The node made too many errors lately: commands to it should fail at once. */
  readonly isSuspended: boolean
  /** Where requests go. */
  readonly pool: Pick<Pool, 'submit' | 'submitExclusive' | 'cancel' | 'renewLogin'> &
    Partial<Pick<Pool, 'read'>>
  /** Counts an error of a command against the node. */
  recordError(): void
}

/** What commands need of a cluster: see the tender's `Cluster`. */
export interface CommandCluster {
  nodeFor(
    namespace: string,
    partition: number,
    order: ReplicaOrder,
    attempt: number,
    previous?: CommandNode,
  ): CommandNode | undefined
  hasNamespace(namespace: string): boolean
  /** Asked for every command. */
  isStronglyConsistent(namespace: string): boolean
  isConnected(): boolean
  compilesExpressions(): boolean
  wake(): void
}

/** What every command of a cluster shares. */
export interface Engine {
  readonly cluster: CommandCluster
  readonly clock: Clock
  readonly counters: Counters
  readonly aborts: AbortWatch
  /** Bin names seen in answers, shared so that each becomes a string once. */
  readonly names: BinNames
  /** Memory for what arrives before its reader comes. */
  readonly frames: FrameMemory
  /** Unix time in milliseconds, for expirations. */
  readonly wallClock: () => number
}

/** Counts since the cluster was opened. */
export interface Counters {
  commands: number
  retries: number
  failures: number
}

/** What the commands of a cluster share, as it is at first. */
export function newEngine(cluster: CommandCluster, clock: Clock, wallClock: () => number = Date.now): Engine {
  return {
    cluster,
    clock,
    wallClock,
    names: new BinNames(),
    frames: new FrameMemory(),
    aborts: new AbortWatch(),
    counters: { commands: 0, retries: 0, failures: 0 },
  }
}
