/** Types of a message's fields. Source: as/include/base/proto.h of the server. */
export const FIELD_TYPE = {
  namespace: 0,
  set: 1,
  /** The user's key: particle type, then value. */
  key: 2,
  recordVersion: 3,
  digest: 4,
  transactionId: 5,
  transactionDeadline: 6,
  taskId: 7,
  socketTimeout: 9,
  recordsPerSecond: 10,
  /** Partition numbers, little-endian u16. */
  partitionIds: 11,
  digests: 12,
  maxRecords: 13,
  lastUpdateTime: 14,
  /** Values to resume an index query from, little-endian i64. */
  binValues: 15,
  indexName: 21,
  indexRange: 22,
  indexContext: 23,
  indexExpression: 24,
  indexType: 26,
  udfPackage: 30,
  udfFunction: 31,
  udfArguments: 32,
  udfOperation: 33,
  queryBins: 40,
  batch: 41,
  filter: 43,
  /** Reply: what an error code means in detail (server 8.2). */
  errorDetails: 45,
} as const

export type FieldType = (typeof FIELD_TYPE)[keyof typeof FIELD_TYPE]
