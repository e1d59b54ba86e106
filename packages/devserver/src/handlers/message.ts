import type { ByteWriter } from '@aero/codec'
import { type ByteReader, FIELD_TYPE, INFO1, INFO2, INFO4 } from '@aero/codec'
import { REPLY_LAST, writeResult } from '../reply.ts'
import { RESULT } from '../result-code.ts'
import type { Guard } from '../security/guard.ts'
import type { Namespace } from '../store/namespace.ts'
import { beginAggregation } from './aggregation.ts'
import { runBackgroundJob } from './background.ts'
import { answerBatch } from './batch.ts'
import { deleteRecord } from './delete.ts'
import { callFunction } from './function.ts'
import type { PendingAnswer } from './pending-answer.ts'
import { beginQuery, type QueryContext } from './query.ts'
import { readRecord } from './read.ts'
import type { RecordCommand } from './record-command.ts'
import { writeRecord } from './write.ts'

const DIGEST_BYTES = 20
const INFO1_OFFSET = 1
const TRANSACTION_ROLL = INFO4.mrtRollForward | INFO4.mrtRollBack

/** What a message handler has to know of its node. */
export interface MessageContext {
  /** The command object of the connection. */
  readonly command: RecordCommand
  /** The namespace of that name, or `undefined`. */
  namespace(name: string): Namespace | undefined
  /** Whether the node has its partitions already. */
  readonly isBalanced: boolean
  /** Who may do what; `undefined` on a server without security. */
  readonly guard: Guard | undefined
  /** What a query needs. */
  readonly query: QueryContext
  /** The rest of the last answer, when it is given in pieces. The connection takes it out. */
  pending: PendingAnswer | undefined
}

/**
 * Answers a message about records: decides what it is and hands it to its handler. Returns the result code of the answer.
 * Source of the order: as/src/base/service.c, start_transaction, and as/src/base/thr_tsvc.c.
 */
export function answerMessage(context: MessageContext, body: ByteReader, out: ByteWriter): number {
  const { command } = context
  const { request } = command
  if (
    body.remaining > INFO1_OFFSET &&
    ((body.bytes[body.position + INFO1_OFFSET] as number) & INFO1.batch) !== 0
  ) {
    const batch = {
      hasNamespace: (name: string) => context.namespace(name) !== undefined,
      answerRow: (row: ByteReader, answer: ByteWriter) => answerMessage(context, row, answer),
    }
    return answerBatch(batch, body, out)
  }
  const { position } = body
  if (!request.read(body)) return writeResult(out, RESULT.parameter)
  const namespaceName = latin1(
    request.bytes,
    request.fieldStart(FIELD_TYPE.namespace),
    request.fieldLength(FIELD_TYPE.namespace),
  )
  const namespace = context.namespace(namespaceName)
  if (namespace === undefined) return writeResult(out, RESULT.namespace)
  if (!context.isBalanced) return writeResult(out, RESULT.unavailable)
  const violation = context.guard?.checkRecords(request, namespaceName) ?? RESULT.ok
  if (violation !== RESULT.ok) {
    const info3 = request.hasField(FIELD_TYPE.digest) ? 0 : REPLY_LAST
    return writeResult(out, violation, 0, 0, info3)
  }
  const isWrite = (request.info2 & INFO2.write) !== 0
  if (!request.hasField(FIELD_TYPE.digest)) {
    const whole = body.bytes.subarray(position, body.end)
    if (isWrite) return runBackgroundJob(context.query, command, namespace, whole, out)
    const begin = request.hasField(FIELD_TYPE.udfPackage) ? beginAggregation : beginQuery
    const answer = begin(context.query, command, namespace, whole, out)
    if (typeof answer === 'number') return answer
    context.pending = answer
    return RESULT.ok
  }
  if (request.fieldLength(FIELD_TYPE.digest) !== DIGEST_BYTES) return writeResult(out, RESULT.parameter)
  const digest = request.fieldStart(FIELD_TYPE.digest)
  const partition = ((request.bytes[digest] as number) | ((request.bytes[digest + 1] as number) << 8)) & 0xfff
  command.aim(namespace, partition, latin1(request.bytes, digest, DIGEST_BYTES))
  if (isWrite) return answerWrite(context, out)
  if ((request.info1 & INFO1.read) === 0) return writeResult(out, RESULT.parameter)
  if ((request.info4 & INFO4.mrtVerifyRead) !== 0) return writeResult(out, RESULT.enterpriseOnly)
  return readRecord(command, out)
}

function answerWrite({ command, query }: MessageContext, out: ByteWriter): number {
  const { request } = command
  if ((request.info2 & INFO2.delete) !== 0) return deleteRecord(command, out)
  if (request.hasField(FIELD_TYPE.udfPackage)) return callFunction(query.functions, command, out)
  if ((request.info4 & TRANSACTION_ROLL) !== 0) return writeResult(out, RESULT.enterpriseOnly)
  return writeRecord(command, out)
}

/** One character a byte. Of names and digests, which are only compared and looked up. */
function latin1(bytes: Uint8Array, start: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1')
}
