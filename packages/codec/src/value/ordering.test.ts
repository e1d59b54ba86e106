import { hex, seededRandom } from '@aero/testkit'
import { expect, it } from 'vitest'
import { double } from './double.ts'
import { GeoJson } from './geo-json.ts'
import { HyperLogLog } from './hyper-log-log.ts'
import { compareValues } from './ordering.ts'
import { SortedMap } from './sorted-map.ts'
import type { Value } from './value.ts'

/** One behind another; values in one row are equal. The order of types was seen in sorts of a server 8.1.2. */
const ASCENDING: Value[][] = [
  [null],
  [false],
  [true],
  [-(2n ** 63n)],
  [-(2n ** 53n) - 1n],
  [-1, -1n],
  [0, 0n],
  [2, 2n],
  [2n ** 53n],
  [2n ** 53n + 1n],
  [''],
  ['B'],
  ['a'],
  ['ab'],
  ['ß'],
  ['\ue000'],
  ['\uffff'],
  ['🎉'],
  ['🎉a'],
  [[]],
  [[0, 5, 5]],
  [[1]],
  [[1, 2]],
  [[1, [2]]],
  [[1.5]],
  [{}, new Map<Value, Value>(), new SortedMap({})],
  [new Map<Value, Value>([[1, 9]]), new SortedMap(new Map([[1, 9]]))],
  [{ a: 1 }, new Map<Value, Value>([['a', 1n]])],
  [{ a: 2 }],
  [{ b: 0 }],
  [
    { a: 0, b: 1 },
    { b: 1, a: 0 },
  ],
  [{ a: 0, b: 2 }],
  [{ a: 0, c: 1 }],
  [hex('')],
  [hex('01'), Buffer.of(1)],
  [hex('0100')],
  [hex('02')],
  [new HyperLogLog(hex('00'))],
  [new HyperLogLog(hex('01'))],
  [Number.NEGATIVE_INFINITY],
  [-0.5],
  [-0, double(0)],
  [double(1)],
  [1.5, double(1.5)],
  [Number.POSITIVE_INFINITY],
  [Number.NaN, double(Number.NaN)],
  [new GeoJson('{"type":"Point","coordinates":[1,2]}')],
  [new GeoJson('{"type":"Point","coordinates":[1,3]}')],
]

it.each(ASCENDING.map((row, index) => [row[0], index] as const))(
  '%o stands in its place',
  (_first, index) => {
    for (const value of ASCENDING[index] as Value[]) {
      for (const [otherIndex, row] of ASCENDING.entries()) {
        for (const other of row)
          expect(Math.sign(compareValues(value, other))).toBe(Math.sign(index - otherIndex))
      }
    }
  },
)

it('agrees with the bytes of UTF-8', () => {
  const random = seededRandom(8)
  const units = ['a', 'z', 'ß', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '🎉', '\u{10ffff}']
  for (let round = 0; round < 2000; round++) {
    const [one, other] = [0, 1].map(() =>
      Array.from({ length: random.int(0, 4) }, () => random.pick(units)).join(''),
    )
    const expected = Buffer.compare(Buffer.from(one as string), Buffer.from(other as string))
    expect(Math.sign(compareValues(one as string, other as string))).toBe(expected)
  }
})
