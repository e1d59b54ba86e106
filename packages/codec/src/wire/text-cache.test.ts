import { seededRandom } from '@aero/testkit'
import { expect, it } from 'vitest'
import { CACHED_TEXT_MAX, TextCache } from './text-cache.ts'

function read(cache: TextCache, text: string): string | undefined {
  const bytes = Buffer.from(`<<${text}>>`)
  return cache.read(bytes, 2, bytes.length - 4)
}

it('gives every text as it is, known or not', () => {
  const cache = new TextCache()
  const random = seededRandom(5)
  // Few letters, so that many are alike; far more texts than slots.
  const texts = Array.from({ length: 20_000 }, () => random.text(random.int(0, CACHED_TEXT_MAX), 'ab\u0000_'))
  for (const text of [...texts, ...random.shuffled(texts)]) expect(read(cache, text)).toBe(text)
})

it('takes the name of every property for a text like others', () => {
  const cache = new TextCache()
  for (let round = 0; round < 2; round++) {
    for (const text of ['__proto__', 'constructor', '', '0', '-1']) expect(read(cache, text)).toBe(text)
  }
})

it('leaves what is not ASCII to others, however alike it is', () => {
  const cache = new TextCache()
  expect(read(cache, 'stra_se')).toBe('stra_se')
  expect(read(cache, 'straße')).toBeUndefined()
  expect(read(cache, 'ÿ')).toBeUndefined()
  expect(cache.read(new Uint8Array([0xff]), 0, 1)).toBeUndefined()
})
