import { hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { EncodeError } from '../errors.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { computeDigest, computeDigests, writeKeyValue } from './digest.ts'
import type { KeyValue } from './key.ts'
import { ripemd160 } from './ripemd160.ts'

describe('computeDigest', () => {
  // Read from requests of the official client 6.7.1 that a server 8.1.2 accepted.
  it.each<[string, KeyValue, string]>([
    ['demo', 0, 'ceded27492b392e0232514bb54a8ec2076acef37'],
    ['demo', 1, 'b7f4b83889e2da67de683e1df6919a1eacc446c8'],
    ['demo', 1n, 'b7f4b83889e2da67de683e1df6919a1eacc446c8'],
    ['demo', -1, 'e9d49a24c3debdc5a6d551d3e7087999a263bb97'],
    ['demo', '1', '6576b4888ccf929c200b6fbd90d09df3f6d10cf3'],
    ['demo', 'a', '40013b3ef08b61f2d1621a602d6e5aa9711b6ef9'],
    ['demo', 'żółć', 'ade8981e031fe936823aa312c3c7a91c35c84565'],
    ['demo', hex('0000000000000001'), 'f09166ae9a6ff664b97ef45bd13018f422c9e695'],
    ['demo', hex('010203'), 'ff31c926fbef445648ce63ca72a698a5473425c1'],
    ['', 'hello', '5213f7cd00462066dda85215e69ab375907aaca0'],
    ['', hex('61'), '27a602c7e08f3845a6847b726d5befcd60650b32'],
    ['ustawienie-żół', 'a', '437267aac417a9464dbc0d30eb3a88a619e0829b'],
  ])('of set %j, key %o', (setName, value, expected) => {
    expect(toHex(computeDigest(setName, value))).toBe(expected)
  })

  it('takes −0 for 0', () => {
    expect(computeDigest('demo', -0)).toEqual(computeDigest('demo', 0))
  })

  it('of short keys is the same as that of their bytes hashed at length, for sets of every length, one after the other', () => {
    const hashed = new Uint8Array(20)
    const out = new ByteWriter()
    for (const keys of [
      [5],
      ['alice', 5],
      [5, -1, ''],
      ['', 'long'.repeat(13), 'aż', 'a'],
      [0, 2 ** 53 - 1, -(2 ** 53 - 1)],
    ]) {
      for (let length = 63; length >= 0; length--) {
        for (const setName of ['s'.repeat(length), 'ż'.repeat(length >> 1)]) {
          for (const key of keys) {
            out.position = 0
            out.text(setName)
            writeKeyValue(out, key)
            ripemd160(out.bytes, out.position, hashed, 0)
            expect(computeDigest(setName, key), `${setName} ${key}`).toEqual(hashed)
          }
        }
      }
    }
  })

  it('is not disturbed by a huge key before it, nor by a refused one', () => {
    const huge = computeDigest('demo', 'x'.repeat(500_000))
    expect(() => computeDigest('demo', 1.5)).toThrow(EncodeError)
    expect(toHex(computeDigest('demo', 0))).toBe('ceded27492b392e0232514bb54a8ec2076acef37')
    expect(computeDigest('demo', 'x'.repeat(500_000))).toEqual(huge)
  })

  it.each<[unknown, RegExp]>([
    [1.5, /^key 1.5 is not a safe integer$/],
    [Number.NaN, /^key NaN is not a safe integer$/],
    [Number.POSITIVE_INFINITY, /^key Infinity is not a safe integer$/],
    [2 ** 53, /^key 9007199254740992 is not a safe integer: write it as a bigint$/],
    [2n ** 63n, /^key 9223372036854775808 does not fit into 64 bits$/],
    [-(2n ** 63n) - 1n, /does not fit into 64 bits$/],
    [true, /^a key is a string, an integer or bytes, not a boolean$/],
    [null, /not null$/],
    [undefined, /not undefined$/],
    [{}, /not an object of class Object$/],
    [[1], /not an object of class Array$/],
    [new Date(0), /not an object of class Date$/],
    [Symbol('s'), /not a symbol$/],
    ['\ud800', /lone surrogate/],
  ])('refuses %o', (value, message) => {
    expect(() => computeDigest('demo', value as KeyValue)).toThrow(EncodeError)
    expect(() => computeDigest('demo', value as KeyValue)).toThrow(message)
  })
})

describe('computeDigests', () => {
  const KINDS: readonly KeyValue[] = [
    'alice',
    7,
    'żółć',
    -1,
    2n ** 63n - 1n,
    '',
    hex('010203'),
    'x'.repeat(60),
    2 ** 53 - 1,
    'bob',
  ]

  // The first lists are hashed key by key, the later ones four keys at a time.
  it('is computeDigest of each, in lists of every length, again and again', () => {
    for (let round = 0; round < 400; round++) {
      const setName = round % 3 === 0 ? 'demo' : 'other'.repeat(round % 12)
      const values = Array.from({ length: round === 100 ? 11_000 : round % 41 }, (_, index) =>
        round % 2 === 0 ? index * round : (KINDS[(index * 7 + round) % KINDS.length] as KeyValue),
      )
      expect(toHex(computeDigests(setName, values))).toBe(
        values.map((value) => toHex(computeDigest(setName, value))).join(''),
      )
    }
  })

  it('refuses a list with one that is no key, and is not disturbed by it', () => {
    for (const bad of [1.5, '\ud800', null]) {
      for (let at = 0; at < 9; at++) {
        const values = [1, 2, 3, 4, 5, 6, 7, 8, 9] as KeyValue[]
        values[at] = bad as KeyValue
        expect(() => computeDigests('demo', values)).toThrow(EncodeError)
        expect(toHex(computeDigests('demo', [0, 1, 'a', 0]).subarray(40, 60))).toBe(
          '40013b3ef08b61f2d1621a602d6e5aa9711b6ef9',
        )
      }
    }
  })
})

it.each<[KeyValue, string]>([
  ['abc', '03616263'],
  ['', '03'],
  [1, '010000000000000001'],
  [-(2n ** 63n), '018000000000000000'],
  [2n ** 63n - 1n, '017fffffffffffffff'],
  [hex('ff00'), '04ff00'],
])('writeKeyValue writes %o as %s', (value, expected) => {
  const out = new ByteWriter(1)
  writeKeyValue(out, value)
  expect(toHex(out.written())).toBe(expected)
})
