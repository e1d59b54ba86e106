import { eventually } from '@aero/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { failureOf, freshName, NAMESPACE, useCluster } from '../support/test-cluster.ts'

const COUNT = 200
const context = useCluster()

beforeAll(async () => {
  const batch = context.session.batch()
  for (let at = 0; at < COUNT; at++) batch.upsert(context.remove(context.dataSet.id(at))).put({ at })
  await (await batch.execute({ onError: 'throw' })).close()
})

describe('background work', () => {
  it('updates all records of a set, and tells how it goes', async () => {
    const task = await context.session
      .backgroundTask()
      .update(context.dataSet)
      .bin('w')
      .setTo(7)
      .bin('at')
      .add(1000)
      .execute()
    expect(task.id).toBeGreaterThan(0n)
    expect(await task.done({ timeout: 20_000 })).toMatchObject({ status: 'COMPLETE', percent: 100 })
    const rows = await (await context.session.query(context.dataSet).execute()).toArray()
    expect(rows.length).toBe(COUNT)
    for (const row of rows) {
      expect(row.orThrow().record?.bins['w']).toBe(7)
      expect(row.orThrow().record?.bins['at']).toBeGreaterThanOrEqual(1000)
    }
    expect(await task.abort()).toBe(false)
  })

  it('touches those that meet a condition', async () => {
    const task = await context.session
      .backgroundTask()
      .touch(context.dataSet)
      .where('$.at < 1010')
      .expireAfter('1h')
      .recordsPerSecond(5000)
      .execute()
    const done = await task.done({ timeout: 20_000 })
    expect(done).toMatchObject({ succeeded: 10, filtered: COUNT - 10 })
    for (const [id, generation] of [
      [3, 3],
      [10, 2],
    ] as const) {
      const header = await context.session.getHeader(context.dataSet.id(id))
      expect(header?.generation).toBe(generation)
      if (generation === 3) expect(header?.ttl).toBeLessThanOrEqual(3600)
    }
  })

  it('has nothing to do in a set that is not there', async () => {
    const nothing = { ...context.dataSet, setName: freshName('nothing') } as never
    const task = await context.session.backgroundTask().delete(nothing).execute()
    expect(await task.isDone()).toBe(true)
  })

  it('refuses what says nothing, and what belongs elsewhere', () => {
    const begin = () => context.session.backgroundTask()
    expect(() => begin().update(context.dataSet).execute()).toThrow(/at least one operation/)
    expect(() => begin().delete(context.dataSet).bin('a')).toThrow(/takes no operations/)
    expect(() => begin().executeUdf(context.dataSet).execute()).toThrow(/function/)
    expect(() => begin().executeUdf(context.dataSet).function('', 'f')).toThrow(/non-empty/)
  })

  it('applies a function that was registered', async () => {
    const name = `${freshName('aero')}.lua`.replaceAll('-', '_')
    const task = await context.session.registerUdf(
      name,
      'function mark(rec, value) rec["u"] = value aerospike:update(rec) end\n',
    )
    await task.done({ timeout: 10_000 })
    expect((await context.session.listUdfs()).map((module) => module.name)).toContain(name)
    const work = await context.session
      .backgroundTask()
      .executeUdf(context.dataSet)
      .function(name.replace('.lua', ''), 'mark')
      .passing(5)
      .execute()
    expect(await work.done({ timeout: 20_000 })).toMatchObject({ succeeded: COUNT, failed: 0 })
    expect((await context.session.get(context.dataSet.id(1)))?.bins['u']).toBe(5)
    const broken = context.session.registerUdf(name, 'function broken(rec\n return 1\n')
    expect(await failureOf(broken)).toMatchObject({
      name: 'UdfError',
      message: expect.stringContaining('line 2'),
    })
    await (await context.session.removeUdf(name)).done({ timeout: 10_000 })
    await (await context.session.removeUdf(name)).done({ timeout: 10_000 })
  })

  it('deletes what is there, as truncation does', async () => {
    const task = await context.session.backgroundTask().delete(context.dataSet).execute()
    await task.done({ timeout: 20_000 })
    expect(await (await context.session.query(context.dataSet).execute()).toArray()).toEqual([])
    await context.session.put(context.dataSet.id('again'), { a: 1 })
    expect(
      await failureOf(context.session.truncate(context.dataSet, { before: new Date(4e12) })),
    ).toMatchObject({ code: 4 })
    await context.session.truncate(context.dataSet)
    await eventually(
      async () => (await (await context.session.query(context.dataSet).execute()).count()) === 0,
      {
        expecting: 'the set to be empty',
      },
    )
  })
})

describe('session.info()', () => {
  it('tells of servers, namespaces and sets', async () => {
    const info = context.session.info()
    expect([...(await info.build())].length).toBeGreaterThan(0)
    expect(await info.namespaces()).toContain(NAMESPACE)
    expect(info.clusterSize()).toBe(context.cluster.nodes().length)
    expect(await info.namespaceDetails(NAMESPACE)).toMatchObject({ name: NAMESPACE, stopWrites: false })
    expect(await info.namespaceDetails('nowhere')).toBeUndefined()
    expect(Array.isArray(await info.sets(NAMESPACE))).toBe(true)
    expect(await info.isClusterStable()).toBe(true)
    expect(await info.info('build')).toMatch(/^\d+\./)
    expect((await info.infoOnAllNodes('node')).size).toBe(info.clusterSize())
  })
})
