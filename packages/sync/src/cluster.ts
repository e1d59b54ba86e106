import {
  AbortError,
  type BinsRead,
  type ClusterEvents,
  type ClusterListener,
  type ClusterStats,
  type Key,
  type NodeInfo,
  RESULT_CODE,
  type SessionOptions,
} from '@aero/async'
import { type Engine, newEngine, SessionCommands } from '@aero/async/engine'
import { partitionIdOf } from '@aero/codec'
import {
  Behavior,
  ClusterDefinitionBase,
  type ClusterDescription,
  type ClusterOptions,
  ConfigError,
  type Logger,
} from '@aero/config'
import { type Administration, administrationOver } from './administration.ts'
import { Bridge } from './bridge/bridge.ts'
import type { RemoteNode } from './bridge/remote-cluster.ts'
import { Session } from './session.ts'

/** What `connect` takes. */
export interface ConnectOptions {
  /** Nothing is opened when it has been given already. While the thread is blocked, it cannot be given. */
  readonly signal?: AbortSignal
  /** Told what is seen of the cluster, while calls are made; the definition's unless given. */
  readonly logger?: Logger | undefined
  /** The worker's file, for programs that are bundled; that of `@aero/sync/worker` unless given. */
  readonly worker?: string | URL | undefined
}

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
    this.#engine = newEngine(bridge.cluster, bridge.loop)
  }

  /**
   * Connects in one call: `Cluster.connect('db1:3000,db2')`, a URL like `aerospike://user:password@db1/?tls=true`, or an object. The same as
   * `ClusterDefinition.from(where).connect(options)`, with its errors.
   *
   * @example
   * ```ts
   * import { Cluster } from '@aero/sdk/sync'
   * using cluster = Cluster.connect({ hosts: '127.0.0.1:3000', appId: 'reports' })
   * console.log(cluster.isConnected())
   * ```
   */
  static connect(where: string | ClusterDescription, options: ConnectOptions = {}): Cluster {
    const definition = Described.from(where)
    return openCluster(definition.toOptions(), { logger: definition.logger, ...options })
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

class Described extends ClusterDefinitionBase {}

/** Opens a cluster from plain options. @throws as `ClusterDefinition.connect` */
export function openCluster(options: ClusterOptions, { signal, logger, worker }: ConnectOptions): Cluster {
  if (signal?.aborted === true)
    throw new AbortError('connecting was aborted', RESULT_CODE.CLIENT_ERROR, { cause: signal.reason })
  if (options.tls?.secureContext !== undefined) {
    throw new ConfigError({
      path: 'tls.secureContext',
      found: 'a context',
      expected: 'ca, cert and key: a context cannot be sent to the worker thread of the blocking client',
    })
  }
  try {
    return new Cluster(Bridge.open(options, { logger, worker }))
  } catch (error) {
    // The answer came a long way over the bridge; the caller's line would be out of sight behind it.
    if (error instanceof Error) Error.captureStackTrace(error, openCluster)
    throw error
  }
}

function describeNode({ name, endpoint, build }: RemoteNode): NodeInfo {
  return { name, host: endpoint.host, port: endpoint.port, build }
}
