import { type DevServer, type DevServerNode, startDevServer } from '@aero/devserver'
import { eventually } from '@aero/testkit'
import { Endpoint } from '@aero/transport'
import { afterEach, describe, expect, it } from 'vitest'
import { Cluster } from '../src/cluster.ts'
import { ClusterUnreachableError } from '../src/errors.ts'
import type { TenderOptions } from '../src/tender-options.ts'

// Real sockets, real time: rounds are short so that nobody waits long.
const TEND_INTERVAL = 20

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

async function serve(options: Parameters<typeof startDevServer>[0]): Promise<DevServer> {
  const server = await startDevServer(options)
  open.push(server)
  return server
}

async function connect(node: DevServerNode, options: Partial<TenderOptions> = {}): Promise<Cluster> {
  const cluster = await Cluster.open({
    seeds: [new Endpoint(node.host, node.port)],
    userAgent: { client: 'aero-0.0.0', application: 'test' },
    tendInterval: TEND_INTERVAL,
    ...options,
  })
  open.push(cluster)
  return cluster
}

const namesOf = (cluster: Cluster): string =>
  cluster
    .nodes()
    .map(({ name }) => name)
    .sort()
    .join(' ')

/** Whether every partition goes to the node that has it. */
function routesAgree(server: DevServer, cluster: Cluster): boolean {
  for (let partition = 0; partition < 4096; partition++) {
    for (const replica of [0, 1]) {
      const owner = server.ownerOf(partition, replica)
      if (owner === undefined && replica === 1) continue
      if (cluster.nodeFor('test', partition, 'SEQUENCE', replica)?.name !== owner?.name) return false
    }
  }
  return true
}

describe('against a cluster of three', () => {
  it('discovers it from one seed', async () => {
    const server = await serve({ nodes: 3 })
    const cluster = await connect(server.node(1))
    expect(namesOf(cluster)).toBe('A1 A2 A3')
    expect(cluster.namespaces().sort()).toEqual(['bar', 'test'])
    expect(routesAgree(server, cluster)).toBe(true)
    expect(cluster.nodes().map((node) => node.pool.stats().connections)).toEqual([1, 1, 1])
  })

  it('follows a join, a death and a return', async () => {
    const server = await serve({ nodes: 3 })
    const cluster = await connect(server.node(0))
    await server.addNode()
    await eventually(() => namesOf(cluster) === 'A1 A2 A3 A4' && routesAgree(server, cluster))
    await server.node(0).kill()
    await eventually(() => namesOf(cluster) === 'A2 A3 A4' && routesAgree(server, cluster))
    await server.node(0).restart()
    await eventually(() => namesOf(cluster) === 'A1 A2 A3 A4' && routesAgree(server, cluster))
  })

  it('follows two that die at the same time', async () => {
    const server = await serve({ nodes: 4 })
    const cluster = await connect(server.node(0))
    await Promise.all([server.node(1).kill(), server.node(2).kill()])
    await eventually(() => namesOf(cluster) === 'A1 A4' && routesAgree(server, cluster))
  })

  it('finds a node again that returns on another port', async () => {
    const server = await serve({ nodes: 3 })
    const cluster = await connect(server.node(0))
    const before = cluster.nodeNamed('A3')
    const spare = await startDevServer()
    const free = spare.node(0).port
    await spare.close()
    await server.node(2).restart({ port: free })
    await eventually(() => cluster.nodeNamed('A3')?.endpoint.port === free && routesAgree(server, cluster))
    expect(before?.isActive).toBe(false)
  })

  it('keeps tending while one node hangs, and takes it back', async () => {
    const server = await serve({ nodes: 3 })
    const cluster = await connect(server.node(0), { tendTimeout: 100 })
    server.node(2).pause({ leaves: true })
    await eventually(() => namesOf(cluster) === 'A1 A2' && routesAgree(server, cluster))
    server.node(2).resume()
    await eventually(() => namesOf(cluster) === 'A1 A2 A3' && routesAgree(server, cluster))
  })

  it('opens without waiting for a node that accepts and says nothing', async () => {
    const server = await serve({ nodes: 3 })
    server.node(2).hangAfterAccept()
    const cluster = await connect(server.node(0), { tendTimeout: 200 })
    expect(namesOf(cluster)).toBe('A1 A2')
    await server.node(2).heal()
    await eventually(() => namesOf(cluster) === 'A1 A2 A3')
  })

  it('survives the loss of everything', async () => {
    const server = await serve({ nodes: 2 })
    const cluster = await connect(server.node(0))
    await Promise.all(server.nodes.map((node) => node.kill()))
    await eventually(() => !cluster.isConnected())
    await Promise.all(server.nodes.map((node) => node.restart()))
    await eventually(() => namesOf(cluster) === 'A1 A2' && routesAgree(server, cluster))
    expect(cluster.isConnected()).toBe(true)
  })

  it('does not lose a node over one garbled or missing answer', async () => {
    const server = await serve({ nodes: 3 })
    const cluster = await connect(server.node(0))
    const removed: string[] = []
    cluster.on('node-removed', ({ node }) => removed.push(node.name))
    let warnings = 0
    cluster.on('warning', () => warnings++)
    server.node(1).answerGarbage({ on: 'info' })
    await eventually(() => warnings === 1)
    server.node(1).dropNext(2, { on: 'info' })
    server.node(2).cutAnswers(9, { on: 'info' })
    await eventually(() => warnings >= 3)
    await eventually(() => routesAgree(server, cluster))
    expect(removed).toEqual([])
    expect(namesOf(cluster)).toBe('A1 A2 A3')
  })
})

describe('resources', () => {
  it('ends by itself: idle, the client keeps no process alive', async () => {
    const server = await serve({ nodes: 3 })
    const countHeld = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
    const before = countHeld()
    await connect(server.node(0), { tendInterval: 60_000 })
    const farEnds = (): number => server.nodes.reduce((sum, node) => sum + node.connections, 0)
    // Both ends are in this process. The server's hold it; ours, once nothing is asked, do not.
    await eventually(() => farEnds() === 6 && countHeld() - before === 6)
  })

  it('leaves nothing behind when closed', async () => {
    const server = await serve({ nodes: 3 })
    const cluster = await connect(server.node(0))
    await cluster.close()
    await eventually(() => server.nodes.every((node) => node.connections === 0))
  })

  it.each([
    ['nobody listens', async (server: DevServer) => server.node(0).kill(), {}],
    ['nothing is said', async (server: DevServer) => server.node(0).hangAfterAccept(), {}],
    [
      'garbage is said',
      async (server: DevServer) => server.node(0).answerGarbage({ on: 'info', times: 9 }),
      {},
    ],
    ['the cluster is another one', async () => undefined, { clusterName: 'other' }],
  ])('leaves nothing behind when opening fails because %s', async (_why, spoil, options) => {
    const server = await serve({ nodes: 1, clusterName: 'mine' })
    await spoil(server)
    const before = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
    const failure = await connect(server.node(0), { tendTimeout: 50, ...options }).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(ClusterUnreachableError)
    expect((failure as ClusterUnreachableError).failures.map(({ address }) => address)).toEqual([
      server.node(0).address,
    ])
    await eventually(() => server.node(0).connections === 0)
    await eventually(
      () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length <= before,
    )
  })
})
