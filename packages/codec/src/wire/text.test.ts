import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EncodeError } from '../errors.ts'
import { readShortAscii, SHORT_ASCII_MAX } from './short-ascii.ts'
import { readUtf8, utf8Length, writeUtf8 } from './text.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const TEXTS = [
  ...Array.from({ length: 40 }, (_, length) => ALPHABET.slice(0, length)),
  'ß',
  'żółć',
  'abcdefghijkß',
  'ßabcdefghijk',
  'abcdefghijklmnopqrstuvwß',
  '日本語',
  '👩‍🚀🎉',
  `${ALPHABET}🎉`,
  'nul \u0000 inside',
  '\ufeffbyte order mark',
  '\uffff',
]

describe('reading bytes that need not be UTF-8', () => {
  const standard = new TextDecoder('utf-8', { ignoreBOM: true })
  // What makes decoders differ: marks at the beginning, overlong forms, surrogates, characters that are cut off.
  const pieces = ['a', 'é', '€', '😀', '\ufeff'].map((text) => [...new TextEncoder().encode(text)])
  const strange = [
    [0xff],
    [0xc0, 0x80],
    [0xe0, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x9f],
    [0xf4, 0x90, 0x80],
    [0x80],
  ]
  const piece = fc.constantFrom(...pieces, ...strange)

  it('gives what the standard decoder gives, wherever they lie and however many they are', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 600 }), fc.nat(9), (parts, offset) => {
        const bytes = Uint8Array.from([...new Array<number>(offset).fill(0x7a), ...parts.flat(), 0x7a])
        const length = bytes.length - offset - 1
        const expected = standard.decode(bytes.subarray(offset, offset + length))
        expect(readUtf8(bytes, offset, length)).toBe(expected)
      }),
    )
  })
})

describe('UTF-8', () => {
  it.each(TEXTS)('writes %j as Node does', (text) => {
    const expected = Buffer.from(text, 'utf8')
    const bytes = new Uint8Array(5 + text.length * 3).fill(0xee)
    expect(writeUtf8(bytes, 5, text)).toBe(expected.length)
    expect(Buffer.from(bytes.subarray(5, 5 + expected.length))).toEqual(expected)
    expect([...bytes.subarray(0, 5)]).toEqual([0xee, 0xee, 0xee, 0xee, 0xee])
  })

  it.each(TEXTS)('reads %j back', (text) => {
    const bytes = new Uint8Array(Buffer.from(`<<<${text}>>>`, 'utf8'))
    expect(readUtf8(bytes, 3, bytes.length - 6)).toBe(text)
  })

  it.each(TEXTS)('knows the length of %j', (text) => {
    expect(utf8Length(text)).toBe(Buffer.byteLength(text))
  })

  it.each(['\ud800', 'a\udc00', '\ud83dx', 'ok🎉\ud83c', '\udc00\ud800', `${ALPHABET}\ud800`])(
    'refuses the lone surrogate in %j',
    (text) => {
      expect(() => writeUtf8(new Uint8Array(400), 0, text)).toThrow(EncodeError)
      expect(utf8Length(text)).toBe(Buffer.byteLength(text))
    },
  )

  it('replaces what is not UTF-8 when reading', () => {
    expect(readUtf8(new Uint8Array([0x61, 0xff, 0x62]), 0, 3)).toBe('a\ufffdb')
    expect(readUtf8(new Uint8Array([0xe2, 0x82]), 0, 2)).toBe('\ufffd')
  })

  it('reads short ASCII of every length, and leaves the rest to others', () => {
    const bytes = new Uint8Array(Buffer.from(`#${ALPHABET}`))
    for (let length = 0; length <= SHORT_ASCII_MAX; length++) {
      expect(readShortAscii(bytes, 1, length)).toBe(ALPHABET.slice(0, length))
      for (let at = 0; at < length; at++) {
        const spoilt = bytes.slice()
        spoilt[1 + at] = 0x80
        expect(readShortAscii(spoilt, 1, length)).toBeUndefined()
      }
    }
  })
})
