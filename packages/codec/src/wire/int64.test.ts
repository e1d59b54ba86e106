import { toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError } from '../errors.ts'
import { INT64_MAX, INT64_MIN, integerInMode, readInt64, readUint64, writeInt64 } from './int64.ts'

const SAFE: [number, string][] = [
  [0, '0000000000000000'],
  [1, '0000000000000001'],
  [-1, 'ffffffffffffffff'],
  [0x7fff_ffff, '000000007fffffff'],
  [0x8000_0000, '0000000080000000'],
  [-0x8000_0000, 'ffffffff80000000'],
  [-0x8000_0001, 'ffffffff7fffffff'],
  [0xffff_ffff, '00000000ffffffff'],
  [0x1_0000_0000, '0000000100000000'],
  [-0x1_0000_0000, 'ffffffff00000000'],
  [-0x1_0000_0001, 'fffffffeffffffff'],
  [Number.MAX_SAFE_INTEGER, '001fffffffffffff'],
  [Number.MIN_SAFE_INTEGER, 'ffe0000000000001'],
]

function viewOf(hex: string): DataView {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt(`0x${hex}`))
  return view
}

describe('64-bit integers', () => {
  it.each(SAFE)('%d is written as %s', (value, hex) => {
    const view = new DataView(new ArrayBuffer(8))
    writeInt64(view, 0, value)
    expect(toHex(new Uint8Array(view.buffer))).toBe(hex)
  })

  it.each(SAFE)('%d is read from %s', (value, hex) => {
    expect(readInt64(viewOf(hex), 0)).toBe(value)
  })

  it.each([
    ['0020000000000000', 2n ** 53n],
    ['0020000000000001', 2n ** 53n + 1n],
    ['ffe0000000000000', -(2n ** 53n)],
    ['ffdfffffffffffff', -(2n ** 53n) - 1n],
    ['7fffffffffffffff', INT64_MAX],
    ['8000000000000000', INT64_MIN],
  ])('%s is not safe as a number: %d', (hex, value) => {
    expect(readInt64(viewOf(hex), 0)).toBe(value)
  })

  it.each([
    ['0000000000000000', 0],
    ['001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['0020000000000000', 2n ** 53n],
    ['8000000000000000', 2n ** 63n],
    ['ffffffffffffffff', 2n ** 64n - 1n],
  ])('%s unsigned is %d', (hex, value) => {
    expect(readUint64(viewOf(hex), 0)).toBe(value)
  })

  it('gives numbers, bigints, or nothing but numbers, as asked', () => {
    expect(integerInMode(5, 'auto', 0)).toBe(5)
    expect(integerInMode(2n ** 60n, 'auto', 0)).toBe(2n ** 60n)
    expect(integerInMode(5, 'bigint', 0)).toBe(5n)
    expect(integerInMode(2n ** 60n, 'bigint', 0)).toBe(2n ** 60n)
    expect(integerInMode(5, 'number', 0)).toBe(5)
    expect(() => integerInMode(2n ** 60n, 'number', 30)).toThrow(DecodeError)
    expect(() => integerInMode(2n ** 60n, 'number', 30)).toThrow(/1152921504606846976 is not safe.*offset 30/)
  })
})
