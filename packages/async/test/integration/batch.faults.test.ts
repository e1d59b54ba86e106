import type { Row } from '@aero/async'
import { eventually } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { FaultCluster, needsFaults } from '../support/fault-cluster.ts'

needsFaults()

const COUNT = 300

async function filled(world: FaultCluster) {
  const keys = world.dataSet.ids(Array.from({ length: COUNT }, (_, at) => at))
  await (await world.session.upsert(keys).put({ n: 1 }).execute({ onError: 'throw' })).close()
  return keys
}

const isComplete = (rows: readonly Row[]): boolean =>
  rows.length === COUNT && rows.every((row, at) => row.index === at)

describe('a batch while nodes come and go', () => {
  it('reads every row once though a node is lost, from the replicas', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const keys = await filled(world)
    const session = world.sessionWith({ all: { replica: 'SEQUENCE', maxRetries: 5, retryDelay: '10ms' } })
    const under = Array.from({ length: 20 }, async () => (await session.query(keys).execute()).toArray())
    await world.server.node(1).kill()
    for (const rows of await Promise.all([...under, (await session.query(keys).execute()).toArray()])) {
      expect(isComplete(rows)).toBe(true)
      expect(rows.every((row) => row.ok && row.record?.bins['n'] === 1)).toBe(true)
    }
  })

  it('writes every row when the partitions have moved to those that are left', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const keys = await filled(world)
    await world.server.node(2).kill()
    const session = world.sessionWith({ all: { maxRetries: 50, retryDelay: '20ms', totalTimeout: '5s' } })
    const rows = await (await session.upsert(keys).put({ n: 2 }).execute()).toArray()
    expect(isComplete(rows)).toBe(true)
    expect(rows.filter((row) => !row.ok)).toEqual([])
    await eventually(() => world.cluster.nodes().length === 2, { expecting: 'the lost node to be forgotten' })
    const read = await (await session.query(keys).execute()).toArray()
    expect(read.every((row) => row.ok && row.record?.bins['n'] === 2)).toBe(true)
  })

  it('fails the rows of a node that says nothing, and says which may have been written', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const keys = await filled(world)
    const silent = world.server.node(0)
    silent.pause()
    const session = world.sessionWith({
      all: { maxRetries: 0, totalTimeout: '300ms', socketTimeout: '300ms' },
    })
    const written = await (await session.upsert(keys).bin('n').add(1).execute()).toArray()
    const read = await (await session.query(keys).execute()).toArray()
    silent.resume()
    for (const rows of [written, read]) {
      expect(isComplete(rows)).toBe(true)
      for (const row of rows)
        expect([row.index, row.ok]).toEqual([row.index, world.ownerOf(row.key) !== silent])
    }
    expect(written.every((row) => row.ok || (row.code === 9 && row.inDoubt))).toBe(true)
    expect(read.every((row) => row.ok || (row.code === 9 && !row.inDoubt))).toBe(true)
  })

  it('asks one node after the other where that is wanted', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const keys = await filled(world)
    const session = world.sessionWith({ all: { maxConcurrentNodes: 1 } })
    expect(isComplete(await (await session.query(keys).execute()).toArray())).toBe(true)
  })
})
