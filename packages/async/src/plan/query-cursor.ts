/**
 * Where a query stopped: plain JSON. The same query, said again with this cursor, goes on behind the last record that was taken, in
 * this process or another.
 */
export interface QueryCursor {
  readonly version: 1
  readonly namespace: string
  /** `null`: all of the namespace. */
  readonly set: string | null
  /** What the query asks for, abridged: a cursor of another question is refused. */
  readonly question: string
  /** Partitions that were not begun: `0-41,50`. */
  readonly whole: string
  /** Partitions that were begun, by the last record taken: its digest in hex and, with an index, its value there in decimal. */
  readonly begun: readonly (readonly [digest: string] | readonly [digest: string, value: string])[]
  /** Records of the limit that are left; `null` without a limit. */
  readonly left: number | null
}
