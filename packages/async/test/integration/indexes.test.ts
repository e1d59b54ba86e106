import { Exp, IndexFilter, type RecordStream } from '@aero/async'
import { GeoJson } from '@aero/codec'
import { eventually, seededRandom } from '@aero/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, freshName, NAMESPACE, useCluster } from '../support/test-cluster.ts'

const COUNT = 400
const context = useCluster()
const made: string[] = []
const random = seededRandom()

const records = Array.from({ length: COUNT }, (_, at) => ({
  n: random.int(-20, 20),
  m: random.int(0, 5),
  s: `s${random.int(0, 9)}`,
  list: [at, at + 1000],
  map: { [`k${at % 5}`]: at % 3 },
  at,
}))

async function create(
  name: string,
  build: (builder: ReturnType<typeof context.session.index>) => typeof builder,
) {
  const unique = freshName(name)
  made.push(unique)
  const task = await build(context.session.index(context.dataSet).named(unique)).create()
  expect(await task.done({ timeout: 20_000 })).toBe(100)
  return unique
}

beforeAll(async () => {
  const batch = context.session.batch()
  for (const each of records) batch.upsert(context.remove(context.dataSet.id(each.at))).put(each)
  await (await batch.execute({ onError: 'throw' })).close()
  await create('n', (index) => index.onBin('n').integer())
  await create('s', (index) => index.onBin('s').string())
  await create('list', (index) => index.onBin('list').integer().collection('LIST'))
  await create('keys', (index) => index.onBin('map').string().collection('MAPKEYS'))
})

afterAll(async () => {
  for (const name of made) await context.session.index(context.dataSet).named(name).drop()
})

const found = async (query: { execute(): Promise<RecordStream> }): Promise<number[]> =>
  (await (await query.execute()).toArray())
    .map((row) => row.orThrow().record?.bins['at'] as number)
    .sort((one, other) => one - other)
const expected = (test: (record: (typeof records)[number]) => boolean): number[] =>
  records.filter(test).map(({ at }) => at)

describe('secondary indexes', () => {
  it('are listed, and tell their figures', async () => {
    const info = context.session.info()
    const mine = (await info.secondaryIndexes(NAMESPACE)).filter(({ name }) => made.includes(name))
    expect(mine.map(({ bin, type, collection }) => [bin, type, collection]).sort()).toEqual([
      ['list', 'NUMERIC', 'LIST'],
      ['map', 'STRING', 'MAPKEYS'],
      ['n', 'NUMERIC', 'DEFAULT'],
      ['s', 'STRING', 'DEFAULT'],
    ])
    expect(await info.secondaryIndexDetails(NAMESPACE, made[0] as string)).toMatchObject({ loadPercent: 100 })
    expect(await info.secondaryIndexDetails(NAMESPACE, freshName('none'))).toBeUndefined()
  })

  it('answer conditions, and say how', async () => {
    const query = () => context.session.query(context.dataSet).where('$.n >= 3 and $.n < 7')
    expect(await query().explain()).toEqual({
      access: 'index',
      index: made[0],
      range: 'n from 3 to 6',
      filter: undefined,
    })
    expect(await found(query())).toEqual(expected(({ n }) => n >= 3 && n < 7))
  })

  it('leave the rest of a condition to a filter', async () => {
    const query = () => context.session.query(context.dataSet).where('$.n == ?0 and $.m > ?1', [4, 2])
    expect(await query().explain()).toMatchObject({
      access: 'index',
      range: 'n equal to 4',
      filter: '$.m > ?1',
    })
    expect(await found(query())).toEqual(expected(({ n, m }) => n === 4 && m > 2))
  })

  it('are not used where none serves, or none is to be used', async () => {
    const explain = (condition: string) => context.session.query(context.dataSet).where(condition).explain()
    expect(await explain('$.m > 2')).toMatchObject({ access: 'scan', index: undefined, filter: '$.m > 2' })
    expect(await explain('$.n > 2 or $.s == "s1"')).toMatchObject({ access: 'scan' })
    const without = context.session.query(context.dataSet).withIndexContext([]).where('$.n == 1')
    expect(await without.explain()).toMatchObject({ access: 'scan' })
  })

  it('are chosen among those that the session is told, unless the query says so itself', async () => {
    const { cluster, dataSet } = context
    const unaided = cluster.createSession(undefined, { indexes: false })
    const query = unaided.query(dataSet).where('$.n >= 3 and $.n < 7')
    expect(await query.explain()).toMatchObject({ access: 'scan', filter: '$.n >= 3 and $.n < 7' })
    expect(await found(query)).toEqual(expected(({ n }) => n >= 3 && n < 7))
    const namespace = NAMESPACE
    const known = [
      { name: made[1] as string, namespace, set: dataSet.setName, bin: 's', type: 'STRING' as const },
    ]
    expect(await unaided.query(dataSet).withIndexContext(known).where('$.s == "s1"').explain()).toMatchObject(
      { access: 'index', index: made[1] },
    )
    const told = cluster.createSession(undefined, { indexes: known })
    expect(await told.query(dataSet).where('$.s == "s1"').explain()).toMatchObject({ index: made[1] })
    expect(await told.query(dataSet).where('$.n == 1').explain()).toMatchObject({ access: 'scan' })
    expect(await told.withBehavior(told.behavior).query(dataSet).where('$.n == 1').explain()).toMatchObject({
      access: 'scan',
    })
  })

  it('are chosen by a hint', async () => {
    const query = () =>
      context.session.query(context.dataSet).where('$.n == 4 and $.s == "s3"').hint({ binName: 's' })
    expect(await query().explain()).toMatchObject({ index: made[1], filter: '$.n == 4' })
  })

  it('give as many as brute force does, page by page too', async () => {
    for (let round = 0; round < 10; round++) {
      const low = random.int(-25, 20)
      const high = random.int(low, 25)
      const condition = `$.n >= ${low} and $.n <= ${high}`
      const wanted = expected(({ n }) => n >= low && n <= high)
      expect(await found(context.session.query(context.dataSet).where(condition)), condition).toEqual(wanted)
      const stream = await context.session.query(context.dataSet).where(condition).chunkSize(37).execute()
      const paged: number[] = []
      while (await stream.hasMoreChunks())
        for (const row of await stream.toArray()) paged.push(row.orThrow().record?.bins['at'] as number)
      expect(
        paged.sort((one, other) => one - other),
        condition,
      ).toEqual(wanted)
    }
  })

  it('give for any condition what a look at every record gives', async () => {
    const bound = (): number => random.int(-22, 22)
    const term = (): string =>
      random.pick([
        () => `$.n ${random.pick(['==', '!=', '<', '<=', '>', '>='])} ${bound()}`,
        () => `${bound()} ${random.pick(['==', '<', '<=', '>', '>='])} $.n`,
        () =>
          `$.n ${random.pick(['+', '-', '*', '/'])} ${random.pick([-3, -1, 2, 5])} ${random.pick(['==', '<', '>='])} ${bound()}`,
        () => `$.m > ${random.int(-1, 5)}`,
        () => `$.s == "s${random.int(0, 10)}"`,
      ])()
    const condition = (depth: number): string => {
      if (depth === 0 || random.chance(0.3)) return term()
      const both = `(${condition(depth - 1)} ${random.pick(['and', 'and', 'or'])} ${condition(depth - 1)})`
      return random.chance(0.15) ? `not(${both})` : both
    }
    let byIndex = 0
    for (let round = 0; round < 60; round++) {
      const text = condition(2)
      const planned = context.session.query(context.dataSet).where(text)
      if ((await planned.explain()).access === 'index') byIndex++
      // Without indexes to choose from, servers check the condition on each record.
      const scan = context.session.query(context.dataSet).withIndexContext([]).where(text)
      expect(await found(planned), `${text}, seed ${random.seed}`).toEqual(await found(scan))
    }
    expect(byIndex).toBeGreaterThan(0)
  })

  it('resume behind a record, in another query', async () => {
    const first = await context.session.query(context.dataSet).where('$.n > -100').chunkSize(150).execute()
    const begun = (await first.toArray()).map((row) => row.orThrow().record?.bins['at'] as number)
    const cursor = JSON.stringify(first.cursor())
    await first.close()
    const rest = await found(context.session.query(context.dataSet).where('$.n > -100').resume(cursor))
    expect([...begun, ...rest].sort((one, other) => one - other)).toEqual(expected(() => true))
  })

  it('look into lists and maps when asked outright', async () => {
    const element = IndexFilter.containing('list', 1005, { collection: 'LIST' })
    expect(await found(context.session.query(context.dataSet).filter(element))).toEqual([5])
    const range = IndexFilter.between('list', 0, 2000, { collection: 'LIST' })
    expect(await found(context.session.query(context.dataSet).filter(range))).toEqual(expected(() => true))
    const key = IndexFilter.containing('map', 'k3', { collection: 'MAPKEYS' })
    expect(await found(context.session.query(context.dataSet).filter(key))).toEqual(
      expected(({ at }) => at % 5 === 3),
    )
  })

  it('that are not there are IndexError', async () => {
    const missing = await context.session
      .query(context.dataSet)
      .filter(IndexFilter.equal('nope', 1))
      .execute()
    expect(await failureOf(missing.toArray())).toMatchObject({
      name: 'IndexError',
      codeName: 'INDEX_NOTFOUND',
    })
  })

  it('cannot have the name of another one, may be made again, and dropped twice', async () => {
    const [name] = made as [string]
    const index = () => context.session.index(context.dataSet).named(name)
    await (await index().onBin('n').integer().create()).done({ timeout: 20_000 })
    expect(await failureOf(index().onBin('other').integer().create())).toMatchObject({ name: 'IndexError' })
    const dropped = freshName('dropped')
    await (await context.session.index(context.dataSet).named(dropped).onBin('m').integer().create()).done()
    await context.session.index(context.dataSet).named(dropped).drop()
    await context.session.index(context.dataSet).named(dropped).drop()
    await eventually(
      async () => (await context.session.info().secondaryIndexDetails(NAMESPACE, dropped)) === undefined,
      { expecting: 'the index to be gone' },
    )
  })

  it('refuse what is incomplete before anything is sent', () => {
    const index = () => context.session.index(context.dataSet)
    expect(() => index().onBin('a').integer().create()).toThrow(/name/)
    expect(() => index().named('a').integer().create()).toThrow(/bin/)
    expect(() => index().named('a').onBin('a').create()).toThrow(/type/)
    expect(() => index().named('a').wholeSet().onBin('b').create()).toThrow(/whole set/)
    expect(() => IndexFilter.between('a', 5, 1)).toThrow(/empty/)
    expect(() => IndexFilter.equal('a', 1.5)).toThrow(/doubles/)
  })

  it('are also on places, paths, expressions, bytes and whole sets', async () => {
    const place = (x: number) => GeoJson.of({ type: 'Point', coordinates: [x, 0] })
    for (const at of [0, 1, 2]) {
      const key = context.dataSet.id(at)
      await context.session.put(key, { place: place(at), deep: { a: [at] }, blob: Uint8Array.of(at) })
    }
    await create('place', (index) => index.onBin('place').geo2dsphere())
    await create('deep', (index) =>
      index
        .onBin('deep')
        .integer()
        .context([
          { by: 'mapKey', value: 'a' },
          { by: 'listIndex', index: 0 },
        ]),
    )
    const sum = Exp.numAdd(Exp.intBin('n'), Exp.intBin('m'))
    const summed = await create('sum', (index) => index.expression(sum).integer())
    await create('blob', (index) => index.onBin('blob').blob())
    await create('set', (index) => index.wholeSet())
    const circle = new GeoJson('{"type":"AeroCircle","coordinates":[[1,0],10000]}')
    const query = () => context.session.query(context.dataSet)
    expect(await found(query().filter(IndexFilter.within('place', circle)))).toEqual([1])
    expect(await query().where('$.deep.a.[0] == 2').explain()).toMatchObject({ access: 'index' })
    expect(await found(query().where('$.deep.a.[0] == 2'))).toEqual([2])
    const bySum = IndexFilter.between('', 3, 5, { expression: sum })
    expect(await found(query().filter(bySum))).toEqual(expected(({ n, m }) => n + m >= 3 && n + m <= 5))
    const byName = IndexFilter.between('', 3, 5, { indexName: summed })
    expect(await found(query().filter(byName))).toEqual(expected(({ n, m }) => n + m >= 3 && n + m <= 5))
    expect(await found(query().filter(IndexFilter.equal('blob', Uint8Array.of(2))))).toEqual([2])
    expect((await found(query())).length).toBe(COUNT)
  })
})
