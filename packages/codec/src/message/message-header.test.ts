import { everyPrefix, hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError, TruncatedError } from '../errors.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import {
  checkMessageHeaderSize,
  MESSAGE_HEADER_BYTES,
  readMessageHeader,
  writeMessageHeader,
} from './message-header.ts'

// By hand: every slot another value.
const BYTES = '16 01 02 03 04 05 06070809 0a0b0c0d 0e0f1011 1213 1415'
const HEADER = {
  info1: 1,
  info2: 2,
  info3: 3,
  info4: 4,
  resultCode: 5,
  generation: 0x06070809,
  expiration: 0x0a0b0c0d,
  timeoutMs: 0x0e0f1011,
  fieldCount: 0x1213,
  operationCount: 0x1415,
}

describe('message header', () => {
  it('is written and read slot by slot', () => {
    const out = new ByteWriter(1)
    writeMessageHeader(out, HEADER)
    expect(toHex(out.written())).toBe(toHex(hex(BYTES)))
    const body = ByteReader.over(hex(BYTES))
    expect(readMessageHeader(body)).toEqual(HEADER)
    expect(body.position).toBe(MESSAGE_HEADER_BYTES)
  })

  it('writes -1 as the largest unsigned number', () => {
    const out = new ByteWriter(1)
    writeMessageHeader(out, { ...HEADER, expiration: -1 })
    expect(readMessageHeader(ByteReader.over(out.take())).expiration).toBe(0xffffffff)
  })

  it('is refused when cut anywhere', () => {
    for (const beginning of everyPrefix(hex(BYTES))) {
      expect(() => readMessageHeader(ByteReader.over(beginning)), `${beginning.length} bytes`).toThrow(
        TruncatedError,
      )
    }
  })

  it('is refused in a reply when it claims another size', () => {
    expect(() => checkMessageHeaderSize(ByteReader.over(hex(`15${BYTES.slice(2)}`)))).toThrow(DecodeError)
  })
})
