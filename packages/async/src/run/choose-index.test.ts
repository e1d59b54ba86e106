import { ael, type IndexDefinition } from '@aero/ael'
import { ByteReader, decodeExpression } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { Exp } from '../plan/exp.ts'
import { type Condition, filterOf } from '../plan/filter.ts'
import { type QueryPlan, queryPlan } from '../plan/query-plan.ts'
import { chooseIndex, needsIndexes } from './choose-index.ts'

const INDEXES: readonly IndexDefinition[] = [
  { namespace: 'test', set: 'users', bin: 'age', type: 'INTEGER', name: 'by_age' },
]

function plan(condition: Condition, more: Partial<QueryPlan> = {}): QueryPlan {
  return { ...queryPlan('test', 'users'), filter: filterOf(condition), ...more }
}

const kindOf = (filter: Uint8Array | undefined) =>
  filter === undefined ? undefined : decodeExpression(ByteReader.over(filter)).kind

describe('before servers compile', () => {
  it('an index is chosen here, and what is left is sent compiled', () => {
    const asked = plan('$.age > 20 and $.name != "x"')
    expect(needsIndexes(asked, false)).toBe(true)
    const { index, filter, explanation } = chooseIndex(asked, INDEXES, false)
    expect(index).toMatchObject({ bin: 'age', from: 21n })
    expect(kindOf(filter)).toBe('apply')
    expect(explanation).toEqual({
      access: 'index',
      index: 'by_age',
      range: 'age from 21',
      filter: '$.name != "x"',
    })
  })
})

describe('where every server compiles', () => {
  it('the choice is theirs: the text is sent, and no index is asked for', () => {
    const asked = plan(ael`$.age > ${20} and $.name != "x"`)
    expect(needsIndexes(asked, true)).toBe(false)
    const { index, filter, explanation } = chooseIndex(asked, INDEXES, true)
    expect(index).toBeUndefined()
    expect(decodeExpression(ByteReader.over(filter as Uint8Array))).toEqual({
      kind: 'text',
      text: '$.age > 20 and $.name != "x"',
    })
    expect(explanation).toMatchObject({ access: 'server', index: undefined })
  })

  it.each<readonly [string, QueryPlan]>([
    ['a hint', plan('$.age > 20', { hint: { indexName: 'by_age' } })],
    ['indexes of its own', plan('$.age > 20', { indexes: INDEXES })],
    ['a value that has no text', plan(ael`$.age > 20 and $.hash == ${new Uint8Array(2)}`)],
  ])('a query with %s is planned here', (_what, asked) => {
    expect(chooseIndex(asked, INDEXES, true).explanation).toMatchObject({ access: 'index', index: 'by_age' })
  })

  it('an expression is a scan, as before', () => {
    const asked = plan(Exp.gt(Exp.intBin('age'), 20))
    expect(needsIndexes(asked, true)).toBe(false)
    expect(chooseIndex(asked, INDEXES, true).explanation).toMatchObject({ access: 'scan' })
  })
})
