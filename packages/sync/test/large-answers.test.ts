import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DevServer } from '@aero/devserver'
import { type Cluster, ClusterDefinition, DataSet, type Session } from '@aero/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { program, startDevServerThread } from './support/dev-server-thread.ts'

const MEGABYTE = 1024 * 1024

let server: DevServer
let cluster: Cluster
let session: Session

beforeAll(async () => {
  server = await startDevServerThread({ maxRecordBytes: 8 * MEGABYTE })
  cluster = new ClusterDefinition({ hosts: server.seeds }).connect({ worker: program('worker') })
  session = cluster.createSession()
})

afterAll(async () => {
  cluster.close()
  await server.close()
})

/** Bytes of which each record has its own. */
const bytesOf = (number: number): Buffer => Buffer.alloc(7 * MEGABYTE, `bytes of ${number}, `)

/** An equality of arrays would be looked at byte by byte. */
const isSame = (value: unknown, number: number): boolean => bytesOf(number).equals(value as Uint8Array)

describe('answers much larger than the shared memory', () => {
  const large = DataSet.of('test', 'sync-large')
  const keys = large.ids(Array.from({ length: 20 }, (_, number) => number))

  it('come whole: records of seven megabytes, and a batch of 140', () => {
    keys.forEach((key, number) => {
      session.put(key, { a: bytesOf(number) })
    })
    expect(isSame(session.get(large.id(7))?.bins['a'], 7)).toBe(true)
    const rows = session.query(keys).execute().toArray()
    expect(rows.map((row, number) => row.ok && isSame(row.record?.bins['a'], number))).toEqual(
      keys.map(() => true),
    )
  })

  it('are held up on the way while nobody takes them', async () => {
    const many = DataSet.of('test', 'sync-many')
    for (let first = 0; first < 2000; first += 100)
      session
        .upsert(many.ids(Array.from({ length: 100 }, (_, index) => first + index)))
        .put({ a: Buffer.alloc(70_000, 'some bytes') })
        .execute()
    const file = join(dirname(program('sync')), 'slow-reader.mjs')
    writeFileSync(file, SLOW_READER)
    const child = spawn(process.execPath, [file, server.seeds], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    expect(await once(child, 'close')).toEqual([0, null])
    const { most, count } = JSON.parse(output) as { most: number; count: number }
    expect(count).toBe(2000)
    expect(most).toBeLessThan(40 * MEGABYTE)
  })
})

/** Reads the 140 megabytes with long pauses, in which other calls turn its loop; tells how much memory it came to need. */
const SLOW_READER = `
import { Behavior, ClusterDefinition, DataSet } from './sync.mjs'
const cluster = new ClusterDefinition({ hosts: process.argv[2] }).connect({ worker: new URL('./worker.mjs', import.meta.url) })
const few = Behavior.DEFAULT.derive('few', { readsQuery: { recordQueueSize: 10 } })
const session = cluster.createSession(few)
const many = DataSet.of('test', 'sync-many')
for (let other = 0; other < 500; other++) session.getHeader(many.id(other))
const before = process.memoryUsage.rss()
let most = 0
let count = 0
for (const row of session.query(many)) {
  if (row.ok) count++
  if (count > 10) continue
  for (let other = 0; other < 500; other++) session.getHeader(many.id(other))
  most = Math.max(most, process.memoryUsage.rss() - before)
}
console.log(JSON.stringify({ most, count }))
`
