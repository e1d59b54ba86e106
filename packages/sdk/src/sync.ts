/**
 * `@aero/sdk/sync`: the names of `@aero/sdk` with blocking calls. Names only, no code of its own.
 */

// Connecting
export {
  type AttemptReport,
  Cluster,
  ClusterDefinition,
  type ClusterStats,
  type ConnectOptions,
  type ErrorDetails,
  type NodeInfo,
} from '@aero/sync'
export {
  type AuthMode,
  type ClusterOptions,
  ConfigError,
  type Credentials,
  Host,
  type HostLiteral,
  type Logger,
  type PemSource,
  parseHosts,
  type SystemSettings,
  TlsBuilder,
  type TlsOptions,
  type TlsVersion,
} from '@aero/config'

// Users and roles
export type {
  Administration,
  AdministrationOptions,
  Privilege,
  PrivilegeName,
  Role,
  User,
  UserActivity,
} from '@aero/sync'

// Behaviors
export { Behavior, type BehaviorChanges, BehaviorRegistry, type Duration, type Settings } from '@aero/config'

// Sessions, keys and builders
export {
  BatchBuilder,
  type BatchPlan,
  type BatchSegment,
  BinBuilder,
  type BinsToPut,
  type BinsToWrite,
  type CallOptions,
  type Condition,
  DataSet,
  type ExecuteOptions,
  Exp,
  type ExpBuilder,
  type AnyArg,
  type Arg,
  type ExpCallOptions,
  type ExpManyOptions,
  type ExpMapWriteOptions,
  type ExpOf,
  type RegexOptions,
  type SelectOptions,
  type Filter,
  type Formula,
  type KeyOrKeys,
  KeyQueryBuilder,
  type Plan,
  ReadBinBuilder,
  type RecordPlan,
  type RecordVerb,
  Session,
  type BinIssue,
  SchemaError,
  type SchemaIssue,
  type SchemaOptions,
  type SchemaResult,
  type StandardSchema,
  type SelectFromOptions,
  type SessionOptions,
  type Streams,
  type TypedBin,
  type TypedReadBin,
  UsageError,
  UdfBuilder,
  WriteBuilder,
  type Writable,
  type WriteFromOptions,
  type WriteVerb,
} from '@aero/sync'

// Conditions and formulas
export {
  type Ael,
  AelError,
  ael,
  type AelNode,
  type AelTemplate,
  type AelType,
  type Compiled,
  type CompileOptions,
  compile,
  parseCtx,
} from '@aero/ael'

// Lists, maps, bits and HyperLogLogs
export {
  type BitArithmetic,
  HllConfig,
  INFINITY,
  type PathOptions,
  ReadPath,
  WILDCARD,
  WritePath,
  type BitResizeOptions,
  type BitWriteOptions,
  type HllWriteOptions,
  type ListCreateChoices,
  type ListOrderName,
  type ListReturn,
  type ListSortOptions,
  type ListStepOptions,
  type ListWriteItemsOptions,
  type ListWriteOptions,
  type MapEntries,
  type MapOrderName,
  type MapReturn,
  type MapStepOptions,
  type MapWriteItemsOptions,
  type MapWriteOptions,
} from '@aero/sync'

// Values
export {
  type Bins,
  type BinValue,
  Double,
  double,
  EncodeError,
  GeoJson,
  HyperLogLog,
  Key,
  type KeyValue,
  Record,
  RESULT_CODE,
  SortedMap,
  type Value,
} from '@aero/sync'

// Results
export {
  type BinsRead,
  FailedRow,
  FunctionRow,
  type NumberBinValue,
  OkRow,
  RecordStream,
  type Row,
  type RowSource,
} from '@aero/sync'

// Errors
export {
  AbortError,
  AerospikeError,
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
} from '@aero/sync'
