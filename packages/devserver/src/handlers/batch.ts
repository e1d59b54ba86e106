import {
  BATCH_FLAG,
  ByteReader,
  ByteWriter,
  beginFrame,
  CodecError,
  type DecodedBatchRequest,
  type DecodedBatchRow,
  decodeBatchRequest,
  endFrame,
  FIELD_TYPE,
  FRAME_HEADER_BYTES,
  FRAME_TYPE,
  INFO1,
  INFO2,
  MESSAGE_HEADER_BYTES,
  OPERATION_TYPE,
  writeMessageHeader,
} from '@aero/codec'
import { compileFilter } from '../evaluate/filter.ts'
import { REPLY_LAST, writeResult } from '../reply.ts'
import { RESULT } from '../result-code.ts'

/** A frame of rows is closed when it has grown to this, and another begun. */
const FRAME_BYTES = 128 * 1024
const FIELD_HEADER_BYTES = 5
/** Where a message has the index of its row: in the slot of the timeout. */
const INDEX_OFFSET = 14

/** What a batch has to know of its node. */
export interface BatchContext {
  hasNamespace(name: string): boolean
  /** Answers a row that has been made a message of its own, and returns the result code. */
  answerRow(body: ByteReader, out: ByteWriter): number
}

/**
 * Answers a batch: each row as the command on one record that it is, in the order of the request, then the message that ends
 * it. A row that fails is that row's result; a batch that is malformed, or names a namespace that is not there, is refused as
 * a whole. Source: as/src/base/batch.c.
 */
export function answerBatch(context: BatchContext, body: ByteReader, out: ByteWriter): number {
  const batch = decoded(body)
  if (batch === undefined || !isAcceptable(context, batch)) {
    return writeResult(out, RESULT.parameter, 0, 0, REPLY_LAST)
  }
  const message = new ByteWriter()
  const answer = new ByteWriter()
  let firstError: number = RESULT.ok
  let frame = beginFrame(out, FRAME_TYPE.message)
  for (const row of batch.rows) {
    message.position = 0
    answer.position = 0
    writeRowAsMessage(message, batch, row)
    const code = context.answerRow(ByteReader.over(message.written()), answer)
    if (firstError === RESULT.ok && isError(code)) firstError = code
    answer.patchU32(FRAME_HEADER_BYTES + INDEX_OFFSET, row.index)
    if ((row.info2 & INFO2.write) === 0) callResultsReads(answer)
    if (out.position - frame > FRAME_BYTES) {
      endFrame(out, frame)
      frame = beginFrame(out, FRAME_TYPE.message)
    }
    out.copy(answer.written().subarray(FRAME_HEADER_BYTES))
  }
  endFrame(out, frame)
  // Whoever wants all rows answered looks at the rows; the others are told of the first error once more.
  const wantsAll = (batch.flags & BATCH_FLAG.respondAllKeys) !== 0
  return writeResult(out, wantsAll ? RESULT.ok : firstError, 0, 0, REPLY_LAST)
}

/** Whether all the namespaces are there and the filter for all rows is one. */
function isAcceptable(context: BatchContext, { rows, filter }: DecodedBatchRequest): boolean {
  if (!rows.every((row) => context.hasNamespace(namespaceOf(row)))) return false
  return filter === undefined || compileFilter(filter) !== undefined
}

/** Whatever a row reads with, in a batch its results stand there as those of plain reads. */
function callResultsReads(answer: ByteWriter): void {
  const { bytes, view } = answer
  let at = FRAME_HEADER_BYTES + MESSAGE_HEADER_BYTES
  for (let left = view.getUint16(at - 2); left > 0; left--) {
    bytes[at + 4] = OPERATION_TYPE.read
    at += 4 + view.getUint32(at)
  }
}

function decoded(body: ByteReader): DecodedBatchRequest | undefined {
  try {
    return decodeBatchRequest(body)
  } catch (error) {
    if (error instanceof CodecError) return undefined
    throw error
  }
}

function namespaceOf(row: DecodedBatchRow): string {
  const name = row.fields.find(({ type }) => type === FIELD_TYPE.namespace)?.payload ?? new Uint8Array(0)
  return Buffer.from(name.buffer, name.byteOffset, name.length).toString('latin1')
}

/** The row as the message that would ask for the same alone. */
function writeRowAsMessage(out: ByteWriter, batch: DecodedBatchRequest, row: DecodedBatchRow): void {
  const { fields, operations } = row
  // A filter of the whole batch goes for rows without their own.
  const filter = fields.some(({ type }) => type === FIELD_TYPE.filter) ? undefined : batch.filter
  writeMessageHeader(out, {
    info1: row.info1 & ~INFO1.batch,
    info2: row.info2,
    info3: row.info3,
    info4: row.info4,
    resultCode: RESULT.ok,
    generation: row.generation,
    expiration: row.expiration,
    timeoutMs: 0,
    fieldCount: fields.length + (filter === undefined ? 1 : 2),
    operationCount: operations.length,
  })
  writeField(out, FIELD_TYPE.digest, row.digest)
  if (filter !== undefined) writeField(out, FIELD_TYPE.filter, filter)
  out.copy(row.content)
}

function writeField(out: ByteWriter, type: number, payload: Uint8Array): void {
  out.ensure(FIELD_HEADER_BYTES)
  out.u32(payload.length + 1)
  out.u8(type)
  out.copy(payload)
}

/** A record that is not there, or filtered out, is no error of the batch. */
function isError(code: number): boolean {
  return code !== RESULT.ok && code !== RESULT.notFound && code !== RESULT.filteredOut
}
