import {
  BatchError,
  GenerationError,
  RecordExistsError,
  RecordNotFoundError,
  type Row,
  UsageError,
} from '@aero/async'
import { Key } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { failureOf, NAMESPACE, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

/** Keys of records that are not there yet, on all nodes. */
const freshKeys = (count: number): Key[] => Array.from({ length: count }, () => context.freshKey())

async function stored(count: number): Promise<Key[]> {
  const keys = freshKeys(count)
  const { session } = context
  const batch = session.batch()
  for (const [at, key] of keys.entries()) batch.upsert(key).put({ at, name: `record ${at}` })
  await batch.execute({ onError: 'throw' })
  return keys
}

const rowsOf = async (stream: Promise<{ toArray(): Promise<Row[]> }>): Promise<Row[]> =>
  (await stream).toArray()
const codes = (rows: readonly Row[]): number[] => rows.map(({ code }) => code)
const binsOf = (rows: readonly Row[]): unknown[] => rows.map((row) => (row.ok ? row.record?.bins : row.code))

describe('reading many records', () => {
  it('gives one row per key, in the order of the keys', async () => {
    const keys = await stored(250)
    const rows = await rowsOf(context.session.query(keys).execute())
    expect(rows.map(({ index }) => index)).toEqual(keys.map((_, at) => at))
    expect(rows.map(({ key }) => key)).toEqual(keys)
    expect(binsOf(rows)).toEqual(keys.map((_, at) => ({ at, name: `record ${at}` })))
  })

  it('takes keys one behind the other, and lists with more behind', async () => {
    const [a, b, c] = (await stored(3)) as [Key, Key, Key]
    expect(binsOf(await rowsOf(context.session.query(a, b).bins(['at']).execute()))).toEqual([
      { at: 0 },
      { at: 1 },
    ])
    expect(binsOf(await rowsOf(context.session.query([c, b], a).bins(['at']).execute()))).toEqual([
      { at: 2 },
      { at: 1 },
      { at: 0 },
    ])
  })

  it('gives a key that is asked for twice two rows', async () => {
    const [key] = (await stored(1)) as [Key]
    expect(binsOf(await rowsOf(context.session.query(key, key).bins(['at']).execute()))).toEqual([
      { at: 0 },
      { at: 0 },
    ])
  })

  it('leaves out what is not there, unless every key is to be answered', async () => {
    const [a, b] = (await stored(2)) as [Key, Key]
    const missing = context.freshKey()
    const rows = await rowsOf(context.session.query(a, missing, b).execute())
    expect(rows.map(({ index }) => index)).toEqual([0, 2])
    expect(codes(await rowsOf(context.session.query(a, missing, b).respondAllKeys().execute()))).toEqual([
      0, 2, 0,
    ])
  })

  it('reads metadata alone, and carries out reading operations', async () => {
    const keys = await stored(2)
    const headers = await rowsOf(context.session.query(keys).withNoBins().execute())
    expect(headers.map((row) => row.ok && [row.record?.generation, row.record?.bins])).toEqual([
      [1, {}],
      [1, {}],
    ])
    expect(binsOf(await rowsOf(context.session.query(keys).bin('at').get().execute()))).toEqual([
      { at: 0 },
      { at: 1 },
    ])
  })

  it('reads values of every kind, and large ones, in several frames', async () => {
    const keys = freshKeys(12)
    const bins = {
      text: 'x'.repeat(50_000),
      list: [1, 'a', [2]],
      map: { a: 1 },
      blob: new Uint8Array([1, 2]),
      real: 1.5,
    }
    await context.session.upsert(keys).put(bins).execute({ onError: 'throw' })
    const rows = await rowsOf(context.session.query(keys).execute())
    expect(binsOf(rows)).toEqual(keys.map(() => bins))
  })

  it('with a list of one key is one row', async () => {
    const keys = await stored(1)
    expect(binsOf(await rowsOf(context.session.query(keys).bins(['at']).execute()))).toEqual([{ at: 0 }])
  })

  it('of many thousand keys goes in as many commands as it takes', async () => {
    const [key] = (await stored(1)) as [Key]
    const rows = await rowsOf(context.session.query(new Array<Key>(12_000).fill(key)).bins(['at']).execute())
    expect(rows).toHaveLength(12_000)
    expect(rows.every((row, at) => row.index === at && row.ok && row.record?.bins['at'] === 0)).toBe(true)
  })
})

describe('writing many records', () => {
  it('inserts only what is not there: every row', async () => {
    const [there] = (await stored(1)) as [Key]
    const absent = context.freshKey()
    const rows = await rowsOf(context.session.insert([there, absent]).put({ at: 9 }).execute())
    expect(codes(rows)).toEqual([5, 0])
    expect(!rows[0]?.ok && rows[0]?.error).toBeInstanceOf(RecordExistsError)
    expect((await context.session.get(there))?.bins).toMatchObject({ at: 0 })
  })

  it('updates and replaces only what is there: every row', async () => {
    const [a, b] = (await stored(2)) as [Key, Key]
    const absent = context.freshKey()
    expect(codes(await rowsOf(context.session.update(a, absent).put({ at: 9 }).execute()))).toEqual([0, 2])
    expect(codes(await rowsOf(context.session.replaceIfExists(absent, b).put({ at: 8 }).execute()))).toEqual([
      2, 0,
    ])
    expect(await context.session.get(absent)).toBeUndefined()
    expect((await context.session.get(a))?.bins).toEqual({ at: 9, name: 'record 0' })
    expect((await context.session.get(b))?.bins).toEqual({ at: 8 })
  })

  it('requires the generation of every row', async () => {
    const [a, b] = (await stored(2)) as [Key, Key]
    await context.session.upsert(b).put({ at: 5 }).execute()
    const rows = await rowsOf(context.session.upsert(a, b).put({ at: 6 }).ensureGenerationIs(1).execute())
    expect(codes(rows)).toEqual([0, 3])
    expect(!rows[1]?.ok && rows[1]?.error).toBeInstanceOf(GenerationError)
  })

  it('deletes, touches and asks with a row for every key, also one that is not there', async () => {
    const [a, b] = (await stored(2)) as [Key, Key]
    const absent = context.freshKey()
    expect(codes(await rowsOf(context.session.exists(a, absent).execute()))).toEqual([0, 2])
    expect(codes(await rowsOf(context.session.touch(absent, a).expireAfter('1h').execute()))).toEqual([2, 0])
    expect((await context.session.getHeader(a))?.ttl).toBeGreaterThan(3000)
    const rows = await rowsOf(context.session.delete([a, absent, b]).execute())
    expect(rows.map((row) => row.asBoolean())).toEqual([true, false, true])
    expect(codes(await rowsOf(context.session.exists(a, b).execute()))).toEqual([2, 2])
  })

  it('carries out operations and gives what they yield', async () => {
    const keys = await stored(3)
    const rows = await rowsOf(context.session.upsert(keys).bin('at').add(10).bin('at').get().execute())
    expect(rows.map((row) => row.ok && row.record?.bins)).toEqual([{ at: 10 }, { at: 11 }, { at: 12 }])
  })

  it('a value that cannot be stored fails its row and no other', async () => {
    const keys = freshKeys(3) as [Key, Key, Key]
    const batch = context.session.batch()
    batch.upsert(keys[0]).put({ a: 1 })
    batch.upsert(keys[1]).put({ a: { b: 2 ** 60 } })
    batch.upsert(keys[2]).put({ a: 3 })
    const rows = await rowsOf(batch.execute())
    expect(codes(rows)).toEqual([0, -10, 0])
    expect(!rows[1]?.ok && rows[1]?.error.message).toMatch(/a\.b/)
    expect(!rows[1]?.ok && rows[1]?.inDoubt).toBe(false)
  })
})

describe('segments', () => {
  it('of different kinds go in one call, each with its own conditions', async () => {
    const [a, b, c] = (await stored(3)) as [Key, Key, Key]
    const absent = context.freshKey()
    const rows = await rowsOf(
      context.session
        .upsert(absent)
        .put({ n: 1 })
        .expireAfter('1h')
        .update(a)
        .bin('at')
        .add(5)
        .bin('at')
        .get()
        .delete(b)
        .query(c)
        .bins(['at'])
        .insert(c)
        .put({ at: 0 })
        .execute(),
    )
    expect(rows.map(({ index, code }) => [index, code])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 5],
    ])
    expect(binsOf(rows)).toEqual([undefined, { at: 5 }, undefined, { at: 2 }, 5])
    expect((await context.session.getHeader(absent))?.ttl).toBeGreaterThan(3000)
    expect(await context.session.get(b)).toBeUndefined()
  })

  it('are one builder: executed once, by any of them', async () => {
    const [a, b] = (await stored(2)) as [Key, Key]
    const first = context.session.query(a)
    const second = first.query(b)
    expect(await rowsOf(first.execute())).toHaveLength(2)
    expect(() => second.execute()).toThrow(UsageError)
  })

  it('of batch() that is empty are refused, and so are empty lists and what is no key', () => {
    const { session } = context
    expect(() => session.batch().execute()).toThrow(UsageError)
    expect(() => session.query([])).toThrow(UsageError)
    expect(() => session.delete(['a'] as never)).toThrow(UsageError)
    const key = context.freshKey()
    expect(() => session.upsert(key).query(key).execute()).toThrow(/upsert needs/)
  })
})

describe('rows that fail', () => {
  it('of an unknown namespace fail alone', async () => {
    const [a, b] = (await stored(2)) as [Key, Key]
    const lost = Key.of('nowhere', 'set', 1)
    const rows = await rowsOf(context.session.query(a, lost, b).bins(['at']).execute())
    expect(rows.map((row) => (row.ok ? row.record?.bins['at'] : row.error.codeName))).toEqual([
      0,
      'INVALID_NAMESPACE',
      1,
    ])
    expect(lost.namespace).not.toBe(NAMESPACE)
  })

  it('are thrown together when asked for, with every row', async () => {
    const [there] = (await stored(1)) as [Key]
    const absent = context.freshKey()
    const error = await failureOf(
      context.session.insert(there, absent).put({ a: 1 }).execute({ onError: 'throw' }),
    )
    expect(error).toBeInstanceOf(BatchError)
    expect((error as BatchError).rows.map(({ ok, index }) => [ok, index])).toEqual([
      [false, 0],
      [true, 1],
    ])
    expect((error as BatchError).cause).toBeInstanceOf(RecordExistsError)
  })

  it('go to the handler, and are left out', async () => {
    const [there] = (await stored(1)) as [Key]
    const absent = context.freshKey()
    const told: unknown[] = []
    const rows = await rowsOf(
      context.session
        .update(absent, there)
        .put({ a: 1 })
        .execute({ onError: (key, index, error) => told.push([key, index, error.constructor]) }),
    )
    expect(told).toEqual([[absent, 0, RecordNotFoundError]])
    expect(rows.map(({ index }) => index)).toEqual([1])
  })

  it('of an aborted call all fail', async () => {
    const keys = await stored(3)
    const rows = await rowsOf(
      context.session.query(keys).execute({ signal: AbortSignal.abort(new Error('enough')) }),
    )
    expect(rows.map((row) => !row.ok && row.error.name)).toEqual(['AbortError', 'AbortError', 'AbortError'])
    expect(rows.every((row) => !row.ok && !row.inDoubt)).toBe(true)
  })

  it('when the time is over have failed: they do not pass for success', async () => {
    const keys = await stored(3)
    const hasty = context.sessionWith({ all: { totalTimeout: 1, socketTimeout: 1, maxRetries: 0 } })
    // A millisecond is over before many thousand rows are read, whatever the server does.
    const many = new Array<Key>(60_000).fill(keys[0] as Key)
    const rows = await rowsOf(hasty.query(many).execute())
    expect(rows).toHaveLength(many.length)
    const late = rows.filter((row) => !row.ok)
    expect(late.length).toBeGreaterThan(0)
    expect(late.every((row) => !row.ok && row.code === 9 && row.error.codeName === 'TIMEOUT')).toBe(true)
  })
})

describe('rows as they arrive', () => {
  it('are all there, each once', async () => {
    const keys = await stored(200)
    const seen: number[] = []
    for await (const row of await context.session.query(keys).executeStream()) {
      expect(row.ok && row.record?.bins['at']).toBe(row.index)
      seen.push(row.index)
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(keys.map((_, at) => at))
  })

  it('end when the loop is left, and throw where that was asked for', async () => {
    const keys = await stored(50)
    for await (const row of await context.session.query(keys).executeStream()) {
      expect(row.ok).toBe(true)
      break
    }
    const stream = await context.session.insert(keys).put({ a: 1 }).executeStream({ onError: 'throw' })
    expect(await failureOf(stream.toArray())).toBeInstanceOf(RecordExistsError)
    expect(await rowsOf(context.session.query(keys).execute())).toHaveLength(50)
  })
})
