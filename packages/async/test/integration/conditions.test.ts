import { AelError, ael } from '@aero/ael'
import { Exp, HllConfig, type Key, type Session, type WriteFromOptions } from '@aero/async'
import { describe, expect, it } from 'vitest'
import { failureOf, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

type WriteVerb = (
  session: Session,
  key: Key,
) => ReturnType<Session['upsert' | 'update' | 'replace' | 'replaceIfExists' | 'touch' | 'exists' | 'delete']>

async function person(bins: { readonly age: number; readonly name: string }) {
  const key = context.freshKey('person')
  await context.session.put(key, bins)
  return key
}

const ALICE = { age: 28, name: 'Alice' }

describe('a condition', () => {
  it.each([
    ['text', (age: number) => ['$.age >= ?0', [age]] as const],
    ['a template', (age: number) => [ael`$.age >= ${age}`] as const],
    ['an expression', (age: number) => [Exp.ge(Exp.intBin('age'), age)] as const],
  ])('as %s lets a record through, or leaves it out', async (_what, condition) => {
    const key = await person(ALICE)
    const where = (age: number) => {
      const [said, values] = condition(age) as readonly [string, (readonly number[])?]
      return context.session.query(key).where(said, values)
    }
    expect(await (await where(18).execute()).toArray()).toHaveLength(1)
    expect(await (await where(30).execute()).toArray()).toEqual([])
    const [shown] = await (await where(30).respondAllKeys().execute()).toArray()
    expect(shown).toMatchObject({ ok: false, code: 27 })
    expect(await failureOf(where(30).failOnFilteredOut().execute())).toMatchObject({ name: 'FilteredError' })
  })

  it('keeps a write, a touch and a delete from a record', async () => {
    const key = await person(ALICE)
    const { session } = context
    await session.update(key).put({ age: 1 }).where('$.age > 90').execute()
    await session.delete(key).where('$.name == "Bob"').execute()
    expect((await session.get(key))?.bins).toEqual(ALICE)
    await session.update(key).bin('age').add(1).where('$.age == 28').execute()
    expect((await session.get(key))?.bins).toEqual({ ...ALICE, age: 29 })
  })

  it.each<readonly [string, WriteVerb]>([
    ['upsert', (session, key) => session.upsert(key).put({ done: 1 })],
    ['update', (session, key) => session.update(key).put({ done: 1 })],
    ['replace', (session, key) => session.replace(key).put({ done: 1 })],
    ['replaceIfExists', (session, key) => session.replaceIfExists(key).put({ done: 1 })],
    ['touch', (session, key) => session.touch(key)],
    ['exists', (session, key) => session.exists(key)],
    ['delete', (session, key) => session.delete(key)],
  ])('holds for %s', async (verb, build) => {
    const { session } = context
    const key = await person(ALICE)
    const before = await session.get(key)
    const [refused] = await (
      await build(session, key)
        .where(Exp.gt(Exp.intBin('age'), 90))
        .respondAllKeys()
        .execute()
    ).toArray()
    expect(refused).toMatchObject({ ok: false, code: 27 })
    expect(await session.get(key)).toEqual(before)
    await expect(build(session, key).where('$.age > 90').failOnFilteredOut().execute()).rejects.toMatchObject(
      { code: 27 },
    )
    const done = await (await build(session, key).where('$.age < 90').respondAllKeys().execute()).toArray()
    expect(done).toMatchObject([{ ok: true, code: 0 }])
    const after = await session.get(key)
    if (verb === 'delete') expect(after).toBeUndefined()
    else expect(after?.generation).toBe(verb === 'exists' ? before?.generation : 2)
  })

  it('does not apply to a record that is yet to be created', async () => {
    const key = context.freshKey('created')
    await context.session.upsert(key).put({ age: 1 }).where('$.age > 90').execute()
    expect((await context.session.get(key))?.bins).toEqual({ age: 1 })
  })

  it('of each segment holds in a batch, the default one elsewhere', async () => {
    const keys = [await person(ALICE), await person({ age: 60, name: 'Bob' })]
    const [first, second] = keys as [(typeof keys)[0], (typeof keys)[0]]
    const stream = await context.session
      .query([first, second])
      .where('$.age < 50')
      .respondAllKeys()
      .update(first, second)
      .bin('age')
      .add(1)
      .defaultWhere('$.age > 50')
      .respondAllKeys()
      .execute()
    expect((await stream.toArray()).map(({ code }) => code)).toEqual([0, 27, 27, 0])
  })

  it('that is none is refused before anything is sent', () => {
    expect(() => context.session.query(context.freshKey()).where('$.age >>> ')).toThrow(AelError)
  })
})

describe('computed bins', () => {
  it('are read without being stored, and written under their conditions', async () => {
    const key = await person(ALICE)
    const { session } = context
    const rows = await session.query(key).selectFrom('twice', '$.age * 2').bin('name').get().execute()
    expect((await rows.firstOrThrow()).record?.bins).toEqual({ twice: 56, name: 'Alice' })
    await session
      .update(key)
      .upsertFrom('next', Exp.numAdd(Exp.intBin('age'), 1))
      .execute()
    expect((await session.get(key))?.bins).toEqual({ ...ALICE, next: 29 })
    const insert = session.update(key).insertFrom('next', '$.age').execute()
    expect(await failureOf(insert)).toMatchObject({ name: 'BinExistsError' })
    const update = session.update(key).updateFrom('none', '$.age').execute()
    expect(await failureOf(update)).toMatchObject({ name: 'BinNotFoundError' })
    await session.update(key).bin('next').insertFrom('$.age', { ignoreOpFailure: true }).execute()
    expect((await session.get(key))?.bins).toEqual({ ...ALICE, next: 29 })
  })

  it.each<readonly [string, WriteFromOptions, number | undefined, number | undefined]>([
    ['insertFrom', {}, 6, undefined],
    ['insertFrom', { ignoreOpFailure: true }, undefined, 28],
    ['updateFrom', {}, undefined, 29],
    ['upsertFrom', {}, undefined, 29],
    ['upsertFrom', { ignoreEvalFailure: true }, undefined, 29],
  ] as const)('%s with %j on a bin that is there', async (verb, options, code, age) => {
    const key = await person(ALICE)
    const write = context.session.update(key)[verb as 'insertFrom']('age', '$.age + 1', options).execute()
    if (code !== undefined) await expect(write).rejects.toMatchObject({ code })
    else await write
    expect((await context.session.get(key))?.bins['age']).toBe(age ?? 28)
  })

  it.each<readonly [string, string, WriteFromOptions, number | undefined, number | undefined]>([
    ['insertFrom', '$.age + 1', {}, undefined, 29],
    ['updateFrom', '$.age + 1', {}, 17, undefined],
    ['updateFrom', '$.age + 1', { ignoreOpFailure: true }, undefined, undefined],
    ['upsertFrom', '$.age + 1', {}, undefined, 29],
    ['upsertFrom', '$.none + 1', {}, 26, undefined],
    ['upsertFrom', '$.none + 1', { ignoreEvalFailure: true }, undefined, undefined],
  ] as const)('%s of %s with %j on a bin that is not there', async (verb, formula, options, code, next) => {
    const key = await person(ALICE)
    const write = context.session.update(key)[verb as 'insertFrom']('next', formula, options).execute()
    if (code !== undefined) await expect(write).rejects.toMatchObject({ code })
    else await write
    expect((await context.session.get(key))?.bins['next']).toBe(next)
  })

  it('that come to nil remove the bin when they may', async () => {
    const key = await person(ALICE)
    await expect(context.session.update(key).upsertFrom('name', Exp.nil()).execute()).rejects.toMatchObject({
      code: 26,
    })
    await context.session.update(key).upsertFrom('name', Exp.nil(), { deleteIfNull: true }).execute()
    expect((await context.session.get(key))?.bins).toEqual({ age: 28 })
  })

  it('that cannot be computed fail, unless that is to be ignored', async () => {
    const key = await person(ALICE)
    const { session } = context
    expect(await failureOf(session.query(key).selectFrom('x', '$.none + 1').execute())).toMatchObject({
      code: 26,
    })
    const rows = await session.query(key).selectFrom('x', '$.none + 1', { ignoreEvalFailure: true }).execute()
    expect((await rows.firstOrThrow()).record?.bins['x'] ?? null).toBeNull()
  })

  it('unite, fold and refresh HyperLogLogs without changing them', async () => {
    const key = context.freshKey('sketches')
    const { session } = context
    const config = HllConfig.of(10)
    await session
      .upsert(key)
      .bin('one')
      .hllAdd(['a', 'b', 'c'], { config })
      .bin('other')
      .hllAdd(['c', 'd'], { config })
      .execute()
    const one = Exp.hllBin('one')
    const rows = await session
      .query(key)
      .selectFrom('union', Exp.hllGetCount(Exp.hllSetUnion(one, Exp.hllBin('other'))))
      .selectFrom('folded', Exp.hllDescribe(Exp.hllFold(one, 6)))
      .selectFrom('refreshed', Exp.hllGetCount(Exp.hllRefreshCount(one)))
      .selectFrom('kept', Exp.hllDescribe(one))
      .execute()
    const row = await rows.firstOrThrow()
    expect(row.record?.bins).toEqual({
      union: 4,
      folded: [6, 0],
      refreshed: 3,
      kept: [10, 0],
    })
    expect(row.hllConfig('kept')).toEqual(HllConfig.of(10))
    expect(row.hllConfig('nope')).toBeUndefined()
    expect(() => row.hllConfig('union')).toThrow('bin union does not hold what hllDescribe reads')
  })

  it('compute with bits, lists and maps without changing them', async () => {
    const key = context.freshKey('computed')
    await context.session.put(key, { flags: Uint8Array.of(0xf0, 0x01), list: [3, 1, 3], map: { a: 1 } })
    const flags = Exp.blobBin('flags')
    const map = Exp.mapBin('map')
    const rows = await context.session
      .query(key)
      .selectFrom('sum', Exp.bitGetInt(Exp.bitAdd(flags, 0, 8, 32, { overflow: 'wrap' }), 0, 8))
      .selectFrom('most', Exp.bitGetInt(Exp.bitAdd(flags, 0, 8, 32, { overflow: 'saturate' }), 0, 8))
      .selectFrom(
        'less',
        Exp.bitGetInt(Exp.bitSubtract(flags, 8, 8, 2, { signed: true }), 8, 8, { signed: true }),
      )
      .selectFrom('larger', Exp.bitResize(flags, 3, { from: 'front', growOnly: true }))
      .selectFrom('first', Exp.bitLscan(flags, 4, 12, true))
      .selectFrom('sorted', Exp.listSort(Exp.listBin('list'), { descending: true, dropDuplicates: false }))
      .selectFrom('put', Exp.mapPut(map, 'a', 2, { order: 'keyOrdered', createOnly: true, noFail: true }))
      .selectFrom('refused', Exp.mapPut(map, 'a', 2, { createOnly: true }), { ignoreEvalFailure: true })
      .selectFrom(
        'matches',
        Exp.regexCompare('^A+$', { extended: true, ignoreCase: true }, Exp.stringVal('aa')),
      )
      .execute()
    expect((await rows.firstOrThrow()).record?.bins).toEqual({
      sum: 0x10,
      most: 0xff,
      less: -1,
      larger: Uint8Array.of(0, 0xf0, 0x01),
      first: 11,
      sorted: [3, 3, 1],
      put: { a: 1 },
      matches: true,
    })
    expect((await context.session.get(key))?.bins['map']).toEqual({ a: 1 })
  })

  it('choose among cases, with variables that know their types', async () => {
    const key = await person(ALICE)
    const price = Exp.let({ base: Exp.toFloat(Exp.intBin('age')) }, ({ base }) =>
      Exp.cond(Exp.lt(base, 10), Exp.floatVal(0), Exp.lt(base, 65), Exp.numMul(base, 2), base),
    )
    const rows = await context.session.query(key).selectFrom('price', price).execute()
    expect((await rows.firstOrThrow()).record?.bins).toEqual({ price: 56 })
  })
})
