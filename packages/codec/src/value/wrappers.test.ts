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
    expect(GeoJson.of('{ "type": "Point", "coordinates": [1, 2] }').text).toBe(
      '{ "type": "Point", "coordinates": [1, 2] }',
    )
    expect(GeoJson.of({ type: 'Point', coordinates: [1, 2] }).text).toBe(
      '{"type":"Point","coordinates":[1,2]}',
    )
    expect(`${new GeoJson('{}')}`).toBe('{}')
    expect(JSON.stringify({ where: new GeoJson('{ "a": [1] }') })).toBe('{"where":{"a":[1]}}')
  })

  it.each([1, null, undefined, true])('refuses %o', (value) => {
    expect(() => GeoJson.of(value as never)).toThrow(EncodeError)
    expect(() => new GeoJson(value as never)).toThrow(EncodeError)
  })

  const ring = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ]
  it.each([
    { type: 'Point', coordinates: [-180, 90] },
    { type: 'Polygon', coordinates: [ring] },
    { type: 'Polygon', coordinates: [] },
    { type: 'MultiPolygon', coordinates: [[ring], [ring, ring]] },
    { type: 'AeroCircle', coordinates: [[12.5, 41.9], 1000.5] },
    { type: 'Feature', geometry: { type: 'Point', coordinates: [0, 0] }, properties: {} },
  ])('takes %o', (geometry) => {
    expect(GeoJson.of(geometry).toJSON()).toEqual(geometry)
  })

  it.each<readonly [unknown, RegExp]>([
    ['{', /no geometry: the text is no JSON/],
    ['[]', /it is no object/],
    [{}, /type is none of Point, Polygon, MultiPolygon, AeroCircle, Feature/],
    [{ type: 'LineString', coordinates: [[0, 0]] }, /type is none of/],
    [{ type: 'Point' }, /coordinates is no list of longitude and latitude/],
    [{ type: 'Point', coordinates: [1, 2, 3] }, /coordinates is no list of longitude and latitude/],
    [{ type: 'Point', coordinates: ['1', 2] }, /coordinates\[0\] is no longitude/],
    [{ type: 'Point', coordinates: [181, 2] }, /coordinates\[0\] is no longitude/],
    [{ type: 'Point', coordinates: [1, 91] }, /coordinates\[1\] is no latitude/],
    [{ type: 'Polygon', coordinates: [ring.slice(1)] }, /coordinates\[0\] has less than 4 points/],
    [{ type: 'Polygon', coordinates: [[...ring, [2, 2]]] }, /coordinates\[0\] does not end where it begins/],
    [
      { type: 'Polygon', coordinates: [[...ring, [2, 'x'], [0, 0]]] },
      /coordinates\[0\]\[4\]\[1\] is no latitude/,
    ],
    [{ type: 'MultiPolygon', coordinates: [[ring], 1] }, /coordinates\[1\] is not a list of rings/],
    [{ type: 'AeroCircle', coordinates: [[0, 0]] }, /coordinates is no list of a point and a radius/],
    [{ type: 'AeroCircle', coordinates: [[0, 0], '1'] }, /coordinates\[1\] is no radius/],
    [{ type: 'AeroCircle', coordinates: [[0], 1] }, /coordinates\[0\] is no list of longitude/],
    [{ type: 'Feature' }, /geometry is no object/],
    [{ type: 'Feature', geometry: { type: 'Feature' } }, /geometry.type is none of Point/],
  ])('says what is wrong with %j', (geometry, wrong) => {
    expect(() => GeoJson.of(geometry as object)).toThrow(wrong)
  })
})

describe('HyperLogLog', () => {
  it('holds bytes', () => {
    expect(new HyperLogLog(hex('0102')).bytes).toEqual(hex('0102'))
  })

  it.each(['00', [0], null, undefined])('refuses %o', (value) => {
    expect(() => new HyperLogLog(value as never)).toThrow(EncodeError)
    expect(() => HyperLogLog.of(value as never)).toThrow(EncodeError)
  })

  it.each([
    [4, 0, 11 + 12],
    [16, 0, 11 + 49152],
    [4, 51, 11 + 114],
    [5, 4, 11 + 40],
  ])('knows a sketch of %i and %i bits', (indexBits, minHashBits, size) => {
    const bytes = new Uint8Array(size)
    bytes.set([0, indexBits, minHashBits])
    expect(HyperLogLog.of(bytes)).toMatchObject({ indexBits, minHashBits })
    expect(() => HyperLogLog.of(bytes.subarray(1))).toThrow(EncodeError)
    expect(() => HyperLogLog.of(bytes.subarray(0, -1))).toThrow(/no HyperLogLog/)
  })

  it.each(['', '00', '0004', '000300', '001100', '000403', '000434', '010400'])(
    'refuses bytes %s',
    (head) => {
      const bytes = new Uint8Array(hex(head).length < 3 ? hex(head).length : 23)
      bytes.set(hex(head))
      expect(() => HyperLogLog.of(bytes)).toThrow(EncodeError)
    },
  )
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
