import { settled } from '@aero/testkit'
import { Endpoint } from '@aero/transport'
import { describe, expect, it } from 'vitest'
import type { Cluster } from '../src/cluster.ts'
import { ClusterUnreachableError, TendError } from '../src/errors.ts'
import { MemoryCluster } from './memory-cluster.ts'
import { form, type ModelServer } from './model-cluster.ts'

function memoryCluster(names: readonly string[]) {
  const net = new MemoryCluster()
  const servers = net.formed(names)
  const seeds = [(servers[0] as ModelServer).endpoint]
  return {
    net,
    servers,
    seeds,
    server: (name: string) => servers.find((one) => one.name === name) as ModelServer,
  }
}

const namesOf = (cluster: Cluster): string =>
  cluster
    .nodes()
    .map(({ name }) => name)
    .sort()
    .join(' ')

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('it did not fail')
}

describe('opening', () => {
  it('finds all nodes through one seed, with two connections each: one to tend, one warm', async () => {
    const { net, seeds } = memoryCluster(['A', 'B', 'C'])
    const cluster = await net.connect(seeds)
    expect(namesOf(cluster)).toBe('A B C')
    expect(Object.values(net.openCount)).toEqual([2, 2, 2])
    expect(net.clock.now()).toBe(0)
    await cluster.close()
    expect(net.openCount).toEqual({})
    await net.pass(2000)
    expect(net.clock.pending).toBe(0)
  })

  it('needs one question per node, and introduces itself', async () => {
    const { net, seeds, servers } = memoryCluster(['A', 'B'])
    const cluster = await net.connect(seeds)
    await settled()
    for (const { asked } of servers) {
      expect(asked).toHaveLength(2)
      expect(asked[1]?.[0]).toMatch(/^user-agent-set:value=/)
    }
    await cluster.close()
  })

  it('does not introduce itself to servers before 8.1', async () => {
    const { net, seeds, server } = memoryCluster(['A'])
    server('A').build = '7.2.0.4'
    const cluster = await net.connect(seeds)
    expect(server('A').asked).toHaveLength(1)
    await cluster.close()
  })

  it('does not wait for a peer that accepts and says nothing, once every partition has a master', async () => {
    const { net, seeds, servers } = memoryCluster(['A', 'B'])
    const hanging = net.server('H')
    hanging.mode = 'silent'
    for (const one of servers) one.peers = [...one.peers, hanging]
    const cluster = await net.connect(seeds)
    expect(net.clock.now()).toBe(0)
    expect(namesOf(cluster)).toBe('A B')
    await cluster.close()
    expect(net.openCount).toEqual({})
  })

  it.each([
    ['a quarter of the tend timeout for one whose partitions others have as well', 2, 100, 150],
    ['the tend timeout for one that alone has them', 1, 400, 500],
  ])('waits no longer than %s', async (_what, replicationFactor, from, below) => {
    const { net, seeds, server, servers } = memoryCluster(['A', 'B', 'C'])
    form(servers, { replicationFactor })
    server('C').mode = 'silent'
    const cluster = await net.connect(seeds, { tendTimeout: 400 })
    expect(namesOf(cluster)).toBe('A B')
    expect(net.clock.now()).toBeGreaterThanOrEqual(from)
    expect(net.clock.now()).toBeLessThan(below)
    const nodes = Array.from({ length: 4096 }, (_, partition) =>
      cluster.nodeFor('test', partition, 'SEQUENCE', 0),
    )
    expect(nodes.includes(undefined)).toBe(replicationFactor === 1)
    server('C').mode = 'up'
    await net.pass(2000)
    expect(namesOf(cluster)).toBe('A B C')
    await cluster.close()
  })

  it('tries all seeds and all their addresses at once', async () => {
    const { net, server } = memoryCluster(['A', 'B'])
    const dead = Array.from({ length: 5 }, (_, index) => {
      const silent = net.server(`S${index}`)
      silent.mode = 'silent'
      return silent.endpoint
    })
    const cluster = await net.connect([...dead, new Endpoint('many', server('B').endpoint.port)], {
      resolve: async () => ['10.0.0.77', '10.0.0.1'],
    })
    expect(namesOf(cluster)).toBe('A B')
    expect(net.clock.now()).toBe(0)
    await cluster.close()
    expect(net.openCount).toEqual({})
  })

  it('goes to the addresses that a load balancer hides', async () => {
    const { net, servers } = memoryCluster(['A', 'B'])
    let turn = 0
    net.detours.set('10.5.5.5:3000', () => servers[turn++ % 2])
    const cluster = await net.connect([new Endpoint('10.5.5.5', 3000)])
    expect(cluster.nodes().map(String).sort()).toEqual(['A 10.0.0.1:3000', 'B 10.0.0.1:3001'])
    expect(Object.keys(net.openCount)).not.toContain('10.5.5.5:3000')
    await cluster.close()
  })

  it('stays with a seed whose published addresses are out of reach', async () => {
    const { net, server } = memoryCluster(['A'])
    net.detours.set('10.5.5.5:3000', () => server('A'))
    server('A').published = [new Endpoint('172.17.0.2', 3000)]
    const cluster = await net.connect([new Endpoint('10.5.5.5', 3000)])
    expect(cluster.nodes().map(String)).toEqual(['A 10.5.5.5:3000'])
    await cluster.close()
  })

  it('translates published addresses', async () => {
    const { net, seeds, server } = memoryCluster(['A', 'B'])
    server('B').published = [new Endpoint('172.17.0.3', server('B').endpoint.port)]
    const cluster = await net.connect(seeds, { ipMap: { '172.17.0.3': '10.0.0.1' } })
    expect(cluster.nodes().map(String).sort()).toEqual(['A 10.0.0.1:3000', 'B 10.0.0.1:3001'])
    await cluster.close()
  })
})

describe('opening in vain', () => {
  it('says one cause for each address, and leaves nothing open', async () => {
    const { net, server } = memoryCluster(['A', 'B'])
    server('A').mode = 'silent'
    server('B').clusterName = 'other'
    const seeds = [
      server('A').endpoint,
      server('B').endpoint,
      new Endpoint('10.0.0.1', 9),
      new Endpoint('nowhere', 3000),
    ]
    const resolve = async () => {
      throw new Error('getaddrinfo ENOTFOUND nowhere')
    }
    const error = await failureOf(net.connect(seeds, { clusterName: 'mine', resolve }))
    expect(error).toBeInstanceOf(ClusterUnreachableError)
    expect(error).toBeInstanceOf(TendError)
    const failures = new Map(
      (error as ClusterUnreachableError).failures.map(({ address, cause }) => [address, cause.message]),
    )
    expect(Object.fromEntries(failures)).toEqual({
      '10.0.0.1:3000': expect.stringContaining('no answer'),
      '10.0.0.1:3001': "10.0.0.1:3001: node B belongs to cluster 'other', expected 'mine'",
      '10.0.0.1:9': expect.stringContaining('ECONNREFUSED'),
      'nowhere:3000': 'getaddrinfo ENOTFOUND nowhere',
    })
    for (const address of failures.keys()) expect(error.message).toContain(address)
    expect(net.openCount).toEqual({})
    expect(net.clock.pending).toBe(0)
  })

  it('tells of published addresses that are out of reach', async () => {
    const { net, seeds, server } = memoryCluster(['A', 'B'])
    server('B').published = [new Endpoint('172.17.0.3', 3000)]
    const error = await failureOf(net.connect(seeds))
    expect(error).toBeInstanceOf(ClusterUnreachableError)
    expect(error.message).toContain('172.17.0.3:3000')
    expect(error.message).toContain('useServicesAlternate')
    expect(net.openCount).toEqual({})
  })

  it('is refused without seeds', async () => {
    const error = await failureOf(new MemoryCluster().connect([]))
    expect(error.message).toContain('seed')
  })

  it('ends at once when aborted, with the reason given', async () => {
    const { net, seeds, server } = memoryCluster(['A'])
    server('A').mode = 'silent'
    const reason = new Error('enough')
    const controller = new AbortController()
    const failure = failureOf(net.connect(seeds, {}, controller.signal))
    await settled()
    controller.abort(reason)
    expect(await failure).toBe(reason)
    expect(net.openCount).toEqual({})
    await net.pass(2000)
    expect(net.clock.pending).toBe(0)
    expect(await failureOf(net.connect(seeds, {}, AbortSignal.abort(reason)))).toBe(reason)
    expect(net.openCount).toEqual({})
  })

  it('goes on trying when it was told not to fail', async () => {
    const { net, seeds, servers } = memoryCluster(['A', 'B'])
    for (const one of servers) one.mode = 'refusing'
    const cluster = await net.connect(seeds, { failIfNotConnected: false })
    expect([cluster.isConnected(), namesOf(cluster)]).toEqual([false, ''])
    for (const one of servers) one.mode = 'up'
    await net.pass(1000)
    expect([cluster.isConnected(), namesOf(cluster)]).toEqual([true, 'A B'])
    await cluster.close()
    expect(cluster.isConnected()).toBe(false)
  })
})

describe('while it is open', () => {
  it('routes by partition and namespace', async () => {
    const { net, servers, seeds } = memoryCluster(['A', 'B', 'C'])
    form(servers, { namespaces: ['test', 'bar'] })
    const cluster = await net.connect(seeds)
    expect(cluster.namespaces().sort()).toEqual(['bar', 'test'])
    const at = (namespace: string, partition: number, attempt: number) =>
      cluster.nodeFor(namespace, partition, 'SEQUENCE', attempt)?.name
    expect([at('test', 0, 0), at('bar', 1, 0), at('test', 1, 1), at('test', 4095, 0)]).toEqual([
      'A',
      'B',
      'C',
      'A',
    ])
    expect([cluster.hasNamespace('bar'), cluster.hasNamespace('nope')]).toEqual([true, false])
    expect(at('nope', 0, 0)).toBeUndefined()
    expect(cluster.isStronglyConsistent('test')).toBe(false)
    expect(cluster.nodeNamed('B')?.endpoint.port).toBe(3001)
    await cluster.close()
    expect(at('test', 0, 0)).toBeUndefined()
  })

  it('asks one small question per node and round while nothing moves', async () => {
    const { net, seeds, servers } = memoryCluster(['A', 'B'])
    const cluster = await net.connect(seeds)
    await net.pass(100)
    for (const { asked } of servers) asked.length = 0
    await net.pass(5000)
    for (const { asked } of servers) {
      expect(asked).toEqual(
        Array.from({ length: 5 }, () => ['node', 'peers-generation', 'partition-generation']),
      )
    }
    await cluster.close()
  })

  it('adds and removes nodes, tells of it, and closes what it leaves', async () => {
    const { net, seeds, servers, server } = memoryCluster(['A', 'B'])
    const cluster = await net.connect(seeds)
    const told: string[] = []
    cluster.on('node-added', ({ node }) => told.push(`added ${node.name} of ${namesOf(cluster)}`))
    cluster.on('node-removed', ({ node, reason }) =>
      told.push(`removed ${node.name} ${reason} ${node.isActive}`),
    )
    cluster.on('partitions-changed', ({ namespaces }) => told.push(`moved ${namespaces}`))
    const joining = net.server('C')
    form([...servers, joining])
    await net.pass(1000)
    expect(namesOf(cluster)).toBe('A B C')
    expect(told).toContain('added C of A B C')
    expect(told).toContain('moved test')
    expect(net.openCount['10.0.0.1:3002']).toBe(2)

    told.length = 0
    joining.mode = 'refusing'
    net.cut(joining.endpoint)
    form([server('A'), server('B')])
    await net.pass(1000)
    expect(namesOf(cluster)).toBe('A B')
    expect(told).toContain('removed C unreachable false')
    expect(net.openCount['10.0.0.1:3002']).toBeUndefined()
    await cluster.close()
  })

  it('looks at once when a connection breaks, and not much more often than four times an interval', async () => {
    const { net, seeds, server } = memoryCluster(['A', 'B'])
    const cluster = await net.connect(seeds)
    await net.pass(500)
    server('B').mode = 'refusing'
    form([server('A')])
    net.cut(server('B').endpoint)
    await net.pass(0)
    // The first look still finds B healthy in the list of what is known, the second finds it gone.
    await net.pass(300)
    expect(namesOf(cluster)).toBe('A')
    server('A').asked.length = 0
    for (let time = 0; time < 400; time++) {
      cluster.wake()
      await net.clock.advanceAsync(10)
    }
    expect(server('A').timesAsked('partition-generation')).toBeGreaterThan(8)
    expect(server('A').timesAsked('partition-generation')).toBeLessThan(22)
    await cluster.close()
  })

  it('keeps tending the others while one hangs', async () => {
    const { net, seeds, servers, server } = memoryCluster(['A', 'B', 'C'])
    const cluster = await net.connect(seeds, { tendTimeout: 5000 })
    server('C').mode = 'silent'
    await net.pass(1000)
    form(servers, { rotation: 1 })
    await net.pass(1000)
    expect(cluster.nodeFor('test', 0, 'MASTER', 0)?.name).toBe('B')
    await cluster.close()
  })

  it('finds a cluster again that moved as a whole, by resolving its seeds anew', async () => {
    const { net, servers } = memoryCluster(['A', 'B'])
    let host = '10.0.0.1'
    const cluster = await net.connect([new Endpoint('seed', 3000)], { resolve: async () => [host] })
    let disconnected = 0
    cluster.on('disconnected', () => disconnected++)
    for (const one of servers) {
      net.cut(one.endpoint)
      one.endpoint = new Endpoint('10.0.0.2', one.endpoint.port)
    }
    host = '10.0.0.2'
    await net.pass(3000)
    expect(cluster.nodes().map(String).sort()).toEqual(['A 10.0.0.2:3000', 'B 10.0.0.2:3001'])
    expect(cluster.nodeFor('test', 0, 'MASTER', 0)?.endpoint.host).toBe('10.0.0.2')
    expect(disconnected).toBe(0)
    await cluster.close()
    expect(net.openCount).toEqual({})
  })

  it('lets go of a cluster that is gone, and says so', async () => {
    const { net, seeds, servers } = memoryCluster(['A', 'B'])
    const cluster = await net.connect(seeds)
    let disconnected = 0
    cluster.on('disconnected', () => disconnected++)
    for (const one of servers) {
      one.mode = 'refusing'
      net.cut(one.endpoint)
    }
    await net.pass(3000)
    expect(cluster.isConnected()).toBe(true)
    await net.pass(4000)
    expect([namesOf(cluster), cluster.isConnected(), disconnected]).toEqual(['', false, 1])
    expect(cluster.nodeFor('test', 0, 'SEQUENCE', 0)).toBeUndefined()
    for (const one of servers) one.mode = 'up'
    await net.pass(1000)
    expect([namesOf(cluster), cluster.isConnected()]).toEqual(['A B', true])
    await cluster.close()
  })

  it('suspends a node that makes too many errors until the window ends, and forgives a restarted one', async () => {
    const { net, seeds, server } = memoryCluster(['A'])
    const cluster = await net.connect(seeds, { maxErrorRate: 6, errorRateWindow: 2 })
    const told: string[] = []
    cluster.on('node-suspended', ({ node, errors }) => told.push(`suspended ${node.name} ${errors}`))
    cluster.on('node-resumed', ({ node }) => told.push(`resumed ${node.name}`))
    cluster.on('node-restarted', ({ node }) => told.push(`restarted ${node.name}`))
    const [node] = cluster.nodes()
    const err = (times: number): void => {
      for (let time = 0; time < times; time++) node?.recordError()
    }
    err(6)
    expect([told, node?.isSuspended]).toEqual([[], false])
    err(3)
    expect([told.splice(0), node?.isSuspended]).toEqual([['suspended A 7'], true])
    await net.pass(2000)
    expect([told.splice(0), node?.isSuspended]).toEqual([['resumed A'], false])
    expect(node?.errorWindow).toMatchObject({ errors: 0, allowed: 3 })
    err(4)
    server('A').peersGeneration = 0
    await net.pass(1000)
    expect(told).toEqual(['suspended A 4', 'resumed A', 'restarted A'])
    expect(node?.errorWindow.allowed).toBe(6)
    await cluster.close()
  })

  it('warns of a trouble once, not in every round', async () => {
    const { net, seeds, servers } = memoryCluster(['A', 'B'])
    const cluster = await net.connect(seeds)
    const warnings: string[] = []
    cluster.on('warning', ({ address, cause }) => warnings.push(`${address} ${cause.message}`))
    const dead = net.server('D')
    dead.mode = 'refusing'
    for (const one of servers) {
      one.peers = [...one.peers, dead]
      one.peersGeneration++
    }
    await net.pass(6000)
    expect(warnings).toEqual([expect.stringContaining('10.0.0.1:3002')])
    await cluster.close()
  })

  it('survives a listener that throws', async () => {
    const { net, seeds, servers } = memoryCluster(['A', 'B'])
    const cluster = await net.connect(seeds)
    const uncaught: unknown[] = []
    const others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => uncaught.push(error))
    try {
      const off = cluster.on('partitions-changed', () => {
        throw new Error('mine')
      })
      form(servers, { rotation: 1 })
      await net.pass(1000)
      expect(cluster.nodeFor('test', 0, 'MASTER', 0)?.name).toBe('B')
      expect(uncaught).toEqual([new Error('mine'), new Error('mine')])
      off()
      form(servers, { rotation: 0 })
      await net.pass(1000)
      expect(uncaught).toHaveLength(2)
    } finally {
      process.removeAllListeners('uncaughtException')
      for (const listener of others) process.on('uncaughtException', listener)
    }
    await cluster.close()
  })

  it('asks nodes what the user wants to know, on another connection', async () => {
    const { net, seeds } = memoryCluster(['A', 'B'])
    const cluster = await net.connect(seeds)
    const [node] = cluster.nodes()
    if (node === undefined) throw new Error('no node')
    expect(await cluster.info(node, ['build', 'nonsense'])).toEqual(
      new Map([
        ['build', '8.1.2.0'],
        ['nonsense', 'ERROR:4:unrecognized command'],
      ]),
    )
    expect(net.openCount[node.endpoint.toString()]).toBe(3)
    await cluster.close()
    expect(net.openCount).toEqual({})
    expect((await failureOf(cluster.info(node, ['build']))).message).toContain('no longer part')
  })

  it.each([
    [['8.2.0.0', '8.2.0.0'], true],
    [['8.10.0.1', '9.0.0.0'], true],
    [['8.2.0.0', '8.1.2.0'], false],
    [['8.1.9.9', '8.1.2.0'], false],
  ])('knows whether all of versions %j compile expressions themselves', async (builds, compiles) => {
    const { net, seeds, servers } = memoryCluster(['A', 'B'])
    for (const [index, server] of servers.entries()) server.build = builds[index] as string
    const cluster = await net.connect(seeds)
    expect(cluster.compilesExpressions()).toBe(compiles)
    await cluster.close()
  })

  it('has them compile expressions again when the last old node is gone', async () => {
    const { net, seeds, server } = memoryCluster(['A', 'B'])
    server('A').build = '8.2.0.0'
    const cluster = await net.connect(seeds)
    expect(cluster.compilesExpressions()).toBe(false)
    server('B').mode = 'refusing'
    form([server('A')], { rotation: 0 })
    await net.pass(5000)
    expect(namesOf(cluster)).toBe('A')
    expect(cluster.compilesExpressions()).toBe(true)
    await cluster.close()
  })

  it('does nothing more after it was closed, twice', async () => {
    const { net, seeds, servers } = memoryCluster(['A', 'B'])
    const cluster = await net.connect(seeds)
    await cluster.close()
    await cluster.close()
    for (const { asked } of servers) asked.length = 0
    cluster.wake()
    await net.pass(5000)
    expect(servers.map(({ asked }) => asked.length)).toEqual([0, 0])
    expect(net.clock.pending).toBe(0)
  })
})
