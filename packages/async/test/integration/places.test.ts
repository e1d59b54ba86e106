import { HllConfig, type Session } from '@aero/async'
import { describe, expect, it } from 'vitest'
import { useCluster } from '../support/test-cluster.ts'

const context = useCluster()

type Bin = ReturnType<ReturnType<Session['update']>['bin']>
interface Numbers {
  readonly map: Bin
  readonly list: Bin
  readonly deep: Bin
}
type OneNumber = ReturnType<Bin['onListIndex']>

const CART = { items: { pen: 2, ink: 5, cap: 1 }, tags: ['a', 'c', 'b', 'a'] }

async function cart() {
  const key = context.freshKey('cart')
  await context.session.put(key, CART)
  return key
}

describe('places inside lists and maps', () => {
  it('are read by a query, several of one bin as a list in order', async () => {
    const key = await cart()
    const stream = await context.session
      .query(key)
      .bin('items')
      .onMapRank(-1)
      .getKeys()
      .bin('items')
      .onMapKeyRange('cap', 'pen')
      .count()
      .bin('items')
      .onMapKeyList(['pen', 'ink'])
      .getAllOtherKeys()
      .bin('tags')
      .onListValue('a')
      .getIndexes()
      .execute()
    expect((await stream.firstOrThrow()).record?.bins).toEqual({ items: ['ink', 2, ['cap']], tags: [0, 3] })
  })

  it('are written, counted up and removed', async () => {
    const key = await cart()
    const stream = await context.session
      .update(key)
      .bin('items')
      .onMapKey('pen')
      .add(3)
      .bin('items')
      .onMapKey('cap')
      .remove({ return: 'value' })
      .bin('tags')
      .onListIndex(1)
      .setTo('z')
      .bin('tags')
      .onListValueList(['a'])
      .removeAllOthers({ return: 'count' })
      .execute()
    const row = await stream.firstOrThrow()
    expect(row.record?.bins['items']).toEqual([5, 1])
    expect((await context.session.get(key))?.bins).toEqual({ items: { pen: 5, ink: 5 }, tags: ['a', 'a'] })
  })

  it.each<readonly [string, (bin: Numbers) => OneNumber, object]>([
    ['onMapKey', ({ map }) => map.onMapKey('b'), { map: { a: 1, b: 12, c: 3 } }],
    ['onMapIndex', ({ map }) => map.onMapIndex(-1), { map: { a: 1, b: 2, c: 13 } }],
    ['onMapRank', ({ map }) => map.onMapRank(0), { map: { a: 11, b: 2, c: 3 } }],
    ['onMapValue', ({ map }) => map.onMapValue(2), { map: { a: 1, b: 12, c: 3 } }],
    ['onListIndex', ({ list }) => list.onListIndex(1), { list: [5, 14, 6] }],
    ['onListRank', ({ list }) => list.onListRank(-1), { list: [5, 4, 16] }],
    ['onListValue', ({ list }) => list.onListValue(5), { list: [15, 4, 6] }],
    ['a nested onListIndex', ({ deep }) => deep.onMapKey('l').onListIndex(0), { deep: { l: [11, 2] } }],
    ['a nested onListRank', ({ deep }) => deep.onMapKey('l').onListRank(1), { deep: { l: [1, 12] } }],
  ])('are set and added to after %s', async (_name, at, after) => {
    const key = context.freshKey('numbers')
    const { session } = context
    const before = { map: { a: 1, b: 2, c: 3 }, list: [5, 4, 6], deep: { l: [1, 2] } }
    await session.put(key, before)
    const update = () => {
      const builder = session.update(key)
      return { map: builder.bin('map'), list: builder.bin('list'), deep: builder.bin('deep') }
    }
    await at(update()).add(10).execute()
    expect((await session.get(key))?.bins).toEqual({ ...before, ...after })
    await session.put(key, before)
    await at(update()).setTo(null).execute()
    const text = JSON.stringify({ ...before, ...after }).replace(/1\d/, 'null')
    expect((await session.get(key))?.bins).toEqual(JSON.parse(text))
  })

  it('are created on the way', async () => {
    const key = context.freshKey('created')
    await context.session
      .upsert(key)
      .bin('m')
      .onMapKey('a', { create: 'keyOrdered' })
      .onMapKey('b', { create: 'keyOrdered' })
      .setTo(1)
      .bin('m')
      .onMapKey('list', { create: 'keyOrdered' })
      .onListIndex(2, { create: 'unordered', pad: true })
      .listAppend('x')
      .execute()
    expect((await context.session.get(key))?.bins).toEqual({ m: { a: { b: 1 }, list: [null, null, ['x']] } })
  })

  it('refuse what is there already, or not', async () => {
    const key = await cart()
    const insert = context.session.update(key).bin('items').onMapKey('pen').insert(1).execute()
    await expect(insert).rejects.toMatchObject({ name: 'ElementExistsError' })
    const update = context.session.update(key).bin('items').onMapKey('nib').update(1).execute()
    await expect(update).rejects.toMatchObject({ name: 'ElementNotFoundError' })
    await context.session.update(key).bin('items').onMapKey('pen').insert(1, { noFail: true }).execute()
    expect((await context.session.get(key))?.bins).toEqual(CART)
  })
})

describe('whole bins', () => {
  it('of lists, maps, bits and HyperLogLogs are written and read in one command', async () => {
    const key = context.freshKey('whole')
    const stream = await context.session
      .upsert(key)
      .bin('list')
      .listAddItems([3, 1, 2, 1], { unique: true, noFail: true, partial: true })
      .bin('list')
      .get()
      .bin('map')
      .mapUpsertItems([['k', 1]], { order: 'keyOrdered' })
      .bin('bits')
      .bitInsert(0, new Uint8Array([0b1010_0000]))
      .bin('bits')
      .bitCount(0, 8)
      .bin('seen')
      .hllAdd(['a', 'b', 'a'], { config: HllConfig.of(8) })
      .bin('seen')
      .hllGetCount()
      .execute()
    const bins = (await stream.firstOrThrow()).record?.bins
    expect(bins).toMatchObject({ list: [3, [1, 2, 3]], map: 1, seen: [2, 2] })
  })
})
