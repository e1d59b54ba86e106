import { seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { BinNames, PREDICTED_NAMES } from './bin-names.ts'

/** Reads names as a record's operations would and gives texts and repeats. */
function readAll(names: BinNames, record: readonly string[]): { text: string; repeats: number }[] {
  return record.map((name, position) => {
    const bytes = new Uint8Array(Buffer.from(`..${name}..`))
    const text = names.read(position, bytes, 2, bytes.length - 4)
    return { text, repeats: names.repeats(position) }
  })
}

/** The same, the slow way. */
function expected(record: readonly string[]): { text: string; repeats: number }[] {
  return record.map((text, position) => ({
    text,
    repeats: record.slice(0, position).filter((earlier) => earlier === text).length,
  }))
}

describe('BinNames', () => {
  it.each([
    ['one', [['a']]],
    ['none, then one', [[], ['a']]],
    [
      'the same twice',
      [
        ['a', 'b', 'c'],
        ['a', 'b', 'c'],
      ],
    ],
    [
      'another order',
      [
        ['a', 'b', 'c'],
        ['c', 'a', 'b'],
      ],
    ],
    ['a shorter record, then the longer again', [['a', 'b', 'c'], ['a'], ['a', 'b', 'c']]],
    ['repeats', [['a', 'a', 'b', 'a']]],
    [
      'a name that becomes a repeat',
      [
        ['a', 'b', 'c'],
        ['b', 'b', 'c'],
        ['c', 'b', 'c'],
      ],
    ],
    [
      'a repeat that stops being one',
      [
        ['x', 'y', 'x'],
        ['z', 'y', 'x'],
      ],
    ],
    ['a change behind the end of a shorter record', [['a', 'b', 'a'], ['b'], ['b', 'b', 'a']]],
    ['the empty name', [[''], ['', '']]],
    [
      'not ASCII',
      [
        ['żółw', '名前', 'é'],
        ['żółw', '名前', 'è'],
      ],
    ],
    [
      'prefixes of each other',
      [
        ['ab', 'abc', 'a'],
        ['abc', 'ab', 'a'],
      ],
    ],
    ['longer than any server allows', [['n'.repeat(255), 'n'.repeat(255)]]],
    ['names of properties', [['__proto__', 'constructor', 'toString', '__proto__']]],
  ])('%s', (_name, records) => {
    const names = new BinNames()
    for (const record of records) expect(readAll(names, record)).toEqual(expected(record))
  })

  it('agrees with the slow way on a thousand random records', () => {
    const random = seededRandom(7)
    const names = new BinNames()
    for (let round = 0; round < 1000; round++) {
      const record = Array.from({ length: random.int(0, 12) }, () => random.text(random.int(0, 2), 'abc'))
      expect(readAll(names, record), `seed ${random.seed}, round ${round}`).toEqual(expected(record))
    }
  })

  it('gives the right text beyond the predicted positions and more names than it keeps', () => {
    const names = new BinNames()
    for (let index = 0; index < 5000; index++) {
      const bytes = new Uint8Array(Buffer.from(`bin${index}`))
      expect(names.read(PREDICTED_NAMES + index, bytes, 0, bytes.length)).toBe(`bin${index}`)
    }
  })

  it('takes the name as it is now when the memory it was read from changes', () => {
    const names = new BinNames()
    const bytes = new Uint8Array(Buffer.from('abc'))
    expect(names.read(0, bytes, 0, 3)).toBe('abc')
    bytes.fill(0x7a)
    expect(names.read(0, bytes, 0, 3)).toBe('zzz')
    expect(names.read(0, new Uint8Array(Buffer.from('abc')), 0, 3)).toBe('abc')
  })
})
