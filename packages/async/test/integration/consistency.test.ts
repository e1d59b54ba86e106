import { type Cluster, ClusterDefinition, DataSet } from '@aero/async'
import { Behavior } from '@aero/config'
import { type DevServer, startDevServer } from '@aero/devserver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../support/test-cluster.ts'

/*
 * Against a dev server of its own always: strong consistency is for the Enterprise Edition. There a delete has to be durable (22), which
 * everywhere else is refused (25), as linearized reads are: so each answer tells which mode the client took the namespace for.
 */

const available = DataSet.of('test', 'consistency')
const consistent = DataSet.of('bar', 'consistency')
let server: DevServer
let cluster: Cluster

beforeAll(async () => {
  server = await startDevServer({
    nodes: 3,
    replicationFactor: 3,
    racks: [1, 2, 3],
    strongConsistency: ['bar'],
  })
  cluster = await new ClusterDefinition({ hosts: server.seeds, environment: {} }).preferringRacks(2).connect()
})

afterAll(async () => {
  await cluster.close()
  await server.close()
})

it('tells which mode a namespace has', async () => {
  const session = cluster.createSession()
  expect(await session.isNamespaceSc('test')).toBe(false)
  expect(await session.isNamespaceSc('bar')).toBe(true)
  expect(await session.info().namespaceDetails('bar')).toMatchObject({ strongConsistency: true })
  expect(await failureOf(session.isNamespaceSc('nowhere'))).toMatchObject({
    code: 20,
    message: expect.stringContaining('no node has namespace nowhere'),
  })
})

describe('a session serves namespaces of both modes, each by its own settings', () => {
  it('in commands on one record', async () => {
    const session = cluster.createSession(Behavior.STRICTLY_CONSISTENT)
    for (const dataSet of [available, consistent]) {
      await session.put(dataSet.id(1), { n: 1 })
      expect((await session.get(dataSet.id(1)))?.bins).toEqual({ n: 1 })
      await session.delete(dataSet.id(1)).execute()
      expect(await session.get(dataSet.id(1))).toBe(undefined)
    }
  })

  it('in one batch, and in one segment of it', async () => {
    const session = cluster.createSession(Behavior.STRICTLY_CONSISTENT)
    const keys = [0, 1, 2, 3, 4, 5].map((id) => (id % 2 === 0 ? available : consistent).id(`batch-${id}`))
    for (const begun of [session.upsert(keys).put({ n: 1 }), session.query(keys), session.delete(keys)]) {
      const rows = await (await begun.execute()).toArray()
      expect(rows.map((row) => (row.ok ? 0 : row.code))).toEqual([0, 0, 0, 0, 0, 0])
    }
  })

  it('in queries and background work', async () => {
    const session = cluster.createSession(Behavior.STRICTLY_CONSISTENT)
    for (const dataSet of [available, consistent]) {
      await session.upsert(dataSet.ids('q1', 'q2')).put({ n: 1 }).execute()
      expect(await (await session.query(dataSet).execute()).toArray()).toHaveLength(2)
      const task = await session.backgroundTask().delete(dataSet).execute()
      await task.done()
      expect(await (await session.query(dataSet).execute()).toArray()).toEqual([])
    }
  })

  it('unless a call says otherwise, which servers then judge', async () => {
    const session = cluster.createSession()
    await session.put(available.id(3), { n: 1 })
    await session.put(consistent.id(3), { n: 1 })
    expect(await failureOf(session.delete(consistent.id(3)).withoutDurableDelete().execute())).toMatchObject({
      code: 22,
    })
    expect(await failureOf(session.delete(available.id(3)).withDurableDelete().execute())).toMatchObject({
      code: 25,
    })
  })
})

describe('reads that prefer a rack', () => {
  it('go to the master all the same, where a session has to see its own writes', async () => {
    const near = Behavior.DEFAULT.derive('near', { reads: { replica: 'PREFER_RACK' } })
    const session = cluster.createSession(near)
    const counts = async (dataSet: DataSet): Promise<number[]> => {
      const keys = Array.from({ length: 30 }, (_, index) => dataSet.id(`rack-${index}`))
      await Promise.all(keys.map((key) => session.put(key, { n: 1 })))
      const before = server.nodes.map((node) => node.commands)
      await Promise.all(keys.map((key) => session.get(key)))
      return server.nodes.map((node, index) => node.commands - (before[index] as number))
    }
    expect(await counts(available)).toEqual([0, 30, 0])
    expect((await counts(consistent)).every((count) => count > 0)).toBe(true)
  })
})
