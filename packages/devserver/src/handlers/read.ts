import type { ByteWriter } from '@aero/codec'
import { FIELD_TYPE, INFO1, INFO2, INFO3, OPERATION_TYPE } from '@aero/codec'
import { voidTimeNow } from '../clock.ts'
import type { Subject } from '../evaluate/evaluation.ts'
import { evaluateIntoResult } from '../evaluate/expression-operation.ts'
import { beginReply, endReply, writeReplyBin, writeResult } from '../reply.ts'
import type { Request } from '../request.ts'
import { RESULT } from '../result-code.ts'
import { findBin, type StoredRecord } from '../store/stored-record.ts'
import { readPart } from './bin-operation.ts'
import { BAD_PERCENTAGE, renew, renewalOnRead } from './read-touch.ts'
import { checkFilter, isBinName, keyMatches, setMatches, subjectOf } from './record-checks.ts'
import type { RecordCommand } from './record-command.ts'

/** Reads one record: all its bins, some of them, or only its metadata. Source: as/src/transaction/read.c. */
export function readRecord(command: RecordCommand, out: ByteWriter): number {
  const { request, clock } = command
  const isRefused = isLinearized(request) && !command.namespace.settings.isStronglyConsistent
  if (isRefused || request.hasField(FIELD_TYPE.transactionId)) {
    return writeResult(out, RESULT.enterpriseOnly)
  }
  const record = command.find()
  if (record === undefined) return writeResult(out, RESULT.notFound)
  if (!setMatches(request, record)) return writeFailure(out, RESULT.parameter, record)
  if (record.isExpired(voidTimeNow(clock))) return writeFailure(out, RESULT.notFound, record)
  const lifetime = renewalOnRead(clock, record, request.expiration)
  if (lifetime === BAD_PERCENTAGE) return writeFailure(out, RESULT.parameter, record)
  const resultCode = answerRead(command, record, out)
  // The server answers first and renews then: the reply shows the old void time.
  if (lifetime > 0) renew(clock, record, lifetime)
  return resultCode
}

/** Linearized reads need strong consistency, which is for Enterprise; the other read modes change nothing here. */
function isLinearized(request: Request): boolean {
  return (request.info3 & (INFO3.scReadType | INFO3.scReadRelax)) === INFO3.scReadType
}

/** What is checked of a record that is there and alive, in the order that clients can see. */
function answerRead(command: RecordCommand, record: StoredRecord, out: ByteWriter): number {
  const { request } = command
  const filtered = checkFilter(request, record, command.clock)
  if (filtered !== RESULT.ok) return writeFailure(out, filtered, record)
  if (!keyMatches(request, record)) return writeFailure(out, RESULT.keyMismatch, record)
  if ((request.info1 & INFO1.noBinData) !== 0) return writeFailure(out, RESULT.ok, record)
  if ((request.info1 & INFO1.getAll) !== 0) return writeAllBins(out, record)
  if (request.operationCount === 0) return writeFailure(out, RESULT.parameter, record)
  return readOperations(command, record, out)
}

/** Also errors tell the generation and void time of the record that was found. */
function writeFailure(out: ByteWriter, resultCode: number, record: StoredRecord): number {
  return writeResult(out, resultCode, record.generation, record.voidTime)
}

function writeAllBins(out: ByteWriter, record: StoredRecord): number {
  const mark = beginReply(out, record.generation, record.voidTime, record.bins.length)
  for (const bin of record.bins) writeReplyBin(out, OPERATION_TYPE.read, bin)
  return endReply(out, mark)
}

function readOperations(command: RecordCommand, record: StoredRecord, out: ByteWriter): number {
  const { request, results } = command
  const subject = subjectOf(record, command.clock)
  results.clear()
  for (let index = 0; index < request.operationCount; index++) {
    const resultCode = isBinName(request, index) ? readOperation(command, subject, index) : RESULT.binName
    if (resultCode !== RESULT.ok) return writeFailure(out, resultCode, record)
  }
  const mark = beginReply(out, record.generation, record.voidTime, results.count)
  results.write(out)
  return endReply(out, mark)
}

/** Carries out one reading operation, adds what it yields to the results, and returns a result code. */
export function readOperation(command: RecordCommand, subject: Subject, index: number): number {
  const { request, results } = command
  const type = request.operationType[index] as number
  const respondAll = (request.info2 & INFO2.respondAllOps) !== 0
  const bin = findBin(
    subject.bins,
    request.bytes,
    request.nameStart[index] as number,
    request.nameEnd[index] as number,
  )
  if (type === OPERATION_TYPE.expressionRead) {
    const value = evaluateIntoResult(subject, request.copyValue(index))
    if (typeof value === 'number') return value
    if (value !== undefined) results.add(type, { name: request.copyName(index), ...value })
    else if (respondAll) results.addEmpty(type, request.copyName(index))
    return RESULT.ok
  }
  if (type !== OPERATION_TYPE.read && bin !== undefined) {
    const payload = request.bytes.slice(request.valueStart[index], request.valueEnd[index])
    const outcome = readPart(type, bin, payload)
    if (typeof outcome === 'number') return outcome
    if (outcome.yields !== undefined) {
      results.add(type, { name: bin.name, ...outcome.yields })
      return RESULT.ok
    }
  }
  if (type === OPERATION_TYPE.read && bin !== undefined) results.add(type, bin)
  else if (respondAll) results.addEmpty(type, request.copyName(index))
  return RESULT.ok
}
