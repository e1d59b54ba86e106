import { describe, expect, it } from 'vitest'
import { assignPartitions, partitionBitmap, replicaNumber } from './topology.ts'

describe('ownership', () => {
  it('is the same for the same members', () => {
    expect(assignPartitions(['A1', 'A2', 'A3'], 2)).toEqual(assignPartitions(['A1', 'A2', 'A3'], 2))
  })

  it.each([
    [1, 2, 1],
    [2, 2, 2],
    [3, 2, 2],
    [5, 3, 3],
  ])('of %i members with factor %i has %i replicas, all on different members', (count, factor, replicas) => {
    const ownership = assignPartitions(
      Array.from({ length: count }, (_, index) => `N${index}`),
      factor,
    )
    expect(ownership.replicas).toBe(replicas)
    for (let partition = 0; partition < 4096; partition++) {
      const owners = ownership.owners.subarray(partition * replicas, (partition + 1) * replicas)
      expect(new Set(owners).size).toBe(replicas)
    }
  })

  it('is spread evenly', () => {
    const ownership = assignPartitions(['A1', 'A2', 'A3', 'A4'], 1)
    for (const member of ownership.members) {
      const owned = partitionBitmap(ownership, member, 0).reduce(
        (sum, byte) => sum + byte.toString(2).replaceAll('0', '').length,
        0,
      )
      expect(owned).toBeGreaterThan(1024 - 120)
      expect(owned).toBeLessThan(1024 + 120)
    }
  })

  it('says who has which copy', () => {
    const ownership = assignPartitions(['A1', 'A2'], 2)
    const first = replicaNumber(ownership, 'A1', 7)
    expect([first, replicaNumber(ownership, 'A2', 7)].sort()).toEqual([0, 1])
    expect((partitionBitmap(ownership, 'A1', first)[0] as number) & 0x01).toBe(1)
    expect(replicaNumber(ownership, 'stranger', 7)).toBe(-1)
  })

  it('of nobody is empty', () => {
    const ownership = assignPartitions([], 2)
    expect(ownership.owners).toHaveLength(0)
    expect(partitionBitmap(ownership, 'A1', 0)).toEqual(new Uint8Array(512))
  })
})
