import { type Clock, Endpoint } from '@aero/transport'
import { isIpAddress } from './addressing.ts'
import { type AddressFailure, TendError } from './errors.ts'

/** Finds the addresses of a host name. Rejects when there are none. */
export type ResolveHost = (host: string) => Promise<readonly string[]>

/** The addresses behind some endpoints, and the names that led nowhere. */
export interface ResolvedEndpoints {
  readonly endpoints: readonly Endpoint[]
  readonly failures: readonly AddressFailure[]
}

/** Turns names into addresses, each within its own time, and remembers the last good answer for the day the name service is down. */
export class HostResolver {
  readonly #resolve: ResolveHost
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #keepNames: boolean
  readonly #lastKnown = new Map<string, readonly string[]>()

  /** @param keepNames a host's name becomes the TLS name of its addresses, unless there is one: certificates carry names */
  constructor(resolve: ResolveHost, clock: Clock, timeoutMs: number, keepNames = false) {
    this.#resolve = resolve
    this.#clock = clock
    this.#timeoutMs = timeoutMs
    this.#keepNames = keepNames
  }

  /** All addresses of all endpoints, in order, none twice. Names are asked for again in every call. */
  async resolveAll(endpoints: readonly Endpoint[]): Promise<ResolvedEndpoints> {
    const failures: AddressFailure[] = []
    const found = await Promise.all(
      endpoints.map(async (endpoint) => {
        try {
          return await this.#addressesOf(endpoint)
        } catch (error) {
          failures.push({ address: endpoint.toString(), cause: error as Error })
          return []
        }
      }),
    )
    const unique = new Map(found.flat().map((endpoint) => [endpoint.toString(), endpoint]))
    return { endpoints: [...unique.values()], failures }
  }

  async #addressesOf(endpoint: Endpoint): Promise<Endpoint[]> {
    const { host, port, tlsName } = endpoint
    if (isIpAddress(host)) return [endpoint]
    let hosts: readonly string[]
    try {
      hosts = await this.#within(host)
      if (hosts.length === 0) throw new TendError(`the name '${host}' has no address`)
      this.#lastKnown.set(host, hosts)
    } catch (error) {
      const known = this.#lastKnown.get(host)
      if (known === undefined) throw error
      hosts = known
    }
    const name = tlsName ?? (this.#keepNames ? host : undefined)
    return hosts.map((address) => new Endpoint(address, port, name))
  }

  #within(host: string): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      // A name service that is silent leaves nothing else open: this wait has to keep the process alive.
      const cancel = this.#clock.after(
        this.#timeoutMs,
        () => reject(new TendError(`the name '${host}' was not resolved within ${this.#timeoutMs} ms`)),
        true,
      )
      this.#resolve(host).then(resolve, reject).finally(cancel)
    })
  }
}
