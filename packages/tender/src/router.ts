import type { ReplicaOrder } from './replica-order.ts'

/** What the router needs of a node. */
export interface Routable {
  readonly isActive: boolean
  /** The node's rack for the namespace; `undefined` when it has none. */
  rackOf(namespace: string): number | undefined
}

/** Owners of one namespace's partitions, as nodes: `replicas[level][partition]`. */
export interface RoutingTable<N extends Routable> {
  readonly namespace: string
  readonly replicas: readonly (readonly (N | undefined)[])[]
}

/** What choosing remembers and depends on. One per cluster. */
export interface RouterOptions {
  /** Preferred racks, the best first. */
  readonly racks: readonly number[]
  /** 0 ≤ x < 1. */
  readonly random: () => number
}

/** Chooses nodes. It allocates nothing: one call belongs to every command. */
export class Router {
  readonly #racks: readonly number[]
  readonly #random: () => number
  #turn = 0

  constructor(options: RouterOptions) {
    this.#racks = options.racks
    this.#random = options.random
  }

  /**
   * @param attempt how many replicas the command has moved on already; 0 at first
   * @param previous the node that failed just now: taken again only when there is no other
   * @returns `undefined` when no node that serves the partition is known
   */
  choose<N extends Routable>(
    table: RoutingTable<N>,
    partition: number,
    order: ReplicaOrder,
    attempt: number,
    previous: N | undefined,
  ): N | undefined {
    const { replicas } = table
    switch (order) {
      case 'MASTER': {
        const master = replicas[0]?.[partition]
        return master?.isActive ? master : undefined
      }
      case 'SEQUENCE':
        return inSequence(replicas, partition, attempt, previous)
      case 'MASTER_PROLES':
        this.#turn = (this.#turn + 1) & 0xffff
        return inSequence(replicas, partition, this.#turn + attempt, previous)
      case 'RANDOM':
        return inSequence(replicas, partition, Math.floor(this.#random() * replicas.length), previous)
      case 'PREFER_RACK':
        return inPreferredRack(table, this.#racks, partition, attempt, previous)
    }
  }
}

function inSequence<N extends Routable>(
  replicas: readonly (readonly (N | undefined)[])[],
  partition: number,
  start: number,
  previous: N | undefined,
): N | undefined {
  const levels = replicas.length
  let level = start < levels ? start : start % levels
  let lastResort: N | undefined
  for (let step = 0; step < levels; step++) {
    const node = (replicas[level] as readonly (N | undefined)[])[partition]
    if (node?.isActive) {
      // While partitions move, one node may stand at several levels.
      if (node !== previous) return node
      lastResort = node
    }
    if (++level === levels) level = 0
  }
  return lastResort
}

function inPreferredRack<N extends Routable>(
  table: RoutingTable<N>,
  racks: readonly number[],
  partition: number,
  attempt: number,
  previous: N | undefined,
): N | undefined {
  const { replicas, namespace } = table
  const levels = replicas.length
  for (let rank = 0; rank < racks.length; rank++) {
    for (let step = 0; step < levels; step++) {
      const node = replicas[(attempt + step) % levels]?.[partition]
      if (node === undefined || node === previous || !node.isActive) continue
      if (node.rackOf(namespace) === racks[rank]) return node
    }
  }
  return inSequence(replicas, partition, attempt, previous)
}
