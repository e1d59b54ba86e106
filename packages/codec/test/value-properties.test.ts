import { everyPrefix, type Random, rounds, seededRandom } from '@aero/testkit'
import { expect, it } from 'vitest'
import { CodecError, TruncatedError } from '../src/errors.ts'
import { GeoJson } from '../src/value/geo-json.ts'
import { HyperLogLog } from '../src/value/hyper-log-log.ts'
import { compareValues } from '../src/value/ordering.ts'
import { readParticle, writeParticle } from '../src/value/particle.ts'
import { PARTICLE_TYPE } from '../src/value/particle-type.ts'
import { SortedMap } from '../src/value/sorted-map.ts'
import type { BinValue, Value } from '../src/value/value.ts'
import { DEFAULT_VALUE_OPTIONS } from '../src/value/value-options.ts'
import { ByteReader } from '../src/wire/byte-reader.ts'
import { ByteWriter } from '../src/wire/byte-writer.ts'

const ROUNDS = rounds(5000)
/** A round of a law takes far longer than the reading of a few bytes. */
const LAW_ROUNDS = ROUNDS / 20

const LETTERS = ['a', 'Z', '9', '\u0000', 'ß', 'ł', '日', '\uffff', '🎉', ' ']

function someText(random: Random): string {
  // Lengths around the places where the head or the way of writing changes.
  const length = random.pick([0, 1, 2, 7, 11, 12, 13, 16, 17, 24, 25, 30, 31, 32, 60, 254, 255, 256, 300])
  const ascii = random.chance(0.6)
  return Array.from({ length }, () => (ascii ? 'x' : random.pick(LETTERS))).join('')
}

function someInteger(random: Random): number | bigint {
  const bits = random.int(0, 63)
  const value = random.bigint(-(2n ** BigInt(bits)), 2n ** BigInt(bits) - 1n)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function someScalar(random: Random): BinValue {
  switch (random.int(0, 7)) {
    case 0:
      return random.chance()
    case 1:
    case 2:
      return someInteger(random)
    case 3:
      return random.pick([0.5, -0, Number.NaN, Number.POSITIVE_INFINITY, random.float(), -1e-300])
    case 4:
      return random.bytes(random.pick([0, 1, 20, 31, 40, 300]))
    case 5:
      return random.chance()
        ? new GeoJson(someText(random))
        : new HyperLogLog(random.bytes(random.int(0, 40)))
    default:
      return someText(random)
  }
}

function someValue(random: Random, depth: number): BinValue {
  const kind = depth === 0 ? 0 : random.int(0, 4)
  const count = random.pick([0, 1, 2, 3, 15, 16, 17])
  if (kind === 2)
    return Array.from({ length: count }, () => (random.chance(0.1) ? null : someValue(random, depth - 1)))
  if (kind === 3) {
    const names = new Set(Array.from({ length: count }, () => `${someText(random)}k`))
    return Object.fromEntries([...names].map((name) => [name, someValue(random, depth - 1)]))
  }
  if (kind === 4) {
    // With at least one key that is no string: else it would be read as an object.
    const map = new Map<BinValue, BinValue>([[someInteger(random), someValue(random, depth - 1)]])
    for (let index = 0; index < count; index++) {
      map.set(random.chance() ? someInteger(random) : someText(random), someValue(random, depth - 1))
    }
    return map
  }
  return someScalar(random)
}

function written(value: Value): [type: number, bytes: Uint8Array] {
  const out = new ByteWriter(0)
  const type = writeParticle(out, value)
  return [type, out.take()]
}

function read(type: number, bytes: Uint8Array): BinValue | undefined {
  return readParticle(ByteReader.over(bytes), type, bytes.length, DEFAULT_VALUE_OPTIONS)
}

it('what is written is read as it was', () => {
  const random = seededRandom()
  for (let round = 0; round < LAW_ROUNDS; round++) {
    const value = someValue(random, 3)
    const [type, bytes] = written(value)
    expect(read(type, bytes), `seed ${random.seed}, round ${round}`).toStrictEqual(value)
    expect(compareValues(read(type, bytes) as Value, value), `seed ${random.seed}, round ${round}`).toBe(0)
  }
})

it('what is read and written again has the same bytes', () => {
  const random = seededRandom()
  for (let round = 0; round < LAW_ROUNDS; round++) {
    const [type, bytes] = written(someValue(random, 3))
    const [againType, again] = written(read(type, bytes) as Value)
    expect(againType).toBe(type)
    expect(Buffer.compare(again, bytes), `seed ${random.seed}, round ${round}`).toBe(0)
  }
})

it('a beginning of a collection is truncated, and nothing else', () => {
  const random = seededRandom()
  for (let round = 0; round < LAW_ROUNDS / 8; round++) {
    const [type, bytes] = written([someValue(random, 2)])
    if (bytes.length > 600) continue
    for (const prefix of everyPrefix(bytes)) {
      expect(() => read(type, prefix), `seed ${random.seed}, round ${round}`).toThrow(TruncatedError)
    }
  }
})

it('the order of values is an order, and a SortedMap follows it', () => {
  const random = seededRandom()
  for (let round = 0; round < LAW_ROUNDS / 4; round++) {
    const values = Array.from({ length: 6 }, () => someValue(random, 2) as Value)
    for (const one of values) {
      for (const other of values) {
        expect(Math.sign(compareValues(one, other)) + Math.sign(compareValues(other, one))).toBe(0)
        for (const third of values) {
          const broken =
            compareValues(one, other) <= 0 &&
            compareValues(other, third) <= 0 &&
            compareValues(one, third) > 0
          expect(broken, `seed ${random.seed}, round ${round}`).toBe(false)
        }
      }
    }
    const names = new Set(Array.from({ length: 9 }, () => someText(random)))
    const sorted = new SortedMap(new Map([...names].map((name) => [name, null]))).entries.map(
      ([name]) => name as string,
    )
    expect(sorted).toEqual(
      [...names].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))),
    )
  }
})

it('changed bytes are refused by a codec error, or read', () => {
  const random = seededRandom()
  const types = Object.values(PARTICLE_TYPE)
  for (let round = 0; round < ROUNDS; round++) {
    const [type, original] = written(someValue(random, 2))
    const bytes = original.slice(0, random.chance(0.2) ? random.int(0, original.length) : undefined)
    for (let change = random.int(0, 4); change > 0 && bytes.length > 0; change--) {
      bytes[random.int(0, bytes.length - 1)] = random.pick([
        0x00,
        0x7f,
        0x80,
        0x9f,
        0xc1,
        0xc7,
        0xdd,
        0xdf,
        0xff,
        random.int(0, 255),
      ])
    }
    expectNothingButCodecErrors(random, () => read(random.chance(0.9) ? type : random.pick(types), bytes))
  }
})

it('random bytes are refused by a codec error, or read', () => {
  const random = seededRandom()
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = random.bytes(random.int(0, 60))
    expectNothingButCodecErrors(random, () =>
      read(random.pick([19, 20, 20, 23, 1, random.int(0, 255)]), bytes),
    )
  }
})

function expectNothingButCodecErrors(random: Random, attempt: () => unknown): void {
  try {
    attempt()
  } catch (error) {
    if (!(error instanceof CodecError)) throw new Error(`seed ${random.seed}`, { cause: error })
  }
}
