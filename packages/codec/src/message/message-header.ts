import { DecodeError } from '../errors.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { hexExcerpt } from '../wire/hex-excerpt.ts'

/*
 * header  :=  size:u8 = 22   info1:u8   info2:u8   info3:u8   info4:u8   result:u8
 *             generation:u32   expiration:u32   timeout:u32   fields:u16   operations:u16
 *
 *             result       requests 0; replies the result code
 *             expiration   requests seconds to live (or -1 never, -2 unchanged, 0 the namespace's default), in reads
 *                          the read-touch percentage; replies the void time, seconds since 2010, 0 = never
 *             timeout      requests milliseconds, 0 = the server's default; replies 0 (in a batch the row's number)
 */

/** Bytes of a message's header. */
export const MESSAGE_HEADER_BYTES = 22

/** Where the parts of the header stand, counted from its first byte. */
export const MESSAGE_HEADER_OFFSET = {
  size: 0,
  info1: 1,
  info2: 2,
  info3: 3,
  info4: 4,
  resultCode: 5,
  generation: 6,
  expiration: 10,
  timeout: 14,
  fieldCount: 18,
  operationCount: 20,
} as const

/** The header of a message, both directions. */
export interface MessageHeader {
  readonly info1: number
  readonly info2: number
  readonly info3: number
  readonly info4: number
  readonly resultCode: number
  /** Unsigned. */
  readonly generation: number
  /** Unsigned: a request's -1 reads as 4294967295. */
  readonly expiration: number
  /** Unsigned, milliseconds. */
  readonly timeoutMs: number
  readonly fieldCount: number
  readonly operationCount: number
}

/** Writes a header; counts may be patched later through {@link MESSAGE_HEADER_OFFSET}. */
export function writeMessageHeader(out: ByteWriter, header: MessageHeader): void {
  out.ensure(MESSAGE_HEADER_BYTES)
  const { bytes, view, position } = out
  bytes[position] = MESSAGE_HEADER_BYTES
  bytes[position + 1] = header.info1
  bytes[position + 2] = header.info2
  bytes[position + 3] = header.info3
  bytes[position + 4] = header.info4
  bytes[position + 5] = header.resultCode
  view.setUint32(position + 6, header.generation)
  view.setUint32(position + 10, header.expiration)
  view.setUint32(position + 14, header.timeoutMs)
  view.setUint16(position + 18, header.fieldCount)
  view.setUint16(position + 20, header.operationCount)
  out.position = position + MESSAGE_HEADER_BYTES
}

/**
 * Reads a header and moves behind it. What the size byte says is not looked at: real servers do not look either
 * (see {@link checkMessageHeaderSize}).
 *
 * @throws TruncatedError when the bytes end early.
 */
export function readMessageHeader(body: ByteReader): MessageHeader {
  body.need(MESSAGE_HEADER_BYTES)
  const { bytes, view, position } = body
  body.position = position + MESSAGE_HEADER_BYTES
  return {
    info1: bytes[position + 1] as number,
    info2: bytes[position + 2] as number,
    info3: bytes[position + 3] as number,
    info4: bytes[position + 4] as number,
    resultCode: bytes[position + 5] as number,
    generation: view.getUint32(position + 6),
    expiration: view.getUint32(position + 10),
    timeoutMs: view.getUint32(position + 14),
    fieldCount: view.getUint16(position + 18),
    operationCount: view.getUint16(position + 20),
  }
}

/** Throws unless the header at the reader's position says that it is 22 bytes long. The caller has checked the bounds. */
export function checkMessageHeaderSize(body: ByteReader): void {
  const size = body.bytes[body.position] as number
  if (size === MESSAGE_HEADER_BYTES) return
  throw new DecodeError(
    `message header of ${size} bytes instead of ${MESSAGE_HEADER_BYTES}`,
    body.position,
    hexExcerpt(body.bytes.subarray(0, body.end), body.position),
  )
}
