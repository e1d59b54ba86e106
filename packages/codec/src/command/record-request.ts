import { DecodeError, EncodeError } from '../errors.ts'
import { beginFrame, endFrame } from '../frame/frame-header.ts'
import { FRAME_TYPE } from '../frame/frame-type.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { FIELD_TYPE } from '../message/field-type.ts'
import { type Field, readField, writeField, writeKeyField, writeRecordFields } from '../message/fields.ts'
import { MESSAGE_HEADER_BYTES, readMessageHeader } from '../message/message-header.ts'
import type { Operation } from '../message/operation.ts'
import { OPERATION_TYPE } from '../message/operation-type.ts'
import {
  type RawOperation,
  readRawOperation,
  writeBareOperation,
  writeOneOperation,
  writeValueOperation,
} from '../message/operations.ts'
import { RESULT_CODE } from '../message/result-code.ts'
import type { Key } from '../value/key.ts'
import { PARTICLE_TYPE } from '../value/particle-type.ts'
import type { Value } from '../value/value.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { readUtf8 } from '../wire/text.ts'
import { type FunctionCall, writeFunctionFields } from './function-call.ts'

/*
 * request  :=  frame header (type message)   message header
 *              NAMESPACE   SET   DIGEST   [KEY]   [FILTER]   [UDF_PACKAGE   UDF_FUNCTION   UDF_ARGUMENTS]
 *              operation*
 */

/** Most operations a message can count. */
const MAX_OPERATIONS = 0xffff

/** A command on one record, ready to be written. Plain data; the flag bytes come from the `*-record.ts` files. */
export interface RecordRequest {
  readonly key: Key
  readonly info1: number
  readonly info2: number
  readonly info3: number
  readonly info4: number
  /** Generation the record is compared with; 0 when it is not. */
  readonly generation: number
  /** Seconds to live, or a negative special; in reads the read-touch percentage. Signed 32 bits. */
  readonly expiration: number
  /** What the server may take, in milliseconds; 0 leaves it to the server. */
  readonly timeoutMs: number
  /** Sends the user's key along with the digest, when the key has one. */
  readonly sendKey: boolean
  /** A filter expression as bytes. */
  readonly filter: Uint8Array | undefined
  /** A function that is applied to the record, instead of operations. */
  readonly function?: FunctionCall | undefined
  /** Operations in the order they are carried out. */
  readonly operations: readonly Operation[] | undefined
  /** Bins to read; written behind {@link operations}. */
  readonly binNames: readonly string[] | undefined
  /** Bins to set; written last. */
  readonly bins: { readonly [bin: string]: Value } | undefined
}

/**
 * Appends one whole request frame to `out`, in one pass.
 *
 * @throws EncodeError for a value or name that cannot be sent; `path` begins with the bin's name. `out.position` is then
 * somewhere behind the beginning: set it back to where it was.
 */
export function encodeRecordRequest(out: ByteWriter, request: RecordRequest): void {
  const frame = beginFrame(out, FRAME_TYPE.message)
  const header = out.reserve(MESSAGE_HEADER_BYTES)
  const key = request.key
  writeRecordFields(out, key.namespace, key.setName, key.digest)
  let fieldCount = 3
  if (request.sendKey && key.value !== undefined) {
    writeKeyField(out, key.value)
    fieldCount++
  }
  if (request.filter !== undefined) {
    writeField(out, FIELD_TYPE.filter, request.filter)
    fieldCount++
  }
  if (request.function !== undefined) fieldCount += writeFunctionFields(out, request.function)
  const operationCount = writeRequestOperations(out, request)
  if (out.position - header > DEFAULT_LIMITS.maxFrameBytes) {
    // The server would close the connection without a word, and every other request on it would fail too.
    const size = out.position - header
    throw new EncodeError('', `request of ${size} bytes, the server takes ${DEFAULT_LIMITS.maxFrameBytes}`)
  }
  // The header last: by now the writer has all the memory it needs, and the counts are known.
  const { bytes, view } = out
  bytes[header] = MESSAGE_HEADER_BYTES
  bytes[header + 1] = request.info1
  bytes[header + 2] = request.info2
  bytes[header + 3] = request.info3
  bytes[header + 4] = request.info4
  bytes[header + 5] = RESULT_CODE.OK
  view.setUint32(header + 6, request.generation)
  view.setInt32(header + 10, request.expiration)
  view.setUint32(header + 14, request.timeoutMs)
  view.setUint16(header + 18, fieldCount)
  view.setUint16(header + 20, operationCount)
  endFrame(out, frame)
}

/**
 * Writes the operations of a command on one record and returns their number.
 *
 * @throws EncodeError for a value or name that cannot be sent, or too many operations.
 */
export function writeRequestOperations(
  out: ByteWriter,
  request: Pick<RecordRequest, 'operations' | 'binNames' | 'bins'>,
): number {
  let count = 0
  if (request.operations !== undefined) count = writeOperations(out, request.operations)
  if (request.binNames !== undefined) count += writeBinNames(out, request.binNames)
  if (request.bins !== undefined) count += writeBins(out, request.bins)
  if (count > MAX_OPERATIONS) {
    throw new EncodeError('', `${count} operations, at most ${MAX_OPERATIONS} fit into one command`)
  }
  return count
}

function writeOperations(out: ByteWriter, operations: readonly Operation[]): number {
  for (let index = 0; index < operations.length; index++)
    writeOneOperation(out, operations[index] as Operation)
  return operations.length
}

function writeBinNames(out: ByteWriter, names: readonly string[]): number {
  for (let index = 0; index < names.length; index++) {
    writeBareOperation(out, OPERATION_TYPE.read, names[index] as string)
  }
  return names.length
}

function writeBins(out: ByteWriter, bins: { readonly [bin: string]: Value }): number {
  let count = 0
  for (const name in bins) {
    if (!Object.hasOwn(bins, name)) continue
    writeValueOperation(out, OPERATION_TYPE.write, name, bins[name] as Value)
    count++
  }
  return count
}

/**
 * A request that breaks the layout of messages in a way that the server answers instead of closing the connection: the frame
 * is whole, its content is not.
 */
export class MalformedRequestError extends DecodeError {
  override readonly name: string = 'MalformedRequestError'
  /** What the server answers: 4, parameter error. */
  readonly resultCode: number = RESULT_CODE.PARAMETER_ERROR

  /** @param cause what is wrong, and where */
  constructor(cause: DecodeError) {
    super('request cannot be read', cause.offset)
    this.cause = cause
  }
}

/** A request as a server reads it. Everything is copied out of the receive buffer. */
export interface DecodedRecordRequest {
  readonly info1: number
  readonly info2: number
  readonly info3: number
  readonly info4: number
  /** Unsigned 32 bits. */
  readonly generation: number
  /** Signed: -1 never expires, -2 leaves the time to live, 0 the namespace's default. */
  readonly expiration: number
  readonly timeoutMs: number
  /** `undefined` when the field is absent, which is not the same as empty. */
  readonly namespace: string | undefined
  /** `undefined` when the field is absent: then the server does not compare sets. */
  readonly setName: string | undefined
  /** As sent, of any length; `undefined` when the field is absent. */
  readonly digest: Uint8Array | undefined
  /** The user's key as particle type and bytes. */
  readonly userKey: { readonly particleType: number; readonly payload: Uint8Array } | undefined
  readonly filter: Uint8Array | undefined
  /** All fields in the order sent, those above included. */
  readonly fields: readonly Field[]
  readonly operations: readonly RawOperation[]
}

/**
 * Reads the body of a message frame as a request. Works for every message, not only commands on one record: what the command
 * is follows from its flags and fields.
 *
 * @throws MalformedRequestError when header, fields or operations do not fill the frame exactly as they say. A header size
 * other than 22 is not looked at, as in the real server.
 */
export function decodeRecordRequest(body: ByteReader): DecodedRecordRequest {
  try {
    return readRequest(body)
  } catch (error) {
    throw error instanceof DecodeError ? new MalformedRequestError(error) : error
  }
}

function readRequest(body: ByteReader): DecodedRecordRequest {
  const header = readMessageHeader(body)
  const fields: Field[] = []
  for (let index = 0; index < header.fieldCount; index++) fields.push(readField(body))
  const operations: RawOperation[] = []
  for (let index = 0; index < header.operationCount; index++) operations.push(readRawOperation(body))
  if (body.remaining > 0)
    throw new DecodeError(`${body.remaining} bytes behind the last operation`, body.position)
  return {
    info1: header.info1,
    info2: header.info2,
    info3: header.info3,
    info4: header.info4,
    generation: header.generation,
    expiration: header.expiration | 0,
    timeoutMs: header.timeoutMs,
    namespace: textField(fields, FIELD_TYPE.namespace),
    setName: textField(fields, FIELD_TYPE.set),
    digest: fieldPayload(fields, FIELD_TYPE.digest),
    userKey: userKey(fields),
    filter: fieldPayload(fields, FIELD_TYPE.filter),
    fields,
    operations,
  }
}

function fieldPayload(fields: readonly Field[], type: number): Uint8Array | undefined {
  // The last one counts, as in the server.
  return fields.findLast((field) => field.type === type)?.payload
}

function textField(fields: readonly Field[], type: number): string | undefined {
  const payload = fieldPayload(fields, type)
  return payload === undefined ? undefined : readUtf8(payload, 0, payload.length)
}

function userKey(fields: readonly Field[]): DecodedRecordRequest['userKey'] {
  const payload = fieldPayload(fields, FIELD_TYPE.key)
  if (payload === undefined) return undefined
  return { particleType: payload[0] ?? PARTICLE_TYPE.nil, payload: payload.slice(1) }
}
