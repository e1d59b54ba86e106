import type { CommandCluster, CommandNode } from '@aero/async/engine'
import { type ReplicaOrder, type Routable, Router, type RoutingTable } from '@aero/tender'
import type { Exchange, Pool } from '@aero/transport'
import { REQUEST, SUBMIT_FLAG, SUBMIT_FLAG_BITS } from './control.ts'
import type { BlockingLoop } from './loop.ts'
import type { NodeImage, TopologyImage } from './topology.ts'

/** Until a picture of the cluster comes, calls go on with the old one for no longer than this. */
const PICTURE_MS = 1000

/** A node as the calling thread sees it: where the worker keeps the connections. */
export class RemoteNode implements CommandNode, Routable {
  readonly id: number
  readonly name: string
  readonly endpoint: { readonly host: string; readonly port: number }
  readonly build: string
  readonly pool: Pick<Pool, 'submit' | 'submitExclusive' | 'cancel' | 'renewLogin' | 'read'>
  isActive = true
  isSuspended = false
  readonly #loop: BlockingLoop
  #racks: ReadonlyMap<string, number>

  constructor(image: NodeImage, loop: BlockingLoop) {
    this.id = image.id
    this.name = image.name
    this.endpoint = { host: image.host, port: image.port }
    this.build = image.build
    this.isSuspended = image.isSuspended
    this.#racks = image.racks
    this.#loop = loop
    this.pool = new RemotePool(image.id, loop)
  }

  rackOf(namespace: string): number | undefined {
    return this.#racks.get(namespace)
  }

  recordError(): void {
    this.#loop.tell(REQUEST.nodeError, this.id)
  }

  /** What has been learned since. */
  update(image: NodeImage): void {
    this.isSuspended = image.isSuspended
    this.#racks = image.racks
  }
}

/** Stands for the pool that the worker has. */
class RemotePool {
  readonly #detail: number
  readonly #loop: BlockingLoop

  constructor(id: number, loop: BlockingLoop) {
    this.#detail = id << SUBMIT_FLAG_BITS
    this.#loop = loop
  }

  submit(exchange: Exchange): void {
    this.#loop.submit(exchange, this.#detail | flagsOf(exchange))
  }

  submitExclusive(exchange: Exchange): void {
    this.#loop.submit(exchange, this.#detail | flagsOf(exchange) | SUBMIT_FLAG.exclusive)
  }

  cancel(exchange: Exchange): void {
    this.#loop.cancel(exchange)
  }

  read(exchange: Exchange, on: boolean): void {
    this.#loop.read(exchange, on)
  }

  /** The worker has done it when it saw the answer. */
  renewLogin(_exchange: Exchange): boolean {
    return this.#loop.loginRenewed
  }
}

function flagsOf(exchange: Exchange): number {
  return (
    (exchange.repeatable ? SUBMIT_FLAG.repeatable : 0) |
    (exchange.answersInSeveralFrames ? SUBMIT_FLAG.severalFrames : 0) |
    (exchange.isStream ? SUBMIT_FLAG.stream : 0)
  )
}

/** The cluster as the calling thread sees it: the worker's picture of it, asked for when that has changed. */
export class RemoteCluster implements CommandCluster {
  readonly #loop: BlockingLoop
  readonly #router: Router
  #nodes: ReadonlyMap<number, RemoteNode> = new Map()
  #tables: ReadonlyMap<string, RoutingTable<RemoteNode>> = new Map()
  #stronglyConsistent: ReadonlySet<string> = new Set()
  #isConnected = false
  #compilesExpressions = false
  /** The version of the last picture that came, and of the one that is needed. */
  #version = 0
  #needed = 0

  constructor(loop: BlockingLoop, racks: readonly number[]) {
    this.#loop = loop
    this.#router = new Router({ racks, random: Math.random })
    loop.onTopologyChange = (version) => this.#ask(version)
  }

  #ask(version: number): void {
    this.#needed = version
    this.#loop.tell(REQUEST.topology)
  }

  /** Waits for the picture that was asked for, so that a call does not begin with an outdated one. */
  refresh(): void {
    if (this.#version === this.#needed) return
    const until = this.#loop.now() + PICTURE_MS
    while (this.#version !== this.#needed && this.#loop.isAlive && this.#loop.now() < until)
      this.#loop.turn(until)
  }

  /** Takes a new picture. */
  update(topology: TopologyImage): void {
    // It may be the answer to an earlier question: then another one is on its way.
    this.#version = topology.version
    const before = this.#nodes
    const nodes = new Map<number, RemoteNode>()
    for (const image of topology.nodes) {
      const known = before.get(image.id)
      known?.update(image)
      nodes.set(image.id, known ?? new RemoteNode(image, this.#loop))
    }
    for (const [id, node] of before) if (!nodes.has(id)) node.isActive = false
    const tables = new Map<string, RoutingTable<RemoteNode>>()
    for (const { namespace, levels } of topology.tables) {
      const replicas = levels.map((level) => Array.from(level, (id) => nodes.get(id)))
      tables.set(namespace, { namespace, replicas })
    }
    this.#nodes = nodes
    this.#tables = tables
    this.#stronglyConsistent = new Set(
      topology.tables.filter((table) => table.isStronglyConsistent).map(({ namespace }) => namespace),
    )
    this.#isConnected = topology.isConnected
    this.#compilesExpressions = topology.compilesExpressions
  }

  nodes(): RemoteNode[] {
    return [...this.#nodes.values()]
  }

  nodeFor(
    namespace: string,
    partition: number,
    order: ReplicaOrder,
    attempt: number,
    previous?: CommandNode,
  ): RemoteNode | undefined {
    const table = this.#loop.isAlive ? this.#tables.get(namespace) : undefined
    if (table === undefined) return undefined
    return this.#router.choose(table, partition, order, attempt, previous as RemoteNode | undefined)
  }

  hasNamespace(namespace: string): boolean {
    return this.#tables.has(namespace)
  }

  isStronglyConsistent(namespace: string): boolean {
    return this.#stronglyConsistent.has(namespace)
  }

  isConnected(): boolean {
    return this.#loop.isAlive && this.#isConnected
  }

  compilesExpressions(): boolean {
    return this.#compilesExpressions
  }

  wake(): void {
    this.#loop.tell(REQUEST.wake)
  }
}
