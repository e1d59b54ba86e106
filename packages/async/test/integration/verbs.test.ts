import {
  AerospikeError,
  type ExecuteOptions,
  RecordExistsError,
  RecordNotFoundError,
  type RecordStream,
  type Row,
  type Session,
} from '@aero/async'
import type { Key } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { failureOf, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

const BEFORE = { a: 1, b: 'old' }
const WRITTEN = { a: 2, c: true }

/** What a verb does to a record that is missing, or that holds {@link BEFORE} at generation 1. */
interface Outcome {
  /** Codes of the rows in the stream. */
  readonly rows: readonly number[]
  /** The code and the class of the error instead, for one that fails. */
  readonly error?: { readonly code: number; readonly type: typeof AerospikeError }
  /** The bins afterwards; `undefined`: there is no record. */
  readonly after: object | undefined
  readonly generationAfter?: number
  /** The bins in the row. */
  readonly read?: object
}

type Run = (session: Session, key: Key, options?: ExecuteOptions) => Promise<RecordStream>

interface VerbCase {
  readonly verb: string
  readonly run: Run
  readonly missing: Outcome
  readonly present: Outcome
  /** Rows that `respondAllKeys` adds for a missing record. */
  readonly allKeysMissing?: readonly number[]
}

const notFound = { code: 2, type: RecordNotFoundError }
const exists = { code: 5, type: RecordExistsError }
const merged = { a: 2, b: 'old', c: true }
const created = { rows: [0], after: WRITTEN, generationAfter: 1 }
const updated = { rows: [0], after: merged, generationAfter: 2 }
const unchanged = { after: BEFORE, generationAfter: 1 }

const CASES: readonly VerbCase[] = [
  {
    verb: 'upsert',
    run: (session, key, options) => session.upsert(key).put(WRITTEN).execute(options),
    missing: created,
    present: updated,
  },
  {
    verb: 'insert',
    run: (session, key, options) => session.insert(key).put(WRITTEN).execute(options),
    missing: created,
    present: { rows: [], error: exists, ...unchanged },
  },
  {
    verb: 'update',
    run: (session, key, options) => session.update(key).put(WRITTEN).execute(options),
    missing: { rows: [], error: notFound, after: undefined },
    present: updated,
  },
  {
    verb: 'replace',
    run: (session, key, options) => session.replace(key).put(WRITTEN).execute(options),
    missing: created,
    present: { rows: [0], after: WRITTEN, generationAfter: 2 },
  },
  {
    verb: 'replaceIfExists',
    run: (session, key, options) => session.replaceIfExists(key).put(WRITTEN).execute(options),
    missing: { rows: [], error: notFound, after: undefined },
    present: { rows: [0], after: WRITTEN, generationAfter: 2 },
  },
  {
    verb: 'upsert.replaceOnly',
    run: (session, key, options) => session.upsert(key).put(WRITTEN).replaceOnly().execute(options),
    missing: { rows: [], error: notFound, after: undefined },
    present: { rows: [0], after: WRITTEN, generationAfter: 2 },
  },
  {
    verb: 'delete',
    run: (session, key, options) => session.delete(key).execute(options),
    missing: { rows: [2], after: undefined },
    present: { rows: [0], after: undefined },
  },
  {
    verb: 'delete.respondAllKeys',
    run: (session, key, options) => session.delete(key).respondAllKeys().execute(options),
    missing: { rows: [2], after: undefined },
    present: { rows: [0], after: undefined },
  },
  {
    verb: 'touch',
    run: (session, key, options) => session.touch(key).execute(options),
    missing: { rows: [2], after: undefined },
    present: { rows: [0], after: BEFORE, generationAfter: 2 },
  },
  {
    verb: 'exists',
    run: (session, key, options) => session.exists(key).execute(options),
    missing: { rows: [2], after: undefined },
    present: { rows: [0], ...unchanged },
  },
  {
    verb: 'query',
    run: (session, key, options) => session.query(key).execute(options),
    missing: { rows: [], after: undefined },
    present: { rows: [0], read: BEFORE, ...unchanged },
  },
  {
    verb: 'query.respondAllKeys',
    run: (session, key, options) => session.query(key).respondAllKeys().execute(options),
    missing: { rows: [2], after: undefined },
    present: { rows: [0], read: BEFORE, ...unchanged },
  },
  {
    verb: 'query.bins',
    run: (session, key, options) => session.query(key).bins(['b', 'nope']).execute(options),
    missing: { rows: [], after: undefined },
    present: { rows: [0], read: { b: 'old' }, ...unchanged },
  },
  {
    verb: 'query.bin.get',
    run: (session, key, options) => session.query(key).bin('a').get().bin('b').get().execute(options),
    missing: { rows: [], after: undefined },
    present: { rows: [0], read: BEFORE, ...unchanged },
  },
  {
    verb: 'query.withNoBins',
    run: (session, key, options) => session.query(key).withNoBins().execute(options),
    missing: { rows: [], after: undefined },
    present: { rows: [0], read: {}, ...unchanged },
  },
  {
    verb: 'query.withNoBins.respondAllKeys',
    run: (session, key, options) => session.query(key).withNoBins().respondAllKeys().execute(options),
    missing: { rows: [2], after: undefined },
    present: { rows: [0], read: {}, ...unchanged },
  },
]

const STATES = ['missing', 'present'] as const
const TABLE = CASES.flatMap((verbCase) =>
  STATES.map((state) => ({ verb: verbCase.verb, run: verbCase.run, state, outcome: verbCase[state] })),
)
const FAILING = TABLE.flatMap(({ verb, run, state, outcome }) =>
  outcome.error === undefined ? [] : [{ verb, run, state, outcome, error: outcome.error }],
)

async function prepare(state: 'missing' | 'present'): Promise<Key> {
  const key = context.freshKey()
  if (state === 'present') await context.session.put(key, BEFORE)
  return key
}

async function expectAfter(key: Key, outcome: Outcome): Promise<void> {
  const record = await context.session.get(key)
  expect(record?.bins).toEqual(outcome.after)
  if (outcome.generationAfter !== undefined) expect(record?.generation).toBe(outcome.generationAfter)
}

describe('every verb, on a record that is missing and on one that is there', () => {
  it.each(TABLE)('$verb, $state', async ({ run, state, outcome }) => {
    const key = await prepare(state)
    if (outcome.error === undefined) {
      const rows: Row[] = await (await run(context.session, key)).toArray()
      expect(rows.map((row) => row.code)).toEqual(outcome.rows)
      for (const row of rows) {
        expect(row.key).toBe(key)
        expect(row.index).toBe(0)
        expect(row.ok).toBe(row.code === 0)
        expect(row.asBoolean()).toBe(row.code === 0)
        if (row.ok) expect(row.record?.bins).toEqual(outcome.read)
        else expect(row.error).toBeInstanceOf(RecordNotFoundError)
      }
    } else {
      const error = await failureOf(run(context.session, key))
      expect(error).toBeInstanceOf(outcome.error.type)
      expect(error).toMatchObject({ code: outcome.error.code, key, inDoubt: false })
    }
    await expectAfter(key, outcome)
  })
})

describe('onError, for every verb that fails', () => {
  it.each(FAILING)("'throw': $verb, $state", async ({ run, state, error, outcome }) => {
    const key = await prepare(state)
    await expect(run(context.session, key, { onError: 'throw' })).rejects.toMatchObject({ code: error.code })
    await expectAfter(key, outcome)
  })

  it.each(FAILING)("'inStream': $verb, $state", async ({ run, state, error, outcome }) => {
    const key = await prepare(state)
    const [row, ...more] = await (await run(context.session, key, { onError: 'inStream' })).toArray()
    expect(more).toEqual([])
    expect(row).toMatchObject({ ok: false, code: error.code, index: 0, inDoubt: false })
    expect(row?.key).toBe(key)
    if (row?.ok !== false) throw new Error('the row should have failed')
    expect(row.error).toBeInstanceOf(error.type)
    expect(() => row.orThrow()).toThrow(error.type)
    expect(() => row.recordOrThrow()).toThrow(error.type)
    await expectAfter(key, outcome)
  })

  it.each(FAILING)('a function: $verb, $state', async ({ run, state, error, outcome }) => {
    const key = await prepare(state)
    const seen: { key: Key; index: number; error: unknown }[] = []
    const stream = await run(context.session, key, {
      onError: (failedKey, index, failure) => seen.push({ key: failedKey, index, error: failure }),
    })
    expect(await stream.toArray()).toEqual([])
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({ index: 0, error: { code: error.code } })
    expect(seen[0]?.key).toBe(key)
    expect(seen[0]?.error).toBeInstanceOf(AerospikeError)
    await expectAfter(key, outcome)
  })
})

describe('direct calls', () => {
  it('get and getHeader of a missing record give undefined', async () => {
    const key = await prepare('missing')
    expect(await context.session.get(key)).toBeUndefined()
    expect(await context.session.get(key, ['a'])).toBeUndefined()
    expect(await context.session.getHeader(key)).toBeUndefined()
  })

  it('put creates, then updates and keeps the bins it does not name', async () => {
    const key = await prepare('missing')
    await context.session.put(key, BEFORE)
    await context.session.put(key, WRITTEN)
    const record = await context.session.get(key)
    expect(record).toMatchObject({ bins: merged, generation: 2, ttl: 'never' })
    expect(record?.key).toBe(key)
  })

  it('put of null removes the bin; of the last bin, the record', async () => {
    const key = await prepare('present')
    await context.session.put(key, { a: null })
    expect((await context.session.get(key))?.bins).toEqual({ b: 'old' })
    await context.session.put(key, { b: null })
    expect(await context.session.get(key)).toBeUndefined()
  })

  it('get reads the bins named; one that the record lacks is absent', async () => {
    const key = await prepare('present')
    expect((await context.session.get(key, ['a']))?.bins).toEqual({ a: 1 })
    expect((await context.session.get(key, ['b', 'nope']))?.bins).toEqual({ b: 'old' })
    expect(await context.session.get(key, ['nope'])).toMatchObject({ bins: {}, generation: 1 })
  })

  it('getOrThrow gives the record, or the error that there is none', async () => {
    const key = await prepare('missing')
    const error = await failureOf(context.session.getOrThrow(key))
    expect(error).toBeInstanceOf(RecordNotFoundError)
    expect(error).toMatchObject({ code: 2, inDoubt: false, key })
    await context.session.put(key, { a: 1, b: 2 })
    expect((await context.session.getOrThrow(key)).bins).toEqual({ a: 1, b: 2 })
    expect((await context.session.getOrThrow(key, ['b'])).bins).toEqual({ b: 2 })
  })

  it('getHeader gives generation and ttl without bins', async () => {
    const key = await prepare('present')
    await context.session.upsert(key).put({ c: 1 }).expireAfter('1h').execute()
    const header = await context.session.getHeader(key)
    expect(header?.bins).toEqual({})
    expect(header?.generation).toBe(2)
    expect(header?.ttl).toBeGreaterThan(3590)
    expect(header?.ttl).toBeLessThanOrEqual(3600)
  })
})

describe('deletes of a durable kind', () => {
  it('are refused by a Community server with ENTERPRISE_ONLY, and the record stays', async () => {
    const key = await prepare('present')
    const error = await failureOf(context.session.delete(key).durableDelete().execute())
    expect(error).toMatchObject({ code: 25, codeName: 'ENTERPRISE_ONLY', key, inDoubt: false })
    await expectAfter(key, { rows: [], ...unchanged })
  })

  it('follow the behavior, and withoutDurableDelete() overrides it', async () => {
    const key = await prepare('present')
    const durable = context.sessionWith({ all: { durableDelete: true } })
    expect(await failureOf(durable.delete(key).execute())).toMatchObject({ code: 25 })
    await durable.delete(key).withoutDurableDelete().execute()
    expect(await context.session.get(key)).toBeUndefined()
  })

  it('are not asked of writes that delete nothing', async () => {
    const key = await prepare('present')
    const durable = context.sessionWith({ all: { durableDelete: true } })
    await durable.upsert(key).put({ a: 7 }).durableDelete().execute()
    expect((await context.session.get(key))?.bins).toEqual({ a: 7, b: 'old' })
  })
})
