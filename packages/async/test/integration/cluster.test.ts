import { ClusterDefinition, DataSet } from '@aero/async'
import { describe, expect, it } from 'vitest'
import { failureOf, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

describe('a cluster that is connected', () => {
  it('knows its nodes, each with a name of its own', () => {
    const nodes = context.cluster.nodes()
    expect(context.cluster.isConnected()).toBe(true)
    expect(nodes.length).toBeGreaterThan(0)
    expect(new Set(nodes.map((node) => node.name)).size).toBe(nodes.length)
    for (const node of nodes) {
      expect(node.port).toBeGreaterThan(0)
      expect(node.build).toMatch(/^\d+\.\d+\.\d+/)
    }
  })

  it('finds the whole cluster from any one of its nodes', async () => {
    const names = context.cluster
      .nodes()
      .map((node) => node.name)
      .sort()
    for (const { host, port } of context.cluster.nodes()) {
      await using other = await new ClusterDefinition(host, port).connect()
      expect(
        other
          .nodes()
          .map((node) => node.name)
          .sort(),
      ).toEqual(names)
    }
  })

  it('routes each key to a node: 300 records, written and read at once', async () => {
    const keys = Array.from({ length: 300 }, () => context.freshKey())
    await Promise.all(keys.map((key, index) => context.session.put(key, { index })))
    const records = await Promise.all(keys.map((key) => context.session.get(key)))
    expect(records.map((record) => record?.bins)).toEqual(keys.map((_, index) => ({ index })))
  })

  it('tells which node has a key', () => {
    const names = context.cluster.nodes().map((node) => node.name)
    const owners = Array.from(
      { length: 100 },
      (_, index) => context.cluster.nodeOf(context.dataSet.id(index))?.name,
    )
    for (const name of owners) expect(names).toContain(name)
    expect(new Set(owners).size).toBe(names.length)
    expect(context.cluster.nodeOf(DataSet.of('nowhere', null).id(1))).toBeUndefined()
  })

  it('counts what was done', async () => {
    const before = context.cluster.stats()
    await context.session.put(context.freshKey(), { a: 1 })
    const after = context.cluster.stats()
    expect(after.commands).toBeGreaterThan(before.commands)
    expect(after.nodes).toBe(context.cluster.nodes().length)
    expect(after.connections).toBeGreaterThan(0)
  })

  it.each([
    { settings: { pipelining: 'off' }, atMost: 100 },
    { settings: { pipelining: 'off', maxConnectionsPerNode: 2 }, atMost: 2 },
    { settings: { pipelining: 'auto', maxConnectionsPerNode: 1 }, atMost: 1 },
    { settings: { minConnectionsPerNode: 3, maxConnectionsPerNode: 5 }, atMost: 5 },
  ] as const)('serves 400 commands at once with $settings', async ({ settings, atMost }) => {
    const [node] = context.cluster.nodes()
    if (node === undefined) throw new Error('there is no node')
    await using cluster = await new ClusterDefinition(node.host, node.port)
      .withSystemSettings(settings)
      .connect()
    const session = cluster.createSession()
    const keys = Array.from({ length: 200 }, () => context.freshKey())
    await Promise.all(keys.map((key, index) => session.put(key, { index })))
    const records = await Promise.all([...keys, ...keys].map((key) => session.get(key)))
    expect(records.map((record) => record?.bins['index'])).toEqual([...keys.keys(), ...keys.keys()])
    expect(cluster.stats().connections).toBeLessThanOrEqual(atMost * cluster.nodes().length)
  })

  it('once closed refuses commands, at once and by name', async () => {
    const [node] = context.cluster.nodes()
    if (node === undefined) throw new Error('there is no node')
    const cluster = await new ClusterDefinition(node.host, node.port).connect()
    const session = cluster.createSession()
    const key = context.freshKey()
    await session.put(key, { a: 1 })
    await cluster.close()
    await cluster.close()
    expect(cluster.isConnected()).toBe(false)
    const error = await failureOf(session.get(key))
    expect(error).toMatchObject({ inDoubt: false })
    expect((error as { code: number }).code).toBeLessThan(0)
    expect(await failureOf(session.put(key, { a: 2 }))).toMatchObject({ inDoubt: false })
    expect((await context.session.get(key))?.bins).toEqual({ a: 1 })
  })

  it('commands under way when it is closed all end', async () => {
    const [node] = context.cluster.nodes()
    if (node === undefined) throw new Error('there is no node')
    const cluster = await new ClusterDefinition(node.host, node.port).connect()
    const session = cluster.createSession()
    const key = context.freshKey()
    await context.session.put(key, { a: 1 })
    const reads = Array.from({ length: 200 }, () => session.get(key))
    await cluster.close()
    const outcomes = await Promise.allSettled(reads)
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(outcome.value?.bins).toEqual({ a: 1 })
      else expect((outcome.reason as { code: number }).code).toBeLessThan(0)
    }
  })
})
