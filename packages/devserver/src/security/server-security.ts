import type { Clock } from '../clock.ts'
import { AccessControl } from './access-control.ts'
import { NodeSecurity } from './node-security.ts'
import type { SecurityOptions } from './security-options.ts'

const DEFAULT_SESSION_TTL = 86_400

/** The security of a running dev server, as a test may look at it and disturb it. */
export class ServerSecurity {
  readonly #access: AccessControl
  readonly #clock: Clock
  readonly #nodes: NodeSecurity[] = []
  /** Seconds that a login lasts from now on. */
  sessionTtl: number

  private constructor(access: AccessControl, clock: Clock, sessionTtl: number) {
    this.#access = access
    this.#clock = clock
    this.sessionTtl = sessionTtl
  }

  /** @internal Made by `startDevServer`. */
  static async create(options: SecurityOptions, clock: Clock): Promise<ServerSecurity> {
    const access = await AccessControl.create(options)
    return new ServerSecurity(access, clock, options.sessionTtl ?? DEFAULT_SESSION_TTL)
  }

  /** Logins that succeeded, on all nodes. */
  get logins(): number {
    return this.#nodes.reduce((sum, node) => sum + node.logins, 0)
  }

  /** Logins that were refused, on all nodes. */
  get refusedLogins(): number {
    return this.#nodes.reduce((sum, node) => sum + node.refusedLogins, 0)
  }

  /**
   * All tokens expire now, before their time: whoever connects with one has to log in again.
   *
   * @param options.andConnections connections that are open have to log in again as well: code 66 at their next request
   */
  expireSessions({ andConnections = false }: { readonly andConnections?: boolean } = {}): void {
    for (const node of this.#nodes) node.sessions.expireAll(andConnections)
  }

  /**
   * The password of this user is right and may be used no more.
   *
   * @throws RangeError when there is no such user
   */
  expirePassword(user: string): void {
    this.#access.expirePassword(user)
  }

  /** @internal A node's side of it. */
  forNode(): NodeSecurity {
    const node = new NodeSecurity(this.#access, this.#clock, () => this.sessionTtl)
    this.#nodes.push(node)
    return node
  }
}
