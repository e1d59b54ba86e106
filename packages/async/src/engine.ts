/**
 * `@aero/async/engine`: commands and what they stand on, without anybody who waits. For front ends, not for applications: the
 * blocking one makes the same commands and is blocked where the other awaits.
 */

// Opening
export { asConnectError, openTended, type TendedParts } from './connect.ts'
export { getPlan, headerPlan, putPlan } from './plan/direct-calls.ts'
// What they need
export { AbortWatch } from './run/abort-watch.ts'
export { ArrivingRows, rowsInOrder } from './run/batch-stream.ts'
export type { CommandCluster, CommandNode, Counters, Engine } from './run/engine.ts'
// Commands and their outcomes
export {
  asOneRecord,
  checkSucceeded,
  errorStrategy,
  recordOf,
  rowsOf,
  SessionCommands,
} from './run/session-commands.ts'
