import type { AdminRequest, AuthenticateRequest, LoginReply, LoginRequest, Role, User } from '@aero/codec'
import { FIELD_TYPE, INFO1, INFO2 } from '@aero/codec'
import type { Request } from '../request.ts'
import { RESULT, type ResultCode } from '../result-code.ts'
import type { Caller } from './access-control.ts'
import type { NodeSecurity } from './node-security.ts'
import { INFO_PERMISSION, type Permission } from './permission.ts'
import type { LoginSession } from './session-table.ts'

/** Watches over one connection: who has logged in on it, and what that user may do. */
export class Guard {
  readonly #security: NodeSecurity
  readonly #caller: Caller
  #session: LoginSession | undefined = undefined

  constructor(security: NodeSecurity, caller: Caller) {
    this.#security = security
    this.#caller = caller
  }

  /** Who has logged in. */
  get user(): string | undefined {
    return this.#session?.user
  }

  login(request: LoginRequest): LoginReply {
    const outcome = this.#security.login(request, this.#caller)
    if (typeof outcome === 'number') {
      this.#session = undefined
      return { resultCode: outcome, sessionToken: undefined, sessionTtl: undefined }
    }
    this.#session = outcome.session
    return { resultCode: RESULT.ok, sessionToken: outcome.token, sessionTtl: outcome.ttlSeconds }
  }

  authenticate(request: AuthenticateRequest): ResultCode {
    const session = this.#security.authenticate(request, this.#caller)
    this.#session = typeof session === 'number' ? undefined : session
    return typeof session === 'number' ? session : RESULT.ok
  }

  /** Whether the connection may be used: somebody has logged in on it, and the session goes on. */
  checkLogin(): ResultCode {
    if (this.#session === undefined || !this.#security.access.hasUser(this.#session.user)) {
      return RESULT.notAuthenticated
    }
    return this.#session.isEnded ? RESULT.expiredSession : RESULT.ok
  }

  /** Whether the user may have this message about records carried out, with its namespace known already. */
  checkRecords(request: Request, namespace: string): ResultCode {
    const setName = Buffer.from(request.copyField(FIELD_TYPE.set)).toString()
    for (const permission of permissionsFor(request)) {
      if (!this.#isAllowed(permission, namespace, setName)) return RESULT.roleViolation
    }
    return RESULT.ok
  }

  /** The error that an info command is answered with instead; `undefined` when the user may give it. */
  refuseInfo(command: string, parameters: ReadonlyMap<string, string>): string | undefined {
    const permission = INFO_PERMISSION.get(command)
    if (permission === undefined) return undefined
    if (this.#isAllowed(permission, parameters.get('namespace') ?? '', parameters.get('set') ?? ''))
      return undefined
    return `ERROR:${RESULT.roleViolation}:role violation - requires permission '${permission}'`
  }

  /** Whether the user may give this command on users and roles: all of them, or those on itself. */
  checkAdministration(request: AdminRequest): ResultCode {
    const code = this.checkLogin()
    const { user } = this
    if (code !== RESULT.ok || user === undefined) return code
    const concernsItself =
      ((request.command === 'changePassword' || request.command === 'queryUsers') && request.user === user) ||
      (request.command === 'queryRoles' &&
        request.role !== undefined &&
        this.#security.access.hasRole(user, request.role))
    return concernsItself || this.#isAllowed('user-admin', '', '') ? RESULT.ok : RESULT.roleViolation
  }

  users(name: string | undefined): User[] {
    return this.#security.access.users(name, (user) => this.#security.connectionsOf(user))
  }

  roles(name: string | undefined): Role[] {
    return this.#security.access.roles(name)
  }

  change(request: Parameters<NodeSecurity['access']['change']>[0]): ResultCode {
    return this.#security.access.change(request)
  }

  /** The connection is gone. */
  leave(): void {
    this.#security.leave(this)
  }

  #isAllowed(permission: Permission, namespace: string, setName: string): boolean {
    const { user } = this
    return user !== undefined && this.#security.access.isAllowed(user, permission, namespace, setName)
  }
}

const READ: readonly Permission[] = ['read']
const WRITE: readonly Permission[] = ['write']
const READ_AND_WRITE: readonly Permission[] = ['write', 'read']
const DELETE: readonly Permission[] = ['delete']
const FUNCTION: readonly Permission[] = ['udf-apply']
const QUERY: readonly Permission[] = ['query']
const JOB: readonly Permission[] = ['ops-query']
const FUNCTION_JOB: readonly Permission[] = ['udf-query']

/** What a message about records needs. Source: as/src/base/thr_tsvc.c, which leaves telling writes apart to security. */
function permissionsFor(request: Request): readonly Permission[] {
  const isFunction = request.hasField(FIELD_TYPE.udfPackage)
  const isWrite = (request.info2 & INFO2.write) !== 0
  if (!request.hasField(FIELD_TYPE.digest)) return isFunction ? FUNCTION_JOB : isWrite ? JOB : QUERY
  if (!isWrite) return READ
  if (isFunction) return FUNCTION
  if ((request.info2 & INFO2.delete) !== 0) return DELETE
  return (request.info1 & INFO1.read) === 0 ? WRITE : READ_AND_WRITE
}
