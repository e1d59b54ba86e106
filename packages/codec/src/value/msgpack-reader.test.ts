import { everyPrefix, hex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError, LimitExceededError, TruncatedError } from '../errors.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { GeoJson } from './geo-json.ts'
import { HyperLogLog } from './hyper-log-log.ts'
import { readMsgpack } from './msgpack-reader.ts'
import type { BinValue } from './value.ts'
import { DEFAULT_VALUE_OPTIONS, type ValueOptions } from './value-options.ts'

function read(bytes: string, options: Partial<ValueOptions> = {}): BinValue {
  const reader = ByteReader.over(hex(bytes))
  const value = readMsgpack(reader, { ...DEFAULT_VALUE_OPTIONS, ...options })
  expect(reader.remaining).toBe(0)
  return value
}

const VALUES: [string, BinValue][] = [
  ['c0', null],
  ['c2', false],
  ['c3', true],
  ['00', 0],
  ['7f', 127],
  ['ff', -1],
  ['e0', -32],
  ['ccff', 255],
  ['cc01', 1],
  ['cdffff', 65535],
  ['ceffffffff', 4294967295],
  ['cf0000000000000001', 1],
  ['cf001fffffffffffff', Number.MAX_SAFE_INTEGER],
  ['cf0020000000000000', 2n ** 53n],
  ['cfffffffffffffffff', 2n ** 64n - 1n],
  ['d080', -128],
  ['d07f', 127],
  ['d1ff7f', -129],
  ['d2ffff7fff', -32769],
  ['d3ffffffff7fffffff', -2147483649],
  ['d38000000000000000', -(2n ** 63n)],
  ['ca3fc00000', 1.5],
  ['cb3ff8000000000000', 1.5],
  ['cb8000000000000000', -0],
  ['cb7ff8000000000000', Number.NaN],
  ['a0', new Uint8Array(0)],
  ['a103', ''],
  ['a40374776f', 'two'],
  ['d9040374776f', 'two'],
  ['da00040374776f', 'two'],
  ['db000000040374776f', 'two'],
  ['c4040374776f', 'two'],
  ['c500040374776f', 'two'],
  ['c6000000040374776f', 'two'],
  ['b203303132333435363738394142434445c39f', '0123456789ABCDEß'],
  ['a3040102', hex('0102')],
  ['a3070102', hex('0102')],
  ['a3990102', hex('0102')],
  ['a3177b7d', new GeoJson('{}')],
  ['a31200ff', new HyperLogLog(hex('00ff'))],
  ['90', []],
  ['dc0000', []],
  ['dd00000000', []],
  ['9301910290', [1, [2], []]],
  ['dc000201c0', [1, null]],
  ['dd00000002a1039101', ['', [1]]],
  ['80', {}],
  ['82a2036201a2036102', { b: 1, a: 2 }],
  ['de0001a2036102', { a: 2 }],
  ['df00000001a2036102', { a: 2 }],
  ['8101a20361', new Map<BinValue, BinValue>([[1, 'a']])],
  [
    '83a2036101a2046202c003',
    new Map<BinValue, BinValue>([
      ['a', 1],
      [hex('62'), 2],
      [null, 3],
    ]),
  ],
  // Marks of ordered collections, in every form of an ext item.
  ['91c70001', []],
  ['94c70001010203', [1, 2, 3]],
  ['93d401ff0102', [1, 2]],
  ['92d501ffff01', [1]],
  ['92d601ffffffff01', [1]],
  ['92d701ffffffffffffffff01', [1]],
  ['92d801ffffffffffffffffffffffffffffffff01', [1]],
  ['92c8000101aa01', [1]],
  ['92c90000000101aa01', [1]],
  ['92c70201aabb01', [1]],
  ['81c70001c0', {}],
  ['82c70001c0a2036101', { a: 1 }],
  ['82c70003c00102', new Map([[1, 2]])],
  ['92c7000191c70001', [[]]],
]

describe('readMsgpack', () => {
  it.each(VALUES)('%s is %o', (bytes, value) => {
    expect(read(bytes)).toStrictEqual(value)
  })

  it.each(VALUES)('every beginning of %s is refused', (bytes) => {
    for (const prefix of everyPrefix(hex(bytes))) {
      expect(() => readMsgpack(ByteReader.over(prefix), DEFAULT_VALUE_OPTIONS)).toThrow(TruncatedError)
      // With other people's bytes behind the window.
      const memory = new Uint8Array(prefix.length + 64).fill(1)
      memory.set(prefix)
      const reader = ByteReader.over(memory, 0, prefix.length)
      expect(() => readMsgpack(reader, DEFAULT_VALUE_OPTIONS)).toThrow(TruncatedError)
    }
  })

  it('gives integers as asked, to every depth', () => {
    const bytes = '93 05 cf0020000000000000 81 ff cc80'
    expect(read(bytes)).toEqual([5, 2n ** 53n, new Map([[-1, 128]])])
    expect(read(bytes, { integers: 'bigint' })).toEqual([5n, 2n ** 53n, new Map([[-1n, 128n]])])
    expect(read('9205ff', { integers: 'number' })).toEqual([5, -1])
    expect(() => read(bytes, { integers: 'number' })).toThrow(DecodeError)
    expect(() => read(bytes, { integers: 'number' })).toThrow(/9007199254740992.*offset 2/)
  })

  it('gives maps as asked', () => {
    const bytes = '82 a20362 01 a20361 81 a20363 02'
    expect(read(bytes)).toStrictEqual({ b: 1, a: { c: 2 } })
    expect(read(bytes, { maps: 'map' })).toStrictEqual(
      new Map<string, unknown>([
        ['b', 1],
        ['a', new Map([['c', 2]])],
      ]),
    )
    expect(read('80', { maps: 'map' })).toStrictEqual(new Map())
  })

  it('keeps the order of keys', () => {
    expect(Object.keys(read('83 a2037a 01 a20361 02 a2036d 03') as object)).toEqual(['z', 'a', 'm'])
    expect([
      ...(read('83 a20339 01 a20361 02 a20331 03', { maps: 'map' }) as Map<string, number>).keys(),
    ]).toEqual(['9', 'a', '1'])
  })

  it('reads a key __proto__ as a property like any other', () => {
    const value = read('82 aa035f5f70726f746f5f5f 81a20378 07 a20361 01') as { [key: string]: unknown }
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.keys(value)).toEqual(['__proto__', 'a'])
    expect(Object.getOwnPropertyDescriptor(value, '__proto__')?.value).toEqual({ x: 7 })
    expect((value as { x?: unknown }).x).toBeUndefined()
  })

  it('reads keys that objects inherit', () => {
    expect(read('82 ac03636f6e7374727563746f72 01 a903746f537472696e67 02')).toStrictEqual({
      constructor: 1,
      toString: 2,
    })
  })

  it('shares no memory with the reader', () => {
    const memory = hex('93 a304aabb a312ccdd a3177b7d')
    const value = readMsgpack(ByteReader.over(memory), DEFAULT_VALUE_OPTIONS)
    memory.fill(0)
    expect(value).toEqual([hex('aabb'), new HyperLogLog(hex('ccdd')), new GeoJson('{}')])
  })

  it('reads 64 levels and no more', () => {
    expect(() => read(`${'91'.repeat(63)}90`)).not.toThrow()
    expect(() => read(`${'91'.repeat(64)}90`)).toThrow(LimitExceededError)
    expect(() => read(`${'81a103'.repeat(64)}80`)).toThrow(LimitExceededError)
    expect(() => read('919190', { maxDepth: 2 })).toThrow(LimitExceededError)
    expect(() => read('91a103', { maxDepth: 1 })).not.toThrow()
    // A chain of keys is a chain all the same.
    expect(() => read('81'.repeat(100_000))).toThrow(LimitExceededError)
  })

  it.each([
    'ddffffffff',
    'dfffffffff',
    'dbffffffff',
    'c6ffffffff',
    'dcffff',
    'deffff',
    '9f',
    '8f',
    'df80000000',
  ])('does not believe the count of %s', (bytes) => {
    expect(() => readMsgpack(ByteReader.over(hex(bytes)), DEFAULT_VALUE_OPTIONS)).toThrow(TruncatedError)
  })

  it.each([
    ['c1', /byte 0xc1 does not begin a value \(offset 0\)/],
    ['92 01 c1', /offset 2/],
    ['d4ff00', /byte 0xd4/],
    // Wildcard and infinity are no marks, and nothing that is stored.
    ['91d4ff00', /byte 0xd4 does not begin a value \(offset 1\)/],
    ['91c701ff01', /byte 0xc7/],
    ['92 01 c70001', /byte 0xc7/],
    ['81 01 c70001', /byte 0xc7/],
  ])('refuses %s', (bytes, message) => {
    expect(() => readMsgpack(ByteReader.over(hex(bytes)), DEFAULT_VALUE_OPTIONS)).toThrow(DecodeError)
    expect(() => readMsgpack(ByteReader.over(hex(bytes)), DEFAULT_VALUE_OPTIONS)).toThrow(message)
  })
})
