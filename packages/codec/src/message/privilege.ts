interface PrivilegeRow {
  readonly code: number
  /** Whether it can be limited to a namespace or a set. */
  readonly scoped: boolean
  readonly sentence: string
}

/**
 * What a role may allow. Names as the server prints them. Source of the codes: the recorded requests of the official client; those of
 * masking (server 8.1.1) from the documentation of the official Rust client.
 */
export const PRIVILEGES = {
  'user-admin': { code: 0, scoped: false, sentence: 'Manage users and roles.' },
  'sys-admin': { code: 1, scoped: false, sentence: 'Change the configuration of servers and operate them.' },
  'data-admin': {
    code: 2,
    scoped: false,
    sentence: 'Manage indexes and functions, truncate, watch and end jobs.',
  },
  'udf-admin': { code: 3, scoped: false, sentence: 'Manage functions. Server 6.0 and newer.' },
  'sindex-admin': { code: 4, scoped: false, sentence: 'Manage secondary indexes. Server 6.0 and newer.' },
  read: { code: 10, scoped: true, sentence: 'Read records.' },
  'read-write': { code: 11, scoped: true, sentence: 'Read and write records.' },
  'read-write-udf': { code: 12, scoped: true, sentence: 'Read, write, and run functions on records.' },
  write: { code: 13, scoped: true, sentence: 'Write records.' },
  truncate: { code: 14, scoped: true, sentence: 'Truncate. Server 6.0 and newer.' },
  'masking-admin': { code: 15, scoped: false, sentence: 'Manage masking rules. Server 8.1.1 and newer.' },
  'read-masked': {
    code: 16,
    scoped: true,
    sentence: 'Read what masked bins really hold. Server 8.1.1 and newer.',
  },
  'write-masked': { code: 17, scoped: true, sentence: 'Write masked bins. Server 8.1.1 and newer.' },
} as const

export type PrivilegeName = keyof typeof PRIVILEGES

/** One thing that a role allows, and where. */
export interface Privilege {
  /** `code-42` is a privilege of a newer server, unknown here by name. */
  readonly name: PrivilegeName | `code-${number}`
  /** Only in this namespace; in all of them when absent. */
  readonly namespace?: string
  /** Only in this set of the namespace. */
  readonly setName?: string
}

/** From this code on a privilege is followed by its scope on the wire. */
export const FIRST_SCOPED_CODE = 10

const ROWS: { readonly [name: string]: PrivilegeRow } = PRIVILEGES
const NAMES: ReadonlyMap<number, PrivilegeName> = new Map(
  Object.entries(PRIVILEGES).map(([name, { code }]) => [code, name as PrivilegeName]),
)

export function privilegeName(code: number): Privilege['name'] {
  return NAMES.get(code) ?? `code-${code}`
}

/** The number of a privilege, and whether it may have a scope; `undefined` for a name that is none. */
export function privilegeCode(name: string): { readonly code: number; readonly scoped: boolean } | undefined {
  if (Object.hasOwn(ROWS, name)) return ROWS[name]
  const unknown = /^code-(\d{1,3})$/.exec(name)
  const code = Number(unknown?.[1] ?? 256)
  return code > 0xff ? undefined : { code, scoped: code >= FIRST_SCOPED_CODE }
}
