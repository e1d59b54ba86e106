import { type Bins, GenerationError, type Session, type Streams, type WriteBuilder } from '@aero/async'
import type { Key } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { failureOf, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

type Builder = WriteBuilder<Streams<Bins>>

const VERBS: readonly {
  verb: string
  begin: (session: Session, key: Key) => Builder
  after: object | undefined
}[] = [
  { verb: 'upsert', begin: (session, key) => session.upsert(key).put({ a: 2 }), after: { a: 2 } },
  { verb: 'update', begin: (session, key) => session.update(key).put({ a: 2 }), after: { a: 2 } },
  { verb: 'replace', begin: (session, key) => session.replace(key).put({ a: 2 }), after: { a: 2 } },
  {
    verb: 'replaceIfExists',
    begin: (session, key) => session.replaceIfExists(key).put({ a: 2 }),
    after: { a: 2 },
  },
  { verb: 'add', begin: (session, key) => session.upsert(key).bin('a').add(1), after: { a: 2 } },
  { verb: 'touch', begin: (session, key) => session.touch(key), after: { a: 1 } },
  { verb: 'delete', begin: (session, key) => session.delete(key), after: undefined },
]

async function prepare(): Promise<Key> {
  const key = context.freshKey()
  await context.session.put(key, { a: 0 })
  await context.session.put(key, { a: 1 })
  return key
}

describe('ensureGenerationIs', () => {
  it.each(VERBS)('$verb is applied to the generation that was read', async ({ begin, after }) => {
    const key = await prepare()
    const read = await context.session.get(key)
    expect(read?.generation).toBe(2)
    await begin(context.session, key).ensureGenerationIs(2).execute()
    const record = await context.session.get(key)
    expect(record?.bins).toEqual(after)
    if (after !== undefined) expect(record?.generation).toBe(3)
  })

  it.each(VERBS.flatMap((verb) => [1, 3, 65_535].map((generation) => ({ ...verb, generation }))))(
    '$verb is refused when it is not $generation',
    async ({ begin, generation }) => {
      const key = await prepare()
      const error = await failureOf(begin(context.session, key).ensureGenerationIs(generation).execute())
      expect(error).toBeInstanceOf(GenerationError)
      expect(error).toMatchObject({ code: 3, codeName: 'GENERATION_ERROR', key, inDoubt: false })
      expect(await context.session.get(key)).toMatchObject({ bins: { a: 1 }, generation: 2 })
    },
  )

  it('of a record that is missing is refused', async () => {
    const key = context.freshKey()
    const write = context.session.upsert(key).put({ a: 1 }).ensureGenerationIs(1)
    expect(await failureOf(write.execute())).toMatchObject({ code: 3 })
    expect(await context.session.get(key)).toBeUndefined()
  })

  it('lets one of two writers win', async () => {
    const key = await prepare()
    const writes = ['first', 'second'].map((name) =>
      context.session.upsert(key).put({ name }).ensureGenerationIs(2).execute({ onError: 'inStream' }),
    )
    const codes: (number | undefined)[] = []
    for (const stream of await Promise.all(writes)) codes.push((await stream.first())?.code)
    expect(codes.sort()).toEqual([0, 3])
    expect((await context.session.get(key))?.generation).toBe(3)
  })

  it.each([0, -1, 1.5, 65_536, Number.NaN, '1' as unknown as number])('refuses %s at once', (generation) => {
    const key = context.freshKey()
    expect(() => context.session.upsert(key).ensureGenerationIs(generation)).toThrow(/generation/)
  })
})
