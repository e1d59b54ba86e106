import type {
  Node,
  RemovalReason,
  Cluster as TendedCluster,
  ClusterEvents as TenderEvents,
} from '@aero/tender'

/** One node, as a user may see it. */
export interface NodeInfo {
  readonly name: string
  readonly host: string
  readonly port: number
  /** Version of the server, for instance `8.1.2.0`. */
  readonly build: string
}

/** What {@link Cluster.on} tells, by event. */
export interface ClusterEvents {
  /** A node takes part from now on. */
  'node-added': { readonly node: NodeInfo }
  /** A node takes part no longer; `address-changed`: it is found elsewhere, and was added there. */
  'node-removed': { readonly node: NodeInfo; readonly reason: RemovalReason }
  /** Too many errors: commands to the node fail at once, or go elsewhere, until the window for counting errors ends. */
  'node-suspended': { readonly node: NodeInfo; readonly errors: number }
  /** A suspension is over. */
  'node-resumed': { readonly node: NodeInfo }
  /** The process behind the node is another one than before. */
  'node-restarted': { readonly node: NodeInfo }
  /** Partitions have other owners than before. */
  'partitions-changed': { readonly namespaces: readonly string[] }
  /** The last node is gone; the seeds are tried in every round from now on. */
  disconnected: Readonly<Record<never, never>>
  /** An address failed that the client can do without for now. Told once until the reason changes. */
  warning: { readonly address: string; readonly cause: Error }
}

/** Called with what the event carries. One that throws disturbs nobody; its error surfaces as uncaught. */
export type ClusterListener<Event extends keyof ClusterEvents> = (event: ClusterEvents[Event]) => void

export function describeNode(node: Node): NodeInfo {
  return { name: node.name, host: node.endpoint.host, port: node.endpoint.port, build: node.build }
}

/** A copy of what stands in the event now: a node's own object goes on changing. */
const TOLD: {
  readonly [Event in keyof ClusterEvents]: (event: TenderEvents[Event]) => ClusterEvents[Event]
} = {
  'node-added': ({ node }) => ({ node: describeNode(node) }),
  'node-removed': ({ node, reason }) => ({ node: describeNode(node), reason }),
  'node-suspended': ({ node, errors }) => ({ node: describeNode(node), errors }),
  'node-resumed': ({ node }) => ({ node: describeNode(node) }),
  'node-restarted': ({ node }) => ({ node: describeNode(node) }),
  'partitions-changed': ({ namespaces }) => ({ namespaces }),
  disconnected: () => ({}),
  warning: ({ address, cause }) => ({ address, cause }),
}

/** @throws TypeError for an unknown name, from a program without types, which would be waited for in vain */
export function checkEvent(event: keyof ClusterEvents): void {
  if (!Object.hasOwn(TOLD, event)) {
    throw new TypeError(`a cluster has no event '${String(event)}'; it has ${Object.keys(TOLD).join(', ')}`)
  }
}

/** Has `listener` told of what the tended cluster tells; returns what ends it. */
export function listenTo<Event extends keyof ClusterEvents>(
  tended: TendedCluster,
  event: Event,
  listener: ClusterListener<Event>,
): () => void {
  checkEvent(event)
  return tended.on(event, (told) => listener(TOLD[event](told)))
}
