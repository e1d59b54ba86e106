import { type AerospikeError, type Cluster, ClusterDefinition, type Session } from '@aero/async'
import type { Key } from '@aero/codec'
import type { SystemSettings } from '@aero/config'
import type { DevServerNode } from '@aero/devserver'
import { eventually } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { FaultCluster, inErrors, needsFaults } from '../support/fault-cluster.ts'

needsFaults()

/** What became of a load. */
interface Tally {
  done: number
  readonly failures: AerospikeError[]
}

/** Runs `operation` on one key after the other, `width` at a time, until it is stopped. */
class Load {
  readonly tally: Tally = { done: 0, failures: [] }
  #isOn = true
  readonly #workers: Promise<void>[]

  constructor(keys: readonly Key[], width: number, operation: (key: Key) => Promise<unknown>) {
    const work = async (first: number): Promise<void> => {
      for (let next = first; this.#isOn; next += width) {
        try {
          await operation(keys[next % keys.length] as Key)
          this.tally.done++
        } catch (error) {
          this.tally.failures.push(error as AerospikeError)
        }
      }
    }
    this.#workers = Array.from({ length: width }, (_, index) => work(index))
  }

  /** Waits until so many more operations have succeeded. */
  async more(count: number): Promise<void> {
    const target = this.tally.done + count
    await eventually(() => this.tally.done >= target, {
      within: 10_000,
      expecting: `${count} more operations to succeed`,
    })
  }

  async stop(): Promise<Tally> {
    this.#isOn = false
    await Promise.all(this.#workers)
    return this.tally
  }
}

const KEYS = 200

async function fill(world: FaultCluster): Promise<Key[]> {
  const keys = Array.from({ length: KEYS }, (_, index) => world.dataSet.id(index))
  await Promise.all(keys.map((key, index) => world.session.put(key, { index })))
  return keys
}

const reading = (session: Session) => async (key: Key) => {
  const record = await session.get(key)
  expect(record?.bins).toEqual({ index: key.value })
}

describe('a node that dies under load', () => {
  it.each([0, 300])('reads go on without one failure, the others noticing after %i ms', async (settleMs) => {
    await using world = await FaultCluster.open({ nodes: 3, settleMs })
    const load = new Load(await fill(world), 32, reading(world.session))
    await load.more(500)
    await world.server.node(1).kill()
    await load.more(2000)
    await eventually(() => world.nodeNames().length === 2, { expecting: 'the client to drop the dead node' })
    await load.more(500)
    expect((await load.stop()).failures).toEqual([])
  })

  it('what has not left the client goes to another node, also where a repetition would do harm', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const keys = await fill(world)
    const open = world.cluster.stats().connections
    await world.server.node(1).kill()
    await eventually(() => world.cluster.stats().connections < open)
    // Nothing was in flight, so each attempt on the dead node ends before anything is sent.
    for (const key of keys) await world.session.upsert(key).bin('n').add(1).execute()
    for (const key of keys) expect((await world.session.get(key))?.bins['n']).toBe(1)
  })

  it('writes recover, and each that failed says whether it is in doubt', async () => {
    await using world = await FaultCluster.open({ nodes: 3, settleMs: 300 })
    const keys = await fill(world)
    const counts = new Map<Key, { done: number; doubtful: number }>(
      keys.map((key) => [key, { done: 0, doubtful: 0 }]),
    )
    const load = new Load(keys, 32, async (key) => {
      const count = counts.get(key) as { done: number; doubtful: number }
      try {
        await world.session.upsert(key).bin('n').add(1).execute()
        count.done++
      } catch (error) {
        if ((error as AerospikeError).inDoubt) count.doubtful++
        throw error
      }
    })
    await load.more(500)
    await world.server.node(1).kill()
    await eventually(() => world.nodeNames().length === 2)
    await eventually(async () => {
      await Promise.all(keys.map((key) => world.session.put(key, { probe: 1 })))
      return true
    })
    const failuresBefore = load.tally.failures.length
    await load.more(1000)
    const { failures } = await load.stop()
    expect(failures.length).toBe(failuresBefore)
    for (const failure of failures) expect(failure.code).toBeLessThan(0)
    // Applied at least as often as was said, at most as often as is doubtful besides.
    for (const [key, { done, doubtful }] of counts) {
      const n = ((await world.session.get(key))?.bins['n'] ?? 0) as number
      expect(n).toBeGreaterThanOrEqual(done)
      expect(n).toBeLessThanOrEqual(done + doubtful)
    }
  })

  it('comes back, on the same port or another, and is used again', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const keys = await fill(world)
    const load = new Load(keys, 8, reading(world.session))
    for (const port of [world.server.node(1).port, 0]) {
      await world.server.node(1).kill()
      await eventually(() => world.nodeNames().length === 2)
      await world.server.node(1).restart({ port })
      await eventually(() => world.nodeNames().length === 3)
      await load.more(200)
      expect(world.cluster.nodes().find((node) => node.name === 'A2')?.port).toBe(world.server.node(1).port)
    }
    expect((await load.stop()).failures).toEqual([])
  })

  it('when all are dead commands fail soon and say so; when they are back, all is well again', async () => {
    await using world = await FaultCluster.open({ nodes: 2 })
    const key = world.dataSet.id('reborn')
    await world.session.put(key, { a: 1 })
    await Promise.all(world.server.nodes.map((node) => node.kill()))
    const session = world.sessionWith({ all: { totalTimeout: 2000 } })
    const error = await session.get(key).then(
      () => undefined,
      (failure: AerospikeError) => failure,
    )
    expect(error?.code).toBeLessThan(0)
    expect(error?.message).toMatch(/A[12]|127\.0\.0\.1|no node/)
    for (const node of world.server.nodes) await node.restart()
    await eventually(async () => {
      await session.put(key, { a: 2 })
      return (await session.get(key))?.bins['a'] === 2
    })
    await eventually(() => world.nodeNames().length === 2)
  })
})

describe('a node that is paused', () => {
  it('reads of its records go to the replicas', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const keys = await fill(world)
    const session = world.sessionWith({ all: { socketTimeout: 100, totalTimeout: 3000 } })
    const load = new Load(keys, 32, reading(session))
    await load.more(200)
    world.server.node(1).pause()
    await load.more(500)
    world.server.node(1).resume()
    await load.more(200)
    expect((await load.stop()).failures).toEqual([])
    await eventually(() => world.nodeNames().length === 3)
  })

  it('the records of the others are not delayed by it', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const keys = (await fill(world)).filter((key) => world.ownerOf(key) !== world.server.node(1))
    world.server.node(1).pause()
    let slowest = 0
    for (let round = 0; round < 10; round++) {
      for (const key of keys) {
        const started = performance.now()
        await world.session.get(key)
        slowest = Math.max(slowest, performance.now() - started)
      }
    }
    // Far below every timeout: nothing waited for the node that is silent.
    expect(slowest).toBeLessThan(400)
    world.server.node(1).resume()
  })

  it('is dropped when the others have taken over, and taken back when it has joined again', async () => {
    await using world = await FaultCluster.open({ nodes: 3, system: { tendTimeout: '200ms' } })
    const keys = await fill(world)
    world.server.node(1).pause({ leaves: true })
    const session = world.sessionWith({ all: { socketTimeout: 200 } })
    await eventually(() => world.nodeNames().length === 2, { within: 10_000 })
    await Promise.all(keys.map((key) => session.put(key, { index: key.value as number })))
    world.server.node(1).resume()
    await eventually(() => world.nodeNames().length === 3, { within: 10_000 })
    const records = await Promise.all(keys.map((key) => session.get(key)))
    expect(records.map((record) => record?.bins)).toEqual(keys.map((key) => ({ index: key.value })))
  })
})

describe('a node that accepts and then says nothing', () => {
  it('delays neither connect() nor the records of the others', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const keys = await fill(world)
    world.server.node(2).hangAfterAccept()
    const started = performance.now()
    const other = await openAnother(world, { tendTimeout: '4s' })
    try {
      // A quarter of that is spent on it: others have copies of all that it has.
      expect(performance.now() - started).toBeLessThan(3500)
      const session = other.createSession()
      const mine = keys.filter((key) => world.ownerOf(key) !== world.server.node(2))
      let slowest = 0
      for (const key of mine) {
        const begun = performance.now()
        expect((await session.get(key))?.bins).toEqual({ index: key.value })
        slowest = Math.max(slowest, performance.now() - begun)
      }
      expect(slowest).toBeLessThan(400)
      world.server.node(2).hangAfterAccept(false)
      await eventually(() => other.nodes().length === 3, {
        within: 10_000,
        expecting: 'the mute node to be taken in',
      })
    } finally {
      await other.close()
    }
  })

  it('as it joins, is not waited for', async () => {
    await using world = await FaultCluster.open({ nodes: 2 })
    const keys = await fill(world)
    const load = new Load(keys, 8, reading(world.sessionWith({ all: { socketTimeout: 200 } })))
    const joining = await world.server.addNode()
    joining.hangAfterAccept()
    await load.more(500)
    joining.hangAfterAccept(false)
    await eventually(() => world.nodeNames().length === 3, { within: 10_000 })
    await load.more(200)
    expect((await load.stop()).failures).toEqual([])
  })
})

function openAnother(world: FaultCluster, system: SystemSettings = {}): Promise<Cluster> {
  return new ClusterDefinition({ hosts: world.server.seeds })
    .withSystemSettings({ tendInterval: '50ms', ...system })
    .connect()
}

describe('a node that refuses new connections', () => {
  it('goes on serving those that are open', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const keys = await fill(world)
    const load = new Load(keys, 64, reading(world.session))
    await load.more(200)
    await world.server.node(0).refuse()
    await load.more(1000)
    await world.server.node(0).heal()
    await load.more(200)
    expect((await load.stop()).failures).toEqual([])
  })
})

describe('info answers that go wrong', () => {
  const FAULTS: readonly { name: string; apply: (node: DevServerNode) => void }[] = [
    { name: 'dropped', apply: (node) => node.dropNext(3, { on: 'info' }) },
    { name: 'cut in the header', apply: (node) => node.cutAnswers(3, { on: 'info', times: 3 }) },
    { name: 'cut behind the header', apply: (node) => node.cutAnswers(8, { on: 'info', times: 3 }) },
    { name: 'cut in the text', apply: (node) => node.cutAnswers(30, { on: 'info', times: 3 }) },
    { name: 'garbage', apply: (node) => node.answerGarbage({ on: 'info', times: 3 }) },
  ]

  it.each(FAULTS)(
    '$name: commands do not notice, and joining nodes are found all the same',
    async ({ apply }) => {
      await using world = await FaultCluster.open({ nodes: 2 })
      const load = new Load(await fill(world), 8, reading(world.session))
      for (const node of world.server.nodes) apply(node)
      await world.server.addNode()
      await load.more(300)
      await eventually(() => world.nodeNames().length === 3, { within: 10_000 })
      await load.more(100)
      expect((await load.stop()).failures).toEqual([])
    },
  )
})

describe('a node with too many errors', () => {
  it('is left in peace until the window has passed, and then used again', async () => {
    await using world = await FaultCluster.open({
      system: { maxErrorRate: 5, errorRateWindow: 1, tendInterval: '300ms' },
    })
    const [node, key] = [world.server.node(0), world.dataSet.id('troubled')]
    await world.session.put(key, { a: 1 })
    node.delay(60_000)
    const hasty = world.sessionWith({ socketTimeout: 20, totalTimeout: 20, maxRetries: 0 })
    const codes = new Set<number>()
    await eventually(async () => {
      await hasty.get(key).catch((error: AerospikeError) => codes.add(error.code))
      return codes.has(-12)
    })
    expect([...codes].sort()).toEqual([-12, 9])
    node.delay(0)
    await eventually(async () => (await hasty.get(key)) !== undefined, { within: 10_000 })
  })
})

describe('connecting to a cluster that is not whole', () => {
  it('finds the nodes that are there, and the others when they come', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    await world.server.node(0).kill()
    await using other = await openAnother(world)
    expect(
      other
        .nodes()
        .map((node) => node.name)
        .sort(),
    ).toEqual(['A2', 'A3'])
    await world.server.node(0).restart()
    await eventually(() => other.nodes().length === 3)
  })
})

describe('nodes that come and go', () => {
  it('are followed: from one seed to five nodes and down to two', async () => {
    await using world = await FaultCluster.open({ nodes: 1 })
    const keys = await fill(world)
    const load = new Load(keys, 16, reading(world.session))
    for (const names of [
      ['A1', 'A2'],
      ['A1', 'A2', 'A3'],
      ['A1', 'A2', 'A3', 'A4'],
      ['A1', 'A2', 'A3', 'A4', 'A5'],
    ]) {
      await world.server.addNode()
      await eventually(() => world.nodeNames().join() === names.join(), { expecting: names.join() })
      await load.more(200)
    }
    for (const [index, names] of [
      [0, ['A2', 'A3', 'A4', 'A5']],
      [4, ['A2', 'A3', 'A4']],
      [2, ['A2', 'A4']],
    ] as const) {
      await world.server.node(index).kill()
      await eventually(() => world.nodeNames().join() === names.join(), { expecting: names.join() })
      await load.more(200)
    }
    expect((await load.stop()).failures).toEqual([])
  })

  it('each key is asked of its new master once the partitions have moved', async () => {
    await using world = await FaultCluster.open({ nodes: 2 })
    await world.server.addNode()
    await eventually(() => world.nodeNames().length === 3)
    const key = world.keyOn(world.server.node(2))
    await eventually(() => world.cluster.nodeOf(key)?.name === 'A3')
    await eventually(async () => {
      world.server.node(2).answerWith(4)
      const error = await world.session.get(key).then(
        () => undefined,
        (failure: AerospikeError) => failure,
      )
      return error?.node === inErrors(world.server.node(2))
    })
  })
})
