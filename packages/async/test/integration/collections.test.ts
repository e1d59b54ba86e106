import {
  bitAdd,
  bitGetInteger,
  CONTEXT_CREATE,
  HyperLogLog,
  hllAdd,
  hllDescribe,
  hllGetCount,
  LIST_ORDER,
  listAppend,
  listAppendItems,
  listGetByRankRange,
  listPop,
  MAP_ORDER,
  mapGetByRankRange,
  mapIncrement,
  mapPut,
  mapPutItems,
  mapRemoveByKey,
  type Operation,
  RETURN_TYPE,
  type Value,
} from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { useCluster } from '../support/test-cluster.ts'

const context = useCluster()

interface CollectionCase {
  readonly name: string
  readonly before?: { readonly [bin: string]: Value }
  readonly operations: readonly Operation[]
  readonly read?: object
  readonly after: object
}

const NESTED = [{ by: 'mapKey', value: 'tags', create: CONTEXT_CREATE.unorderedMap }] as const

const CASES: readonly CollectionCase[] = [
  {
    name: 'an ordered list is created and stays in order',
    operations: [listAppendItems('l', [3, 1, 2], { order: LIST_ORDER.ordered }), listPop('l', -1)],
    read: { l: [3, 3] },
    after: { l: [1, 2] },
  },
  {
    name: 'a list is asked by rank',
    before: { l: [5, 1, 4, 2] },
    operations: [listGetByRankRange('l', -2, 2, RETURN_TYPE.value)],
    read: { l: [4, 5] },
    after: { l: [5, 1, 4, 2] },
  },
  {
    name: 'a list inside a map is created on the way',
    operations: [listAppend('m', 'a', undefined, NESTED), listAppend('m', 'b', undefined, NESTED)],
    read: { m: [1, 2] },
    after: { m: { tags: ['a', 'b'] } },
  },
  {
    name: 'a map is written, counted and asked by rank: entries come in the order of the ranks',
    operations: [
      mapPutItems('m', { '9': 1, '10': 3 }, { order: MAP_ORDER.keyOrdered }),
      mapIncrement('m', '9', 10),
      mapGetByRankRange('m', 0, undefined, RETURN_TYPE.keyValue),
    ],
    read: {
      m: [
        2,
        11,
        new Map([
          ['10', 3],
          ['9', 11],
        ]),
      ],
    },
    after: { m: { '10': 3, '9': 11 } },
  },
  {
    name: 'a key is removed and its value given',
    before: { m: { a: 1, b: [2] } },
    operations: [mapRemoveByKey('m', 'b', RETURN_TYPE.value), mapPut('m', 'c', null)],
    read: { m: [[2], 2] },
    after: { m: { a: 1, c: null } },
  },
  {
    name: 'bits are a number',
    before: { b: Uint8Array.of(0, 250) },
    operations: [bitAdd('b', 8, 8, 10, { overflow: 'saturate' }), bitGetInteger('b', 8, 8)],
    read: { b: 255 },
    after: { b: Uint8Array.of(0, 255) },
  },
  {
    name: 'a HyperLogLog counts different values',
    operations: [hllAdd('h', ['a', 'b', 'a'], { indexBits: 8 }), hllGetCount('h'), hllDescribe('h')],
    read: { h: [2, 2, [8, 0]] },
    after: { h: expect.any(HyperLogLog) },
  },
]

describe('operations inside bins', () => {
  it.each(CASES)('$name', async ({ before, operations, read, after }) => {
    const { session } = context
    const key = context.freshKey()
    if (before !== undefined) await session.put(key, before)
    const builder = session.upsert(key)
    for (const operation of operations) builder.operation(operation)
    const row = await (await builder.execute()).firstOrThrow()
    expect(row.record?.bins).toEqual(read)
    expect((await session.get(key))?.bins).toEqual(after)
  })
})
