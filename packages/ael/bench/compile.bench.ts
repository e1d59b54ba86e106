import { ByteReader, decodeExpression, encodeExpression } from '@aero/codec'
import { bench, describe } from 'vitest'
import { ael, compile, compileToBytes, parse, planIndex, print } from '../src/index.ts'

const SHORT = '$.age >= 18'
const LONG =
  '$.age >= 18 and $.country in ["it", "at", "ch"] and ($.orders.[0].total * 2 > 100 or not($.blocked)) and $.name != "x"'
const TREE = parse(LONG)
const EXPRESSION = compile(LONG).expression
const BYTES = encodeExpression(EXPRESSION)
const TARGET = {
  namespace: 'test',
  indexes: [
    { namespace: 'test', bin: 'age', type: 'INTEGER' },
    { namespace: 'test', bin: 'name', type: 'STRING' },
  ],
} as const

describe('a condition of one comparison', () => {
  bench('parsed', () => {
    parse(SHORT)
  })
  bench('compiled to bytes, text known', () => {
    compileToBytes(SHORT)
  })
  bench('compiled to bytes, template with a value', () => {
    compileToBytes(ael`$.age >= ${18}`)
  })
})

describe(`a condition of ${LONG.length} characters`, () => {
  bench('parsed', () => {
    parse(LONG)
  })
  bench('printed', () => {
    print(TREE)
  })
  bench('compiled, text known', () => {
    compile(LONG)
  })
  bench('encoded', () => {
    encodeExpression(EXPRESSION)
  })
  bench('decoded', () => {
    decodeExpression(ByteReader.over(BYTES))
  })
  bench('planned for two indexes', () => {
    planIndex(LONG, TARGET)
  })
})
