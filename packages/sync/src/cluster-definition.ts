import { AbortError, RESULT_CODE } from '@aero/async'
import { ClusterDefinitionBase, ConfigError, type Logger } from '@aero/config'
import { Bridge } from './bridge/bridge.ts'
import { Cluster } from './cluster.ts'

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
 * Where a cluster is and how to connect to it, for blocking calls.
 *
 * @example
 * ```ts
 * import { ClusterDefinition } from '@aero/sdk/sync'
 * using cluster = new ClusterDefinition('127.0.0.1', 3000).connect()
 * console.log(cluster.isConnected())
 * ```
 */
export class ClusterDefinition extends ClusterDefinitionBase {
  /**
   * Starts a worker thread, which tries all seeds at once and follows the cluster behind the first that answers. Blocks until it is
   * connected.
   *
   * @throws ConnectionError when no seed leads to a cluster, or the worker cannot be started.
   * @throws AuthenticationError or SecurityError when the servers refuse the login, with their code.
   * @throws ConfigError when the parts of the definition do not fit together, or TLS is given as a `secureContext`, which cannot go
   * to a worker; nothing was opened then.
   * @throws AbortError when the signal says so. In every case nothing stays open.
   */
  connect({ signal, logger = this.logger, worker }: ConnectOptions = {}): Cluster {
    if (signal?.aborted === true)
      throw new AbortError('connecting was aborted', RESULT_CODE.CLIENT_ERROR, { cause: signal.reason })
    const options = this.toOptions()
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
      if (error instanceof Error) Error.captureStackTrace(error, ClusterDefinition.prototype.connect)
      throw error
    }
  }
}
