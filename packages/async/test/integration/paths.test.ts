import { Exp } from '@aero/async'
import { describe, expect, it } from 'vitest'
import { useCluster } from '../support/test-cluster.ts'

const context = useCluster()

const BOOKS = [
  { title: 'A', price: 5 },
  { title: 'B', price: 20 },
  { title: 'C', price: 7 },
]

async function store() {
  const key = context.freshKey('store')
  await context.session.put(key, { books: BOOKS, stock: { pen: 1, ink: 2 }, list: [3, 1, 2] })
  return key
}

const price = Exp.mapGetByKey(Exp.mapLoopVar('value'), 'price', { type: 'int' })

describe('paths', () => {
  it('lead to many elements at once', async () => {
    const key = await store()
    const { session } = context
    const all = await session
      .query(key)
      .bin('books')
      .path()
      .allChildren()
      .onMapKey('title')
      .getValues()
      .execute()
    expect((await all.firstOrThrow()).record?.bins).toEqual({ books: ['A', 'B', 'C'] })
    const cheap = await session
      .query(key)
      .bin('books')
      .path()
      .allChildren(Exp.lt(price, 10))
      .onMapKey('title')
      .getValues()
      .execute()
    expect((await cheap.firstOrThrow()).record?.bins).toEqual({ books: ['A', 'C'] })
  })

  it('modify and remove what they lead to', async () => {
    const key = await store()
    const { session } = context
    await session
      .update(key)
      .bin('books')
      .path()
      .allChildren(Exp.gt(price, 6))
      .onMapKey('price')
      .modify(Exp.numMul(Exp.intLoopVar('value'), 2))
      .bin('list')
      .path()
      .allChildren(Exp.eq(Exp.intLoopVar('value'), 1))
      .remove()
      .execute()
    const bins = (await session.get(key))?.bins ?? {}
    expect(bins).toMatchObject({ list: [3, 2] })
    expect((bins['books'] as { price: number }[]).map((book) => book.price)).toEqual([5, 40, 14])
  })

  it('let an element be set and added to by its rank', async () => {
    const key = await store()
    const { session } = context
    await session.update(key).bin('list').onListRank(-1).add(10).bin('stock').onMapRank(0).setTo(9).execute()
    expect((await session.get(key))?.bins).toMatchObject({ list: [13, 1, 2], stock: { pen: 9, ink: 2 } })
  })
})
