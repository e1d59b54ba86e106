import { PRIVILEGES, type Privilege, type PrivilegeName } from '@aero/codec'

/** What a command needs, by the names that the server prints. Source: as/include/base/security.h. */
export type Permission =
  | 'read'
  | 'query'
  | 'write'
  | 'delete'
  | 'udf-apply'
  | 'udf-query'
  | 'ops-query'
  | 'udf-admin'
  | 'sindex-admin'
  | 'query-admin'
  | 'truncate'
  | 'evict-admin'
  | 'set-config'
  | 'logging-ctrl'
  | 'service-ctrl'
  | 'user-admin'

const READS: readonly Permission[] = ['read', 'query']
const WRITES: readonly Permission[] = ['write', 'delete', 'ops-query']

/** What each privilege gives. Source: the table of privileges in the server's documentation. */
const GIVEN: { readonly [name in PrivilegeName]: readonly Permission[] } = {
  'user-admin': ['user-admin'],
  'sys-admin': ['set-config', 'logging-ctrl', 'service-ctrl'],
  'data-admin': ['udf-admin', 'sindex-admin', 'query-admin', 'truncate', 'evict-admin'],
  'udf-admin': ['udf-admin'],
  'sindex-admin': ['sindex-admin'],
  read: READS,
  'read-write': [...READS, ...WRITES],
  'read-write-udf': [...READS, ...WRITES, 'udf-apply', 'udf-query'],
  write: WRITES,
  truncate: ['truncate'],
  'masking-admin': [],
  'read-masked': [],
  'write-masked': [],
}

/** Whether this is a privilege that the server has. */
export function isPrivilege(name: string): name is PrivilegeName {
  return Object.hasOwn(PRIVILEGES, name)
}

/** Whether the privilege allows this, on that set of that namespace; both are empty for commands that concern none. */
export function allows(
  privilege: Privilege,
  permission: Permission,
  namespace: string,
  setName: string,
): boolean {
  if (!isPrivilege(privilege.name) || !GIVEN[privilege.name].includes(permission)) return false
  if (privilege.namespace !== undefined && privilege.namespace !== namespace) return false
  return privilege.setName === undefined || privilege.setName === setName
}

/** Info commands that need more than a login. Source: the table of commands in as/src/base/thr_info.c. */
export const INFO_PERMISSION: ReadonlyMap<string, Permission> = new Map([
  ['config-set', 'set-config'],
  ['set-config', 'set-config'],
  ['dump-cluster', 'logging-ctrl'],
  ['dump-fabric', 'logging-ctrl'],
  ['dump-hb', 'logging-ctrl'],
  ['dump-hlc', 'logging-ctrl'],
  ['dump-migrates', 'logging-ctrl'],
  ['dump-rw', 'logging-ctrl'],
  ['dump-skew', 'logging-ctrl'],
  ['dump-wb-summary', 'logging-ctrl'],
  ['jem-stats', 'logging-ctrl'],
  ['log-message', 'logging-ctrl'],
  ['log-set', 'logging-ctrl'],
  ['set-log', 'logging-ctrl'],
  ['eviction-reset', 'evict-admin'],
  ['query-abort', 'query-admin'],
  ['query-abort-all', 'query-admin'],
  ['quiesce', 'service-ctrl'],
  ['quiesce-undo', 'service-ctrl'],
  ['recluster', 'service-ctrl'],
  ['revive', 'service-ctrl'],
  ['roster-set', 'service-ctrl'],
  ['services-alumni-reset', 'service-ctrl'],
  ['tip', 'service-ctrl'],
  ['tip-clear', 'service-ctrl'],
  ['sindex-create', 'sindex-admin'],
  ['sindex-delete', 'sindex-admin'],
  ['sindex-exists', 'sindex-admin'],
  ['truncate', 'truncate'],
  ['truncate-namespace', 'truncate'],
  ['truncate-namespace-undo', 'truncate'],
  ['truncate-undo', 'truncate'],
  ['udf-clear-cache', 'udf-admin'],
  ['udf-put', 'udf-admin'],
  ['udf-remove', 'udf-admin'],
])
