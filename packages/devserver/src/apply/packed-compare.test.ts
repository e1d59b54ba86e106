import { hex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { comparePacked } from './packed-compare.ts'
import { PackedCursor } from './packed-cursor.ts'

/** Packed values in the server's order. */
const ASCENDING = [
  'c0', // nil
  'c2', // false
  'c3', // true
  'd38000000000000000', // the smallest integer
  'e0',
  'ff', // -1
  '00',
  '7f',
  'cc80',
  'cfffffffffffffffff',
  'a10' + '3', // ''
  'a20361', // 'a'
  'a3036161', // 'aa'
  'a20362', // 'b'
  '90', // []
  '9101', // [1]
  '920101', // [1, 1]
  '9102', // [2]
  '80', // {}
  '810102', // {1: 2}
  '810103', // {1: 3}
  '8201020304', // two pairs
  'a2' + '0400', // blob
  'a3' + '040000',
  'cbfff0000000000000', // -Infinity
  'ca3f800000', // 1.0
  'cb3ff8000000000000', // 1.5
  'cb7ff0000000000000', // Infinity
  'a3177b7d', // GeoJSON
]

describe('the order of packed values', () => {
  it.each(ASCENDING.map((text, index) => [text, index] as const))('%s stands at place %i', (text, index) => {
    const signs = ASCENDING.map((other) =>
      Math.sign(comparePacked(new PackedCursor(hex(text)), new PackedCursor(hex(other)))),
    )
    expect(signs).toEqual(ASCENDING.map((_, other) => Math.sign(index - other)))
  })

  it('has what is not a number equal to every double', () => {
    const notANumber = new PackedCursor(hex('cb7ff8000000000000'))
    expect(comparePacked(notANumber, new PackedCursor(hex('cb3ff8000000000000')))).toBe(0)
  })

  it('does not look at how a container is marked', () => {
    const marked = new PackedCursor(hex('83c70001c0a2036101a2036202'))
    expect(comparePacked(marked, new PackedCursor(hex('82a2036101a2036202')))).toBe(0)
  })
})
