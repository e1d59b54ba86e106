// The cluster
export { Cluster } from './cluster.ts'
export type { NodePoolOptions, TenderOptions } from './tender-options.ts'
export type { ResolveHost } from './seeds.ts'
export { Node } from './node.ts'

// Which node a command goes to
export { type ReplicaOrder, replicaOrderForWrite } from './replica-order.ts'
export { type Routable, Router, type RouterOptions, type RoutingTable } from './router.ts'

// What a cluster tells
export type { ClusterEvents, ClusterListener } from './cluster-events.ts'
export type { RemovalReason } from './node-report.ts'

// Errors
export {
  type AddressFailure,
  ClusterUnreachableError,
  NodeRefusedError,
  type RefusalReason,
  TendError,
} from './errors.ts'
