/**
 * `@aero/async/plan`: what the user wants, as data. No promises, no sockets, no runner: the blocking front end ends the same
 * builders with its own runner.
 */
export { BinBuilder, ReadBinBuilder } from './bin-builder.ts'
export type { BinParent } from './bin-parent.ts'
export type * from './navigation.ts'
export { HllConfig } from './hll-config.ts'
export { ReadPath, WritePath, type PathOptions } from './path-builder.ts'
export type {
  BitResizeOptions,
  BitWriteOptions,
  HllWriteOptions,
  ListCreateChoices,
  ListOrderName,
  ListReturn,
  ListSortOptions,
  ListStepOptions,
  ListWriteItemsOptions,
  ListWriteOptions,
  MapEntries,
  MapOrderName,
  MapReturn,
  MapStepOptions,
  MapWriteItemsOptions,
  MapWriteOptions,
} from './collection-options.ts'
export type { BinsToWrite, Writable } from './bins-to-write.ts'
export { DataSet } from './data-set.ts'
export type { SelectFromOptions, WriteFromOptions } from './computed.ts'
export { Exp } from './exp.ts'
export type {
  AnyArg,
  Arg,
  ExpBuilder,
  ExpCallOptions,
  ExpManyOptions,
  ExpMapWriteOptions,
  RegexOptions,
  SelectOptions,
} from './exp-types.ts'
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
  type BlockingRowOf,
  type Chain,
  ChangeBuilder,
  KeyQueryBuilder,
  RecordBuilder,
  type RowOf,
  UdfBuilder,
  WriteBuilder,
  type WriteVerb,
} from './record-builder.ts'
export type { Ended, Ending, ExecuteOptions, Runner } from './runner.ts'
export { SessionVerbs } from './session-verbs.ts'
export {
  type BinIssue,
  SchemaError,
  type SchemaIssue,
  type SchemaOptions,
  type SchemaResult,
  type StandardSchema,
} from './schema.ts'
export type * from './typed-bins.ts'
export { UsageError } from './usage-error.ts'
