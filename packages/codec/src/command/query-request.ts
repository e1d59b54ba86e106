import { EncodeError } from '../errors.ts'
import { beginFrame, endFrame } from '../frame/frame-header.ts'
import { FRAME_TYPE } from '../frame/frame-type.ts'
import { FIELD_TYPE } from '../message/field-type.ts'
import {
  endField,
  FIELD_HEADER_BYTES,
  writeField,
  writeSpaceFields,
  writeTextField,
} from '../message/fields.ts'
import { MESSAGE_HEADER_OFFSET, writeMessageHeader } from '../message/message-header.ts'
import type { Operation } from '../message/operation.ts'
import { OPERATION_TYPE } from '../message/operation-type.ts'
import { MAX_BIN_NAME_BYTES, writeBareOperation, writeOneOperation } from '../message/operations.ts'
import { RESULT_CODE } from '../message/result-code.ts'
import { DIGEST_BYTES } from '../value/digest.ts'
import { GeoJson } from '../value/geo-json.ts'
import { writeParticle } from '../value/particle.ts'
import { PARTICLE_TYPE } from '../value/particle-type.ts'
import type { Value } from '../value/value.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { type FunctionCall, writeFunctionFields } from './function-call.ts'
import { INDEX_COLLECTION, type IndexCollection } from './index-collection.ts'

/*
 * request  :=  frame header (type message)   message header
 *              NAMESPACE   [SET]   [RECORDS_PER_SECOND]   SOCKET_TIMEOUT   TASK_ID
 *              [INDEX_TYPE]   [INDEX_RANGE   [INDEX_NAME | INDEX_EXPRESSION] [INDEX_CONTEXT]]   [FILTER]
 *              [UDF_OPERATION   UDF_PACKAGE   UDF_FUNCTION   UDF_ARGUMENTS]
 *              [PARTITION_IDS]   [DIGESTS]   [BIN_VALUES]   [MAX_RECORDS]
 *              operation*
 * INDEX_RANGE    :=  count:u8 = 1   nameLength:u8   name   particle:u8   size:u32 from   size:u32 to
 * PARTITION_IDS  :=  u16*, the low byte first
 * DIGESTS        :=  digest*, the last record seen of each partition that is taken up again
 * BIN_VALUES     :=  i64*, the low byte first: that record's value in the index
 */

/** What a function that runs with a query does. Source: as/include/base/proto.h of the server. */
export const UDF_OPERATION = {
  /** Sees the records pass and reduces them. */
  aggregate: 1,
  /** Is applied to each record, in the background. */
  record: 2,
} as const

/** What is asked of a secondary index: values from one to another, both included. Plain data. */
export interface IndexQuery {
  /** Name of the bin that is indexed; empty where the index is known by its name or expression. */
  readonly bin: string
  /** Both are of one type: integers, texts, bytes; or a GeoJson, which is then both. */
  readonly from: Value
  readonly to: Value
  readonly collection: IndexCollection
  /** The path to what is indexed, as msgpack. */
  readonly context: Uint8Array | undefined
  /** The index's name. */
  readonly indexName: string | undefined
  /** The expression that is indexed, encoded. */
  readonly expression: Uint8Array | undefined
}

/** Where a query begins in the partitions of one node. */
export interface QueryPartitions {
  /** Partitions from their beginning. */
  readonly whole: readonly number[]
  /** The last record seen of each other partition: 20 bytes each, one behind another. */
  readonly digests: Uint8Array
  /** Of a query by an index: those records' values in it, 8 bytes each, the low byte first. */
  readonly values: Uint8Array | undefined
}

/** A scan, a query by a secondary index, or a job or an aggregation over either: what one node is to do of it. */
export interface QueryRequest {
  readonly namespace: string
  /** `undefined`: all of the namespace. */
  readonly setName: string | undefined
  readonly info1: number
  readonly info2: number
  readonly info3: number
  /** Seconds to live for what a background job writes; -1 in queries. */
  readonly expiration: number
  /** What the server may take, in milliseconds; 0 leaves it to the server. */
  readonly timeoutMs: number
  /** How long the server waits when nobody takes its answer, in milliseconds; 0 for ever. */
  readonly socketTimeoutMs: number
  /** Records per second for this node; 0 for as many as it can. */
  readonly recordsPerSecond: number
  /** The job's number, which no other of the last jobs may have. Unsigned. */
  readonly taskId: bigint
  readonly index: IndexQuery | undefined
  /** A filter expression as bytes. */
  readonly filter: Uint8Array | undefined
  /** The function that a background job applies to each record, instead of operations, or that an aggregation puts them through. */
  readonly function: FunctionCall | undefined
  /** What the function does: a number of {@link UDF_OPERATION}. Without one, `record`. */
  readonly udfOperation?: number
  /** `undefined` in background jobs and aggregations, which concern all partitions of the node. */
  readonly partitions: QueryPartitions | undefined
  /** The most records wanted of this node; 0 for all. */
  readonly maxRecords: number
  /** Bins to read; empty for all. */
  readonly binNames: readonly string[]
  /** Operations instead of bins. */
  readonly operations: readonly Operation[]
}

/**
 * Appends one whole request frame to `out`, in one pass.
 *
 * @throws EncodeError for a name, value or operation that cannot be sent.
 */
export function encodeQueryRequest(out: ByteWriter, request: QueryRequest): void {
  const { binNames, operations } = request
  const frame = beginFrame(out, FRAME_TYPE.message)
  const header = out.position
  writeMessageHeader(out, {
    info1: request.info1,
    info2: request.info2,
    info3: request.info3,
    info4: 0,
    resultCode: RESULT_CODE.OK,
    generation: 0,
    expiration: request.expiration,
    timeoutMs: request.timeoutMs,
    fieldCount: 0,
    operationCount: binNames.length + operations.length,
  })
  const fieldCount = writeFields(out, request)
  out.patchU16(header + MESSAGE_HEADER_OFFSET.fieldCount, fieldCount)
  for (const bin of binNames) writeBareOperation(out, OPERATION_TYPE.read, bin)
  for (const operation of operations) writeOneOperation(out, operation)
  endFrame(out, frame)
}

/** Returns how many fields there are. */
function writeFields(out: ByteWriter, request: QueryRequest): number {
  const { setName, index, filter, partitions } = request
  let count = 3
  writeSpaceFields(out, request.namespace, setName)
  if (setName !== undefined) count++
  if (request.recordsPerSecond > 0) {
    writeFieldHeader(out, FIELD_TYPE.recordsPerSecond, 4)
    out.u32(request.recordsPerSecond)
    count++
  }
  writeFieldHeader(out, FIELD_TYPE.socketTimeout, 4)
  out.u32(request.socketTimeoutMs)
  writeFieldHeader(out, FIELD_TYPE.taskId, 8)
  out.i64(request.taskId)
  if (index !== undefined) count += writeIndexFields(out, index)
  if (filter !== undefined) {
    writeField(out, FIELD_TYPE.filter, filter)
    count++
  }
  if (request.function !== undefined) {
    writeFieldHeader(out, FIELD_TYPE.udfOperation, 1)
    out.u8(request.udfOperation ?? UDF_OPERATION.record)
    count += 1 + writeFunctionFields(out, request.function)
  }
  if (partitions !== undefined) count += writePartitionFields(out, partitions)
  if (request.maxRecords > 0) {
    writeFieldHeader(out, FIELD_TYPE.maxRecords, 8)
    out.i64(request.maxRecords)
    count++
  }
  return count
}

function writeIndexFields(out: ByteWriter, index: IndexQuery): number {
  const { collection, context, indexName, expression } = index
  let count = 1
  if (collection !== 'DEFAULT') {
    writeFieldHeader(out, FIELD_TYPE.indexType, 1)
    out.u8(INDEX_COLLECTION[collection])
    count++
  }
  writeIndexRange(out, index)
  if (indexName !== undefined) {
    writeTextField(out, FIELD_TYPE.indexName, indexName)
    count++
  } else if (expression !== undefined) {
    writeField(out, FIELD_TYPE.indexExpression, expression)
    count++
  }
  if (context !== undefined) {
    writeField(out, FIELD_TYPE.indexContext, context)
    count++
  }
  return count
}

function writeIndexRange(out: ByteWriter, { bin, from, to }: IndexQuery): void {
  const field = out.reserve(FIELD_HEADER_BYTES)
  out.u8(1)
  const name = out.reserve(1)
  const nameBytes = out.text(bin)
  if (nameBytes > MAX_BIN_NAME_BYTES)
    throw new EncodeError(bin, `bin name of ${nameBytes} bytes, at most ${MAX_BIN_NAME_BYTES} are possible`)
  out.patchU8(name, nameBytes)
  const type = out.reserve(1)
  const first = writeBound(out, from)
  const second = writeBound(out, to)
  if (first !== second) throw new EncodeError(bin, 'a range from one type of value to another')
  out.patchU8(type, first)
  endField(out, field, FIELD_TYPE.indexRange)
}

/** Writes one end of a range and returns its particle type. A GeoJson goes as its text, without the head it has in a bin. */
function writeBound(out: ByteWriter, value: Value): number {
  const size = out.reserve(4)
  let type: number
  if (value instanceof GeoJson) {
    out.text(value.text)
    type = PARTICLE_TYPE.geoJson
  } else type = writeParticle(out, value)
  out.patchU32(size, out.position - size - 4)
  return type
}

function writePartitionFields(out: ByteWriter, partitions: QueryPartitions): number {
  const { whole, digests, values } = partitions
  let count = 0
  if (whole.length > 0) {
    writeFieldHeader(out, FIELD_TYPE.partitionIds, 2 * whole.length)
    out.ensure(2 * whole.length)
    for (let index = 0; index < whole.length; index++) {
      out.view.setUint16(out.position, whole[index] as number, true)
      out.position += 2
    }
    count++
  }
  if (digests.length >= DIGEST_BYTES) {
    writeField(out, FIELD_TYPE.digests, digests)
    count++
    if (values !== undefined) {
      writeField(out, FIELD_TYPE.binValues, values)
      count++
    }
  }
  return count
}

/** The header of a field whose size is known. */
function writeFieldHeader(out: ByteWriter, type: number, size: number): void {
  out.u32(size + 1)
  out.u8(type)
}
