import { AbortError, AerospikeError, Cluster, ConnectionError } from '@aero/async'
import { eventually } from '@aero/testkit'
import { closedSeed, GREETING_NAMES, StrangeServer } from '@aero/testkit/strange-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Program } from '../support/program.ts'
import { definitionOf, failureOf, freshName, NAMESPACE, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

/** One seed of the cluster that is there. */
function goodSeed(): string {
  const [node] = context.cluster.nodes()
  if (node === undefined) throw new Error('there is no node')
  return `${node.host}:${node.port}`
}

async function connectFailure(seeds: string, clusterName?: string): Promise<AerospikeError> {
  const definition = definitionOf(seeds).withSystemSettings({ tendTimeout: '300ms' })
  if (clusterName !== undefined) definition.validateClusterNameIs(clusterName)
  const error = await failureOf(definition.connect())
  if (error instanceof AerospikeError) return error
  throw error
}

describe('connecting to what is not there', () => {
  it('an unreachable seed is named, with the reason', async () => {
    const seed = closedSeed()
    const error = await connectFailure(seed)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error.code).toBe(-8)
    expect(error.message).toContain(seed)
    expect(error.message).toMatch(/ECONNREFUSED|refused/)
    expect(error.stack).toContain('connect.test.ts')
  })

  it('of several unreachable seeds each is named', async () => {
    const seeds = [closedSeed(), closedSeed(), closedSeed()]
    const { message } = await connectFailure(seeds.join())
    for (const seed of seeds) expect(message).toContain(seed)
  })

  it('a host name that does not exist is named', async () => {
    const error = await connectFailure('no-such-host.invalid:3000')
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error.message).toContain('no-such-host.invalid')
  })

  it('an unreachable seed beside a good one does no harm', async () => {
    await using cluster = await definitionOf(`${closedSeed()},${goodSeed()}`).connect()
    expect(cluster.nodes().length).toBe(context.cluster.nodes().length)
  })

  it('failIfNotConnected(false) gives a cluster that is not connected yet', async () => {
    const definition = definitionOf(closedSeed()).failIfNotConnected(false)
    await using cluster = await definition.connect()
    expect(cluster.isConnected()).toBe(false)
    expect(cluster.nodes()).toEqual([])
    const error = await failureOf(cluster.createSession().get(context.freshKey()))
    expect(error).toMatchObject({ code: -8, inDoubt: false })
  })
})

describe('Cluster.connect', () => {
  it('opens what a text or an object names', async () => {
    const names = context.cluster.nodes().map((node) => node.name)
    for (const where of [goodSeed(), `aerospike://${goodSeed()}`, { hosts: [goodSeed()], environment: {} }]) {
      await using cluster = await Cluster.connect(where)
      expect(
        cluster
          .nodes()
          .map((node) => node.name)
          .sort(),
      ).toEqual(names.sort())
    }
  })

  it('fails as a definition does, and at the line of its caller', async () => {
    const seed = closedSeed()
    const error = await failureOf(Cluster.connect(seed))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ code: -8, message: expect.stringContaining(seed) })
    expect((error as Error).stack).toContain('connect.test.ts')
    expect(await failureOf(Cluster.connect({ hosts: seed, clustername: 'x' } as never))).toMatchObject({
      name: 'ConfigError',
      path: 'clustername',
    })
  })
})

describe('the name of the cluster', () => {
  it('that is wrong is refused, naming what was expected and where', async () => {
    const error = await connectFailure(goodSeed(), 'surely-not-this-cluster')
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error.message).toContain('surely-not-this-cluster')
    expect(error.message).toContain(goodSeed())
  })
})

describe('a seed that is no Aerospike server', () => {
  it.each(GREETING_NAMES)('%s: an error that names it, and nothing stays open', async (name) => {
    await using strange = await StrangeServer.open(name)
    const started = performance.now()
    const error = await connectFailure(strange.seed)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error.message).toContain(strange.seed)
    expect(performance.now() - started).toBeLessThan(5000)
    await eventually(() => strange.connections === 0, { expecting: 'the connections to be closed' })
  })

  it.each(GREETING_NAMES)('%s: beside a good one it does no harm, and delays little', async (name) => {
    await using strange = await StrangeServer.open(name)
    const started = performance.now()
    await using cluster = await definitionOf(`${strange.seed},${goodSeed()}`).connect()
    expect(performance.now() - started).toBeLessThan(2500)
    expect(cluster.nodes().length).toBe(context.cluster.nodes().length)
    const key = context.freshKey()
    await cluster.createSession().put(key, { a: 1 })
    expect((await context.session.get(key))?.bins).toEqual({ a: 1 })
  })
})

describe('connecting, aborted', () => {
  it('before it begins', async () => {
    await using strange = await StrangeServer.open('accepts and says nothing')
    const reason = new Error('changed my mind')
    const error = await failureOf(definitionOf(strange.seed).connect({ signal: AbortSignal.abort(reason) }))
    expect(error).toBeInstanceOf(AbortError)
    expect(error).toMatchObject({ cause: reason })
    expect(strange.connections).toBe(0)
  })

  it('while a seed is silent: at once, and nothing stays open', async () => {
    await using strange = await StrangeServer.open('accepts and says nothing')
    const controller = new AbortController()
    const attempt = failureOf(
      definitionOf(strange.seed)
        .withSystemSettings({ tendTimeout: '30s' })
        .connect({ signal: controller.signal }),
    )
    await eventually(() => strange.accepted > 0)
    const started = performance.now()
    controller.abort()
    expect(await attempt).toBeInstanceOf(AbortError)
    expect(performance.now() - started).toBeLessThan(1000)
    await eventually(() => strange.connections === 0)
  })
})

describe('a process', () => {
  let forgetful: Program
  let disappointed: Program

  beforeAll(async () => {
    forgetful = await Program.build('forgetful')
    disappointed = await Program.build('disappointed')
  })

  afterAll(async () => {
    await forgetful?.remove()
    await disappointed?.remove()
  })

  it('that forgot close() ends by itself', async () => {
    const seeds = context.cluster
      .nodes()
      .map((node) => `${node.host}:${node.port}`)
      .join()
    const outcome = await forgetful.run([seeds, NAMESPACE, freshName('it')])
    expect(outcome).toMatchObject({ code: 0 })
    expect(outcome.output).toContain('generation 100')
    expect(outcome.endedAfterMs).toBeLessThan(1500)
  })

  it('that found nothing at its seed ends by itself', async () => {
    const outcome = await disappointed.run([closedSeed()])
    expect(outcome).toMatchObject({ code: 0 })
    expect(outcome.output).toContain('ConnectionError')
    expect(outcome.endedAfterMs).toBeLessThan(1500)
  })

  it('that found another cluster ends by itself', async () => {
    const outcome = await disappointed.run([goodSeed(), 'surely-not-this-cluster'])
    expect(outcome).toMatchObject({ code: 0 })
    expect(outcome.output).toContain('surely-not-this-cluster')
    expect(outcome.endedAfterMs).toBeLessThan(1500)
  })

  it.each(['accepts and says nothing', 'speaks HTTP', 'closes at once'] as const)(
    'that found a server which %s ends by itself',
    async (name) => {
      await using strange = await StrangeServer.open(name)
      const outcome = await disappointed.run([strange.seed])
      expect(outcome).toMatchObject({ code: 0 })
      expect(outcome.output).toContain(strange.seed)
      expect(outcome.endedAfterMs).toBeLessThan(1500)
    },
  )
})
