import { seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError } from '../errors.ts'
import { parseBase64, printBase64 } from './base64.ts'

describe('base64', () => {
  // RFC 4648 §10
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('%j', (plain, text) => {
    const bytes = new Uint8Array(Buffer.from(plain))
    expect(printBase64(bytes)).toBe(text)
    expect(parseBase64(text)).toEqual(bytes)
    expect(parseBase64(text.replace(/=/g, ''))).toEqual(bytes)
  })

  it('agrees with Node on random bytes of every length up to 200', () => {
    const random = seededRandom(64)
    for (let length = 0; length <= 200; length++) {
      const bytes = random.bytes(length)
      const text = Buffer.from(bytes).toString('base64')
      expect(printBase64(bytes)).toBe(text)
      expect(parseBase64(text)).toEqual(bytes)
    }
  })

  it.each(['A', 'AAAAA', '*AAA', 'AA A', 'A===', 'AA=A', 'AAé=', 'AA\u2000A', '===='])(
    'refuses %j',
    (text) => {
      expect(() => parseBase64(text)).toThrow(DecodeError)
    },
  )
})
