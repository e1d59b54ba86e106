import { createServer } from 'node:net'
import {
  type AerospikeError,
  type Cluster,
  ClusterDefinition,
  type ClusterEvents,
  DataSet,
} from '@aero/async'
import { partitionIdOf } from '@aero/codec'
import { Behavior } from '@aero/config'
import { type DevServer, startDevServer } from '@aero/devserver'
import { eventually } from '@aero/testkit'
import { Balancer } from '@aero/testkit/balancer'
import { CertificateAuthority } from '@aero/testkit/certificates'
import { describe, expect, it } from 'vitest'
import { FaultCluster, needsFaults } from '../support/fault-cluster.ts'
import { failureOf } from '../support/test-cluster.ts'

needsFaults()

const records = DataSet.of('test', 'following')
const KEYS = Array.from({ length: 60 }, (_, index) => records.id(index))
const EVENTS: readonly (keyof ClusterEvents)[] = [
  'node-added',
  'node-removed',
  'node-suspended',
  'node-resumed',
  'node-restarted',
  'partitions-changed',
  'disconnected',
  'warning',
]

function define(seeds: string): ClusterDefinition {
  return new ClusterDefinition({ hosts: seeds, environment: {} }).withSystemSettings({ tendInterval: '50ms' })
}

/** Everything a cluster tells, one word a line. */
function listen(cluster: Cluster): string[] {
  const heard: string[] = []
  for (const event of EVENTS) {
    cluster.on(event, (told) => {
      const node = 'node' in told ? ` ${told.node.name}` : ''
      heard.push(`${event}${node}${'reason' in told ? ` ${told.reason}` : ''}`)
    })
  }
  return heard
}

const removalsOf = (heard: readonly string[], name: string): string[] =>
  heard.filter((line) => line.startsWith(`node-removed ${name}`))

/** How many commands each node has taken while `work` was done. */
async function commandsOf(server: DevServer, work: () => Promise<unknown>): Promise<number[]> {
  const before = server.nodes.map((node) => node.commands)
  await work()
  return server.nodes.map((node, index) => node.commands - (before[index] as number))
}

describe('racks', () => {
  it('are read from in order of preference, with what falls back, and followed when they change', async () => {
    await using server = await startDevServer({ nodes: 3, replicationFactor: 3, racks: [1, 2, 3] })
    await using cluster = await define(server.seeds).preferringRacks(2, 1).connect()
    const session = cluster.createSession(Behavior.DEFAULT.derive('near', { replica: 'PREFER_RACK' }))
    const write = (): Promise<unknown> => Promise.all(KEYS.map((key) => session.put(key, { n: 1 })))
    const read = (): Promise<unknown> => Promise.all(KEYS.map((key) => session.get(key)))
    // Writes go to the masters, which are everywhere.
    expect((await commandsOf(server, write)).every((count) => count > 0)).toBe(true)
    expect(await commandsOf(server, read)).toEqual([0, KEYS.length, 0])
    server.node(1).setRack(9)
    await eventually(async () => (await commandsOf(server, read))[1] === 0)
    expect(await commandsOf(server, read)).toEqual([KEYS.length, 0, 0])
    server.node(2).setRack(2)
    await eventually(async () => (await commandsOf(server, read))[2] === KEYS.length)
    await server.node(2).kill()
    await eventually(() => cluster.nodes().length === 2)
    expect(await commandsOf(server, read)).toEqual([KEYS.length, 0, 0])
    await server.node(0).kill()
    await eventually(() => cluster.nodes().length === 1)
    // No preferred rack is left.
    expect(await commandsOf(server, read)).toEqual([0, KEYS.length, 0])
  })

  it('do not matter to other behaviors', async () => {
    await using server = await startDevServer({ nodes: 3, replicationFactor: 3, racks: [1, 2, 3] })
    await using cluster = await define(server.seeds).preferringRacks(2).connect()
    const session = cluster.createSession()
    await Promise.all(KEYS.map((key) => session.put(key, { n: 1 })))
    const counts = await commandsOf(server, () => Promise.all(KEYS.map((key) => session.get(key))))
    expect(counts.every((count) => count > 0)).toBe(true)
  })
})

describe('alternate addresses', () => {
  it('lead to the nodes whose own addresses lead nowhere', async () => {
    // Nobody listens on the port that the nodes publish as theirs.
    await using server = await startDevServer({
      nodes: 3,
      alternateHost: '127.0.0.1',
      accessPorts: [1, 1, 1],
    })
    for (const node of server.nodes) node.publish({ alternate: `127.0.0.1:${node.port}` })
    const [first] = server.nodes
    const seed = `127.0.0.1:${first?.port}`
    await using cluster = await define(seed).usingServicesAlternate().connect()
    await eventually(() => cluster.nodes().length === 3)
    await Promise.all(KEYS.map((key) => cluster.createSession().put(key, { n: 1 })))
    // Another one, and the first learns of it.
    const joined = await server.addNode()
    joined.publish({ alternate: `localhost:${joined.port}` })
    await eventually(() => cluster.nodes().length === 4)
    await using direct = await define(seed).connect()
    expect(direct.nodes().length).toBeLessThan(4)
  })
})

/** Whether this machine has IPv6 at all; containers may have none. */
const hasIpv6 = await new Promise<boolean>((resolve) => {
  const probe = createServer()
  probe.once('error', () => resolve(false))
  probe.listen(0, '::1', () => probe.close(() => resolve(true)))
})

describe.skipIf(!hasIpv6)('addresses of IPv6', () => {
  it('are connected to, followed and told like any other', async () => {
    await using server = await startDevServer({ nodes: 2, host: '::1' })
    expect(server.seeds).toMatch(/^\[::1\]:\d+,\[::1\]:\d+$/)
    await using cluster = await define(server.seeds.split(',')[0] as string).connect()
    expect(cluster.nodes().map(({ host }) => host)).toEqual(['::1', '::1'])
    await server.node(1).restart({ port: 0 })
    await eventually(() => cluster.nodes().some(({ port }) => port === server.node(1).port))
    const session = cluster.createSession()
    await Promise.all(KEYS.map((key) => session.put(key, { n: 1 })))
    server.node(1).answerWith(4)
    const key = KEYS.find((each) => cluster.nodeOf(each)?.name === 'A2') as (typeof KEYS)[number]
    const { message } = (await failureOf(session.get(key))) as Error
    expect(message).toContain(`[::1]:${server.node(1).port}`)
  })
})

describe('a rolling restart', () => {
  it.each([
    ['plain', false],
    ['through TLS, with logins', true],
  ])('to new addresses is followed without a failed command: %s', async (_how, isSecure) => {
    const authority = await CertificateAuthority.create('authority')
    const { cert, key } = await authority.issue({ name: 'db', dns: ['db.example'] })
    await using server = await startDevServer({
      nodes: 3,
      ...(isSecure && {
        tls: { cert, key, tlsName: 'db.example' },
        security: { users: { ann: { password: 'pw', roles: ['read-write'] } } },
      }),
    })
    const definition = isSecure
      ? define(server.tlsSeeds).withTls({ ca: authority.cert }).withNativeCredentials('ann', 'pw')
      : define(server.seeds)
    await using cluster = await definition.connect()
    const heard = listen(cluster)
    const session = cluster.createSession()
    const failures: AerospikeError[] = []
    let isOn = true
    let done = 0
    const work = async (first: number): Promise<void> => {
      for (let next = first; isOn; next += 8) {
        const record = KEYS[next % KEYS.length] as (typeof KEYS)[number]
        try {
          await session.put(record, { next })
          // Only this worker writes this record.
          expect((await session.get(record))?.bins['next']).toBe(next)
          done++
        } catch (error) {
          failures.push(error as AerospikeError)
        }
      }
    }
    const load = Array.from({ length: 4 }, (_, index) => work(index))
    await server.restartAll(async (node) => {
      const port = isSecure ? node.tlsPort : node.port
      await eventually(() => cluster.nodes().some((each) => each.name === node.name && each.port === port))
      const before = done
      await eventually(() => done > before + 20)
    })
    isOn = false
    await Promise.all(load)
    expect(failures.map(({ message }) => message)).toEqual([])
    expect(cluster.nodes()).toHaveLength(3)
    // A blocking cluster hears of a node after its table shows it.
    await eventually(() =>
      server.nodes.every(
        ({ name }) => heard.includes(`node-added ${name}`) && removalsOf(heard, name).length > 0,
      ),
    )
    for (const { name } of server.nodes) expect(removalsOf(heard, name)).toHaveLength(1)
    expect(heard).toContain('partitions-changed')
    expect(heard).not.toContain('disconnected')
  })

  it('of all nodes at once is followed through the address that stays, without a restart of the client', async () => {
    await using server = await startDevServer({ nodes: 3 })
    await using balancer = await Balancer.before(server.node(0))
    await using cluster = await define(balancer.seed).connect()
    await eventually(() => cluster.nodes().length === 3)
    const heard = listen(cluster)
    const session = cluster.createSession(Behavior.DEFAULT.derive('short', { totalTimeout: 500 }))
    await session.put(records.id('before'), { n: 1 })
    const before = server.ports
    await Promise.all(server.nodes.map((node) => node.restart({ port: 0 })))
    balancer.turnTo(server.node(2))
    const stale = new Set(before)
    await eventually(
      () => cluster.nodes().length === 3 && cluster.nodes().every(({ port }) => !stale.has(port)),
      { within: 10_000 },
    )
    await Promise.all(KEYS.map((key) => session.put(key, { n: 2 })))
    await eventually(() => heard.includes('partitions-changed'))
    await eventually(() => server.nodes.slice(1).every(({ name }) => removalsOf(heard, name).length > 0))
  })
})

describe('a cluster that is split', () => {
  /** Reads and writes while `during` lasts; the errors that came of it. */
  async function underLoad(
    cluster: Cluster,
    during: (done: () => number) => Promise<void>,
  ): Promise<AerospikeError[]> {
    const session = cluster.createSession()
    const failures: AerospikeError[] = []
    let isOn = true
    let done = 0
    const work = async (first: number): Promise<void> => {
      for (let next = first; isOn; next += 8) {
        const record = KEYS[next % KEYS.length] as (typeof KEYS)[number]
        try {
          await session.put(record, { next })
          expect((await session.get(record))?.bins['next']).toBe(next)
          done++
        } catch (error) {
          failures.push(error as AerospikeError)
        }
      }
    }
    const workers = Array.from({ length: 4 }, (_, index) => work(index))
    try {
      await during(() => done)
    } finally {
      isOn = false
      await Promise.all(workers)
    }
    return failures
  }

  /** Whether the client knows all nodes, and of each key the node that has it. */
  const isFollowed = (server: DevServer, cluster: Cluster): boolean =>
    cluster.nodes().length === server.nodes.length &&
    KEYS.every((key) => cluster.nodeOf(key)?.name === server.ownerOf(partitionIdOf(key.digest))?.name)

  it('off one node: it is left, and taken back when the parts find each other again', async () => {
    await using server = await startDevServer({ nodes: 3 })
    await using cluster = await define(server.seeds).connect()
    const heard = listen(cluster)
    const failures = await underLoad(cluster, async () => {
      server.split([2])
      await eventually(() => cluster.nodes().length === 2)
      await eventually(() => heard.includes('node-removed A3 left'))
      server.merge()
      await eventually(() => isFollowed(server, cluster))
    })
    expect(failures.map(({ message }) => message)).toEqual([])
    expect(heard).not.toContain('disconnected')
  })

  it('in halves: every key has a node throughout, and the right one when they are whole again', async () => {
    await using server = await startDevServer({ nodes: 4 })
    await using cluster = await define(server.seeds).connect()
    const heard = listen(cluster)
    const failures = await underLoad(cluster, async () => {
      for (const sides of [[[0, 1]], [[0, 2]]]) {
        const before = heard.filter((line) => line === 'partitions-changed').length
        server.split(...sides)
        await eventually(() => heard.filter((line) => line === 'partitions-changed').length > before)
        expect(KEYS.every((key) => cluster.nodeOf(key) !== undefined)).toBe(true)
        server.merge()
        await eventually(() => isFollowed(server, cluster))
      }
    })
    expect(failures.map(({ message }) => message)).toEqual([])
    expect(heard).not.toContain('disconnected')
  })

  it('in single nodes: none is believed that it has everything, and the map from before serves', async () => {
    await using server = await startDevServer({ nodes: 4 })
    await using cluster = await define(server.seeds).connect()
    const failures = await underLoad(cluster, async (done) => {
      const masters = KEYS.map((key) => cluster.nodeOf(key)?.name)
      server.split([0], [1], [2], [3])
      const before = done()
      await eventually(() => done() > before + 1000)
      expect(KEYS.map((key) => cluster.nodeOf(key)?.name)).toEqual(masters)
      server.merge()
      await eventually(() => isFollowed(server, cluster))
    })
    expect(failures.map(({ message }) => message)).toEqual([])
  })
})

describe('events', () => {
  it('tell of nodes that come, go and are suspended', async () => {
    await using world = await FaultCluster.open({
      nodes: 2,
      system: { maxErrorRate: 5, errorRateWindow: 1, tendInterval: '100ms' },
    })
    const heard = listen(world.cluster)
    const added = await world.server.addNode()
    await eventually(() => heard.includes(`node-added ${added.name}`))
    await added.kill()
    await eventually(() => heard.includes(`node-removed ${added.name} unreachable`))
    const [node] = world.server.nodes
    node?.dropNext(Number.POSITIVE_INFINITY)
    const hasty = world.sessionWith({ socketTimeout: 20, totalTimeout: 20, maxRetries: 0 })
    const key = world.keyOn(world.server.node(0))
    await eventually(async () => {
      await hasty.get(key).catch(() => undefined)
      return heard.includes('node-suspended A1')
    })
    await node?.heal()
    await eventually(() => heard.includes('node-resumed A1'))
    for (const each of world.server.nodes) await each.kill()
    await eventually(() => heard.includes('disconnected'), { within: 10_000 })
    expect(heard.some((line) => line.startsWith('warning'))).toBe(true)
  })

  it('carry plain data, and end when they are told to or the cluster is closed', async () => {
    await using server = await startDevServer({ nodes: 1 })
    const cluster = await define(server.seeds).connect()
    const added: ClusterEvents['node-added'][] = []
    const removed: string[] = []
    const end = cluster.on('node-added', (event) => added.push(event))
    cluster.on('node-removed', ({ reason }) => removed.push(reason))
    const node = await server.addNode()
    await eventually(() => added.length === 1)
    expect(structuredClone(added)).toEqual([
      { node: { name: node.name, host: node.host, port: node.port, build: '8.1.2.0' } },
    ])
    end()
    await server.addNode()
    await eventually(() => cluster.nodes().length === 3)
    expect(added).toHaveLength(1)
    await cluster.close()
    expect(removed.filter((reason) => reason !== 'closed')).toEqual([])
    const error = await failureOf(() => cluster.on('node-add' as never, () => undefined))
    expect((error as Error).message).toMatch(/no event 'node-add'; it has node-added, /)
  })
})
