/** A pool as far as the decision to open a connection goes. */
export interface PoolDemand {
  readonly pipelined: boolean
  /** Connections of all states, and how many there may be. */
  readonly connections: number
  readonly maxConnections: number
  /** Attempts under way. */
  readonly openingShared: number
  readonly openingExclusive: number
  /** Attempts that may be under way at a time. */
  readonly concurrentOpens: number
  /** Shared connections that take requests; of all states; and how many there should be at most. */
  readonly sharedOpen: number
  readonly sharedTotal: number
  readonly sharedLimit: number
  readonly draining: number
  /** Exchanges that wait. */
  readonly sharedWaiting: number
  readonly exclusiveWaiting: number
  /** So many connections are wanted even if nothing waits. */
  readonly target: number
}

/**
 * Which kind of connection is to be opened next, if any.
 *
 * Shared ones are opened one at a time. Those that drain are replaced, but only to twice the limit: a server that stalls must not be
 * showered with connections. One place is kept for a shared connection as long as there is none.
 */
export function nextToOpen(demand: PoolDemand): 'shared' | 'exclusive' | undefined {
  const { connections, maxConnections, openingShared, openingExclusive, sharedTotal, sharedLimit } = demand
  if (connections >= maxConnections || openingShared + openingExclusive >= demand.concurrentOpens)
    return undefined
  if (
    demand.sharedWaiting > 0 &&
    openingShared === 0 &&
    demand.sharedOpen < sharedLimit &&
    sharedTotal < sharedLimit * 2
  ) {
    return 'shared'
  }
  const reserved = demand.pipelined && sharedTotal === 0 && maxConnections > 1 ? 1 : 0
  if (demand.exclusiveWaiting > openingExclusive && connections + reserved < maxConnections)
    return 'exclusive'
  if (connections - demand.draining < demand.target) {
    return demand.pipelined && sharedTotal < sharedLimit ? 'shared' : 'exclusive'
  }
  return undefined
}
