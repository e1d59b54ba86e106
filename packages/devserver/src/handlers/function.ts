import type { ByteWriter } from '@aero/codec'
import { FIELD_TYPE, INFO2, INFO3, OPERATION_TYPE, PARTICLE_TYPE } from '@aero/codec'
import { LuaList, type LuaValue } from '@aero/lua/machine'
import type { Particle } from '../apply/outcome.ts'
import { voidTimeNow } from '../clock.ts'
import type { LuaFunctions } from '../lua/lua-functions.ts'
import { replyParticleOfValue, unpackValue } from '../lua/lua-particle.ts'
import { beginReply, endReply, writeReplyBin, writeResult } from '../reply.ts'
import type { Request } from '../request.ts'
import { RESULT } from '../result-code.ts'
import { type StoredRecord, storedSize } from '../store/stored-record.ts'
import { checkDurability } from './durability.ts'
import { FunctionRecord } from './function-record.ts'
import { checkFilter, keyMatches } from './record-checks.ts'
import type { RecordCommand } from './record-command.ts'
import { checkNewKey, checkTtl, newVoidTime } from './write.ts'

const MAX_MODULE_BYTES = 127
const MAX_FUNCTION_BYTES = 127
/** How long a function may run when the client does not say how long it waits; the server's default. */
const DEFAULT_TIMEOUT_MS = 1000
/** What a function cannot be combined with. */
const FORBIDDEN_2 = INFO2.generation | INFO2.generationGreater | INFO2.createOnly
const FORBIDDEN_3 = INFO3.updateOnly | INFO3.createOrReplace | INFO3.replaceOnly

/** Which function a request calls, and with what. */
export interface FunctionCall {
  readonly module: string
  readonly name: string
  /** `undefined` when they are no list, which calls the function without any. */
  readonly parameters: LuaList | undefined
  readonly timeoutMs: number
}

/** The call a request makes; `undefined` when a part of it is missing or too long. */
export function readFunctionCall(request: Request): FunctionCall | undefined {
  const isWhole =
    request.hasField(FIELD_TYPE.udfPackage) &&
    request.hasField(FIELD_TYPE.udfFunction) &&
    request.hasField(FIELD_TYPE.udfArguments)
  if (!isWhole || request.fieldLength(FIELD_TYPE.udfPackage) > MAX_MODULE_BYTES) return undefined
  if (request.fieldLength(FIELD_TYPE.udfFunction) > MAX_FUNCTION_BYTES) return undefined
  const parameters = unpackValue(request.copyField(FIELD_TYPE.udfArguments))
  return {
    module: Buffer.from(request.copyField(FIELD_TYPE.udfPackage)).toString('utf8'),
    name: Buffer.from(request.copyField(FIELD_TYPE.udfFunction)).toString('latin1'),
    parameters: parameters instanceof LuaList ? parameters : undefined,
    timeoutMs: request.timeoutMs === 0 ? DEFAULT_TIMEOUT_MS : request.timeoutMs,
  }
}

/** Calls a function for one record, and answers with what it returns. Source: as/src/transaction/udf.c. */
export function callFunction(functions: LuaFunctions, command: RecordCommand, out: ByteWriter): number {
  const { request } = command
  const call = readFunctionCall(request)
  if (call === undefined) return writeResult(out, RESULT.parameter)
  if ((request.info2 & FORBIDDEN_2) !== 0 || (request.info3 & FORBIDDEN_3) !== 0)
    return writeResult(out, RESULT.parameter)
  if (request.hasField(FIELD_TYPE.transactionId)) return writeResult(out, RESULT.enterpriseOnly)
  return applyFunction(functions, command, call, out)
}

/** Calls a function for the record the command points at. In a background job only a record that is there. */
export function applyFunction(
  functions: LuaFunctions,
  command: RecordCommand,
  call: FunctionCall,
  out: ByteWriter,
): number {
  const found = command.find()
  const stored = found?.isExpired(voidTimeNow(command.clock)) === true ? undefined : found
  if (stored === undefined && command.isBackground) return writeFailure(out, RESULT.notFound, found)
  const refusal = stored === undefined ? RESULT.ok : checkFound(command, stored)
  if (refusal !== RESULT.ok) return writeFailure(out, refusal, found)
  const record = new FunctionRecord(command, stored)
  const { module, name, parameters, timeoutMs } = call
  const outcome = functions.runOnRecord(module, name, record, parameters, timeoutMs)
  if (!('value' in outcome)) {
    const message = outcome.error === 1 ? printExecutionError(1) : (outcome.message ?? UNEXPECTED)
    return writeMessage(out, message, found)
  }
  const resultCode = record.resultCode === RESULT.ok ? store(command, record) : record.resultCode
  if (resultCode !== RESULT.ok) return writeFailure(out, resultCode, found)
  return writeValue(out, outcome.value, record.hasUpdates ? record.record : found)
}

/** What the server says when a function cannot even be begun. */
export function printExecutionError(error: number): string {
  return `UDF: Execution Error ${error}`
}

/** In the place of an error that is no text. */
export const UNEXPECTED = 'result value type unexpected'
const SUCCESS = new TextEncoder().encode('SUCCESS')
const FAILURE = new TextEncoder().encode('FAILURE')

function checkFound(command: RecordCommand, record: StoredRecord): number {
  const { request } = command
  if (command.isBackground) return RESULT.ok
  if (!request.fieldEquals(FIELD_TYPE.set, record.setName)) return RESULT.parameter
  const filtered = checkFilter(request, record, command.clock)
  if (filtered !== RESULT.ok) return filtered
  if (!keyMatches(request, record)) return RESULT.keyMismatch
  return record.key === undefined ? checkNewKey(command) : RESULT.ok
}

/** Stores what the function asked to be stored, if anything. */
function store(command: RecordCommand, changed: FunctionRecord): number {
  if (!changed.hasUpdates) return RESULT.ok
  const { record, bins, expiration, storedKey } = changed
  const { namespace, clock } = command
  if (checkTtl(expiration) !== RESULT.ok) return RESULT.parameter
  if (bins.length === 0) {
    if (!changed.hadBins) return RESULT.notFound
    const durability = checkDurability(command)
    if (durability !== RESULT.ok) return durability
  }
  const voidTime = newVoidTime(command, record, expiration)
  if (storedSize(record, bins, voidTime, storedKey) > namespace.settings.maxRecordBytes)
    return RESULT.recordTooBig
  record.key = storedKey
  record.voidTime = voidTime
  record.updatedAt = clock.now()
  record.generation = record.generation === 0xffff ? 1 : record.generation + 1
  record.bins = bins
  if (bins.length === 0) command.remove()
  else command.store(record)
  return RESULT.ok
}

function writeFailure(out: ByteWriter, resultCode: number, record: StoredRecord | undefined): number {
  return writeResult(out, resultCode, record?.generation, record?.voidTime)
}

function writeValue(out: ByteWriter, value: LuaValue | undefined, record: StoredRecord | undefined): number {
  const particle = (value === undefined ? undefined : replyParticleOfValue(value)) ?? NOTHING
  const mark = beginReply(out, record?.generation ?? 0, record?.voidTime ?? 0, 1)
  writeReplyBin(out, OPERATION_TYPE.read, { name: SUCCESS, ...particle })
  return endReply(out, mark)
}

function writeMessage(out: ByteWriter, text: string, record: StoredRecord | undefined): number {
  const particle = Uint8Array.from(Buffer.from(text, 'latin1'))
  const mark = beginReply(out, record?.generation ?? 0, record?.voidTime ?? 0, 1, RESULT.functionFailed)
  writeReplyBin(out, OPERATION_TYPE.read, { name: FAILURE, type: PARTICLE_TYPE.string, particle })
  endReply(out, mark)
  return RESULT.functionFailed
}

const NOTHING: Particle = { type: PARTICLE_TYPE.nil, particle: new Uint8Array(0) }
