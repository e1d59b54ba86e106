import { bench, describe } from 'vitest'
import { readParticle, writeParticle } from '../src/value/particle.ts'
import type { Value } from '../src/value/value.ts'
import { DEFAULT_VALUE_OPTIONS } from '../src/value/value-options.ts'
import { ByteReader } from '../src/wire/byte-reader.ts'
import { ByteWriter } from '../src/wire/byte-writer.ts'

const OUT = new ByteWriter(64 * 1024)
/** Ten times the same, so that the measuring itself weighs less. */
const REPEATS = 10

const VALUES: [string, Value][] = [
  ['integer', 1_234_567],
  ['double', 3.25],
  ['text of 8', 'abcdefgh'],
  ['text of 100', 'x'.repeat(100)],
  ['wide text of 20', 'zażółć gęślą jaźń ok'],
  ['blob of 100', new Uint8Array(100)],
  ['list of 10 integers', Array.from({ length: 10 }, (_, index) => index * 50)],
  ['list of 10 texts', Array.from({ length: 10 }, (_, index) => `element ${index}`)],
  ['map of 5', { name: 'Alice', age: 28, city: 'Rome', active: true, score: 1.5 }],
  [
    'map of 3, nested',
    { id: 7, tags: ['a', 'b'], address: { city: 'Rome', zip: '00100', geo: [12.5, 41.9] } },
  ],
]

/** All kinds go through the code before any is measured: in a program it does not see one kind alone. */
function warmUp(): void {
  for (let round = 0; round < 3000; round++) {
    for (const [, value] of VALUES) {
      const [reader, type, length] = written(value)
      readParticle(reader, type, length, DEFAULT_VALUE_OPTIONS)
    }
  }
}

function written(value: Value): [reader: ByteReader, type: number, length: number] {
  OUT.position = 0
  const type = writeParticle(OUT, value)
  return [ByteReader.over(OUT.bytes.slice(0, OUT.position)), type, OUT.position]
}

warmUp()

describe(`write ${REPEATS}`, () => {
  for (const [name, value] of VALUES) {
    bench(name, () => {
      OUT.position = 0
      for (let left = REPEATS; left > 0; left--) writeParticle(OUT, value)
    })
  }
})

describe(`read ${REPEATS}`, () => {
  for (const [name, value] of VALUES) {
    const [reader, type, length] = written(value)
    bench(name, () => {
      for (let left = REPEATS; left > 0; left--) {
        reader.position = 0
        readParticle(reader, type, length, DEFAULT_VALUE_OPTIONS)
      }
    })
  }
})
