import type { QueryCursor, Row } from '@aero/async'
import { eventually, seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { FaultCluster, needsFaults } from '../support/fault-cluster.ts'
import { failureOf } from '../support/test-cluster.ts'

needsFaults()

const COUNT = 900
/** So that much of an answer is still on the server while a test does something to its node: sockets alone take up to 12 MB on the way. */
const BYTES = 100_000

async function filled(world: FaultCluster, bytes = BYTES): Promise<void> {
  const text = 'x'.repeat(bytes)
  const keys = world.dataSet.ids(Array.from({ length: COUNT }, (_, at) => at))
  for (let at = 0; at < COUNT; at += 100) {
    const part = keys.slice(at, at + 100)
    const written = world.session.upsert(part).put({ text, n: at })
    await (await written.execute({ onError: 'throw' })).close()
  }
}

const patient = (world: FaultCluster) =>
  world.sessionWith({
    readsQuery: { recordQueueSize: 10, socketTimeout: '150ms', maxRetries: 10, retryDelay: '10ms' },
  })

/** What each node tells of the query it has last been asked: how many records it has given. */
async function given(world: FaultCluster): Promise<number[]> {
  const answers = await world.session.info().infoOnAllNodes('query-show')
  return [...answers.values()].map((answer) => Number(/recs-succeeded=(\d+)/.exec(answer)?.[1] ?? -1))
}

/** That every node has yet to give a good part of its third, so that losing it loses something. */
async function expectMuchToCome(world: FaultCluster): Promise<void> {
  expect(Math.max(...(await given(world)))).toBeLessThan(COUNT / 3 - 100)
}

function expectEachOnce(rows: readonly Row[]): void {
  expect(rows.length).toBe(COUNT)
  expect(new Set(rows.map((row) => row.key.digestHex)).size).toBe(COUNT)
}

/** Walks a query of everything, and does this and that when so many rows have come. */
async function walk(world: FaultCluster, events: ReadonlyMap<number, () => unknown>): Promise<Row[]> {
  const rows: Row[] = []
  for await (const row of await patient(world).query(world.dataSet).execute()) {
    rows.push(row)
    await events.get(rows.length)?.()
  }
  return rows
}

describe('a query gives every record once', () => {
  it('while a node leaves and comes back', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    await filled(world)
    const node = world.server.node(1)
    const rows = await walk(
      world,
      new Map([
        [10, () => expectMuchToCome(world)],
        [11, () => node.pause({ leaves: true })],
        [600, () => node.resume()],
      ]),
    )
    expectEachOnce(rows)
  })

  it('while a node dies and starts again, and then another', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    await filled(world)
    const [first, second] = [world.server.node(0), world.server.node(2)]
    const rows = await walk(
      world,
      new Map([
        [10, () => expectMuchToCome(world)],
        [11, () => first.kill()],
        [300, () => first.restart()],
        [400, () => second.kill()],
        [700, () => second.restart()],
      ]),
    )
    expectEachOnce(rows)
  })

  it('while nodes stall in the middle of answers, again and again', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    await filled(world)
    const stall = (node: number, byte: number) => () => world.server.node(node).stallAnswers(byte)
    stall(0, 70_000)()
    stall(1, 300_000)()
    stall(1, 5000)()
    stall(2, 0)()
    const rows = await walk(world, new Map([[400, stall(0, 100_000)]]))
    expectEachOnce(rows)
  })

  it('while connections end at any byte', async () => {
    const random = seededRandom()
    await using world = await FaultCluster.open({ nodes: 3 })
    await filled(world, 100)
    for (let left = 12; left > 0; left--)
      world.server.node(random.int(0, 2)).cutAnswers(random.int(0, 100_000))
    const rows = await walk(world, new Map())
    expect(rows.length, `AERO_SEED=${random.seed}`).toBe(COUNT)
    expectEachOnce(rows)
  })

  it('page by page, while another node is away at each page', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    await filled(world, 100)
    const rows: Row[] = []
    let cursor: QueryCursor | undefined
    for (let page = 0; ; page++) {
      const node = world.server.node(page % 3)
      await node.kill()
      const query = patient(world).query(world.dataSet).chunkSize(120)
      const stream = await (cursor === undefined ? query : query.resume(JSON.stringify(cursor))).execute()
      const found = await stream.toArray()
      cursor = stream.cursor()
      await node.restart()
      if (found.length === 0) break
      rows.push(...found)
    }
    expectEachOnce(rows)
  })

  it('by an index, while a node leaves and comes back', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    await filled(world)
    await (await world.session.index(world.dataSet).named('churn').onBin('n').integer().create()).done()
    const node = world.server.node(1)
    const rows: Row[] = []
    for await (const row of await patient(world).query(world.dataSet).where('$.n >= 0').execute()) {
      rows.push(row)
      if (rows.length === 10) await expectMuchToCome(world)
      if (rows.length === 11) node.pause({ leaves: true })
      if (rows.length === 600) node.resume()
    }
    expectEachOnce(rows)
  })
})

/** Waits until servers to whom nobody reads have stopped. Returns how many records each has given. */
async function whenStopped(world: FaultCluster): Promise<number[]> {
  let last: number[] = []
  let unchanged = 0
  await eventually(
    async () => {
      const now = await given(world)
      unchanged = now.join() === last.join() ? unchanged + 1 : 0
      last = now
      return unchanged > 20
    },
    { expecting: 'the servers to stop' },
  )
  return last
}

describe('a reader who is slow', () => {
  it('has the servers wait, and gets everything in the end', async () => {
    await using world = await FaultCluster.open({ nodes: 2 })
    // 50 MB, several times of what sockets hold.
    await filled(world, 60_000)
    const rows: Row[] = []
    const stream = await patient(world).query(world.dataSet).execute()
    for await (const row of stream) {
      rows.push(row)
      // Far from all of them, though nothing but the reader holds them up.
      if (rows.length === 1) expect(Math.max(...(await whenStopped(world)))).toBeLessThan(COUNT / 2 - 100)
    }
    expectEachOnce(rows)
  })

  it('has them wait also when there are fewer records than may wait, but large ones', async () => {
    await using world = await FaultCluster.open({ nodes: 1 })
    // 90 MB, of which 16 MiB may wait beside what the sockets hold; 5000 records are more than there are.
    await filled(world)
    const rows: Row[] = []
    for await (const row of await world.session.query(world.dataSet).execute()) {
      rows.push(row)
      if (rows.length === 1) expect(Math.max(...(await whenStopped(world)))).toBeLessThan(COUNT / 2)
    }
    expectEachOnce(rows)
  })
})

describe('an end that the caller wants', () => {
  async function states(world: FaultCluster): Promise<string[]> {
    const answers = await world.session.info().infoOnAllNodes('query-show')
    return [...answers.values()].map((answer) => /status=([^:]*)/.exec(answer)?.[1] ?? answer)
  }
  const areAbandoned = async (world: FaultCluster) =>
    (await states(world)).every((state) => state === 'done(abandoned-response-timeout)')

  it('by a signal reaches every node', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    await filled(world)
    const aborter = new AbortController()
    const walked = (async () => {
      for await (const _ of await patient(world).query(world.dataSet).execute({ signal: aborter.signal })) {
        expect(await states(world)).toEqual(['active(ok)', 'active(ok)', 'active(ok)'])
        aborter.abort()
      }
    })()
    expect(await failureOf(walked)).toMatchObject({ name: 'AbortError' })
    await eventually(() => areAbandoned(world), { expecting: 'no node to go on' })
  })

  it('by leaving the loop does, too', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    await filled(world)
    for await (const _ of await patient(world).query(world.dataSet).execute()) break
    await eventually(() => areAbandoned(world), { expecting: 'no node to go on' })
  })
})
