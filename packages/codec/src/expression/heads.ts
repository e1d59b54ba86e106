import { DecodeError } from '../errors.ts'
import { MSGPACK } from '../value/msgpack-format.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { hexExcerpt } from '../wire/hex-excerpt.ts'
import { utf8Length } from '../wire/text.ts'

/*
 * MessagePack heads that expressions need by themselves: of lists whose elements are not all values, and of texts without
 * the particle type in front (names of bins and variables, patterns).
 */

export function writeListHead(out: ByteWriter, count: number): void {
  if (count < 0x10) out.u8(MSGPACK.fixArray | count)
  else if (count < 0x1_0000) {
    out.u8(MSGPACK.array16)
    out.u16(count)
  } else {
    out.u8(MSGPACK.array32)
    out.u32(count)
  }
}

export function writeRawText(out: ByteWriter, text: string): void {
  const size = utf8Length(text)
  if (size < 0x20) out.u8(MSGPACK.fixStr | size)
  else if (size < 0x100) {
    out.u8(MSGPACK.str8)
    out.u8(size)
  } else if (size < 0x1_0000) {
    out.u8(MSGPACK.str16)
    out.u16(size)
  } else {
    out.u8(MSGPACK.str32)
    out.u32(size)
  }
  out.text(text)
}

/** Whether the next item is a list. Throws TruncatedError when there is no next item. */
export function isListNext(reader: ByteReader): boolean {
  reader.need(1)
  const head = reader.bytes[reader.position] as number
  return (
    (head >= MSGPACK.fixArray && head < MSGPACK.fixStr) ||
    head === MSGPACK.array16 ||
    head === MSGPACK.array32
  )
}

/** Reads the head of a list and returns the number of elements; each of them takes a byte at least, and that much is there. */
export function readListHead(reader: ByteReader, what: string): number {
  if (!isListNext(reader)) throw malformed(reader, `${what} is not a list`)
  const head = reader.u8()
  let count = head - MSGPACK.fixArray
  if (head === MSGPACK.array16) count = reader.u16()
  else if (head === MSGPACK.array32) count = reader.u32()
  reader.need(count)
  return count
}

export function readRawText(reader: ByteReader, what: string): string {
  reader.need(1)
  const head = reader.bytes[reader.position] as number
  if (head >= MSGPACK.fixStr && head < MSGPACK.nil) {
    reader.position += 1
    return reader.text(head - MSGPACK.fixStr)
  }
  switch (head) {
    case MSGPACK.str8:
    case MSGPACK.bin8:
      reader.position += 1
      return reader.text(reader.u8())
    case MSGPACK.str16:
    case MSGPACK.bin16:
      reader.position += 1
      return reader.text(reader.u16())
    case MSGPACK.str32:
    case MSGPACK.bin32:
      reader.position += 1
      return reader.text(reader.u32())
    default:
      throw malformed(reader, `${what} is not a text`)
  }
}

/** A DecodeError at the reader's place. */
export function malformed(reader: ByteReader, message: string): DecodeError {
  const { position } = reader
  return new DecodeError(message, position, hexExcerpt(reader.bytes.subarray(0, reader.end), position))
}
