import { type Random, seededRandom } from '@aero/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DevServer, startDevServer } from '../src/index.ts'
import { digestOf, infoAnswers, infoRequest, int64, message, readReply, utf8 } from './message-bytes.ts'
import { RawClient } from './raw-client.ts'
import { type FoundRecord, queryRecords } from './raw-query.ts'

/** `host:port` of a real server that may be written to. */
const LIVE = process.env['AERO_LIVE_SEEDS']?.split(',')[0]
const CASES = Number(process.env['AERO_GEOGRAPHY_CASES'] ?? 300)
const SET = 'aero_geography'
const PARTITION = 7
const RECORDS = 400
const GEO_JSON = 23
const LIST = 20
const GEO_COMPARE = 8
/** The type of GeoJSON in expressions. */
const GEO_TYPE = 8
const BIN = 81
const FIELD = {
  partitionIds: 11,
  digests: 12,
  maxRecords: 13,
  indexRange: 22,
  indexType: 26,
  filter: 43,
  binValues: 15,
} as const
const LIST_INDEX = 1
const INDEXES = [
  'sindex-create:namespace=test;set=aero_geography;indexname=aero_geo;bin=g;type=geo2dsphere',
  'sindex-create:namespace=test;set=aero_geography;indexname=aero_geos;bin=l;type=geo2dsphere;indextype=list',
]

type Position = readonly [longitude: number, latitude: number]

/** Anywhere, or near the equator's zero, where things meet. */
function randomPosition(random: Random): Position {
  if (random.chance(0.3)) return [random.float() * 360 - 180, random.float() * 180 - 90]
  if (random.chance(0.1)) return [random.pick([0, 1, 180, -180, 45]), random.pick([0, 1, 90, -90, 45])]
  return [random.float() * 4 - 2, random.float() * 4 - 2]
}

/** So far from the edges of the map that a loop around it has no corners beyond: S2 promises nothing for loops that cross themselves. */
function limited([longitude, latitude]: Position, margin: number): Position {
  const within = (value: number, most: number) => Math.max(margin - most, Math.min(most - margin, value))
  return [within(longitude, 180), within(latitude, 90)]
}

/** A loop around a place: a star with three to eight corners, either way round. */
function randomLoop(random: Random, [longitude, latitude]: Position, size: number): Position[] {
  const corners = random.int(3, 8)
  const turn = random.float() * 7
  const loop = Array.from({ length: corners }, (_, corner) => {
    const angle = turn + (corner / corners) * 2 * Math.PI
    const distance = size * (0.3 + 0.7 * random.float())
    return [longitude + distance * Math.cos(angle), latitude + distance * Math.sin(angle)] as const
  })
  const closed = [...loop, loop[0] as Position]
  return random.chance() ? closed : closed.reverse()
}

function randomPolygon(random: Random): Position[][] {
  const size = 10 ** (random.float() * 4 - 3)
  const middle = limited(randomPosition(random), size)
  const outer = randomLoop(random, middle, size)
  return random.chance() ? [outer] : random.shuffled([outer, randomLoop(random, middle, size * 0.1)])
}

function randomRegion(random: Random): object {
  switch (random.int(0, 5)) {
    case 0:
      return { type: 'MultiPolygon', coordinates: [randomPolygon(random), randomPolygon(random)] }
    case 1:
    case 2:
      return { type: 'Polygon', coordinates: randomPolygon(random) }
    default:
      return { type: 'AeroCircle', coordinates: [randomPosition(random), 10 ** (random.float() * 7.3)] }
  }
}

function randomPoint(random: Random): object {
  return { type: 'Point', coordinates: randomPosition(random) }
}

function randomGeometry(random: Random): Uint8Array {
  const geometry = random.chance(0.6) ? randomPoint(random) : randomRegion(random)
  return utf8(JSON.stringify(random.chance(0.1) ? { type: 'Feature', geometry } : geometry))
}

/** As an element of a list or of an expression. */
function packed(text: Uint8Array): Uint8Array {
  const length = text.length + 1
  return Buffer.concat([Uint8Array.of(0xda, length >> 8, length & 0xff, GEO_JSON), text])
}

const stored = (text: Uint8Array) => Buffer.concat([new Uint8Array(3), text])

describe.skipIf(LIVE === undefined)('geography, here and there (needs AERO_LIVE_SEEDS)', () => {
  const random = seededRandom()
  let server: DevServer
  let clients: readonly [here: RawClient, there: RawClient]
  const both = async <Answer>(ask: (client: RawClient) => Promise<Answer>): Promise<[Answer, Answer]> => [
    await ask(clients[0]),
    await ask(clients[1]),
  ]
  const agree = async (what: string, ask: (client: RawClient) => Promise<unknown>) => {
    const [here, there] = await both(ask)
    expect(here, `${what}; AERO_SEED=${random.seed}`).toEqual(there)
  }
  const put = (client: RawClient, record: number, bin: string, particleType: number, value: Uint8Array) =>
    client.ask(
      message({
        set: SET,
        info2: 1,
        digest: digestOf(PARTITION, record),
        operations: [{ type: 2, bin, particleType, value }],
      }),
    )

  beforeAll(async () => {
    server = await startDevServer({ nodes: 1, namespaces: ['test'] })
    const port = Number(LIVE?.split(':')[1])
    clients = [await RawClient.open(server.node(0).port), await RawClient.open(port)]
  })
  afterAll(async () => {
    for (const name of ['aero_geo', 'aero_geos'])
      await clients[1].ask(infoRequest(`sindex-delete:namespace=test;indexname=${name}`))
    for (const client of clients) client.close()
    await server.close()
  })

  it(`are stored with the same cells (${CASES})`, { timeout: 0 }, async () => {
    for (let left = CASES; left > 0; left--) {
      const text = randomGeometry(random)
      const digest = digestOf(PARTITION, RECORDS + 1)
      await agree(Buffer.from(text).toString(), async (client) => [
        readReply(await put(client, RECORDS + 1, 'g', GEO_JSON, stored(text))).resultCode,
        readReply(await client.ask(message({ set: SET, info1: 3, digest }))).operations,
      ])
      await both((client) => client.ask(message({ set: SET, info2: 3, digest })))
    }
  })

  it(`are compared alike (${CASES})`, { timeout: 0 }, async () => {
    const digest = digestOf(PARTITION, RECORDS + 2)
    for (let left = CASES; left > 0; left--) {
      const [value, other] = [randomGeometry(random), randomGeometry(random)]
      const bin = [0x93, BIN, GEO_TYPE, 0xa1, 0x67]
      const filter = Buffer.concat([Uint8Array.of(0x93, GEO_COMPARE, ...bin), packed(other)])
      await agree(`${Buffer.from(value)} and ${Buffer.from(other)}`, async (client) => {
        await put(client, RECORDS + 2, 'g', GEO_JSON, stored(value))
        const fields = [[FIELD.filter, filter]] as const
        return readReply(await client.ask(message({ set: SET, info1: 3, digest, fields }))).resultCode
      })
    }
  })

  it(`are found alike by their indexes (${CASES})`, { timeout: 0 }, async () => {
    for (const command of INDEXES) await both((client) => client.ask(infoRequest(command)))
    for (let record = 0; record < RECORDS; record++) {
      const [value, first, second] = [randomGeometry(random), randomGeometry(random), randomGeometry(random)]
      await both((client) => client.ask(message({ set: SET, info2: 3, digest: digestOf(PARTITION, record) })))
      const list = Buffer.concat([Uint8Array.of(0x92), packed(first), packed(second)])
      await both((client) => put(client, record, 'g', GEO_JSON, stored(value)))
      await both((client) => put(client, record, 'l', LIST, list))
    }
    let found = 0
    for (let left = CASES; left > 0; left--) {
      const text = random.chance(0.3)
        ? utf8(JSON.stringify(randomPoint(random)))
        : utf8(JSON.stringify(randomRegion(random)))
      const bin = random.pick(['g', 'l'] as const)
      const limit = [text.length >> 24, text.length >> 16, text.length >> 8, text.length]
      const range = Uint8Array.of(1, 1, ...utf8(bin), GEO_JSON, ...limit, ...text, ...limit, ...text)
      const index: readonly (readonly [number, Uint8Array])[] = [
        [FIELD.indexRange, range],
        ...(bin === 'l' ? ([[FIELD.indexType, Uint8Array.of(LIST_INDEX)]] as const) : []),
      ]
      await agree(`${bin}: ${Buffer.from(text)}`, async (client) => {
        const all = await ask(client, [[FIELD.partitionIds, Uint8Array.of(PARTITION, 0)], ...index])
        if (typeof all === 'string' || all.length === 0) return all
        found += all.length
        const last = all[all.length >> 1] as FoundRecord
        const rest = await ask(client, [
          ...index,
          [FIELD.digests, Buffer.from(last.digest, 'hex')],
          [FIELD.binValues, Buffer.from(last.value, 'hex')],
          [FIELD.maxRecords, int64(10)],
        ])
        return [all, rest]
      })
    }
    expect(found).toBeGreaterThan(CASES)
    const statistics = async (client: RawClient) => {
      const text = [
        ...infoAnswers(
          await client.ask(infoRequest('sindex-stat:namespace=test;indexname=aero_geo')),
        ).values(),
      ]
      return /entries=\d+/.exec(text.join())?.[0]
    }
    await agree('entries', statistics)
  })
})

async function ask(
  client: RawClient,
  fields: readonly (readonly [number, Uint8Array])[],
): Promise<readonly FoundRecord[] | string> {
  try {
    return await queryRecords(client, { set: SET, fields })
  } catch (error) {
    return String(error)
  }
}
