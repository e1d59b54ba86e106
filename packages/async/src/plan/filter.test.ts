import { AelError, ael } from '@aero/ael'
import { ByteReader, decodeExpression, type Expression, encodeExpression } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import type { Exp } from './exp.ts'
import { filterBytes, filterOf } from './filter.ts'
import { UsageError } from './usage-error.ts'

const ADULT: Expression = {
  kind: 'apply',
  operator: 'ge',
  args: [
    { kind: 'bin', type: 'int', name: 'age' },
    { kind: 'value', value: 18 },
  ],
}

describe('a condition', () => {
  it.each([
    ['a text', filterOf('$.age >= 18')],
    ['a text with placeholders', filterOf('$.age >= ?0', [18])],
    ['a template', filterOf(ael`$.age >= ${18}`)],
    ['an expression', filterOf(ADULT as Exp<'bool'>)],
    ['a function that makes one', filterOf((exp) => exp.ge(exp.intBin('age'), 18))],
  ])('as %s is compiled to the same', (_what, filter) => {
    expect(decodeExpression(ByteReader.over(filter.compiled))).toEqual(ADULT)
  })

  it('as a text is compiled once', () => {
    expect(filterOf('$.age > 17')).toBe(filterOf('$.age > 17'))
  })

  it('survives being cloned', () => {
    const filter = filterOf(ael`$.name == ${'x'}`)
    expect(structuredClone(filter)).toEqual(filter)
  })

  it('that cannot be read fails at once, and says where', () => {
    expect(() => filterOf('$.age >> ')).toThrow(AelError)
    expect(() => filterOf('$.age == ?0', [])).toThrow(/placeholder/)
  })

  it.each([undefined, null, 7, [], {}, () => 7])('is not %s', (wrong) => {
    expect(() => filterOf(wrong as never)).toThrow(UsageError)
  })

  it('takes values beside a text only', () => {
    expect(() => filterOf(ael`$.a == 1` as never, [1])).toThrow(UsageError)
  })
})

describe('what is sent', () => {
  const textOf = (bytes: Uint8Array): string | undefined => {
    const expression = decodeExpression(ByteReader.over(bytes))
    return expression.kind === 'text' ? expression.text : undefined
  }

  it('to servers before 8.2 is the compiled form', () => {
    const filter = filterOf('$.age >= 18')
    expect(filterBytes(filter, false)).toEqual(encodeExpression(ADULT))
  })

  it('to servers that compile is the text as written, or with its values in it', () => {
    expect(textOf(filterBytes(filterOf('$.age>=18'), true))).toBe('$.age>=18')
    expect(textOf(filterBytes(filterOf(ael`$.name == ${"a'"}`), true))).toBe('$.name == "a\'"')
  })

  it('is the compiled form when there is no text for it', () => {
    expect(filterBytes(filterOf(ADULT as Exp<'bool'>), true)).toEqual(encodeExpression(ADULT))
    const bytes = filterOf(ael`$.hash == ${new Uint8Array(2)}`)
    expect(filterBytes(bytes, true)).toBe(bytes.compiled)
  })
})
