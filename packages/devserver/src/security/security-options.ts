import type { Privilege, PrivilegeName } from '@aero/codec'

/** A user that a secured dev server begins with. */
export interface UserOptions {
  /** Without one the user can only log in with a certificate. */
  readonly password?: string
  /** Default: none, and then every command on records is refused. */
  readonly roles?: readonly string[]
  /** The password is not kept here: it has to come as it is, as for LDAP. Default `false`. */
  readonly isExternal?: boolean
  /** The password is right and may be used no more. Default `false`. */
  readonly isExpired?: boolean
}

/** A role that a secured dev server begins with, besides those that every server has. */
export interface RoleOptions {
  /** A name alone holds for the whole cluster. */
  readonly privileges?: readonly (PrivilegeName | Privilege)[]
  /** Addresses and networks such as `10.0.0.0/8` from which users with this role may log in. Default: all. */
  readonly whitelist?: readonly string[]
  /** Records per second; 0: no limit. They are kept and reported; nobody is slowed down. */
  readonly readQuota?: number
  readonly writeQuota?: number
}

/** How a secured dev server begins. */
export interface SecurityOptions {
  /** By name. Default: `admin` with the password `admin` and the role `user-admin`, as a new server has it. */
  readonly users?: { readonly [name: string]: UserOptions }
  /** By name. */
  readonly roles?: { readonly [name: string]: RoleOptions }
  /** Seconds that a login lasts. Default 86400. */
  readonly sessionTtl?: number
  /** Whether roles may have quotas (the server's `enable-quotas`). Default `true`, other than the server's. */
  readonly quotas?: boolean
}
