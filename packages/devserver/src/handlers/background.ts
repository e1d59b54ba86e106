import {
  ByteReader,
  ByteWriter,
  FIELD_TYPE,
  INFO1,
  INFO2,
  INFO3,
  OPERATION_TYPE,
  PARTITION_COUNT,
} from '@aero/codec'
import { isExpressionModify } from '../evaluate/expression-operation.ts'
import type { Filter } from '../evaluate/filter.ts'
import type { LuaFunctions } from '../lua/lua-functions.ts'
import { REPLY_LAST, writeResult } from '../reply.ts'
import { Request } from '../request.ts'
import { RESULT } from '../result-code.ts'
import type { Job, JobTable } from '../store/job-table.ts'
import type { Namespace } from '../store/namespace.ts'
import { applyFunction, type FunctionCall, readFunctionCall } from './function.ts'
import { type Found, type IndexUse, isAboutIndex, readIndexUse, selectRecords } from './index-query.ts'
import { newJob, readRecordsPerSecond } from './query-request.ts'
import { filterOf, subjectOf } from './record-checks.ts'
import { RecordCommand } from './record-command.ts'
import { writeRecord } from './write.ts'
import { isReading } from './write-policy.ts'

/** What a background job answers for each record; nobody reads it. */
const discarded = new ByteWriter(256)
/** The server's limit, and its pace when the client says none: background-query-max-rps. */
const MAX_RECORDS_PER_SECOND = 10_000
/** How often a job takes up its work again, in milliseconds, when that is not too often for its pace. */
const PIECE_MS = 50
/** Length of a message that ends an answer, and how long a server waits with it: both only shown. */
const SHOWN = ':net-io-bytes=30:socket-timeout=10000'

/**
 * A write without a digest is a job over a whole set, over what an index gives of it, or over the whole namespace. It is
 * answered at once; the first piece of the work is done by then, the rest follows at the pace the client asked for.
 * Source: as/src/query/query.c, ops_bg_query_job_start and udf_bg_query_job_start.
 */
export function runBackgroundJob(
  context: BackgroundContext,
  received: RecordCommand,
  namespace: Namespace,
  body: Uint8Array,
  out: ByteWriter,
): number {
  // What is needed of the message is copied, since the job outlives the receive buffer.
  const request = new Request()
  request.read(ByteReader.over(body.slice()))
  const use = request.hasField(FIELD_TYPE.indexRange)
    ? readIndexUse(request, namespace, received.clock.now())
    : undefined
  const filter = filterOf(request)
  const call = request.hasField(FIELD_TYPE.udfPackage)
    ? (readFunctionCall(request) ?? 'malformed')
    : undefined
  const resultCode = checkJob(request, namespace, { use, filter, call })
  if (
    resultCode !== RESULT.ok ||
    typeof use === 'number' ||
    typeof filter === 'number' ||
    call === 'malformed'
  )
    return writeResult(out, resultCode)
  const details =
    call === undefined
      ? `${SHOWN}:ops-active=0`
      : `${SHOWN}:udf-filename=${call.module}:udf-function=${call.name}:udf-active=0`
  const job = newJob(request, namespace, received.clock.now(), {
    type: call === undefined ? 'background-ops' : 'background-udf',
    indexName: use?.index.name ?? '',
    recordsPerSecond: readRecordsPerSecond(request) || MAX_RECORDS_PER_SECOND,
    details,
  })
  if (job.id !== 0n && !context.jobs.add(job)) return writeResult(out, RESULT.parameter)
  writeResult(out, RESULT.ok, 0, 0, REPLY_LAST)
  const command = new RecordCommand(request, received.clock, namespace)
  new BackgroundJob(context, command, { use, filter, call }, job).runPiece()
  return RESULT.ok
}

/** What a background job has to know of its node. */
export interface BackgroundContext {
  readonly jobs: JobTable
  readonly functions: LuaFunctions
  isMaster(partition: number): boolean
}

/** What a job does with which records. */
interface Work<Malformed = never> {
  readonly use: IndexUse | undefined | Malformed
  readonly filter: Filter | undefined | Malformed
  /** The function to call; `undefined`: the operations of the message are carried out. */
  readonly call: FunctionCall | undefined | Malformed
}

/** A job under way. Between its pieces the server does other things. */
class BackgroundJob {
  readonly #context: BackgroundContext
  readonly #command: RecordCommand
  readonly #work: Work
  readonly #job: Job
  #nextPartition = 0
  /** The rest of the partition under way. */
  #records: readonly Found[] = []
  #nextRecord = 0

  constructor(context: BackgroundContext, command: RecordCommand, work: Work, job: Job) {
    this.#context = context
    this.#command = command
    this.#work = work
    this.#job = job
    const { request } = command
    // For each record the job is an update that has only the operations of its message.
    request.info2 = INFO2.write | (request.info2 & INFO2.durableDelete)
    request.info3 = work.call === undefined ? INFO3.updateOnly | (request.info3 & INFO3.replaceOnly) : 0
    command.isBackground = true
  }

  /** Works off as many records as the pace allows, and sees to it that the rest follows. */
  runPiece(): void {
    const { recordsPerSecond } = this.#job
    const count = Math.max(1, Math.floor((recordsPerSecond * PIECE_MS) / 1000))
    let left = count
    let isMore = true
    while (isMore && left > 0 && !this.#job.isAborted) {
      const found = this.#records[this.#nextRecord]
      if (found === undefined) isMore = this.#openNextPartition()
      else {
        this.#nextRecord++
        left--
        this.#apply(found)
      }
    }
    this.#job.progress = Math.min(1, this.#nextPartition / PARTITION_COUNT)
    if (!isMore || this.#job.isAborted) this.#job.finishedAt = this.#command.clock.now()
    else {
      this.#job.throttled++
      this.#command.clock.after((count / recordsPerSecond) * 1000, () => this.runPiece())
    }
  }

  #openNextPartition(): boolean {
    const partition = this.#nextPartition
    if (partition >= PARTITION_COUNT) return false
    this.#nextPartition++
    this.#nextRecord = 0
    const all = { partition, afterDigest: undefined, afterValue: 0n }
    this.#records = this.#context.isMaster(partition) ? selectRecords(this.#command, this.#work.use, all) : []
    return true
  }

  #apply({ digest, record }: Found): void {
    const command = this.#command
    const { filter, call } = this.#work
    command.aim(command.namespace, this.#nextPartition - 1, digest)
    const isFilteredOut = filter?.passes(subjectOf(record, command.clock)) === false
    const resultCode = isFilteredOut
      ? RESULT.filteredOut
      : call === undefined
        ? writeRecord(command, discarded)
        : applyFunction(this.#context.functions, command, call, discarded)
    discarded.position = 0
    if (resultCode === RESULT.ok) this.#job.succeeded++
    else if (resultCode === RESULT.filteredOut) this.#job.filtered++
    else if (resultCode !== RESULT.notFound) this.#job.failed++
  }
}

function checkJob(
  request: Request,
  namespace: Namespace,
  { use, filter, call }: Work<number | 'malformed'>,
): number {
  if ((request.info1 & INFO1.shortQuery) !== 0) return RESULT.parameter
  if (typeof use === 'number' && !isAboutIndex(use)) return use
  if (request.fieldLength(FIELD_TYPE.set) > 0 && !namespace.knowsSet(request.copyField(FIELD_TYPE.set))) {
    return RESULT.notFound
  }
  if (readRecordsPerSecond(request) > MAX_RECORDS_PER_SECOND) return RESULT.parameter
  if (typeof use === 'number') return use
  if (typeof filter === 'number') return filter
  if (call === 'malformed') return RESULT.parameter
  return call === undefined ? checkOperations(request) : RESULT.ok
}

function checkOperations(request: Request): number {
  if ((request.info1 & INFO1.read) !== 0 || request.operationCount === 0) return RESULT.parameter
  for (let index = 0; index < request.operationCount; index++) {
    if (isReading(request.operationType[index] as number)) return RESULT.parameter
  }
  for (let index = 0; index < request.operationCount; index++) {
    const isExpression = request.operationType[index] === OPERATION_TYPE.expressionModify
    if (isExpression && !isExpressionModify(request.copyValue(index))) return RESULT.parameter
  }
  return RESULT.ok
}
