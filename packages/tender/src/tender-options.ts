import type { UserAgent } from '@aero/codec'
import type { Clock, Endpoint, PoolOptions, SocketOpener } from '@aero/transport'
import type { ResolveHost } from './seeds.ts'

/** What a pool is told beside what the cluster gives to all of them. */
export type NodePoolOptions = Omit<PoolOptions, 'endpoint' | 'opener' | 'clock' | 'watch' | 'onTrouble'>

/** What a cluster is opened with. Times are milliseconds. */
export interface TenderOptions {
  /** Where to begin; any node of the cluster will do. */
  readonly seeds: readonly Endpoint[]
  /** How the client introduces itself to servers from 8.1. */
  readonly userAgent: UserAgent
  /** The name the cluster must have; without it any cluster will do. */
  readonly clusterName?: string | undefined
  /** From one round of tending to the next; default 1000. */
  readonly tendInterval?: number
  /** For one question to one node; default 1000. */
  readonly tendTimeout?: number
  /** Whether opening fails when no node is reached. If not, the cluster is empty and goes on trying. Default `true`. */
  readonly failIfNotConnected?: boolean
  /** Use the alternate addresses that nodes publish; default `false`. */
  readonly useServicesAlternate?: boolean
  /** Published host → host to connect to. */
  readonly ipMap?: Readonly<Record<string, string>>
  /** Preferred racks, the best first. Racks are asked for only when there are any here. */
  readonly racks?: readonly number[]
  /** Errors that a node may make in one error window; 0: any number. Default 100. */
  readonly maxErrorRate?: number
  /** Length of an error window in rounds of tending; default 1. */
  readonly errorRateWindow?: number
  readonly pool?: NodePoolOptions
  /** Finds the addresses of a name. Default: as the operating system does. */
  readonly resolve?: ResolveHost
  /** Default: plain TCP. */
  readonly opener?: SocketOpener
  readonly clock?: Clock
  /** 0 ≤ x < 1; default `Math.random`. */
  readonly random?: () => number
}

export const DEFAULT_TEND_INTERVAL = 1000
export const DEFAULT_TEND_TIMEOUT = 1000
