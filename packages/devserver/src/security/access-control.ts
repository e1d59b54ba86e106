import type { AdminRequest, LoginRequest, Privilege, Role, User, UserActivity } from '@aero/codec'
import { PRIVILEGES } from '@aero/codec'
import { hash } from 'bcryptjs'
import { RESULT, type ResultCode } from '../result-code.ts'
import { allows, isPrivilege, type Permission } from './permission.ts'
import type { SecurityOptions, UserOptions } from './security-options.ts'
import { isListed, isNetwork } from './whitelist.ts'

/** The salt with which clients hash passwords before they send them. Source: the official clients. */
const SALT = '$2a$10$7EqJtq98hPqEX7fNZaFWoO'
const HASH_BYTES = 60
/** What clients hash for users who have no password. */
const NO_PASSWORD = 'nopassword'

/** Who is on the other end of a connection, before any login. */
export interface Caller {
  readonly remoteAddress: string
  /** Common name of the certificate that it has shown and that was found good. */
  readonly certificateName: string | undefined
}

interface Account {
  readonly name: string
  /** As clients send it. */
  passwordHash: string
  /** What has to come as it is, when somebody else keeps the passwords. */
  readonly externalPassword: string | undefined
  isExpired: boolean
  readonly roles: Set<string>
}

interface RoleEntry {
  privileges: Privilege[]
  whitelist: readonly string[]
  readQuota: number
  writeQuota: number
}

/** A login that succeeded, or why not. */
export type LoginOutcome = { readonly user: string } | ResultCode

/**
 * Users, roles and what they may do, for a whole cluster. The Enterprise Edition's source is not public: codes follow their
 * documentation and the order of the checks is ours where nothing is said.
 */
export class AccessControl {
  readonly #accounts = new Map<string, Account>()
  /** Roles that every server has; nobody can change them. */
  readonly #predefined = new Map<string, RoleEntry>()
  readonly #roles = new Map<string, RoleEntry>()
  readonly #hasQuotas: boolean

  private constructor(hasQuotas: boolean) {
    this.#hasQuotas = hasQuotas
    for (const name of Object.keys(PRIVILEGES).filter(isPrivilege)) {
      this.#predefined.set(name, { privileges: [{ name }], whitelist: [], readQuota: 0, writeQuota: 0 })
    }
  }

  /**
   * Hashes the passwords, which takes about a tenth of a second each.
   *
   * @throws RangeError naming a role, privilege or network that is none
   */
  static async create({ users, roles = {}, quotas = true }: SecurityOptions): Promise<AccessControl> {
    const control = new AccessControl(quotas)
    for (const [role, options] of Object.entries(roles)) {
      const { privileges = [], whitelist = [], readQuota = 0, writeQuota = 0 } = options
      const code = control.#createRole(role, {
        privileges: privileges.map((each) => (typeof each === 'string' ? { name: each } : each)),
        whitelist,
        readQuota,
        writeQuota,
      })
      if (code !== RESULT.ok) throw new RangeError(`security.roles.${role} is refused with code ${code}`)
    }
    const first: SecurityOptions['users'] = { admin: { password: 'admin', roles: ['user-admin'] } }
    for (const [name, options] of Object.entries(users ?? first)) await control.#begin(name, options)
    return control
  }

  async #begin(name: string, options: UserOptions): Promise<void> {
    const { password, roles = [], isExternal = false, isExpired = false } = options
    const unknown = roles.find((role) => this.#role(role) === undefined)
    if (unknown !== undefined) throw new RangeError(`security.users.${name}: there is no role '${unknown}'`)
    this.#accounts.set(name, {
      name,
      passwordHash: isExternal ? '' : await hash(password ?? NO_PASSWORD, SALT),
      externalPassword: isExternal ? password : undefined,
      isExpired,
      roles: new Set(roles),
    })
  }

  hasUser(name: string): boolean {
    return this.#accounts.has(name)
  }

  /** The password of this user may be used no more. */
  expirePassword(name: string): void {
    const account = this.#accounts.get(name)
    if (account === undefined) throw new RangeError(`there is no user '${name}'`)
    account.isExpired = true
  }

  /** Whether the caller may come in as who it says it is. */
  login(request: LoginRequest, caller: Caller): LoginOutcome {
    // Without a user the certificate says who it is.
    const name = request.user ?? caller.certificateName
    if (name === undefined) return RESULT.invalidCredential
    const account = this.#accounts.get(name)
    if (account === undefined) return RESULT.invalidUser
    if (request.user !== undefined) {
      const code = checkPassword(account, request)
      if (code !== RESULT.ok) return code
      if (account.isExpired) return RESULT.expiredPassword
    }
    return this.isWhitelisted(name, caller) ? { user: name } : RESULT.notWhitelisted
  }

  /** Roles without a list do not limit; of several lists one has to have the address. */
  isWhitelisted(user: string, caller: Caller): boolean {
    const networks = this.#rolesOf(user).flatMap((role) => role.whitelist)
    return networks.length === 0 || isListed(networks, caller.remoteAddress)
  }

  /** Whether a role of the user allows this. */
  isAllowed(user: string, permission: Permission, namespace = '', setName = ''): boolean {
    for (const role of this.#accounts.get(user)?.roles ?? []) {
      for (const privilege of this.#role(role)?.privileges ?? []) {
        if (allows(privilege, permission, namespace, setName)) return true
      }
    }
    return false
  }

  /** A change; the result code. */
  change(request: Exclude<AdminRequest, { command: 'queryUsers' | 'queryRoles' }>): ResultCode {
    switch (request.command) {
      case 'createUser':
        return this.#createUser(request)
      case 'dropUser':
        return this.#accounts.delete(request.user) ? RESULT.ok : RESULT.invalidUser
      case 'setPassword':
        return this.#changePassword(request.user, undefined, request.passwordHash)
      case 'changePassword':
        return this.#changePassword(request.user, request.oldPasswordHash, request.passwordHash)
      case 'grantRoles':
      case 'revokeRoles':
        return this.#changeRoles(request)
      case 'createRole': {
        const { role, privileges = [], whitelist = [], readQuota = 0, writeQuota = 0 } = request
        return this.#createRole(role, { privileges: [...privileges], whitelist, readQuota, writeQuota })
      }
      case 'dropRole':
        return this.#dropRole(request.role)
      case 'grantPrivileges':
      case 'revokePrivileges':
        return this.#changePrivileges(request)
      case 'setWhitelist':
        return this.#changeRole(request.role, { whitelist: request.whitelist ?? [] })
      case 'setQuotas':
        return this.#changeRole(request.role, {
          readQuota: request.readQuota,
          writeQuota: request.writeQuota,
        })
    }
  }

  /** A user, or all by name; `connections` counts those that are open. */
  users(name: string | undefined, connections: (user: string) => number): User[] {
    return [...this.#accounts.values()]
      .filter((account) => name === undefined || account.name === name)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((account) => ({
        name: account.name,
        roles: [...account.roles].sort(),
        connections: connections(account.name),
        reads: activity(this.#rolesOf(account.name).map((role) => role.readQuota)),
        writes: activity(this.#rolesOf(account.name).map((role) => role.writeQuota)),
      }))
  }

  /** A role, or all by name. */
  roles(name: string | undefined): Role[] {
    return [...this.#predefined, ...this.#roles]
      .filter(([role]) => name === undefined || role === name)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([role, entry]) => ({ name: role, ...entry }))
  }

  hasRole(user: string, role: string): boolean {
    return this.#accounts.get(user)?.roles.has(role) === true
  }

  #role(name: string): RoleEntry | undefined {
    return this.#roles.get(name) ?? this.#predefined.get(name)
  }

  #rolesOf(user: string): RoleEntry[] {
    const roles = [...(this.#accounts.get(user)?.roles ?? [])]
    return roles.map((name) => this.#role(name)).filter((role) => role !== undefined)
  }

  #createUser({ user, passwordHash, roles }: AdminRequest & { command: 'createUser' }): ResultCode {
    if (user === '') return RESULT.invalidUser
    if (this.#accounts.has(user)) return RESULT.userExists
    if (passwordHash.length !== HASH_BYTES) return RESULT.invalidPassword
    if (roles.some((role) => this.#role(role) === undefined)) return RESULT.invalidRole
    this.#accounts.set(user, {
      name: user,
      passwordHash,
      externalPassword: undefined,
      isExpired: false,
      roles: new Set(roles),
    })
    return RESULT.ok
  }

  #changePassword(user: string, oldHash: string | undefined, newHash: string): ResultCode {
    const account = this.#accounts.get(user)
    if (account === undefined) return RESULT.invalidUser
    // Who keeps the password elsewhere changes it there.
    if (account.externalPassword !== undefined) return RESULT.forbiddenPassword
    if (oldHash !== undefined && oldHash !== account.passwordHash) return RESULT.invalidPassword
    if (newHash.length !== HASH_BYTES) return RESULT.invalidPassword
    account.passwordHash = newHash
    account.isExpired = false
    return RESULT.ok
  }

  #changeRoles(request: AdminRequest & { command: 'grantRoles' | 'revokeRoles' }): ResultCode {
    const account = this.#accounts.get(request.user)
    if (account === undefined) return RESULT.invalidUser
    if (request.roles.some((role) => this.#role(role) === undefined)) return RESULT.invalidRole
    for (const role of request.roles) {
      if (request.command === 'grantRoles') account.roles.add(role)
      else account.roles.delete(role)
    }
    return RESULT.ok
  }

  #createRole(name: string, entry: RoleEntry): ResultCode {
    if (name === '') return RESULT.invalidRole
    if (this.#role(name) !== undefined) return RESULT.roleExists
    const code = this.#check(entry)
    if (code === RESULT.ok) this.#roles.set(name, entry)
    return code
  }

  #dropRole(name: string): ResultCode {
    if (!this.#roles.delete(name)) return RESULT.invalidRole
    for (const account of this.#accounts.values()) account.roles.delete(name)
    return RESULT.ok
  }

  #changePrivileges(request: AdminRequest & { command: 'grantPrivileges' | 'revokePrivileges' }): ResultCode {
    const role = this.#roles.get(request.role)
    if (role === undefined) return RESULT.invalidRole
    if (request.privileges.some(({ name }) => !isPrivilege(name))) return RESULT.invalidPrivilege
    const others = role.privileges.filter((old) => !request.privileges.some((each) => isSame(each, old)))
    role.privileges = request.command === 'grantPrivileges' ? [...others, ...request.privileges] : others
    return RESULT.ok
  }

  #changeRole(name: string, change: Partial<RoleEntry>): ResultCode {
    const role = this.#roles.get(name)
    if (role === undefined) return RESULT.invalidRole
    const code = this.#check({ ...role, ...change })
    if (code === RESULT.ok) this.#roles.set(name, { ...role, ...change })
    return code
  }

  #check({ privileges, whitelist, readQuota, writeQuota }: RoleEntry): ResultCode {
    if (!privileges.every(({ name }) => isPrivilege(name))) return RESULT.invalidPrivilege
    if (!whitelist.every(isNetwork)) return RESULT.invalidWhitelist
    if ((readQuota > 0 || writeQuota > 0) && !this.#hasQuotas) return RESULT.quotasNotEnabled
    return RESULT.ok
  }
}

/** Clients see to it that a password itself only travels through TLS; the server takes it as it comes. */
function checkPassword(account: Account, request: LoginRequest): ResultCode {
  if (account.externalPassword === undefined) {
    return request.credential === account.passwordHash ? RESULT.ok : RESULT.invalidPassword
  }
  return request.clearPassword === account.externalPassword ? RESULT.ok : RESULT.invalidCredential
}

function isSame(a: Privilege, b: Privilege): boolean {
  return a.name === b.name && a.namespace === b.namespace && a.setName === b.setName
}

/** Of several roles the largest quota counts; a role without one does not lift it. Rates are not measured here. */
function activity(quotas: readonly number[]): UserActivity {
  return { quota: Math.max(0, ...quotas), singleRecordRate: 0, queryRate: 0, unlimitedQueries: 0 }
}
