import { describe, expect, it } from 'vitest'
import { AelError } from './errors.ts'

describe('AelError', () => {
  it.each([
    ['in the middle', '$.age >> 21', 6, 8, '$.age >> 21\n      ^^'],
    ['at the start', '? 1', 0, 1, '? 1\n^'],
    ['behind the end', '$.a ==', 6, 6, '$.a ==\n      ^'],
    ['in an empty text', '', 0, 0, '\n^'],
    ['on a later line', '$.a == 1\nand ??', 13, 15, 'and ??\n    ^^'],
    ['at the start of a later line', 'a\nb', 2, 3, 'b\n^'],
    ['over several lines', 'a (b\nc)', 2, 7, 'a (b\n  ^^'],
    ['behind a tab', '\ta ?', 3, 4, '\ta ?\n\t  ^'],
  ])('draws a place %s', (_where, text, start, end, picture) => {
    expect(new AelError({ text, start, end, reason: 'wrong' }).picture).toBe(picture)
  })

  it('says what, where, and what to do', () => {
    const error = new AelError({
      text: 'a = 1',
      start: 2,
      end: 3,
      reason: 'no such operator',
      hint: 'Write ==',
    })
    expect(error.message).toBe('no such operator (line 1:3). Write ==\na = 1\n  ^')
    expect(error).toMatchObject({ name: 'AelError', text: 'a = 1', start: 2, end: 3, hint: 'Write ==' })
    expect([error.line, error.column]).toEqual([1, 3])
    expect(error).toBeInstanceOf(Error)
  })
})
