import { hex, loadVectors, toHex, vectorsFolder } from '@aero/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DevServer, startDevServer } from '../src/index.ts'
import { RawClient } from './raw-client.ts'
import { replay } from './replay.ts'
import { WAITING } from './waiting-vectors.ts'

/** Each is replayed on a server of its own. */
const GROUPS = [
  'keys',
  'values',
  'single',
  'errors',
  'info',
  'batch',
  'lists',
  'maps',
  'bitwise',
  'hll',
  'scan',
  'operate',
  'exp',
  'exp_lists',
  'exp_maps',
  'exp_bit',
  'exp_hll',
  'cdt_path',
  'udf',
  'sindex',
  'query',
  'background',
  'raw',
]
const vectors = vectorsFolder() ?? ''

/** The server as it was when the vectors were recorded: one node on port 3000, one namespace. */
function startAsRecorded(): Promise<DevServer> {
  return startDevServer({
    namespaces: ['test'],
    clusterName: 'single',
    replicationFactor: 1,
    accessPorts: [3000],
    workDirectory: '/opt/asd/run1',
  })
}

/** The recordings are not part of the repository. */
describe.skipIf(vectors === '')('the exchanges recorded from a real server (needs AERO_VECTORS)', () => {
  let server: DevServer
  beforeAll(async () => {
    server = await startAsRecorded()
  })
  afterAll(() => server.close())

  it('are answered alike, except those that wait', { timeout: 60_000 }, async () => {
    const { compared, differing } = await replayAll()
    const waiting = Object.values(WAITING).flat()
    expect(
      differing.filter((name) => !waiting.includes(name)),
      'answered otherwise than by the real server',
    ).toEqual([])
    expect(
      waiting.filter((name) => !differing.includes(name)),
      'answered alike by now: take them off the list',
    ).toEqual([])
    expect(compared).toBeGreaterThan(4000)
  })

  it('leave the record as they left it on the real server', { timeout: 60_000 }, async () => {
    const waiting = new Set(Object.values(WAITING).flat())
    const checked: string[] = []
    for (const vector of loadVectors('raw')) {
      const after = vector['recordAfter'] as readonly string[] | undefined
      const recorded = after?.[0]
      const isWaiting = waiting.has(`raw/${vector.name}`)
      if (vector.requestHex === undefined || recorded === undefined || isWaiting) continue
      const client = await RawClient.open(server.node(0).port)
      for (const { requestHex } of vector.setup ?? []) await client.ask(hex(requestHex))
      client.send(hex(vector.requestHex))
      for (const _ of vector.responseHex ?? []) await client.frame()
      client.close()
      const reader = await RawClient.open(server.node(0).port)
      const record = await reader.ask(readAll(hex(vector.setup?.at(-1)?.requestHex ?? vector.requestHex)))
      reader.close()
      expect(toHex(record), vector.name).toBe(recorded)
      checked.push(vector.name)
    }
    expect(checked.length).toBeGreaterThan(50)
  })
})

async function replayAll(): Promise<{ readonly compared: number; readonly differing: readonly string[] }> {
  const results = await Promise.all(
    GROUPS.map(async (group) => {
      await using server = await startAsRecorded()
      return await replay(loadVectors(group), server.node(0).port)
    }),
  )
  return {
    compared: results.reduce((sum, { compared }) => sum + compared, 0),
    differing: results.flatMap(({ differing }) => differing),
  }
}

/** A read of all bins of the record that a request is about: its namespace, set and digest, nothing else. */
function readAll(request: Uint8Array): Uint8Array {
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength)
  const fields: Uint8Array[] = []
  let position = 30
  for (let left = view.getUint16(26); left > 0 && position < request.length; left--) {
    const end = position + 4 + view.getUint32(position)
    if (view.getUint8(position + 4) === 0 || view.getUint8(position + 4) === 4)
      fields.push(request.slice(position, end))
    position = end
  }
  const header = new Uint8Array(30)
  header.set([2, 3])
  header.set([22, 3], 8)
  const body = Buffer.concat([header, ...fields])
  const target = new DataView(body.buffer, body.byteOffset, body.byteLength)
  target.setUint32(4, body.length - 8)
  target.setUint16(26, fields.length)
  return body
}
