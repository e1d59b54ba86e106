/**
 * `@aero/async/engine`: commands and what they stand on, without anybody who waits. For front ends, not for applications: the
 * blocking one makes the same commands and is blocked where the other awaits.
 */

// Opening
export { checkEvent, listenTo } from './cluster-events.ts'
export { asConnectError, openTended, type TendedParts } from './open-tended.ts'
export { getPlan, headerPlan, putPlan } from './plan/direct-calls.ts'
export { querySpace } from './plan/index-query.ts'
export { TopRecords } from './result/top-records.ts'
// What they need
export { ArrivingRows, rowsInOrder } from './run/batch-stream.ts'
export { type ChosenIndex, chooseIndex, needsIndexes } from './run/choose-index.ts'
export { ClusterGuard } from './run/cluster-guard.ts'
export { type CommandCluster, type CommandNode, type Counters, type Engine, newEngine } from './run/engine.ts'
// Commands and their outcomes
export { checkModule, finishAggregation, readExactly } from './run/finish-aggregation.ts'
export { IndexMonitor } from './run/index-monitor.ts'
export { InfoClient } from './run/info-client.ts'
export { moduleNameOf } from './run/module-file.ts'
export { newTaskId } from './run/node-streams.ts'
export { checkWhollyIndexed } from './run/run-aggregation.ts'
export { BackgroundStart } from './run/run-background.ts'
export {
  asOneRecord,
  checkSucceeded,
  errorStrategy,
  foundRecordOf,
  recordOf,
  rowsOf,
  SessionCommands,
} from './run/session-commands.ts'
