import { RESULT_CODE, type Value } from '@aero/codec'
import { loadLua } from '@aero/lua'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, freshName, useCluster } from '../support/test-cluster.ts'

const context = useCluster()
const MODULE = freshName('streams').replaceAll('-', '_')
const RECORDS = 60
const SUM = (RECORDS * (RECORDS - 1)) / 2

const SOURCE = `
local function add(a, b) return a + b end

function count(stream)
  return stream : map(function(rec) return 1 end) : reduce(add)
end

function sum(stream, bin)
  return stream : map(function(rec) return rec[bin] end) : reduce(add)
end

function names_from(stream, least)
  return stream : filter(function(rec) return rec.n >= least end)
                : map(function(rec) return map{name = rec.name, n = rec.n} end)
end

function by_kind(stream)
  local function one(counts, rec)
    counts[rec.kind] = (counts[rec.kind] or 0) + 1
    return counts
  end
  return stream : aggregate(map(), one) : reduce(function(a, b) return map.merge(a, b, add) end)
end

function all_kinds(stream)
  return stream : map(function(rec) return list{rec.n, rec.name, rec.n / 2, true, map{k = rec.kind}} end)
end

function mean(stream)
  local function total(all, rec)
    all.n = all.n + 1
    all.sum = all.sum + rec.n
    return all
  end
  local function both(a, b) return map{n = a.n + b.n, sum = a.sum + b.sum} end
  return stream : aggregate(map{n = 0, sum = 0}, total) : reduce(both) : map(function(all) return all.sum / all.n end)
end

function halves(stream)
  return stream : map(function(rec) return rec.n / 2 end) : reduce(add)
end

function grouped(stream, most)
  local function kinds(groups)
    local names = list()
    for kind, records in map.pairs(groups) do list.append(names, kind) end
    return names
  end
  return stream : map(function(rec) return map{kind = rec.kind} end) : groupby(function(each) return each.kind end) : map(kinds)
end

function fails_at_last(stream)
  return stream : map(function(rec) return 1 end) : reduce(add) : map(function(sum) error('not together') end)
end

function fails(stream)
  return stream : map(function(rec) error('as it was told') end)
end

function greets(stream, ...)
  local words = list{...}
  return stream : map(function(rec) return words end) : reduce(function(a, b) return a end)
end
`

beforeAll(async () => {
  await (await context.session.registerUdf(`${MODULE}.lua`, SOURCE)).done({ timeout: 10_000 })
  for (let n = 0; n < RECORDS; n++) {
    const key = context.remove(context.dataSet.id(n))
    await context.session.put(key, { n, name: `name ${n}`, kind: n % 3 === 0 ? 'round' : 'square' })
  }
})

afterAll(async () => {
  await context.session.removeUdf(`${MODULE}.lua`)
})

const add = (one: unknown, other: unknown): number => Number(one) + Number(other)
const query = () => context.session.query(context.dataSet)

describe('partials() of an aggregation', () => {
  it('are what each partition has come to', async () => {
    const partials = await (await query().aggregate(MODULE, 'sum', ['n']).partials()).toArray()
    expect(partials.length).toBeGreaterThan(RECORDS / 2)
    expect(partials.length).toBeLessThanOrEqual(RECORDS)
    expect(partials.reduce(add)).toBe(SUM)
  })

  it('are all that a function lets through which reduces nothing', async () => {
    const seen: unknown[] = []
    for await (const value of await query().aggregate(MODULE, 'names_from', [50]).partials()) seen.push(value)
    expect(seen.length).toBe(10)
    expect(seen).toEqual(
      expect.arrayContaining([
        { name: 'name 50', n: 50 },
        { name: 'name 59', n: 59 },
      ]),
    )
  })

  it('are values of all kinds', async () => {
    const stream = await query().aggregate(MODULE, 'all_kinds').partials()
    const values = (await stream.toArray()) as [number, ...unknown[]][]
    const [one] = values.filter(([n]) => n === 7)
    expect(one).toEqual([7, 'name 7', 3.5, true, { k: 'square' }])
  })

  it('end early where the loop is left, and with a signal', async () => {
    const aggregation = query().aggregate(MODULE, 'all_kinds')
    expect(await (await aggregation.partials()).first()).toHaveLength(5)
    const stream = await aggregation.partials({ signal: AbortSignal.abort(new Error('enough')) })
    expect(await failureOf(stream.toArray())).toMatchObject({
      name: 'AbortError',
      cause: { message: 'enough' },
    })
    // The connections are as good as before.
    expect(await aggregation.reduce((one) => one)).toHaveLength(5)
  })

  it('that are left early leave nothing for who asks next', async () => {
    for (let round = 0; round < 20; round++) {
      expect(await (await query().aggregate(MODULE, 'all_kinds').partials()).first()).toHaveLength(5)
      expect(await query().aggregate(MODULE, 'count').reduce(add)).toBe(RECORDS)
    }
  })
})

describe('reduce() of an aggregation', () => {
  it('puts the partial results together', async () => {
    expect(await query().aggregate(MODULE, 'count').reduce(add)).toBe(RECORDS)
    const sum = query().aggregate(MODULE, 'sum', ['n'])
    expect(await sum.reduce(add)).toBe(SUM)
    // Once more, anew.
    expect(await sum.reduce(add)).toBe(SUM)
    const counts = await query()
      .aggregate(MODULE, 'by_kind')
      .reduce((one, other) => {
        const sums: { [kind: string]: number } = { ...(one as object) }
        for (const [kind, n] of Object.entries(other as { [kind: string]: number }))
          sums[kind] = (sums[kind] ?? 0) + n
        return sums
      })
    expect(counts).toEqual({ round: 20, square: 40 })
  })

  it('passes arguments of all kinds', async () => {
    const values = ['text', 7, 1.5, true, [1, ['a']], { a: { b: 'c' } }]
    expect(
      await query()
        .aggregate(MODULE, 'greets', values)
        .reduce((one) => one),
    ).toEqual(values)
  })

  it('comes to nothing without records', async () => {
    const nowhere = context.session.query('test', freshName('empty'))
    expect(await nowhere.aggregate(MODULE, 'count').reduce(add)).toBeUndefined()
  })

  it('sees only what an index gives', async () => {
    const name = freshName('index')
    const task = await context.session.index(context.dataSet).onBin('n').named(name).integer().create()
    await task.done({ timeout: 10_000 })
    await context.session.refreshIndexes('test')
    try {
      const some = query().where('$.n >= 10 and $.n < 20')
      expect(await some.aggregate(MODULE, 'count').reduce(add)).toBe(10)
      const more = query().where('$.n >= 10 and $.kind == ?0', ['round'])
      expect(await failureOf(more.aggregate(MODULE, 'count').reduce(add))).toMatchObject({
        name: 'UsageError',
        message: expect.stringContaining('servers check no condition while they aggregate'),
      })
    } finally {
      await context.session.index(context.dataSet).named(name).drop()
    }
  })
})

describe('finish() of an aggregation', () => {
  const finished = async (functionName: string, args: Value[] = [], session = context.session) => {
    const module = (await loadLua()).module(MODULE, SOURCE)
    return await session.query(context.dataSet).aggregate(MODULE, functionName, args).finish(module)
  }

  it('has the rest of the function put the partial results together', async () => {
    expect(await finished('count')).toEqual([RECORDS])
    expect(await finished('sum', ['n'])).toEqual([SUM])
    expect(await finished('by_kind')).toEqual([{ round: 20, square: 40 }])
    expect(await finished('mean')).toEqual([SUM / RECORDS])
    expect(await finished('grouped', [3])).toEqual([['round', 'square']])
  })

  it('gives all of what is not reduced', async () => {
    const names = (await finished('names_from', [57])) as { n: number }[]
    expect(names.map(({ n }) => n).sort()).toEqual([57, 58, 59])
  })

  it('gives values as the session reads them', async () => {
    const exact = context.cluster.createSession(undefined, { integers: 'bigint', maps: 'map' })
    expect(await finished('count', [], exact as never)).toEqual([BigInt(RECORDS)])
    expect(await finished('by_kind', [], exact as never)).toEqual([
      new Map([
        ['round', 20n],
        ['square', 40n],
      ]),
    ])
    expect(await finished('halves', [], exact as never)).toEqual([SUM / 2])
  })

  it('comes to nothing without records', async () => {
    const module = (await loadLua()).module(MODULE, SOURCE)
    const nowhere = context.session.query('test', freshName('empty')).aggregate(MODULE, 'count')
    expect(await nowhere.finish(module)).toEqual([])
  })

  it('tells what the function said in the client, or that it is of another module', async () => {
    const failure = await failureOf(finished('fails_at_last'))
    expect(failure).toMatchObject({ name: 'UdfError', code: RESULT_CODE.UDF_BAD_RESPONSE })
    const { message } = failure as Error
    expect(message).toMatch(/in the client: .*lua:\d+: not together/)
    const other = (await loadLua()).module('other', SOURCE)
    expect(await failureOf(query().aggregate(MODULE, 'count').finish(other))).toMatchObject({
      name: 'UsageError',
    })
  })
})

describe('an aggregation that fails', () => {
  it('tells what the function said', async () => {
    const failure = await failureOf(query().aggregate(MODULE, 'fails').reduce(add))
    expect(failure).toMatchObject({ name: 'UdfError', code: RESULT_CODE.UDF_BAD_RESPONSE, inDoubt: false })
    const { message } = failure as Error
    expect(message).toContain(`aggregation ${MODULE}.fails of test:`)
    expect(message).toMatch(new RegExp(`${MODULE}.lua:\\d+: as it was told`))
  })

  it('tells that there is no such function, or module', async () => {
    const failure = await failureOf(query().aggregate(MODULE, 'none').reduce(add))
    expect((failure as Error).message).toContain('function not found')
    const missing = await failureOf(query().aggregate('no_such_module', 'none').reduce(add))
    expect(missing).toMatchObject({ name: 'UdfError' })
    expect((missing as Error).message).toContain('no_such_module')
  })

  it('is refused before anything is sent where it cannot be what it says', async () => {
    expect(() => query().aggregate('', 'f')).toThrow(/package must be a non-empty/)
    expect(() => query().aggregate('m', '')).toThrow(/function must be a non-empty/)
    expect(() => query().aggregate('m', 'f', [undefined as never])).toThrow(/undefined/)
    expect(() => query().bins(['n']).aggregate('m', 'f')).toThrow(/leave out bins/)
    expect(() => query().limit(1).aggregate('m', 'f')).toThrow(/leave out limit/)
    expect(() => query().onPartition(1).aggregate('m', 'f')).toThrow(/leave out partitions/)
    expect(() => query().expectedDuration('SHORT').aggregate('m', 'f')).toThrow(/duration SHORT/)
    const filtered = query().where('$.name == "a"').aggregate(MODULE, 'count')
    expect(await failureOf(filtered.reduce(add))).toMatchObject({ name: 'UsageError' })
    const nowhere = context.session.query('no-such-namespace').aggregate(MODULE, 'count')
    expect(await failureOf(nowhere.reduce(add))).toMatchObject({ code: RESULT_CODE.INVALID_NAMESPACE })
  })
})
