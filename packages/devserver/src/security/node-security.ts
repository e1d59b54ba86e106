import type { AuthenticateRequest, LoginRequest } from '@aero/codec'
import type { Clock } from '../clock.ts'
import { RESULT, type ResultCode } from '../result-code.ts'
import type { AccessControl, Caller } from './access-control.ts'
import { Guard } from './guard.ts'
import { type LoginSession, SessionTable } from './session-table.ts'

/** A login that succeeded. */
export interface OpenedSession {
  readonly token: Uint8Array
  readonly ttlSeconds: number
  readonly session: LoginSession
}

/** One node's side of security: its sessions and its connections. Users and roles are the cluster's. */
export class NodeSecurity {
  readonly access: AccessControl
  readonly sessions: SessionTable
  readonly #guards = new Set<Guard>()
  #logins = 0
  #refusedLogins = 0

  constructor(access: AccessControl, clock: Clock, sessionTtl: () => number) {
    this.access = access
    this.sessions = new SessionTable(clock, sessionTtl)
  }

  /** Logins that succeeded since the start. */
  get logins(): number {
    return this.#logins
  }

  /** Logins that did not. */
  get refusedLogins(): number {
    return this.#refusedLogins
  }

  /** A connection has come. */
  admit(caller: Caller): Guard {
    const guard = new Guard(this, caller)
    this.#guards.add(guard)
    return guard
  }

  leave(guard: Guard): void {
    this.#guards.delete(guard)
  }

  /** Open connections on which this user has logged in. */
  connectionsOf(user: string): number {
    let count = 0
    for (const guard of this.#guards) if (guard.user === user) count++
    return count
  }

  login(request: LoginRequest, caller: Caller): OpenedSession | ResultCode {
    const outcome = this.access.login(request, caller)
    if (typeof outcome === 'number') {
      this.#refusedLogins++
      return outcome
    }
    this.#logins++
    return this.sessions.open(outcome.user)
  }

  authenticate(request: AuthenticateRequest, caller: Caller): LoginSession | ResultCode {
    const session = this.sessions.find(request.sessionToken)
    if (session === undefined || (request.user !== undefined && request.user !== session.user)) {
      return RESULT.invalidCredential
    }
    if (this.sessions.isExpired(session)) return RESULT.expiredSession
    if (!this.access.hasUser(session.user)) return RESULT.invalidUser
    return this.access.isWhitelisted(session.user, caller) ? session : RESULT.notWhitelisted
  }
}
