import { DataSet, ParseError, SchemaError, type StandardSchema } from '@aero/async'
import { describe, expect, it } from 'vitest'
import { failureOf, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

/** Bins of one name, which hold a number. */
const schema: StandardSchema<{ count: number }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (bins) =>
      typeof (bins as { count: unknown }).count === 'number'
        ? {}
        : { issues: [{ message: 'a number is due', path: ['count'] }] },
  },
}

/** Keys of one record: with the schema, and without. */
function strictAndLoose(prefix: string) {
  const { namespace, setName, value } = context.freshKey(prefix)
  const strict = DataSet.of(namespace, setName, { schema, validateReads: true })
  return { strict: strict.id(value as string), loose: DataSet.of(namespace, setName).id(value as string) }
}

describe('a data set with a schema', () => {
  it('refuses a write before anything is sent', async () => {
    const { session } = context
    const { strict } = strictAndLoose('refused')
    const error = await failureOf(session.put(strict, { count: 'many' as never }))
    expect(error).toBeInstanceOf(SchemaError)
    expect(String(error)).toMatch(/count: a number is due/)
    expect(await session.get(strict)).toBeUndefined()
    await session.put(strict, { count: 1 })
    expect((await session.get(strict))?.bins.count).toBe(1)
  })

  it('judges what is read when asked: one record, and rows of several, each by itself', async () => {
    const { session } = context
    const bad = strictAndLoose('bad')
    const good = strictAndLoose('good')
    await session.put(bad.loose, { count: 'many' })
    await session.put(good.loose, { count: 1, more: true })

    const error = (await failureOf(session.get(bad.strict))) as Error
    expect(error).toBeInstanceOf(ParseError)
    expect(error.cause).toBeInstanceOf(SchemaError)
    expect((await session.get(good.strict))?.bins.count).toBe(1)

    const stream = await session.query([bad.strict, good.strict]).bins(['count']).execute()
    const rows = await stream.toArray()
    expect(rows.map((row) => (row.ok ? row.record?.bins : row.error.cause))).toEqual([
      expect.any(SchemaError),
      { count: 1 },
    ])
    // Neither metadata nor results of operations are bins.
    expect((await session.getHeader(bad.strict))?.generation).toBeGreaterThan(0)
    const read = await session.query(bad.strict).bin('count').get().execute()
    expect((await read.firstOrThrow()).record?.bins).toEqual({ count: 'many' })
  })
})
