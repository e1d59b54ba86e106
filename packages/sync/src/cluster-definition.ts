import { ClusterDefinitionBase } from '@aero/config'
import { SyncNotYetError } from './bridge/errors.ts'

/**
 * What to connect to and how, for blocking calls. It can be filled in and is checked, but it cannot connect yet.
 *
 * @example
 * ```ts
 * import { ClusterDefinition, SyncNotYetError } from '@aero/sync'
 *
 * try {
 *   new ClusterDefinition('127.0.0.1', 3000).connect()
 * } catch (error) {
 *   console.log(error instanceof SyncNotYetError) // true
 * }
 * ```
 */
export class ClusterDefinition extends ClusterDefinitionBase {
  /**
   * Not possible yet.
   *
   * @throws SyncNotYetError always; nothing is opened
   */
  connect(): never {
    throw new SyncNotYetError(`Connecting to ${this.hosts.join(',')}`)
  }
}
