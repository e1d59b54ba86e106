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

  // Recorded from a server 8.1.2.
  it.each([
    ['{"type":"Polygon","coordinates":[]}', ''],
    ['{"type":"AeroCircle","coordinates":[[0,0],-5]}', ''],
    ['{"type":"AeroCircle","coordinates":[[10.5,20.25],0]}', '118270e3b549ce1d'],
    [
      '{"type":"Feature","geometry":{"type":"AeroCircle","coordinates":[[-122,37.5],30000]}}',
      '808e2c0000000000 808e340000000000 808e4c0000000000 808f900000000000 808fb00000000000 808fd00000000000 808fe70000000000 808fec0000000000 808ff30000000000',
    ],
    [
      '{"type":"MultiPolygon","coordinates":[[[[0,0],[0,1],[1,1],[0,0]]],[[[10,10],[10,11],[11,11],[10,10]]]]}',
      '0555555555555555 0ffe1c0000000000 0ffe300000000000 0fffd00000000000 0ffff00000000000 1000400000000000 1001400000000000 1001c00000000000 1055400000000000 1100400000000000 11aac00000000000 1aaaaaaaaaaaaaab',
    ],
    [
      '{"type":"Polygon","coordinates":[[[36.6,-44.3],[36.55,-44.2],[36.5,-44.3],[36.6,-44.3]],[[36.57,-44.28],[36.55,-44.26],[36.53,-44.29],[36.57,-44.28]]]}',
      'b5bd24c000000000 b5bd254000000000 b5bd259fc0000000 b5bd25a040000000 b5bd2fffffc00000 b5bd301000000000 b5bd307000000000 b5bd30c000000000 b5bd3a7c00000000 b5bd3ac000000000 b5bd3b3000000000 b5bd3b4b00000000',
    ],
  ])('%s has the cells that cover it', (text, cells) => {
    const kept = geoJsonFromWire(wire(text)) ?? new Uint8Array()
    expect(toHex(kept.subarray(3, kept.length - text.length))).toBe(cells.replaceAll(' ', ''))
    expect(kept[2]).toBe(cells === '' ? 0 : cells.split(' ').length)
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
    '{"type":"AeroCircle","coordinates":[[0,0],20000000]}',
    '{"type":"Point","coordinates":[1,2],"properties":1e400}',
    '{"type":"Point","coordinates":[1,2],"properties":"\\u0000"}',
  ])('%s', (text) => {
    expect(geoJsonFromWire(wire(text))).toBeUndefined()
  })

  it('a value without its header', () => {
    expect(geoJsonFromWire(new Uint8Array([0x7b, 0x7d]))).toBeUndefined()
  })
})
