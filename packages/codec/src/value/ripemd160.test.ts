import { createHash, getHashes } from 'node:crypto'
import { seededRandom, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { ripemd160 } from './ripemd160.ts'

function hash(input: Uint8Array): string {
  const output = new Uint8Array(20)
  ripemd160(input, input.length, output, 0)
  return toHex(output)
}

describe('RIPEMD-160', () => {
  // The test values that its authors published.
  it.each([
    ['', '9c1185a5c5e9fc54612808977ee8f548b2258d31'],
    ['a', '0bdc9d2d256b3ee9daae347be6f4dc835a467ffe'],
    ['abc', '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc'],
    ['message digest', '5d0689ef49d2fae572b881b123a85ffa21595f36'],
    ['abcdefghijklmnopqrstuvwxyz', 'f71c27109c692c1b56bbdceb5b9d2865b3708dbc'],
    ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '12a053384a9c0c88e405a06c27dcf49ada62eb2b'],
    [
      'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
      'b0e20b6e3116640286ed3a87a5713079b21f5189',
    ],
    ['1234567890'.repeat(8), '9b752e45573d4b39f4dbd3323cab82bf63326bfb'],
    ['a'.repeat(1_000_000), '52783243c1697bdbe16d37f97f68f08325dc1528'],
  ])('of %.20s… is %s', (text, expected) => {
    expect(hash(new TextEncoder().encode(text))).toBe(expected)
  })

  // OpenSSL builds may leave the algorithm out.
  it.runIf(getHashes().includes('ripemd160'))('agrees with OpenSSL for every length up to 200', () => {
    const random = seededRandom(160)
    for (let length = 0; length <= 200; length++) {
      const input = random.bytes(length)
      expect(hash(input)).toBe(createHash('ripemd160').update(input).digest('hex'))
    }
  })

  it('hashes the beginning of its input, into the middle of its output', () => {
    const output = new Uint8Array(24).fill(0xee)
    ripemd160(new TextEncoder().encode('abcdef'), 3, output, 2)
    expect(toHex(output)).toBe('eeee8eb208f7e05d987a9b044a8e98c6b087f15a0bfceeee')
  })

  it('hashes a view that begins in the middle of its memory', () => {
    const memory = new TextEncoder().encode(`#${'1234567890'.repeat(8)}`)
    expect(hash(memory.subarray(1))).toBe('9b752e45573d4b39f4dbd3323cab82bf63326bfb')
  })

  it('may write over its input', () => {
    const memory = new Uint8Array(64)
    memory.set(new TextEncoder().encode('abc'))
    ripemd160(memory, 3, memory, 0)
    expect(toHex(memory.subarray(0, 20))).toBe('8eb208f7e05d987a9b044a8e98c6b087f15a0bfc')
  })
})
