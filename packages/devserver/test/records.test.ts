import { FakeClock } from '@aero/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { type DevServer, type DevServerOptions, startDevServer } from '../src/index.ts'
import { digestOf, int64, type Message, message, type Reply, readReply, utf8 } from './message-bytes.ts'
import { RawClient } from './raw-client.ts'

const READ_ALL: Message = { info1: 0x03 }
const WRITE = 0x01
const SECONDS_2010 = 1_262_304_000

let server: DevServer | undefined
let client: RawClient | undefined

afterEach(async () => {
  client?.close()
  await server?.close()
})

async function start(options: DevServerOptions = {}): Promise<(request: Message) => Promise<Reply>> {
  server = await startDevServer(options)
  const opened = await RawClient.open(server.node(0).port)
  client = opened
  return async (request) => readReply(await opened.ask(message(request)))
}

function put(more: Partial<Message> = {}): Message {
  return { info2: WRITE, operations: [{ type: 2, bin: 'a', particleType: 1, value: int64(1) }], ...more }
}

describe('time to live', () => {
  // 2026-01-01, and the same in the server's count.
  const NOW_MS = 1_767_225_600_000
  const NOW = NOW_MS / 1000 - SECONDS_2010

  it('lets a record expire when its second is over', async () => {
    const clock = new FakeClock(NOW_MS)
    const ask = await start({ clock })
    expect(await ask(put({ ttl: 10 }))).toMatchObject({ resultCode: 0, voidTime: NOW + 10 })
    clock.advance(10_000)
    expect(await ask(READ_ALL)).toMatchObject({ resultCode: 0, generation: 1 })
    clock.advance(1000)
    expect(await ask(READ_ALL)).toMatchObject({ resultCode: 2 })
    expect(await ask(put())).toMatchObject({ resultCode: 0, generation: 1 })
  })

  it('removes expired records in time', async () => {
    const clock = new FakeClock(NOW_MS)
    const ask = await start({ clock })
    await ask(put({ ttl: 10 }))
    await ask(put({ digest: digestOf(2) }))
    clock.advance(121_000)
    expect(server?.countRecords('test')).toBe(1)
  })

  it.each([
    ['the default of the namespace', 0, NOW + 5 + 60],
    ['never', -1, 0],
    ['unchanged', -2, NOW + 100],
    ['seconds', 7, NOW + 5 + 7],
  ])('of an update: %s', async (_, ttl, voidTime) => {
    const clock = new FakeClock(NOW_MS)
    const ask = await start({ clock, defaultTtl: 60 })
    await ask(put({ ttl: 100 }))
    clock.advance(5000)
    expect(await ask(put({ ttl }))).toMatchObject({ resultCode: 0, voidTime, generation: 2 })
  })

  it.each([-3, -5, 315_360_001])('refuses %i', async (ttl) => {
    const ask = await start()
    expect(await ask(put({ ttl }))).toMatchObject({ resultCode: 4 })
    expect(await ask(READ_ALL)).toMatchObject({ resultCode: 2 })
  })

  it('is renewed by a read late in life, without a new generation', async () => {
    const clock = new FakeClock(NOW_MS)
    const ask = await start({ clock })
    await ask(put({ ttl: 100 }))
    clock.advance(79_000)
    expect(await ask({ ...READ_ALL, ttl: 20 })).toMatchObject({ voidTime: NOW + 100 })
    expect(await ask({ ...READ_ALL, ttl: -1 })).toMatchObject({ voidTime: NOW + 100 })
    clock.advance(1000)
    expect(await ask({ ...READ_ALL, ttl: 20 })).toMatchObject({ voidTime: NOW + 100 })
    expect(await ask({ ...READ_ALL, ttl: -1 })).toMatchObject({ voidTime: NOW + 180, generation: 1 })
    expect(await ask({ ...READ_ALL, ttl: 101 })).toMatchObject({ resultCode: 4 })
  })
})

describe('a write', () => {
  it('counts generations to 65535 and begins again at 1', async () => {
    const ask = await start()
    for (let generation = 1; generation <= 0xffff; generation++) client?.send(message(put()))
    let last = 0
    for (let generation = 1; generation <= 0xffff; generation++) {
      last = readReply((await client?.frame()) as Uint8Array).generation
    }
    expect(last).toBe(0xffff)
    expect(await ask(put())).toMatchObject({ generation: 1 })
  })

  it('leaves nothing behind when an operation fails', async () => {
    const ask = await start()
    await ask(put())
    const failing = put({
      operations: [
        { type: 2, bin: 'a', particleType: 1, value: int64(9) },
        { type: 9, bin: 'a', particleType: 3, value: utf8('x') },
      ],
    })
    expect(await ask(failing)).toMatchObject({ resultCode: 12, generation: 1 })
    expect((await ask(READ_ALL)).operations).toEqual([[1, 'a', 1, int64(1)]])
  })

  it('refuses a record above the limit, also one that grows beyond it', async () => {
    const ask = await start({ maxRecordBytes: 1000 })
    const text = { type: 9, bin: 's', particleType: 3, value: new Uint8Array(400).fill(97) }
    expect(await ask(put({ operations: [text] }))).toMatchObject({ resultCode: 0 })
    expect(await ask(put({ operations: [text] }))).toMatchObject({ resultCode: 0 })
    expect(await ask(put({ operations: [text] }))).toMatchObject({ resultCode: 13, generation: 2 })
  })

  it('without a digest works on the whole set, in the background', async () => {
    const ask = await start()
    await ask(put({ digest: digestOf(1) }))
    await ask(put({ digest: digestOf(2), key: utf8('\u0003bob') }))
    await ask(put({ digest: digestOf(3), set: 'others' }))
    const job = put({ digest: null, operations: [{ type: 5, bin: 'a', particleType: 1, value: int64(41) }] })
    expect(await ask(job)).toMatchObject({ resultCode: 0, info3: 1, generation: 0 })
    const values: unknown[] = []
    for (const partition of [1, 2]) {
      values.push((await ask({ ...READ_ALL, digest: digestOf(partition) })).operations[0]?.[3])
    }
    expect(values).toEqual([int64(42), int64(42)])
    expect((await ask({ ...READ_ALL, digest: digestOf(3), set: 'others' })).operations[0]?.[3]).toEqual(
      int64(1),
    )
    expect(await ask({ ...job, set: 'nobody' })).toMatchObject({ resultCode: 2 })
  })
})
