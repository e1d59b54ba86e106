import { describe, expect, it } from 'vitest'
import { DEFAULT_VALUE_OPTIONS } from '../value/value-options.ts'
import { BinNames } from './bin-names.ts'
import { type RecordOptions, ttlOf, voidTimeOf } from './record.ts'

function at(iso: string): RecordOptions {
  return { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: () => Date.parse(iso) }
}

describe('time to live', () => {
  it.each([
    ['2010-01-01T00:00:00.000Z', 10, 10],
    ['2010-01-01T00:00:04.999Z', 10, 6],
    ['2010-01-01T00:00:10.000Z', 10, 1],
    ['2031-05-06T07:08:09.000Z', 10, 1],
    ['2026-01-01T00:00:00.000Z', 504_921_600 + 3600, 3600],
  ])('at %s the void time %i leaves %i seconds', (now, voidTime, ttl) => {
    expect(ttlOf(voidTime, at(now))).toBe(ttl)
  })

  it('is never for void time 0', () => {
    expect(ttlOf(0, at('2026-01-01T00:00:00Z'))).toBe('never')
    expect(voidTimeOf('never', Date.parse('2026-01-01T00:00:00Z'))).toBe(0)
  })

  it('goes there and back', () => {
    const now = '2026-03-04T05:06:07.890Z'
    for (const ttl of [1, 100, 315_360_000])
      expect(ttlOf(voidTimeOf(ttl, Date.parse(now)), at(now))).toBe(ttl)
  })
})
