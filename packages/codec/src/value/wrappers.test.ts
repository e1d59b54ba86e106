import { hex } from '@aero/testkit'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { EncodeError } from '../errors.ts'
import { Double, double } from './double.ts'
import { GeoJson } from './geo-json.ts'
import { HyperLogLog } from './hyper-log-log.ts'
import type { BinValue, Value } from './value.ts'

describe('Double', () => {
  it('is the number it wraps, to print and to JSON', () => {
    expect(double(1)).toStrictEqual(new Double(1))
    expect(`${double(-0)} ${double(1.5)} ${double(Number.NaN)}`).toBe('-0 1.5 NaN')
    expect(JSON.stringify([double(2)])).toBe('[2]')
  })

  it.each(['1', 1n, null, undefined])('refuses %o', (value) => {
    expect(() => double(value as never)).toThrow(EncodeError)
  })
})

describe('GeoJson', () => {
  it('keeps a text as it is and prints an object', () => {
    expect(GeoJson.of('{ "type": "Point" }').text).toBe('{ "type": "Point" }')
    expect(GeoJson.of({ type: 'Point', coordinates: [1, 2] }).text).toBe(
      '{"type":"Point","coordinates":[1,2]}',
    )
    expect(`${new GeoJson('{}')}`).toBe('{}')
    expect(JSON.stringify({ where: GeoJson.of('{ "a": [1] }') })).toBe('{"where":{"a":[1]}}')
  })

  it.each([1, null, undefined, true])('refuses %o', (value) => {
    expect(() => GeoJson.of(value as never)).toThrow(EncodeError)
    expect(() => new GeoJson(value as never)).toThrow(EncodeError)
  })
})

describe('HyperLogLog', () => {
  it('holds bytes', () => {
    expect(new HyperLogLog(hex('0102')).bytes).toEqual(hex('0102'))
  })

  it.each(['00', [0], null, undefined])('refuses %o', (value) => {
    expect(() => new HyperLogLog(value as never)).toThrow(EncodeError)
  })
})

describe('types', () => {
  it('lets what was read be written back', () => {
    expectTypeOf<BinValue>().toExtend<Value>()
  })

  it('takes nested literals, maps and readonly arrays', () => {
    expectTypeOf<{ a: readonly [1, 'x', Map<string, number>]; b: { c: Double | null } }>().toExtend<Value>()
    expectTypeOf<Date>().not.toExtend<Value>()
    expectTypeOf<undefined>().not.toExtend<Value>()
    expectTypeOf<() => void>().not.toExtend<Value>()
    expectTypeOf<symbol>().not.toExtend<Value>()
  })
})
