import {
  ByteReader,
  type ByteWriter,
  beginFrame,
  endFrame,
  FIELD_TYPE,
  FRAME_TYPE,
  INFO1,
  OPERATION_TYPE,
  PARTICLE_TYPE,
  PARTITION_COUNT,
  writeMessageHeader,
} from '@aero/codec'
import type { LuaValue } from '@aero/lua/machine'
import { replyParticleOfValue } from '../lua/lua-particle.ts'
import { REPLY_LAST, writeReplyBin, writeResult } from '../reply.ts'
import { Request } from '../request.ts'
import { RESULT } from '../result-code.ts'
import type { Job } from '../store/job-table.ts'
import type { Namespace } from '../store/namespace.ts'
import { type FunctionCall, printExecutionError, readFunctionCall, UNEXPECTED } from './function.ts'
import { FunctionRecord } from './function-record.ts'
import { type Found, type IndexUse, isAboutIndex, readIndexUse, selectRecords } from './index-query.ts'
import type { PendingAnswer } from './pending-answer.ts'
import type { QueryContext } from './query.ts'
import { newJob, readRecordsPerSecond, readSocketTimeout } from './query-request.ts'
import { RecordCommand } from './record-command.ts'

const SUCCESS = new TextEncoder().encode('SUCCESS')
const FAILURE = new TextEncoder().encode('FAILURE')
const MAX_SET_BYTES = 63
/** How long a function may run over one partition, in milliseconds. A server sets no end to it. */
const TIMEOUT_MS = 10_000

/**
 * Begins a query whose records go through a function over a stream: the part of it that the server does, for each partition
 * on its own; the client puts together what comes out. Source: as/src/query/query.c, aggr_query_job_start.
 *
 * @param body The message's body; what is needed of it is copied, since the answer outlives the receive buffer.
 */
export function beginAggregation(
  context: QueryContext,
  received: RecordCommand,
  namespace: Namespace,
  body: Uint8Array,
  out: ByteWriter,
): PendingAnswer | number {
  const request = new Request()
  request.read(ByteReader.over(body.slice()))
  const use = request.hasField(FIELD_TYPE.indexRange)
    ? readIndexUse(request, namespace, received.clock.now())
    : undefined
  const call = readFunctionCall(request)
  const refusal = refuse(request, namespace, use)
  if (refusal !== RESULT.ok || typeof use === 'number' || call === undefined)
    return writeResult(out, refusal === RESULT.ok ? RESULT.parameter : refusal)
  const job = newJob(request, namespace, received.clock.now(), {
    type: 'aggregation',
    indexName: use?.index.name ?? '',
    recordsPerSecond: readRecordsPerSecond(request),
    details: `:socket-timeout=${readSocketTimeout(request)}`,
  })
  if (job.id !== 0n && !context.jobs.add(job)) return writeResult(out, RESULT.parameter)
  const command = new RecordCommand(request, received.clock, namespace)
  command.isBackground = true
  return new AggregationAnswer(context, command, { use, call: { ...call, timeoutMs: TIMEOUT_MS } }, job)
}

function refuse(request: Request, namespace: Namespace, use: IndexUse | number | undefined): number {
  if ((request.info1 & INFO1.shortQuery) !== 0) return RESULT.parameter
  if (request.hasField(FIELD_TYPE.filter)) return RESULT.unsupportedFeature
  if (request.fieldLength(FIELD_TYPE.set) > MAX_SET_BYTES) return RESULT.parameter
  if (typeof use === 'number' && !isAboutIndex(use)) return use
  const hasSet = request.fieldLength(FIELD_TYPE.set) > 0
  if (hasSet && !namespace.knowsSet(request.copyField(FIELD_TYPE.set))) return RESULT.notFound
  return typeof use === 'number' ? use : RESULT.ok
}

/** A query under way, partition by partition: all of which this node is the master. */
class AggregationAnswer implements PendingAnswer {
  readonly #context: QueryContext
  readonly #command: RecordCommand
  readonly #use: IndexUse | undefined
  readonly #call: FunctionCall
  readonly #job: Job
  #nextPartition = 0

  constructor(
    context: QueryContext,
    command: RecordCommand,
    what: { readonly use: IndexUse | undefined; readonly call: FunctionCall },
    job: Job,
  ) {
    this.#context = context
    this.#command = command
    this.#use = what.use
    this.#call = what.call
    this.#job = job
  }

  writeNext(out: ByteWriter): boolean {
    const start = out.position
    while (this.#nextPartition < PARTITION_COUNT && !this.#job.isAborted) {
      const isWhole = this.#writePartition(this.#nextPartition++, out)
      if (!isWhole) return this.#finish(out, RESULT.unknown)
      this.#job.progress = this.#nextPartition / PARTITION_COUNT
      if (out.position > start) return true
    }
    return this.#finish(out, this.#job.isAborted ? RESULT.queryAborted : RESULT.ok)
  }

  abandon(): void {
    this.#job.isAbandoned = true
    this.#job.progress = 1
    this.#job.finishedAt = this.#command.clock.now()
  }

  #finish(out: ByteWriter, resultCode: number): false {
    this.#job.finishedAt = this.#command.clock.now()
    writeResult(out, resultCode, 0, 0, REPLY_LAST)
    return false
  }

  /** `false`: the function failed, and the query with it. */
  #writePartition(partition: number, out: ByteWriter): boolean {
    if (!this.#context.isMaster(partition)) return true
    const all = { partition, afterDigest: undefined, afterValue: 0n }
    const found = selectRecords(this.#command, this.#use, all)
    if (found.length === 0) return true
    this.#job.succeeded += found.length
    const values: LuaValue[] = []
    const message = this.#run(partition, found, values)
    const mark = beginFrame(out, FRAME_TYPE.message)
    const start = out.position
    for (const value of values) writeValue(out, value)
    if (message !== undefined) writeMessage(out, message)
    if (out.position > start) endFrame(out, mark)
    else out.position = mark
    return message === undefined
  }

  /** Puts the records through the function; what comes out goes to `values`. Returns what went wrong. */
  #run(partition: number, found: readonly Found[], values: LuaValue[]): string | undefined {
    const { module, name, parameters, timeoutMs } = this.#call
    const command = this.#command
    let next = 0
    const source = {
      read: () => {
        const record = found[next++]
        if (record === undefined) return undefined
        command.aim(command.namespace, partition, record.digest)
        return new FunctionRecord(command, record.record)
      },
      write: () => {},
    }
    const target = {
      read: () => undefined,
      write: (value: LuaValue | undefined) => {
        if (value !== undefined) values.push(value)
      },
    }
    const outcome = this.#context.functions.runOnStream(module, name, source, target, parameters, timeoutMs)
    if ('value' in outcome) return undefined
    const execution = printExecutionError(outcome.error)
    return outcome.error === 1 ? execution : `${execution} : ${outcome.message ?? UNEXPECTED}`
  }
}

function writeValue(out: ByteWriter, value: LuaValue): void {
  const particle = replyParticleOfValue(value) ?? { type: PARTICLE_TYPE.nil, particle: new Uint8Array(0) }
  writeMessageHeader(out, EMPTY_HEADER)
  writeReplyBin(out, OPERATION_TYPE.read, { name: SUCCESS, ...particle })
}

function writeMessage(out: ByteWriter, text: string): void {
  const particle = Uint8Array.from(Buffer.from(text, 'latin1'))
  writeMessageHeader(out, EMPTY_HEADER)
  writeReplyBin(out, OPERATION_TYPE.read, { name: FAILURE, type: PARTICLE_TYPE.string, particle })
}

/** Of a message with one operation, about no record. */
const EMPTY_HEADER = {
  info1: 0,
  info2: 0,
  info3: 0,
  info4: 0,
  resultCode: RESULT.ok,
  generation: 0,
  expiration: 0,
  timeoutMs: 0,
  fieldCount: 0,
  operationCount: 1,
}
