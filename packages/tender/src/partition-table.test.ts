import { describe, expect, it } from 'vitest'
import type { NodeState } from './cluster-state.ts'
import { buildPartitionTable, type PartitionTable } from './partition-table.ts'

/** A node that claims these partitions as master of `test`. */
function node(name: string, receipt: number, ...partitions: readonly number[]): NodeState {
  const bitmap = new Uint8Array(512)
  for (const partition of partitions)
    bitmap[partition >> 3] = (bitmap[partition >> 3] as number) | (0x80 >> (partition & 7))
  const claims = [{ namespace: 'test', regime: 0, receipt, replicas: [bitmap] }]
  return { name, claims } as unknown as NodeState
}

const masters = (table: PartitionTable | undefined, ...partitions: readonly number[]) =>
  partitions.map((partition) => table?.owners[0]?.[partition])

describe('a partition between two owners', () => {
  const before = buildPartitionTable('test', [node('A', 1, 0, 1), node('B', 2, 2)], undefined)

  it('stays with the last one while nobody claims it', () => {
    const between = buildPartitionTable('test', [node('A', 3, 0), node('B', 2, 2)], before)
    expect(masters(between, 0, 1, 2)).toEqual(['A', 'A', 'B'])
    const after = buildPartitionTable('test', [node('A', 3, 0), node('B', 4, 1, 2)], between)
    expect(masters(after, 0, 1, 2)).toEqual(['A', 'B', 'B'])
  })

  it('has none when the last one is gone', () => {
    expect(masters(buildPartitionTable('test', [node('B', 2, 2)], before), 0, 1, 2)).toEqual([
      undefined,
      undefined,
      'B',
    ])
  })

  it('has none before anybody ever claimed it', () => {
    expect(masters(before, 3)).toEqual([undefined])
  })
})
