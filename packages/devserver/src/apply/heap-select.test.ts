import { describe, expect, it } from 'vitest'
import { placesOfRanks } from './heap-select.ts'

const select = (values: readonly number[], start: number, count: number) =>
  placesOfRanks(
    values.length,
    start,
    count,
    (first, second) => (values[first] as number) - (values[second] as number),
  )

describe('ranks that follow each other', () => {
  it('come downwards from the lower end, upwards from the upper', () => {
    const values = [40, 10, 30, 20, 50]
    expect(select(values, 0, 2)).toEqual([3, 1])
    expect(select(values, 3, 2)).toEqual([0, 4])
    expect(select(values, 0, 0)).toEqual([])
    expect(select([], 0, 0)).toEqual([])
  })

  /** As a real server (8.1.2) gave them: [nil, nil, nil, {}], ranks from 2 on. */
  it('take equal elements as the real server does', () => {
    expect(select([0, 0, 0, 1], 2, 2).toSorted()).toEqual([1, 3])
  })
})
