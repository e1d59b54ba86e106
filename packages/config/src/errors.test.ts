import { describe, expect, it } from 'vitest'
import { ConfigError, printFound } from './errors.ts'

describe('ConfigError', () => {
  it('says where, what was found, what was expected, and what to do', () => {
    const error = new ConfigError({ path: 'a.b', found: 'x', expected: 'a number', hint: 'Write 1' })
    expect(error.message).toBe('a.b: found "x", expected a number. Write 1')
    expect(error).toMatchObject({
      name: 'ConfigError',
      path: 'a.b',
      found: 'x',
      expected: 'a number',
      hint: 'Write 1',
    })
  })

  it('needs no hint', () => {
    expect(new ConfigError({ path: 'a', found: 1, expected: 'two' })).toMatchObject({
      message: 'a: found 1, expected two',
      hint: '',
    })
  })

  it.each<[unknown, string]>([
    ['tab\t"', '"tab\\t\\""'],
    ['x'.repeat(100), `"${'x'.repeat(60)}…"`],
    [1.5, '1.5'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [5n, '5n'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'nothing'],
    [[1, 2], 'an array of 2'],
    [{ password: 'secret' }, 'an object'],
    [() => 0, 'a function'],
    [Symbol('s'), 'Symbol(s)'],
  ])('prints %o on one line', (found, printed) => {
    expect(printFound(found)).toBe(printed)
  })
})
