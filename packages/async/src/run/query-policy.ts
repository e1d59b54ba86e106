import type { Behavior, NamespaceMode } from '@aero/config'
import type { ReplicaOrder } from '@aero/tender'
import { consistencyBits } from './consistency.ts'

/** A behavior's settings for queries, worked out into what is used. */
export interface QueryPolicy {
  /** Milliseconds that may be spent waiting for servers; Infinity for no limit. What the reader takes does not count. */
  readonly totalTimeoutMs: number
  /** Milliseconds that a server may say nothing; Infinity for no limit. */
  readonly silenceMs: number
  /** What servers are told: how long they wait for a client that does not read; 0 for ever. */
  readonly socketTimeoutMs: number
  readonly maxRetries: number
  readonly retryDelayMs: number
  readonly replica: ReplicaOrder
  /** Bits that the settings add. */
  readonly info1: number
  readonly info3: number
  /** Nodes that work on the query at a time; Infinity for all. */
  readonly maxConcurrentNodes: number
  /** Records that may wait for the reader before sockets are no longer read. */
  readonly recordQueueSize: number
  /** Bytes that may wait for the reader, likewise. */
  readonly recordQueueBytes: number
}

/** 0 means 'no limit' in settings. */
const limit = (value: number): number => (value === 0 ? Number.POSITIVE_INFINITY : value)

/** Works out what `behavior` says of queries, in namespaces of one mode. */
export function queryPolicy(behavior: Behavior, mode: NamespaceMode = 'AP'): QueryPolicy {
  const settings = behavior.settingsFor('READ', 'QUERY', mode)
  const totalTimeoutMs = limit(settings.totalTimeout)
  return {
    totalTimeoutMs,
    silenceMs: Math.min(limit(settings.socketTimeout), totalTimeoutMs),
    socketTimeoutMs: settings.socketTimeout,
    maxRetries: settings.maxRetries,
    retryDelayMs: settings.retryDelay,
    replica: settings.replica,
    ...consistencyBits(settings, 'READ', mode),
    maxConcurrentNodes: limit(settings.maxConcurrentNodes),
    recordQueueSize: settings.recordQueueSize,
    recordQueueBytes: settings.recordQueueBytes,
  }
}
