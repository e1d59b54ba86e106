import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Key, RESULT_CODE, type Value } from '@aero/codec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf, freshName, useCluster } from '../support/test-cluster.ts'

const context = useCluster()
const MODULE = freshName('functions').replaceAll('-', '_')

const SOURCE = `
function echo(rec, ...) return list{...} end
function get(rec, bin) return rec[bin] end
function nothing(rec) end
function add(rec, bin, amount)
  rec[bin] = (rec[bin] or 0) + amount
  if aerospike:exists(rec) then aerospike:update(rec) else aerospike:create(rec) end
  return rec[bin]
end
function remove(rec) return aerospike:remove(rec) end
function keep_for(rec, seconds)
  record.set_ttl(rec, seconds)
  aerospike:update(rec)
end
function fail(rec) error('as it was told') end
`

beforeAll(async () => {
  await (await context.session.registerUdf(`${MODULE}.lua`, SOURCE)).done({ timeout: 10_000 })
})

afterAll(async () => {
  await context.session.removeUdf(`${MODULE}.lua`)
})

async function put(name: string, n: number) {
  const key = context.remove(context.dataSet.id(name))
  await context.session.put(key, { n })
  return key
}

describe('executeUdf()', () => {
  it('applies a function to a record, and gives what it returns', async () => {
    const key = await put('one', 5)
    const stream = await context.session.executeUdf(key).function(MODULE, 'get').passing('n').execute()
    const row = await stream.firstOrThrow()
    expect(row.udfResult).toBe(5)
    expect(row.record).toBeUndefined()
    expect(row.key.equals(key)).toBe(true)
  })

  it('passes values of all kinds and takes them back', async () => {
    const key = await put('values', 1)
    const values = [7, -1n << 62n, 'text', 1.5, true, [1, ['a']], { a: [1], b: { c: 'd' } }]
    const stream = await context.session
      .executeUdf(key)
      .function(MODULE, 'echo')
      .passing(...values)
      .execute()
    expect(await stream.firstUdfResult()).toEqual(values)
  })

  it('has no result where the function returns none', async () => {
    const row = await (
      await context.session
        .executeUdf(await put('nothing', 1))
        .function(MODULE, 'nothing')
        .execute()
    ).firstOrThrow()
    expect(row.udfResult).toBeUndefined()
  })

  it('calls the function for records that are not there, which may create them', async () => {
    const key = context.remove(context.dataSet.id(freshName('created')))
    const call = () => context.session.executeUdf(key).function(MODULE, 'add').passing('n', 3).execute()
    expect(await (await call()).firstUdfResult()).toBe(3)
    expect(await (await call()).firstUdfResult()).toBe(6)
    expect((await context.session.get(key))?.bins).toEqual({ n: 6 })
    await context.session.executeUdf(key).function(MODULE, 'remove').execute()
    expect(await context.session.get(key)).toBeUndefined()
  })

  it('says why a function failed', async () => {
    const key = await put('fails', 1)
    const failure = await failureOf(context.session.executeUdf(key).function(MODULE, 'fail').execute())
    expect(failure).toMatchObject({ name: 'UdfError', code: RESULT_CODE.UDF_BAD_RESPONSE, inDoubt: false })
    expect((failure as Error).message).toContain('as it was told')
    expect((failure as Error).message).toContain(`${MODULE}.lua:`)
    const unknown = await failureOf(context.session.executeUdf(key).function(MODULE, 'none').execute())
    expect((unknown as Error).message).toContain('function not found')
  })

  it('leaves out what a condition excludes', async () => {
    const keys = [await put('odd', 1), await put('even', 2)]
    const rows = await (
      await context.session
        .executeUdf(keys)
        .function(MODULE, 'add')
        .passing('n', 10)
        .where('$.n == 2')
        .execute()
    ).toArray()
    expect(rows.map(({ index, udfResult }) => [index, udfResult])).toEqual([[1, 12]])
    expect((await context.session.get(keys[0] as never))?.bins).toEqual({ n: 1 })
    const alone = context.session
      .executeUdf(keys[0] as never)
      .function(MODULE, 'get')
      .passing('n')
    expect(await failureOf(alone.where('$.n == 2').failOnFilteredOut().execute())).toMatchObject({
      code: RESULT_CODE.FILTERED_OUT,
    })
  })

  it('applies a function to many records, each with its own outcome', async () => {
    const keys = []
    for (let n = 0; n < 50; n++) keys.push(await put(`many ${n}`, n))
    const rows = await (
      await context.session.executeUdf(keys).function(MODULE, 'add').passing('n', 100).execute()
    ).toArray()
    expect(rows.map((row) => row.udfResult)).toEqual(keys.map((_, n) => 100 + n))
    const failed = await (await context.session.executeUdf(keys).function(MODULE, 'fail').execute()).toArray()
    expect(failed.length).toBe(50)
    for (const row of failed) {
      if (row.ok) throw new Error('it should have failed')
      expect(row.code).toBe(RESULT_CODE.UDF_BAD_RESPONSE)
      expect(row.error.message).toContain('as it was told')
    }
  })

  it('has records that functions write expire, unless the function says when', async () => {
    const keys = [await put('expires 1', 1), await put('expires 2', 2)]
    const [first] = keys as [Key]
    const ttl = async (key: Key) => (await context.session.getHeader(key))?.ttl
    const call = (key: Key | Key[], name = 'add', ...args: Value[]) =>
      context.session
        .executeUdf(key)
        .function(MODULE, name)
        .passing(...(args.length > 0 ? args : ['n', 1]))
    await call(first).expireAfter('1h').execute()
    expect(await ttl(first)).toBeGreaterThan(3500)
    await call(first).withNoChangeInExpiration().execute()
    expect(await ttl(first)).toBeGreaterThan(3500)
    await call(first, 'keep_for', 60).expireAfter('1h').execute()
    expect(await ttl(first)).toBeLessThanOrEqual(60)
    await call(first).neverExpire().execute()
    expect(await ttl(first)).toBe('never')
    await call(keys).expireAfter('2h').execute()
    for (const key of keys) expect(await ttl(key)).toBeGreaterThan(7000)
    const chain = context.session.query(first).executeUdf(keys).function(MODULE, 'add').passing('n', 1)
    await chain.defaultExpireAfter('3h').execute()
    for (const key of keys) expect(await ttl(key)).toBeGreaterThan(10_000)
  })

  it('stands in a chain and in a batch beside other verbs', async () => {
    const [first, second] = [await put('chain 1', 1), await put('chain 2', 2)]
    const rows = await (
      await context.session
        .query(first)
        .executeUdf(second)
        .function(MODULE, 'add')
        .passing('n', 5)
        .upsert(context.remove(context.dataSet.id('chain 3')))
        .put({ n: 3 })
        .execute()
    ).toArray()
    expect(rows.map((row) => row.ok && (row.udfResult ?? row.record?.bins))).toEqual([{ n: 1 }, 7, undefined])
    const batch = context.session.batch()
    batch.executeUdf(first, second).function(MODULE, 'get').passing('n')
    batch.delete(first)
    const results = (await (await batch.execute()).toArray()).map((row) => row.udfResult)
    expect(results.length).toBe(3)
    expect(results[1]).toBe(7)
  })

  it('refuses what says no function, before anything is sent', () => {
    const begin = () => context.session.executeUdf(context.dataSet.id(1))
    expect(() => begin().execute()).toThrow(/must be called before execute/)
    expect(() => begin().passing(1)).toThrow(/call function\(\) first/)
    expect(() => begin().function('', 'f')).toThrow(/non-empty/)
    expect(() => begin().function('m', '')).toThrow(/non-empty/)
    expect(() => context.session.executeUdf([])).toThrow()
  })
})

describe('registerUdfFromFile() and getUdf()', () => {
  it('register a file under its own name or another one, and give its text', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modules-'))
    const name = `${freshName('filed').replaceAll('-', '_')}.lua`
    const path = join(folder, name)
    const source = 'function seven(rec) return 7 end -- grüße\n'
    await writeFile(path, source)
    try {
      await (await context.session.registerUdfFromFile(path)).done({ timeout: 10_000 })
      expect(await context.session.getUdf(name)).toBe(source)
      const key = await put('filed', 1)
      const stream = await context.session.executeUdf(key).function(name.slice(0, -4), 'seven').execute()
      expect(await stream.firstUdfResult()).toBe(7)
      const other = `other_${name}`
      const task = await context.session.registerUdfFromFile(path, other)
      expect(task.name).toBe(other)
      await task.done({ timeout: 10_000 })
      for (const each of [name, other])
        await (await context.session.removeUdf(each)).done({ timeout: 10_000 })
      expect(await context.session.getUdf(name)).toBeUndefined()
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('refuse what is no file, or empty, before anything is sent', async () => {
    expect(await failureOf(context.session.registerUdfFromFile('no/such/file.lua'))).toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(/the module .*no.such.file\.lua cannot be read: there is no such file/),
    })
    expect(await failureOf(context.session.registerUdf('empty.lua', ''))).toMatchObject({
      name: 'UsageError',
      message: 'module empty.lua: its text is empty',
    })
  })
})
