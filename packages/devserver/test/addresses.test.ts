import { FakeClock } from '@aero/testkit'
import { CertificateAuthority } from '@aero/testkit/certificates'
import { afterEach, describe, expect, it } from 'vitest'
import { type DevServer, type DevServerOptions, startDevServer } from '../src/index.ts'
import { infoAnswers, infoRequest } from './message-bytes.ts'
import { RawClient } from './raw-client.ts'

let server: DevServer | undefined

afterEach(() => server?.close())

async function start(options: DevServerOptions): Promise<DevServer> {
  server = await startDevServer(options)
  return server
}

async function ask(at: DevServer, node: number, ...names: string[]): Promise<(string | undefined)[]> {
  const client = await RawClient.open(at.node(node).port)
  const answers = infoAnswers(await client.ask(infoRequest(...names)))
  client.close()
  return names.map((name) => answers.get(name))
}

async function generations(at: DevServer, node = 0): Promise<string> {
  return (await ask(at, node, 'peers-generation', 'partition-generation', 'rebalance-generation')).join()
}

describe('addresses', () => {
  it('for TLS and without stand beside each other', async () => {
    const authority = await CertificateAuthority.create('authority')
    const { cert, key } = await authority.issue({ name: 'db', dns: ['db.example'] })
    const at = await start({ nodes: 2, tls: { cert, key, tlsName: 'db.example' } })
    expect(at.tlsSeeds).toBe(at.nodes.map(({ tlsPort }) => `127.0.0.1:db.example:${tlsPort}`).join())
    const [, second] = at.nodes
    expect(
      await ask(at, 0, 'service-clear-std', 'service-tls-std', 'peers-clear-std', 'peers-tls-std', 'edition'),
    ).toEqual([
      `127.0.0.1:${at.node(0).port}`,
      `127.0.0.1:${at.node(0).tlsPort}`,
      `1,3000,[[A2,,[127.0.0.1:${second?.port}]]]`,
      `1,3000,[[A2,db.example,[127.0.0.1:${second?.tlsPort}]]]`,
      'Aerospike Enterprise Edition',
    ])
  })

  it('for TLS are not known to a Community server', async () => {
    const at = await start({})
    expect(await ask(at, 0, 'service-tls-std', 'rack-ids', 'edition')).toEqual([
      'ERROR:25:enterprise only',
      'ERROR:25:enterprise only',
      'Aerospike Community Edition',
    ])
    expect(() => at.tlsSeeds).toThrow('started without `tls`')
  })

  it('can be published for each node on its own, which is told at once', async () => {
    const at = await start({ nodes: 2 })
    const before = await generations(at)
    at.node(1).publish({ host: '10.1.1.1', port: 3000, alternate: 'db2.example:4000' })
    expect(await generations(at)).not.toBe(before)
    expect(await ask(at, 0, 'peers-clear-std', 'peers-clear-alt')).toEqual([
      '2,3000,[[A2,,[10.1.1.1:3000]]]',
      '2,3000,[[A2,,[db2.example:4000]]]',
    ])
    expect(await ask(at, 1, 'service-clear-std', 'service-clear-alt')).toEqual([
      '10.1.1.1:3000',
      'db2.example:4000',
    ])
  })

  it('that change while nobody has noticed the restart are a change as well', async () => {
    const clock = new FakeClock(1_767_225_600_000)
    const at = await start({ nodes: 2, clock, settleMs: 2000 })
    clock.advance(2000)
    const before = await generations(at)
    await at.node(1).restart({ port: 0 })
    clock.advance(2000)
    expect(await generations(at)).not.toBe(before)
    expect((await ask(at, 0, 'peers-clear-std'))[0]).toContain(`127.0.0.1:${at.node(1).port}`)
    // Back at the same place before anybody has noticed: nothing has changed.
    const moved = await generations(at)
    await at.node(1).restart()
    clock.advance(2000)
    expect(await generations(at)).toBe(moved)
  })

  it('are all others after one line', async () => {
    const at = await start({ nodes: 3 })
    const before = at.ports
    const seen: string[] = []
    await at.restartAll((node) => seen.push(node.name))
    expect(seen).toEqual(['A1', 'A2', 'A3'])
    expect(at.ports.filter((port) => before.includes(port))).toEqual([])
  })
})

describe('racks', () => {
  it('are told by node and as a list, and may change', async () => {
    const at = await start({ nodes: 3, racks: [1, 1, 2], namespaces: ['test', 'bar'] })
    expect(await ask(at, 0, 'rack-ids', 'racks:', 'racks:namespace=bar')).toEqual([
      'test:1;bar:1',
      'ns=test:rack_1=A2,A1:rack_2=A3;ns=bar:rack_1=A2,A1:rack_2=A3',
      'rack_1=A2,A1:rack_2=A3',
    ])
    const before = await generations(at)
    at.node(0).setRack(2)
    expect(await generations(at)).not.toBe(before)
    expect(await ask(at, 0, 'rack-ids')).toEqual(['test:2;bar:2'])
  })

  it('each have a copy of every partition', async () => {
    const at = await start({ nodes: 5, racks: [1, 1, 2, 2, 2] })
    for (let partition = 0; partition < 4096; partition++) {
      const racks = [at.ownerOf(partition), at.ownerOf(partition, 1)].map((node) => node?.rack)
      expect([partition, ...racks.sort()]).toEqual([partition, 1, 2])
    }
  })
})
