import type { Clock } from '../clock.ts'

/** What a login has opened. */
export interface LoginSession {
  readonly user: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** The sessions of one node. They end with their time on the clock, or when somebody says so. */
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
    this.#forgetExpired()
    const ttlSeconds = this.#ttl()
    const session = { user, expiresAt: this.#clock.now() + ttlSeconds * 1000 }
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

  /** All end now, also for the connections that use them. */
  expireAll(): void {
    for (const session of this.#sessions.values()) session.expiresAt = 0
  }

  clear(): void {
    this.expireAll()
    this.#sessions.clear()
  }

  #forgetExpired(): void {
    for (const [token, session] of this.#sessions) if (this.isExpired(session)) this.#sessions.delete(token)
  }
}
