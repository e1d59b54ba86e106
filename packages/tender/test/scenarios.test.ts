import { Endpoint } from '@aero/transport'
import { describe, expect, it } from 'vitest'
import type { TendRules } from '../src/cluster-step.ts'
import { bitmap, form, ModelCluster, type ModelServer } from './model-cluster.ts'
import { StepDriver } from './step-driver.ts'

/** A formed cluster that has been tended once. */
function tended(names: readonly string[], rules: Partial<TendRules> = {}) {
  const model = new ModelCluster()
  const servers = model.formed(names)
  const [seed] = servers as [ModelServer]
  const driver = new StepDriver(model, [seed.endpoint], rules).round()
  driver.news()
  return {
    model,
    servers,
    driver,
    server: (name: string) => servers.find((one) => one.name === name) as ModelServer,
  }
}

describe('meeting the cluster', () => {
  it('finds everybody through one seed, within one round', () => {
    const model = new ModelCluster()
    const [seed] = model.formed(['A', 'B', 'C']) as [ModelServer]
    const driver = new StepDriver(model, [seed.endpoint]).round()
    expect(driver.names).toBe('A B C')
    expect(driver.news()).toEqual(['seed', 'open A', 'identify B', 'identify C', 'open B', 'open C'])
    expect([driver.owners(0), driver.owners(1), driver.owners(2)]).toEqual(['A B', 'B C', 'C A'])
  })

  it('takes a node once, however many seeds lead to it', () => {
    const model = new ModelCluster()
    const servers = model.formed(['A', 'B'])
    model.detours.set('10.9.9.9:3000', () => servers[0])
    const seeds = [...servers.map(({ endpoint }) => endpoint), new Endpoint('10.9.9.9', 3000)]
    const driver = new StepDriver(model, seeds).round(2)
    expect(driver.names).toBe('A B')
    expect(driver.news().filter((line) => line.startsWith('open'))).toEqual(['open A', 'open B'])
  })

  it('takes a node once that a list of peers names twice', () => {
    const { model, server, driver } = tended(['A', 'B'])
    const joining = model.server('C')
    server('A').peers = [server('B'), joining, joining, server('B'), server('A')]
    server('A').peersGeneration++
    joining.peers = [server('A'), server('B')]
    driver.round()
    expect(driver.names).toBe('A B C')
    expect(driver.news()).toEqual(['identify C', 'open C'])
    expect(driver.state.nodes.get('A')?.peers.map(({ name }) => name)).toEqual(['B', 'C'])
  })

  it('takes in a node without partitions', () => {
    const { model, driver, servers } = tended(['A', 'B'])
    const joining = model.server('C')
    for (const server of servers) {
      server.peers = [...server.peers, joining]
      server.peersGeneration++
    }
    joining.peers = servers
    expect(driver.round(3).names).toBe('A B C')
  })

  it('leaves out a node that is starting, and takes it when it is ready', () => {
    const { model, driver, servers } = tended(['A', 'B'])
    const joining = model.server('C')
    form([...servers, joining])
    joining.partitionGeneration = -1
    driver.round()
    expect(driver.names).toBe('A B')
    expect(driver.news()).toEqual([
      'identify C',
      'refused 10.0.0.1:3002: node C is starting and owns no partitions yet',
    ])
    joining.partitionGeneration = 1
    expect(driver.round().names).toBe('A B C')
  })

  it('refuses a node of another cluster, by name, and asks again in each round', () => {
    const { model, server, driver } = tended(['A', 'B'], { clusterName: 'model' })
    const stranger = model.server('X')
    stranger.clusterName = 'other'
    server('A').peers = [server('B'), stranger]
    server('A').peersGeneration++
    const refusal = "refused 10.0.0.1:3002: node X belongs to cluster 'other', expected 'model'"
    driver.round(2)
    expect(driver.news()).toEqual(['identify X', refusal, 'identify X', refusal])
    stranger.clusterName = 'model'
    expect(driver.round().names).toBe('A B X')
  })

  it('leaves a node that has become one of another cluster, under its old name and address, and does not follow it there', () => {
    const { model, server, driver } = tended(['A', 'B', 'C'], { clusterName: 'model' })
    const other = model.server('Y')
    other.clusterName = server('C').clusterName = 'other'
    form([server('A'), server('B')])
    form([server('C'), other])
    driver.round(2)
    expect(driver.names).toBe('A B')
    expect([driver.owners(0), driver.owners(1)]).toEqual(['A B', 'B A'])
    expect(driver.news()).toEqual(['close C unreachable'])
  })

  it('refuses a node that answers under another name than the one it was called by', () => {
    const { model, server, driver } = tended(['A', 'B'])
    const impostor = model.server('Z')
    server('A').peers = [server('B'), { name: 'C', hosts: [impostor.endpoint] }]
    server('A').peersGeneration++
    driver.round()
    expect(driver.names).toBe('A B')
    expect(driver.news()).toContain('refused 10.0.0.1:3002: answers as node Z, expected C')
  })

  it('refuses a server that is too old', () => {
    const model = new ModelCluster()
    const [old] = model.formed(['A']) as [ModelServer]
    old.build = '4.9.0.3'
    const driver = new StepDriver(model, [old.endpoint]).round()
    expect(driver.names).toBe('')
    expect(driver.news()[1]).toMatch(/version '4\.9\.0\.3'/)
  })

  it('does not mix two clusters behind two seeds', () => {
    const model = new ModelCluster()
    const [first] = model.formed(['A', 'B']) as [ModelServer]
    const [other] = model.formed(['X', 'Y']) as [ModelServer]
    const driver = new StepDriver(model, [first.endpoint, other.endpoint]).round(2)
    expect(driver.names).toBe('A B')
    expect(driver.news()).toContain(
      'refused 10.0.0.1:3002: node X and the cluster of A do not know of each other',
    )
  })

  it('prefers a cluster to a node that stands alone, in whichever order they answer', () => {
    for (const loneFirst of [true, false]) {
      const model = new ModelCluster()
      const [lone] = model.formed(['L']) as [ModelServer]
      const [member] = model.formed(['A', 'B']) as [ModelServer]
      const seeds = loneFirst ? [lone.endpoint, member.endpoint] : [member.endpoint, lone.endpoint]
      const driver = new StepDriver(model, seeds).round(2)
      expect(driver.names).toBe('A B')
      expect(driver.owners(0)).toBe('A B')
    }
  })
})

describe('joining and leaving', () => {
  it('follows a join to the newcomer and its partitions within one round', () => {
    const { model, servers, driver } = tended(['A', 'B'])
    const joining = model.server('C')
    form([...servers, joining])
    driver.round()
    expect(driver.news()).toEqual(['identify C', 'open C'])
    expect([driver.owners(0), driver.owners(1), driver.owners(2)]).toEqual(['A B', 'B C', 'C A'])
  })

  it('keeps a silent node while a healthy one names it, and drops it when none does', () => {
    const { server, driver } = tended(['A', 'B', 'C'])
    server('C').mode = 'refusing'
    driver.round(12)
    expect(driver.names).toBe('A B C')
    form([server('A'), server('B')])
    driver.round()
    expect(driver.names).toBe('A B')
    expect(driver.news()).toEqual(['close C unreachable'])
    expect([driver.owners(0), driver.owners(1)]).toEqual(['A B', 'B A'])
  })

  it('drops two nodes that leave at once, each of which still names the other', () => {
    const { server, driver } = tended(['A', 'B', 'C', 'D'])
    server('C').mode = 'refusing'
    server('D').mode = 'silent'
    form([server('A'), server('B')])
    driver.round()
    expect(driver.names).toBe('A B')
    expect(driver.news().sort()).toEqual(['close C unreachable', 'close D unreachable'])
  })

  it('drops a node that answers but is named by nobody and owns nothing', () => {
    const { server, driver } = tended(['A', 'B', 'C'])
    form([server('A'), server('B')])
    server('C').owned = []
    server('C').partitionGeneration++
    driver.round()
    expect(driver.names).toBe('A B')
    expect(driver.news()).toEqual(['close C left'])
  })

  it('keeps a node that nobody names while it owns partitions', () => {
    const { server, driver } = tended(['A', 'B', 'C'])
    for (const one of [server('A'), server('B')]) {
      one.peers = one.peers.filter(({ name }) => name !== 'C')
      one.peersGeneration++
    }
    driver.round(4)
    expect(driver.names).toBe('A B C')
    expect(driver.owners(2)).toBe('C A')
  })

  it('comes down to one node whose only peer has gone', () => {
    const { server, driver } = tended(['A', 'B'])
    server('B').mode = 'refusing'
    form([server('A')])
    driver.round(2)
    expect(driver.names).toBe('A')
    expect(driver.owners(0)).toBe('A')
    expect(driver.owners(4095)).toBe('A')
  })

  it('believes peers that disagree as long as one of them is healthy', () => {
    const { server, driver } = tended(['A', 'B', 'C'])
    server('C').mode = 'silent'
    server('A').peers = [server('B')]
    server('A').peersGeneration++
    expect(driver.round(3).names).toBe('A B C')
    server('B').peers = [server('A')]
    server('B').peersGeneration++
    expect(driver.round().names).toBe('A B')
  })

  it('does not count what a failing node says about others', () => {
    const { server, driver } = tended(['A', 'B', 'C', 'D'])
    form([server('A'), server('B')])
    server('C').mode = 'refusing'
    server('D').mode = 'refusing'
    driver.begin()
    while (driver.pending.length > 0) driver.deliver(driver.pending.length - 1)
    driver.end()
    expect(driver.names).toBe('A B')
  })

  it('never empties the cluster because nodes deny each other', () => {
    const { server, driver } = tended(['A', 'B'])
    for (const one of [server('A'), server('B')]) {
      one.peers = [{ name: 'ghost', hosts: [new Endpoint('10.0.0.99', 1)] }]
      one.peersGeneration++
      one.owned = []
      one.partitionGeneration++
    }
    driver.round(5)
    expect(driver.names).toBe('A B')
  })
})

describe('addresses', () => {
  it('finds a node under its new address and closes the old connections', () => {
    const { server, driver } = tended(['A', 'B', 'C'])
    const before = driver.state.nodes.get('C')
    server('C').endpoint = new Endpoint('10.0.0.7', 3000)
    for (const one of [server('A'), server('B')]) one.peersGeneration++
    driver.round(2)
    const after = driver.state.nodes.get('C')
    expect(after?.endpoint.toString()).toBe('10.0.0.7:3000')
    expect(after?.incarnation).not.toBe(before?.incarnation)
    expect(driver.news()).toEqual(['identify C', 'close C address-changed', 'open C'])
    expect(driver.owners(2)).toBe('C A')
  })

  it('stays at the address in use while it works, whatever else is published', () => {
    const { server, driver } = tended(['A', 'B'])
    server('B').published = [new Endpoint('10.0.0.50', 3000), new Endpoint('10.0.0.51', 3000)]
    server('A').peersGeneration++
    driver.round(3)
    expect(driver.state.nodes.get('B')?.endpoint.toString()).toBe('10.0.0.1:3001')
    expect(driver.news()).toEqual([])
  })

  it('counts another node at the address as a failure', () => {
    const { model, server, driver } = tended(['A', 'B', 'C'])
    const squatter = model.server('S')
    const place = server('C').endpoint
    server('C').endpoint = new Endpoint('10.0.0.8', 3000)
    squatter.endpoint = place
    for (const one of [server('A'), server('B')]) one.peersGeneration++
    driver.round(2)
    expect(driver.names).toBe('A B C')
    expect(driver.state.nodes.get('C')?.endpoint.toString()).toBe('10.0.0.8:3000')
  })

  it('moves a node away from a load balancer as soon as that shows, though the node answers again', () => {
    const model = new ModelCluster()
    const [first, second] = model.formed(['A', 'B']) as [ModelServer, ModelServer]
    let behind = first
    const balancer = new Endpoint('10.5.5.5', 3000)
    model.detours.set(balancer.toString(), () => behind)
    const driver = new StepDriver(model, [balancer]).round()
    expect(driver.state.nodes.get('A')?.endpoint.host).toBe('10.5.5.5')
    behind = second
    driver.round()
    behind = first
    driver.round()
    expect(driver.state.nodes.get('A')?.endpoint.toString()).toBe('10.0.0.1:3000')
    expect(driver.names).toBe('A B')
  })

  it('ignores what is still reported of an incarnation that is gone', () => {
    const { server, driver } = tended(['A', 'B'])
    driver.begin()
    const late = [...driver.pending]
    while (driver.pending.length > 0) driver.deliver(0)
    driver.end()
    server('B').endpoint = new Endpoint('10.0.0.9', 3000)
    server('A').peersGeneration++
    driver.round(2)
    const { state } = driver
    driver.pending = late
    while (driver.pending.length > 0) driver.deliver(0)
    expect(driver.state.nodes.get('B')).toBe(state.nodes.get('B'))
  })
})

describe('restarts and generations', () => {
  it('asks for lists only when their generation has moved', () => {
    const { driver } = tended(['A', 'B'])
    driver.begin()
    const before = driver.pending.length
    driver.deliver(0)
    driver.deliver(0)
    expect([before, driver.pending.length]).toEqual([2, 0])
  })

  it('does not touch the state when nothing has moved', () => {
    const { driver } = tended(['A', 'B', 'C'])
    const { nodes, partitions } = driver.state
    driver.round(3)
    expect(driver.state.nodes).toBe(nodes)
    expect(driver.state.partitions).toBe(partitions)
  })

  it.each(['peersGeneration', 'partitionGeneration'] as const)(
    'notices a restart by a %s that falls',
    (which) => {
      const { server, driver } = tended(['A', 'B'])
      server('B')[which] += 40
      driver.round()
      expect(driver.news()).toEqual([])
      server('B')[which] = 1
      driver.round()
      expect(driver.news()).toEqual(['restarted B'])
      expect(driver.names).toBe('A B')
      expect(driver.round().news()).toEqual([])
    },
  )

  it('asks for everything again after a failure, though the generations are the old ones', () => {
    const { server, driver } = tended(['A', 'B', 'C'])
    server('C').mode = 'refusing'
    driver.round(2)
    server('C').mode = 'up'
    server('C').owned = [{ namespace: 'test', regime: 0, replicas: [bitmap((p) => p === 7)] }]
    driver.round()
    expect(driver.owners(7).split(' ')[0]).toBe('C')
    expect(driver.state.nodes.get('C')?.failures).toBe(0)
  })

  it('leaves failing nodes alone in early rounds', () => {
    const { server, driver } = tended(['A', 'B'])
    server('B').mode = 'refusing'
    driver.round()
    driver.begin(true)
    expect(driver.pending).toHaveLength(1)
  })
})

describe('partitions', () => {
  it('follows a new map', () => {
    const { servers, driver } = tended(['A', 'B', 'C'])
    form(servers, { rotation: 1 })
    driver.round()
    expect([driver.owners(0), driver.owners(1), driver.owners(2)]).toEqual(['B C', 'C A', 'A B'])
  })

  it('shows a partition that moves, with one node at two levels, as the server tells it', () => {
    const { server, driver } = tended(['A', 'B'])
    const others = (p: number): boolean => p !== 0 && p % 2 === 0
    server('A').owned = [
      {
        namespace: 'test',
        regime: 0,
        replicas: [bitmap((p) => p === 0 || others(p)), bitmap((p) => p === 0 || p % 2 === 1)],
      },
    ]
    server('B').owned = [
      { namespace: 'test', regime: 0, replicas: [bitmap((p) => p % 2 === 1), bitmap(others)] },
    ]
    for (const one of [server('A'), server('B')]) one.partitionGeneration++
    driver.round()
    expect([driver.owners(0), driver.owners(1), driver.owners(2)]).toEqual(['A A', 'B A', 'A B'])
  })

  it('gives a partition to whoever else claims it when its owner lets go', () => {
    const { server, driver } = tended(['A', 'B'])
    server('A').owned = [
      {
        namespace: 'test',
        regime: 0,
        replicas: [bitmap((p) => p % 2 === 0 || p === 1), bitmap(() => false)],
      },
    ]
    server('A').partitionGeneration++
    driver.round()
    expect(driver.owners(1)).toBe('A -')
    form([server('A'), server('B')])
    server('B').partitionGeneration--
    driver.round()
    expect(driver.owners(1)).toBe('B A')
  })

  it('prefers the higher regime to the later word, and stays with it when its claimant has gone', () => {
    const { server, driver, servers } = tended(['A', 'B', 'C'])
    const claim = (name: string, regime: number): void => {
      server(name).owned = [{ namespace: 'strong', regime, replicas: [bitmap((p) => p === 5)] }]
      server(name).partitionGeneration++
      driver.round()
    }
    claim('A', 7)
    claim('B', 6)
    expect(driver.owners(5, 'strong')).toBe('A')
    claim('B', 8)
    expect(driver.owners(5, 'strong')).toBe('B')
    expect(driver.state.partitions.get('strong')?.strongConsistency).toBe(true)
    server('B').mode = 'refusing'
    for (const one of servers) one.peers = one.peers.filter(({ name }) => name !== 'B')
    for (const one of servers) one.peersGeneration++
    driver.round()
    expect(driver.names).toBe('A C')
    expect(driver.owners(5, 'strong')).toBe('-')
    claim('A', 8)
    expect(driver.owners(5, 'strong')).toBe('A')
  })

  it('forgets a namespace that nobody serves any more', () => {
    const { servers, driver } = tended(['A', 'B'])
    form(servers, { namespaces: ['test', 'more'] })
    driver.round()
    expect([...driver.state.partitions.keys()].sort()).toEqual(['more', 'test'])
    form(servers, { namespaces: ['more'] })
    driver.round()
    expect([...driver.state.partitions.keys()]).toEqual(['more'])
  })

  it('does not believe a node that names no peers while others are healthy', () => {
    const { server, driver } = tended(['A', 'B', 'C'])
    form([server('C')])
    driver.round(3)
    expect(driver.names).toBe('A B C')
    expect([driver.owners(0), driver.owners(2)]).toEqual(['A B', 'C A'])
    form([server('A'), server('B')])
    driver.round()
    expect([driver.owners(0), driver.owners(2)]).toEqual(['A B', 'A B'])
    // What it owned has been taken over, and nobody names it.
    expect(driver.names).toBe('A B')
    expect(driver.news()).toEqual(['close C left'])
  })

  it('leaves what others took over to them when a node that stood still says again what it said before', () => {
    const { server, driver } = tended(['A', 'B', 'C'])
    expect(driver.owners(2)).toBe('C A')
    server('C').mode = 'silent'
    driver.round()
    // The others have noticed and share its partitions; their lists of peers still name it.
    const named = [server('A').peers, server('B').peers]
    form([server('A'), server('B')])
    ;[server('A').peers, server('B').peers] = named as [ModelServer[], ModelServer[]]
    driver.round()
    expect([driver.names, driver.owners(2)]).toEqual(['A B C', 'A B'])
    // It goes on and has not noticed.
    server('C').mode = 'up'
    driver.round()
    expect([driver.names, driver.owners(2)]).toEqual(['A B C', 'A B'])
    // They have found each other.
    form([server('A'), server('B'), server('C')])
    driver.round()
    expect(driver.owners(2)).toBe('C A')
  })

  it('asks a node again that was not believed once the others are gone', () => {
    const { server, driver } = tended(['A', 'B'])
    form([server('B')])
    driver.round(2)
    expect(driver.owners(0)).toBe('A B')
    server('A').mode = 'refusing'
    driver.round(2)
    expect(driver.names).toBe('B')
    expect(driver.owners(0)).toBe('B')
  })
})

describe('losing everything', () => {
  it('asks the seeds again in the first round in which nobody is healthy', () => {
    const { servers, driver } = tended(['A', 'B'])
    for (const one of servers) one.mode = 'refusing'
    driver.round()
    expect(driver.news()).toEqual([])
    driver.round()
    expect(driver.news()).toEqual(['seed'])
  })

  it('keeps nodes for five failures and then lets go of them', () => {
    const { servers, driver } = tended(['A', 'B'])
    for (const one of servers) one.mode = 'refusing'
    driver.round(4)
    expect(driver.names).toBe('A B')
    driver.round()
    expect(driver.names).toBe('')
    expect(driver.state.partitions.size).toBe(0)
    for (const one of servers) one.mode = 'up'
    driver.round()
    expect(driver.names).toBe('A B')
    expect(driver.owners(0)).toBe('A B')
  })

  it('finds a cluster that moved as a whole, through seeds that lead to the new addresses', () => {
    const { model, servers, driver } = tended(['A', 'B', 'C'])
    servers.forEach((server, index) => {
      model.detours.set(server.endpoint.toString(), () => undefined)
      server.endpoint = new Endpoint('10.7.0.1', 4000 + index)
    })
    driver.round()
    model.detours.set(String(driver.seeds[0]), () => servers[1])
    driver.round(2)
    expect(driver.names).toBe('A B C')
    const places = [...driver.state.nodes.values()].map((node) => `${node.name} ${node.endpoint}`)
    expect(places.sort()).toEqual(['A 10.7.0.1:4000', 'B 10.0.0.1:3000', 'C 10.7.0.1:4002'])
    expect(driver.owners(1)).toBe('B C')
  })

  it('drops the old cluster when the seeds lead to another one of other names', () => {
    const { model, servers, driver } = tended(['A', 'B'])
    for (const one of servers) one.mode = 'refusing'
    const [fresh] = model.formed(['P', 'Q']) as [ModelServer]
    driver.round()
    model.detours.set(String(driver.seeds[0]), () => fresh)
    driver.round(2)
    expect(driver.names).toBe('P Q')
    expect(driver.owners(0)).toBe('P Q')
  })
})

describe('racks', () => {
  it('keeps rack ids by rebalance generation', () => {
    const model = new ModelCluster()
    const [seed] = model.formed(['A', 'B']) as [ModelServer]
    seed.racks = 'test:4;more:5'
    const driver = new StepDriver(model, [seed.endpoint], { racks: true }).round()
    expect(driver.state.nodes.get('A')?.racks).toEqual(
      new Map([
        ['test', 4],
        ['more', 5],
      ]),
    )
    expect(driver.state.nodes.get('B')?.racks.size).toBe(0)
    seed.racks = 'test:6'
    expect(driver.round().state.nodes.get('A')?.racks.get('test')).toBe(4)
    seed.rebalanceGeneration++
    expect(driver.round().state.nodes.get('A')?.racks.get('test')).toBe(6)
  })
})
