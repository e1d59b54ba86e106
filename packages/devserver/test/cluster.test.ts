import { eventually, FakeClock } from '@aero/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { type DevServer, type DevServerNode, startDevServer } from '../src/index.ts'
import { digestOf, infoAnswers, infoRequest, int64, message, readReply } from './message-bytes.ts'
import { RawClient } from './raw-client.ts'

let server: DevServer
afterEach(() => server.close())

async function ask(node: DevServerNode, request: Uint8Array): Promise<Uint8Array> {
  const client = await RawClient.open(node.port)
  try {
    return await client.ask(request)
  } finally {
    client.close()
  }
}

async function info(node: DevServerNode, ...names: readonly string[]): Promise<Map<string, string>> {
  return infoAnswers(await ask(node, infoRequest(...names)))
}

const write = (partition: number): Uint8Array =>
  message({
    info2: 1,
    digest: digestOf(partition),
    operations: [{ type: 2, bin: 'a', particleType: 1, value: int64(partition) }],
  })
const read = (partition: number): Uint8Array => message({ info1: 3, digest: digestOf(partition) })

/** Bits of the replica maps of all nodes, added up: how often each partition has a master, or a copy. */
async function countOwners(nodes: readonly DevServerNode[], replica: number): Promise<Set<number>> {
  const counts = new Uint8Array(4096)
  for (const node of nodes) {
    const answer = (await info(node, 'replicas')).get('replicas') ?? ''
    const bitmap = Buffer.from(answer.split(';')[0]?.split(',')[2 + replica] ?? '', 'base64')
    for (let partition = 0; partition < 4096; partition++) {
      if (((bitmap[partition >> 3] as number) & (0x80 >> (partition & 7))) !== 0)
        counts[partition] = (counts[partition] as number) + 1
    }
  }
  return new Set(counts)
}

describe('a cluster of three', () => {
  it('publishes each node with its peers, and every partition once as master and once as copy', async () => {
    server = await startDevServer({ nodes: 3, clusterName: 'trio' })
    const [first, second, third] = server.nodes as [DevServerNode, DevServerNode, DevServerNode]
    const answers = await info(first, 'node', 'cluster-name', 'peers-clear-std', 'partition-generation')
    expect(answers.get('node')).toBe('A1')
    expect(answers.get('cluster-name')).toBe('trio')
    expect(answers.get('peers-clear-std')).toBe(
      `2,3000,[[A2,,[127.0.0.1:${second.port}]],[A3,,[127.0.0.1:${third.port}]]]`,
    )
    expect(await countOwners(server.nodes, 0)).toEqual(new Set([1]))
    expect(await countOwners(server.nodes, 1)).toEqual(new Set([1]))
  })

  it('says whether it is stable', async () => {
    server = await startDevServer({ nodes: 3 })
    const [node, other] = server.nodes as [DevServerNode, DevServerNode]
    const stable = async (parameters: string, of = node) =>
      [...(await info(of, `cluster-stable:${parameters}`)).values()][0]
    const key = await stable('')
    expect(key).toMatch(/^[0-9A-F]+$/)
    expect(await stable('size=3;ignore-migrations=false;namespace=test', other)).toBe(key)
    // As a real server says it, version 8.1.2.
    expect(await stable('size=2')).toBe('ERROR:7:cluster not specified size')
    expect(await stable('size=x')).toBe('ERROR:4:bad size')
    expect(await stable('ignore-migrations=x')).toBe('ERROR:4:bad ignore migrations')
    expect(await stable('namespace=nope')).toBe('ERROR:20:namespace not found on node')
    expect(await stable('ignore-migrations=true;namespace=nope')).toBe(key)
    node.migrate(5)
    expect(await stable('')).toBe('ERROR:7:unstable cluster')
    expect(await stable('', other)).toBe(key)
    expect(await stable('ignore-migrations=true')).toBe(key)
    expect((await info(node, 'namespace/test')).get('namespace/test')).toContain(
      'migrate_tx_partitions_remaining=5;',
    )
    await node.heal()
    expect(await stable('size=3')).toBe(key)
    await server.node(2).kill()
    expect(await stable('size=2')).not.toBe(key)
  })

  it('serves every record from every node', async () => {
    server = await startDevServer({ nodes: 3 })
    for (const [index, node] of server.nodes.entries()) await ask(node, write(index))
    for (const node of server.nodes) {
      for (const partition of [0, 1, 2]) {
        expect(readReply(await ask(node, read(partition))).operations).toEqual([
          [1, 'a', 1, int64(partition)],
        ])
      }
    }
  })

  it('goes on without a killed node, which comes back on another port', async () => {
    server = await startDevServer({ nodes: 3 })
    await ask(server.node(0), write(5))
    const owner = server.ownerOf(5) as DevServerNode
    await owner.kill()
    expect(owner.state).toBe('down')
    await expect(RawClient.open(owner.port)).rejects.toThrow('ECONNREFUSED')
    const rest = server.nodes.filter((node) => node !== owner)
    expect(await countOwners(rest, 0)).toEqual(new Set([1]))
    expect(readReply(await ask(rest[0] as DevServerNode, read(5))).resultCode).toBe(0)

    const formerPort = owner.port
    await owner.restart({ port: 0 })
    expect(owner.port).not.toBe(formerPort)
    const peers = (await info(rest[0] as DevServerNode, 'peers-clear-std')).get('peers-clear-std')
    expect(peers).toContain(`[${owner.name},,[127.0.0.1:${owner.port}]]`)
    expect(await countOwners(server.nodes, 0)).toEqual(new Set([1]))
  })

  it('loses what only killed nodes had', async () => {
    server = await startDevServer({ nodes: 3, settleMs: 1000, clock: new FakeClock(1) })
    // settled by hand below: both owners die before anybody has noticed
    const clock = new FakeClock(1_700_000_000_000)
    await server.close()
    server = await startDevServer({ nodes: 3, settleMs: 1000, clock })
    clock.advance(1000)
    const survivor = server.nodes.find(
      (node) => node !== server.ownerOf(7, 0) && node !== server.ownerOf(7, 1),
    )
    for (let partition = 0; partition < 64; partition++)
      await ask(survivor as DevServerNode, write(partition))
    const kept = Array.from({ length: 64 }, (_, partition) => partition).filter(
      (partition) => server.ownerOf(partition, 0) === survivor || server.ownerOf(partition, 1) === survivor,
    )
    for (const node of server.nodes) if (node !== survivor) await node.kill()
    clock.advance(1000)
    for (let partition = 0; partition < 64; partition++) {
      const { resultCode } = readReply(await ask(survivor as DevServerNode, read(partition)))
      expect(resultCode, `partition ${partition}`).toBe(kept.includes(partition) ? 0 : 2)
    }
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.length).toBeLessThan(64)
  })

  it('notices comings and goings only after the time to settle', async () => {
    const clock = new FakeClock(1_700_000_000_000)
    server = await startDevServer({ nodes: 2, settleMs: 2000, clock })
    clock.advance(2000)
    const before = await info(server.node(0), 'peers-generation', 'partition-generation')
    await server.node(1).kill()
    expect(await info(server.node(0), 'peers-generation', 'partition-generation')).toEqual(before)
    clock.advance(2000)
    const answers = await info(server.node(0), 'peers-generation', 'peers-clear-std')
    expect(answers.get('peers-generation')).not.toBe(before.get('peers-generation'))
    expect(answers.get('peers-clear-std')).toMatch(/^\d+,3000,\[\]$/)

    const added = await server.addNode()
    expect(readReply(await ask(added, write(1))).resultCode).toBe(11)
    clock.advance(2000)
    expect(readReply(await ask(added, write(1))).resultCode).toBe(0)
  })

  it('moves only what it must when a node joins', async () => {
    server = await startDevServer({ nodes: 3, replicationFactor: 1 })
    const before = Array.from({ length: 4096 }, (_, partition) => server.ownerOf(partition))
    const added = await server.addNode()
    const after = Array.from({ length: 4096 }, (_, partition) => server.ownerOf(partition))
    const moved = after.filter((owner, partition) => owner !== before[partition])
    expect(new Set(moved)).toEqual(new Set([added]))
    expect(moved.length).toBeGreaterThan(4096 / 4 - 150)
    expect(moved.length).toBeLessThan(4096 / 4 + 150)
  })

  it('publishes other addresses than it listens on, when told', async () => {
    server = await startDevServer({
      nodes: 2,
      accessHost: 'db.example',
      accessPorts: [7000, 7001],
      alternateHost: '10.0.0.1',
    })
    expect(server.seeds).toBe('db.example:7000,db.example:7001')
    const answers = await info(
      server.node(0),
      'service-clear-std',
      'service-clear-alt',
      'peers-clear-std',
      'peers-clear-alt',
    )
    expect([...answers.values()]).toEqual([
      'db.example:7000',
      '10.0.0.1:7000',
      '1,3000,[[A2,,[db.example:7001]]]',
      '1,3000,[[A2,,[10.0.0.1:7001]]]',
    ])
  })
})

describe('a cluster that is split', () => {
  /** Names of the peers that a node tells, by the node's number. */
  const peersOf = async (node: DevServerNode): Promise<string> => {
    const answer = (await info(node, 'peers-clear-std')).get('peers-clear-std') ?? ''
    return [...answer.matchAll(/\[(A\d),/g)].map(([, name]) => name).join()
  }

  it('is two clusters, each with all partitions, until they find each other again', async () => {
    server = await startDevServer({ nodes: 4 })
    const before = (await info(server.node(0), 'partition-generation')).get('partition-generation')
    server.split([0, 1], [2, 3])
    expect(await Promise.all(server.nodes.map(peersOf))).toEqual(['A2', 'A1', 'A4', 'A3'])
    for (const side of [server.nodes.slice(0, 2), server.nodes.slice(2)]) {
      expect(await countOwners(side, 0)).toEqual(new Set([1]))
      expect(await countOwners(side, 1)).toEqual(new Set([1]))
    }
    const after = (await info(server.node(0), 'partition-generation')).get('partition-generation')
    expect(Number(after)).toBeGreaterThan(Number(before))
    server.merge()
    expect(await Promise.all(server.nodes.map(peersOf))).toEqual([
      'A2,A3,A4',
      'A1,A3,A4',
      'A1,A2,A4',
      'A1,A2,A3',
    ])
    expect(await countOwners(server.nodes, 0)).toEqual(new Set([1]))
  })

  it('keeps what one of its parts has, whoever dies on the other', async () => {
    server = await startDevServer({ nodes: 3 })
    const [first, second, alone] = server.nodes as [DevServerNode, DevServerNode, DevServerNode]
    server.split([2])
    expect(await peersOf(alone)).toBe('')
    expect(await countOwners([alone], 0)).toEqual(new Set([1]))
    for (let partition = 0; partition < 50; partition++) await ask(first, write(partition))
    await first.kill()
    await second.kill()
    server.merge()
    for (let partition = 0; partition < 50; partition++) {
      expect(readReply(await ask(alone, read(partition))).resultCode).toBe(0)
    }
  })

  it('has no node twice, and none that there is not', async () => {
    server = await startDevServer({ nodes: 2 })
    expect(() => server.split([0], [0, 1])).toThrow('a node can be on one side only')
    expect(() => server.split([7])).toThrow('there is no node 7')
  })
})

describe('a strongly consistent namespace', () => {
  const ofNamespace = (
    namespace: string,
    bits: { info1?: number; info2?: number; info3?: number },
  ): Uint8Array => message({ ...bits, namespace, digest: digestOf(7) })
  const code = async (request: Uint8Array): Promise<number> =>
    readReply(await ask(server.node(0), request)).resultCode

  it('is told apart from the others, by info, by reads and by deletes', async () => {
    server = await startDevServer({ nodes: 2, strongConsistency: ['bar'] })
    const answers = await info(server.node(0), 'replicas', 'namespace/bar', 'namespace/test', 'edition')
    const regimes = (answers.get('replicas') ?? '').split(';').map((part) => part.split(',')[0])
    expect(regimes).toEqual(['test:0', 'bar:2'])
    expect(answers.get('namespace/bar')).toContain(';strong-consistency=true;')
    expect(answers.get('namespace/test')).toContain(';strong-consistency=false;')
    expect(answers.get('edition')).toBe('Aerospike Enterprise Edition')
    const linearized = { info1: 3, info3: 0x40 }
    expect(await code(ofNamespace('bar', linearized))).toBe(2)
    expect(await code(ofNamespace('test', linearized))).toBe(25)
    const [expunging, durable] = [{ info2: 3 }, { info2: 3 | 0x10 }]
    expect(await code(ofNamespace('bar', expunging))).toBe(22)
    expect(await code(ofNamespace('bar', durable))).toBe(2)
    expect(await code(ofNamespace('test', expunging))).toBe(2)
    expect(await code(ofNamespace('test', durable))).toBe(25)
  })

  it('has to be one of the namespaces', async () => {
    server = await startDevServer({ nodes: 1 })
    await expect(startDevServer({ strongConsistency: ['nope'] })).rejects.toThrow(
      "there is no namespace 'nope'",
    )
  })
})

describe('starting', () => {
  it('says which node there is not', async () => {
    server = await startDevServer()
    expect(() => server.node(1)).toThrow('there is no node 1: the cluster has 1')
  })

  it('leaves nothing open when a port is taken', async () => {
    server = await startDevServer()
    const taken = server.node(0).port
    await expect(startDevServer({ nodes: 2, port: taken - 1 })).rejects.toThrow('EADDRINUSE')
    await expect(RawClient.open(taken - 1)).rejects.toThrow('ECONNREFUSED')
  })

  it('counts connections until they are gone', async () => {
    server = await startDevServer()
    const client = await RawClient.open(server.node(0).port)
    await client.ask(infoRequest('build'))
    expect(server.node(0).connections).toBe(1)
    client.close()
    await eventually(() => expect(server.node(0).connections).toBe(0))
  })
})
