import { eventually, FakeClock, settled } from '@aero/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DevServer, type DevServerNode, startDevServer } from '../src/index.ts'
import {
  digestOf,
  frame,
  infoAnswers,
  infoRequest,
  int64,
  message,
  readReply,
  utf8,
} from './message-bytes.ts'
import { RawClient } from './raw-client.ts'

let server: DevServer
let node: DevServerNode
let client: RawClient
const clock = new FakeClock(1_700_000_000_000)

beforeEach(async () => {
  server = await startDevServer({ clock })
  node = server.node(0)
  client = await RawClient.open(node.port)
})
afterEach(async () => {
  client.close()
  await server.close()
})

const WRITE = message({ info2: 1, operations: [{ type: 5, bin: 'n', particleType: 1, value: int64(1) }] })
const READ = message({ info1: 3 })

async function stored(): Promise<Uint8Array | undefined> {
  const other = await RawClient.open(node.port)
  const reply = readReply(await other.ask(READ))
  other.close()
  return reply.operations[0]?.[3]
}

describe('answers that go wrong', () => {
  it('drop: the command is carried out and the connection closed', async () => {
    node.dropNext()
    client.send(WRITE)
    await client.closed()
    expect(client.unread).toHaveLength(0)
    expect(await stored()).toEqual(int64(1))
  })

  it('drop without carrying out, as often as asked', async () => {
    node.dropNext(2, { execute: false })
    client.send(WRITE)
    await client.closed()
    const second = await RawClient.open(node.port)
    second.send(WRITE)
    await second.closed()
    expect(await stored()).toBeUndefined()
  })

  it('drop: what was asked before is still answered, what comes behind is not', async () => {
    await client.ask(WRITE)
    node.dropNext(1, { on: 'info' })
    client.send(Buffer.concat([READ, infoRequest('build'), READ]))
    expect(readReply(await client.frame()).resultCode).toBe(0)
    await client.closed()
    expect(client.unread).toHaveLength(0)
  })

  it('cut: so many bytes and no more', async () => {
    node.cutAnswers(13)
    client.send(WRITE)
    await client.closed()
    expect(client.unread).toHaveLength(13)
  })

  it('garbage: something of another protocol', async () => {
    node.answerGarbage({ on: 'all' })
    client.send(infoRequest('build'))
    await client.closed()
    expect(Buffer.from(client.unread).toString()).toMatch(/^HTTP/)
  })

  it('a result code: not carried out, and only as often as asked', async () => {
    node.answerWith(18, { times: 2 })
    expect(infoAnswers(await client.ask(infoRequest('build'))).get('build')).toBe('8.1.2.0')
    expect(readReply(await client.ask(WRITE)).resultCode).toBe(18)
    expect(readReply(await client.ask(WRITE)).resultCode).toBe(18)
    expect(readReply(await client.ask(WRITE))).toMatchObject({ resultCode: 0, generation: 1 })
  })

  it('heal: all is well again', async () => {
    node.answerWith(18, { times: Number.POSITIVE_INFINITY })
    node.delay(1000)
    await node.heal()
    expect(readReply(await client.ask(WRITE)).resultCode).toBe(0)
  })
})

describe('delay', () => {
  it('holds answers back, in order, and carries out at once', async () => {
    node.delay(100)
    client.send(Buffer.concat([WRITE, infoRequest('node')]))
    await eventually(() => expect(server.countRecords('test')).toBe(1))
    expect(client.unread).toHaveLength(0)
    clock.advance(99)
    await settled()
    expect(client.unread).toHaveLength(0)
    clock.advance(1)
    expect(readReply(await client.frame()).resultCode).toBe(0)
    expect(infoAnswers(await client.frame()).get('node')).toBe('A1')
  })
})

describe('delay with a clock whose timers fire early', () => {
  it('still gives every answer', async () => {
    const early = {
      now: () => clock.now(),
      after: (ms: number, run: () => void) => clock.after(Math.max(1, ms - 1), run),
    }
    await using hasty = await startDevServer({ clock: early })
    hasty.node(0).delay(10)
    const other = await RawClient.open(hasty.node(0).port)
    other.send(WRITE)
    await eventually(() => expect(hasty.countRecords('test')).toBe(1))
    clock.advance(9)
    await settled()
    expect(other.unread).toHaveLength(0)
    clock.advance(1)
    expect(readReply(await other.frame()).resultCode).toBe(0)
    other.close()
  })
})

describe('silence', () => {
  it('pause: connections are made and nothing is answered, until resume', async () => {
    node.pause()
    client.send(WRITE)
    const late = await RawClient.open(node.port)
    late.send(infoRequest('node'))
    await settled()
    await settled()
    expect(server.countRecords('test')).toBe(0)
    expect(node.state).toBe('paused')
    node.resume()
    expect(readReply(await client.frame()).resultCode).toBe(0)
    expect(infoAnswers(await late.frame()).get('node')).toBe('A1')
    late.close()
  })

  it('hang after accept: new connections only', async () => {
    node.hangAfterAccept()
    const hung = await RawClient.open(node.port)
    hung.send(WRITE)
    expect(readReply(await client.ask(READ)).resultCode).toBe(2)
    expect(server.countRecords('test')).toBe(0)
    node.hangAfterAccept(false)
    const fine = await RawClient.open(node.port)
    expect(readReply(await fine.ask(WRITE)).resultCode).toBe(0)
    expect(hung.unread).toHaveLength(0)
    hung.close()
    fine.close()
  })

  it('refuse: no new connections, the old ones go on', async () => {
    await node.refuse()
    await expect(RawClient.open(node.port)).rejects.toThrow('ECONNREFUSED')
    expect(readReply(await client.ask(WRITE)).resultCode).toBe(0)
    await node.refuse(false)
    const again = await RawClient.open(node.port)
    again.close()
  })
})

describe('a connection', () => {
  it.each([
    ['another version', frame(3, [], 1)],
    ['another type', frame(9, [])],
    ['a length beyond the limit', new Uint8Array([2, 3, 0, 1, 0, 0, 0, 0])],
  ])('is closed without an answer after %s', async (_, bytes) => {
    client.send(bytes)
    await client.closed()
    expect(client.unread).toHaveLength(0)
  })

  it('answers what came before the nonsense', async () => {
    client.send(Buffer.concat([WRITE, frame(9, [])]))
    expect(readReply(await client.frame()).resultCode).toBe(0)
    await client.closed()
  })

  it('takes requests in any pieces', async () => {
    for (const byte of Buffer.concat([WRITE, READ])) {
      client.send(new Uint8Array([byte]))
      await settled()
    }
    expect(readReply(await client.frame()).resultCode).toBe(0)
    expect(readReply(await client.frame()).operations).toEqual([[1, 'n', 1, int64(1)]])
  })

  it('reads no further for a client that does not read', async () => {
    const big = { type: 2, bin: 's', particleType: 3, value: new Uint8Array(900_000).fill(97) }
    await client.ask(message({ info2: 1, digest: digestOf(9), operations: [big] }))
    const read = message({ info1: 3, digest: digestOf(9) })
    client.stopReading()
    const before = process.memoryUsage().external
    for (let index = 0; index < 500; index++) client.send(read)
    for (let turn = 0; turn < 200; turn++) await settled()
    // 500 answers would take 450 MB; what is in flight in the kernel's buffers is not ours.
    expect(process.memoryUsage().external - before).toBeLessThan(60_000_000)
    expect(readReply(await RawClient.open(node.port).then((other) => other.ask(READ))).resultCode).toBe(2)
  })
})

describe('what a Community server refuses', () => {
  it('security commands with 51, compressed frames with 25', async () => {
    expect([...(await client.ask(frame(2, [new Uint8Array(16)])))].slice(8, 10)).toEqual([0, 51])
    expect(readReply(await client.ask(frame(4, [utf8('anything')]))).resultCode).toBe(25)
  })
})
