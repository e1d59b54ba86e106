import type { BinNames } from '@aero/codec'
import type { Cluster } from '@aero/tender'
import type { Clock } from '@aero/transport'
import type { AbortWatch } from './abort-watch.ts'

/** What every command of a cluster shares. */
export interface Engine {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly counters: Counters
  readonly aborts: AbortWatch
  /** Bin names seen in answers, shared so that each becomes a string once. */
  readonly names: BinNames
  /** Unix time in milliseconds, for expirations. */
  readonly wallClock: () => number
}

/** Counts since the cluster was opened. */
export interface Counters {
  commands: number
  retries: number
  failures: number
}
