/**
 * `@aero/async`: Aero with promises and async iterables.
 */

// Connecting
export { Cluster, type ClusterStats } from './cluster.ts'
export { ClusterDefinition } from './cluster-definition.ts'
export type { ClusterEvents, ClusterListener, NodeInfo } from './cluster-events.ts'
export type { ConnectOptions } from './open-tended.ts'

// Users and roles
export { Administration, type AdministrationOptions } from './administration.ts'
export type { Privilege, PrivilegeName, Role, User, UserActivity } from '@aero/codec'

// Sessions
export { SessionVerbs } from './plan/session-verbs.ts'
export { type CallOptions, Session, type Streams } from './run/session.ts'
export type { SessionOptions } from './run/session-commands.ts'

// Keys and plans
export { DataSet } from './plan/data-set.ts'
export type { BinsToWrite, Writable } from './plan/bins-to-write.ts'
export type { SelectFromOptions, WriteFromOptions } from './plan/computed.ts'
export { Exp } from './plan/exp.ts'
export type {
  AnyArg,
  Arg,
  ExpBuilder,
  ExpCallOptions,
  ExpManyOptions,
  ExpMapWriteOptions,
  RegexOptions,
  SelectOptions,
} from './plan/exp-types.ts'
export type { Condition, Filter, Formula } from './plan/filter.ts'
export type { KeyOrKeys } from './plan/keys.ts'
export type { BatchPlan, BatchSegment, Plan, RecordPlan, RecordVerb } from './plan/plan.ts'
export { BinBuilder, ReadBinBuilder } from './plan/bin-builder.ts'
export type { BinParent } from './plan/bin-parent.ts'
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
} from './plan/collection-options.ts'
export { HllConfig } from './plan/hll-config.ts'
export type * from './plan/navigation.ts'
export { type PathOptions, ReadPath, WritePath } from './plan/path-builder.ts'
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
} from './plan/record-builder.ts'
export { type BackgroundRunner, BackgroundBuilder, BackgroundTasks } from './plan/background-builder.ts'
export type { BackgroundPlan } from './plan/background-plan.ts'
export { IndexBuilder, type IndexRunner } from './plan/index-builder.ts'
export { type BackgroundProgress, BackgroundTask } from './run/background-task.ts'
export { IndexTask } from './run/index-task.ts'
export {
  type IndexDetails,
  InfoCommands,
  type NamespaceDetails,
  type SetDetails,
} from './run/info-commands.ts'
export { ModuleTask } from './run/modules.ts'
export { Task, type TaskOptions } from './run/task.ts'
export type { ListedIndex, ListedModule } from '@aero/codec'
export { IndexFilter, type IndexFilterOptions } from './plan/index-filter.ts'
export { IndexQueryBuilder, type QueryRunner, type RecordSpace } from './plan/index-query.ts'
export type { AggregationPlan } from './plan/aggregation-plan.ts'
export { Aggregation, type AggregationOptions, type AggregationRunner } from './run/aggregation.ts'
export type { StreamFunctions } from './run/finish-aggregation.ts'
export { type ValueSource, ValueStream } from './result/value-stream.ts'
export type { QueryCursor } from './plan/query-cursor.ts'
export type { QueryDuration, QueryHint, QueryPlan } from './plan/query-plan.ts'
export type { QueryExplanation } from './run/choose-index.ts'
export { NavigableRecords, type SortKey } from './result/navigable-records.ts'
export type { Ended, Ending, ExecuteOptions, Runner } from './plan/runner.ts'
export {
  type BinIssue,
  SchemaError,
  type SchemaIssue,
  type SchemaOptions,
  type SchemaResult,
  type StandardSchema,
} from './plan/schema.ts'
export type * from './plan/typed-bins.ts'
export { UsageError } from './plan/usage-error.ts'

// Values, as the codec has them
export {
  type Argument,
  type Bins,
  type BitArithmetic,
  type Bound,
  INFINITY,
  WILDCARD,
  type BinValue,
  Double,
  double,
  EncodeError,
  type Expression,
  type ExpressionType,
  GeoJson,
  HyperLogLog,
  Key,
  type KeyData,
  type KeyValue,
  type LoopPart,
  type Operation,
  type PathStep,
  Record,
  RESULT_CODE,
  SortedMap,
  type Value,
} from '@aero/codec'

// Results
export type { BinsRead, NumberBinValue } from './result/bins.ts'
export { RecordStream, type RowSource } from './result/record-stream.ts'
export { FailedRow, FunctionRow, OkRow, type Row } from './result/row.ts'

// Errors
export {
  AbortError,
  AerospikeError,
  type AttemptReport,
  AuthenticationError,
  AuthorizationError,
  BackoffError,
  BatchError,
  type BatchOutcome,
  BinError,
  BinExistsError,
  BinNotFoundError,
  BinOpInvalidError,
  BinTypeError,
  CapacityError,
  CommitError,
  ConnectionError,
  ElementError,
  ElementExistsError,
  ElementNotFoundError,
  type ErrorDetails,
  errorFromCode,
  FilteredError,
  GenerationError,
  IndexError,
  InvalidNamespaceError,
  InvalidNodeError,
  KeyBusyError,
  ParseError,
  QueryError,
  QueryTerminatedError,
  QuotaError,
  RecordExistsError,
  RecordNotFoundError,
  RecordTooBigError,
  SecurityError,
  SerializeError,
  TimeoutError,
  TransactionError,
  UdfError,
} from './errors.ts'
