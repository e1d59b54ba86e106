import type { NamespaceReplicas } from '@aero/codec'
import type { Endpoint } from '@aero/transport'
import type { PartitionTable } from './partition-table.ts'

/** A node as another node names it: its name and the addresses it publishes. */
export interface Peer {
  readonly name: string
  readonly endpoints: readonly Endpoint[]
}

/** What one node says it holds of one namespace, and when it said so: of two claims to the same place the later one counts. */
export interface Claim extends NamespaceReplicas {
  readonly receipt: number
}

/** Everything known about one node. */
export interface NodeState {
  readonly name: string
  /** Differs for every open; a node that comes back at another address is another incarnation of the same name. */
  readonly incarnation: number
  readonly endpoint: Endpoint
  /** The server's version as it prints it, such as `8.1.2.0`. */
  readonly build: string
  /** Probes failed in a row. 0 is a healthy node. */
  readonly failures: number
  /** Another node has answered at the endpoint: a load balancer stands there, or the address has changed hands. */
  readonly isMisplaced: boolean
  /** The round in which the node was added. */
  readonly addedInRound: number
  /** The generations that the lists below belong to; `undefined` when they have to be asked for. */
  readonly peersGeneration: number | undefined
  readonly partitionGeneration: number | undefined
  readonly rebalanceGeneration: number | undefined
  readonly peers: readonly Peer[]
  readonly claims: readonly Claim[]
  /** Rack id by namespace; empty when racks were not asked for or the server has none. */
  readonly racks: ReadonlyMap<string, number>
}

/** One immutable picture of the cluster. */
export interface ClusterState {
  /** Rounds of tending begun. */
  readonly round: number
  readonly nextIncarnation: number
  readonly nextReceipt: number
  /** By name: a name occurs once. */
  readonly nodes: ReadonlyMap<string, NodeState>
  /** By namespace. Every owner in a table is the name of a node in `nodes`. */
  readonly partitions: ReadonlyMap<string, PartitionTable>
}

/** Where every cluster begins. */
export const EMPTY_CLUSTER: ClusterState = {
  round: 0,
  nextIncarnation: 1,
  nextReceipt: 1,
  nodes: new Map(),
  partitions: new Map(),
}

/** Whether the node answered when it was last asked. */
export function isHealthy(node: NodeState): boolean {
  return node.failures === 0
}

/** Whether there is nothing to be said against where the node is reached. */
export function isWellPlaced(node: NodeState): boolean {
  return isHealthy(node) && !node.isMisplaced
}

/** Whether a healthy node is known, those named `besides` not counted. */
export function hasHealthyNode(state: ClusterState, ...besides: readonly string[]): boolean {
  for (const node of state.nodes.values()) if (isHealthy(node) && !besides.includes(node.name)) return true
  return false
}

/** What the healthy nodes say about others: for each name, the addresses by which it is called. A node's word about itself does not count. */
export function namedPeers(state: ClusterState): Map<string, Endpoint[]> {
  const named = new Map<string, Endpoint[]>()
  for (const node of state.nodes.values()) {
    if (!isHealthy(node)) continue
    for (const peer of node.peers) {
      if (peer.name === node.name) continue
      let endpoints = named.get(peer.name)
      if (endpoints === undefined) named.set(peer.name, (endpoints = []))
      for (const endpoint of peer.endpoints) {
        if (!endpoints.some((known) => sameEndpoint(known, endpoint))) endpoints.push(endpoint)
      }
    }
  }
  return named
}

/** Whether both lead to the same port of the same host, as written. */
export function sameEndpoint(one: Endpoint, other: Endpoint): boolean {
  return one.host === other.host && one.port === other.port
}
