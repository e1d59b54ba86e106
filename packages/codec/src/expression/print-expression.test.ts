import { hex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { ByteReader } from '../wire/byte-reader.ts'
import { decodeExpression } from './decode-expression.ts'
import { printExpression } from './print-expression.ts'

describe('printExpression', () => {
  it.each([
    ['93 03 93 51 02 a1 61 12', 'gt(int("a"), 18)'],
    ['92 7e 93 01 c3 a2 03 78', '[1, true, "x"]'],
    ['82 c7 00 01 c0 a2 03 6b cb 3f f0 00 00 00 00 00 00', '{"k": 1.0}'],
    ['81 07 c0', '{7: null}'],
    ['a3 04 01 ff', '0x01ff'],
    ['a3 12 01 02', 'hll(0x0102)'],
    ['a3 17 7b 7d', 'geo({})'],
    ['cb 8000000000000000', '-0.0'],
    ['d4 ff 01', 'infinity()'],
    ['92 50 03', 'key(string)'],
    ['93 02 92 52 a1 61 00', 'ne(binType("a"), 0)'],
    ['92 40 03', 'digestModulo(3)'],
    ['94 07 02 a2 5e 61 93 51 03 a1 73', 'regex("^a", 2, string("s"))'],
    ['94 7b c3 01 02', 'cond(true => 1, 2)'],
    ['94 7d a1 78 05 92 7c a1 78', 'let(x = 5, variable(x))'],
    ['95 7f 02 00 91 10 93 51 04 a1 6c', 'list.size(list("l")): int'],
    [
      '95 7f 05 40 93 cc ff 92 cc a2 a2 03 6b 93 43 01 02 93 51 05 a1 6d',
      'map.put(map("m"), [mapKey "k" create 0x80], 1, 2): map',
    ],
    ['95 7f 02 01 93 33 00 28 93 51 06 a1 62', 'bit.count(blob("b"), 0, 40): int'],
    ['95 7f 02 02 91 32 93 51 09 a1 68', 'hll.getCount(hll("h")): int'],
    [
      '95 7f 04 00 93 cc fe 94 04 c3 2a 91 01 01 93 51 04 a1 6c',
      'select(list("l"), [filter true, mapKeys 1], flags 1): list',
    ],
    [
      '95 7f 04 40 94 cc fe 92 10 00 14 93 7a 02 01 93 51 04 a1 6c',
      'modify(list("l"), [listIndex 0], flags 16, loop(value, int)): list',
    ],
    ['92 cc 80 a3 24 2e 61', 'text("$.a")'],
  ])('%s', (bytes, text) => {
    expect(printExpression(decodeExpression(ByteReader.over(hex(bytes))))).toBe(text)
  })
})
