import { DataSet, SerializeError, UsageError } from '@aero/async'
import { EncodeError, type Key, type KeyValue, type Value } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { failureOf, NAMESPACE, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

const BEFORE = { kept: 'as it was' }

class Person {
  name = 'Alice'
}

const circular: unknown[] = []
circular.push(circular)

// biome-ignore lint/suspicious/noSparseArray: that it has a hole is the point
const sparse = [1, , 3]

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

/** Values that cannot be stored, where the fault lies within them, and a word of the reason. */
const VALUES: readonly { name: string; value: unknown; inside?: string; reason: RegExp }[] = [
  { name: 'undefined', value: undefined, reason: /undefined/ },
  { name: 'a function', value: () => 1, reason: /function/ },
  { name: 'a symbol', value: Symbol('s'), reason: /symbol/ },
  { name: 'a Date', value: new Date(0), reason: /Date/ },
  { name: 'a RegExp', value: /x/, reason: /RegExp/ },
  { name: 'a Set', value: new Set([1]), reason: /Set/ },
  { name: 'a class instance', value: new Person(), reason: /Person/ },
  { name: 'a promise', value: Promise.resolve(1), reason: /Promise/ },
  { name: 'a Float64Array', value: new Float64Array(1), reason: /Float64Array/ },
  { name: 'an unsafe integer', value: 2 ** 53, reason: /safe/ },
  { name: 'a negative unsafe integer', value: -(2 ** 53), reason: /safe/ },
  { name: 'a bigint over 64 bits', value: 2n ** 63n, reason: /64|range/ },
  { name: 'a bigint under 64 bits', value: -(2n ** 63n) - 1n, reason: /64|range/ },
  { name: 'a lone surrogate', value: 'a\ud800b', reason: /surrogate/ },
  { name: 'undefined in a list', value: [1, undefined], inside: '[1]', reason: /undefined/ },
  { name: 'a hole in a list', value: sparse, inside: '[1]', reason: /undefined|hole|sparse|missing/ },
  { name: 'a Date in an object', value: { born: new Date(0) }, inside: '.born', reason: /Date/ },
  {
    name: 'a function, deep inside',
    value: { a: [1, { b: () => 1 }] },
    inside: '.a[1].b',
    reason: /function/,
  },
  {
    name: 'an unsafe integer in a list in a Map',
    value: new Map([['m', [2 ** 60]]]),
    inside: '.m[0]',
    reason: /safe/,
  },
  { name: 'a Map with a double key', value: new Map([[1.5, 1]]), reason: /key/ },
  { name: 'a Map with a boolean key', value: new Map([[true, 1]]), reason: /key/ },
  { name: 'a Map with a list key', value: new Map([[[1], 1]]), reason: /key/ },
  { name: 'a Map with null as key', value: new Map([[null, 1]]), reason: /key/ },
  { name: 'a circle', value: circular, inside: '[0]', reason: /refers back/ },
  { name: 'nesting of 65 levels', value: nested(65), inside: '[0]', reason: /64/ },
]

/** Ways to write a value under the bin `bad`. */
const WAYS: readonly { way: string; run: (key: Key, value: Value) => Promise<unknown> }[] = [
  { way: 'put', run: (key, value) => context.session.put(key, { good: 1, bad: value }) },
  {
    way: 'upsert.put',
    run: (key, value) => context.session.upsert(key).put({ good: 1, bad: value }).execute(),
  },
  {
    way: 'bin.setTo',
    run: (key, value) => context.session.upsert(key).setTo('good', 1).bin('bad').setTo(value).execute(),
  },
]

async function prepare(): Promise<Key> {
  const key = context.freshKey('refused')
  await context.session.put(key, BEFORE)
  return key
}

async function expectUntouched(key: Key): Promise<void> {
  expect(await context.session.get(key)).toMatchObject({ bins: BEFORE, generation: 1 })
}

describe('a value that cannot be stored', () => {
  const table = VALUES.flatMap((value) => WAYS.map((way) => ({ ...value, ...way })))

  it.each(table)(
    '$name by $way: says where and why, and nothing is sent',
    async ({ value, inside = '', reason, run }) => {
      const key = await prepare()
      const error = await failureOf(run(key, value as Value))
      expect(error).toBeInstanceOf(SerializeError)
      expect(error).toMatchObject({
        code: -10,
        codeName: 'SERIALIZE_ERROR',
        key,
        inDoubt: false,
        attempts: [],
      })
      const { message } = error as Error
      expect(message).toContain(`bad${inside}`)
      expect(message).toMatch(reason)
      expect((error as Error).cause).toBeInstanceOf(EncodeError)
      await expectUntouched(key)
    },
  )

  it('leaves the commands beside it alone, on the same connection and in the same turn', async () => {
    const keys = Array.from({ length: 40 }, () => context.freshKey('refused'))
    const writes = keys.map((key, index) =>
      context.session.put(key, { value: index % 2 === 0 ? index : new Person() } as never),
    )
    const outcomes = await Promise.allSettled(writes)
    expect(outcomes.map(({ status }) => status)).toEqual(
      keys.map((_, index) => (index % 2 === 0 ? 'fulfilled' : 'rejected')),
    )
    for (const [index, key] of keys.entries()) {
      expect((await context.session.get(key))?.bins).toEqual(index % 2 === 0 ? { value: index } : undefined)
    }
  })
})

describe('a name of a bin that cannot be used', () => {
  const names: readonly { name: string; bin: string; reason: RegExp }[] = [
    { name: '16 bytes', bin: 'abcdefghijklmnop', reason: /15/ },
    { name: '16 bytes in 6 characters', bin: '日本語の名前', reason: /15/ },
    { name: 'NUL inside', bin: 'a\u0000b', reason: /zero byte|NUL/ },
  ]
  const ways: readonly { way: string; run: (key: Key, bin: string) => Promise<unknown> }[] = [
    { way: 'put', run: (key, bin) => context.session.put(key, { [bin]: 1 }) },
    { way: 'bin.add', run: (key, bin) => context.session.upsert(key).bin(bin).add(1).execute() },
    { way: 'bin.remove', run: (key, bin) => context.session.upsert(key).bin(bin).remove().execute() },
    { way: 'get', run: (key, bin) => context.session.get(key, [bin]) },
    { way: 'query.bins', run: (key, bin) => context.session.query(key).bins([bin]).execute() },
    { way: 'query.bin.get', run: (key, bin) => context.session.query(key).bin(bin).get().execute() },
  ]
  it.each(names.flatMap((name) => ways.map((way) => ({ ...name, ...way }))))(
    '$name by $way',
    async ({ bin, reason, run }) => {
      const key = await prepare()
      const error = await failureOf(run(key, bin))
      expect(error).toMatchObject({ code: -10, inDoubt: false, attempts: [] })
      expect((error as Error).message).toMatch(reason)
      await expectUntouched(key)
    },
  )
})

describe('a key that cannot be used', () => {
  const values: readonly { name: string; value: unknown }[] = [
    { name: 'a double', value: 1.5 },
    { name: 'NaN', value: Number.NaN },
    { name: 'an unsafe integer', value: 2 ** 53 },
    { name: 'a bigint over 64 bits', value: 2n ** 63n },
    { name: 'true', value: true },
    { name: 'null', value: null },
    { name: 'undefined', value: undefined },
    { name: 'a list', value: [1] },
    { name: 'an object', value: {} },
    { name: 'a Date', value: new Date(0) },
    { name: 'a lone surrogate', value: '\ud800' },
  ]

  it.each(values)('$name', ({ value }) => {
    expect(() => context.dataSet.id(value as KeyValue)).toThrow()
    expect(() => context.dataSet.idForObject(value)).toThrow()
  })

  it.each(['', 'abc', 'z'.repeat(40), 'a'.repeat(42)])("the digest '%s'", (digest) => {
    expect(() => context.dataSet.idFromDigest(digest)).toThrow(/digest/)
  })

  it('a digest of 19 bytes', () => {
    expect(() => context.dataSet.idFromDigest(new Uint8Array(19))).toThrow(/digest/)
  })

  it.each([
    { name: 'an empty namespace', make: () => DataSet.of('', 'set') },
    { name: 'an empty set', make: () => DataSet.of(NAMESPACE, '') },
  ])('$name', ({ make }) => {
    expect(make).toThrow(UsageError)
  })

  it.each([undefined, null, 'alice', {}, { digest: 'abc', namespace: NAMESPACE }])(
    '%j in place of a Key',
    async (key) => {
      expect(() => context.session.upsert(key as unknown as Key)).toThrow(UsageError)
      // A text is the name of a namespace there.
      if (typeof key !== 'string')
        expect(() => context.session.query(key as unknown as Key)).toThrow(UsageError)
      expect(await failureOf(context.session.get(key as unknown as Key))).toBeInstanceOf(UsageError)
      expect(await failureOf(context.session.put(key as unknown as Key, { a: 1 }))).toBeInstanceOf(UsageError)
    },
  )
})

describe('a builder used against its rules', () => {
  const misuses: readonly { name: string; use: (key: Key) => unknown }[] = [
    { name: 'upsert of nothing', use: (key) => context.session.upsert(key).execute() },
    { name: 'insert of no bins', use: (key) => context.session.insert(key).put({}).execute() },
    { name: 'delete with bins', use: (key) => context.session.delete(key).put({ a: 1 }).execute() },
    { name: 'touch with an operation', use: (key) => context.session.touch(key).bin('a').add(1).execute() },
    { name: 'exists with bins', use: (key) => context.session.exists(key).put({ a: 1 }).execute() },
    { name: 'get of no bins', use: (key) => context.session.get(key, []) },
    { name: 'query of no bins', use: (key) => context.session.query(key).bins([]) },
    { name: 'withNoBins and bins', use: (key) => context.session.query(key).withNoBins().bins(['a']) },
    { name: 'bins and withNoBins', use: (key) => context.session.query(key).bins(['a']).withNoBins() },
    { name: 'bins and bin', use: (key) => context.session.query(key).bins(['a']).bin('b') },
    { name: 'put of null', use: (key) => context.session.upsert(key).put(null as never) },
    { name: 'put of null, directly', use: (key) => context.session.put(key, null as never) },
    { name: 'put of no bins', use: (key) => context.session.put(key, {}) },
    { name: 'put of an array', use: (key) => context.session.put(key, ['a'] as never) },
    { name: 'put of a Map', use: (key) => context.session.put(key, new Map([['a', 1]]) as never) },
    { name: 'upsert of a Map', use: (key) => context.session.upsert(key).put(new Map([['a', 1]]) as never) },
    {
      name: 'executed twice',
      use: async (key) => {
        const builder = context.session.query(key)
        await builder.execute()
        await builder.execute()
      },
    },
  ]

  it.each(misuses)('$name', async ({ use }) => {
    const key = await prepare()
    expect(await failureOf(async () => await use(key))).toBeInstanceOf(UsageError)
    await expectUntouched(key)
  })
})
