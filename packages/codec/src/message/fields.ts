import { DecodeError, EncodeError } from '../errors.ts'
import { DIGEST_BYTES, writeKeyValue } from '../value/digest.ts'
import type { KeyValue } from '../value/key.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { hexExcerpt } from '../wire/hex-excerpt.ts'
import { writeUtf8 } from '../wire/text.ts'
import { FIELD_TYPE } from './field-type.ts'

/*
 * field  :=  size:u32   type:u8   payload:[size - 1]
 *            size counts the type byte but not itself
 */

/** Bytes before a field's payload. */
export const FIELD_HEADER_BYTES = 5

/** Longest namespace name the server has, in bytes of UTF-8. */
export const MAX_NAMESPACE_BYTES = 31
/** Longest set name the server has, in bytes of UTF-8. */
export const MAX_SET_BYTES = 63

/** A field as it stands in a message. */
export interface Field {
  /** A number of {@link FIELD_TYPE}, or one unknown to it. */
  readonly type: number
  /** Its bytes, in their own memory. */
  readonly payload: Uint8Array
}

/**
 * Writes NAMESPACE, SET and DIGEST, which every command on one record begins with. A record outside any set sends an empty
 * SET, as the official clients do: with no SET field at all the server would not check the set against the record's.
 *
 * @throws EncodeError when a name is too long, or the namespace empty.
 */
export function writeRecordFields(
  out: ByteWriter,
  namespace: string,
  setName: string,
  digest: Uint8Array,
): void {
  out.ensure(3 * FIELD_HEADER_BYTES + 3 * (namespace.length + setName.length) + DIGEST_BYTES)
  writeSpaceFields(out, namespace, setName)
  const { bytes, view, position } = out
  view.setUint32(position, DIGEST_BYTES + 1)
  bytes[position + 4] = FIELD_TYPE.digest
  const start = position + FIELD_HEADER_BYTES
  for (let index = 0; index < DIGEST_BYTES; index++) bytes[start + index] = digest[index] as number
  out.position = start + DIGEST_BYTES
}

/**
 * Writes NAMESPACE and SET; without a set name, only the former: then all of the namespace is meant.
 *
 * @throws EncodeError when a name is too long, or the namespace empty.
 */
export function writeSpaceFields(out: ByteWriter, namespace: string, setName: string | undefined): void {
  out.ensure(2 * FIELD_HEADER_BYTES + 3 * (namespace.length + (setName ?? '').length))
  const { bytes, view } = out
  const namespaceBytes = writeUtf8(bytes, out.position + FIELD_HEADER_BYTES, namespace)
  if (namespaceBytes === 0 || namespaceBytes > MAX_NAMESPACE_BYTES) {
    throw new EncodeError('namespace', `${namespaceBytes} bytes, 1 to ${MAX_NAMESPACE_BYTES} are possible`)
  }
  let position = out.position
  view.setUint32(position, namespaceBytes + 1)
  bytes[position + 4] = FIELD_TYPE.namespace
  position += FIELD_HEADER_BYTES + namespaceBytes
  out.position = position
  if (setName === undefined) return

  const setBytes = setName === '' ? 0 : writeUtf8(bytes, position + FIELD_HEADER_BYTES, setName)
  if (setBytes > MAX_SET_BYTES) {
    throw new EncodeError('set', `${setBytes} bytes, at most ${MAX_SET_BYTES} are possible`)
  }
  view.setUint32(position, setBytes + 1)
  bytes[position + 4] = FIELD_TYPE.set
  out.position = position + FIELD_HEADER_BYTES + setBytes
}

/** Writes the user's key: its particle type, then its bytes. The server stores it, or compares it with what it stored. */
export function writeKeyField(out: ByteWriter, value: KeyValue): void {
  const mark = out.reserve(FIELD_HEADER_BYTES)
  out.bytes[mark + 4] = FIELD_TYPE.key
  writeKeyValue(out, value)
  out.view.setUint32(mark, out.position - mark - 4)
}

/** Writes a field whose payload is at hand. */
export function writeField(out: ByteWriter, type: number, payload: Uint8Array): void {
  out.ensure(FIELD_HEADER_BYTES + payload.length)
  out.view.setUint32(out.position, payload.length + 1)
  out.bytes[out.position + 4] = type
  out.position += FIELD_HEADER_BYTES
  out.copy(payload)
}

/** Writes a field that is a text. */
export function writeTextField(out: ByteWriter, type: number, text: string): void {
  const field = out.reserve(FIELD_HEADER_BYTES)
  out.text(text)
  endField(out, field, type)
}

/** The header of a field that was begun at `field` and ends where the writer stands. */
export function endField(out: ByteWriter, field: number, type: number): void {
  out.patchU32(field, out.position - field - 4)
  out.patchU8(field + 4, type)
}

/** Reads one field, payload copied. */
export function readField(body: ByteReader): Field {
  const end = fieldEnd(body)
  const type = body.bytes[body.position + 4] as number
  const payload = body.bytes.slice(body.position + FIELD_HEADER_BYTES, end)
  body.position = end
  return { type, payload }
}

/** Moves behind `count` fields without looking at them. */
export function skipFields(body: ByteReader, count: number): void {
  for (let index = 0; index < count; index++) body.position = fieldEnd(body)
}

/** Where the field at the reader's position ends. */
export function fieldEnd(body: ByteReader): number {
  body.need(FIELD_HEADER_BYTES)
  const size = body.view.getUint32(body.position)
  if (size === 0 || size > body.end - body.position - 4) {
    throw new DecodeError(
      `field of ${size} bytes, ${body.end - body.position - 4} left`,
      body.position,
      hexExcerpt(body.bytes.subarray(0, body.end), body.position),
    )
  }
  return body.position + 4 + size
}
