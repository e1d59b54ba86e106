import { hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { EncodeError } from '../errors.ts'
import { ByteWriter } from './byte-writer.ts'

describe('ByteWriter', () => {
  it.each<[string, (out: ByteWriter) => void]>([
    ['07', (out) => out.u8(7)],
    ['0102', (out) => out.u16(0x0102)],
    ['ff020304', (out) => out.u32(0xff020304)],
    ['fffffffffffffffe', (out) => out.i64(-2)],
    ['8000000000000000', (out) => out.i64(-(2n ** 63n))],
    ['ffffffffffffffff', (out) => out.i64(2n ** 64n - 1n)],
    ['3ff8000000000000', (out) => out.f64(1.5)],
    ['3fc00000', (out) => out.f32(1.5)],
    ['0a0b0c', (out) => out.copy(hex('0a0b0c'))],
    ['61c39f', (out) => out.text('aß')],
  ])('writes %s, growing from nothing', (expected, write) => {
    const out = new ByteWriter(0)
    write(out)
    expect(toHex(out.written())).toBe(expected)
    // And once more behind it, now from some other capacity.
    write(out)
    expect(toHex(out.written())).toBe(expected + expected)
  })

  it.each([31, 32, 33, 1000])('copies runs of %d bytes', (length) => {
    const run = Uint8Array.from({ length }, (_, index) => index)
    const out = new ByteWriter(1)
    out.u8(9)
    out.copy(run)
    expect([...out.written()]).toEqual([9, ...run])
  })

  it('patches what was reserved', () => {
    const out = new ByteWriter(2)
    const one = out.reserve(1)
    const two = out.reserve(2)
    const four = out.reserve(4)
    out.u8(0xee)
    out.patchU8(one, 1)
    out.patchU16(two, 0x0203)
    out.patchU32(four, 0x04050607)
    expect(toHex(out.written())).toBe('01020304050607ee')
  })

  it('keeps what was written when it grows, and forgets what was rolled back', () => {
    const out = new ByteWriter(4)
    out.u32(1)
    const mark = out.position
    out.text('a request that turns out to be impossible')
    out.position = mark
    out.u8(2)
    expect(toHex(out.written())).toBe('0000000102')
  })

  it('takes a copy and is empty afterwards', () => {
    const out = new ByteWriter(4)
    out.u8(1)
    const taken = out.take()
    out.u8(2)
    expect(toHex(taken)).toBe('01')
    expect(toHex(out.written())).toBe('02')
  })

  it.each([
    ['ASCII', 'x'.repeat(5000)],
    ['two bytes', 'ß'.repeat(5000)],
    ['three bytes', '日'.repeat(5000)],
    ['pairs', '🎉'.repeat(2500)],
    ['ASCII, then pairs', `${'x'.repeat(4000)}${'🎉'.repeat(500)}`],
    ['a pair across the first room', `${'x'.repeat(1999)}🎉`],
    ['one wide letter at the end', `${'x'.repeat(2000)}ß`],
  ])('writes long text: %s', (_name, text) => {
    const expected = Buffer.from(text)
    const out = new ByteWriter(16)
    out.u8(1)
    expect(out.text(text)).toBe(expected.length)
    out.u8(2)
    expect(Buffer.from(out.written())).toEqual(Buffer.concat([Buffer.of(1), expected, Buffer.of(2)]))
  })

  it('takes no more than the length for long ASCII', () => {
    const out = new ByteWriter(16)
    out.text('x'.repeat(100_000))
    expect(out.bytes.length).toBe(100_000)
  })

  it.each(['\ud800', `${'x'.repeat(3000)}\ud800`, `${'ß'.repeat(3000)}\udc00${'x'.repeat(3000)}`])(
    'refuses a lone surrogate, short and long (%#)',
    (text) => {
      expect(() => new ByteWriter(8).text(text)).toThrow(EncodeError)
    },
  )

  it('does not grow beyond its limit', () => {
    const out = new ByteWriter(16, 64)
    out.copy(new Uint8Array(64))
    expect(() => out.u8(1)).toThrow(EncodeError)
    expect(() => out.text('x'.repeat(2000))).toThrow(EncodeError)
    expect(out.bytes.length).toBe(64)
  })
})
