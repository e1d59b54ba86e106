// errors and limits
export { CodecError, DecodeError, EncodeError, LimitExceededError, TruncatedError } from './errors.ts'
export { type DecodeLimits, DEFAULT_LIMITS } from './limits.ts'

// wire: cursors over bytes
export { ByteReader } from './wire/byte-reader.ts'
export { ByteWriter } from './wire/byte-writer.ts'
export { hexExcerpt } from './wire/hex-excerpt.ts'
export { INT64_MAX, INT64_MIN, type IntegerMode } from './wire/int64.ts'
export { utf8Length } from './wire/text.ts'

// frame: a byte stream in frames
export { FrameDecoder } from './frame/frame-decoder.ts'
export { beginFrame, endFrame } from './frame/frame-header.ts'
export { FRAME_HEADER_BYTES, FRAME_TYPE, FRAME_VERSION, type FrameType } from './frame/frame-type.ts'

// value: what bins hold
export { Double, double } from './value/double.ts'
export { GeoJson } from './value/geo-json.ts'
export { HyperLogLog } from './value/hyper-log-log.ts'
export type { MapKey } from './value/map-key.ts'
export { readMsgpack } from './value/msgpack-reader.ts'
export { writeMsgpack } from './value/msgpack-writer.ts'
export { compareValues } from './value/ordering.ts'
export { readParticle, writeParticle } from './value/particle.ts'
export { PARTICLE_TYPE, type ParticleType } from './value/particle-type.ts'
export { SortedMap } from './value/sorted-map.ts'
export type { BinValue, Value } from './value/value.ts'
export { DEFAULT_VALUE_OPTIONS, type MapMode, type ValueOptions } from './value/value-options.ts'

// key: what names a record
export { computeDigest, DIGEST_BYTES, writeKeyValue } from './value/digest.ts'
export { Key, type KeyData, type KeyValue, keysOf, partitionOf } from './value/key.ts'
export { PARTITION_COUNT, partitionIdOf } from './value/partition-id.ts'
export { RIPEMD160_BYTES, ripemd160 } from './value/ripemd160.ts'

// message: header, fields, operations, records, result codes
export { BinNames } from './message/bin-names.ts'
export { FIELD_TYPE, type FieldType } from './message/field-type.ts'
export { type Field, MAX_NAMESPACE_BYTES, MAX_SET_BYTES } from './message/fields.ts'
export { INFO1, INFO2, INFO3, INFO4 } from './message/info-bits.ts'
export {
  MESSAGE_HEADER_BYTES,
  type MessageHeader,
  readMessageHeader,
  writeMessageHeader,
} from './message/message-header.ts'
export {
  addOperation,
  appendOperation,
  DELETE_OPERATION,
  type Operation,
  prependOperation,
  readOperation,
  TOUCH_OPERATION,
  writeOperation,
} from './message/operation.ts'
export { isWriteOperation, OPERATION_TYPE, type OperationType } from './message/operation-type.ts'
export { MAX_BIN_NAME_BYTES, type RawOperation } from './message/operations.ts'
export {
  type Bins,
  Record,
  type RecordOptions,
  SERVER_EPOCH_SECONDS,
  ttlOf,
  voidTimeOf,
} from './message/record.ts'
export {
  isLoginLost,
  RESULT_CODE,
  RESULT_CODES,
  type ResultCodeKind,
  type ResultCodeName,
  type ResultCodeRow,
  resultCodeRow,
} from './message/result-code.ts'

// admin: users, roles and what they may do
export { ADMIN_COMMAND, type AdminCommandName } from './message/admin-command.ts'
export { MAX_ROLE_BYTES, MAX_USER_BYTES } from './message/admin-fields.ts'
export { type Privilege, PRIVILEGES, type PrivilegeName } from './message/privilege.ts'

// cdt: the vocabulary of operations inside lists, maps, bits and HyperLogLogs
export { BIT_OPCODE, type BitOpcode } from './cdt/bit-opcode.ts'
export {
  CONTEXT_AND,
  CONTEXT_CREATE,
  CONTEXT_TYPE,
  type ContextStep,
} from './cdt/context.ts'
export { HLL_OPCODE, type HllOpcode } from './cdt/hll-opcode.ts'
export { LIST_OPCODE, type ListOpcode } from './cdt/list-opcode.ts'
export { MAP_OPCODE, type MapOpcode } from './cdt/map-opcode.ts'
export { RETURN_TYPE, type ReturnType } from './cdt/return-type.ts'

// cdt: operations inside lists, maps, bits and HyperLogLogs
export {
  bitAdd,
  bitAnd,
  type BitArithmetic,
  bitCount,
  bitGet,
  bitGetInteger,
  bitInsert,
  bitLeftScan,
  bitLeftShift,
  bitNot,
  bitOr,
  bitRemove,
  bitResize,
  bitRightScan,
  bitRightShift,
  bitSet,
  bitSetInteger,
  bitSubtract,
  bitXor,
} from './collection/bit-operation.ts'
export { Bound, INFINITY, WILDCARD } from './cdt/bound.ts'
export {
  type Argument,
  type CollectionCall,
  type Context,
  decodeCollectionCall,
  encodeCollectionCall,
} from './collection/collection-call.ts'
export {
  hllAdd,
  type HllBits,
  hllDescribe,
  hllFold,
  hllGetCount,
  hllGetIntersectCount,
  hllGetSimilarity,
  hllGetUnion,
  hllGetUnionCount,
  hllInit,
  hllMayContain,
  hllRefreshCount,
  hllSetUnion,
} from './collection/hll-operation.ts'
export {
  listAppend,
  listAppendItems,
  listClear,
  listCreate,
  type ListCreateOptions,
  listGet,
  listGetByIndex,
  listGetByIndexRange,
  listGetByRank,
  listGetByRankRange,
  listGetByValue,
  listGetByValueList,
  listGetByValueRange,
  listGetByValueRelativeRankRange,
  listGetRange,
  listIncrement,
  listInsert,
  listInsertItems,
  type ListPolicy,
  listPop,
  listPopRange,
  listRemove,
  listRemoveByIndex,
  listRemoveByIndexRange,
  listRemoveByRank,
  listRemoveByRankRange,
  listRemoveByValue,
  listRemoveByValueList,
  listRemoveByValueRange,
  listRemoveByValueRelativeRankRange,
  listRemoveRange,
  listSet,
  listSetOrder,
  listSize,
  listSort,
  listTrim,
} from './collection/list-operation.ts'
export {
  mapAdd,
  mapAddItems,
  mapClear,
  mapCreate,
  mapDecrement,
  mapGetByIndex,
  mapGetByIndexRange,
  mapGetByKey,
  mapGetByKeyList,
  mapGetByKeyRange,
  mapGetByKeyRelativeIndexRange,
  mapGetByRank,
  mapGetByRankRange,
  mapGetByValue,
  mapGetByValueList,
  mapGetByValueRange,
  mapGetByValueRelativeRankRange,
  mapIncrement,
  type MapItems,
  type MapPolicy,
  mapPut,
  mapPutItems,
  mapRemoveByIndex,
  mapRemoveByIndexRange,
  mapRemoveByKey,
  mapRemoveByKeyList,
  mapRemoveByKeyRange,
  mapRemoveByKeyRelativeIndexRange,
  mapRemoveByRank,
  mapRemoveByRankRange,
  mapRemoveByValue,
  mapRemoveByValueList,
  mapRemoveByValueRange,
  mapRemoveByValueRelativeRankRange,
  mapReplace,
  mapReplaceItems,
  mapSetOrder,
  mapSize,
} from './collection/map-operation.ts'
export { isPathPayload, modifyByPath, selectByPath } from './collection/path-operation.ts'
export {
  BIT_OVERFLOW,
  BIT_RESIZE_FLAG,
  BIT_WRITE_FLAG,
  HLL_WRITE_FLAG,
  LIST_ORDER,
  LIST_SORT_FLAG,
  LIST_WRITE_FLAG,
  type ListOrder,
  MAP_ORDER,
  MAP_WRITE_FLAG,
  type MapOrder,
  PERSIST_INDEX,
} from './cdt/policy.ts'

// expression: what the server evaluates on a record
export { decodeExpression, readContext, readExpression } from './expression/decode-expression.ts'
export { encodeExpression, writeContext, writeExpression } from './expression/encode-expression.ts'
export { expressionReadOperation, expressionWriteOperation } from './expression/expression-operation.ts'
export { EXPRESSION_TYPE, type ExpressionType } from './expression/expression-type.ts'
export {
  type ApplyNode,
  type BinNode,
  type BinTypeNode,
  type BoundNode,
  type CallNode,
  type CondNode,
  type DigestModuloNode,
  type Expression,
  type KeyNode,
  type LetNode,
  type LoopVariableNode,
  MAX_EXPRESSION_DEPTH,
  type PathStep,
  type RegexNode,
  type SelectNode,
  type TextNode,
  type ValueNode,
  type VariableNode,
} from './expression/node.ts'
export {
  CALL_FORM,
  CALL_MODIFIES,
  CALL_SYSTEM,
  type CallSystem,
  EXPRESSION_OPCODE,
  EXPRESSION_READ_FLAG,
  EXPRESSION_WRITE_FLAG,
  LOOP_PART,
  type LoopPart,
  OPERATOR,
  type OperatorName,
  SELECT_APPLIES,
  SELECT_FLAG,
} from './expression/opcode.ts'
export { printExpression } from './expression/print-expression.ts'

// info: what nodes tell about themselves, text to data and back
export { compareBuilds, isBuildAtLeast, parseBuild, type ServerBuild } from './info/build.ts'
export { printStabilityRequest } from './info/cluster-stable.ts'
export {
  type HostAddress,
  parseHostAddress,
  parseHostList,
  printHostAddress,
  printHostList,
} from './info/host-address.ts'
export { type ListedIndex, parseIndexList } from './info/index-list.ts'
export { type InfoPairs, parseInfoPairs } from './info/info-pairs.ts'
export {
  type ListedModule,
  parseModuleError,
  parseModuleList,
  printModuleRegistration,
  printModuleRemoval,
  parseModuleContent,
  printModuleRequest,
} from './info/function-command.ts'
export {
  type IndexCreation,
  printIndexCreation,
  printIndexDeletion,
  printTruncation,
} from './info/index-command.ts'
export { parseShownJob, type ShownJob } from './info/query-show.ts'
export { type InfoError, parseInfoError, printInfoError } from './info/info-error.ts'
export { type Peer, type Peers, parsePeers, printPeers } from './info/peers.ts'
export {
  hasPartition,
  type NamespaceReplicas,
  PARTITION_BITMAP_BYTES,
  parseReplicas,
  printReplicas,
} from './info/replicas.ts'
export { parseUserAgent, printUserAgentRequest, type UserAgent } from './info/user-agent.ts'

// command: conversations, both directions
export {
  type AdminQueryReply,
  type AdminRequest,
  decodeAdminReply,
  decodeAdminRequest,
  decodeRolesReply,
  decodeUsersReply,
  encodeAdminReply,
  encodeAdminRequest,
  encodeRolesReply,
  encodeUsersReply,
  InvalidAdminRequestError,
  type Role,
  type User,
  type UserActivity,
} from './command/admin.ts'
export {
  BATCH_FLAG,
  BatchReply,
  type BatchReplyRow,
  type BatchRequest,
  type DecodedBatchRequest,
  type DecodedBatchRow,
  decodeBatchRequest,
  encodeBatchEnd,
  encodeBatchRequest,
  encodeBatchRows,
  isLastBatchFrame,
} from './command/batch.ts'
export { BATCH_ROW_TYPE, type BatchAction } from './command/batch-row.ts'
export { INDEX_COLLECTION, type IndexCollection } from './command/index-collection.ts'
export { AggregationReply, isLastAggregationFrame, type Particle } from './command/aggregation-reply.ts'
export { isLastQueryFrame, QueryReply } from './command/query-reply.ts'
export { FUNCTION_BIN, type FunctionCall } from './command/function-call.ts'
export {
  encodeQueryRequest,
  type IndexQuery,
  type QueryPartitions,
  type QueryRequest,
  UDF_OPERATION,
} from './command/query-request.ts'
export { DELETE_BITS } from './command/delete-record.ts'
export { EXISTS_BITS } from './command/exists-record.ts'
export { decodeInfoReply, decodeInfoRequest, encodeInfoReply, encodeInfoRequest } from './command/info.ts'
export {
  type AuthenticateRequest,
  decodeLoginReply,
  encodeLoginReply,
  encodeLoginRequest,
  type LoginReply,
  type LoginRequest,
} from './command/login.ts'
export { operateBits } from './command/operate-record.ts'
export {
  CONSISTENT_READ_BITS,
  type ConsistentReadMode,
  READ_ALL_BITS,
  READ_BINS_BITS,
  READ_HEADER_BITS,
} from './command/read-record.ts'
export {
  decodeRecordReply,
  encodeRecordReply,
  type RecordReply,
  type ReplyOperation,
  replyGeneration,
  replyResultCode,
} from './command/record-reply.ts'
export {
  type DecodedRecordRequest,
  decodeRecordRequest,
  encodeRecordRequest,
  MalformedRequestError,
  type RecordRequest,
} from './command/record-request.ts'
export { TOUCH_BITS, TOUCH_OPERATIONS } from './command/touch-record.ts'
export {
  commitLevelBits,
  WRITE_MODE_BITS,
  type WriteMode,
  writeConditionBits,
} from './command/write-record.ts'
