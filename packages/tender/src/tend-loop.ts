import type { UserAgent } from '@aero/codec'
import type { Clock, Endpoint } from '@aero/transport'
import type { Addressing } from './addressing.ts'
import { type ClusterState, EMPTY_CLUSTER, hasHealthyNode, type NodeState } from './cluster-state.ts'
import { clusterStep, type TendRules } from './cluster-step.ts'
import { type AddressFailure, ClusterUnreachableError, NodeRefusedError } from './errors.ts'
import { type Meeting, NodeFinder, type ProbeChannel } from './node-finder.ts'
import type { NodeReport, RemovalReason, TendEffect } from './node-report.ts'
import { isComplete, isServed, type PartitionTable } from './partition-table.ts'
import {
  detailNames,
  generationNames,
  type InfoAnswer,
  introduction,
  type ProbeSettings,
  parseDetails,
  parseGenerations,
} from './probe-node.ts'
import { HostResolver, type ResolveHost } from './seeds.ts'

/** What the loop is told. */
export interface TendLoopOptions {
  readonly seeds: readonly Endpoint[]
  readonly rules: TendRules
  readonly addressing: Addressing
  /** From the beginning of one round to the next, in milliseconds. */
  readonly tendInterval: number
  /** For one question to one node, in milliseconds. */
  readonly tendTimeout: number
  /** What the login of a connection may take beyond that. */
  readonly loginMs?: number
  readonly userAgent: UserAgent
  readonly clock: Clock
  readonly resolve: ResolveHost
  openChannel(endpoint: Endpoint): ProbeChannel
}

/** Who is told what happens. Nodes are opened before the state that has them is published, and closed after. */
export interface TendObserver {
  nodeOpened(node: NodeState): void
  nodeClosed(node: NodeState, reason: RemovalReason): void
  nodeRestarted(node: NodeState): void
  stateChanged(state: ClusterState, before: ClusterState): void
  /** A round begins; early ones come between the regular ones. */
  roundStarted(early: boolean): void
  /** Something failed that the loop can live with. Told once for each address until it succeeds or fails otherwise. */
  warned(failure: AddressFailure): void
}

/** A known node's tending connection. */
interface Link {
  readonly name: string
  readonly incarnation: number
  readonly endpoint: Endpoint
  readonly build: string
  channel: ProbeChannel
  /** Questions under way. */
  pending: number
  /** Whether the connection that is open has been told who we are. */
  introduced: boolean
}

/** Rounds from one resolving of the seeds' names to the next, so that there is a fresh answer when they are needed. */
const ROUNDS_BETWEEN_LOOKUPS = 60

/** Part of the tend timeout: so long without news, connecting waits no further for nodes that others stand in for. */
const SILENT_PART = 1 / 4

/** Rounds that are asked for early keep at least this part of the interval between them. */
const EARLY_PART = 1 / 4

/**
 * Runs {@link clusterStep}: asks what it wants asked, tells it what came back, keeps one connection per node for that. Every
 * node is asked on its own and with its own deadline, so one that is silent holds up nothing but the news about itself.
 */
export class TendLoop {
  readonly #options: TendLoopOptions
  readonly #settings: ProbeSettings
  readonly #observer: TendObserver
  readonly #hosts: HostResolver
  readonly #finder: NodeFinder
  readonly #links = new Map<number, Link>()
  readonly #meetings = new Map<number, Meeting>()
  /** Names and addresses that are being identified. */
  readonly #identifying = new Set<string>()
  /** Last failure by address; of the first round these are the causes when connecting fails. */
  readonly #failures = new Map<string, Error>()
  #state: ClusterState = EMPTY_CLUSTER
  #closed = false
  #underWay = 0
  #roundEnded = true
  #roundBegan = 0
  #nextRound = 0
  #nextRegularRound = 0
  #cancelTimer: (() => void) | undefined
  #progressed: (() => void) | undefined

  constructor(options: TendLoopOptions, observer: TendObserver) {
    this.#options = options
    this.#observer = observer
    this.#hosts = new HostResolver(
      options.resolve,
      options.clock,
      options.tendTimeout,
      options.addressing.tls,
    )
    this.#settings = {
      ...options.addressing,
      racks: options.rules.racks,
      clusterName: options.rules.clusterName,
    }
    this.#finder = new NodeFinder(
      { ...options, hosts: this.#hosts, settings: this.#settings },
      {
        addressFailed: (address, cause) => this.#fail(address, cause),
        addressAnswered: (address) => this.#failures.delete(address),
      },
    )
  }

  get state(): ClusterState {
    return this.#state
  }

  /**
   * Begins to tend. Resolves as soon as every partition has a master; when every partition has some copy, and nothing has been heard for
   * a while of those that are silent; and otherwise when everything that was asked has been answered or given up. It does not judge what
   * was found: see {@link TendLoop.unreachable}.
   */
  async start(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    const { clock, tendTimeout } = this.#options
    let aborted: (() => void) | undefined
    let cancelSilence: (() => void) | undefined
    try {
      await new Promise<void>((resolve, reject) => {
        aborted = () => reject(signal?.reason)
        signal?.addEventListener('abort', aborted)
        const endIfServed = (): void => {
          if (this.#servesAll()) resolve()
        }
        let known: ClusterState['partitions'] | undefined
        this.#progressed = () => {
          if (this.#underWay === 0 || this.#isComplete()) resolve()
          // Rounds go on meanwhile: that a node answers again is no news.
          else if (this.#state.partitions !== known) {
            known = this.#state.partitions
            cancelSilence?.()
            cancelSilence = clock.after(tendTimeout * SILENT_PART, endIfServed)
          }
        }
        this.#round(false)
      })
      // From now on nobody waits for tending: it must not keep a program alive that forgot to close.
      this.#finder.toBackground()
    } catch (error) {
      this.close()
      throw error
    } finally {
      this.#progressed = undefined
      cancelSilence?.()
      if (aborted !== undefined) signal?.removeEventListener('abort', aborted)
    }
  }

  /**
   * Why there is nothing to work with: no node at all, or one whose peers all turned out unreachable, which is what wrongly
   * published addresses look like. `undefined` when there is a cluster.
   */
  unreachable(): ClusterUnreachableError | undefined {
    const failures = [...this.#failures].map(([address, cause]) => ({ address, cause }))
    const seeds = this.#options.seeds.join(', ')
    if (this.#state.nodes.size === 0) {
      return new ClusterUnreachableError(`No node of the cluster could be reached through ${seeds}`, failures)
    }
    const [only] = this.#state.nodes.values()
    if (this.#state.nodes.size > 1 || only === undefined || only.peers.length === 0 || this.#isComplete())
      return undefined
    const advice = this.#settings.useServicesAlternate ? 'the ipMap' : 'useServicesAlternate or the ipMap'
    return new ClusterUnreachableError(
      `Node ${only.name} at ${only.endpoint} was reached, but none of its peers; are the addresses that the servers publish ` +
        `reachable from here (see ${advice})?`,
      failures,
    )
  }

  /** Brings the next round forward, to now if the last one is not too recent. Cheap: call it at every connection error. */
  wake(): void {
    if (this.#closed || this.#cancelTimer === undefined) return
    const { clock, tendInterval } = this.#options
    const due = Math.max(clock.now(), this.#roundBegan + tendInterval * EARLY_PART)
    if (due < this.#nextRound) this.#schedule(due, true)
  }

  /** Ends tending and closes every connection of it. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#finder.close()
    this.#links.clear()
    this.#meetings.clear()
  }

  #round(early: boolean): void {
    const { clock, tendInterval } = this.#options
    // What is still silent is not waited for; it reports when it has something to report.
    this.#endRound()
    this.#roundEnded = false
    this.#roundBegan = clock.now()
    // However often it is woken, the regular rounds keep their pace.
    if (!early) this.#nextRegularRound = this.#roundBegan + tendInterval
    this.#schedule(this.#nextRegularRound, false)
    this.#observer.roundStarted(early)
    if (this.#state.round % ROUNDS_BETWEEN_LOOKUPS === ROUNDS_BETWEEN_LOOKUPS - 1) {
      void this.#hosts.resolveAll(this.#options.seeds)
    }
    this.#track(async () => this.#dispatch({ kind: 'round-started', early }))
  }

  #endRound(): void {
    if (this.#roundEnded || this.#closed) return
    this.#roundEnded = true
    this.#dispatch({ kind: 'round-ended' })
  }

  #schedule(due: number, early: boolean): void {
    const { clock } = this.#options
    this.#cancelTimer?.()
    this.#nextRound = due
    this.#cancelTimer = clock.after(Math.max(0, due - clock.now()), () => this.#round(early))
  }

  #dispatch(report: NodeReport): void {
    if (this.#closed) return
    const before = this.#state
    const { state, effects } = clusterStep(before, report, this.#options.rules)
    this.#state = state
    for (const effect of effects) if (effect.kind === 'open') this.#open(effect)
    if (state.nodes !== before.nodes || state.partitions !== before.partitions) {
      this.#observer.stateChanged(state, before)
    }
    for (const effect of effects) this.#perform(effect, before)
  }

  #perform(effect: TendEffect, before: ClusterState): void {
    switch (effect.kind) {
      case 'open':
        break
      case 'close':
        this.#close(effect.incarnation, before.nodes.get(effect.name), effect.reason)
        break
      case 'restarted': {
        const node = this.#state.nodes.get(effect.name)
        if (node !== undefined) this.#observer.nodeRestarted(node)
        break
      }
      case 'refused':
        this.#fail(String(this.#meetings.get(effect.probe)?.identity.endpoint), effect.error)
        break
      case 'probe':
        this.#probe(effect.incarnation)
        break
      case 'ask':
        this.#ask(effect)
        break
      case 'identify':
        this.#identifyPeer(effect.name, effect.endpoints)
        break
      case 'seed':
        this.#identifySeeds()
        break
    }
  }

  #open({ name, incarnation, probe }: Extract<TendEffect, { kind: 'open' }>): void {
    const node = this.#state.nodes.get(name)
    const meeting = this.#meetings.get(probe)
    if (node === undefined || meeting === undefined) return
    this.#meetings.delete(probe)
    const { endpoint, build } = node
    const link = {
      name,
      incarnation,
      endpoint,
      build,
      channel: meeting.channel,
      pending: 0,
      introduced: false,
    }
    this.#links.set(incarnation, link)
    this.#introduce(link)
    this.#observer.nodeOpened(node)
  }

  #close(incarnation: number, node: NodeState | undefined, reason: RemovalReason): void {
    const link = this.#links.get(incarnation)
    this.#links.delete(incarnation)
    if (link !== undefined) this.#finder.drop(link.channel)
    if (node !== undefined) this.#observer.nodeClosed(node, reason)
  }

  #probe(incarnation: number): void {
    const link = this.#links.get(incarnation)
    if (link === undefined || link.pending > 0) return
    const { name, endpoint } = link
    this.#question(link, generationNames(this.#settings), (answer) => {
      const report = parseGenerations(answer, endpoint, this.#settings)
      return { kind: 'answered', name, incarnation, ...report }
    })
  }

  #ask(effect: Extract<TendEffect, { kind: 'ask' }>): void {
    const { name, incarnation } = effect
    const link = this.#links.get(incarnation)
    if (link === undefined) return
    this.#question(link, detailNames(effect, this.#settings), (answer) => {
      const report = parseDetails(answer, link.endpoint, effect, this.#settings)
      return { kind: 'learned', name, incarnation, ...report }
    })
  }

  #question(
    link: Link,
    names: readonly string[],
    read: (answer: InfoAnswer) => Extract<NodeReport, { answeredAs: string }>,
  ): void {
    this.#track(async () => {
      const { name, incarnation, endpoint } = link
      let report: NodeReport
      link.pending++
      try {
        report = read(await link.channel.request(names, this.#deadline()))
        this.#failures.delete(endpoint.toString())
        // Somebody else lives there now; the next question opens a connection of its own.
        if (report.answeredAs !== name) this.#reconnect(link)
        else this.#introduce(link)
      } catch (error) {
        if (this.#closed) return
        // An answer that makes no sense may come from a server that knows this connection no more.
        if (error instanceof NodeRefusedError) this.#reconnect(link)
        link.introduced = false
        report = { kind: 'failed', name, incarnation, cause: error as Error }
        this.#fail(endpoint.toString(), report.cause)
      } finally {
        link.pending--
      }
      this.#dispatch(report)
    })
  }

  /** Once per connection, as the server forgets with the connection. Whether it worked is of no consequence. */
  #introduce(link: Link): void {
    if (link.introduced) return
    link.introduced = true
    const request = introduction(link.build, this.#options.userAgent)
    if (request === undefined) return
    link.channel.request([request], this.#deadline()).catch(() => {
      link.introduced = false
    })
  }

  #reconnect(link: Link): void {
    this.#finder.drop(link.channel)
    link.channel = this.#finder.channelTo(link.endpoint)
    link.introduced = false
  }

  #identifySeeds(): void {
    this.#track(async () => {
      for (const endpoint of await this.#finder.resolve(this.#options.seeds)) {
        this.#identify(endpoint.toString(), () => this.#finder.meetSeed(endpoint), undefined)
      }
    })
  }

  #identifyPeer(name: string, endpoints: readonly Endpoint[]): void {
    this.#identify(name, () => this.#finder.meetPeer(name, endpoints), name)
  }

  #identify(key: string, meet: () => Promise<Meeting | undefined>, expected: string | undefined): void {
    if (this.#closed || this.#identifying.has(key)) return
    this.#identifying.add(key)
    this.#track(async () => {
      const meeting = await meet()
      this.#identifying.delete(key)
      if (meeting === undefined || this.#closed) return
      const { probe, identity, channel } = meeting
      this.#meetings.set(probe, meeting)
      this.#dispatch({ kind: 'identified', probe, expected, identity })
      // Not wanted: a second address of a known node, or refused.
      if (this.#meetings.delete(probe)) this.#finder.drop(channel)
    })
  }

  #deadline(): number {
    return this.#options.clock.now() + this.#options.tendTimeout
  }

  /** Counts what is under way; when nothing is any more, the round has ended. */
  #track(run: () => Promise<void>): void {
    this.#underWay++
    void run().finally(() => {
      this.#underWay--
      if (this.#underWay === 0) this.#endRound()
      this.#progressed?.()
    })
  }

  #fail(address: string, cause: Error): void {
    if (this.#closed) return
    const isNews = this.#failures.get(address)?.message !== cause.message
    this.#failures.set(address, cause)
    if (isNews) this.#observer.warned({ address, cause })
  }

  #isComplete(): boolean {
    return this.#areAll(isComplete)
  }

  /** Whether there is a node for every partition, and more than one: of a lone one nothing is known but what it says itself. */
  #servesAll(): boolean {
    return this.#state.nodes.size > 1 && this.#areAll(isServed)
  }

  #areAll(test: (table: PartitionTable) => boolean): boolean {
    const tables = [...this.#state.partitions.values()]
    return tables.length > 0 && hasHealthyNode(this.#state) && tables.every(test)
  }
}
