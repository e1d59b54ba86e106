import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DevServer, startDevServer } from '../src/index.ts'
import { digestOf, infoAnswers, infoRequest, type Message, message } from './message-bytes.ts'
import { RawClient } from './raw-client.ts'

const WRITE = 1
const READ = 1
const INTEGER = 1
const SET_OPERATION = 2
const LAST = 1
const PARTITION_DONE = 4
const FIELD = { taskId: 7, partitionIds: 11, digests: 12, maxRecords: 13 } as const
const PARTITION_COUNT = 4096
const UNAVAILABLE = 11

/** One message of a scan's answer. */
interface Row {
  readonly info3: number
  readonly resultCode: number
  readonly generation: number
  readonly digest: string | undefined
}

describe('a scan', () => {
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

  async function put(digest: Uint8Array, bytes = 8): Promise<void> {
    const value = new Uint8Array(bytes)
    const particleType = bytes === 8 ? INTEGER : 4
    await client.ask(
      message({ info2: WRITE, digest, operations: [{ type: SET_OPERATION, bin: 'n', particleType, value }] }),
    )
  }

  it('gives every record once, partitions in their order, digests within them descending', async () => {
    for (const partition of [7, 3]) for (const record of [1, 9, 4]) await put(digestOf(partition, record))
    const rows = await scan(client, { fields: [[FIELD.partitionIds, partitionIds(0, PARTITION_COUNT)]] })
    const expected = [3, 7].flatMap((partition) =>
      [9, 4, 1].map((record) => name(digestOf(partition, record))),
    )
    expect(rows.slice(0, -1).map((row) => row.digest)).toEqual(expected)
    expect(rows.at(-1)).toMatchObject({ info3: LAST, resultCode: 0 })
  })

  it('goes on behind the record it is given, and stops after so many', async () => {
    for (const record of [1, 2, 3, 4, 5]) await put(digestOf(3, record))
    const rows = await scan(client, {
      fields: [
        [FIELD.digests, digestOf(3, 4)],
        [FIELD.maxRecords, new Uint8Array([0, 0, 0, 0, 0, 0, 0, 2])],
      ],
    })
    expect(rows.slice(0, -1).map((row) => row.digest)).toEqual([name(digestOf(3, 3)), name(digestOf(3, 2))])
  })

  it('waits for a client that does not read, and then goes on to the end', async () => {
    for (let record = 0; record < 200; record++) await put(digestOf(3, record), 100_000)
    const reader = await RawClient.open(server.node(0).port)
    reader.stopReading()
    reader.send(
      scanRequest({
        fields: [
          [FIELD.taskId, taskId(5)],
          [FIELD.partitionIds, partitionIds(3, 1)],
        ],
      }),
    )
    const shown = async () =>
      infoAnswers(await client.ask(infoRequest('query-show:id=5'))).get('query-show:id=5')
    let job = await shown()
    while (!/status=active/.test(job ?? '')) job = await shown()
    // 20 MB are more than the sockets between the two take: the job cannot have ended.
    expect(await shown()).toContain('status=active')
    expect(infoAnswers(await client.ask(infoRequest('query-abort:id=5'))).get('query-abort:id=5')).toBe('ok')
    reader.resumeReading()
    const rows = await rowsOf(reader)
    expect(rows.at(-1)).toMatchObject({ info3: LAST, resultCode: 210 })
    expect(rows.length).toBeLessThan(200)
    expect(await shown()).toContain('status=done(user-aborted)')
    reader.close()
  })

  it('ends when nobody is there any more to read it, also where it stalls', async () => {
    for (let record = 0; record < 20; record++) await put(digestOf(3, record), 100_000)
    const request = (id: number) =>
      scanRequest({
        fields: [
          [FIELD.taskId, taskId(id)],
          [FIELD.partitionIds, partitionIds(3, 1)],
        ],
      })
    const shown = async (id: number) =>
      infoAnswers(await client.ask(infoRequest(`query-show:id=${id}`))).get(`query-show:id=${id}`) ?? ''
    server.node(0).stallAnswers(150_000)
    const reader = await RawClient.open(server.node(0).port)
    reader.send(request(11))
    while (reader.unread.length < 150_000) await shown(11)
    expect(await shown(11)).toMatch(/status=active\(ok\).*recs-succeeded=[23]:/)
    reader.close()
    while ((await shown(11)).includes('active(ok)'));
    expect(await shown(11)).toContain('status=done(abandoned-response-timeout):job-progress=100.00')
  })

  it('refuses the number of a job that it remembers', async () => {
    const request: Message = {
      fields: [
        [FIELD.taskId, taskId(9)],
        [FIELD.partitionIds, partitionIds(3, 1)],
      ],
    }
    expect((await scan(client, request)).at(-1)).toMatchObject({ info3: LAST, resultCode: 0 })
    expect(await scan(client, request)).toEqual([
      { info3: 0, resultCode: 4, generation: 0, digest: undefined },
    ])
  })

  it('says which partitions are not here', async () => {
    await server.addNode()
    await server.addNode()
    const rows = await scan(client, { fields: [[FIELD.partitionIds, partitionIds(0, PARTITION_COUNT)]] })
    const missing = rows.filter((row) => row.info3 === PARTITION_DONE)
    const elsewhere = Array.from({ length: PARTITION_COUNT }, (_, partition) => partition).filter(
      (partition) =>
        server.ownerOf(partition, 0) !== server.node(0) && server.ownerOf(partition, 1) !== server.node(0),
    )
    expect(missing.map((row) => row.generation)).toEqual(elsewhere)
    expect(new Set(missing.map((row) => row.resultCode))).toEqual(new Set([UNAVAILABLE]))
  })

  it('can be made to stall in the middle', async () => {
    for (const record of [1, 2, 3]) await put(digestOf(3, record))
    server.node(0).stallAnswers(20)
    client.send(scanRequest({ fields: [[FIELD.partitionIds, partitionIds(3, 1)]] }))
    const other = await RawClient.open(server.node(0).port)
    // Another connection is answered: the node is well, this answer just never ends.
    while (client.unread.length < 20) await other.ask(infoRequest('node'))
    await other.ask(infoRequest('node'))
    expect(client.unread).toHaveLength(20)
    expect(client.isClosed).toBe(false)
    other.close()
  })

  it('finds nothing of a set that was truncated', async () => {
    await put(digestOf(3, 1))
    const answer = await client.ask(infoRequest('truncate:namespace=test;set=people'))
    expect([...infoAnswers(answer).values()]).toEqual(['ok'])
    const rows = await scan(client, { fields: [[FIELD.partitionIds, partitionIds(3, 1)]] })
    expect(rows).toHaveLength(1)
  })
})

function scanRequest(request: Message): Uint8Array {
  return message({ info1: READ | 2, info3: PARTITION_DONE, digest: null, ...request })
}

function scan(client: RawClient, request: Message): Promise<Row[]> {
  client.send(scanRequest(request))
  return rowsOf(client)
}

/** All messages of an answer: up to the last, or an error. */
async function rowsOf(client: RawClient): Promise<Row[]> {
  const rows: Row[] = []
  for (;;) {
    rows.push(...readRows(await client.frame()))
    const last = rows.at(-1)
    if (last === undefined || last.info3 === LAST) return rows
    if (last.resultCode !== 0 && last.info3 === 0) return rows
  }
}

function readRows(frame: Uint8Array): Row[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const rows: Row[] = []
  let position = 8
  while (position < frame.length) {
    const header = position
    let digest: string | undefined
    position += 22
    for (let left = view.getUint16(header + 18); left > 0; left--) {
      const end = position + 4 + view.getUint32(position)
      if (view.getUint8(position + 4) === 4) digest = name(frame.subarray(position + 5, end))
      position = end
    }
    for (let left = view.getUint16(header + 20); left > 0; left--) position += 4 + view.getUint32(position)
    rows.push({
      info3: view.getUint8(header + 3),
      resultCode: view.getUint8(header + 5),
      generation: view.getUint32(header + 6),
      digest,
    })
  }
  return rows
}

function partitionIds(first: number, count: number): Uint8Array {
  const bytes = Buffer.alloc(count * 2)
  for (let index = 0; index < count; index++) bytes.writeUInt16LE(first + index, 2 * index)
  return bytes
}

function taskId(id: number): Uint8Array {
  return new Uint8Array([0, 0, 0, 0, 0, 0, 0, id])
}

function name(digest: Uint8Array): string {
  return Buffer.from(digest).toString('hex')
}
