import {
  type IndexQueryBuilder,
  type QueryCursor,
  type RecordStream,
  type Row,
  UsageError,
} from '@aero/async'
import { partitionIdOf, readOperation } from '@aero/codec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, freshName, useCluster } from '../support/test-cluster.ts'

const COUNT = 1000
const context = useCluster()

const keyOf = (at: number) => context.dataSet.id(`r${at}`)
const all = Array.from({ length: COUNT }, (_, at) => at)

beforeAll(async () => {
  const keys = all.map(keyOf)
  const builder = context.session.batch()
  for (const at of all) builder.upsert(keys[at] as never).put({ n: at, s: `s${at % 7}`, [`b${at % 2}`]: at })
  await (await builder.execute({ onError: 'throw' })).close()
})

afterAll(async () => {
  // On a real cluster everything of the set goes.
  for (let at = 0; at < COUNT; at += 500)
    await (await context.session.delete(all.slice(at, at + 500).map(keyOf)).execute()).close()
})

const numbersOf = (rows: readonly Row[]): number[] =>
  rows.map((row) => row.orThrow().record?.bins['n'] as number).sort((a, b) => a - b)

async function read(query: { execute(): Promise<RecordStream> }): Promise<Row[]> {
  return (await query.execute()).toArray()
}

describe('a query over a set', () => {
  it('gives every record once, with its key, generation and bins', async () => {
    const rows = await read(context.session.query(context.dataSet))
    expect(numbersOf(rows)).toEqual(all)
    for (const row of rows) {
      const { record, index, key } = row.orThrow()
      expect(index).toBe(-1)
      expect(key.setName).toBe(context.dataSet.setName)
      expect(record?.key.value).toBe(`r${record?.bins['n']}`)
      expect(record?.key.equals(keyOf(record?.bins['n'] as number))).toBe(true)
      expect(record?.generation).toBeGreaterThan(0)
    }
  })

  it('is walked without execute(), and by namespace and set', async () => {
    const found: unknown[] = []
    for await (const row of context.session.query(context.dataSet.namespace, context.dataSet.setName))
      found.push(row.orThrow().record?.bins['n'])
    expect(found.length).toBe(COUNT)
  })

  it('finds the records of a set among those of the namespace', async () => {
    let mine = 0
    const stream = await context.session.query(context.dataSet.namespace).withNoBins().execute()
    for await (const row of stream) {
      const { record } = row.orThrow()
      expect(record?.bins).toEqual({})
      if (record?.key.setName === context.dataSet.setName) mine++
    }
    expect(mine).toBe(COUNT)
  })

  it('gives nothing of a set that is not there', async () => {
    expect(await read(context.session.query('test', freshName('nothing')))).toEqual([])
  })

  it('reads the bins named, and leaves out records without them', async () => {
    const rows = await read(context.session.query(context.dataSet).bins(['n', 'b1']))
    expect(rows.length).toBe(COUNT)
    for (const row of rows) {
      const bins = row.orThrow().record?.bins ?? {}
      expect(Object.keys(bins).sort()).toEqual((bins['n'] as number) % 2 === 1 ? ['b1', 'n'] : ['n'])
    }
    expect((await read(context.session.query(context.dataSet).bins(['b1']))).length).toBe(COUNT / 2)
  })

  it('runs read operations on every record', async () => {
    const rows = await read(context.session.query(context.dataSet).project(readOperation('n')).limit(10))
    expect(rows.length).toBe(10)
    for (const row of rows) expect(Object.keys(row.orThrow().record?.bins ?? {})).toEqual(['n'])
  })

  it.each([1, 2, 7, 999, 1000, 5000])('keeps to a limit of %i in all', async (limit) => {
    const rows = await read(context.session.query(context.dataSet).limit(limit))
    expect(rows.length).toBe(Math.min(limit, COUNT))
    expect(new Set(numbersOf(rows)).size).toBe(rows.length)
  })

  it('keeps to a limit though records lack the bins asked for', async () => {
    expect((await read(context.session.query(context.dataSet).bins(['b0']).limit(400))).length).toBe(400)
    expect((await read(context.session.query(context.dataSet).bins(['b0']).limit(600))).length).toBe(
      COUNT / 2,
    )
  })

  it('looks at exactly the partitions asked for', async () => {
    const partitions = [...new Set(all.slice(0, 5).map((at) => partitionIdOf(keyOf(at).digest)))]
    const wanted = all.filter((at) => partitions.includes(partitionIdOf(keyOf(at).digest)))
    const rows = await read(context.session.query(context.dataSet).onPartitions(...partitions))
    expect(numbersOf(rows)).toEqual(wanted)
    const half = await read(context.session.query(context.dataSet).onPartitionRange(0, 2048))
    expect(numbersOf(half)).toEqual(all.filter((at) => partitionIdOf(keyOf(at).digest) < 2048))
  })

  it('has a short form, and a throttled one', async () => {
    expect(
      (await read(context.session.query(context.dataSet).expectedDuration('SHORT').limit(20))).length,
    ).toBe(20)
    expect((await read(context.session.query(context.dataSet).recordsPerSecond(100_000))).length).toBe(COUNT)
  })

  it('asks one node after the other when told so', async () => {
    const session = context.sessionWith({ readsQuery: { maxConcurrentNodes: 1 } })
    expect(numbersOf(await read(session.query(context.dataSet)))).toEqual(all)
  })
})

describe('a query in chunks', () => {
  it('stops after each, goes on when asked, and keeps to its limit', async () => {
    const stream = await context.session.query(context.dataSet).chunkSize(300).limit(800).execute()
    const sizes: number[] = []
    const found: Row[] = []
    while (await stream.hasMoreChunks()) {
      const rows = await stream.toArray()
      sizes.push(rows.length)
      found.push(...rows)
    }
    expect(sizes).toEqual([300, 300, 200])
    expect(new Set(numbersOf(found)).size).toBe(800)
  })

  it('tells whether more follow also where the first one was taken without asking, and as often as it is asked', async () => {
    const two = await context.session.query(context.dataSet).chunkSize(300).limit(500).execute()
    expect((await two.toArray()).length).toBe(300)
    expect([await two.hasMoreChunks(), await two.hasMoreChunks()]).toEqual([true, true])
    expect((await two.toArray()).length).toBe(200)
    expect(await two.hasMoreChunks()).toBe(false)

    const one = await context.session.query(context.dataSet).chunkSize(300).limit(300).execute()
    expect(await one.hasMoreChunks()).toBe(true)
    for await (const row of one) expect(row.ok).toBe(true)
    expect(await one.hasMoreChunks()).toBe(false)
    const none = await context.session.query('test', freshName('none')).chunkSize(300).execute()
    expect(await none.toArray()).toEqual([])
    expect(await none.hasMoreChunks()).toBe(false)
  })

  it('of everything gives everything once', async () => {
    const stream = await context.session.query(context.dataSet).chunkSize(170).execute()
    const found: Row[] = []
    while (await stream.hasMoreChunks()) for await (const row of stream) found.push(row)
    expect(numbersOf(found)).toEqual(all)
  })

  it('resumes from a cursor, as JSON, until nothing is left', async () => {
    const found: Row[] = []
    let cursor: QueryCursor | undefined
    for (let page = 0; page < 20; page++) {
      const query = context.session.query(context.dataSet).chunkSize(130)
      const stream = await (cursor === undefined ? query : query.resume(JSON.stringify(cursor))).execute()
      const rows = await stream.toArray()
      if (rows.length === 0) break
      found.push(...rows)
      cursor = stream.cursor()
      await stream.close()
    }
    expect(numbersOf(found)).toEqual(all)
  })

  it('resumes in the middle of a loop that was left', async () => {
    const found: Row[] = []
    const stream = await context.session.query(context.dataSet).limit(700).execute()
    for await (const row of stream) {
      found.push(row)
      if (found.length === 123) break
    }
    const rest = await read(context.session.query(context.dataSet).resume(stream.cursor() as QueryCursor))
    expect(rest.length).toBe(700 - 123)
    expect(new Set(numbersOf([...found, ...rest])).size).toBe(700)
  })

  it('refuses the cursor of another query before anything is sent', async () => {
    const stream = await context.session.query(context.dataSet).chunkSize(10).execute()
    await stream.toArray()
    const cursor = stream.cursor() as QueryCursor
    await stream.close()
    const other = context.session.query(context.dataSet).where('$.n > 5').resume(cursor)
    expect(await failureOf(other.execute())).toBeInstanceOf(UsageError)
    const elsewhere = context.session.query('test', 'other').resume(cursor)
    expect(await failureOf(elsewhere.execute())).toBeInstanceOf(UsageError)
    expect(() => context.session.query(context.dataSet).resume('nonsense')).toThrow(UsageError)
  })
})

describe('what a stream of many offers', () => {
  const query = (): IndexQueryBuilder<never, never> => context.session.query(context.dataSet) as never
  const stream = (): Promise<RecordStream> => query().execute() as never

  it('counts, and gives the first', async () => {
    expect(await (await stream()).count()).toBe(COUNT)
    expect((await (await stream()).first())?.ok).toBe(true)
  })

  it('finds the first of an order, and pages through what is in memory', async () => {
    const top = await (await stream()).top(3, (one, other) => Number(other.bins['n']) - Number(one.bins['n']))
    expect(top.map(({ bins }) => bins['n'])).toEqual([999, 998, 997])
    const records = (await (await stream()).navigable()).sortBy(
      { bin: 's', order: 'descending' },
      { bin: 'n' },
    )
    expect(records.pageSize(400).pageCount).toBe(3)
    expect(records.page(1)[0]?.bins).toMatchObject({ s: 's6', n: 6 })
    expect(records.page(3).length).toBe(200)
    expect(records.page(4)).toEqual([])
  })

  it('gives rows in arrays, and as a web stream', async () => {
    let rows = 0
    for await (const chunk of (await stream()).chunks(64)) {
      expect(chunk.length).toBeLessThanOrEqual(64)
      rows += chunk.length
    }
    expect(rows).toBe(COUNT)
    const seen = new Set<string>()
    for await (const row of (await stream()).toReadable()) seen.add(row.key.digestHex)
    expect(seen.size).toBe(COUNT)
  })

  it('ends when its signal does', async () => {
    const aborter = new AbortController()
    const walked = (async () => {
      for await (const _ of await context.session.query(context.dataSet).execute({ signal: aborter.signal }))
        aborter.abort(new Error('enough'))
    })()
    expect(await failureOf(walked)).toMatchObject({ name: 'AbortError', cause: new Error('enough') })
  })
})
