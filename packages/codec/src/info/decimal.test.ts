import { describe, expect, it } from 'vitest'
import { DecodeError } from '../errors.ts'
import { parseDecimal } from './decimal.ts'

describe('parseDecimal', () => {
  it.each([
    ['0', 0],
    ['007', 7],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%s', (text, value) => {
    expect(parseDecimal(text, 'count')).toBe(value)
  })

  it.each(['', ' 1', '1 ', '-1', '+1', '1.0', '1e3', '0x10', '9007199254740992', '99999999999999999'])(
    'refuses %j',
    (text) => {
      expect(() => parseDecimal(text, 'count')).toThrow(DecodeError)
    },
  )

  it('names what it is and the ceiling', () => {
    expect(() => parseDecimal('11', 'port', 10)).toThrow("port is not a number up to 10: '11'")
  })
})
