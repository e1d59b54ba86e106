/**
 * Commands of admin messages: logging in, and managing users and roles. Source: the recorded requests of the official client, and
 * its public source for those that it never sent.
 */
export const ADMIN_COMMAND = {
  /** Use a session that a login has opened. */
  authenticate: 0,
  createUser: 1,
  dropUser: 2,
  /** An administrator sets somebody's password. */
  setPassword: 3,
  /** Users change their own password: the old one goes along. */
  changePassword: 4,
  grantRoles: 5,
  revokeRoles: 6,
  queryUsers: 9,
  createRole: 10,
  dropRole: 11,
  grantPrivileges: 12,
  revokePrivileges: 13,
  setWhitelist: 14,
  setQuotas: 15,
  queryRoles: 16,
  /** Open a session. */
  login: 20,
} as const

export type AdminCommandName = keyof typeof ADMIN_COMMAND

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ADMIN_COMMAND).map(([name, code]) => [code, name]),
)

/** The name of a command's number; `undefined` when there is none. */
export function adminCommandName(code: number): AdminCommandName | undefined {
  return NAMES.get(code) as AdminCommandName | undefined
}
