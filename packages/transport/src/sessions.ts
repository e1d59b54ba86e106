import type { Clock } from './clock.ts'
import type { Endpoint } from './endpoint.ts'

/** Told when the login of another connection has ended. */
export interface SessionWaiter {
  /** `'session'`: there is one. `'no-security'`: none is needed. An error: there is none, and to try again now would be in vain. */
  loginSettled(outcome: LoginOutcome): void
}

export type LoginOutcome = 'session' | 'no-security' | Error

/** A login at one node, and what depends on it. */
interface Session {
  readonly endpoint: Endpoint
  token: Uint8Array | undefined
  expiresAt: number
  renewAt: number
  /** Open connections. */
  uses: number
  /** Who is logging in. */
  leader: SessionWaiter | undefined
  readonly waiters: Set<SessionWaiter>
  cancelTimer: (() => void) | undefined
  /** Where the node listens for plain connections, when logins have a port of their own. */
  plain: readonly Endpoint[]
}

/** A session is renewed this long before it expires, or when half of a shorter life is over. */
const RENEW_BEFORE_MS = 60_000
const RENEW_AGAIN_MS = 10_000
/** What a timer can wait at most. */
const LONGEST_TIMER_MS = 2 ** 31 - 1
/** Sessions kept although nobody uses them. */
const KEPT_SESSIONS = 256

/**
 * The sessions of a cluster's logins, one for each node. One connection logs in, the others wait for it and use its session; before
 * the session expires it is renewed, as long as connections are open.
 */
export class Sessions {
  readonly #clock: Clock
  readonly #renew: (endpoint: Endpoint) => void
  readonly #sessions = new Map<string, Session>()

  /** @param renew opens a connection to log in anew */
  constructor(clock: Clock, renew: (endpoint: Endpoint) => void) {
    this.#clock = clock
    this.#renew = renew
  }

  /** The token to use, if there is one; sees to its renewal. */
  tokenFor(endpoint: Endpoint): Uint8Array | undefined {
    const session = this.#sessions.get(endpoint.toString())
    if (session?.token === undefined) return undefined
    const now = this.#clock.now()
    if (now >= session.expiresAt) return undefined
    if (now >= session.renewAt) this.#renewNow(session)
    return session.token
  }

  /** Plain endpoints that a login has told of. */
  plainFor(endpoint: Endpoint): readonly Endpoint[] {
    return this.#sessions.get(endpoint.toString())?.plain ?? []
  }

  setPlain(endpoint: Endpoint, plain: readonly Endpoint[]): void {
    this.#session(endpoint).plain = plain
  }

  /** Whether `waiter` is to log in. If not, it is told when the one who does has come to an end. */
  lead(endpoint: Endpoint, waiter: SessionWaiter): boolean {
    const session = this.#session(endpoint)
    if (session.leader === undefined) {
      session.leader = waiter
      return true
    }
    session.waiters.add(waiter)
    return false
  }

  /** The login succeeded. */
  store(endpoint: Endpoint, token: Uint8Array, ttlSeconds: number | undefined): void {
    const session = this.#session(endpoint)
    const now = this.#clock.now()
    const ttl = ttlSeconds === undefined ? Number.POSITIVE_INFINITY : ttlSeconds * 1000
    session.token = token
    session.expiresAt = now + ttl
    session.renewAt = now + (ttl > 2 * RENEW_BEFORE_MS ? ttl - RENEW_BEFORE_MS : ttl / 2)
    this.#arm(session)
  }

  /** The login has ended; those who waited for it are told. */
  settle(endpoint: Endpoint, leader: SessionWaiter, outcome: LoginOutcome): void {
    const session = this.#session(endpoint)
    if (session.leader !== leader) return
    session.leader = undefined
    if (outcome === 'no-security') session.token = undefined
    if (outcome instanceof Error && session.token !== undefined) {
      // The old one is still good for a while.
      session.renewAt = this.#clock.now() + RENEW_AGAIN_MS
      this.#arm(session)
    }
    const waiters = [...session.waiters]
    session.waiters.clear()
    for (const waiter of waiters) waiter.loginSettled(outcome)
  }

  /** `waiter` waits no longer; when it was logging in, another one does. */
  leave(endpoint: Endpoint, waiter: SessionWaiter): void {
    const session = this.#sessions.get(endpoint.toString())
    if (session === undefined) return
    session.waiters.delete(waiter)
    // As if there were a session: the first of them finds that there is none.
    if (session.leader === waiter) this.settle(endpoint, waiter, 'session')
  }

  /** The server does not take this token any more. */
  forget(endpoint: Endpoint, token: Uint8Array | undefined): void {
    const session = this.#sessions.get(endpoint.toString())
    if (session === undefined || (token !== undefined && session.token !== token)) return
    session.token = undefined
    this.#disarm(session)
  }

  /** A connection is open. */
  use(endpoint: Endpoint): void {
    const session = this.#session(endpoint)
    if (session.uses++ === 0) this.#arm(session)
  }

  /** A connection that was open is closed. */
  unuse(endpoint: Endpoint): void {
    const session = this.#sessions.get(endpoint.toString())
    if (session === undefined || --session.uses > 0) return
    this.#disarm(session)
    this.#tidy()
  }

  #session(endpoint: Endpoint): Session {
    const key = endpoint.toString()
    let session = this.#sessions.get(key)
    if (session === undefined) {
      session = {
        endpoint,
        token: undefined,
        expiresAt: 0,
        renewAt: 0,
        uses: 0,
        leader: undefined,
        waiters: new Set(),
        cancelTimer: undefined,
        plain: [],
      }
      this.#sessions.set(key, session)
    }
    return session
  }

  #arm(session: Session): void {
    this.#disarm(session)
    if (session.uses === 0 || session.token === undefined || session.renewAt === Number.POSITIVE_INFINITY)
      return
    const wait = Math.max(0, session.renewAt - this.#clock.now())
    session.cancelTimer = this.#clock.after(Math.min(wait, LONGEST_TIMER_MS), () => {
      session.cancelTimer = undefined
      if (this.#clock.now() < session.renewAt) this.#arm(session)
      else this.#renewNow(session)
    })
  }

  #disarm(session: Session): void {
    session.cancelTimer?.()
    session.cancelTimer = undefined
  }

  #renewNow(session: Session): void {
    if (session.leader === undefined) this.#renew(session.endpoint)
  }

  /** Nodes come and go at new addresses: what nobody has used for longest is forgotten. */
  #tidy(): void {
    if (this.#sessions.size <= KEPT_SESSIONS) return
    for (const [key, session] of this.#sessions) {
      if (session.uses > 0 || session.leader !== undefined) continue
      this.#sessions.delete(key)
      if (this.#sessions.size <= KEPT_SESSIONS) return
    }
  }
}
