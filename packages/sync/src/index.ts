/**
 * `@aero/sync`: Aero with blocking calls. The names are those of `@aero/async`; what is awaited there is returned here.
 */

// Connecting
export { Cluster, type ConnectOptions } from './cluster.ts'
export { ClusterDefinition } from './cluster-definition.ts'
export type { ClusterEvents, ClusterListener, ClusterStats, NodeInfo } from '@aero/async'

// Users and roles
export type { Administration } from './administration.ts'
export type { Blocking } from './blocking.ts'
export type { AdministrationOptions } from '@aero/async'
export type { Privilege, PrivilegeName, Role, User, UserActivity } from '@aero/async'

// Sessions
export { SessionVerbs } from '@aero/async'
export { Session, type Streams } from './session.ts'
export type { CallOptions } from '@aero/async'
export type { SessionOptions } from '@aero/async'

// Keys and plans
export { DataSet } from '@aero/async'
export type { BinsToWrite, Writable } from '@aero/async'
export type { SelectFromOptions, WriteFromOptions } from '@aero/async'
export { Exp } from '@aero/async'
export type {
  AnyArg,
  Arg,
  ExpBuilder,
  ExpCallOptions,
  ExpManyOptions,
  ExpMapWriteOptions,
  RegexOptions,
  SelectOptions,
} from '@aero/async'
export type { Condition, Filter, Formula } from '@aero/async'
export type { KeyOrKeys } from '@aero/async'
export type { BatchPlan, BatchSegment, Plan, RecordPlan, RecordVerb } from '@aero/async'
export { BinBuilder, ReadBinBuilder } from '@aero/async'
export type { BinParent } from '@aero/async'
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
} from '@aero/async'
export { HllConfig } from '@aero/async'
export { type PathOptions, ReadPath, WritePath } from '@aero/async'
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
} from '@aero/async'
export { type BackgroundRunner, BackgroundBuilder, BackgroundTasks } from '@aero/async'
export type { BackgroundPlan } from '@aero/async'
export { IndexBuilder, type IndexRunner } from '@aero/async'
export type { BackgroundProgress, TaskOptions } from '@aero/async'
export type { BackgroundTask, IndexTask, ModuleTask, Task } from './tasks.ts'
export type { IndexDetails, NamespaceDetails, SetDetails } from '@aero/async'
export type { InfoCommands } from './info-commands.ts'
export type { ListedIndex, ListedModule } from '@aero/async'
export { IndexFilter, type IndexFilterOptions } from '@aero/async'
export { IndexQueryBuilder, type QueryRunner, type RecordSpace } from '@aero/async'
export type { AggregationOptions, AggregationPlan, StreamFunctions } from '@aero/async'
export { Aggregation } from './aggregation.ts'
export { ValueStream } from './value-stream.ts'
export type { QueryCursor } from '@aero/async'
export type { QueryDuration, QueryHint, QueryPlan } from '@aero/async'
export type { QueryExplanation } from '@aero/async'
export { NavigableRecords, type SortKey } from '@aero/async'
export type { Ended, Ending, ExecuteOptions, Runner } from '@aero/async'
export {
  type BinIssue,
  SchemaError,
  type SchemaIssue,
  type SchemaOptions,
  type SchemaResult,
  type StandardSchema,
} from '@aero/async'
export { UsageError } from '@aero/async'

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
} from '@aero/async'

// Results
export type { BinsRead, NumberBinValue } from '@aero/async'
export { RecordStream, type RowSource } from './record-stream.ts'
export { FailedRow, FunctionRow, OkRow, type Row } from '@aero/async'

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
} from '@aero/async'

// Types that stand behind the names above
export type * from '@aero/async'
