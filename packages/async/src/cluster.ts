import { type Key, partitionIdOf } from '@aero/codec'
import { Behavior, ClusterDefinitionBase, type ClusterDescription, type ClusterOptions } from '@aero/config'
import type { Cluster as TendedCluster } from '@aero/tender'
import type { Clock } from '@aero/transport'
import type { Administration } from './administration.ts'
import {
  type ClusterEvents,
  type ClusterListener,
  describeNode,
  listenTo,
  type NodeInfo,
} from './cluster-events.ts'
import { asConnectError, type ConnectOptions, openTended } from './open-tended.ts'
import type { BinsRead } from './result/bins.ts'
import { type Counters, type Engine, newEngine } from './run/engine.ts'
import { IndexMonitor } from './run/index-monitor.ts'
import { InfoClient } from './run/info-client.ts'
import { Session, type SessionServices } from './run/session.ts'
import { SessionCommands, type SessionOptions } from './run/session-commands.ts'

/** Figures since the cluster was opened, and what is open now. */
export interface ClusterStats extends Readonly<Counters> {
  readonly nodes: number
  /** Open connections for commands; those for tending are not counted. */
  readonly connections: number
}

/**
 * A cluster that is connected and followed as it changes. Close it when done: `await using` does.
 *
 * @example
 * ```ts
 * import { ClusterDefinition } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * console.log(cluster.isConnected(), cluster.nodes().map((node) => node.name))
 * ```
 */
export class Cluster implements AsyncDisposable {
  readonly #tended: TendedCluster
  readonly #engine: Engine

  readonly #services: SessionServices

  /** Users, roles and what they may do. */
  readonly administration: Administration

  /** Made by `ClusterDefinition.connect()`. */
  constructor(
    tended: TendedCluster,
    clock: Clock,
    administration: Administration,
    wallClock: () => number = Date.now,
  ) {
    this.#tended = tended
    this.administration = administration
    this.#engine = newEngine(tended, clock, wallClock)
    const info = new InfoClient(tended)
    this.#services = { info, indexes: new IndexMonitor(info, clock) }
  }

  /**
   * Connects in one call: `Cluster.connect('db1:3000,db2')`, a URL like `aerospike://user:password@db1/?tls=true`, or an object. The same as
   * `ClusterDefinition.from(where).connect(options)`, with its errors.
   *
   * @example
   * ```ts
   * import { Cluster } from '@aero/sdk'
   * await using cluster = await Cluster.connect({ hosts: '127.0.0.1:3000', appId: 'reports' })
   * console.log(cluster.isConnected())
   * ```
   */
  static async connect(where: string | ClusterDescription, options: ConnectOptions = {}): Promise<Cluster> {
    const definition = Described.from(where)
    return openCluster(definition.toOptions(), { logger: definition.logger, ...options })
  }

  /** A session with this behavior. Cheap; make as many as there are behaviors. */
  createSession<const Options extends SessionOptions = SessionOptions>(
    behavior: Behavior = Behavior.DEFAULT,
    options?: Options,
  ): Session<BinsRead<Options>> {
    return new Session(
      new SessionCommands<BinsRead<Options>>(this.#engine, behavior, options),
      this.#services,
    )
  }

  /** Whether at least one node is known and in use. */
  isConnected(): boolean {
    return this.#tended.isConnected()
  }

  /** The nodes in use now. */
  nodes(): NodeInfo[] {
    return this.#tended.nodes().map(describeNode)
  }

  /** The node that a write of this key goes to now; `undefined` when nobody is known to have its partition. */
  nodeOf(key: Key): NodeInfo | undefined {
    const node = this.#tended.nodeFor(key.namespace, partitionIdOf(key.digest), 'MASTER', 0)
    return node === undefined ? undefined : describeNode(node)
  }

  /** Figures about the work done and what is open. */
  stats(): ClusterStats {
    const nodes = this.#tended.nodes()
    let connections = 0
    for (const node of nodes) connections += node.pool.stats().connections
    return { ...this.#engine.counters, nodes: nodes.length, connections }
  }

  /**
   * Calls `listener` at every such event, until the function returned is called or the cluster is closed.
   *
   * @throws TypeError for an event that there is not.
   *
   * @example
   * ```ts
   * import { ClusterDefinition } from '@aero/sdk'
   * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
   * cluster.on('node-removed', ({ node, reason }) => console.log(`${node.name} is gone: ${reason}`))
   * ```
   */
  on<Event extends keyof ClusterEvents>(event: Event, listener: ClusterListener<Event>): () => void {
    return listenTo(this.#tended, event, listener)
  }

  /** Closes every connection. Commands under way fail. May be called again. */
  async close(): Promise<void> {
    this.#services.indexes.close()
    await this.#tended.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

class Described extends ClusterDefinitionBase {}

/** Opens a cluster from plain options. @throws as `ClusterDefinition.connect` */
export async function openCluster(options: ClusterOptions, connect: ConnectOptions): Promise<Cluster> {
  try {
    const { tended, clock, administration } = await openTended(options, connect)
    return new Cluster(tended, clock, administration)
  } catch (error) {
    throw asConnectError(error, connect.signal)
  }
}
