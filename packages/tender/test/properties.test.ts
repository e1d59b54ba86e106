import { PARTITION_COUNT } from '@aero/codec'
import { type Random, rounds, seededRandom } from '@aero/testkit'
import { Endpoint } from '@aero/transport'
import { describe, expect, it } from 'vitest'
import { bitmap, form, ModelCluster, type ModelServer } from './model-cluster.ts'
import { StepDriver } from './step-driver.ts'

const STEPS = 120

/** A cluster to which anything may happen, tended by reports that come in any order and at any time. */
class Chaos {
  readonly random: Random
  readonly model = new ModelCluster()
  readonly driver: StepDriver
  members: ModelServer[]
  #regime = 1
  #nextName = 0

  constructor(random: Random) {
    this.random = random
    this.members = this.model.formed(['N0', 'N1', 'N2'])
    this.#nextName = 3
    const seeds = [new Endpoint('seed-a', 3000), new Endpoint('seed-b', 3000)]
    for (const seed of seeds) this.model.detours.set(seed.toString(), () => this.random.pick(this.members))
    this.driver = new StepDriver(this.model, seeds)
  }

  step(): void {
    const { random, driver } = this
    const roll = random.float()
    if (roll < 0.55 && driver.pending.length > 0) driver.deliver(random.int(0, driver.pending.length - 1))
    else if (roll < 0.65) driver.begin(random.chance(0.3))
    else if (roll < 0.75) driver.end()
    else this.#happen()
  }

  /** From now on everything is as it should be: only members are up, and they agree. */
  settle(): void {
    for (const server of this.model.servers) server.mode = this.members.includes(server) ? 'up' : 'refusing'
    this.#form()
    // A generation that stands for two different lists would fool any client: the protocol has nothing else to go by.
    for (const server of this.members) {
      server.peersGeneration += 1000
      server.partitionGeneration += 1000
    }
  }

  #happen(): void {
    const { random, members } = this
    const victim = random.pick(members)
    switch (random.int(0, 8)) {
      case 0: {
        if (members.length < 6) this.members = [...members, this.model.server(`N${this.#nextName++}`)]
        this.#form()
        break
      }
      case 1: {
        if (members.length > 1) this.members = members.filter((server) => server !== victim)
        victim.mode = random.pick(['refusing', 'silent', 'up'])
        this.#form()
        break
      }
      case 2:
        victim.mode = random.pick(['up', 'refusing', 'silent'])
        break
      case 3:
        victim.mode = 'up'
        break
      case 4:
        this.#form()
        break
      case 5:
        victim.endpoint = new Endpoint(
          `10.0.${random.int(1, 9)}.${random.int(1, 250)}`,
          random.int(3000, 9000),
        )
        for (const other of members) other.peersGeneration++
        break
      case 6:
        // Restarted: generations begin again.
        victim.peersGeneration = random.int(0, 3)
        victim.partitionGeneration = random.int(0, 3)
        break
      case 7: {
        const one = random.int(0, 7)
        const claim = { namespace: 'test', regime: 0, replicas: [bitmap((p) => p % 8 === one)] }
        const strong = {
          namespace: 'strong',
          regime: random.int(0, 3),
          replicas: [bitmap((p) => p % 8 !== one)],
        }
        victim.owned = [claim, strong]
        victim.partitionGeneration++
        break
      }
      default:
        victim.peers = random.shuffled(this.model.servers).slice(0, random.int(0, 3))
        victim.peersGeneration++
    }
  }

  #form(): void {
    const rotation = this.random.int(0, 5)
    form(this.members, { namespaces: ['test'], rotation })
    const [...owned] = this.members.map((server) => server.owned)
    form(this.members, { namespaces: ['strong'], rotation, regime: this.#regime++ })
    this.members.forEach((server, index) => {
      server.owned = [...(owned[index] ?? []), ...server.owned]
    })
  }
}

/** Tables that were looked through already; most steps change none, and looking is what takes the time. */
const seen = new WeakSet<object>()
let seenNodes: object | undefined

/** Every claim that tending makes about itself, whatever was reported. */
function checkInvariants({ state, open }: StepDriver): void {
  const incarnations = [...state.nodes.values()].map((node) => [node.incarnation, node.name] as const)
  expect(new Map(incarnations)).toEqual(open)
  for (const [name, node] of state.nodes) {
    expect(node.name).toBe(name)
    expect(new Set(node.peers.map((peer) => peer.name)).size).toBe(node.peers.length)
    expect(node.peers.some((peer) => peer.name === name)).toBe(false)
  }
  for (const table of state.partitions.values()) {
    if (seen.has(table) && seenNodes === state.nodes) continue
    seen.add(table)
    const owners = new Set(table.owners.flat())
    owners.delete(undefined)
    for (const owner of owners) expect(state.nodes.has(owner as string)).toBe(true)
  }
  seenNodes = state.nodes
}

describe('whatever is reported, in whatever order', () => {
  // Each is worth a hundred reports: the long mode's count for single frames would take a day.
  const runs = Math.min(rounds(40), 3000)
  const first = seededRandom().int(0, 1_000_000)

  it(
    `owners are nodes, nodes are open once, and ${runs} clusters are seen as they are in the end`,
    () => {
      for (let seed = first; seed < first + runs; seed++) {
        const chaos = new Chaos(seededRandom(seed))
        const { driver } = chaos
        try {
          for (let step = 0; step < STEPS; step++) {
            chaos.step()
            checkInvariants(driver)
          }
          chaos.settle()
          driver.round(8)
          checkInvariants(driver)
          expect(driver.names).toBe(
            chaos.members
              .map(({ name }) => name)
              .sort()
              .join(' '),
          )
          for (const namespace of ['test', 'strong']) {
            for (let partition = 0; partition < PARTITION_COUNT; partition += 61) {
              expect(driver.owners(partition, namespace)).toBe(truth(chaos.members, namespace, partition))
            }
          }
        } catch (error) {
          throw new Error(`with seed ${seed}`, { cause: error })
        }
      }
    },
    60_000 + runs * 500,
  )
})

function truth(members: readonly ModelServer[], namespace: string, partition: number): string {
  const levels = Math.min(2, members.length)
  return Array.from({ length: levels }, (_, level) => {
    const owner = members.find((server) => {
      const bits = server.owned.find((claim) => claim.namespace === namespace)?.replicas[level]
      return ((bits?.[partition >> 3] ?? 0) & (0x80 >> (partition & 7))) !== 0
    })
    return owner?.name ?? '-'
  }).join(' ')
}
