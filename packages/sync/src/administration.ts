import { Administration as AwaitedAdministration } from '@aero/async'
import { type Blocking, type CallMethod, calling, methodsOf } from './blocking.ts'

/**
 * Users, roles and what they may do: the methods of the asynchronous front end's class, each of which blocks until it is done.
 *
 * @example
 * ```ts
 * import { AerospikeError, ClusterDefinition } from '@aero/sdk/sync'
 *
 * using cluster = new ClusterDefinition('127.0.0.1', 3000).connect()
 * try {
 *   cluster.administration.createRole('reader', { privileges: [{ name: 'read', namespace: 'test' }] })
 * } catch (error) {
 *   if (AerospikeError.is(error)) console.log(error.codeName) // SECURITY_NOT_SUPPORTED by a Community server
 * }
 * ```
 */
export type Administration = Blocking<AwaitedAdministration>

/** The administration whose calls go through `call`. */
export function administrationOver(call: CallMethod): Administration {
  return calling(methodsOf(AwaitedAdministration), call) as Administration
}
