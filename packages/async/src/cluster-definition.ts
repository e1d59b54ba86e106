import { ClusterDefinitionBase } from '@aero/config'
import { type Cluster, openCluster } from './cluster.ts'
import type { ConnectOptions } from './open-tended.ts'

/**
 * Where a cluster is and how to connect to it.
 *
 * @example
 * ```ts
 * import { ClusterDefinition } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * console.log(cluster.isConnected())
 * ```
 */
export class ClusterDefinition extends ClusterDefinitionBase {
  /**
   * Tries all seeds at once and follows the cluster behind the first that answers.
   *
   * @throws ConnectionError when no seed leads to a cluster; its message has one line for each address that was tried.
   * @throws AuthenticationError or SecurityError when the servers refuse the login, with their code.
   * @throws ConfigError when the parts of the definition do not fit together; nothing was opened then.
   * @throws AbortError when the signal says so. In every case nothing stays open.
   */
  async connect(options: ConnectOptions = {}): Promise<Cluster> {
    return openCluster(this.toOptions(), { logger: this.logger, ...options })
  }
}
