import { RESULT_CODE } from '@aero/codec'
import { loadLua } from '@aero/lua'
import { eventually } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { FaultCluster, type FaultClusterOptions, needsFaults } from '../support/fault-cluster.ts'
import { failureOf } from '../support/test-cluster.ts'

needsFaults()

const COUNT = 900
/** So that much of an answer is still on the server while a test does something to its node: sockets alone take up to 12 MB on the way. */
const BYTES = 50_000
const SOURCE = `
function texts(stream)
  return stream : map(function(rec) return rec.text end)
end

function count(stream)
  return stream : map(function(rec) return 1 end) : reduce(function(a, b) return a + b end)
end
`

async function filled(bytes: number, options: FaultClusterOptions = { nodes: 3 }): Promise<FaultCluster> {
  const world = await FaultCluster.open(options)
  await (await world.session.registerUdf('faults.lua', SOURCE)).done()
  const text = 'x'.repeat(bytes)
  const keys = world.dataSet.ids(Array.from({ length: COUNT }, (_, at) => at))
  for (let at = 0; at < COUNT; at += 100) {
    const written = world.session.upsert(keys.slice(at, at + 100)).put({ text })
    await (await written.execute({ onError: 'throw' })).close()
  }
  return world
}

const add = (one: unknown, other: unknown): number => Number(one) + Number(other)
const counting = (world: FaultCluster) => world.session.query(world.dataSet).aggregate('faults', 'count')
const reading = (world: FaultCluster, socketTimeout = 0) =>
  world
    .sessionWith({ readsQuery: { recordQueueSize: 10, socketTimeout } })
    .query(world.dataSet)
    .aggregate('faults', 'texts')

/** What each node tells of the aggregation it has last been asked. */
async function states(world: FaultCluster): Promise<string[]> {
  const answers = await world.session.info().infoOnAllNodes('query-show')
  return [...answers.values()].map((answer) => /status=([^:]*)/.exec(answer)?.[1] ?? answer)
}

/** That no node is still at it: nothing of what an aggregation has begun is left. */
const expectNobodyAtIt = (world: FaultCluster) =>
  eventually(async () => (await states(world)).every((state) => !state.startsWith('active')), {
    expecting: 'no node to go on',
  })

/** Reads all, and does something when so many values have come. Returns how many came, and how it ended. */
async function walk(world: FaultCluster, at: number, what: () => unknown, options = {}) {
  let seen = 0
  const walked = (async () => {
    for await (const _ of await reading(world).partials(options)) {
      seen++
      if (seen === at) await what()
    }
  })()
  const error = await walked.catch((failure: unknown) => failure)
  return { seen, error }
}

const CHANGED = { code: RESULT_CODE.CLUSTER_KEY_MISMATCH, codeName: 'CLUSTER_KEY_MISMATCH', retryable: true }

describe('an aggregation while the cluster changes', () => {
  it('ends with a retryable error when a node joins, though every node has answered', async () => {
    await using world = await filled(BYTES)
    const { seen, error } = await walk(world, 10, () => world.server.addNode())
    expect(error).toMatchObject(CHANGED)
    expect((error as Error).message).toMatch(
      /aggregation faults.texts of test:faults: the cluster has changed meanwhile, records may be missing or counted twice /,
    )
    // Indeed: the new node has taken partitions which it was never asked for.
    expect(seen).toBeLessThan(COUNT)
    await eventually(() => world.nodeNames().length === 4, { expecting: 'the new node to be known' })
    expect(await counting(world).reduce(add)).toBe(COUNT)
  })

  it('gives what there is when it is told to', async () => {
    await using world = await filled(BYTES)
    const joined = await walk(world, 10, () => world.server.addNode(), { failOnClusterChange: false })
    expect(joined.error).toBeUndefined()
    expect(joined.seen).toBeLessThan(COUNT)
  })

  it('does not begin with a node left out which the client does not know yet', async () => {
    await using world = await filled(100, { nodes: 2, system: { tendInterval: '1h' } })
    await world.server.addNode()
    const failure = await failureOf(counting(world).reduce(add))
    expect(failure).toMatchObject(CHANGED)
    expect((failure as Error).message).toMatch(/is changing, nothing was begun \(node .* says 'cluster not/)
    expect(await states(world)).toEqual(['', ''])
    // It would be without the records of the third.
    const some = await counting(world).reduce(add, { failOnClusterChange: false })
    expect(Number(some)).toBeLessThan(COUNT)
  })

  it('does not begin while partitions move, nor is it believed when they have begun to', async () => {
    await using world = await filled(BYTES)
    const node = world.server.node(1)
    node.migrate(7)
    const lua = (await loadLua()).module('faults', SOURCE)
    for (const attempt of [() => counting(world).reduce(add), () => counting(world).finish(lua)]) {
      const failure = await failureOf(attempt())
      expect(failure).toMatchObject(CHANGED)
      expect((failure as Error).message).toContain(`node ${node.name} says 'unstable cluster'`)
    }
    expect(await counting(world).reduce(add, { failOnClusterChange: false })).toBe(COUNT)
    expect(await counting(world).finish(lua, { failOnClusterChange: false })).toEqual([COUNT])
    node.migrate(0)
    expect(await counting(world).finish(lua)).toEqual([COUNT])
    expect((await walk(world, 10, () => node.migrate(1))).error).toMatchObject(CHANGED)
  })

  it('ends when a node has left and come back meanwhile', async () => {
    await using world = await filled(BYTES)
    const node = world.server.node(2)
    const { error } = await walk(world, 10, () => {
      // Where nobody reads from it, its connection is as it was.
      node.setRack(1)
      node.setRack(0)
    })
    expect(error).toMatchObject(CHANGED)
  })

  it('ends when a node is lost in the middle of its answer, and leaves none at work', async () => {
    await using world = await filled(BYTES)
    const { error } = await walk(world, 10, () => world.server.node(1).kill())
    expect(error).toMatchObject({ code: RESULT_CODE.SERVER_NOT_AVAILABLE, name: 'ConnectionError' })
    await eventually(() => world.nodeNames().length === 2, { expecting: 'the node to be given up' })
    await expectNobodyAtIt(world)
    expect(await counting(world).reduce(add)).toBe(COUNT)
  })

  it('ends when a node is lost that has given all, since the others may have taken its partitions too', async () => {
    await using world = await filled(100)
    const { error } = await walk(world, 1, async () => {
      await expectNobodyAtIt(world)
      await world.server.node(1).kill()
      await eventually(() => world.nodeNames().length === 2, { expecting: 'the node to be given up' })
    })
    expect(error).toMatchObject(CHANGED)
  })
})

describe('an aggregation of a node that is silent', () => {
  it('ends when it stands still in the middle of its answer', async () => {
    await using world = await filled(BYTES)
    world.server.node(0).stallAnswers(200_000)
    const walked = (await reading(world, 100).partials()).toArray()
    expect(await failureOf(walked)).toMatchObject({ name: 'TimeoutError', retryable: true })
    await expectNobodyAtIt(world)
  })

  it('ends in time when it does not say whether the cluster is stable', async () => {
    await using world = await filled(100)
    const session = world.sessionWith({ readsQuery: { totalTimeout: '100ms' } })
    world.server.node(0).pause()
    const failure = await failureOf(session.query(world.dataSet).aggregate('faults', 'count').reduce(add))
    expect(failure).toMatchObject({ retryable: true })
    expect((failure as Error).message).toMatch(/whether the cluster is stable cannot be told: .* in time/)
    world.server.node(0).resume()
    // Without the total time a node has 5 s to answer.
  }, 4000)

  it('counts the time that servers take against the total time', async () => {
    await using world = await filled(100)
    world.server.node(0).stallAnswers(2000)
    const session = world.sessionWith({ readsQuery: { totalTimeout: '300ms', socketTimeout: 0 } })
    const walked = session.query(world.dataSet).aggregate('faults', 'count').reduce(add)
    expect(await failureOf(walked)).toMatchObject({ name: 'TimeoutError' })
    await expectNobodyAtIt(world)
  })
})

describe('an aggregation that is aborted', () => {
  it('ends on every node', async () => {
    await using world = await filled(BYTES)
    const aborter = new AbortController()
    const { error } = await walk(
      world,
      10,
      async () => {
        expect(await states(world)).toEqual(['active(ok)', 'active(ok)', 'active(ok)'])
        aborter.abort(new Error('enough'))
      },
      { signal: aborter.signal },
    )
    expect(error).toMatchObject({ name: 'AbortError', cause: { message: 'enough' } })
    await eventually(
      async () => (await states(world)).every((state) => state === 'done(abandoned-response-timeout)'),
      { expecting: 'no node to go on' },
    )
  })

  it('ends while the nodes are asked whether the cluster is stable', async () => {
    await using world = await filled(100)
    world.server.node(0).delay(60_000, { on: 'info' })
    const aborter = new AbortController()
    const attempt = failureOf(counting(world).reduce(add, { signal: aborter.signal }))
    aborter.abort(new Error('enough'))
    expect(await attempt).toMatchObject({ name: 'AbortError', cause: { message: 'enough' } })
  })
})
