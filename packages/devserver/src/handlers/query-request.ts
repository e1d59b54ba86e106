import { FIELD_TYPE, INFO1, PARTITION_COUNT } from '@aero/codec'
import type { Request } from '../request.ts'
import type { Job } from '../store/job-table.ts'
import type { Namespace } from '../store/namespace.ts'
import { isBinName } from './record-checks.ts'
import { isReading } from './write-policy.ts'

const DIGEST_BYTES = 20
const DEFAULT_SOCKET_TIMEOUT_MS = 10_000
const BIN_VALUE_BYTES = 8
const MAX_SET_BYTES = 63

/** One partition that a query asks for, and behind which record to begin. */
export interface QueryPartition {
  readonly partition: number
  /** The last record already seen, one character a byte; `undefined` begins at the beginning. */
  readonly afterDigest: string | undefined
  /** Of a query by an index: that record's value in the index. */
  readonly afterValue: bigint
}

/**
 * The partitions a query names, in the order of their numbers. `undefined`: it names none; `'malformed'`: what the server
 * answers with 4. Source: as/src/query/query.c, get_query_pids.
 */
export function readPartitions(request: Request): QueryPartition[] | 'malformed' | undefined {
  const hasIds = request.hasField(FIELD_TYPE.partitionIds)
  const hasDigests = request.hasField(FIELD_TYPE.digests)
  if (!hasIds && !hasDigests) return undefined
  const partitions: (QueryPartition | undefined)[] = new Array(PARTITION_COUNT)
  const isWhole =
    (!hasIds || addWholePartitions(request, partitions)) &&
    (hasDigests ? addResumed(request, partitions) : !request.hasField(FIELD_TYPE.binValues))
  if (!isWhole) return 'malformed'
  return partitions.filter((partition) => partition !== undefined)
}

/** An odd byte at the end is not looked at. */
function addWholePartitions(request: Request, partitions: (QueryPartition | undefined)[]): boolean {
  const start = request.fieldStart(FIELD_TYPE.partitionIds)
  const count = request.fieldLength(FIELD_TYPE.partitionIds) >> 1
  if (count === 0 || count > PARTITION_COUNT) return false
  for (let index = 0; index < count; index++) {
    const at = start + 2 * index
    const partition = (request.bytes[at] as number) | ((request.bytes[at + 1] as number) << 8)
    if (partition >= PARTITION_COUNT || partitions[partition] !== undefined) return false
    partitions[partition] = { partition, afterDigest: undefined, afterValue: 0n }
  }
  return true
}

function addResumed(request: Request, partitions: (QueryPartition | undefined)[]): boolean {
  const digests = Buffer.from(request.copyField(FIELD_TYPE.digests))
  const count = Math.floor(digests.length / DIGEST_BYTES)
  if (count === 0 || count > PARTITION_COUNT) return false
  let values: Buffer | undefined
  if (request.hasField(FIELD_TYPE.indexRange)) {
    values = Buffer.from(request.copyField(FIELD_TYPE.binValues))
    if (Math.floor(values.length / BIN_VALUE_BYTES) !== count) return false
  }
  for (let index = 0; index < count; index++) {
    const at = index * DIGEST_BYTES
    const partition = digests.readUInt16LE(at) & (PARTITION_COUNT - 1)
    if (partitions[partition] !== undefined) return false
    partitions[partition] = {
      partition,
      afterDigest: digests.toString('latin1', at, at + DIGEST_BYTES),
      afterValue: values?.readBigInt64LE(index * BIN_VALUE_BYTES) ?? 0n,
    }
  }
  return true
}

/** Whether everything else in the message is as the server accepts it. Source: query.c, basic_query_job_start. */
export function isQueryWellFormed(request: Request): boolean {
  const isShort = (request.info1 & INFO1.shortQuery) !== 0
  if (request.fieldLength(FIELD_TYPE.set) > MAX_SET_BYTES) return false
  if (request.hasField(FIELD_TYPE.recordsPerSecond)) {
    if (isShort || request.fieldLength(FIELD_TYPE.recordsPerSecond) !== 4) return false
  }
  if (request.hasField(FIELD_TYPE.socketTimeout) && request.fieldLength(FIELD_TYPE.socketTimeout) !== 4)
    return false
  if (request.hasField(FIELD_TYPE.maxRecords) && request.fieldLength(FIELD_TYPE.maxRecords) !== 8)
    return false
  if ((request.info1 & INFO1.noBinData) !== 0) return true
  for (let index = 0; index < request.operationCount; index++) {
    if (!isBinName(request, index) || !isReading(request.operationType[index] as number)) return false
  }
  return true
}

/** The most records the query wants of this node; `Infinity` when it does not say, or says 0. */
export function readMaxRecords(request: Request): number {
  if (!request.hasField(FIELD_TYPE.maxRecords)) return Number.POSITIVE_INFINITY
  const count = Number(Buffer.from(request.copyField(FIELD_TYPE.maxRecords)).readBigUInt64BE())
  return count === 0 ? Number.POSITIVE_INFINITY : count
}

/** The number of the job, or 0 when the server is to choose one. */
function readJobId(request: Request): bigint {
  if (request.fieldLength(FIELD_TYPE.taskId) !== 8) return 0n
  return Buffer.from(request.copyField(FIELD_TYPE.taskId)).readBigUInt64BE()
}

/** How long the server is to wait for a client that does not read, in milliseconds; it is only shown. */
export function readSocketTimeout(request: Request): number {
  if (request.fieldLength(FIELD_TYPE.socketTimeout) !== 4) return DEFAULT_SOCKET_TIMEOUT_MS
  return Buffer.from(request.copyField(FIELD_TYPE.socketTimeout)).readUInt32BE()
}

/** Records per second that the request asks for; 0 when it does not. Source: query.c, get_query_rps. */
export function readRecordsPerSecond(request: Request): number {
  if (request.fieldLength(FIELD_TYPE.recordsPerSecond) !== 4) return 0
  return Buffer.from(request.copyField(FIELD_TYPE.recordsPerSecond)).readUInt32BE()
}

/** The job as it is entered in the node's table; `startedAt` in milliseconds since 1970. */
export function newJob(
  request: Request,
  namespace: Namespace,
  startedAt: number,
  job: Pick<Job, 'type' | 'indexName' | 'recordsPerSecond' | 'details'>,
): Job {
  return {
    ...job,
    id: readJobId(request),
    namespace: namespace.name,
    set: Buffer.from(request.copyField(FIELD_TYPE.set)).toString('utf8'),
    startedAt,
    finishedAt: undefined,
    progress: 0,
    succeeded: 0,
    throttled: 0,
    filtered: 0,
    failed: 0,
    isAborted: false,
    isAbandoned: false,
  }
}
