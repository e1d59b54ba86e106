import { InfoCommands as AwaitedInfoCommands } from '@aero/async'
import { type Blocking, type CallMethod, calling, methodsOf } from './blocking.ts'

/**
 * What the servers tell of themselves: the methods of the asynchronous front end's class, each of which blocks until it is answered.
 *
 * @example
 * ```ts
 * import { ClusterDefinition } from '@aero/sdk/sync'
 * using cluster = new ClusterDefinition('127.0.0.1', 3000).connect()
 * const info = cluster.createSession().info()
 * console.log(info.build(), info.namespaces(), info.isClusterStable())
 * ```
 */
export type InfoCommands = Blocking<AwaitedInfoCommands>

/** The commands that go through `call`. */
export function infoCommandsOver(call: CallMethod): InfoCommands {
  return calling(methodsOf(AwaitedInfoCommands), call) as InfoCommands
}
