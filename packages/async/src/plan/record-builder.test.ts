import { double, type Key, OPERATION_TYPE } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { DataSet } from './data-set.ts'
import type { BatchPlan, Plan, RecordPlan } from './plan.ts'
import { BatchBuilder, KeyQueryBuilder, WriteBuilder } from './record-builder.ts'
import type { Ending, Runner } from './runner.ts'
import { UsageError } from './usage-error.ts'

interface Echo extends Ending {
  readonly result: RecordPlan
}
interface EchoAny extends Ending {
  readonly result: Plan
}

/** A runner that gives back the plan it was handed, which is for one record. */
const echo: Runner<Echo> = {
  run: (plan) => {
    if (plan.kind !== 'record') throw new Error('one record expected')
    return plan
  },
}
/** One that gives back any. */
const echoAny: Runner<EchoAny> = { run: (plan) => plan }
const key = DataSet.of('test', 'plans').id(1)
const upsert = () => new WriteBuilder(echo, 'upsert', key)
const query = () => new KeyQueryBuilder(echo, key)

describe('a write', () => {
  it('keeps bins as they were given when nothing else is said', () => {
    const bins = { a: 1, b: 'x' }
    const plan = upsert().put(bins).execute()
    expect(plan).toMatchObject({ verb: 'upsert', bins, operations: undefined, retryable: true })
  })

  it('turns bins into operations, in order, when more is said', () => {
    const plan = upsert().put({ a: 1 }).bin('a').add(2).put({ b: null }).get('a').execute()
    expect(plan.bins).toBeUndefined()
    expect(plan.operations?.map(({ type, bin, value }) => [type, bin, value])).toEqual([
      [OPERATION_TYPE.write, 'a', 1],
      [OPERATION_TYPE.add, 'a', 2],
      [OPERATION_TYPE.write, 'b', null],
      [OPERATION_TYPE.read, 'a', undefined],
    ])
  })

  it.each([
    ['setTo', (b: ReturnType<typeof upsert>) => b.bin('a').setTo([1]), OPERATION_TYPE.write, [1], true],
    ['remove', (b: ReturnType<typeof upsert>) => b.bin('a').remove(), OPERATION_TYPE.write, null, true],
    ['add', (b: ReturnType<typeof upsert>) => b.bin('a').add(1n), OPERATION_TYPE.add, 1n, false],
    [
      'incrementBy',
      (b: ReturnType<typeof upsert>) => b.bin('a').incrementBy(2),
      OPERATION_TYPE.add,
      2,
      false,
    ],
    ['append', (b: ReturnType<typeof upsert>) => b.bin('a').append('x'), OPERATION_TYPE.append, 'x', false],
    [
      'prepend',
      (b: ReturnType<typeof upsert>) => b.bin('a').prepend('x'),
      OPERATION_TYPE.prepend,
      'x',
      false,
    ],
    ['get', (b: ReturnType<typeof upsert>) => b.bin('a').get(), OPERATION_TYPE.read, undefined, true],
  ])('%s becomes one operation', (_, build, type, value, retryable) => {
    const plan = build(upsert()).execute()
    expect(plan.operations).toEqual([{ type, bin: 'a', value, payload: undefined }])
    expect(plan.retryable).toBe(retryable)
  })

  it.each([
    ['nothing', (b: ReturnType<typeof upsert>) => b, 0],
    ['expireAfter, text', (b: ReturnType<typeof upsert>) => b.expireAfter('1h'), 3600],
    ['expireAfter, part of a second', (b: ReturnType<typeof upsert>) => b.expireAfter(1500), 2],
    ['expireRecordAfterSeconds', (b: ReturnType<typeof upsert>) => b.expireRecordAfterSeconds(60), 60],
    ['neverExpire', (b: ReturnType<typeof upsert>) => b.neverExpire(), -1],
    ['withNoChangeInExpiration', (b: ReturnType<typeof upsert>) => b.withNoChangeInExpiration(), -2],
    [
      'expiryFromServerDefault',
      (b: ReturnType<typeof upsert>) => b.neverExpire().expiryFromServerDefault(),
      0,
    ],
  ])('expiration: %s', (_, build, expiration) => {
    expect(build(upsert().put({ a: 1 })).execute().expiration).toBe(expiration)
  })

  it('carries generation, durable delete and the inclusion of rows', () => {
    const plan = new WriteBuilder(echo, 'delete', key)
      .ensureGenerationIs(7)
      .withDurableDelete()
      .respondAllKeys()
      .failOnFilteredOut()
      .execute()
    expect(plan).toMatchObject({
      verb: 'delete',
      generation: 7,
      durableDelete: true,
      respondAllKeys: true,
      failOnFilteredOut: true,
    })
  })

  it('is plain data that survives cloning', () => {
    const plan = upsert().put({ a: 1 }).add('b', double(1)).execute()
    expect(structuredClone(plan)).toMatchObject({
      verb: 'upsert',
      key: { namespace: 'test', setName: 'plans' },
    })
  })

  it.each([
    ['a generation of 0', () => upsert().ensureGenerationIs(0)],
    ['a generation beyond what the server counts', () => upsert().ensureGenerationIs(65_536)],
    ['an expiration of 0', () => upsert().expireAfter(0)],
    ['an expiration of less than nothing', () => upsert().expireRecordAfterSeconds(-1)],
    ['an upsert of nothing', () => upsert().execute()],
    ['an upsert of no bins', () => upsert().put({}).execute()],
    ['a delete with bins', () => new WriteBuilder(echo, 'delete', key).put({ a: 1 }).execute()],
    ['a touch with operations', () => new WriteBuilder(echo, 'touch', key).add('a', 1).execute()],
  ])('%s is refused', (_, build) => {
    expect(build).toThrow(UsageError)
  })

  it('executes once', () => {
    const builder = upsert().put({ a: 1 })
    builder.execute()
    expect(() => builder.execute()).toThrow(/executed already/)
  })
})

describe('a query of a key', () => {
  it.each([
    ['everything', query(), { verb: 'query', binNames: undefined, operations: undefined }],
    ['bins', query().bins(['a', 'b']), { verb: 'query', binNames: ['a', 'b'] }],
    ['metadata', query().withNoBins(), { verb: 'header' }],
    [
      'operations',
      query().bin('a').get(),
      { verb: 'query', operations: [{ type: OPERATION_TYPE.read, bin: 'a' }] },
    ],
  ])('reads %s', (_, builder, expected) => {
    expect(builder.execute()).toMatchObject(expected)
  })

  it.each([
    ['no bins', () => query().bins([])],
    ['bins after withNoBins', () => query().withNoBins().bins(['a'])],
    ['withNoBins after bins', () => query().bins(['a']).withNoBins()],
    ['bin after bins', () => query().bins(['a']).bin('b')],
    ['bins after bin', () => query().bin('a').get().bins(['b'])],
  ])('%s is refused', (_, build) => {
    expect(build).toThrow(UsageError)
  })
})

describe('several keys', () => {
  const [a, b, c] = DataSet.of('test', 'plans').ids(1, 2, 3) as [Key, Key, Key]
  const segmentsOf = (plan: Plan): unknown[] =>
    (plan as BatchPlan).segments.map(({ plan: { verb }, keys }) => [verb, keys])

  it('of one verb are one segment', () => {
    const plan = new WriteBuilder(echoAny, 'insert', [a, b]).put({ n: 1 }).execute()
    expect(plan).toMatchObject({
      kind: 'batch',
      segments: [{ keys: [a, b], plan: { verb: 'insert', bins: { n: 1 } } }],
    })
  })

  it('of several verbs are segments in order, whichever builder ends them', () => {
    const first = new WriteBuilder(echoAny, 'upsert', a).put({ n: 1 })
    first.update([b, c]).bin('n').add(1).delete(a).query(b, c).bins(['n'])
    const expected = [
      ['upsert', [a]],
      ['update', [b, c]],
      ['delete', [a]],
      ['query', [b, c]],
    ]
    const plan = first.execute()
    expect(segmentsOf(plan)).toEqual(expected)
    expect((plan as BatchPlan).segments[1]?.plan.retryable).toBe(false)
    expect((plan as BatchPlan).segments[3]?.plan.binNames).toEqual(['n'])
    expect(() => first.execute()).toThrow(UsageError)
  })

  it('gathered by a batch builder are the same', () => {
    const batch = new BatchBuilder(echoAny)
    batch.upsert(a).put({ n: 1 })
    batch.touch(b, c)
    expect(segmentsOf(batch.execute())).toEqual([
      ['upsert', [a]],
      ['touch', [b, c]],
    ])
    expect(() => batch.execute()).toThrow(UsageError)
    expect(() => new BatchBuilder(echoAny).execute()).toThrow(UsageError)
  })

  it('are checked segment by segment', () => {
    expect(() => new WriteBuilder(echoAny, 'upsert', a).query(b).execute()).toThrow(/upsert needs/)
    expect(() => new WriteBuilder(echoAny, 'delete', a).query([])).toThrow(UsageError)
    expect(() => new WriteBuilder(echoAny, 'delete', a).query('a' as never)).toThrow(UsageError)
  })
})

describe('a condition', () => {
  const filters = (plan: Plan) =>
    (plan as BatchPlan).segments.map(({ plan: { filter } }) => filter?.source?.text)

  it('belongs to its segment; the default goes where there is none, wherever it was said', () => {
    const plan = new WriteBuilder(echoAny, 'update', key)
      .put({ a: 1 })
      .where('$.a == 1')
      .delete(key)
      .defaultWhere('$.a == 2')
      .query(key)
      .where('$.a == 3')
      .touch(key)
      .execute()
    expect(filters(plan)).toEqual(['$.a == 1', '$.a == 2', '$.a == 3', '$.a == 2'])
  })

  it('of the default kind works without a chain', () => {
    expect(query().defaultWhere('$.a == ?0', [1]).execute().filter?.source?.values).toEqual([1])
  })

  it('is said once', () => {
    expect(() => query().where('$.a == 1').where('$.b == 1')).toThrow(UsageError)
  })

  it('is not in the plan when it was not said', () => {
    expect(query().execute().filter).toBeUndefined()
  })
})

describe('a default of a chain', () => {
  const segments = (plan: Plan) => (plan as BatchPlan).segments.map((segment) => segment.plan)

  it.each([
    ['defaultExpireAfter', (b: WriteBuilder<EchoAny>) => b.defaultExpireAfter('1h'), 3600],
    [
      'defaultExpireRecordAfterSeconds',
      (b: WriteBuilder<EchoAny>) => b.defaultExpireRecordAfterSeconds(60),
      60,
    ],
    ['defaultNeverExpire', (b: WriteBuilder<EchoAny>) => b.defaultNeverExpire(), -1],
    [
      'defaultWithNoChangeInExpiration',
      (b: WriteBuilder<EchoAny>) => b.defaultWithNoChangeInExpiration(),
      -2,
    ],
    [
      'defaultExpiryFromServerDefault, the last of two',
      (b: WriteBuilder<EchoAny>) => b.defaultNeverExpire().defaultExpiryFromServerDefault(),
      0,
    ],
  ])('%s is for the writes that say nothing of it', (_, say, expiration) => {
    const begun = new WriteBuilder<EchoAny>(echoAny, 'upsert', key).put({ a: 1 })
    const plan = say(begun)
      .upsert(key)
      .put({ a: 2 })
      .expireAfter('1m')
      .touch(key)
      .delete(key)
      .query(key)
      .execute()
    expect(segments(plan).map((segment) => segment.expiration)).toEqual([expiration, 60, expiration, 0, 0])
  })

  it('may be said in any segment, and without a chain; what was said of the server default stays', () => {
    const plan = new WriteBuilder(echoAny, 'upsert', key)
      .put({ a: 1 })
      .expiryFromServerDefault()
      .upsert(key)
      .put({ a: 2 })
      .query(key)
      .defaultNeverExpire()
      .execute()
    expect(segments(plan).map(({ expiration }) => expiration)).toEqual([0, -1, 0])
    expect(upsert().put({ a: 1 }).defaultNeverExpire().execute().expiration).toBe(-1)
  })

  it('says whether deletes leave tombstones', () => {
    const plan = new WriteBuilder(echoAny, 'delete', key)
      .defaultWithDurableDelete()
      .delete(key)
      .withoutDurableDelete()
      .execute()
    expect(segments(plan).map(({ durableDelete }) => durableDelete)).toEqual([true, false])
    const other = new WriteBuilder(echoAny, 'delete', key).delete(key).defaultWithoutDurableDelete().execute()
    expect(segments(other).map(({ durableDelete }) => durableDelete)).toEqual([false, false])
  })

  it('is checked where it is said', () => {
    expect(() => upsert().defaultExpireAfter(0)).toThrow(UsageError)
    expect(() => upsert().defaultExpireRecordAfterSeconds(1.5)).toThrow(UsageError)
  })
})

describe('what is computed', () => {
  it('becomes an operation with its flags', () => {
    const plan = upsert()
      .selectFrom('twice', '$.a * 2', { ignoreEvalFailure: true })
      .insertFrom('b', '$.a', { type: 'STRING', ignoreOpFailure: true })
      .updateFrom('c', '$.a + ?0', { values: [1], deleteIfNull: true })
      .upsertFrom('d', '$.a')
      .execute()
    expect(plan.retryable).toBe(false)
    expect(plan.operations?.map(({ type, bin, payload }) => [type, bin, payload?.at(-1)])).toEqual([
      [OPERATION_TYPE.expressionRead, 'twice', 0x10],
      [OPERATION_TYPE.expressionModify, 'b', 1 | 8],
      [OPERATION_TYPE.expressionModify, 'c', 2 | 4],
      [OPERATION_TYPE.expressionModify, 'd', 0],
    ])
  })

  it('can be read by a query, but not beside bins()', () => {
    expect(query().selectFrom('x', '$.a').execute().operations).toHaveLength(1)
    expect(() => query().bins(['a']).selectFrom('x', '$.a')).toThrow(UsageError)
  })
})
