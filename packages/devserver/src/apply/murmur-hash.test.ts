import { expect, it } from 'vitest'
import { murmurHash128 } from './murmur-hash.ts'

// Reference values of MurmurHash3_x64_128 with seed 0.
it.each([
  ['', '00000000000000000000000000000000'],
  ['hello', 'cbd8a7b341bd9b025b1e906a48ae1d19'],
  ['The quick brown fox jumps over the lazy dog', 'e34bbc7bbc071b6c7a433ca9c49a9347'],
])('hashes %j', (text, expected) => {
  const halves = murmurHash128(new TextEncoder().encode(text))
  expect(halves.map((half) => half.toString(16).padStart(16, '0')).join('')).toBe(expected)
})
