/** A node as the worker tells of it. */
export interface NodeImage {
  /** Its number on the bridge; a node that moves gets another. */
  readonly id: number
  readonly name: string
  readonly host: string
  readonly port: number
  readonly build: string
  /** Rack by namespace. */
  readonly racks: ReadonlyMap<string, number>
  /** It made too many errors lately. */
  readonly isSuspended: boolean
}

/** Owners of one namespace's partitions: `levels[level][partition]` is a node's number, 0 for nobody. */
export interface TableImage {
  readonly namespace: string
  readonly levels: readonly Int32Array[]
  readonly isStronglyConsistent: boolean
}

/** What the worker tells of the cluster, when it is asked. */
export interface TopologyImage {
  /** Of the word `topology` when it was made. */
  readonly version: number
  readonly isConnected: boolean
  readonly compilesExpressions: boolean
  readonly nodes: readonly NodeImage[]
  readonly tables: readonly TableImage[]
}
