import type {
  BinsRead,
  ClusterEvents,
  ClusterListener,
  ClusterStats,
  Key,
  NodeInfo,
  SessionOptions,
} from '@aero/async'
import { AbortWatch, type Engine, SessionCommands } from '@aero/async/engine'
import { BinNames, partitionIdOf } from '@aero/codec'
import { Behavior } from '@aero/config'
import { type Administration, administrationOver } from './administration.ts'
import type { Bridge } from './bridge/bridge.ts'
import type { RemoteNode } from './bridge/remote-cluster.ts'
import { Session } from './session.ts'

/**
 * A cluster that is connected and followed as it changes, by a worker thread of its own. For the thread that connected; others
 * connect for themselves. Close it when done: `using` does.
 *
 * @example
 * ```ts
 * import { ClusterDefinition } from '@aero/sdk/sync'
 * using cluster = new ClusterDefinition('127.0.0.1', 3000).connect()
 * console.log(cluster.isConnected(), cluster.nodes().map((node) => node.name))
 * ```
 */
export class Cluster implements Disposable {
  readonly #bridge: Bridge
  readonly #engine: Engine

  /** Users, roles and what they may do. */
  readonly administration: Administration

  /** Made by `ClusterDefinition.connect()`. */
  constructor(bridge: Bridge) {
    this.#bridge = bridge
    this.administration = administrationOver((method, args) =>
      bridge.call({ of: 'administration' }, method, args),
    )
    this.#engine = {
      cluster: bridge.cluster,
      clock: bridge.loop,
      wallClock: Date.now,
      names: new BinNames(),
      aborts: new AbortWatch(),
      counters: { commands: 0, retries: 0, failures: 0 },
    }
  }

  /** A session with this behavior. Cheap; make as many as there are behaviors. */
  createSession<const Options extends SessionOptions = SessionOptions>(
    behavior: Behavior = Behavior.DEFAULT,
    options?: Options,
  ): Session<BinsRead<Options>> {
    const commands = new SessionCommands<BinsRead<Options>>(this.#engine, behavior, options)
    return new Session(commands, this.#bridge)
  }

  /** Whether at least one node is known and in use. */
  isConnected(): boolean {
    return this.#isFresh() && this.#bridge.cluster.isConnected()
  }

  /** The nodes in use now. */
  nodes(): NodeInfo[] {
    return this.#isFresh() ? this.#bridge.cluster.nodes().map(describeNode) : []
  }

  /** The node that a write of this key goes to now; `undefined` when nobody is known to have its partition. */
  nodeOf(key: Key): NodeInfo | undefined {
    if (!this.#isFresh()) return undefined
    const node = this.#bridge.cluster.nodeFor(key.namespace, partitionIdOf(key.digest), 'MASTER', 0)
    return node === undefined ? undefined : describeNode(node)
  }

  /** Figures about the work done and what is open. */
  stats(): ClusterStats {
    const connections = this.#isFresh()
      ? (this.#bridge.call({ of: 'connections' }, 'count', []) as number)
      : 0
    return { ...this.#engine.counters, nodes: this.nodes().length, connections }
  }

  /**
   * Calls `listener` at every such event, until the function returned is called or the cluster is closed: while a call is blocked,
   * and between calls when this thread is idle.
   *
   * @throws TypeError for an event that there is not.
   *
   * @example
   * ```ts
   * import { ClusterDefinition } from '@aero/sdk/sync'
   * using cluster = new ClusterDefinition('127.0.0.1', 3000).connect()
   * cluster.on('node-removed', ({ node, reason }) => console.log(`${node.name} is gone: ${reason}`))
   * ```
   */
  on<Event extends keyof ClusterEvents>(event: Event, listener: ClusterListener<Event>): () => void {
    return this.#bridge.on(event, listener)
  }

  /** Closes every connection and ends the worker. May be called again. */
  close(): void {
    this.#bridge.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Brings the picture of the cluster up to date; `false` when it is closed or its worker has ended. */
  #isFresh(): boolean {
    const { loop } = this.#bridge
    if (!loop.isAlive) return false
    loop.finish((done) => done())
    return loop.isAlive
  }
}

function describeNode({ name, endpoint, build }: RemoteNode): NodeInfo {
  return { name, host: endpoint.host, port: endpoint.port, build }
}
