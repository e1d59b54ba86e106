import { FakeClock } from '@aero/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DevServer, startDevServer } from '../src/index.ts'
import {
  digestOf,
  infoAnswers,
  infoRequest,
  int64,
  type Message,
  message,
  readReply,
  utf8,
} from './message-bytes.ts'
import { RawClient } from './raw-client.ts'

const WRITE = 1
const FIELD = { taskId: 7, recordsPerSecond: 10, function: [30, 31, 32, 33] } as const
const RECORDS = 6

describe('background jobs', () => {
  let server: DevServer
  let client: RawClient
  let clock: FakeClock
  beforeEach(async () => {
    clock = new FakeClock(1_700_000_000_000)
    server = await startDevServer({ nodes: 1, clock })
    client = await RawClient.open(server.node(0).port)
    for (let record = 0; record < RECORDS; record++)
      await client.ask(message({ ...put(1), digest: digestOf(3, record) }))
  })
  afterEach(async () => {
    client.close()
    await server.close()
  })

  async function info(name: string): Promise<string> {
    return infoAnswers(await client.ask(infoRequest(name))).get(name) ?? ''
  }

  async function start(id: number, recordsPerSecond: number, extra: Message = put(2)): Promise<number> {
    const rate = new Uint8Array(4)
    new DataView(rate.buffer).setUint32(0, recordsPerSecond)
    const fields: Message['fields'] = [
      [FIELD.taskId, int64(id)],
      [FIELD.recordsPerSecond, rate],
      ...(extra.fields ?? []),
    ]
    return readReply(await client.ask(message({ ...extra, digest: null, fields }))).resultCode
  }

  async function changed(): Promise<number> {
    let count = 0
    for (let record = 0; record < RECORDS; record++) {
      const reply = readReply(await client.ask(message({ info1: 3, digest: digestOf(3, record) })))
      if (reply.operations[0]?.[3][7] === 2) count++
    }
    return count
  }

  it('keep to the records per second they are given, and tell how far they are', async () => {
    await start(7, 2)
    expect(await changed()).toBe(1)
    expect(await info('query-show:id=7')).toMatch(
      /^trid=7:ns=test:set=people:rps=2:active-threads=1:status=active\(ok\):job-progress=0\.10:.*:recs-succeeded=1:/,
    )
    clock.advance(500)
    expect(await changed()).toBe(2)
    clock.advance(2500)
    expect(await changed()).toBe(RECORDS)
    expect(await info('query-show:id=7')).toMatch(
      /:status=done\(ok\):job-progress=100\.00:run-time=3000:.*:ops-active=0$/,
    )
  })

  it('end at once when they are aborted', async () => {
    await start(7, 2)
    expect(await info('query-abort:trid=7')).toBe('ok')
    clock.advance(5000)
    expect(await changed()).toBe(1)
    expect(await info('query-show:id=7')).toContain('status=done(user-aborted)')
    await start(8, 2)
    expect(await info('query-abort-all:')).toBe('number-of-queries-killed:1')
    clock.advance(500)
    expect(await info('query-abort-all:')).toBe('number-of-queries-killed:0')
  })

  it('are done with a few records by the time they are answered', async () => {
    await start(7, 0)
    expect(await changed()).toBe(RECORDS)
    expect(await info('query-show:id=7')).toContain('rps=10000:')
  })

  it('end with their node', async () => {
    await start(7, 2)
    await server.node(0).restart()
    clock.advance(5000)
    client = await RawClient.open(server.node(0).port)
    expect(await info('query-show')).toBe('')
  })

  it('go no faster than a server lets them', async () => {
    expect(await start(7, 10_001)).toBe(4)
  })

  it('call functions, and count those that failed', async () => {
    const source =
      'function f(rec) if record.digest(rec)[20] == 3 then error("x") end rec.n = 2; aerospike:update(rec) end'
    const content = Buffer.from(source).toString('base64')
    await info(`udf-put:filename=m.lua;content=${content};content-len=${content.length}`)
    const [module, name, parameters, operation] = FIELD.function
    const fields: Message['fields'] = [
      [module, utf8('m')],
      [name, utf8('f')],
      [parameters, new Uint8Array([0x90])],
      [operation, new Uint8Array([2])],
    ]
    await start(7, 0, { info2: WRITE, fields })
    expect(await changed()).toBe(RECORDS - 1)
    expect(await info('query-show:id=7')).toMatch(
      /recs-succeeded=5:recs-failed=1:job-type=background-udf:.*:udf-filename=m:udf-function=f:/,
    )
  })
})

describe('a background job in a cluster', () => {
  it('is done once for each record when every node is told', async () => {
    await using server = await startDevServer({ nodes: 3 })
    const clients = await Promise.all(server.ports.map((port) => RawClient.open(port)))
    for (let partition = 0; partition < 60; partition++)
      await clients[0]?.ask(message({ ...put(1), digest: digestOf(partition * 60) }))
    const add = { type: 5, bin: 'n', particleType: 1, value: int64(1) }
    for (const client of clients) await client.ask(message({ info2: WRITE, digest: null, operations: [add] }))
    for (let partition = 0; partition < 60; partition++) {
      const reply = await clients[0]?.ask(message({ info1: 3, digest: digestOf(partition * 60) }))
      expect(readReply(reply as Uint8Array).operations[0]?.[3]).toEqual(int64(2))
    }
    for (const client of clients) client.close()
  })
})

function put(value: number): Message {
  return { info2: WRITE, operations: [{ type: 2, bin: 'n', particleType: 1, value: int64(value) }] }
}
