import { rounds, seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { splitRows } from './batch-split.ts'

describe('splitRows', () => {
  it('keeps the order inside a group, and the groups in the order of their first rows', () => {
    const { groups, homeless } = splitRows([4, 0, 3, 1, 2], (row) => (row === 3 ? undefined : row % 2), 100)
    expect(groups).toEqual([
      { node: 0, rows: [4, 0, 2] },
      { node: 1, rows: [1] },
    ])
    expect(homeless).toEqual([3])
  })

  it('cuts what is too large for one command', () => {
    const { groups } = splitRows([0, 1, 2, 3, 4], () => 'A', 2)
    expect(groups.map(({ rows }) => rows)).toEqual([[0, 1], [2, 3], [4]])
  })

  it('of nothing is nothing', () => {
    expect(splitRows([], () => 'A', 2)).toEqual({ groups: [], homeless: [] })
  })

  it('has every row exactly once, in order, whatever the nodes; also when it is split again', () => {
    const random = seededRandom()
    for (let round = 0; round < rounds(500); round++) {
      const count = random.int(0, 300)
      const nodes = random.int(1, 7)
      const mostRows = random.int(1, 50)
      const owner = Array.from({ length: count }, () => random.int(0, nodes))
      const nodeOf = (row: number): number | undefined => (owner[row] === nodes ? undefined : owner[row])
      const all = Array.from({ length: count }, (_, row) => row)
      const merged: number[] = []
      let { groups, homeless } = splitRows(all, nodeOf, mostRows)
      for (let attempt = 0; attempt < 20; attempt++) {
        const again: number[] = [...homeless]
        for (const { node, rows } of groups) {
          expect(rows.length).toBeLessThanOrEqual(mostRows)
          expect(rows.every((row) => owner[row] === node)).toBe(true)
          expect(rows).toEqual(rows.toSorted((a, b) => a - b))
          // Some rows of the group are answered, the others are asked of whoever has them now.
          for (const row of rows) (random.chance(0.7) ? merged : again).push(row)
        }
        if (again.length === 0) break
        for (const row of again) owner[row] = random.int(0, nodes - 1)
        ;({ groups, homeless } = splitRows(
          again.toSorted((a, b) => a - b),
          nodeOf,
          mostRows,
        ))
        if (attempt === 18) for (const { rows } of groups) merged.push(...rows)
        if (attempt === 18) break
      }
      expect(
        merged.toSorted((a, b) => a - b),
        `seed ${random.seed}, round ${round}`,
      ).toEqual(all)
    }
  })
})
