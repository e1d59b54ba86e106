import { bench, describe } from 'vitest'
import { readUtf8, writeUtf8 } from '../src/wire/text.ts'
import { TextCache } from '../src/wire/text-cache.ts'

const SOURCE =
  'The quick brown fox jumps over the lazy dog, and then it comes back to see what became of it all.'
const BYTES = new Uint8Array(512)
const MEMORY = new TextEncoder().encode(SOURCE.repeat(4))
const ENCODER = new TextEncoder()
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true })
/** Ten times the same, so that the measuring itself weighs less. */
const REPEATS = 10
/** So that nothing is left out for want of a use. */
const READ: string[] = []
const LENGTHS = [4, 8, 12, 16, 24, 32, 100]

/** Different texts of one length, each with memory of its own. */
function textsOf(length: number): string[] {
  return Array.from({ length: REPEATS }, (_, index) =>
    Buffer.from(SOURCE.repeat(2)).toString('latin1', index, index + length),
  )
}

describe.each(LENGTHS)(`write ${REPEATS} texts of %d characters`, (length) => {
  const texts = textsOf(length)
  bench('writeUtf8', () => {
    for (const text of texts) writeUtf8(BYTES, 5, text)
  })
  bench('encodeInto', () => {
    for (const text of texts) ENCODER.encodeInto(text, BYTES.subarray(5))
  })
})

describe.each(LENGTHS)(`read ${REPEATS} texts of %d characters`, (length) => {
  bench('readUtf8', () => {
    for (let index = 0; index < REPEATS; index++) readUtf8(MEMORY, index, length)
  })
  bench('TextDecoder', () => {
    for (let index = 0; index < REPEATS; index++) DECODER.decode(MEMORY.subarray(index, index + length))
  })
  bench('one character after the other', () => {
    for (let index = 0; index < REPEATS; index++) {
      let text = ''
      for (let at = index; at < index + length; at++) text += String.fromCharCode(MEMORY[at] as number)
      READ[index] = text
    }
  })
})

describe('read the five keys of an object', () => {
  const keys = ['name', 'age', 'city', 'active', 'score'].map((key) => new TextEncoder().encode(key))
  const cache = new TextCache()
  bench('readUtf8', () => {
    const object: { [key: string]: number } = {}
    for (const key of keys) object[readUtf8(key, 0, key.length)] = 1
  })
  bench('TextCache', () => {
    const object: { [key: string]: number } = {}
    for (const key of keys) object[cache.read(key, 0, key.length) as string] = 1
  })
})
