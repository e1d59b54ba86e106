/** Rows that go to one node in one command, by their numbers, in the order in which they were given. */
export interface RowGroup<N> {
  readonly node: N
  readonly rows: number[]
}

/** The outcome of {@link splitRows}: every row given is in exactly one group, or among the homeless. */
export interface RowSplit<N> {
  readonly groups: readonly RowGroup<N>[]
  /** Rows for which no node could be chosen. */
  readonly homeless: readonly number[]
}

/**
 * Sorts rows by the node that is to have them. Pure; keeps the order of the rows inside each group.
 *
 * @param nodeOf the node of a row, or `undefined` when there is none
 * @param mostRows larger groups are cut into several
 */
export function splitRows<N>(
  rows: ArrayLike<number>,
  nodeOf: (row: number) => N | undefined,
  mostRows: number,
): RowSplit<N> {
  const groups: RowGroup<N>[] = []
  // The group that takes the next row of each node. Nodes are few: a search through an array beats a map.
  const open: RowGroup<N>[] = []
  const homeless: number[] = []
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number
    const node = nodeOf(row)
    if (node === undefined) {
      homeless.push(row)
      continue
    }
    let slot = 0
    while (slot < open.length && (open[slot] as RowGroup<N>).node !== node) slot++
    let group = open[slot]
    if (group === undefined || group.rows.length >= mostRows) {
      group = { node, rows: [] }
      groups.push(group)
      open[slot] = group
    }
    group.rows.push(row)
  }
  return { groups, homeless }
}
