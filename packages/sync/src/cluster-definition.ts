import { ClusterDefinitionBase } from '@aero/config'
import { type Cluster, type ConnectOptions, openCluster } from './cluster.ts'

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
  connect(options: ConnectOptions = {}): Cluster {
    return openCluster(this.toOptions(), { logger: this.logger, ...options })
  }
}
