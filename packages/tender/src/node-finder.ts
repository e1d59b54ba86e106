import type { Clock, Endpoint } from '@aero/transport'
import { isLoopback } from './addressing.ts'
import { type AdmissionRules, refusalOf } from './admission.ts'
import { sameEndpoint } from './cluster-state.ts'
import type { Identity } from './node-report.ts'
import {
  type InfoAnswer,
  identityNames,
  type ProbeSettings,
  parseIdentity,
  publishedIn,
} from './probe-node.ts'
import type { HostResolver } from './seeds.ts'

/** One connection for tending one node. It connects when it is first needed, and again when it was lost. */
export interface ProbeChannel {
  /** While `true`, a question under way does not keep the process alive. */
  background: boolean
  /** @param deadline reading of the clock at which the request is given up */
  request(names: readonly string[], deadline: number): Promise<InfoAnswer>
  close(): void
}

/** An address that has answered and may become a node. */
export interface Meeting {
  readonly probe: number
  readonly channel: ProbeChannel
  readonly identity: Identity
}

/** What the finder is told. */
export interface NodeFinderOptions {
  readonly hosts: HostResolver
  readonly clock: Clock
  readonly tendTimeout: number
  /** What a login may take beyond that. */
  readonly loginMs?: number
  readonly rules: AdmissionRules
  readonly settings: ProbeSettings
  openChannel(endpoint: Endpoint): ProbeChannel
}

/** Who is told how it goes with each address. */
export interface AddressObserver {
  addressFailed(address: string, cause: Error): void
  addressAnswered(address: string): void
}

/** A seed that publishes other addresses than the one we used gets this long, in milliseconds, to prove them reachable. */
const PUBLISHED_ADDRESS_WAIT = 500

/** Finds out who answers at addresses, all of them at the same time, and keeps account of the connections that takes. */
export class NodeFinder {
  readonly #options: NodeFinderOptions
  readonly #observer: AddressObserver
  /** Every channel that is open, whatever it is for. */
  readonly #channels = new Set<ProbeChannel>()
  #nextProbe = 1
  #isInBackground = false
  #closed = false

  constructor(options: NodeFinderOptions, observer: AddressObserver) {
    this.#options = options
    this.#observer = observer
  }

  /** From now on nobody waits for tending: it must not keep a program alive that forgot to close. */
  toBackground(): void {
    this.#isInBackground = true
    for (const channel of this.#channels) channel.background = true
  }

  /** The addresses of the endpoints; names without any are reported and left out. */
  async resolve(endpoints: readonly Endpoint[]): Promise<readonly Endpoint[]> {
    const resolved = await this.#options.hosts.resolveAll(endpoints)
    for (const { address, cause } of resolved.failures) this.#observer.addressFailed(address, cause)
    return resolved.endpoints
  }

  /**
   * A seed may be a load balancer, behind which the next connection meets another node. A node that publishes other addresses
   * than the one used is therefore looked for there; where it is not reachable by them, the seed's address has to do.
   */
  async meetSeed(endpoint: Endpoint): Promise<Meeting | undefined> {
    const deadline = this.#deadline()
    const found = await this.#meet(endpoint, undefined, deadline, !isLoopback(endpoint.host))
    if (found === undefined) return undefined
    const { meeting, published } = found
    if (published.length === 0 || published.some((other) => sameEndpoint(other, endpoint))) return meeting
    const wait = Math.min(deadline, this.#options.clock.now() + PUBLISHED_ADDRESS_WAIT)
    const better = await this.#meetFirst(await this.resolve(published), meeting.identity.name, wait)
    if (better === undefined) return meeting
    this.drop(meeting.channel)
    return better
  }

  /** A node by the name and the addresses that another node knows. */
  async meetPeer(name: string, endpoints: readonly Endpoint[]): Promise<Meeting | undefined> {
    return this.#meetFirst(await this.resolve(endpoints), name, this.#deadline())
  }

  channelTo(endpoint: Endpoint): ProbeChannel {
    const channel = this.#options.openChannel(endpoint)
    channel.background = this.#isInBackground
    this.#channels.add(channel)
    return channel
  }

  drop(channel: ProbeChannel): void {
    this.#channels.delete(channel)
    channel.close()
  }

  /** Closes every channel. Nothing is met any more. */
  close(): void {
    this.#closed = true
    for (const channel of [...this.#channels]) this.drop(channel)
  }

  /** All addresses lead to one node: the first that answers is taken. */
  #meetFirst(
    endpoints: readonly Endpoint[],
    expected: string,
    deadline: number,
  ): Promise<Meeting | undefined> {
    return new Promise((resolve) => {
      let outstanding = endpoints.length
      let isTaken = false
      if (outstanding === 0) resolve(undefined)
      for (const endpoint of endpoints) {
        void this.#meet(endpoint, expected, deadline, false).then((found) => {
          outstanding--
          if (found !== undefined && isTaken) this.drop(found.meeting.channel)
          else if (found !== undefined || outstanding === 0) {
            isTaken = true
            resolve(found?.meeting)
          }
        })
      }
    })
  }

  async #meet(
    endpoint: Endpoint,
    expected: string | undefined,
    deadline: number,
    askPublished: boolean,
  ): Promise<{ meeting: Meeting; published: readonly Endpoint[] } | undefined> {
    if (this.#closed) return undefined
    const channel = this.channelTo(endpoint)
    try {
      const answer = await channel.request(identityNames(this.#options.settings, askPublished), deadline)
      const identity = parseIdentity(answer, endpoint, this.#options.settings)
      const refusal = refusalOf(identity, expected, this.#options.rules)
      if (refusal !== undefined) throw refusal
      this.#observer.addressAnswered(endpoint.toString())
      const published = askPublished ? publishedIn(answer, endpoint, this.#options.settings) : []
      return { meeting: { probe: this.#nextProbe++, channel, identity }, published }
    } catch (error) {
      this.drop(channel)
      this.#observer.addressFailed(endpoint.toString(), error as Error)
      return undefined
    }
  }

  #deadline(): number {
    const { clock, tendTimeout, loginMs = 0 } = this.#options
    return clock.now() + tendTimeout + loginMs
  }
}
