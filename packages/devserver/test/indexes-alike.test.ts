import { type Random, seededRandom } from '@aero/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DevServer, startDevServer } from '../src/index.ts'
import { digestOf, infoAnswers, infoRequest, int64, message, readReply, utf8 } from './message-bytes.ts'
import { RawClient } from './raw-client.ts'
import { type FoundRecord, queryRecords } from './raw-query.ts'

/** `host:port` of a real server that may be written to. */
const LIVE = process.env['AERO_LIVE_SEEDS']?.split(',')[0]
const ROUNDS = 300
const SET = 'aero_indexes'
const PARTITION = 9
const RECORDS = 60
const [INTEGER, STRING, LIST] = [1, 3, 20]
const LIST_INDEX = 1
const FIELD = {
  partitionIds: 11,
  digests: 12,
  maxRecords: 13,
  binValues: 15,
  indexRange: 22,
  indexExpression: 24,
  indexType: 26,
} as const
/** n + 1000 */
const EXPRESSION = new Uint8Array([0x93, 20, 0x93, 81, 2, 0xa1, 0x6e, 0xcd, 0x03, 0xe8])
const DEFINITIONS = {
  n: 'bin=n;type=numeric',
  s: 'bin=s;type=string',
  l: 'bin=l;type=numeric;indextype=list',
  e: `exp=${Buffer.from(EXPRESSION).toString('base64')};type=numeric`,
} as const
type IndexName = keyof typeof DEFINITIONS
type Fields = readonly (readonly [number, Uint8Array])[]

/** Small numbers, so that many records share them. */
const randomNumber = (random: Random) => random.int(-8, 8)
const randomText = (random: Random) => random.text(random.int(0, 20), 'ab')

function randomChange(random: Random, digest: Uint8Array): Uint8Array {
  if (random.chance(0.1)) return message({ set: SET, info2: 3, digest })
  const small = (value: number) => value & 0xff
  const list = Array.from({ length: random.int(0, 4) }, () => small(randomNumber(random)))
  const bins = [
    { type: 2, bin: 'n', particleType: INTEGER, value: int64(randomNumber(random)) },
    { type: 2, bin: 's', particleType: STRING, value: utf8(randomText(random)) },
    { type: 2, bin: 'l', particleType: LIST, value: Uint8Array.of(0x90 | list.length, ...list) },
    { type: 2, bin: 'n', particleType: STRING, value: utf8('no number') },
    { type: 2, bin: 'n', particleType: 0, value: new Uint8Array(0) },
  ]
  return message({ set: SET, info2: 1, digest, operations: [random.pick(bins)] })
}

function limits(name: IndexName, random: Random): Uint8Array {
  const sized = (value: Uint8Array) => [0, 0, 0, value.length, ...value]
  const bin = name === 'e' ? [0] : [1, ...utf8(name)]
  if (name === 's') return Uint8Array.of(1, ...bin, STRING, ...sized(utf8(randomText(random))), 0, 0, 0, 0)
  const base = name === 'e' ? 1000 : 0
  const [one, other] = [randomNumber(random), randomNumber(random)]
  const [first, last] = random.chance(0.3) ? [one, one] : [Math.min(one, other), Math.max(one, other)]
  return Uint8Array.of(1, ...bin, INTEGER, ...sized(int64(base + first)), ...sized(int64(base + last)))
}

function fieldsOf(name: IndexName, random: Random): Fields {
  const range = [FIELD.indexRange, limits(name, random)] as const
  if (name === 'l') return [range, [FIELD.indexType, Uint8Array.of(LIST_INDEX)]]
  return name === 'e' ? [range, [FIELD.indexExpression, EXPRESSION]] : [range]
}

describe.skipIf(LIVE === undefined)('queries by indexes, here and on a real server', () => {
  const random = seededRandom()
  let server: DevServer
  let clients: readonly [here: RawClient, there: RawClient]
  const agree = async (what: string, ask: (client: RawClient) => Promise<unknown>) => {
    const [here, there] = [await ask(clients[0]), await ask(clients[1])]
    expect(here, `${what}; AERO_SEED=${random.seed}`).toEqual(there)
  }
  const info = async (client: RawClient, name: string) =>
    [...infoAnswers(await client.ask(infoRequest(name))).values()].join()

  beforeAll(async () => {
    server = await startDevServer({ nodes: 1, namespaces: ['test'] })
    const port = Number(LIVE?.split(':')[1])
    clients = [await RawClient.open(server.node(0).port), await RawClient.open(port)]
    for (const client of clients) {
      for (let record = 0; record < RECORDS; record++)
        await client.ask(message({ set: SET, info2: 3, digest: digestOf(PARTITION, record) }))
      for (const [name, definition] of Object.entries(DEFINITIONS))
        expect(
          await info(client, `sindex-create:namespace=test;set=${SET};indexname=aero_${name};${definition}`),
        ).toBe('ok')
    }
  })
  afterAll(async () => {
    for (const name of Object.keys(DEFINITIONS))
      await info(clients[1], `sindex-delete:namespace=test;indexname=aero_${name}`)
    for (const client of clients) client.close()
    await server.close()
  })

  it(`give the same records in the same order (${ROUNDS} rounds)`, { timeout: 0 }, async () => {
    let found = 0
    for (let round = 0; round < ROUNDS; round++) {
      for (let left = 5; left > 0; left--) {
        const change = randomChange(random, digestOf(PARTITION, random.int(0, RECORDS - 1)))
        await agree('a write', async (client) => readReply(await client.ask(change)).resultCode)
      }
      const name = random.pick(Object.keys(DEFINITIONS) as IndexName[])
      const fields = fieldsOf(name, random)
      await agree(`round ${round}, by ${name}`, async (client) => {
        const set = SET
        const all = await queryRecords(client, {
          set,
          fields: [[FIELD.partitionIds, Uint8Array.of(PARTITION, 0)], ...fields],
        })
        found += all.length
        if (all.length === 0) return all
        const last = all[all.length >> 1] as FoundRecord
        const behind: Fields = [
          [FIELD.digests, Buffer.from(last.digest, 'hex')],
          [FIELD.binValues, Buffer.from(last.value, 'hex')],
          [FIELD.maxRecords, int64(7)],
        ]
        return [all, await queryRecords(client, { set, fields: [...behind, ...fields] })]
      })
    }
    expect(found).toBeGreaterThan(ROUNDS)
    for (const name of Object.keys(DEFINITIONS))
      await agree(
        `entries of ${name}`,
        async (client) =>
          /entries=\d+/.exec(await info(client, `sindex-stat:namespace=test;indexname=aero_${name}`))?.[0],
      )
  })
})
