import { HllConfig } from '@aero/async'
import { describe, expect, it } from 'vitest'
import { useCluster } from '../support/test-cluster.ts'

const context = useCluster()

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
