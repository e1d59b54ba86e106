import { Endpoint } from '@aero/transport'
import { describe, expect, it } from 'vitest'
import { NodeRefusedError } from './errors.ts'
import {
  detailNames,
  generationNames,
  identityNames,
  introduction,
  type ProbeSettings,
  parseDetails,
  parseGenerations,
  parseIdentity,
  publishedIn,
} from './probe-node.ts'

const endpoint = new Endpoint('10.0.0.1', 3000)
const plain: ProbeSettings = {
  useServicesAlternate: false,
  ipMap: new Map([['172.17.0.2', '10.1.1.1']]),
  racks: false,
  clusterName: undefined,
}
const all = { peers: true, partitions: true, racks: true }
const good = {
  node: 'A1',
  build: '8.1.2.0',
  'peers-generation': '3',
  'partition-generation': '5',
  'rebalance-generation': '7',
  'peers-clear-std': '3,3000,[[B1,,[172.17.0.2,[fd00::2]:3100]]]',
  replicas: '',
  'rack-ids': 'test:1',
}
const answerOf = (values: Readonly<Record<string, string | undefined>>): Map<string, string> =>
  new Map(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined))

describe('what is asked', () => {
  it.each([
    ['each round', generationNames(plain), 'node peers-generation partition-generation'],
    [
      'each round, with racks',
      generationNames({ ...plain, racks: true }),
      'node peers-generation partition-generation rebalance-generation',
    ],
    ['peers', detailNames({ peers: true, partitions: false, racks: false }, plain), 'node peers-clear-std'],
    [
      'alternate peers',
      detailNames({ peers: true, partitions: false, racks: false }, { ...plain, useServicesAlternate: true }),
      'node peers-clear-alt',
    ],
    [
      'partitions and racks',
      detailNames({ peers: false, partitions: true, racks: true }, plain),
      'node partition-generation replicas rebalance-generation rack-ids',
    ],
    ['a newcomer', identityNames(plain, false), 'node build peers-clear-std partition-generation replicas'],
    [
      'a seed, with the name of the cluster',
      identityNames({ ...plain, clusterName: 'prod' }, true),
      'node build cluster-name service-clear-std peers-clear-std partition-generation replicas',
    ],
  ])('of %s', (_what, names, expected) => {
    expect(names.join(' ')).toBe(expected)
  })
})

describe('what is understood', () => {
  it('generations', () => {
    expect(parseGenerations(answerOf(good), endpoint, { ...plain, racks: true })).toEqual({
      answeredAs: 'A1',
      generations: { peers: 3, partitions: 5, rebalance: 7 },
    })
  })

  it('peers, with mapped addresses and the IPv6 ones', () => {
    const { details } = parseDetails(answerOf(good), endpoint, all, plain)
    expect(details.peers?.list[0]?.endpoints.map(String)).toEqual(['10.1.1.1:3000', '[fd00::2]:3100'])
    expect(details.peers?.generation).toBe(3)
  })

  it('racks, and a server that has none', () => {
    const racksOf = (text: string) =>
      parseDetails(answerOf({ ...good, 'rack-ids': text }), endpoint, all, plain).details.racks?.ids
    expect(racksOf('test:1')).toEqual(new Map([['test', 1]]))
    expect(racksOf('ERROR:25:enterprise only')).toEqual(new Map())
  })

  it('a server that is starting, whatever it says about replicas', () => {
    const answer = answerOf({ ...good, 'partition-generation': '-1', replicas: 'ERROR:11:unavailable' })
    expect(parseIdentity(answer, endpoint, plain).details.partitions).toEqual({ generation: -1, claims: [] })
  })

  it('the addresses a seed publishes, or that it publishes none', () => {
    const publish = (text: string | undefined) =>
      publishedIn(answerOf({ 'service-clear-std': text }), endpoint, plain).map(String)
    expect(publish('172.17.0.2:3000,10.0.0.7:3100')).toEqual(['10.1.1.1:3000', '10.0.0.7:3100'])
    expect([publish(''), publish(undefined), publish('ERROR:4:no'), publish('host:x')]).toEqual([
      [],
      [],
      [],
      [],
    ])
  })
})

describe('over TLS', () => {
  const tls = { ...plain, tls: true }

  it.each([
    [{ ...tls }, ['peers-tls-std', 'service-tls-std']],
    [{ ...tls, useServicesAlternate: true }, ['peers-tls-alt', 'service-tls-alt']],
    [plain, ['peers-clear-std', 'service-clear-std']],
  ])('the addresses for TLS are asked for: %o', (settings, names) => {
    expect(identityNames(settings, true)).toEqual(expect.arrayContaining(names))
    expect(identityNames(settings, true).filter((name) => /^(peers|service)-.*-/.test(name))).toHaveLength(2)
  })

  it('peers go by the TLS names they publish, and a seed by its own', () => {
    const answer = answerOf({
      ...good,
      'peers-tls-std': '7,4333,[[B1,b.example,[10.0.0.2]]]',
      'service-tls-std': '10.0.0.1:4333',
    })
    const [peer] = parseIdentity(answer, endpoint, tls).details.peers?.list ?? []
    expect(peer?.endpoints.map(({ host, port, tlsName }) => [host, port, tlsName])).toEqual([
      ['10.0.0.2', 4333, 'b.example'],
    ])
    const seed = new Endpoint('10.0.0.1', 4333, 'a.example')
    expect(publishedIn(answer, seed, tls).map(({ tlsName }) => tlsName)).toEqual(['a.example'])
  })
})

describe('what is refused, by a sentence with the address', () => {
  it.each([
    [{ node: undefined }, "10.0.0.1:3000: no answer to 'node'"],
    [{ node: '' }, "10.0.0.1:3000: no answer to 'node'"],
    [{ build: 'FAIL:9:x' }, "10.0.0.1:3000: error 9 in answer to 'build': x"],
    [{ 'partition-generation': 'x' }, "10.0.0.1:3000: partition-generation is not a number: 'x'"],
    [{ 'peers-clear-std': '3,3000,[[B1' }, "10.0.0.1:3000: unreadable answer to 'peers-clear-std': "],
    [{ 'peers-clear-std': 'ERROR:4:no' }, "10.0.0.1:3000: error 4 in answer to 'peers-clear-std': no"],
    [{ replicas: 'test:0,1,AAAA' }, "10.0.0.1:3000: unreadable answer to 'replicas': "],
    [{ replicas: undefined }, "10.0.0.1:3000: no answer to 'replicas'"],
  ])('%j', (wrong, message) => {
    let seen: unknown
    try {
      parseIdentity(answerOf({ ...good, ...wrong }), endpoint, plain)
    } catch (error) {
      seen = error
    }
    expect(seen).toBeInstanceOf(NodeRefusedError)
    expect(seen).toMatchObject({ reason: 'unreadable-answer', endpoint })
    expect((seen as Error).message).toContain(message)
  })
})

describe('introduction', () => {
  const userAgent = { client: 'aero-1.2.3', application: 'shop' }

  it('says version and application, base64', () => {
    expect(introduction('8.1.0.0', userAgent)).toBe(
      `user-agent-set:value=${Buffer.from('1,aero-1.2.3,shop').toString('base64')}`,
    )
    expect(introduction('8.1.0.0', { ...userAgent, application: undefined })).toBe(
      `user-agent-set:value=${Buffer.from('1,aero-1.2.3,not-set').toString('base64')}`,
    )
  })

  it.each(['8.0.0.9', '7.2.0.1', 'unknown', ''])('is not for version %j', (build) => {
    expect(introduction(build, userAgent)).toBeUndefined()
  })
})
