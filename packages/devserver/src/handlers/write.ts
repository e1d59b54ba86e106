import type { ByteWriter } from '@aero/codec'
import { FIELD_TYPE, INFO2, OPERATION_TYPE, PARTICLE_TYPE } from '@aero/codec'
import { modifiedParticle } from '../apply/modify.ts'
import { particleFromWire } from '../apply/particle.ts'
import { voidTimeNow } from '../clock.ts'
import type { Subject } from '../evaluate/evaluation.ts'
import { evaluateIntoBin } from '../evaluate/expression-operation.ts'
import { beginReply, endReply, writeResult } from '../reply.ts'
import { RESULT } from '../result-code.ts'
import { indexOfBin, type StoredBin, type StoredRecord, storedSize } from '../store/stored-record.ts'
import { modifyPart } from './bin-operation.ts'
import { checkDurability } from './durability.ts'
import { readOperation } from './read.ts'
import { checkFilter, generationMatches, keyMatches } from './record-checks.ts'
import type { RecordCommand } from './record-command.ts'
import { checkOperations, isAdding, isReadAll, isReading, isReplace, mustExist } from './write-policy.ts'

/** Time to live as a write says it, unsigned. Others are seconds. */
const TTL = { namespaceDefault: 0, unchanged: 0xffff_fffe, never: 0xffff_ffff } as const
/** Ten years. */
const MAX_TTL_SECONDS = 3600 * 24 * 365 * 10
const MAX_SET_BYTES = 63
const MAX_BINS = 0x7fff
const INTEGER_KEY_BYTES = 9

/**
 * Writes one record: its operations in order, all or none. The checks come in the server's order; which one wins is seen
 * by clients. Source: as/src/transaction/write.c.
 */
export function writeRecord(command: RecordCommand, out: ByteWriter): number {
  const { request } = command
  const resultCode = checkOperations(request)
  if (resultCode !== RESULT.ok) return writeResult(out, resultCode)
  if (!command.isBackground && request.hasField(FIELD_TYPE.transactionId)) {
    return writeResult(out, RESULT.enterpriseOnly)
  }
  const stored = command.find()
  const isExpired = stored?.isExpired(voidTimeNow(command.clock)) === true
  if (mustExist(request)) {
    if (stored === undefined) return writeResult(out, RESULT.notFound)
    if (isExpired) return writeFailure(out, RESULT.notFound, stored)
  }
  const isNew = stored === undefined || isExpired
  const record = isNew ? command.create() : stored
  const refusal = isNew ? checkNew(command, record) : checkFound(command, record)
  if (refusal !== RESULT.ok) return writeFailure(out, refusal, record)
  return applyOperations(command, record, out)
}

/** Errors tell the generation and void time of the record that was found; of a new one there are none. */
function writeFailure(out: ByteWriter, resultCode: number, record: StoredRecord): number {
  return writeResult(out, resultCode, record.generation, record.voidTime)
}

function checkNew(command: RecordCommand, record: StoredRecord): number {
  const { request } = command
  if (!generationMatches(request, 0)) return RESULT.generation
  if (request.fieldLength(FIELD_TYPE.set) > MAX_SET_BYTES) return RESULT.parameter
  record.setName = request.copyField(FIELD_TYPE.set)
  const keyCheck = checkNewKey(command)
  if (keyCheck !== RESULT.ok) return keyCheck
  return checkTtl(request.expiration)
}

function checkFound(command: RecordCommand, record: StoredRecord): number {
  const { request } = command
  if ((request.info2 & INFO2.createOnly) !== 0) return RESULT.recordExists
  if (!generationMatches(request, record.generation)) return RESULT.generation
  if (!command.isBackground) {
    // Unlike a read, a write without a set does not find a record in a set.
    if (!request.fieldEquals(FIELD_TYPE.set, record.setName)) return RESULT.parameter
    const filtered = checkFilter(request, record, command.clock)
    if (filtered !== RESULT.ok) return filtered
    if (!keyMatches(request, record)) return RESULT.keyMismatch
    const keyCheck = record.key === undefined ? checkNewKey(command) : RESULT.ok
    if (keyCheck !== RESULT.ok) return keyCheck
  }
  return checkTtl(request.expiration)
}

/** A user's key that is about to be stored. */
export function checkNewKey(command: RecordCommand): number {
  const { request } = command
  if (!request.hasField(FIELD_TYPE.key)) return RESULT.ok
  const length = request.fieldLength(FIELD_TYPE.key)
  if (length === 0) return RESULT.unsupportedFeature
  const isInteger = request.bytes[request.fieldStart(FIELD_TYPE.key)] === PARTICLE_TYPE.integer
  return isInteger && length !== INTEGER_KEY_BYTES ? RESULT.unsupportedFeature : RESULT.ok
}

/** Whether a write may ask for that time to live, in seconds or one of {@link TTL}. */
export function checkTtl(ttl: number): number {
  return ttl <= MAX_TTL_SECONDS || ttl === TTL.never || ttl === TTL.unchanged ? RESULT.ok : RESULT.parameter
}

/** Carries out the operations on a copy of the bins and, when all went well, puts the copy in place. */
function applyOperations(command: RecordCommand, record: StoredRecord, out: ByteWriter): number {
  const { request, results } = command
  const bins = isReplace(request) ? [] : record.bins.slice()
  const hadBins = bins.length > 0
  const updatedAt = command.clock.now()
  const subject: Subject = { record, bins, voidTime: newVoidTime(command, record), updatedAt, now: updatedAt }
  results.clear()
  for (let index = 0; index < request.operationCount; index++) {
    const resultCode = applyOperation(command, subject, bins, index)
    if (resultCode !== RESULT.ok) return writeFailure(out, resultCode, record)
  }
  const resultCode = bins.length === 0 ? removeEmptied(command, hadBins) : commit(command, record, bins)
  if (resultCode !== RESULT.ok) return writeFailure(out, resultCode, record)
  // A record that lost its last bin is gone, and a reply says nothing of it.
  const generation = bins.length === 0 ? 0 : record.generation
  const voidTime = bins.length === 0 ? 0 : record.voidTime
  if (results.count === 0) return writeResult(out, RESULT.ok, generation, voidTime)
  const mark = beginReply(out, generation, voidTime, results.count)
  results.write(out)
  return endReply(out, mark)
}

function removeEmptied(command: RecordCommand, hadBins: boolean): number {
  if (!hadBins) return RESULT.notFound
  const durability = checkDurability(command)
  if (durability === RESULT.ok) command.remove()
  return durability
}

function commit(command: RecordCommand, record: StoredRecord, bins: readonly StoredBin[]): number {
  const { request, namespace, clock } = command
  if (bins.length > MAX_BINS) return RESULT.parameter
  const key =
    record.key ??
    (!command.isBackground && request.hasField(FIELD_TYPE.key)
      ? request.copyField(FIELD_TYPE.key)
      : undefined)
  const voidTime = newVoidTime(command, record)
  if (storedSize(record, bins, voidTime, key) > namespace.settings.maxRecordBytes) return RESULT.recordTooBig
  record.key = key
  record.voidTime = voidTime
  record.updatedAt = clock.now()
  record.generation = record.generation === 0xffff ? 1 : record.generation + 1
  record.bins = bins
  command.store(record)
  return RESULT.ok
}

/** When the record that is being written is to expire, by the time to live that the request says. */
export function newVoidTime(
  command: RecordCommand,
  record: StoredRecord,
  expiration: number = command.request.expiration,
): number {
  const { namespace, clock } = command
  const { defaultTtl } = namespace.settings
  // A new record has no time to live that could be kept.
  const ttl = expiration === TTL.unchanged && record.generation === 0 ? TTL.namespaceDefault : expiration
  if (ttl === TTL.unchanged) return record.voidTime
  if (ttl === TTL.never) return 0
  if (ttl === TTL.namespaceDefault) return defaultTtl === 0 ? 0 : voidTimeNow(clock) + defaultTtl
  return voidTimeNow(clock) + ttl
}

/**
 * Carries out one operation on `bins`, adds what it yields to the results, and returns a result code. Expressions see the bins
 * as the operations before have left them, and the record's metadata as the command will leave it: so the server has it.
 */
function applyOperation(command: RecordCommand, subject: Subject, bins: StoredBin[], index: number): number {
  const { request, results } = command
  const type = request.operationType[index] as number
  if (type === OPERATION_TYPE.touch) return RESULT.ok
  if (isReadAll(request, index)) {
    for (const bin of bins) results.add(OPERATION_TYPE.read, bin)
    return RESULT.ok
  }
  if (isReading(type)) return readOperation(command, subject, index)
  const before = results.count
  const resultCode = changeBins(command, subject, bins, index)
  if (resultCode !== RESULT.ok) return resultCode
  if (results.count === before && (request.info2 & INFO2.respondAllOps) !== 0)
    results.addEmpty(type, request.copyName(index))
  return RESULT.ok
}

function changeBins(command: RecordCommand, subject: Subject, bins: StoredBin[], index: number): number {
  const { request } = command
  const { bytes } = request
  const type = request.operationType[index] as number
  const at = indexOfBin(bins, bytes, request.nameStart[index] as number, request.nameEnd[index] as number)
  if (type === OPERATION_TYPE.delete) {
    bins.length = 0
    return RESULT.ok
  }
  const particleType = request.particleType[index] as number
  if (type === OPERATION_TYPE.write && particleType === PARTICLE_TYPE.nil) {
    removeBin(bins, at)
    return RESULT.ok
  }
  if (type === OPERATION_TYPE.expressionModify) return evaluateBin(command, subject, bins, index)
  if (type !== OPERATION_TYPE.write && !isAdding(type)) return changePart(command, bins, index, at)
  const start = request.valueStart[index] as number
  const end = request.valueEnd[index] as number
  const bin = bins[at]
  // On an absent bin an add, append or prepend is a write.
  const isWrite = type === OPERATION_TYPE.write || bin === undefined
  const particle = isWrite
    ? particleFromWire(particleType, bytes, start, end)
    : modifiedParticle(bin, { operation: type, particleType, source: bytes, start, end })
  if (typeof particle === 'number') return particle
  const newType = isWrite ? particleType : bin.type
  const name = bin === undefined ? request.copyName(index) : bin.name
  bins[bin === undefined ? bins.length : at] = { name, type: newType, particle }
  return RESULT.ok
}

/** Changes a part of the bin at `at`, or creates it, and adds what that yields to the results. */
function changePart(command: RecordCommand, bins: StoredBin[], index: number, at: number): number {
  const { request, results } = command
  const type = request.operationType[index] as number
  const bin = bins[at]
  const payload = request.bytes.slice(request.valueStart[index], request.valueEnd[index])
  const outcome = modifyPart(type, bin, payload)
  if (typeof outcome === 'number') return outcome
  const name = bin === undefined ? request.copyName(index) : bin.name
  if (outcome.bin !== undefined) bins[bin === undefined ? bins.length : at] = { name, ...outcome.bin }
  if (outcome.yields !== undefined) results.add(type, { name, ...outcome.yields })
  return RESULT.ok
}

/** Evaluates an expression into a bin; the result code. */
function evaluateBin({ request }: RecordCommand, subject: Subject, bins: StoredBin[], index: number): number {
  const at = indexOfBin(
    bins,
    request.bytes,
    request.nameStart[index] as number,
    request.nameEnd[index] as number,
  )
  const change = evaluateIntoBin(subject, bins[at], request.copyValue(index))
  if (typeof change === 'number') return change
  if (change === 'removed') removeBin(bins, at)
  else if (change !== 'kept')
    bins[at < 0 ? bins.length : at] = { name: bins[at]?.name ?? request.copyName(index), ...change }
  return RESULT.ok
}

/** The last bin takes the place of the removed one: clients see this order. */
export function removeBin(bins: StoredBin[], at: number): void {
  if (at < 0) return
  const last = bins.pop() as StoredBin
  if (at < bins.length) bins[at] = last
}
