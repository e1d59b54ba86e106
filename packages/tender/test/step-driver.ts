import type { Endpoint } from '@aero/transport'
import { type ClusterState, EMPTY_CLUSTER } from '../src/cluster-state.ts'
import { clusterStep, type TendRules } from '../src/cluster-step.ts'
import type { NodeReport, RemovalReason, TendEffect } from '../src/node-report.ts'
import {
  detailNames,
  generationNames,
  identityNames,
  type ProbeSettings,
  parseDetails,
  parseGenerations,
  parseIdentity,
} from '../src/probe-node.ts'
import type { ModelCluster } from './model-cluster.ts'

/** Something to be asked, whose answer may come at any time. */
type Pending = () => NodeReport | undefined

/** Runs the pure step against a model: no time, no sockets. Effects wait in `pending` until they are delivered. */
export class StepDriver {
  readonly model: ModelCluster
  readonly seeds: readonly Endpoint[]
  readonly rules: TendRules
  readonly log: string[] = []
  /** Incarnations that were opened and not closed. */
  readonly open = new Map<number, string>()
  state: ClusterState = EMPTY_CLUSTER
  pending: Pending[] = []
  /** Told after every step. */
  afterStep: (state: ClusterState) => void = () => {}
  #nextProbe = 1

  constructor(model: ModelCluster, seeds: readonly Endpoint[], rules: Partial<TendRules> = {}) {
    this.model = model
    this.seeds = seeds
    this.rules = { racks: false, ...rules }
  }

  /** Begins a round without waiting for anything. */
  begin(early = false): void {
    this.#report({ kind: 'round-started', early })
  }

  end(): void {
    this.#report({ kind: 'round-ended' })
  }

  /** Delivers the answer at `index` of those that are awaited. */
  deliver(index: number): void {
    const [pending] = this.pending.splice(index, 1)
    const report = pending?.()
    if (report !== undefined) this.#report(report)
  }

  /** A whole round: everything asked is answered, in the order of asking, `count` times. */
  round(count = 1): this {
    for (let round = 0; round < count; round++) {
      this.begin()
      while (this.pending.length > 0) this.deliver(0)
      this.end()
    }
    return this
  }

  /** Names of the nodes, in alphabetical order. */
  get names(): string {
    return [...this.state.nodes.keys()].sort().join(' ')
  }

  /** Owners of one partition, master first; `-` for none. */
  owners(partition: number, namespace = 'test'): string {
    const table = this.state.partitions.get(namespace)
    return table === undefined ? '?' : table.owners.map((level) => level[partition] ?? '-').join(' ')
  }

  /** What was logged since it was last looked at. */
  news(): string[] {
    return this.log.splice(0)
  }

  #report(report: NodeReport): void {
    const { state, effects } = clusterStep(this.state, report, this.rules)
    this.state = state
    for (const effect of effects) this.#perform(effect)
    this.afterStep(state)
  }

  #perform(effect: TendEffect): void {
    switch (effect.kind) {
      case 'open':
        this.log.push(`open ${effect.name}`)
        this.open.set(effect.incarnation, effect.name)
        break
      case 'close':
        this.log.push(`close ${effect.name} ${effect.reason satisfies RemovalReason}`)
        if (!this.open.delete(effect.incarnation)) throw new Error(`${effect.name} was closed but not open`)
        break
      case 'restarted':
        this.log.push(`restarted ${effect.name}`)
        break
      case 'refused':
        this.log.push(`refused ${effect.error.message}`)
        break
      case 'probe':
        this.#ask(effect, generationNames(this.#settings), (answer, endpoint) => ({
          kind: 'answered',
          ...parseGenerations(answer, endpoint, this.#settings),
        }))
        break
      case 'ask':
        this.#ask(effect, detailNames(effect, this.#settings), (answer, endpoint) => ({
          kind: 'learned',
          ...parseDetails(answer, endpoint, effect, this.#settings),
        }))
        break
      case 'identify':
        this.log.push(`identify ${effect.name}`)
        for (const endpoint of effect.endpoints) this.pending.push(() => this.#meet(endpoint, effect.name))
        break
      case 'seed':
        this.log.push('seed')
        for (const endpoint of this.seeds) this.pending.push(() => this.#meet(endpoint, undefined))
        break
    }
  }

  #ask(
    { name, incarnation }: { readonly name: string; readonly incarnation: number },
    names: readonly string[],
    read: (
      answer: Map<string, string>,
      endpoint: Endpoint,
    ) => DistributiveOmit<NodeReport, 'name' | 'incarnation'>,
  ): void {
    this.pending.push(() => {
      const endpoint = this.state.nodes.get(name)?.endpoint
      const server = endpoint && this.model.at(endpoint)
      if (endpoint === undefined || server?.mode !== 'up') {
        return { kind: 'failed', name, incarnation, cause: new Error('no answer') }
      }
      try {
        return { ...read(server.answer(names), endpoint), name, incarnation } as NodeReport
      } catch (error) {
        return { kind: 'failed', name, incarnation, cause: error as Error }
      }
    })
  }

  #meet(endpoint: Endpoint, expected: string | undefined): NodeReport | undefined {
    const server = this.model.at(endpoint)
    if (server?.mode !== 'up') return undefined
    const identity = parseIdentity(
      server.answer(identityNames(this.#settings, false)),
      endpoint,
      this.#settings,
    )
    return { kind: 'identified', probe: this.#nextProbe++, expected, identity }
  }

  get #settings(): ProbeSettings {
    return {
      useServicesAlternate: false,
      ipMap: new Map(),
      racks: this.rules.racks,
      clusterName: this.rules.clusterName,
    }
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
