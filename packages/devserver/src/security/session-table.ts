import type { Clock } from '../clock.ts'

/** What a login has opened. */
export interface LoginSession {
  readonly user: string
  /** Until then the token opens connections. Milliseconds since 1970. */
  expiresAt: number
  /** Connections that were opened with it are not trusted any more either. */
  isEnded: boolean
}

/**
 * The sessions of one node. Their tokens expire by the clock; connections that are open stay open then, as the documentation of
 * `session-ttl` says: it is connecting with an expired token that fails.
 */
export class SessionTable {
  readonly #clock: Clock
  readonly #ttl: () => number
  readonly #sessions = new Map<string, LoginSession>()
  #nextToken = 1

  constructor(clock: Clock, ttlSeconds: () => number) {
    this.#clock = clock
    this.#ttl = ttlSeconds
  }

  /** Opens a session; the token is what other connections show. */
  open(user: string): {
    readonly token: Uint8Array
    readonly ttlSeconds: number
    readonly session: LoginSession
  } {
    const ttlSeconds = this.#ttl()
    const session = { user, expiresAt: this.#clock.now() + ttlSeconds * 1000, isEnded: false }
    const token = `${user}#${this.#nextToken++}#${crypto.randomUUID()}`
    this.#sessions.set(token, session)
    return { token: new TextEncoder().encode(token), ttlSeconds, session }
  }

  /** The session of a token, expired or not. */
  find(token: Uint8Array): LoginSession | undefined {
    return this.#sessions.get(new TextDecoder().decode(token))
  }

  isExpired(session: LoginSession): boolean {
    return session.expiresAt <= this.#clock.now()
  }

  /** All tokens expire now; with `andConnections` the connections opened with them have to log in again. */
  expireAll(andConnections: boolean): void {
    for (const session of this.#sessions.values()) {
      session.expiresAt = 0
      session.isEnded ||= andConnections
    }
  }

  clear(): void {
    this.expireAll(true)
    this.#sessions.clear()
  }
}
