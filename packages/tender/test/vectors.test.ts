import { ByteReader, ByteWriter, decodeInfoReply, decodeInfoRequest, encodeInfoRequest } from '@aero/codec'
import { hex, loadVectors, toHex, type VectorEvent, vectorsFolder } from '@aero/testkit'
import { Endpoint } from '@aero/transport'
import { describe, expect, it } from 'vitest'
import { isHealthy } from '../src/cluster-state.ts'
import {
  introduction,
  type ProbeSettings,
  parseDetails,
  parseGenerations,
  parseIdentity,
} from '../src/probe-node.ts'
import { bitmap, form, ModelCluster, type ModelServer } from './model-cluster.ts'
import { StepDriver } from './step-driver.ts'

const INFO_FRAME = '0201'
const HEADER_BYTES = 8

const endpoint = new Endpoint('127.0.0.1', 3000)

/** What a conversation on one connection said: the request's names and the values of the answer. */
interface Exchange {
  readonly node: string | undefined
  readonly names: readonly string[]
  readonly values: ReadonlyMap<string, string>
  readonly request: Uint8Array
}

/** The info exchanges of a session, in order: the answer to a request is the next response on its connection. */
function exchangesOf(session: readonly VectorEvent[]): Exchange[] {
  const open = new Map<string, Uint8Array>()
  const exchanges: Exchange[] = []
  for (const event of session) {
    const connection = `${event.node} ${event.conn}`
    if (event.hex === undefined || !event.hex.startsWith(INFO_FRAME)) continue
    if (event.ev === 'request') open.set(connection, hex(event.hex))
    const request = open.get(connection)
    if (event.ev !== 'response' || request === undefined) continue
    const names = decodeInfoRequest(ByteReader.over(request.subarray(HEADER_BYTES)))
    const values = decodeInfoReply(ByteReader.over(hex(event.hex).subarray(HEADER_BYTES)))
    exchanges.push({ node: event.node, names, values, request })
    open.delete(connection)
  }
  return exchanges
}

const sessions = ['connect', 'cluster'].flatMap((group) =>
  loadVectors(group).map((vector) => ({
    name: `${group}/${vector.name}`,
    exchanges: exchangesOf(vector.session ?? []),
  })),
)

// Why a skip: the recordings are not part of the repository.
describe.skipIf(vectorsFolder() === undefined)('recorded tending (needs AERO_VECTORS)', () => {
  it('is there', () => {
    expect(sessions.flatMap(({ exchanges }) => exchanges).length).toBeGreaterThan(200)
  })

  it.each(sessions)('$name: every answer is understood', ({ exchanges }) => {
    for (const { names, values } of exchanges) {
      const settings: ProbeSettings = {
        useServicesAlternate: names.includes('peers-clear-alt'),
        ipMap: new Map(),
        racks: names.includes('rebalance-generation'),
        clusterName: values.get('cluster-name'),
      }
      const has = (name: string): boolean => names.includes(name)
      if (has('node') && has('build')) {
        // The recorded client asks for the lists later; here they are made up.
        const rest = [
          ['peers-clear-std', '0,3000,[]'],
          ['replicas', ''],
        ] as const
        const identity = parseIdentity(new Map([...values, ...rest]), endpoint, settings)
        expect(identity).toMatchObject({ name: values.get('node'), build: '8.1.2.0' })
        expect(identity.clusterName).toBe(values.get('cluster-name'))
      } else if (has('peers-generation')) {
        const { answeredAs, generations } = parseGenerations(values, endpoint, settings)
        expect(answeredAs).toBe(values.get('node'))
        expect(String(generations.partitions)).toBe(values.get('partition-generation'))
        expect(String(generations.peers)).toBe(values.get('peers-generation'))
      } else if (has('peers-clear-std') || has('peers-clear-alt') || has('replicas') || has('rack-ids')) {
        const choice = {
          peers: has('peers-clear-std') || has('peers-clear-alt'),
          partitions: has('replicas'),
          racks: has('rack-ids'),
        }
        const { details } = parseDetails(new Map([['node', 'A1'], ...values]), endpoint, choice, settings)
        expect(details.peers?.list.length ?? 0).toBeLessThanOrEqual(1)
        for (const claim of details.partitions?.claims ?? []) {
          expect(claim).toMatchObject({ namespace: 'test', regime: 0 })
          for (const bits of claim.replicas) expect(bits).toHaveLength(512)
        }
        if (choice.racks) expect(details.racks?.ids.size).toBe(0)
      }
    }
  })

  it.each(sessions)('$name: our frames are those that were sent', ({ exchanges }) => {
    for (const { names, request } of exchanges) {
      const out = new ByteWriter(64)
      encodeInfoRequest(out, names)
      expect(toHex(out.written())).toBe(toHex(request))
    }
  })

  it('introduces itself as the official client does, but for the name', () => {
    const sent = sessions.flatMap(({ exchanges }) => exchanges.flatMap(({ names }) => names))
    for (const application of [undefined, 'my-app']) {
      expect(sent).toContain(introduction('8.1.2.0', { client: 'nodejs-6.7.1', application }))
    }
  })

  it('follows a node that leaves and returns, through the maps of a migration', () => {
    const { exchanges } = sessions.find(({ name }) =>
      name.endsWith('node_leaves_and_returns'),
    ) as (typeof sessions)[0]
    const maps = exchanges.flatMap(({ node, values }) => {
      if (!values.has('replicas')) return []
      const choice = { peers: false, partitions: true, racks: false }
      const settings = { useServicesAlternate: false, ipMap: new Map(), racks: false, clusterName: undefined }
      const { details } = parseDetails(new Map([['node', 'x'], ...values]), endpoint, choice, settings)
      return [{ node, ...details.partitions }]
    })
    const order = 'E1 E2 | E1 | E1 E2 E1 E2 E1 E2 E1 E2 E1 E2 E1'
    expect(maps.map(({ node }) => node).join(' ')).toBe(order.replaceAll(' |', ''))

    const model = new ModelCluster()
    const [one, two] = model.formed(['E1', 'E2']) as [ModelServer, ModelServer]
    const driver = new StepDriver(model, [one.endpoint])
    const serve = (count: number): void => {
      for (const { node, claims, generation } of maps.splice(0, count)) {
        const server = node === 'E1' ? one : two
        server.owned = [...(claims ?? [])]
        server.partitionGeneration = generation ?? 0
      }
    }
    serve(2)
    driver.round()
    expect(driver.names).toBe('E1 E2')
    const before = owners(driver)

    two.mode = 'refusing'
    form([one])
    serve(1)
    driver.round(2)
    expect(driver.names).toBe('E1')
    expect(new Set(owners(driver))).toEqual(new Set(['E1']))

    two.mode = 'up'
    one.peers = [two]
    two.peers = [one]
    one.peersGeneration++
    while (maps.length > 0) {
      serve(2)
      driver.round()
      expect([...driver.state.nodes.values()].every(isHealthy)).toBe(true)
      expect(owners(driver).every((owner) => owner.startsWith('E'))).toBe(true)
    }
    expect(owners(driver)).toEqual(before)
    expect(driver.state.partitions.get('test')?.owners.flat().includes(undefined)).toBe(false)
  })
})

/** The master and the replica of every partition. */
function owners(driver: StepDriver): string[] {
  const count = bitmap(() => true).length * 8
  return Array.from({ length: count }, (_, partition) => driver.owners(partition))
}
