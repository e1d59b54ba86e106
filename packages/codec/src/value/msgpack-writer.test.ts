import { hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { EncodeError } from '../errors.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { Double, double } from './double.ts'
import { GeoJson } from './geo-json.ts'
import { HyperLogLog } from './hyper-log-log.ts'
import { writeMsgpack } from './msgpack-writer.ts'
import { SortedMap } from './sorted-map.ts'
import type { Value } from './value.ts'

function written(value: Value): string {
  // From nothing, so that every item has to make its own room.
  const out = new ByteWriter(0)
  writeMsgpack(out, value)
  return toHex(out.written())
}

function refusal(value: unknown): EncodeError {
  try {
    written(value as Value)
  } catch (error) {
    if (error instanceof EncodeError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

function nested(levels: number, innermost: Value = []): Value {
  let value = innermost
  for (let level = 1; level < levels; level++) value = [value]
  return value
}

describe('writeMsgpack', () => {
  it.each<[Value, string]>([
    [null, 'c0'],
    [false, 'c2'],
    [true, 'c3'],
    [0, '00'],
    [127, '7f'],
    [128, 'cc80'],
    [255, 'ccff'],
    [256, 'cd0100'],
    [65535, 'cdffff'],
    [65536, 'ce00010000'],
    [4294967295, 'ceffffffff'],
    [4294967296, 'cf0000000100000000'],
    [Number.MAX_SAFE_INTEGER, 'cf001fffffffffffff'],
    [2n ** 53n, 'cf0020000000000000'],
    [2n ** 63n - 1n, 'cf7fffffffffffffff'],
    [7n, '07'],
    [-1, 'ff'],
    [-32, 'e0'],
    [-33, 'd0df'],
    [-128, 'd080'],
    [-129, 'd1ff7f'],
    [-32768, 'd18000'],
    [-32769, 'd2ffff7fff'],
    [-2147483648, 'd280000000'],
    [-2147483649, 'd3ffffffff7fffffff'],
    [Number.MIN_SAFE_INTEGER, 'd3ffe0000000000001'],
    [-(2n ** 63n), 'd38000000000000000'],
    [-5n, 'fb'],
    [0.5, 'cb3fe0000000000000'],
    [-0, 'cb8000000000000000'],
    [Number.NaN, 'cb7ff8000000000000'],
    [Number.NEGATIVE_INFINITY, 'cbfff0000000000000'],
    [double(1), 'cb3ff0000000000000'],
    [double(2 ** 60), 'cb43b0000000000000'],
    ['', 'a103'],
    ['two', 'a40374776f'],
    ['ß', 'a303c39f'],
    ['🎉', 'a503f09f8e89'],
    [new Uint8Array(0), 'a104'],
    [hex('0102'), 'a3040102'],
    [new GeoJson('{}'), 'a3177b7d'],
    [new HyperLogLog(hex('00ff')), 'a31200ff'],
    [[], '90'],
    [[1, [2], []], '9301910290'],
    [{}, '80'],
    [{ b: 1, a: 2 }, '82a2036201a2036102'],
    [Object.assign(Object.create(null), { a: 1 }), '81a2036101'],
    [JSON.parse('{"__proto__": 1}'), '81aa035f5f70726f746f5f5f01'],
    [new Map<Value, Value>(), '80'],
    [
      new Map<Value, Value>([
        [2, 'b'],
        ['k', 1],
        [hex('01'), null],
        [-(2n ** 60n), 0],
      ]),
      '8402a20362a2036b01a20401c0d3f00000000000000000',
    ],
    [new SortedMap({}), '81c70001c0'],
    [new SortedMap({ b: 1, a: new SortedMap({ c: 2 }) }), '83c70001c0a2036182c70001c0a2036302a2036201'],
  ])('%o is %s', (value, expected) => {
    expect(written(value)).toBe(expected)
  })

  it.each<[number, string]>([
    [30, 'bf03'],
    [31, 'd92003'],
    [254, 'd9ff03'],
    [255, 'da010003'],
    [65534, 'daffff03'],
    [65535, 'db0001000003'],
    [70000, 'db0001117103'],
  ])('text and blobs of %d bytes begin with %s', (length, head) => {
    expect(written('x'.repeat(length))).toBe(head + '78'.repeat(length))
    expect(written(new Uint8Array(length).fill(0x78))).toBe(head.replace(/03$/, '04') + '78'.repeat(length))
  })

  // The head is chosen before the size is known: these need a longer one than their number of characters suggests.
  it.each([15, 16, 30, 31, 100, 127, 128, 200, 254, 21_844, 21_845, 32_767, 40_000, 65_534])(
    'wide text of %d characters gets the right head',
    (length) => {
      for (const letter of ['ß', '日']) {
        const text = Buffer.from(letter.repeat(length))
        const bytes = new Uint8Array(text)
        const out = new ByteWriter(0)
        writeMsgpack(out, letter.repeat(length))
        const asBlob = new ByteWriter(0)
        writeMsgpack(asBlob, bytes)
        const expected = asBlob.take()
        expected[expected.length - bytes.length - 1] = 3
        expect(Buffer.compare(out.take(), expected)).toBe(0)
      }
    },
  )

  it.each([
    [15, '9f', '8f'],
    [16, 'dc0010', 'de0010'],
    [65535, 'dcffff', 'deffff'],
    [65536, 'dd00010000', 'df00010000'],
  ])('collections of %d begin with %s and %s', (count, list, map) => {
    expect(written(new Array(count).fill(1))).toBe(list + '01'.repeat(count))
    const entries = Array.from({ length: count }, (_, index) => [index, 1] as const)
    expect(written(new Map<Value, Value>(entries)).startsWith(map)).toBe(true)
    expect(written(Object.fromEntries(entries)).startsWith(map)).toBe(true)
  })

  it('counts the mark of an ordered map', () => {
    const entries = Array.from({ length: 15 }, (_, index) => [index, 0] as const)
    expect(written(new SortedMap(new Map(entries))).startsWith('de0010c70001c0000001000200')).toBe(true)
  })

  it('takes values of other realms for what they are', async () => {
    const { runInNewContext } = await import('node:vm')
    expect(written(runInNewContext('({ a: [1, new Uint8Array([7])] })'))).toBe('81a203619201a20407')
    expect(written(runInNewContext('new Map([[1, 2]])'))).toBe('810102')
    expect(refusal(runInNewContext('[new Date()]')).message).toBe(
      '[0]: an object of class Date cannot be stored',
    )
  })

  class Point {
    x = 1
  }
  it.each<[unknown, string]>([
    [undefined, 'undefined cannot be stored'],
    [() => 1, 'a function cannot be stored'],
    [Symbol('s'), 'a symbol cannot be stored'],
    [new Date(0), 'an object of class Date cannot be stored'],
    [new Point(), 'an object of class Point cannot be stored'],
    [/x/, 'an object of class RegExp cannot be stored'],
    [new Set([1]), 'an object of class Set cannot be stored'],
    [new Float64Array(1), 'an object of class Float64Array cannot be stored'],
    [new ArrayBuffer(1), 'an object of class ArrayBuffer cannot be stored'],
    [Promise.resolve(), 'an object of class Promise cannot be stored'],
    [Object.create({ a: 1 }), 'an object of class Object cannot be stored'],
    [[1, undefined], '[1]: undefined cannot be stored'],
    [Object.assign(new Array(3), [1]), '[1]: a hole in an array cannot be stored'],
    [{ a: { b: [0, { c: undefined }] } }, 'a.b[1].c: undefined cannot be stored'],
    [{ 'not a name': [new Date(0)] }, '["not a name"][0]: an object of class Date cannot be stored'],
    [new Map([[7, new Map([[hex('0aff'), undefined]])]]), '[7][0x0aff]: undefined cannot be stored'],
    [new SortedMap({ a: [undefined as unknown as Value] }), 'a[0]: undefined cannot be stored'],
    [
      2 ** 53,
      '9007199254740992 is beyond the safe integers: write a bigint, or double(9007199254740992) if that is meant',
    ],
    [[-1e21], '[0]: -1e+21 is beyond the safe integers: write a bigint, or double(-1e+21) if that is meant'],
    [{ n: 2n ** 63n }, 'n: 9223372036854775808 does not fit into 64 bits'],
    [-(2n ** 63n) - 1n, '-9223372036854775809 does not fit into 64 bits'],
    [['a\ud800'], '[0]: text with a lone surrogate, which UTF-8 cannot carry'],
    [{ 'k\udc00': 1 }, '["k\\udc00"]: text with a lone surrogate, which UTF-8 cannot carry'],
    [new Map([[1.5, 1]]), '[1.5]: map key 1.5 is not a safe integer; keys are strings, integers or bytes'],
    [new Map([[true, 1]]), '[true]: map key is a boolean; keys are strings, integers or bytes'],
    [new Map([[null, 1]]), '[null]: map key is null; keys are strings, integers or bytes'],
    [new Map([[[1], 1]]), '[1]: map key is an object of class Array; keys are strings, integers or bytes'],
    [
      new Map([[2n ** 64n, 1]]),
      '[18446744073709551616]: map key 18446744073709551616 does not fit into 64 bits',
    ],
    [
      new Map<unknown, number>([
        [1, 1],
        [1n, 2],
      ]),
      'map key 1 occurs twice',
    ],
    [
      {
        m: new Map([
          [hex('01'), 1],
          [hex('01'), 2],
        ]),
      },
      'm: map key 0x01 occurs twice',
    ],
  ])('refuses %o', (value, message) => {
    expect(refusal(value).message).toBe(message)
  })

  it('is not taken in by objects that only call themselves a Map or bytes', () => {
    const impostor = { [Symbol.toStringTag]: 'Map', __proto__: { __proto__: null } }
    expect(refusal(impostor).message).toBe('an object with a prototype of its own cannot be stored')
    expect(refusal(new DataView(new ArrayBuffer(1))).message).toBe(
      'an object of class DataView cannot be stored',
    )
  })

  it('keeps keys apart that the wire keeps apart', () => {
    const map = new Map<Value, Value>([
      [1n, 0],
      ['1', 0],
      [hex('01'), 0],
      [hex('0001'), 0],
      ['0x01', 0],
    ])
    expect(written(map).startsWith('85')).toBe(true)
  })

  it('nests 64 levels and no more', () => {
    expect(written(nested(64))).toBe(`${'91'.repeat(63)}90`)
    expect(refusal(nested(65)).message).toBe(
      `${'[0]'.repeat(64)}: lists and maps nested deeper than 64 levels`,
    )
    expect(refusal(nested(64, { a: {} })).message).toMatch(
      /\[0\]\.a: lists and maps nested deeper than 64 levels$/,
    )
    expect(() => written(nested(64, [new Uint8Array(1), new Double(1), 'x', null]))).not.toThrow()
  })

  it('names where a value refers back to itself', () => {
    const list: unknown[] = [1]
    list.push(list)
    const node: { [key: string]: unknown } = { name: 'node' }
    const map = new Map<string, unknown>([['up', node]])
    node['children'] = ['leaf', { left: map }]
    const reason = 'refers back to an object that contains it'
    expect(refusal(list).message).toBe(`[1]: ${reason}`)
    expect(refusal({ root: node }).message).toBe(`root.children[1].left.up: ${reason}`)
    expect(refusal(new SortedMap({ list: list as Value })).message).toBe(`list[1]: ${reason}`)
  })

  it('says in good time that a value is too deep, however often its parts are shared', () => {
    let value: Value = []
    for (let level = 0; level < 70; level++) value = [value, value]
    expect(refusal(value).reason).toBe('lists and maps nested deeper than 64 levels')
  })

  it('writes a shared part twice', () => {
    const part = [1]
    expect(written([part, part])).toBe('9291019101')
  })

  it('lets the error of a getter pass', () => {
    const value = {
      get a(): number {
        throw new RangeError('mine')
      },
    }
    expect(() => written(value)).toThrow(RangeError)
  })
})
