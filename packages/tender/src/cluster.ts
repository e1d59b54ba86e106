import { type AdminRequest, isBuildAtLeast, parseBuild } from '@aero/codec'
import {
  type AdminAnswer,
  type Clock,
  DeadlineWatch,
  type Endpoint,
  InfoChannel,
  Pool,
  requestAdmin,
  resolveHost,
  type SocketOpener,
  systemClock,
  TcpSocketOpener,
} from '@aero/transport'
import { ClusterEmitter, type ClusterEvents, type ClusterListener } from './cluster-events.ts'
import type { ClusterState, NodeState } from './cluster-state.ts'
import { FAILURES_UNTIL_LOST } from './cluster-step.ts'
import { DEFAULT_ERROR_WINDOW, type ErrorWindowOptions, soundErrorWindow } from './error-window.ts'
import { TendError } from './errors.ts'
import { Node } from './node.ts'
import type { RemovalReason } from './node-report.ts'
import type { PartitionTable } from './partition-table.ts'
import type { ReplicaOrder } from './replica-order.ts'
import { Router, type RoutingTable } from './router.ts'
import { TendLoop } from './tend-loop.ts'
import { DEFAULT_TEND_INTERVAL, DEFAULT_TEND_TIMEOUT, type TenderOptions } from './tender-options.ts'

/**
 * A connected cluster: which nodes there are, which of them serves which partition, and the connections to them, kept up to
 * date in the background. Sends no commands itself.
 *
 * @example
 * ```ts
 * import { Cluster } from '@aero/tender'
 * import { Endpoint } from '@aero/transport'
 *
 * const cluster = await Cluster.open({
 *   seeds: [new Endpoint('127.0.0.1', 3000)],
 *   userAgent: { client: 'example-1.0', application: undefined },
 * })
 * console.log(cluster.nodes().map(String))
 * await cluster.close()
 * ```
 */
export class Cluster {
  readonly #options: TenderOptions
  readonly #clock: Clock
  readonly #opener: SocketOpener
  readonly #watch: DeadlineWatch
  readonly #loop: TendLoop
  readonly #router: Router
  readonly #emitter = new ClusterEmitter()
  readonly #errorWindow: ErrorWindowOptions
  /** Connections for questions of the user's, apart from those for tending: a slow answer must not make a node look dead. */
  readonly #infoChannels = new Map<Node, InfoChannel>()
  readonly #incarnations = new Map<number, Node>()
  #nodesByName: ReadonlyMap<string, Node> = new Map()
  #nodes: readonly Node[] = []
  #tables: ReadonlyMap<string, RoutingTable<Node>> = new Map()
  #lastTable: RoutingTable<Node> | undefined
  #regularRounds = 0
  #compilesExpressions = false
  #stronglyConsistent: ReadonlySet<string> = NO_NAMES
  #closed = false

  private constructor(options: TenderOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#opener = options.opener ?? new TcpSocketOpener()
    this.#watch = new DeadlineWatch(this.#clock)
    this.#errorWindow = soundErrorWindow({
      maxErrorRate: options.maxErrorRate ?? DEFAULT_ERROR_WINDOW.maxErrorRate,
      errorRateWindow: options.errorRateWindow ?? DEFAULT_ERROR_WINDOW.errorRateWindow,
    })
    const racks = options.racks ?? []
    this.#router = new Router({ racks, random: options.random ?? Math.random })
    this.#loop = new TendLoop(
      {
        seeds: options.seeds,
        rules: { clusterName: options.clusterName, racks: racks.length > 0 },
        addressing: {
          useServicesAlternate: options.useServicesAlternate ?? false,
          ipMap: new Map(Object.entries(options.ipMap ?? {})),
          tls: this.#opener.services === 'tls',
        },
        tendInterval: options.tendInterval ?? DEFAULT_TEND_INTERVAL,
        tendTimeout: options.tendTimeout ?? DEFAULT_TEND_TIMEOUT,
        loginMs: this.#opener.loginMs ?? 0,
        userAgent: options.userAgent,
        clock: this.#clock,
        resolve: options.resolve ?? resolveHost,
        openChannel: (endpoint) => this.#openChannel(endpoint),
      },
      {
        nodeOpened: (node) => this.#nodeOpened(node),
        nodeClosed: (node, reason) => this.#nodeClosed(node, reason),
        nodeRestarted: (node) => this.#nodeRestarted(node),
        stateChanged: (state, before) => this.#publish(state, before),
        roundStarted: (early) => this.#roundStarted(early),
        warned: (failure) => this.#emitter.emit('warning', failure),
      },
    )
  }

  /**
   * Finds the cluster behind the seeds, all addresses at the same time, and opens a connection to each node.
   *
   * @param signal aborts the attempt; nothing is left open
   * @throws ClusterUnreachableError with one cause for each address that was tried, unless `failIfNotConnected` is `false`
   * @throws the signal's reason when aborted
   */
  static async open(options: TenderOptions, signal?: AbortSignal): Promise<Cluster> {
    if (options.seeds.length === 0) throw new TendError('a cluster needs at least one seed')
    const cluster = new Cluster(options)
    try {
      await cluster.#loop.start(signal)
      const failure = cluster.#loop.unreachable()
      if (failure !== undefined && options.failIfNotConnected !== false) throw failure
      await cluster.#warm(signal)
      return cluster
    } catch (error) {
      await cluster.close()
      throw error
    }
  }

  /** The nodes of this moment. The array is not changed later: another one takes its place. */
  nodes(): readonly Node[] {
    return this.#nodes
  }

  /** The node of that name, if there is one at the moment. */
  nodeNamed(name: string): Node | undefined {
    return this.#nodesByName.get(name)
  }

  /**
   * The node for a partition. Allocates nothing.
   *
   * @param attempt how many replicas the command has moved on already; 0 at first
   * @param previous the node that failed just now: taken again only when there is no other
   * @returns `undefined` when the namespace is unknown or nobody who serves the partition is known: see
   * {@link Cluster.hasNamespace} and {@link Cluster.isConnected}
   */
  nodeFor(
    namespace: string,
    partition: number,
    order: ReplicaOrder,
    attempt: number,
    previous?: Node,
  ): Node | undefined {
    let table = this.#lastTable
    if (table === undefined || table.namespace !== namespace) {
      table = this.#tables.get(namespace)
      if (table === undefined) return undefined
      this.#lastTable = table
    }
    return this.#router.choose(table, partition, order, attempt, previous)
  }

  /** Who serves which partition, by namespace: for those who choose nodes elsewhere. Another map takes its place when it changes. */
  routes(): ReadonlyMap<string, RoutingTable<Node>> {
    return this.#tables
  }

  /** Whether any node serves the namespace. */
  hasNamespace(namespace: string): boolean {
    return this.#tables.has(namespace)
  }

  /** Namespaces that the nodes serve. */
  namespaces(): string[] {
    return [...this.#tables.keys()]
  }

  /** Whether the namespace is strongly consistent; `false` also when it is unknown. */
  isStronglyConsistent(namespace: string): boolean {
    // Asked for every command: most clusters have none.
    return this.#stronglyConsistent !== NO_NAMES && this.#stronglyConsistent.has(namespace)
  }

  /** Whether some node answered lately. */
  isConnected(): boolean {
    if (this.#closed) return false
    for (const node of this.#loop.state.nodes.values()) if (node.failures < FAILURES_UNTIL_LOST) return true
    return false
  }

  /** Whether every node compiles the expression language itself: servers from 8.2. `false` when there is no node. */
  compilesExpressions(): boolean {
    return this.#compilesExpressions
  }

  /** Looks at the cluster soon instead of at the next interval. Cheap: to be called at every connection error. */
  wake(): void {
    this.#loop.wake()
  }

  /** Calls `listener` at every such event, until the function returned is called or the cluster is closed. */
  on<E extends keyof ClusterEvents>(event: E, listener: ClusterListener<E>): () => void {
    return this.#emitter.on(event, listener)
  }

  /**
   * Asks one node by the info protocol, on a connection of its own.
   *
   * @param timeoutMs for the whole; default 1000
   * @returns the answers by name, errors included: they are texts that begin with `ERROR` or `FAIL`
   * @throws TransportError when there is no answer
   */
  async info(
    node: Node,
    names: readonly string[],
    timeoutMs: number = DEFAULT_TEND_TIMEOUT,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    if (!node.isActive) throw new TendError(`node ${node} is no longer part of the cluster`)
    let channel = this.#infoChannels.get(node)
    if (channel === undefined) this.#infoChannels.set(node, (channel = this.#openChannel(node.endpoint)))
    return channel.request(names, this.#clock.now() + timeoutMs, signal)
  }

  /**
   * Sends an admin request to one of the nodes, which tells the others.
   *
   * @param timeoutMs for the whole
   * @throws TendError when there is no node; TransportError when there is no answer
   */
  async administer(request: AdminRequest, timeoutMs: number, signal?: AbortSignal): Promise<AdminAnswer> {
    const random = this.#options.random ?? Math.random
    const node = this.#nodes[Math.floor(random() * this.#nodes.length)]
    if (node === undefined) throw new TendError('no node of the cluster is known')
    return requestAdmin(node.pool, request, this.#clock.now() + timeoutMs, signal)
  }

  /** Ends tending and closes all connections. Requests under way fail with kind `pool-closed`. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#loop.close()
    for (const node of this.#incarnations.values()) this.#release(node, 'closed')
    this.#incarnations.clear()
    this.#nodes = []
    this.#nodesByName = new Map()
    this.#tables = new Map()
    this.#lastTable = undefined
    this.#emitter.clear()
  }

  /** One connection per node at least, so that the first requests pay no handshake. A node that refuses is left to its requests. */
  async #warm(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const warmed = Promise.allSettled(this.#nodes.map((node) => node.pool.warm(this.#warmCount())))
    if (signal === undefined) {
      await warmed
      return
    }
    let aborted: (() => void) | undefined
    try {
      await Promise.race([
        warmed,
        new Promise((_resolve, reject) => {
          aborted = () => reject(signal.reason)
          signal.addEventListener('abort', aborted)
        }),
      ])
    } finally {
      if (aborted !== undefined) signal.removeEventListener('abort', aborted)
    }
  }

  #warmCount(): number {
    return Math.max(1, this.#options.pool?.minConnections ?? 0)
  }

  #openChannel(endpoint: Endpoint): InfoChannel {
    return new InfoChannel({
      endpoint,
      opener: this.#opener,
      clock: this.#clock,
      watch: this.#watch,
      connectTimeoutMs: this.#options.tendTimeout ?? DEFAULT_TEND_TIMEOUT,
    })
  }

  #nodeOpened(state: NodeState): void {
    const pool = new Pool({
      ...this.#options.pool,
      endpoint: state.endpoint,
      opener: this.#opener,
      clock: this.#clock,
      watch: this.#watch,
      onTrouble: () => this.wake(),
    })
    const node = new Node(state, pool, this.#errorWindow.maxErrorRate, (suspended) =>
      this.#emitter.emit('node-suspended', { node: suspended, errors: suspended.errorWindow.errors }),
    )
    this.#incarnations.set(state.incarnation, node)
    // Whether it fails is found out, and told, where the pool is used.
    pool.warm(this.#warmCount()).catch(() => undefined)
  }

  #nodeClosed(state: NodeState, reason: RemovalReason): void {
    const node = this.#incarnations.get(state.incarnation)
    this.#incarnations.delete(state.incarnation)
    if (node !== undefined) this.#release(node, reason)
    if (this.#incarnations.size === 0) this.#emitter.emit('disconnected', {})
  }

  #release(node: Node, reason: RemovalReason): void {
    node.close()
    this.#infoChannels.get(node)?.close()
    this.#infoChannels.delete(node)
    this.#emitter.emit('node-removed', { node, reason })
  }

  #nodeRestarted(state: NodeState): void {
    const node = this.#incarnations.get(state.incarnation)
    if (node === undefined) return
    if (node.forgiveErrors()) this.#emitter.emit('node-resumed', { node })
    this.#emitter.emit('node-restarted', { node })
  }

  #roundStarted(early: boolean): void {
    if (early) return
    const windowEnds = ++this.#regularRounds % this.#errorWindow.errorRateWindow === 0
    for (const node of this.#nodes) {
      if (windowEnds && node.endErrorWindow()) this.#emitter.emit('node-resumed', { node })
      node.pool.reap()
    }
  }

  /** Makes routes of what tending found out. Tables that did not change are kept. */
  #publish(state: ClusterState, before: ClusterState): void {
    const previous = this.#nodesByName
    const nodesByName = new Map<string, Node>()
    for (const nodeState of state.nodes.values()) {
      const node = this.#incarnations.get(nodeState.incarnation)
      if (node === undefined) continue
      node.update(nodeState)
      nodesByName.set(node.name, node)
    }
    const added = [...nodesByName.values()].filter((node) => previous.get(node.name) !== node)
    const areSameNodes = added.length === 0 && nodesByName.size === previous.size
    if (!areSameNodes) {
      this.#nodesByName = nodesByName
      this.#nodes = [...nodesByName.values()]
    }

    this.#compilesExpressions = state.nodes.size > 0
    for (const { build } of state.nodes.values()) {
      if (!isBuildAtLeast(parseBuild(build), 8, 2)) this.#compilesExpressions = false
    }

    const tables = new Map<string, RoutingTable<Node>>()
    const stronglyConsistent = new Set<string>()
    for (const table of state.partitions.values()) {
      if (table.strongConsistency) stronglyConsistent.add(table.namespace)
      const kept = areSameNodes && before.partitions.get(table.namespace) === table
      const known = kept ? this.#tables.get(table.namespace) : undefined
      tables.set(table.namespace, known ?? routingTable(table, nodesByName))
    }
    this.#tables = tables
    this.#stronglyConsistent = stronglyConsistent.size === 0 ? NO_NAMES : stronglyConsistent
    this.#lastTable = undefined

    for (const node of added) this.#emitter.emit('node-added', { node })
    if (state.partitions !== before.partitions) {
      const namespaces = [...new Set([...state.partitions.keys(), ...before.partitions.keys()])].filter(
        (namespace) => state.partitions.get(namespace) !== before.partitions.get(namespace),
      )
      this.#emitter.emit('partitions-changed', { namespaces })
    }
  }
}

const NO_NAMES: ReadonlySet<string> = new Set()

function routingTable(
  { namespace, owners }: PartitionTable,
  nodes: ReadonlyMap<string, Node>,
): RoutingTable<Node> {
  const replicas = owners.map((level) =>
    level.map((owner) => (owner === undefined ? undefined : nodes.get(owner))),
  )
  return { namespace, replicas }
}
