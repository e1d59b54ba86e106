import type { LuaFunctions } from '../lua/lua-functions.ts'
import type { JobTable } from '../store/job-table.ts'
import type { ModuleTable } from '../store/module-table.ts'
import type { Namespace } from '../store/namespace.ts'
import type { Ownership } from '../topology.ts'

/** Another node of the cluster, as this one publishes it. */
export interface Peer {
  readonly name: string
  /** `host:port`, an IPv6 address in brackets. */
  readonly address: string
  /** The alternate address, or `undefined` when there is none. */
  readonly alternateAddress: string | undefined
  /** The address for connections with TLS, or `undefined` when there is none. */
  readonly tlsAddress: string | undefined
  readonly rack: number
}

/** What info requests can be answered with. */
export interface InfoContext {
  readonly nodeName: string
  readonly clusterName: string | undefined
  readonly host: string
  readonly port: number
  readonly address: string
  readonly alternateAddress: string | undefined
  readonly tlsAddress: string | undefined
  /** The name that certificates carry, where there is TLS. */
  readonly tlsName: string | undefined
  readonly rack: number
  /** Has what only the Enterprise Edition has: TLS, security or racks. */
  readonly isEnterprise: boolean
  readonly peers: readonly Peer[]
  readonly peersGeneration: number
  readonly partitionGeneration: number
  readonly rebalanceGeneration: number
  readonly ownership: Ownership
  readonly namespaces: readonly Namespace[]
  readonly replicationFactor: number
  /** Hexadecimal; changes with the members. */
  readonly clusterKey: string
  /** Partitions that the node says to be moving. */
  readonly migratingPartitions: number
  /** Connections that are open. */
  readonly connections: number
  readonly uptimeSeconds: number
  /** Milliseconds since 1970. */
  readonly now: number
  readonly jobs: JobTable
  readonly modules: ModuleTable
  readonly functions: LuaFunctions
  readonly workDirectory: string
}
