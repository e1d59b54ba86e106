import { EncodeError } from '../errors.ts'
import { FIELD_TYPE } from '../message/field-type.ts'
import { MAX_NAMESPACE_BYTES, MAX_SET_BYTES, writeField, writeKeyField } from '../message/fields.ts'
import { INFO2 } from '../message/info-bits.ts'
import { DIGEST_BYTES } from '../value/digest.ts'
import { type Key, writeDigest } from '../value/key.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { writeUtf8 } from '../wire/text.ts'
import { writeFunctionFields } from './function-call.ts'
import { type RecordRequest, writeRequestOperations } from './record-request.ts'

/*
 * row  :=  index:u32   digest:20   type:u8
 *          REPEAT:     nothing more, the row is like the one before but for its digest
 *          otherwise:  info1 info2 info3   [info4]   [generation:u16]   [expiration:u32]
 *                      fieldCount:u16   operationCount:u16   field*   operation*
 *          what is in brackets is there when the type says so; with type 0 there is info1 alone
 */

/** Bits of a row's type. Source: as/src/base/batch.c of the server. */
export const BATCH_ROW_TYPE = {
  /** The row is like the one before, its digest and index apart. */
  repeat: 0x01,
  /** Three flag bytes instead of one. */
  info: 0x02,
  generation: 0x04,
  expiration: 0x08,
  info4: 0x10,
} as const

/** Bytes of a row before what its type announces. */
export const BATCH_ROW_START_BYTES: number = 4 + DIGEST_BYTES + 1
/** Flags, generation, expiration and counts of a written row, all there. */
const LARGEST_HEADER_BYTES = 4 + 2 + 4 + 4
const FIELD_HEADER_BYTES = 5

/**
 * What happens to the records of one or many rows: a {@link RecordRequest} without its key. Rows that name the same object one
 * after the other are sent as repetitions of the first, so one object should be shared wherever rows agree.
 */
export type BatchAction = Omit<RecordRequest, 'key' | 'timeoutMs'>

/** Writes a row that is like the one before. */
export function writeRepeatedRow(out: ByteWriter, index: number, key: Key): void {
  writeRowStart(out, index, key, BATCH_ROW_TYPE.repeat)
}

/**
 * Writes a whole row.
 *
 * @throws EncodeError for a value or name that cannot be sent.
 */
export function writeWholeRow(out: ByteWriter, index: number, key: Key, action: BatchAction): void {
  const isWrite = (action.info2 & INFO2.write) !== 0
  let type: number = BATCH_ROW_TYPE.info | BATCH_ROW_TYPE.expiration
  if (isWrite) type |= BATCH_ROW_TYPE.generation
  if (action.info4 !== 0) type |= BATCH_ROW_TYPE.info4
  writeRowStart(out, index, key, type)
  out.ensure(LARGEST_HEADER_BYTES)
  const { bytes, view } = out
  let position = out.position
  bytes[position++] = action.info1
  bytes[position++] = action.info2
  bytes[position++] = action.info3
  if (action.info4 !== 0) bytes[position++] = action.info4
  if (isWrite) {
    view.setUint16(position, action.generation)
    position += 2
  }
  view.setInt32(position, action.expiration)
  const counts = position + 4
  out.position = counts + 4
  writeNames(out, key)
  let fieldCount = 2
  if (action.filter !== undefined) {
    writeField(out, FIELD_TYPE.filter, action.filter)
    fieldCount++
  }
  if (action.sendKey && key.value !== undefined) {
    writeKeyField(out, key.value)
    fieldCount++
  }
  if (action.function !== undefined) fieldCount += writeFunctionFields(out, action.function)
  const operationCount = writeRequestOperations(out, action)
  out.view.setUint16(counts, fieldCount)
  out.view.setUint16(counts + 2, operationCount)
}

function writeRowStart(out: ByteWriter, index: number, key: Key, type: number): void {
  out.ensure(BATCH_ROW_START_BYTES)
  const { bytes, position } = out
  out.view.setUint32(position, index)
  writeDigest(key, bytes, out.view, position + 4)
  bytes[position + 4 + DIGEST_BYTES] = type
  out.position = position + BATCH_ROW_START_BYTES
}

/** NAMESPACE and SET; the digest stands in the row itself. */
function writeNames(out: ByteWriter, key: Key): void {
  const { namespace, setName } = key
  out.ensure(2 * FIELD_HEADER_BYTES + 3 * (namespace.length + setName.length))
  writeName(out, FIELD_TYPE.namespace, 'namespace', namespace, 1, MAX_NAMESPACE_BYTES)
  writeName(out, FIELD_TYPE.set, 'set', setName, 0, MAX_SET_BYTES)
}

function writeName(
  out: ByteWriter,
  type: number,
  what: string,
  name: string,
  least: number,
  most: number,
): void {
  const { bytes, view, position } = out
  const length = name === '' ? 0 : writeUtf8(bytes, position + FIELD_HEADER_BYTES, name)
  if (length < least || length > most)
    throw new EncodeError(what, `${length} bytes, ${least} to ${most} are possible`)
  view.setUint32(position, length + 1)
  bytes[position + 4] = type
  out.position = position + FIELD_HEADER_BYTES + length
}
