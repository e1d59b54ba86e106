import { everyPrefix, hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { TruncatedError } from '../errors.ts'
import { ByteReader } from './byte-reader.ts'

const CASES: [string, string, (reader: ByteReader) => unknown, unknown][] = [
  ['u8', 'fe', (reader) => reader.u8(), 0xfe],
  ['u16', 'fe01', (reader) => reader.u16(), 0xfe01],
  ['u32', 'fe010203', (reader) => reader.u32(), 0xfe010203],
  ['i32', 'fffffffe', (reader) => reader.i32(), -2],
  ['i64', 'fffffffffffffffe', (reader) => reader.i64(), -2],
  ['i64, large', '8000000000000000', (reader) => reader.i64(), -(2n ** 63n)],
  ['u64', 'ffffffffffffffff', (reader) => reader.u64(), 2n ** 64n - 1n],
  ['f64', '3ff8000000000000', (reader) => reader.f64(), 1.5],
  ['f32', '3fc00000', (reader) => reader.f32(), 1.5],
  ['text', '61c39f', (reader) => reader.text(3), 'aß'],
  ['copy', '010203', (reader) => toHex(reader.copy(3)), '010203'],
  ['skip', '010203', (reader) => reader.skip(3), undefined],
]

describe('ByteReader', () => {
  it.each(CASES)('%s from %s', (_name, bytes, read, expected) => {
    const reader = ByteReader.over(hex(`ee${bytes}ee`), 1, 1 + bytes.length / 2)
    expect(read(reader)).toEqual(expected)
    expect(reader.remaining).toBe(0)
  })

  it.each(CASES)('%s does not read beyond its window', (_name, bytes, read) => {
    for (const prefix of everyPrefix(hex(bytes))) {
      // More bytes lie behind the window: they belong to somebody else.
      const memory = new Uint8Array(prefix.length + 20)
      memory.set(prefix)
      expect(() => read(ByteReader.over(memory, 0, prefix.length))).toThrow(TruncatedError)
      expect(() => read(ByteReader.over(prefix))).toThrow(TruncatedError)
    }
  })

  it('counts offsets in the memory and shows it', () => {
    const reader = ByteReader.over(hex('00112233'), 1)
    reader.u16()
    expect(() => reader.u16()).toThrow('2 bytes expected, 1 left (offset 3) … 00 11 22 >33<')
  })

  it.each([1, 32, 33, 500])('copies %d bytes into memory of their own, from a Buffer too', (length) => {
    const memory = Buffer.alloc(length + 2, 7)
    const reader = ByteReader.over(memory, 1)
    const copy = reader.copy(length)
    memory.fill(0)
    expect(copy.constructor).toBe(Uint8Array)
    expect(copy.buffer.byteLength).toBe(length)
    expect([...copy]).toEqual(new Array(length).fill(7))
  })
})
