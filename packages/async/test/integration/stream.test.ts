import { RecordNotFoundError, type Row } from '@aero/async'
import type { Key } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { failureOf, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

async function prepare(): Promise<Key> {
  const key = context.freshKey()
  await context.session.put(key, { a: 1 })
  return key
}

describe('the stream of one key', () => {
  it('is walked with for await, once', async () => {
    const stream = await context.session.query(await prepare()).execute()
    const rows: Row[] = []
    for await (const row of stream) rows.push(row)
    for await (const row of stream) rows.push(row)
    expect(rows).toHaveLength(1)
  })

  it('is walked without execute(), too', async () => {
    const rows: Row[] = []
    for await (const row of context.session.query(await prepare())) rows.push(row)
    expect(rows.map((row) => row.ok && row.record?.bins)).toEqual([{ a: 1 }])
  })

  it('records() gives the records, passes over rows without one, and throws errors', async () => {
    const key = await prepare()
    const read: unknown[] = []
    for await (const record of (await context.session.query(key).execute()).records()) read.push(record.bins)
    for await (const record of (await context.session.upsert(key).put({ a: 2 }).execute()).records())
      read.push(record.bins)
    expect(read).toEqual([{ a: 1 }])

    const failed = await context.session.insert(key).put({ a: 1 }).execute({ onError: 'inStream' })
    expect(await failureOf(failed.records().next())).toMatchObject({ code: 5 })
  })

  it('firstOrThrow of an empty stream is RecordNotFoundError', async () => {
    const stream = await context.session.query(context.freshKey()).execute()
    expect(await failureOf(stream.firstOrThrow())).toBeInstanceOf(RecordNotFoundError)
  })

  it('firstOrThrow of a failed row throws its error', async () => {
    const stream = await context.session
      .insert(await prepare())
      .put({ a: 1 })
      .execute({ onError: 'inStream' })
    expect(await failureOf(stream.firstOrThrow())).toMatchObject({ code: 5 })
  })

  it('first of an empty stream is undefined, toArray and failures are empty', async () => {
    const key = context.freshKey()
    expect(await (await context.session.query(key).execute()).first()).toBeUndefined()
    expect(await (await context.session.query(key).execute()).toArray()).toEqual([])
    expect(await (await context.session.query(key).execute()).failures()).toEqual([])
  })

  it('failures keeps the rows that failed', async () => {
    const missing = await (await context.session.delete(context.freshKey()).execute()).failures()
    expect(missing.map((row) => row.code)).toEqual([2])
    expect(await (await context.session.delete(await prepare()).execute()).failures()).toEqual([])
  })

  it('is empty once closed, and can be closed again', async () => {
    const stream = await context.session.query(await prepare()).execute()
    await stream.close()
    await stream.close()
    expect(await stream.toArray()).toEqual([])
  })

  it('recordOrThrow of a row that read nothing says so', async () => {
    const row = await (await context.session.touch(await prepare()).execute()).firstOrThrow()
    expect(() => row.recordOrThrow()).toThrow(TypeError)
  })
})

// One test for each defect of the reference implementations that is in reach of commands on one key.
describe('defects that are not repeated', () => {
  it('#1, #20: an error of the client is never an ok row', async () => {
    const nobody = context.sessionWith({ all: { totalTimeout: 1, socketTimeout: 1, maxRetries: 0 } })
    // 1 ms is enough at times; whatever happens, ok and error must agree.
    for (let attempt = 0; attempt < 20; attempt++) {
      const stream = await nobody.query(context.freshKey()).respondAllKeys().execute({ onError: 'inStream' })
      const row = await stream
        .firstOrThrow()
        .catch((error: { code: number }) => ({ ok: false as const, code: error.code }))
      expect(row.ok).toBe(false)
      expect([2, 9]).toContain(row.code)
    }
  })

  it('#11: writes_retryable is used: a put follows it, an add does not', () => {
    const { behavior } = context.sessionWith({ writesRetryable: { maxRetries: 7 } })
    expect(behavior.settingsFor('WRITE_RETRYABLE', 'POINT', 'AP').maxRetries).toBe(7)
    expect(behavior.settingsFor('WRITE_NON_RETRYABLE', 'POINT', 'AP').maxRetries).toBe(0)
  })

  it('#18: firstOrThrow of nothing is not the end of an iteration but an error', async () => {
    const stream = await context.session.query(context.freshKey()).execute()
    await expect(stream.firstOrThrow()).rejects.toMatchObject({ code: 2 })
  })

  it('#19: delete, exists and touch of a missing key give a row', async () => {
    const { session } = context
    const streams = await Promise.all([
      session.delete(context.freshKey()).execute(),
      session.exists(context.freshKey()).execute(),
      session.touch(context.freshKey()).execute(),
    ])
    for (const stream of streams) {
      const rows = await stream.toArray()
      expect(rows.map((row) => [row.ok, row.code, row.asBoolean()])).toEqual([[false, 2, false]])
    }
  })

  it('#35: the builder and the direct call do the same', async () => {
    const [direct, built] = [context.freshKey(), context.freshKey()]
    const bins = { a: 1, b: [1, { c: 'x' }], d: new Map([[1, 2.5]]) }
    await context.session.put(direct, bins)
    await context.session.upsert(built).put(bins).execute()
    const read = await context.session.get(built)
    const row = await (await context.session.query(direct).execute()).firstOrThrow()
    expect(row.record?.bins).toStrictEqual(read?.bins)
    expect(row.record?.generation).toBe(read?.generation)
  })
})
