import type { Key } from '@aero/codec'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { DataSet } from './data-set.ts'
import { putPlan } from './direct-calls.ts'
import type { Plan } from './plan.ts'
import { BatchBuilder, WriteBuilder, type WriteVerb } from './record-builder.ts'
import type { Ending, Runner } from './runner.ts'
import { checkRead, SchemaError, type SchemaIssue, type StandardSchema } from './schema.ts'
import { UsageError } from './usage-error.ts'

interface User {
  name: string
  age?: number
  tags: string[]
}

/** A schema as libraries make them: what must be there, of which type, and nothing else. */
const schema: StandardSchema<User> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (given) => {
      const { name, age, tags, ...more } = given as { [bin: string]: unknown }
      const issues: SchemaIssue[] = []
      if (typeof name !== 'string') issues.push({ message: 'a text is due', path: ['name'] })
      if (age !== undefined && typeof age !== 'number')
        issues.push({ message: 'a number is due', path: ['age'] })
      if (!Array.isArray(tags)) issues.push({ message: 'a list is due', path: [{ key: 'tags' }] })
      else
        for (const [index, tag] of tags.entries())
          if (typeof tag !== 'string') issues.push({ message: 'a text is due', path: ['tags', index] })
      for (const bin of Object.keys(more)) issues.push({ message: `no bin is called ${bin}` })
      return issues.length === 0 ? {} : { issues }
    },
  },
}

interface Echo extends Ending {
  readonly result: Plan
}
const echo: Runner<Echo> = { run: (plan) => plan }

const users = DataSet.of('test', 'users', { schema, validateReads: true })
const alice = users.id('alice')
const begin = (verb: WriteVerb) => new WriteBuilder<Echo>(echo, verb, alice)
const GOOD = { name: 'Alice', tags: ['a'] }

function issuesOf(run: () => unknown): readonly string[] {
  try {
    run()
    return []
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    return error.issues.map(({ path, message }) => `${path}: ${message}`)
  }
}

describe('a schema of a data set', () => {
  it('gives it its type', () => {
    expectTypeOf(users).toEqualTypeOf<DataSet<User>>()
    expectTypeOf(alice).toEqualTypeOf<Key<User>>()
  })

  it('names the record, the places and the reasons', () => {
    const run = () => putPlan(alice, { name: 7, tags: ['a', 2] })
    expect(run).toThrow(SchemaError)
    expect(run).toThrow('test:users:alice')
    expect(issuesOf(run)).toEqual(['name: a text is due', 'tags[1]: a text is due'])
  })

  it.each<[string, readonly string[], () => unknown]>([
    ['put', [], () => putPlan(alice, GOOD)],
    ['put of some bins: the others may be there', [], () => putPlan(alice, { age: 28 })],
    ['put of a wrong bin', ['age: a number is due'], () => putPlan(alice, { age: 'x' })],
    ['put of an unknown bin', [': no bin is called nme'], () => putPlan(alice, { nme: 'x' })],
    ['removing a bin that may be absent', [], () => putPlan(alice, { age: null })],
    ['removing one that may not', ['name: a text is due'], () => putPlan(alice, { name: null })],
    ['upsert of some bins', [], () => begin('upsert').put({ name: 'x' }).execute()],
    ['insert of all', [], () => begin('insert').put(GOOD).execute()],
    ['insert of some', ['tags: a list is due'], () => begin('insert').put({ name: 'x' }).execute()],
    ['replace with some', ['name: a text is due'], () => begin('replace').put({ tags: [] }).execute()],
    [
      'a bin set by an operation',
      ['age: a number is due'],
      () => begin('update').bin('age').setTo('x').execute(),
    ],
    [
      'a bin that an operation computes',
      [],
      () => begin('insert').put({ name: 'x' }).bin('tags').listAppend('a').execute(),
    ],
    [
      'a bin that an operation only reads',
      ['tags: a list is due'],
      () => begin('insert').put({ name: 'x' }).get('tags').execute(),
    ],
    ['operations only', [], () => begin('update').bin('age').add(1).execute()],
    ['delete', [], () => begin('delete').execute()],
  ])('judges %s', (_, issues, run) => {
    expect(issuesOf(run)).toEqual(issues)
  })

  it('judges every data set of a batch, and keys by digest too', () => {
    const batch = new BatchBuilder<Echo>(echo)
    batch.upsert(DataSet.of('test', 'others').ids(1, 2)).put({ name: 1 })
    batch
      .upsert<unknown>([DataSet.of('test', 'others').id(3), users.idFromDigest(alice.digest)])
      .put({ name: 1 })
    expect(issuesOf(() => batch.execute())).toEqual(['name: a text is due'])
  })

  it('leaves plans plain data', () => {
    const plan = structuredClone(putPlan(alice, GOOD))
    expect(plan.bins).toEqual(GOOD)
    expect(plan.key.digest).toEqual(alice.digest)
  })

  it.each<[string, readonly string[], object, readonly string[] | undefined]>([
    ['all bins', [], GOOD, undefined],
    ['bins that lack one', ['name: a text is due'], { tags: [] }, undefined],
    ['the bins that were asked for', [], { tags: [] }, ['tags']],
    ['a wrong one that was asked for', ['tags: a list is due'], { tags: 1 }, ['tags']],
  ])('judges a read of %s', (_, issues, bins, names) => {
    expect(issuesOf(() => checkRead(alice, bins, names))).toEqual(issues)
  })

  it('leaves reads alone unless asked', () => {
    expect(issuesOf(() => checkRead(DataSet.of('test', 'users', { schema }).id(1), {}, undefined))).toEqual(
      [],
    )
    expect(issuesOf(() => checkRead(DataSet.of('test', 'users').id(1), {}, undefined))).toEqual([])
  })

  it('must be one, and answer at once', () => {
    expect(() => DataSet.of('test', 'users', { schema: {} as never })).toThrow(UsageError)
    const slow: StandardSchema = {
      '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error('late')) },
    }
    const run = () => putPlan(DataSet.of('test', 'users', { schema: slow }).id(1), { a: 1 })
    expect(run).toThrow(UsageError)
    expect(run).toThrow(/promise/)
  })
})
