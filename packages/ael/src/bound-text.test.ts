import { Double, type Value } from '@aero/codec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundText } from './bound-text.ts'
import { ael, compile } from './compile.ts'

describe('boundText', () => {
  it.each<readonly [Value, string | undefined]>([
    [1, '$.a == 1'],
    [-1n, '$.a == -1'],
    [-(2n ** 63n), '$.a == -9223372036854775808'],
    [1.5, '$.a == 1.5'],
    [new Double(-2), '$.a == -2.0'],
    [1e-7, '$.a == 0.0000001'],
    [true, '$.a == true'],
    ["it's", `$.a == "it's"`],
    ['say "hi"', `$.a == 'say "hi"'`],
    ['?0', '$.a == "?0"'],
    [[1, 'x', [true]], '$.a == [1, "x", [true]]'],
    [{ k: -1 }, '$.a == {"k": -1}'],
    [new Map([[7, 'x']]), '$.a == {7: "x"}'],
    [new Map([[-7, 'x']]), undefined],
    [`both ' and "`, undefined],
    [new Uint8Array(1), undefined],
    [Number.NaN, undefined],
    [[Number.POSITIVE_INFINITY], undefined],
    [null, undefined],
    [2n ** 63n, undefined],
  ])('of %o', (value, text) => {
    expect(boundText(ael`$.a == ${value}`)).toBe(text)
  })

  it('leaves what has no values as it means', () => {
    expect(boundText('$.a==1 and(not($.b))')).toBe('$.a == 1 and not($.b)')
    expect(() => boundText('$.a == ?0')).toThrow(/Missing value/)
  })

  it('means what the bound expression means', () => {
    const scalar = fc.oneof(
      fc.maxSafeInteger(),
      fc.string(),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    fc.assert(
      fc.property(scalar, fc.array(fc.integer(), { minLength: 1 }), (one, list) => {
        const bound = ael`$.a == ${Number.isInteger(one) && !Number.isSafeInteger(one) ? 1 : one} or $.b in ${list}`
        const text = boundText(bound)
        if (text !== undefined) expect(compile(text).expression).toEqual(compile(bound).expression)
      }),
    )
  })
})
