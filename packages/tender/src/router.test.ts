import { describe, expect, it } from 'vitest'
import { type ReplicaOrder, replicaOrderForWrite } from './replica-order.ts'
import { type Routable, Router, type RoutingTable } from './router.ts'

class Target implements Routable {
  readonly name: string
  readonly rack: number
  isActive = true

  constructor(name: string, rack: number) {
    this.name = name
    this.rack = rack
  }

  rackOf(): number {
    return this.rack
  }
}

/** Three replicas of partition 0, in racks 1, 2 and 3; other owners where a test says so. */
function setUp(
  levels: (nodes: { a: Target; b: Target; c: Target }) => (Target | undefined)[] = Object.values,
) {
  const nodes = { a: new Target('a', 1), b: new Target('b', 2), c: new Target('c', 3) }
  const table: RoutingTable<Target> = { namespace: 'test', replicas: levels(nodes).map((node) => [node]) }
  const router = (racks: readonly number[] = [], random = () => 0): Router => new Router({ racks, random })
  return { ...nodes, table, router }
}

describe('MASTER', () => {
  it('is the master at every attempt', () => {
    const { router, table, a } = setUp()
    for (const attempt of [0, 1, 2]) expect(router().choose(table, 0, 'MASTER', attempt, a)).toBe(a)
  })

  it('is nobody when the master is unknown or gone', () => {
    const { router, table, a } = setUp()
    a.isActive = false
    expect(router().choose(table, 0, 'MASTER', 0, undefined)).toBeUndefined()
    expect(router().choose(table, 1, 'MASTER', 0, undefined)).toBeUndefined()
    expect(router().choose({ namespace: 'test', replicas: [] }, 0, 'MASTER', 0, undefined)).toBeUndefined()
  })
})

describe('SEQUENCE', () => {
  it('goes from the master through the replicas and round again', () => {
    const { router, table } = setUp()
    const names = [0, 1, 2, 3, 4].map(
      (attempt) => router().choose(table, 0, 'SEQUENCE', attempt, undefined)?.name,
    )
    expect(names).toEqual(['a', 'b', 'c', 'a', 'b'])
  })

  it('passes over nodes that are gone and places that are empty', () => {
    const { router, table, a } = setUp(({ a, c }) => [a, undefined, c])
    a.isActive = false
    for (const attempt of [0, 1, 2, 3])
      expect(router().choose(table, 0, 'SEQUENCE', attempt, undefined)?.name).toBe('c')
  })

  it('leaves a node that failed, though it stands at two levels while partitions move', () => {
    const { router, table, a } = setUp(({ a, b }) => [a, a, b])
    expect(router().choose(table, 0, 'SEQUENCE', 1, a)?.name).toBe('b')
  })

  it('takes the node that failed when there is no other', () => {
    const { router, table, a, b, c } = setUp()
    b.isActive = false
    c.isActive = false
    expect(router().choose(table, 0, 'SEQUENCE', 1, a)).toBe(a)
  })

  it('is nobody when nobody is left', () => {
    const { router, table, a, b, c } = setUp()
    for (const node of [a, b, c]) node.isActive = false
    expect(router().choose(table, 0, 'SEQUENCE', 0, undefined)).toBeUndefined()
  })
})

describe('MASTER_PROLES', () => {
  it('takes everybody in turn', () => {
    const { router, table } = setUp()
    const one = router()
    const names = Array.from({ length: 6 }, () => one.choose(table, 0, 'MASTER_PROLES', 0, undefined)?.name)
    expect([...names].sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
    expect(names.slice(0, 3)).toEqual(names.slice(3))
  })
})

describe('RANDOM', () => {
  it.each([
    [0, 'a'],
    [0.34, 'b'],
    [0.99, 'c'],
  ])('%d is %s', (chance, name) => {
    const { router, table } = setUp()
    expect(router([], () => chance).choose(table, 0, 'RANDOM', 0, undefined)?.name).toBe(name)
  })

  it('avoids the node that failed', () => {
    const { router, table, a } = setUp()
    expect(router([], () => 0).choose(table, 0, 'RANDOM', 1, a)?.name).toBe('b')
  })
})

describe('PREFER_RACK', () => {
  it.each([
    { racks: [2], attempt: 0, failed: undefined, expected: 'b' },
    { racks: [3, 2], attempt: 0, failed: undefined, expected: 'c' },
    { racks: [9, 2], attempt: 0, failed: undefined, expected: 'b' },
    { racks: [9], attempt: 0, failed: undefined, expected: 'a' },
    { racks: [], attempt: 1, failed: undefined, expected: 'b' },
    { racks: [2], attempt: 1, failed: 'b', expected: 'c' },
    { racks: [2, 1], attempt: 1, failed: 'b', expected: 'a' },
  ] as const)(
    'racks $racks, attempt $attempt, $failed failed: $expected',
    ({ racks, attempt, failed, expected }) => {
      const { router, table, ...nodes } = setUp()
      const previous = failed === undefined ? undefined : nodes[failed]
      expect(router(racks).choose(table, 0, 'PREFER_RACK', attempt, previous)?.name).toBe(expected)
    },
  )
})

describe('replicaOrderForWrite', () => {
  it.each([
    ['MASTER', 'MASTER'],
    ['SEQUENCE', 'SEQUENCE'],
    ['MASTER_PROLES', 'SEQUENCE'],
    ['RANDOM', 'SEQUENCE'],
    ['PREFER_RACK', 'SEQUENCE'],
  ] as const)('%s becomes %s', (asked: ReplicaOrder, expected: ReplicaOrder) => {
    expect(replicaOrderForWrite(asked)).toBe(expected)
  })
})
