import {
  ByteReader,
  type ByteWriter,
  beginFrame,
  endFrame,
  FIELD_TYPE,
  FRAME_TYPE,
  INFO1,
  INFO3,
  OPERATION_TYPE,
  writeMessageHeader,
} from '@aero/codec'
import { voidTimeNow } from '../clock.ts'
import { NOT_YET } from '../not-yet.ts'
import { REPLY_LAST, writeResult } from '../reply.ts'
import { Request } from '../request.ts'
import { RESULT } from '../result-code.ts'
import type { Job, JobTable } from '../store/job-table.ts'
import type { Namespace } from '../store/namespace.ts'
import type { StoredRecord } from '../store/stored-record.ts'
import type { PendingAnswer } from './pending-answer.ts'
import {
  isQueryWellFormed,
  newJob,
  type QueryPartition,
  readMaxRecords,
  readPartitions,
} from './query-request.ts'
import { readOperation } from './read.ts'
import { setMatches } from './record-checks.ts'
import { RecordCommand } from './record-command.ts'

/** A frame of records is closed when it has grown to this, and the connection sees whether the client keeps up. */
const PIECE_BYTES = 64 * 1024
const FIELD_HEADER_BYTES = 5

/** What a query has to know of its node. */
export interface QueryContext {
  readonly jobs: JobTable
  /** Whether the node has a copy of the partition. */
  owns(partition: number): boolean
}

/**
 * Begins a scan or query in the foreground: refuses it with one message, or returns the answer to be fetched piece by piece.
 * Source of the checks and their order: as/src/query/query.c, basic_query_job_start.
 *
 * @param body The message's body; what is needed of it is copied, since the answer outlives the receive buffer.
 */
export function beginQuery(
  context: QueryContext,
  received: RecordCommand,
  namespace: Namespace,
  body: Uint8Array,
  out: ByteWriter,
): PendingAnswer | number {
  const request = new Request()
  request.read(ByteReader.over(body.slice()))
  const partitions = readPartitions(request)
  const refusal = refuse(request, partitions)
  if (refusal !== RESULT.ok || typeof partitions !== 'object') return writeResult(out, refusal)
  const job = newJob(request, namespace, received.clock.now(), 'basic')
  const isMonitored = (request.info1 & INFO1.shortQuery) === 0 && job.id !== 0n
  if (isMonitored && !context.jobs.add(job)) return writeResult(out, RESULT.parameter)
  return new QueryAnswer(context, new RecordCommand(request, received.clock, namespace), partitions, job)
}

function refuse(request: Request, partitions: QueryPartition[] | 'malformed' | undefined): number {
  if ((request.info3 & INFO3.partitionDone) === 0) return RESULT.unsupportedFeature
  if (partitions === 'malformed') return RESULT.parameter
  if (partitions === undefined) return RESULT.unsupportedFeature
  if (request.hasField(FIELD_TYPE.indexRange)) return NOT_YET.query
  if (!isQueryWellFormed(request)) return RESULT.parameter
  if (request.hasField(FIELD_TYPE.filter)) return NOT_YET.filter
  return RESULT.ok
}

/** A query under way. Within a partition records come with descending digests, which is what resuming relies on. */
class QueryAnswer implements PendingAnswer {
  readonly #context: QueryContext
  readonly #command: RecordCommand
  readonly #partitions: readonly QueryPartition[]
  readonly #job: Job
  readonly #maxRecords: number
  readonly #isShort: boolean
  #nextPartition = 0
  /** The rest of the partition under way. */
  #records: readonly StoredRecord[] = []
  #nextRecord = 0

  constructor(
    context: QueryContext,
    command: RecordCommand,
    partitions: readonly QueryPartition[],
    job: Job,
  ) {
    this.#context = context
    this.#command = command
    this.#partitions = partitions
    this.#job = job
    this.#maxRecords = readMaxRecords(command.request)
    this.#isShort = (command.request.info1 & INFO1.shortQuery) !== 0
  }

  writeNext(out: ByteWriter): boolean {
    const mark = beginFrame(out, FRAME_TYPE.message)
    const start = out.position
    let isMore = true
    while (isMore && out.position - start < PIECE_BYTES) isMore = this.#writeOne(out)
    if (!isMore) this.#job.finishedAt = this.#command.clock.now()
    const resultCode = this.#job.isAborted ? RESULT.queryAborted : RESULT.ok
    if (!isMore && this.#isShort) writeHeader(out, { info3: REPLY_LAST, resultCode })
    // Between records and end the server begins a new frame, except in a short query.
    if (out.position > start) endFrame(out, mark)
    else out.position = mark
    if (!isMore && !this.#isShort) writeResult(out, resultCode, 0, 0, REPLY_LAST)
    return isMore
  }

  /** Writes a record, or takes up the next partition. `false` when all is done. */
  #writeOne(out: ByteWriter): boolean {
    if (this.#job.isAborted) return false
    const record = this.#records[this.#nextRecord++]
    if (record !== undefined) {
      if (writeRecord(this.#command, record, out)) this.#job.succeeded++
      return true
    }
    this.#job.progress = this.#nextPartition / this.#partitions.length
    const next = this.#partitions[this.#nextPartition++]
    if (next === undefined) return false
    this.#nextRecord = 0
    this.#records = []
    if (!this.#context.owns(next.partition)) writePartitionUnavailable(out, next.partition)
    else if (this.#job.succeeded < this.#maxRecords) this.#records = this.#select(next)
    return true
  }

  #select({ partition, afterDigest }: QueryPartition): StoredRecord[] {
    const { request, namespace, clock } = this.#command
    const now = voidTimeNow(clock)
    const found: { readonly digest: string; readonly record: StoredRecord }[] = []
    for (const [digest, record] of namespace.recordsOf(partition)) {
      if (afterDigest !== undefined && digest >= afterDigest) continue
      if (setMatches(request, record) && !record.isExpired(now)) found.push({ digest, record })
    }
    found.sort((a, b) => (a.digest > b.digest ? -1 : 1))
    return found.slice(0, this.#maxRecords - this.#job.succeeded).map(({ record }) => record)
  }
}

/** The partition is not here: the client has to ask another node. Its number stands in the generation. */
function writePartitionUnavailable(out: ByteWriter, partition: number): void {
  writeHeader(out, { info3: INFO3.partitionDone, resultCode: RESULT.unavailable, generation: partition })
}

function writeHeader(out: ByteWriter, header: Partial<Parameters<typeof writeMessageHeader>[1]>): void {
  writeMessageHeader(out, {
    info1: 0,
    info2: 0,
    info3: 0,
    info4: 0,
    resultCode: RESULT.ok,
    generation: 0,
    expiration: 0,
    timeoutMs: 0,
    fieldCount: 0,
    operationCount: 0,
    ...header,
  })
}

/** Writes one record of the answer. `false`: operations yielded nothing or failed, and the record is left out. */
function writeRecord(command: RecordCommand, record: StoredRecord, out: ByteWriter): boolean {
  const { request, results, namespace } = command
  const isBare = (request.info1 & INFO1.noBinData) !== 0
  const fieldCount = 2 + (record.setName.length > 0 ? 1 : 0) + (record.key === undefined ? 0 : 1)
  results.clear()
  if (!isBare && !readBins(command, record)) return false
  writeHeader(out, {
    info1: isBare ? INFO1.noBinData : 0,
    generation: record.generation,
    expiration: record.voidTime,
    fieldCount,
    operationCount: results.count,
  })
  writeField(out, FIELD_TYPE.namespace, Buffer.from(namespace.name))
  writeField(out, FIELD_TYPE.digest, record.digest)
  if (record.setName.length > 0) writeField(out, FIELD_TYPE.set, record.setName)
  if (record.key !== undefined) writeField(out, FIELD_TYPE.key, record.key)
  results.write(out)
  return true
}

/** Adds to the results what the record shows: all its bins, or what the operations yield. `false`: nothing to show. */
function readBins(command: RecordCommand, record: StoredRecord): boolean {
  const { request, results } = command
  if (request.operationCount === 0) {
    for (const bin of record.bins) results.add(OPERATION_TYPE.read, bin)
    return true
  }
  for (let index = 0; index < request.operationCount; index++) {
    if (readOperation(command, record.bins, index) !== RESULT.ok) return false
  }
  return results.count > 0
}

function writeField(out: ByteWriter, type: number, payload: Uint8Array): void {
  out.ensure(FIELD_HEADER_BYTES)
  out.u32(payload.length + 1)
  out.u8(type)
  out.copy(payload)
}
