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
import type { Filter } from '../evaluate/filter.ts'
import type { LuaFunctions } from '../lua/lua-functions.ts'
import { REPLY_LAST, writeResult } from '../reply.ts'
import { Request } from '../request.ts'
import { RESULT } from '../result-code.ts'
import type { Job, JobTable } from '../store/job-table.ts'
import type { Namespace } from '../store/namespace.ts'
import type { StoredRecord } from '../store/stored-record.ts'
import { type Found, type IndexUse, isAboutIndex, readIndexUse, selectRecords } from './index-query.ts'
import type { PendingAnswer } from './pending-answer.ts'
import {
  isQueryWellFormed,
  newJob,
  type QueryPartition,
  readMaxRecords,
  readPartitions,
  readRecordsPerSecond,
  readSocketTimeout,
} from './query-request.ts'
import { readOperation } from './read.ts'
import { filterOf, subjectOf } from './record-checks.ts'
import { RecordCommand } from './record-command.ts'

/** A frame of records is closed when it has grown to this, and the connection sees whether the client keeps up. */
const PIECE_BYTES = 64 * 1024
const FIELD_HEADER_BYTES = 5

/** What a query has to know of its node. */
export interface QueryContext {
  readonly jobs: JobTable
  /** What runs functions in Lua. */
  readonly functions: LuaFunctions
  /** Whether the node is the partition's master: jobs of the server's own care for these. */
  isMaster(partition: number): boolean
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
  const use = readUse(request, namespace, received.clock.now())
  const filter = filterOf(request)
  const refusal = refuse(request, partitions, use, filter)
  if (
    refusal !== RESULT.ok ||
    typeof partitions !== 'object' ||
    typeof use === 'number' ||
    typeof filter === 'number'
  )
    return writeResult(out, refusal)
  const job = newJob(request, namespace, received.clock.now(), {
    type: 'basic',
    indexName: use?.index.name ?? '',
    recordsPerSecond: readRecordsPerSecond(request),
    details: `:socket-timeout=${readSocketTimeout(request)}`,
  })
  const isMonitored = (request.info1 & INFO1.shortQuery) === 0 && job.id !== 0n
  if (isMonitored && !context.jobs.add(job)) return writeResult(out, RESULT.parameter)
  const command = new RecordCommand(request, received.clock, namespace)
  return new QueryAnswer(context, command, { partitions, use, filter }, job)
}

function readUse(request: Request, namespace: Namespace, now: number): IndexUse | number | undefined {
  return request.hasField(FIELD_TYPE.indexRange) ? readIndexUse(request, namespace, now) : undefined
}

function refuse(
  request: Request,
  partitions: QueryPartition[] | 'malformed' | undefined,
  use: IndexUse | number | undefined,
  filter: Filter | number | undefined,
): number {
  if ((request.info3 & INFO3.partitionDone) === 0) return RESULT.unsupportedFeature
  if (partitions === 'malformed') return RESULT.parameter
  const isMissing = typeof use === 'number' && isAboutIndex(use)
  if (typeof use === 'number' && !isMissing) return use
  if (partitions === undefined) return RESULT.unsupportedFeature
  if (isMissing) return use
  if (!isQueryWellFormed(request)) return RESULT.parameter
  return typeof filter === 'number' ? filter : RESULT.ok
}

/** A query under way. See selectRecords for the order within a partition. */
class QueryAnswer implements PendingAnswer {
  readonly #context: QueryContext
  readonly #command: RecordCommand
  readonly #partitions: readonly QueryPartition[]
  readonly #use: IndexUse | undefined
  readonly #filter: Filter | undefined
  readonly #job: Job
  readonly #maxRecords: number
  readonly #isShort: boolean
  #nextPartition = 0
  /** The rest of the partition under way. */
  #records: readonly Found[] = []
  #nextRecord = 0
  /** Records taken up, also those whose operations then yielded nothing: the limit counts them, as the server's does. */
  #taken = 0

  constructor(
    context: QueryContext,
    command: RecordCommand,
    what: {
      readonly partitions: readonly QueryPartition[]
      readonly use: IndexUse | undefined
      readonly filter: Filter | undefined
    },
    job: Job,
  ) {
    this.#context = context
    this.#command = command
    this.#partitions = what.partitions
    this.#use = what.use
    this.#filter = what.filter
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

  abandon(): void {
    this.#job.isAbandoned = true
    this.#job.progress = 1
    this.#job.finishedAt = this.#command.clock.now()
  }

  /** Writes a record, or takes up the next partition. `false` when all is done. */
  #writeOne(out: ByteWriter): boolean {
    if (this.#job.isAborted) return false
    const found = this.#records[this.#nextRecord++]
    if (found !== undefined) {
      this.#taken++
      const value = this.#use === undefined ? undefined : found.value
      if (writeRecord(this.#command, found.record, value, out)) this.#job.succeeded++
      return true
    }
    this.#job.progress = this.#nextPartition / this.#partitions.length
    const next = this.#partitions[this.#nextPartition++]
    if (next === undefined) return false
    this.#nextRecord = 0
    this.#records = []
    if (!this.#context.owns(next.partition)) writePartitionUnavailable(out, next.partition)
    else if (this.#taken < this.#maxRecords) this.#records = this.#select(next)
    return true
  }

  #select(partition: QueryPartition): readonly Found[] {
    const filter = this.#filter
    const { clock } = this.#command
    const found = selectRecords(this.#command, this.#use, partition)
    // Records that the filter leaves out do not count for the limit.
    const meant = found.filter(({ record }) => filter?.passes(subjectOf(record, clock)) ?? true)
    return meant.slice(0, this.#maxRecords - this.#taken)
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
function writeRecord(
  command: RecordCommand,
  record: StoredRecord,
  value: bigint | undefined,
  out: ByteWriter,
): boolean {
  const { request, results, namespace } = command
  const isBare = (request.info1 & INFO1.noBinData) !== 0
  const fieldCount =
    2 + Number(record.setName.length > 0) + Number(record.key !== undefined) + Number(value !== undefined)
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
  if (value !== undefined) writeField(out, FIELD_TYPE.binValues, littleEndian(value))
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
  const subject = subjectOf(record, command.clock)
  for (let index = 0; index < request.operationCount; index++) {
    if (readOperation(command, subject, index) !== RESULT.ok) return false
  }
  return results.count > 0
}

function writeField(out: ByteWriter, type: number, payload: Uint8Array): void {
  out.ensure(FIELD_HEADER_BYTES)
  out.u32(payload.length + 1)
  out.u8(type)
  out.copy(payload)
}

function littleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, value, true)
  return bytes
}
