import { type BinValue, double, GeoJson, HyperLogLog, SortedMap, type Value } from '@aero/codec'
import { hex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { useCluster } from '../support/test-cluster.ts'

const context = useCluster()

interface ValueCase {
  readonly name: string
  readonly write: Value
  /** What is read back, where it is not what was written. */
  readonly read?: BinValue
}

const SCALARS: readonly ValueCase[] = [
  { name: 'integer 0', write: 0 },
  { name: 'integer 1', write: 1 },
  { name: 'integer -1', write: -1 },
  { name: 'integer 127', write: 127 },
  { name: 'integer -128', write: -128 },
  { name: 'integer 255', write: 255 },
  { name: 'integer 65535', write: 65535 },
  { name: 'integer -32769', write: -32769 },
  { name: 'integer 4294967295', write: 4294967295 },
  { name: 'integer 4294967296', write: 4294967296 },
  { name: 'integer -2147483649', write: -2147483649 },
  { name: 'the largest safe integer', write: Number.MAX_SAFE_INTEGER },
  { name: 'the smallest safe integer', write: Number.MIN_SAFE_INTEGER },
  { name: 'bigint, small', write: 5n, read: 5 },
  { name: 'bigint, just not safe', write: 2n ** 53n },
  { name: 'bigint, the largest', write: 2n ** 63n - 1n },
  { name: 'bigint, the smallest', write: -(2n ** 63n) },
  { name: 'double 1.5', write: 1.5 },
  { name: 'double 1.0', write: double(1), read: 1 },
  { name: 'double 1e300, whole', write: double(1e300), read: 1e300 },
  { name: 'double 5e-324', write: 5e-324 },
  { name: 'double -0', write: -0 },
  { name: 'NaN', write: Number.NaN },
  { name: 'Infinity', write: Number.POSITIVE_INFINITY },
  { name: '-Infinity', write: Number.NEGATIVE_INFINITY },
  { name: 'empty string', write: '' },
  { name: 'string', write: 'Alice' },
  { name: 'string beyond ASCII', write: 'Füße, 日本語, 🚀' },
  { name: 'string with NUL', write: 'a\u0000b' },
  { name: 'string of 70000 characters', write: 'x'.repeat(70_000) },
  { name: 'true', write: true },
  { name: 'false', write: false },
  { name: 'empty bytes', write: new Uint8Array(0) },
  { name: 'bytes', write: hex('00 01 7f 80 ff') },
  { name: 'bytes, a Buffer', write: Buffer.from('abc'), read: new Uint8Array([97, 98, 99]) },
  { name: 'bytes, 300 of them', write: new Uint8Array(300).fill(7) },
  { name: 'GeoJSON point', write: GeoJson.of({ type: 'Point', coordinates: [12.49, 41.89] }) },
]

const LISTS_AND_MAPS: readonly ValueCase[] = [
  { name: 'empty list', write: [] },
  { name: 'list of integers', write: [1, 2, 3] },
  { name: 'list of 20 elements', write: Array.from({ length: 20 }, (_, index) => index) },
  { name: 'list of 70000 elements', write: Array.from({ length: 70_000 }, (_, index) => index) },
  {
    name: 'list of everything',
    write: [1, 2n ** 60n, 1.5, 'a', true, null, new Uint8Array([1]), [1], { a: 1 }],
  },
  { name: 'empty object', write: {} },
  { name: 'object', write: { city: 'Rome', zip: 187 } },
  {
    name: 'object with 20 keys',
    write: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key${i}`, i])),
  },
  {
    name: 'object with the key __proto__',
    write: JSON.parse('{"__proto__":{"polluted":true},"a":1}') as Value,
  },
  {
    name: 'object without a prototype',
    write: Object.assign(Object.create(null), { a: 1 }) as Value,
    read: { a: 1 },
  },
  { name: 'empty Map', write: new Map(), read: {} },
  { name: 'Map with string keys', write: new Map([['a', 1]]), read: { a: 1 } },
  {
    name: 'Map with integer keys',
    write: new Map([
      [1, 'one'],
      [2, 'two'],
    ]),
  },
  { name: 'Map with bigint keys', write: new Map([[2n ** 60n, 'large']]) },
  {
    name: 'Map with keys of several types',
    write: new Map<Value, Value>([
      [1, 'integer'],
      ['1', 'string'],
    ]),
  },
  { name: 'Map with a bytes key', write: new Map([[new Uint8Array([1, 2]), 'bytes']]) },
  { name: 'sorted map', write: new SortedMap({ b: 2, a: 1 }), read: { a: 1, b: 2 } },
  {
    name: 'sorted map with integer keys',
    write: new SortedMap(
      new Map([
        [2, 'b'],
        [1, 'a'],
      ]),
    ),
    read: new Map([
      [1, 'a'],
      [2, 'b'],
    ]),
  },
  { name: 'deep mixture', write: { a: [{ b: [new Map([[1, { c: [null, [[]], {}] }]])] }], z: 'end' } },
]

/** Where a value can stand. */
const PLACES: readonly { place: string; wrap(value: unknown): unknown }[] = [
  { place: 'a bin', wrap: (value) => value },
  { place: 'a list', wrap: (value) => [value] },
  { place: 'a list in a list', wrap: (value) => ['first', [value, value]] },
  { place: 'an object', wrap: (value) => ({ inside: value }) },
  { place: 'a Map with integer keys', wrap: (value) => new Map([[7, value]]) },
  { place: 'a list in an object', wrap: (value) => ({ inside: [value] }) },
  { place: 'an object in a list', wrap: (value) => [{ inside: value }] },
]

const TABLE = [...SCALARS, ...LISTS_AND_MAPS].flatMap((valueCase) =>
  PLACES.map(({ place, wrap }) => ({ ...valueCase, place, wrap })),
)

describe('put and get of every type, in every place', () => {
  it.each(TABLE)('$name in $place', async ({ write, read, wrap }) => {
    const key = context.freshKey('value')
    await context.session.put(key, { value: wrap(write) as Value })
    const record = await context.session.get(key)
    // toStrictEqual tells -0 from 0, a Map from an object and bytes from a list.
    expect(record?.bins['value']).toStrictEqual(wrap(read ?? write))
  })

  it('all scalars in one record', async () => {
    const key = context.freshKey('value')
    const bins = Object.fromEntries(SCALARS.map(({ write }, index) => [`bin${index}`, write]))
    await context.session.put(key, bins)
    const expected = Object.fromEntries(
      SCALARS.map(({ write, read }, index) => [`bin${index}`, read ?? write]),
    )
    expect((await context.session.get(key))?.bins).toStrictEqual(expected)
  })

  it('null in a list and in a map stays', async () => {
    const key = context.freshKey('value')
    await context.session.put(key, { list: [null, 1, null], map: { a: null } })
    expect((await context.session.get(key))?.bins).toStrictEqual({ list: [null, 1, null], map: { a: null } })
  })

  it('the key __proto__ reads back as a property of its own', async () => {
    const key = context.freshKey('value')
    await context.session.put(key, { map: JSON.parse('{"__proto__":{"polluted":true}}') as Value })
    const map = (await context.session.get(key))?.bins['map'] as object
    expect(Object.keys(map)).toEqual(['__proto__'])
    expect((map as { polluted?: unknown }).polluted).toBeUndefined()
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('a HyperLogLog reads back as the same sketch', async () => {
    const key = context.freshKey('value')
    const sketch = new HyperLogLog(hex('00040400000000000000000000000000000470bc0000035000000000000000'))
    await context.session.put(key, { sketch })
    const read = (await context.session.get(key))?.bins['sketch']
    expect(read).toBeInstanceOf(HyperLogLog)
    expect((read as HyperLogLog).bytes).toEqual(sketch.bytes)
    expect(HyperLogLog.of(sketch.bytes)).toMatchObject({ indexBits: 4, minHashBits: 4 })
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
    { type: 'MultiPolygon', coordinates: [[ring], [ring]] },
    { type: 'AeroCircle', coordinates: [[12.5, 41.9], 1000.5] },
    { type: 'Feature', geometry: { type: 'Point', coordinates: [0, 0] }, properties: {} },
  ])('a geometry: the server takes %j, and so does GeoJson.of', async (geometry) => {
    const key = context.freshKey('value')
    await context.session.put(key, { place: GeoJson.of(geometry) })
    expect((await context.session.get(key))?.bins['place']).toEqual(GeoJson.of(geometry))
  })

  it.each([
    '{',
    '[]',
    '{}',
    '{"type":"LineString","coordinates":[[0,0],[1,1]]}',
    '{"type":"Point","coordinates":[1,2,3]}',
    '{"type":"Point","coordinates":[181,2]}',
    '{"type":"Point","coordinates":[1,91]}',
    '{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}',
    '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[2,2]]]}',
    '{"type":"AeroCircle","coordinates":[[0,0]]}',
    '{"type":"Feature","geometry":{"type":"Feature"}}',
  ])('no geometry: the server refuses %s, and GeoJson.of before it', async (text) => {
    const key = context.freshKey('value')
    await expect(context.session.put(key, { place: new GeoJson(text) })).rejects.toMatchObject({ code: 160 })
    expect(() => GeoJson.of(text)).toThrow(/no geometry/)
  })

  it('bytes that are read have memory of their own', async () => {
    const key = context.freshKey('value')
    const other = context.freshKey('value')
    await context.session.put(key, { bytes: new Uint8Array([1, 2, 3]), list: [new Uint8Array([4, 5])] })
    const bins = (await context.session.get(key))?.bins
    await context.session.put(other, { bytes: new Uint8Array(100).fill(9) })
    for (let reads = 0; reads < 5; reads++) await context.session.get(other)
    expect(bins).toStrictEqual({ bytes: new Uint8Array([1, 2, 3]), list: [new Uint8Array([4, 5])] })
  })

  it('nesting of 64 levels is the deepest, one more is refused', async () => {
    const nested = (levels: number): Value => (levels === 0 ? 1 : [nested(levels - 1)])
    const key = context.freshKey('value')
    await context.session.put(key, { deep: nested(64) })
    expect((await context.session.get(key))?.bins['deep']).toStrictEqual(nested(64))
    await expect(context.session.put(key, { deep: nested(65) })).rejects.toMatchObject({ code: -10 })
  })

  it('names of bins: one character, 15 bytes, beyond ASCII, several hundred in a record', async () => {
    const key = context.freshKey('value')
    const bins: { [bin: string]: Value } = { x: 1, abcdefghijklmno: 2, 日本語の: 3 }
    for (let index = 0; index < 300; index++) bins[`bin${index}`] = index
    await context.session.put(key, bins)
    expect((await context.session.get(key))?.bins).toStrictEqual(bins)
  })
})

describe('modes of reading', () => {
  const bins = { small: 1, large: 2n ** 60n, list: [1, 2n ** 60n], map: { a: 1 }, keys: new Map([[1, 1]]) }

  it("integers: 'bigint' gives bigints everywhere", async () => {
    const key = context.freshKey('value')
    await context.session.put(key, bins)
    const session = context.cluster.createSession(context.session.behavior, { integers: 'bigint' })
    const record = await session.get(key, ['small', 'large', 'list', 'map'])
    expect(record?.bins).toStrictEqual({ small: 1n, large: 2n ** 60n, list: [1n, 2n ** 60n], map: { a: 1n } })
  })

  it("integers: 'number' refuses what a number cannot hold, and reads the rest", async () => {
    const key = context.freshKey('value')
    await context.session.put(key, bins)
    const session = context.cluster.createSession(context.session.behavior, { integers: 'number' })
    expect((await session.get(key, ['small']))?.bins).toStrictEqual({ small: 1 })
    await expect(session.get(key, ['large'])).rejects.toMatchObject({ code: -2 })
    // The connection that carried the answer is as good as before.
    expect((await session.get(key, ['small']))?.bins).toStrictEqual({ small: 1 })
  })

  it("maps: 'map' gives a Map always", async () => {
    const key = context.freshKey('value')
    await context.session.put(key, bins)
    const session = context.cluster.createSession(context.session.behavior, { maps: 'map' })
    expect((await session.get(key, ['map', 'keys']))?.bins).toStrictEqual({
      map: new Map([['a', 1]]),
      keys: new Map([[1, 1]]),
    })
  })

  it("undefinedBins: 'skip' leaves the bin as it is", async () => {
    const key = context.freshKey('value')
    const session = context.cluster.createSession(context.session.behavior, { undefinedBins: 'skip' })
    await session.put(key, { a: 1, b: 2 })
    await session.put(key, { a: 3, b: undefined } as never)
    expect((await session.get(key))?.bins).toEqual({ a: 3, b: 2 })
  })
})
