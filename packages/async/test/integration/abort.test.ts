import { getEventListeners } from 'node:events'
import { AbortError } from '@aero/async'
import type { Key } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { failureOf, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

interface Call {
  readonly name: string
  readonly isRead: boolean
  readonly run: (key: Key, signal: AbortSignal) => Promise<unknown>
}

const CALLS: readonly Call[] = [
  { name: 'get', isRead: true, run: (key, signal) => context.session.get(key, undefined, { signal }) },
  { name: 'getHeader', isRead: true, run: (key, signal) => context.session.getHeader(key, { signal }) },
  { name: 'put', isRead: false, run: (key, signal) => context.session.put(key, { a: 2 }, { signal }) },
  { name: 'query', isRead: true, run: (key, signal) => context.session.query(key).execute({ signal }) },
  {
    name: 'upsert',
    isRead: false,
    run: (key, signal) => context.session.upsert(key).put({ a: 2 }).execute({ signal }),
  },
  { name: 'delete', isRead: false, run: (key, signal) => context.session.delete(key).execute({ signal }) },
]

async function prepare(): Promise<Key> {
  const key = context.freshKey()
  await context.session.put(key, { a: 1 })
  return key
}

describe('AbortSignal', () => {
  it.each(CALLS)('$name with a signal that is aborted already: nothing is sent', async ({ run }) => {
    const key = await prepare()
    const reason = new Error('changed my mind')
    const error = await failureOf(run(key, AbortSignal.abort(reason)))
    expect(error).toBeInstanceOf(AbortError)
    expect(error).toMatchObject({ key, inDoubt: false, cause: reason, attempts: [] })
    expect(await context.session.get(key)).toMatchObject({ bins: { a: 1 }, generation: 1 })
  })

  it.each(CALLS)('$name aborted in the same turn', async ({ run, isRead }) => {
    const key = await prepare()
    const controller = new AbortController()
    const call = failureOf(run(key, controller.signal))
    controller.abort(new Error('changed my mind'))
    const error = await call
    expect(error).toBeInstanceOf(AbortError)
    // Whether the bytes were still held back is the transport's affair; a read is never in doubt.
    if (isRead) expect(error).toMatchObject({ inDoubt: false })
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    // The connection carries on, in step.
    const other = await prepare()
    expect((await context.session.get(other))?.bins).toEqual({ a: 1 })
  })

  it.each(CALLS)('$name with a signal that is never aborted leaves no listener', async ({ run }) => {
    const { signal } = new AbortController()
    await run(await prepare(), signal)
    await failureOf(
      context.session
        .insert(await prepare())
        .put({ a: 1 })
        .execute({ signal }),
    )
    await failureOf(context.session.put(await prepare(), { a: undefined } as never, { signal }))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it.each(CALLS)('$name: aborting afterwards changes nothing', async ({ run }) => {
    const controller = new AbortController()
    await run(await prepare(), controller.signal)
    controller.abort()
    const other = await prepare()
    expect((await context.session.get(other))?.bins).toEqual({ a: 1 })
  })

  it('one signal ends a thousand commands, and the connections still serve', async () => {
    const key = await prepare()
    const controller = new AbortController()
    const calls = Array.from({ length: 1000 }, () =>
      failureOf(context.session.get(key, undefined, { signal: controller.signal })),
    )
    controller.abort()
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(AbortError)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    const reads = await Promise.all(Array.from({ length: 100 }, () => context.session.get(key)))
    for (const record of reads) expect(record?.bins).toEqual({ a: 1 })
  })

  it('onError "inStream" does not swallow an abort into a good row', async () => {
    const key = await prepare()
    const stream = await context.session
      .upsert(key)
      .put({ a: 2 })
      .execute({ onError: 'inStream', signal: AbortSignal.abort() })
    const row = await stream.first()
    expect(row?.ok).toBe(false)
  })
})
