import type { Row } from '@aero/async'
import { eventually } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { FaultCluster, needsFaults } from '../support/fault-cluster.ts'
import { failureOf } from '../support/test-cluster.ts'

needsFaults()

const COUNT = 3000

async function filled(world: FaultCluster, bytes: number): Promise<void> {
  const text = 'x'.repeat(bytes)
  const keys = world.dataSet.ids(Array.from({ length: COUNT }, (_, at) => at))
  for (let at = 0; at < COUNT; at += 1000)
    await (
      await world.session
        .upsert(keys.slice(at, at + 1000))
        .put({ text })
        .execute({ onError: 'throw' })
    ).close()
}

const isComplete = (rows: readonly Row[]): boolean =>
  rows.length === COUNT && new Set(rows.map((row) => row.key.digestHex)).size === COUNT

describe('a query while nodes come and go', () => {
  it('loses no record and repeats none when a node is lost half-way', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    await filled(world, 12_000)
    // Small, so that most of it is still on the servers when the node goes.
    const session = world.sessionWith({
      readsQuery: { recordQueueSize: 10, maxRetries: 5, retryDelay: '10ms' },
    })
    const rows: Row[] = []
    for await (const row of await session.query(world.dataSet).execute()) {
      rows.push(row)
      if (rows.length === 500) await world.server.node(1).kill()
    }
    expect(isComplete(rows)).toBe(true)
  })

  it('asks others when a node goes silent in the middle of its answer', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    await filled(world, 100)
    world.server.node(0).stallAnswers(5000)
    const session = world.sessionWith({ readsQuery: { socketTimeout: '100ms', maxRetries: 5 } })
    expect(isComplete(await (await session.query(world.dataSet).execute()).toArray())).toBe(true)
  })

  it('fails with the reason when a node stays silent and nothing may be repeated', async () => {
    await using world = await FaultCluster.open({ nodes: 1 })
    await filled(world, 100)
    world.server.node(0).stallAnswers(5000)
    const session = world.sessionWith({ readsQuery: { socketTimeout: '100ms', maxRetries: 0 } })
    const stream = await session.query(world.dataSet).execute()
    expect(await failureOf(stream.toArray())).toMatchObject({ name: 'TimeoutError', codeName: 'TIMEOUT' })
  })

  it('counts only the time that servers take, not the reader', async () => {
    await using world = await FaultCluster.open({ nodes: 1 })
    await filled(world, 1000)
    world.server.node(0).stallAnswers(1_000_000)
    const session = world.sessionWith({
      readsQuery: { totalTimeout: '500ms', socketTimeout: 0, maxRetries: 0 },
    })
    const rows: Row[] = []
    const walked = (async () => {
      for await (const row of await session.query(world.dataSet).execute()) rows.push(row)
    })()
    expect(await failureOf(walked)).toMatchObject({ name: 'TimeoutError' })
    expect(rows.length).toBeGreaterThan(100)
  })

  it('closes the connections of a loop that is left', async () => {
    await using world = await FaultCluster.open({ nodes: 2 })
    // More than what is fetched ahead, that which waits between threads included, so that no answer has ended when the loop is left.
    await filled(world, 12_000)
    const session = world.sessionWith({ readsQuery: { recordQueueSize: 10 } })
    const { connections } = world.cluster.stats()
    for await (const row of await session.query(world.dataSet).execute()) {
      expect(row.ok).toBe(true)
      break
    }
    await eventually(() => world.cluster.stats().connections <= connections - 2, {
      expecting: 'the connection to each node to be closed',
    })
  })

  it('fails for an unknown namespace', async () => {
    await using world = await FaultCluster.open({ nodes: 1 })
    const unknown = await world.session.query('nowhere', 'users').execute()
    expect(await failureOf(unknown.toArray())).toMatchObject({ name: 'InvalidNamespaceError' })
  })
})
