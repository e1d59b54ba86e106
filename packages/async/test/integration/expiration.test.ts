import type { Bins, Session, Streams, WriteBuilder } from '@aero/async'
import type { Key } from '@aero/codec'
import { eventually } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { failureOf, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

type Builder = WriteBuilder<Streams<Bins>>
type Form = (builder: Builder) => Builder

/** A ttl just read, of a record that was to live for `seconds`: the servers count in whole seconds. */
function expectTtl(ttl: number | 'never' | undefined, seconds: number | 'never'): void {
  if (seconds === 'never') {
    expect(ttl).toBe('never')
    return
  }
  expect(ttl).toBeGreaterThan(seconds - 15)
  expect(ttl).toBeLessThanOrEqual(seconds)
}

interface FormCase {
  readonly form: string
  readonly apply: Form
  /** Ttl of a record that had an hour left; of one that never expired; of a new one. */
  readonly fromHour: number | 'never'
  readonly fromNever: number | 'never'
  readonly fromNothing: number | 'never'
}

const DAY = 86_400

// The namespace's default-ttl is 0: never.
const FORMS: readonly FormCase[] = [
  { form: 'nothing said', apply: (b) => b, fromHour: 'never', fromNever: 'never', fromNothing: 'never' },
  {
    form: "expireAfter('90s')",
    apply: (b) => b.expireAfter('90s'),
    fromHour: 90,
    fromNever: 90,
    fromNothing: 90,
  },
  {
    form: "expireAfter('2m')",
    apply: (b) => b.expireAfter('2m'),
    fromHour: 120,
    fromNever: 120,
    fromNothing: 120,
  },
  {
    form: "expireAfter('30d')",
    apply: (b) => b.expireAfter('30d'),
    fromHour: 30 * DAY,
    fromNever: 30 * DAY,
    fromNothing: 30 * DAY,
  },
  {
    form: 'expireAfter(90000), milliseconds',
    apply: (b) => b.expireAfter(90_000),
    fromHour: 90,
    fromNever: 90,
    fromNothing: 90,
  },
  {
    form: 'expireRecordAfterSeconds(90)',
    apply: (b) => b.expireRecordAfterSeconds(90),
    fromHour: 90,
    fromNever: 90,
    fromNothing: 90,
  },
  {
    form: 'neverExpire()',
    apply: (b) => b.neverExpire(),
    fromHour: 'never',
    fromNever: 'never',
    fromNothing: 'never',
  },
  {
    form: 'withNoChangeInExpiration()',
    apply: (b) => b.withNoChangeInExpiration(),
    fromHour: 3600,
    fromNever: 'never',
    fromNothing: 'never',
  },
  {
    form: 'expiryFromServerDefault()',
    apply: (b) => b.expiryFromServerDefault(),
    fromHour: 'never',
    fromNever: 'never',
    fromNothing: 'never',
  },
  {
    form: 'the last form said counts',
    apply: (b) => b.neverExpire().expireAfter('5m').expireAfter('90s'),
    fromHour: 90,
    fromNever: 90,
    fromNothing: 90,
  },
]

const BEFORE = ['hour', 'never', 'nothing'] as const

async function prepare(before: (typeof BEFORE)[number]): Promise<Key> {
  const key = context.freshKey()
  if (before === 'hour') await context.session.upsert(key).put({ a: 0 }).expireAfter('1h').execute()
  if (before === 'never') await context.session.upsert(key).put({ a: 0 }).neverExpire().execute()
  return key
}

const expected = (formCase: FormCase, before: (typeof BEFORE)[number]): number | 'never' =>
  before === 'hour' ? formCase.fromHour : before === 'never' ? formCase.fromNever : formCase.fromNothing

describe('every form of expiration', () => {
  const table = FORMS.flatMap((formCase) => BEFORE.map((before) => ({ ...formCase, before, formCase })))

  it.each(table)('$form, upsert of a record with ttl $before', async ({ formCase, before }) => {
    const key = await prepare(before)
    await formCase.apply(context.session.upsert(key).put({ a: 1 })).execute()
    expectTtl((await context.session.get(key))?.ttl, expected(formCase, before))
    expectTtl((await context.session.getHeader(key))?.ttl, expected(formCase, before))
  })

  it.each(table.filter(({ before }) => before !== 'nothing'))(
    '$form, touch of a record with ttl $before',
    async ({ formCase, before }) => {
      const key = await prepare(before)
      await formCase.apply(context.session.touch(key)).execute()
      const record = await context.session.get(key)
      expectTtl(record?.ttl, expected(formCase, before))
      expect(record?.generation).toBe(2)
    },
  )

  it('a fraction of a second counts as a whole one', async () => {
    const key = context.freshKey()
    await context.session.upsert(key).put({ a: 1 }).expireAfter('1500ms').execute()
    const ttl = (await context.session.get(key))?.ttl
    expect(ttl).toBeGreaterThan(0)
    expect(ttl).toBeLessThanOrEqual(2)
  })
})

describe('a record whose time has come', () => {
  it('is not there any more, for any verb', async () => {
    const key = context.freshKey()
    await context.session.upsert(key).put({ a: 1 }).expireAfter('1s').execute()
    await eventually(async () => (await context.session.get(key)) === undefined, {
      within: 10_000,
      expecting: 'the record to expire',
    })
    expect(await context.session.getHeader(key)).toBeUndefined()
    expect((await (await context.session.exists(key).execute()).first())?.asBoolean()).toBe(false)
    expect(await failureOf(context.session.update(key).put({ a: 2 }).execute())).toMatchObject({ code: 2 })
    await context.session.insert(key).put({ a: 3 }).execute()
    expect(await context.session.get(key)).toMatchObject({ bins: { a: 3 }, generation: 1, ttl: 'never' })
  })
})

describe('expirations that are refused', () => {
  const refused: readonly { name: string; apply: (session: Session, key: Key) => unknown }[] = [
    { name: 'expireAfter(0)', apply: (session, key) => session.upsert(key).expireAfter(0) },
    { name: 'expireAfter(-1)', apply: (session, key) => session.upsert(key).expireAfter(-1) },
    { name: 'expireAfter(NaN)', apply: (session, key) => session.upsert(key).expireAfter(Number.NaN) },
    {
      name: 'expireAfter(Infinity)',
      apply: (session, key) => session.upsert(key).expireAfter(Number.POSITIVE_INFINITY),
    },
    { name: "expireAfter('soon')", apply: (session, key) => session.upsert(key).expireAfter('soon' as '1s') },
    { name: "expireAfter('60')", apply: (session, key) => session.upsert(key).expireAfter('60' as '1s') },
    { name: "expireAfter('60000d')", apply: (session, key) => session.upsert(key).expireAfter('60000d') },
    {
      name: 'expireRecordAfterSeconds(0)',
      apply: (session, key) => session.upsert(key).expireRecordAfterSeconds(0),
    },
    {
      name: 'expireRecordAfterSeconds(-5)',
      apply: (session, key) => session.upsert(key).expireRecordAfterSeconds(-5),
    },
    {
      name: 'expireRecordAfterSeconds(1.5)',
      apply: (session, key) => session.upsert(key).expireRecordAfterSeconds(1.5),
    },
  ]

  it.each(refused)('$name, at once', ({ apply }) => {
    const key = context.freshKey()
    expect(() => apply(context.session, key)).toThrow(/expiration|seconds|duration/)
  })

  it('more than ten years, by the server', async () => {
    const key = context.freshKey()
    const error = await failureOf(context.session.upsert(key).put({ a: 1 }).expireAfter('3651d').execute())
    expect(error).toMatchObject({ code: 4, codeName: 'PARAMETER_ERROR' })
    expect(await context.session.get(key)).toBeUndefined()
  })
})
