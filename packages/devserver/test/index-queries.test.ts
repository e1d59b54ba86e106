import { FakeClock } from '@aero/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wyHash64 } from '../src/apply/wy-hash.ts'
import { type DevServer, startDevServer } from '../src/index.ts'
import { digestOf, infoAnswers, infoRequest, type Message, message, utf8 } from './message-bytes.ts'
import { RawClient } from './raw-client.ts'
import { queryRecords } from './raw-query.ts'

const INTEGER = 1
const STRING = 3
const LIST = 20
const GEO_JSON = 23
const SET_OPERATION = 2
const FIELD = {
  partitionIds: 11,
  digests: 12,
  binValues: 15,
  indexRange: 22,
  indexExpression: 24,
  indexType: 26,
} as const

describe('a query by an index', () => {
  let server: DevServer
  let client: RawClient
  beforeEach(async () => {
    server = await startDevServer({ nodes: 1 })
    client = await RawClient.open(server.node(0).port)
  })
  afterEach(async () => {
    client.close()
    await server.close()
  })

  async function put(record: number, particleType: number, value: Uint8Array): Promise<void> {
    const operations = [{ type: SET_OPERATION, bin: 'n', particleType, value }]
    await client.ask(message({ info2: 1, digest: digestOf(3, record), operations }))
  }

  async function info(name: string): Promise<string | undefined> {
    return infoAnswers(await client.ask(infoRequest(name))).get(name)
  }

  const create = (rest: string) => info(`sindex-create:namespace=test;set=people;indexname=byN;bin=n;${rest}`)

  it('gives the records of the range by ascending value, and goes on behind one of them', async () => {
    await create('type=numeric')
    for (const [record, value] of [5, -2, 9, 3, 5, 70].entries()) await put(record, INTEGER, integer(value))
    const all = await query(client, { fields: [whole, integers(-2n, 9n)] })
    expect(all).toEqual([1, 3, 0, 4, 2].map((record) => digestOf(3, record)).map(name))
    const rest = await query(client, {
      fields: [integers(-2n, 9n), [FIELD.digests, digestOf(3, 0)], [FIELD.binValues, integer(5).reverse()]],
    })
    expect(rest).toEqual([4, 2].map((record) => name(digestOf(3, record))))
  })

  it('sees every change at once', async () => {
    await create('type=numeric')
    await put(1, INTEGER, integer(5))
    await put(1, INTEGER, integer(6))
    expect(await query(client, { fields: [whole, integers(5n, 5n)] })).toEqual([])
    await client.ask(message({ info2: 3, digest: digestOf(3, 1) }))
    expect(await query(client, { fields: [whole, integers(6n, 6n)] })).toEqual([])
  })

  it('gives a record once, however many elements match', async () => {
    await create('indextype=list;type=numeric')
    await put(1, LIST, new Uint8Array([0x93, 4, 5, 6]))
    const fields: Message['fields'] = [whole, integers(1n, 9n), [FIELD.indexType, new Uint8Array([1])]]
    expect(await query(client, { fields })).toEqual([name(digestOf(3, 1))])
  })

  it('compares strings whole', async () => {
    await create('type=string')
    await put(1, STRING, utf8('abc'))
    await put(2, STRING, utf8('abcd'))
    expect(await query(client, { fields: [whole, range(STRING, utf8('abc'))] })).toEqual([
      name(digestOf(3, 1)),
    ])
  })

  it('is refused with 201 without an index of that definition', async () => {
    await create('type=string')
    const fields: Message['fields'] = [whole, integers(1n, 9n)]
    await expect(query(client, { fields })).rejects.toThrow('201')
  })

  it('keeps one index for one definition', async () => {
    expect(await create('type=numeric')).toBe('ok')
    expect(await info('sindex-create:namespace=test;set=people;indexname=other;bin=n;type=numeric')).toBe(
      'ok',
    )
    expect(await info('sindex-list:namespace=test')).toBe(
      'ns=test:indexname=other:set=people:bin=n:type=numeric:indextype=default:context=null:exp=null:state=RW',
    )
    expect(await info('sindex-exists:namespace=test;indexname=other')).toBe('true')
    expect(await info('sindex-delete:namespace=test;indexname=other')).toBe('ok')
    expect(await info('sindex-exists:namespace=test;indexname=other')).toBe('false')
  })

  it('counts its entries through writes, deletes, truncation and records that were there before', async () => {
    const stat = async () =>
      /entries=(\d+);.*entries_per_bval=(\d+);entries_per_rec=(\d+);load_pct=100/
        .exec((await info('sindex-stat:namespace=test;indexname=byN')) ?? '')
        ?.slice(1)
        .map(Number)
    await put(1, LIST, new Uint8Array([0x93, 4, 5, 6]))
    await create('indextype=list;type=numeric')
    expect(await stat()).toEqual([3, 1, 3])
    await put(2, LIST, new Uint8Array([0x93, 4, 5, 5]))
    await put(3, LIST, new Uint8Array([0x91, 4]))
    expect(await stat()).toEqual([6, 2, 2])
    await put(1, INTEGER, integer(4))
    expect(await stat()).toEqual([3, 2, 2])
    await client.ask(message({ info2: 3, digest: digestOf(3, 2) }))
    expect(await stat()).toEqual([1, 1, 1])
    await info('truncate:namespace=test;set=people')
    expect(await stat()).toEqual([0, 0, 0])
  })

  it('holds what an expression gives, and follows it', async () => {
    // n + 1000
    const expression = new Uint8Array([0x93, 20, 0x93, 81, 2, 0xa1, 0x6e, 0xcd, 0x03, 0xe8])
    const exp = Buffer.from(expression).toString('base64')
    const define = `sindex-create:namespace=test;set=people;indexname=byExp;exp=${exp}`
    expect(await info(`${define};type=string`)).toBe(
      "ERROR:4:bad 'exp' - expression type 'numeric' does not match expected type 'string'",
    )
    expect(await info(`${define};type=numeric`)).toBe('ok')
    await put(1, INTEGER, integer(5))
    await put(2, STRING, utf8('no number'))
    const limit = (value: number) => [0, 0, 0, 8, ...integer(value)]
    const range = (value: number): NonNullable<Message['fields']> => [
      whole,
      [FIELD.indexRange, new Uint8Array([1, 0, INTEGER, ...limit(value), ...limit(value)])],
      [FIELD.indexExpression, expression],
    ]
    expect(await query(client, { fields: range(1005) })).toEqual([name(digestOf(3, 1))])
    await put(1, INTEGER, integer(6))
    expect(await query(client, { fields: range(1005) })).toEqual([])
    expect(await query(client, { fields: range(1006) })).toEqual([name(digestOf(3, 1))])
  })

  describe('of geographic values', () => {
    const geo = (value: object) => utf8(JSON.stringify(value))
    const point = (...coordinates: readonly number[]) => geo({ type: 'Point', coordinates })
    const square = (west: number, south: number, size: number) => [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ]
    const polygon = (...coordinates: readonly number[][][]) => geo({ type: 'Polygon', coordinates })
    const circle = (longitude: number, latitude: number, meters: number) =>
      geo({ type: 'AeroCircle', coordinates: [[longitude, latitude], meters] })
    const stored = (text: Uint8Array) => new Uint8Array([0, 0, 0, ...text])
    const found = async (text: Uint8Array) =>
      (await query(client, { fields: [whole, range(GEO_JSON, text)] })).toSorted()
    const records = (...numbers: readonly number[]) => numbers.map((record) => name(digestOf(3, record)))

    beforeEach(() => create('type=geo2dsphere'))

    it('gives the points in a region, and no regions', async () => {
      await put(1, GEO_JSON, stored(point(1.5, 1.5)))
      await put(2, GEO_JSON, stored(point(5, 5)))
      await put(3, GEO_JSON, stored(circle(1.5, 1.5, 10)))
      await put(4, INTEGER, integer(1))
      expect(await found(polygon(square(1, 1, 1)))).toEqual(records(1))
      expect(await found(circle(1.5, 1.6, 20_000))).toEqual(records(1))
      expect(await found(polygon(square(0, 0, 9), square(1, 1, 1)))).toEqual(records(2))
      expect(
        await found(geo({ type: 'MultiPolygon', coordinates: [[square(1, 1, 1)], [square(4, 4, 2)]] })),
      ).toEqual(records(1, 2))
    })

    it('gives the regions around a point, and no points', async () => {
      await put(1, GEO_JSON, stored(circle(1.5, 1.5, 10)))
      await put(2, GEO_JSON, stored(polygon(square(1, 1, 1))))
      await put(3, GEO_JSON, stored(point(1.5, 1.5)))
      expect(await found(point(1.5, 1.5))).toEqual(records(1, 2))
      expect(await found(point(1.9, 1.9))).toEqual(records(2))
      expect(await found(point(-1.5, 1.5))).toEqual([])
    })

    it('is refused with 4 when it is no geometry, or one of most of the earth', async () => {
      await expect(found(utf8('nonsense'))).rejects.toThrow('4')
      await expect(found(circle(0, 0, 20_000_000))).rejects.toThrow('4')
    })
  })

  it('gives the values their places: every length of string has a hash of its own', () => {
    const hashes = Array.from({ length: 120 }, (_, length) => wyHash64(new Uint8Array(length)))
    expect(new Set(hashes).size).toBe(120)
    expect(hashes.every((hash) => hash >= 0n && hash < 1n << 64n)).toBe(true)
  })
})

describe('an index that takes its time', () => {
  it('is refused to queries with 203 until it is built, and tells how far it is', async () => {
    const clock = new FakeClock(1_700_000_000_000)
    await using server = await startDevServer({ nodes: 1, clock, indexBuildMs: 2000 })
    const client = await RawClient.open(server.node(0).port)
    const info = async (name: string) => infoAnswers(await client.ask(infoRequest(name))).get(name)
    await info('sindex-create:namespace=test;set=people;indexname=byN;bin=n;type=numeric')
    clock.advance(500)
    expect(await info('sindex-stat:namespace=test;indexname=byN')).toContain('load_pct=25;load_time=0')
    expect(await info('sindex-list:namespace=test')).toContain('state=WO')
    const fields = [whole, integers(1n, 9n)]
    await expect(query(client, { fields })).rejects.toThrow('203')
    clock.advance(1500)
    expect(await info('sindex-stat:namespace=test;indexname=byN')).toContain('load_pct=100;load_time=2000')
    expect(await query(await RawClient.open(server.node(0).port), { fields })).toEqual([])
    client.close()
  })
})

const whole = [FIELD.partitionIds, new Uint8Array([3, 0])] as const

function integers(first: bigint, last: bigint): readonly [number, Uint8Array] {
  return range(INTEGER, integer(Number(first)), integer(Number(last)))
}

function range(type: number, first: Uint8Array, last = first): readonly [number, Uint8Array] {
  const limit = (value: Uint8Array) => [0, 0, 0, value.length, ...value]
  return [FIELD.indexRange, new Uint8Array([1, 1, ...utf8('n'), type, ...limit(first), ...limit(last)])]
}

function integer(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value))
  return bytes
}

function name(digest: Uint8Array): string {
  return Buffer.from(digest).toString('hex')
}

/** The digests of an answer, in order. Rejects with the result code of a refusal. */
async function query(client: RawClient, request: Message): Promise<string[]> {
  return (await queryRecords(client, request)).map(({ digest }) => digest)
}
