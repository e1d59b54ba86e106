import { type AdminRequest, type Privilege, RESULT_CODE, type Role, type User } from '@aero/codec'
import { errorFromCode } from './errors.ts'
import { UsageError } from './plan/usage-error.ts'

/** What administration takes from the rest. */
export interface AdministrationParts {
  /** Sends a request to one of the nodes, which tells the others. */
  send(
    request: AdminRequest,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<AdministrationAnswer>
  hashPassword(password: string): Promise<string>
  /** What stands for the password of users who have none. */
  readonly noPassword: string
  /** The password of this user is another one from now on: it may be the one that connections log in with. */
  passwordChanged(user: string, password: string): void
}

/** A server's answer. */
export interface AdministrationAnswer {
  readonly resultCode: number
  readonly users: readonly User[]
  readonly roles: readonly Role[]
}

/** What each request may be told. */
export interface AdministrationOptions {
  /** For the whole, in milliseconds; default 10 000. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

const DEFAULT_TIMEOUT_MS = 10_000

/** A role as it was found may be given, whose name says nothing here. */
const RIGHTS: readonly string[] = ['name', 'privileges', 'whitelist', 'readQuota', 'writeQuota']

/** Callers without types give anything. What it was is not shown: it may be the password in a wrong wrapping. */
function checkPassword(password: unknown): void {
  if (typeof password !== 'string') throw new UsageError('a password is a text')
}

/** A limit that is misspelt must not come to be none. */
function checkRights(rights: object): void {
  const unknown = Object.keys(rights).find((name) => !RIGHTS.includes(name))
  if (unknown !== undefined) throw new UsageError(`'${unknown}' is none of ${RIGHTS.slice(1).join(', ')}`)
}

/**
 * Users, roles and what they may do. Servers of the Enterprise Edition with security switched on; others refuse with
 * `SECURITY_NOT_SUPPORTED` or `SECURITY_NOT_ENABLED`.
 *
 * Every method rejects with the error of the server's result code, such as SecurityError, AuthenticationError or AuthorizationError, and
 * with SerializeError or UsageError before anything is sent when what is given cannot be meant: a scope of a misspelt name, an empty namespace;
 * passwords are hashed before they leave, and are in no error.
 *
 * @example
 * ```ts
 * import { AerospikeError, ClusterDefinition } from '@aero/sdk'
 *
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * try {
 *   await cluster.administration.createRole('reader', { privileges: [{ name: 'read', namespace: 'test' }] })
 *   await cluster.administration.createUser('ann', 'a long password', ['reader'])
 * } catch (error) {
 *   if (AerospikeError.is(error)) console.log(error.codeName) // SECURITY_NOT_SUPPORTED by a Community server
 * }
 * ```
 */
export class Administration {
  readonly #parts: AdministrationParts

  /** Made by `Cluster`. */
  constructor(parts: AdministrationParts) {
    this.#parts = parts
  }

  /** Adds a user who logs in with a password. */
  async createUser(
    user: string,
    password: string,
    roles: readonly string[] = [],
    options?: AdministrationOptions,
  ): Promise<void> {
    checkPassword(password)
    const passwordHash = await this.#parts.hashPassword(password)
    await this.#send({ command: 'createUser', user, passwordHash, roles }, options)
  }

  /** Adds a user who logs in with a certificate, whose common name is the user's. */
  async createCertificateUser(
    user: string,
    roles: readonly string[] = [],
    options?: AdministrationOptions,
  ): Promise<void> {
    await this.createUser(user, this.#parts.noPassword, roles, options)
  }

  async dropUser(user: string, options?: AdministrationOptions): Promise<void> {
    await this.#send({ command: 'dropUser', user }, options)
  }

  /** Sets anybody's password; needs the privilege to manage users. */
  async setPassword(user: string, password: string, options?: AdministrationOptions): Promise<void> {
    checkPassword(password)
    const passwordHash = await this.#parts.hashPassword(password)
    await this.#send({ command: 'setPassword', user, passwordHash }, options)
    this.#parts.passwordChanged(user, password)
  }

  /** Changes one's own password, which takes the old one. */
  async changePassword(
    user: string,
    oldPassword: string,
    password: string,
    options?: AdministrationOptions,
  ): Promise<void> {
    checkPassword(oldPassword)
    checkPassword(password)
    const oldPasswordHash = await this.#parts.hashPassword(oldPassword)
    const passwordHash = await this.#parts.hashPassword(password)
    await this.#send({ command: 'changePassword', user, oldPasswordHash, passwordHash }, options)
    this.#parts.passwordChanged(user, password)
  }

  async grantRoles(user: string, roles: readonly string[], options?: AdministrationOptions): Promise<void> {
    await this.#send({ command: 'grantRoles', user, roles }, options)
  }

  async revokeRoles(user: string, roles: readonly string[], options?: AdministrationOptions): Promise<void> {
    await this.#send({ command: 'revokeRoles', user, roles }, options)
  }

  /** All users. */
  async users(options?: AdministrationOptions): Promise<readonly User[]> {
    return (await this.#send({ command: 'queryUsers' }, options)).users
  }

  /** One user; `undefined` when there is none of this name. */
  async user(name: string, options?: AdministrationOptions): Promise<User | undefined> {
    const answer = await this.#send({ command: 'queryUsers', user: name }, options, RESULT_CODE.INVALID_USER)
    return answer.users[0]
  }

  /** Adds a role; what is left out is not limited, or not allowed. */
  async createRole(
    role: string,
    rights: {
      readonly privileges?: readonly Privilege[]
      /** Addresses and networks, such as `10.0.0.0/8`, from which the role may be used. */
      readonly whitelist?: readonly string[]
      /** Records per second. */
      readonly readQuota?: number
      readonly writeQuota?: number
    } = {},
    options?: AdministrationOptions,
  ): Promise<void> {
    checkRights(rights)
    const { privileges = [], whitelist = [], readQuota = 0, writeQuota = 0 } = rights
    await this.#send({ command: 'createRole', role, privileges, whitelist, readQuota, writeQuota }, options)
  }

  async dropRole(role: string, options?: AdministrationOptions): Promise<void> {
    await this.#send({ command: 'dropRole', role }, options)
  }

  async grantPrivileges(
    role: string,
    privileges: readonly Privilege[],
    options?: AdministrationOptions,
  ): Promise<void> {
    await this.#send({ command: 'grantPrivileges', role, privileges }, options)
  }

  async revokePrivileges(
    role: string,
    privileges: readonly Privilege[],
    options?: AdministrationOptions,
  ): Promise<void> {
    await this.#send({ command: 'revokePrivileges', role, privileges }, options)
  }

  /** Limits a role to these addresses and networks; none lift the limit. */
  async setWhitelist(
    role: string,
    whitelist: readonly string[],
    options?: AdministrationOptions,
  ): Promise<void> {
    await this.#send({ command: 'setWhitelist', role, whitelist }, options)
  }

  /** Limits a role to so many records per second; 0 lifts the limit. */
  async setQuotas(
    role: string,
    quotas: { readonly readQuota: number; readonly writeQuota: number },
    options?: AdministrationOptions,
  ): Promise<void> {
    const { readQuota, writeQuota } = quotas
    await this.#send({ command: 'setQuotas', role, readQuota, writeQuota }, options)
  }

  /** All roles, those that every server has included. */
  async roles(options?: AdministrationOptions): Promise<readonly Role[]> {
    return (await this.#send({ command: 'queryRoles' }, options)).roles
  }

  /** One role; `undefined` when there is none of this name. */
  async role(name: string, options?: AdministrationOptions): Promise<Role | undefined> {
    const answer = await this.#send({ command: 'queryRoles', role: name }, options, RESULT_CODE.INVALID_ROLE)
    return answer.roles[0]
  }

  async #send(
    request: AdminRequest,
    { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: AdministrationOptions = {},
    absent?: number,
  ): Promise<AdministrationAnswer> {
    const answer = await this.#parts.send(request, timeoutMs, signal)
    if (answer.resultCode === RESULT_CODE.OK || answer.resultCode === absent) return answer
    throw errorFromCode(answer.resultCode, { message: request.command })
  }
}
