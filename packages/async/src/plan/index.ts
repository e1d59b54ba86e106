/**
 * `@aero/async/plan`: what the user wants, as data. No promises, no sockets, no runner: the blocking front end ends the same
 * builders with its own runner.
 */
export { BinBuilder, type BinOperations, ReadBinBuilder } from './bin-builder.ts'
export type { BinsToWrite, Writable } from './bins-to-write.ts'
export { DataSet } from './data-set.ts'
export type { SelectFromOptions, WriteFromOptions } from './computed.ts'
export type { Condition, Filter, Formula } from './filter.ts'
export type { KeyOrKeys } from './keys.ts'
export {
  type BatchPlan,
  type BatchSegment,
  EXPIRATION,
  type Plan,
  type RecordPlan,
  type RecordVerb,
  recordPlan,
} from './plan.ts'
export {
  BatchBuilder,
  type Chain,
  KeyQueryBuilder,
  RecordBuilder,
  type RowOf,
  WriteBuilder,
  type WriteVerb,
} from './record-builder.ts'
export type { ExecuteOptions, Runner } from './runner.ts'
export { UsageError } from './usage-error.ts'
