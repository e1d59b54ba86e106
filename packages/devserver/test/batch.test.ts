import {
  BATCH_FLAG,
  BatchReply,
  type BatchRequest,
  BinNames,
  type Bins,
  ByteReader,
  ByteWriter,
  DEFAULT_VALUE_OPTIONS,
  encodeBatchRequest,
  INFO1,
  INFO2,
  INFO3,
  Key,
} from '@aero/codec'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DevServer, startDevServer } from '../src/index.ts'
import { RawClient } from './raw-client.ts'

type Action = BatchRequest['actions'][number]
const ACTION: Action = {
  info1: 0,
  info2: 0,
  info3: 0,
  info4: 0,
  generation: 0,
  expiration: 0,
  sendKey: false,
  filter: undefined,
  operations: undefined,
  binNames: undefined,
  bins: undefined,
}
const READ: Action = { ...ACTION, info1: INFO1.read | INFO1.getAll }
const PUT: Action = { ...ACTION, info2: INFO2.write, bins: { a: 1 } }
const key = (value: number, namespace = 'test'): Key => Key.of(namespace, 'people', value)

let server: DevServer
let client: RawClient
beforeEach(async () => {
  server = await startDevServer()
  client = await RawClient.open(server.node(0).port)
})
afterEach(async () => {
  client.close()
  await server.close()
})

interface Answer {
  readonly rows: readonly (readonly [index: number, resultCode: number, bins?: Bins])[]
  readonly last: number
  readonly frames: number
}

async function ask(
  rows: readonly (readonly [Key, Action])[],
  flags: number = BATCH_FLAG.respondAllKeys,
): Promise<Answer> {
  const out = new ByteWriter()
  encodeBatchRequest(out, {
    keys: rows.map(([one]) => one),
    actions: rows.map(([, action]) => action),
    rows: rows.map((_, index) => index),
    count: rows.length,
    flags,
    timeoutMs: 1000,
    filter: undefined,
  })
  client.send(out.take())
  const reply = new BatchReply()
  const found: [number, number, Bins?][] = []
  const options = { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: () => Date.now() }
  for (let frames = 1; ; frames++) {
    reply.begin(ByteReader.over(await client.frame(), 8))
    while (reply.next()) {
      if (reply.isLast) return { rows: found, last: reply.resultCode, frames }
      if (reply.resultCode === 0) found.push([reply.index, 0, reply.record(key(0), options).bins])
      else {
        found.push([reply.index, reply.resultCode])
        reply.skip()
      }
    }
  }
}

describe('a batch', () => {
  it('is answered row by row in its order, each on its own', async () => {
    const insert = { ...PUT, info2: INFO2.write | INFO2.createOnly }
    expect(
      await ask([
        [key(1), insert],
        [key(1), insert],
        [key(2), READ],
        [key(1), READ],
      ]),
    ).toEqual({
      rows: [
        [0, 0, {}],
        [1, 5],
        [2, 2],
        [3, 0, { a: 1 }],
      ],
      last: 0,
      frames: 2,
    })
  })

  it('requires of every row what it says: generation, and that there is a record', async () => {
    await ask([[key(1), PUT]])
    const wrong = { ...PUT, info2: INFO2.write | INFO2.generation, generation: 7 }
    const update = { ...PUT, info3: INFO3.updateOnly }
    const { rows } = await ask([
      [key(1), wrong],
      [key(2), update],
      [key(1), update],
      [key(2), wrong],
    ])
    expect(rows.map(([, code]) => code)).toEqual([3, 2, 0, 3])
  })

  it('with a namespace that is not there is refused as a whole', async () => {
    expect(
      await ask([
        [key(1), PUT],
        [key(1, 'nope'), PUT],
      ]),
    ).toMatchObject({ rows: [], last: 4 })
    expect((await ask([[key(1), READ]])).rows).toEqual([[0, 2]])
  })

  it('says at its end what went wrong first, unless all rows were to be answered', async () => {
    const wrong = { ...PUT, info2: INFO2.write | INFO2.generation, generation: 7 }
    await ask([[key(1), PUT]])
    expect(
      await ask(
        [
          [key(9), READ],
          [key(1), wrong],
        ],
        BATCH_FLAG.inline,
      ),
    ).toMatchObject({ last: 3 })
    expect(await ask([[key(9), READ]], BATCH_FLAG.inline)).toMatchObject({ last: 0 })
  })

  it('with a long answer comes in several frames', async () => {
    await ask([[key(1), { ...PUT, bins: { a: 'x'.repeat(100_000) } }]])
    const { rows, frames } = await ask(Array.from({ length: 5 }, () => [key(1), READ] as const))
    expect(rows.map(([index]) => index)).toEqual([0, 1, 2, 3, 4])
    expect(frames).toBeGreaterThan(2)
  })

  it('leaves out of each row what its filter, or that of the batch, is not for', async () => {
    const [yes, no] = [Uint8Array.of(0xc3), Uint8Array.of(0xc2)]
    await ask([[key(1), PUT]])
    const { rows } = await ask([
      [key(1), { ...READ, filter: yes }],
      [key(1), { ...READ, filter: no }],
      [key(1), { ...READ, filter: Uint8Array.of(0x90) }],
      [key(1), READ],
    ])
    expect(rows).toEqual([
      [0, 0, { a: 1 }],
      [1, 27],
      [2, 4],
      [3, 0, { a: 1 }],
    ])
  })
})
