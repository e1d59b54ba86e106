import { everyPrefix, hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError, EncodeError, TruncatedError } from '../errors.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { double } from './double.ts'
import { GeoJson } from './geo-json.ts'
import { HyperLogLog } from './hyper-log-log.ts'
import { readParticle, writeParticle } from './particle.ts'
import { PARTICLE_TYPE } from './particle-type.ts'
import { SortedMap } from './sorted-map.ts'
import type { BinValue, Value } from './value.ts'
import { DEFAULT_VALUE_OPTIONS, type ValueOptions } from './value-options.ts'

const { integer, string, blob, bool, hyperLogLog, map, list, geoJson, nil } = PARTICLE_TYPE
const float = PARTICLE_TYPE.double

function read(type: number, payload: string, options: Partial<ValueOptions> = {}): BinValue | undefined {
  const bytes = hex(payload)
  // Something else stands before and behind it.
  const memory = new Uint8Array(bytes.length + 8).fill(0x01)
  memory.set(bytes, 4)
  const reader = ByteReader.over(memory, 4)
  const value = readParticle(reader, type, bytes.length, { ...DEFAULT_VALUE_OPTIONS, ...options })
  expect(reader.position).toBe(4 + bytes.length)
  expect(reader.end).toBe(memory.length)
  return value
}

const BOTH_WAYS: [Value & BinValue, number, string][] = [
  [0, integer, '0000000000000000'],
  [-1, integer, 'ffffffffffffffff'],
  [Number.MAX_SAFE_INTEGER, integer, '001fffffffffffff'],
  [2n ** 53n, integer, '0020000000000000'],
  [-(2n ** 63n), integer, '8000000000000000'],
  [2n ** 63n - 1n, integer, '7fffffffffffffff'],
  [1.5, float, '3ff8000000000000'],
  [-0, float, '8000000000000000'],
  [Number.NaN, float, '7ff8000000000000'],
  [Number.POSITIVE_INFINITY, float, '7ff0000000000000'],
  ['', string, ''],
  ['hello', string, '68656c6c6f'],
  ['nul \u0000 inside', string, '6e756c200020696e73696465'],
  ['żółć', string, 'c5bcc3b3c582c487'],
  [true, bool, '01'],
  [false, bool, '00'],
  [new Uint8Array(0), blob, ''],
  [hex('ff00807f'), blob, 'ff00807f'],
  [new HyperLogLog(hex('0004')), hyperLogLog, '0004'],
  [new GeoJson('{"a":1}'), geoJson, '0000007b2261223a317d'],
  [new GeoJson(''), geoJson, '000000'],
  [[1, 'a'], list, '9201a20361'],
  [[], list, '90'],
  [{ b: [null], a: 2 }, map, '82a2036291c0a2036102'],
  [new Map<Value & BinValue, Value & BinValue>([[1, true]]), map, '8101c3'],
]

describe('particles', () => {
  it.each(BOTH_WAYS)('%o is written as type %d, %s', (value, type, payload) => {
    const out = new ByteWriter(0)
    expect(writeParticle(out, value)).toBe(type)
    expect(toHex(out.written())).toBe(payload)
  })

  it.each(BOTH_WAYS)('%o is read from type %d, %s', (value, type, payload) => {
    expect(read(type, payload)).toStrictEqual(value)
  })

  it.each(BOTH_WAYS)('%o is not read from less than type %d, %s', (_value, type, payload) => {
    const bytes = hex(payload)
    for (const prefix of everyPrefix(bytes)) {
      expect(() => readParticle(ByteReader.over(prefix), type, bytes.length, DEFAULT_VALUE_OPTIONS)).toThrow(
        TruncatedError,
      )
    }
  })

  it.each<[Value, number, string]>([
    [5n, integer, '0000000000000005'],
    [double(1), float, '3ff0000000000000'],
    [double(-0), float, '8000000000000000'],
    [double(2 ** 53), float, '4340000000000000'],
    [Buffer.from('ab'), blob, '6162'],
    [null, nil, ''],
    [new SortedMap({ b: 1, a: 2 }), map, '83c70001c0a2036102a2036201'],
  ])('%o is written as type %d, %s', (value, type, payload) => {
    const out = new ByteWriter(0)
    expect(writeParticle(out, value)).toBe(type)
    expect(toHex(out.written())).toBe(payload)
  })

  it.each<[number, string, BinValue | undefined]>([
    [nil, '', undefined],
    [nil, 'ff', undefined],
    [integer, 'ff', 255],
    [integer, 'fffe', 65534],
    [integer, 'fffffffe', 4294967294],
    [geoJson, '00 0001 31da180ab7f7a279 7b7d', new GeoJson('{}')],
    [geoJson, '01 0002 31da180ab7f7a279 31da180ab7f7a279 7b7d', new GeoJson('{}')],
    [list, '94c70001010203', [1, 2, 3]],
    [map, '82c70003c0a2036101', { a: 1 }],
    [PARTICLE_TYPE.javaBlob, '0102', hex('0102')],
    [PARTICLE_TYPE.erlangBlob, '0102', hex('0102')],
    [PARTICLE_TYPE.vector, '0102', hex('0102')],
    [99, '0102', hex('0102')],
  ])('type %d, %s is read as %o', (type, payload, value) => {
    expect(read(type, payload)).toStrictEqual(value)
  })

  it('gives integers and maps as asked', () => {
    expect(read(integer, '0000000000000005', { integers: 'bigint' })).toBe(5n)
    expect(read(integer, '0000000000000005', { integers: 'number' })).toBe(5)
    expect(() => read(integer, '0020000000000000', { integers: 'number' })).toThrow(DecodeError)
    expect(read(map, '81a2036101', { maps: 'map', integers: 'bigint' })).toStrictEqual(new Map([['a', 1n]]))
  })

  it.each<[string, number, string, RegExp]>([
    ['an integer of 3 bytes', integer, '000001', /an integer of 3 bytes is no value \(offset 4\)/],
    ['an integer of no bytes', integer, '', /an integer of 0 bytes/],
    ['an integer of 9 bytes', integer, '000000000000000001', /an integer of 9 bytes/],
    ['a float of 4 bytes', float, '3fc00000', /a double of 4 bytes/],
    ['a boolean of 2 bytes', bool, '0001', /a boolean of 2 bytes/],
    ['a boolean 2', bool, '02', /a boolean that is neither 0 nor 1/],
    ['a GeoJSON of 2 bytes', geoJson, '0000', /a GeoJSON of 2 bytes/],
    ['a GeoJSON with more cells than bytes', geoJson, '00 0002 31da180ab7f7a279', /whose cells take 19/],
    ['a list with more behind it', list, '9101 02', /1 bytes behind a value is no value \(offset 6\)/],
    ['a list that runs beyond its end', list, '92 01', /2 bytes expected, 1 left/],
    ['a list of no bytes', list, '', /1 bytes expected, 0 left/],
    ['a list that is a map', list, '80', /a list that is none is no value \(offset 4\)/],
    ['a map that is a list', map, '90', /a map that is none/],
    ['a map that is an integer', map, '05', /a map that is none/],
    ['a map that is nil', map, 'c0', /a map that is none/],
    ['a map that is a blob', map, 'a20401', /a map that is none/],
    ['a map that is a GeoJSON', map, 'a3177b7d', /a map that is none/],
    ['a map that is a HyperLogLog', map, 'a21201', /a map that is none/],
  ])('refuses %s', (_name, type, payload, message) => {
    expect(() => read(type, payload)).toThrow(DecodeError)
    expect(() => read(type, payload)).toThrow(message)
  })

  it('does not read beyond the window', () => {
    const reader = ByteReader.over(hex('0102030405060708'), 0, 4)
    expect(() => readParticle(reader, string, 5, DEFAULT_VALUE_OPTIONS)).toThrow(TruncatedError)
    expect(() => readParticle(reader, string, 0xffffffff, DEFAULT_VALUE_OPTIONS)).toThrow(TruncatedError)
  })

  it('shares no memory with the reader', () => {
    const memory = Buffer.from('aabbccdd', 'hex')
    const value = readParticle(ByteReader.over(memory), blob, 4, DEFAULT_VALUE_OPTIONS)
    memory.fill(0)
    expect(value).toStrictEqual(hex('aabbccdd'))
  })

  it.each<[unknown, string, string]>([
    [undefined, '', 'undefined cannot be stored'],
    [new Date(0), '', 'an object of class Date cannot be stored'],
    [2 ** 53, '', '9007199254740992 is beyond the safe integers'],
    [Number.MAX_VALUE, '', '1.7976931348623157e+308 is beyond the safe integers'],
    [2n ** 63n, '', '9223372036854775808 does not fit into 64 bits'],
    ['\ud800', '', 'text with a lone surrogate'],
    [new GeoJson('\ud800'), '', 'text with a lone surrogate'],
    [[1, { a: undefined }], '[1].a', 'undefined cannot be stored'],
  ])('refuses %o at %j', (value, path, reason) => {
    const out = new ByteWriter(0)
    let error: unknown
    try {
      writeParticle(out, value as Value)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(EncodeError)
    expect(error).toMatchObject({ path, reason: expect.stringContaining(reason) })
  })
})
