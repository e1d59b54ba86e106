import { toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { geoJsonFromWire } from './geo-json.ts'

function wire(text: string): Uint8Array {
  return new Uint8Array([0, 0, 0, ...new TextEncoder().encode(text)])
}

describe('a point', () => {
  // Recorded from a server 8.1.2.
  it.each([
    ['{"type":"Point","coordinates":[103.913,1.308]}', '31da180ab7f7a279'],
    ['{"type": "Point", "coordinates": [-122.0, 37.5]}', '808fb8a247954393'],
    [
      '{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"name":"x"}}',
      '10036e17ca9fb709',
    ],
  ])('%s gets its cell', (text, cell) => {
    const kept = geoJsonFromWire(wire(text)) ?? new Uint8Array()
    expect(toHex(kept.subarray(0, 11))).toBe(`000001${cell}`)
    expect(new TextDecoder().decode(kept.subarray(11))).toBe(text)
  })

  it('loses the cells that the client sent', () => {
    const sent = new Uint8Array([
      0,
      0,
      1,
      9,
      9,
      9,
      9,
      9,
      9,
      9,
      9,
      ...wire('{"type":"Point","coordinates":[1,2]}').subarray(3),
    ])
    expect(toHex(geoJsonFromWire(sent)?.subarray(0, 11) ?? new Uint8Array())).toBe('00000110036e17ca9fb709')
  })
})

describe('a region', () => {
  it.each([
    '{"type":"Polygon","coordinates":[[[103.6,1.3],[103.6,1.4],[103.7,1.4],[103.6,1.3]]]}',
    '{"type":"MultiPolygon","coordinates":[[[[0,0],[0,1],[1,1],[0,0]]]]}',
    '{"type":"AeroCircle","coordinates":[[-122,37.5],30000]}',
  ])('%s is marked as one', (text) => {
    expect(geoJsonFromWire(wire(text))?.[0]).toBe(1)
  })
})

describe('is refused', () => {
  it.each([
    '',
    'not json',
    '[]',
    '{"type":"Nonsense"}',
    '{"type":"Point"}',
    '{"type":"Point","coordinates":[1]}',
    '{"type":"Point","coordinates":["1",2]}',
    '{"type":"Point","coordinates":[1000,1000]}',
    '{"type":"Feature"}',
    '{"type":"Polygon","coordinates":[[[0,0],[0,1],[0,0]]]}',
    '{"type":"Polygon","coordinates":[[[0,0],[0,1],[1,1],[2,2]]]}',
    '{"type":"AeroCircle","coordinates":[[0,0]]}',
  ])('%s', (text) => {
    expect(geoJsonFromWire(wire(text))).toBeUndefined()
  })

  it('a value without its header', () => {
    expect(geoJsonFromWire(new Uint8Array([0x7b, 0x7d]))).toBeUndefined()
  })
})
