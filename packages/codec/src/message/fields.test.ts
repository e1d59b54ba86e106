import { hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError, EncodeError } from '../errors.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { readField, skipFields, writeField, writeKeyField, writeRecordFields } from './fields.ts'

const DIGEST = Uint8Array.from({ length: 20 }, (_, index) => index)

function written(write: (out: ByteWriter) => void): string {
  const out = new ByteWriter(1)
  write(out)
  return toHex(out.written())
}

describe('fields', () => {
  it('writes namespace, set and digest', () => {
    expect(written((out) => writeRecordFields(out, 'test', 'users', DIGEST))).toBe(
      toHex(
        hex(`00000005 00 74657374                                     # NAMESPACE
             00000006 01 7573657273                                   # SET
             00000015 04 000102030405060708090a0b0c0d0e0f10111213     # DIGEST`),
      ),
    )
  })

  it('writes an empty set for a record outside any set', () => {
    expect(written((out) => writeRecordFields(out, 'n', '', DIGEST))).toBe(
      toHex(hex('00000002 00 6e | 00000001 01 | 00000015 04 000102030405060708090a0b0c0d0e0f10111213')),
    )
  })

  it.each([
    ['an integer', 42, '0000000a 02 01 000000000000002a'],
    ['a string', 'k', '00000003 02 03 6b'],
    ['bytes', hex('0102'), '00000004 02 04 0102'],
  ])('writes a user key: %s', (_name, value, expected) => {
    expect(written((out) => writeKeyField(out, value))).toBe(toHex(hex(expected)))
  })

  it('writes any field', () => {
    expect(written((out) => writeField(out, 43, hex('c3')))).toBe('000000022bc3')
  })

  it.each([
    ['namespace', '', 's', 'namespace: 0 bytes, 1 to 31 are possible'],
    ['namespace', 'n'.repeat(32), 's', 'namespace: 32 bytes, 1 to 31 are possible'],
    ['namespace', 'é'.repeat(16), 's', 'namespace: 32 bytes, 1 to 31 are possible'],
    ['set', 'n', 's'.repeat(64), 'set: 64 bytes, at most 63 are possible'],
  ])('refuses a %s of the wrong length', (_what, namespace, setName, message) => {
    const write = () => writeRecordFields(new ByteWriter(1), namespace, setName, DIGEST)
    expect(write).toThrow(EncodeError)
    expect(write).toThrow(message)
  })

  it('takes the longest names', () => {
    expect(written((out) => writeRecordFields(out, 'n'.repeat(31), 's'.repeat(63), DIGEST))).toHaveLength(
      2 * (36 + 68 + 25),
    )
  })

  it('reads a field and copies it', () => {
    const bytes = hex('00000003 63 0102')
    const field = readField(ByteReader.over(bytes))
    bytes.fill(0)
    expect(field).toEqual({ type: 0x63, payload: hex('0102') })
  })

  it('skips fields', () => {
    const body = ByteReader.over(hex('00000003 63 0102 00000001 01 ff'))
    skipFields(body, 2)
    expect(body.u8()).toBe(0xff)
  })

  it.each([
    ['nothing', ''],
    ['length 0', '00000000 01'],
    ['longer than what is left', '00000003 01 02'],
    ['2^32 - 1', 'ffffffff 01 02'],
    ['half a header', '00000001'],
  ])('refuses to read: %s', (_name, bytes) => {
    expect(() => readField(ByteReader.over(hex(bytes)))).toThrow(DecodeError)
    expect(() => skipFields(ByteReader.over(hex(bytes)), 1)).toThrow(DecodeError)
  })
})
