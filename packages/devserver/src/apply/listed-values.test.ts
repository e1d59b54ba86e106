import { RETURN_TYPE } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { integersParticle, packedInteger } from './container.ts'
import { ranksOfListed } from './listed-values.ts'

const packed = (values: readonly number[]) => values.map((value) => packedInteger(BigInt(value)))

describe('ranks of the values of a list', () => {
  it.each<[name: string, type: number, inverted: boolean, values: number[], ranks: number[]]>([
    ['in the order of the list', RETURN_TYPE.rank, false, [7, 5], [2, 0, 1]],
    ['from the end', RETURN_TYPE.reverseRank, false, [7, 5], [1, 3, 2]],
    ['of a value that is there twice: once', RETURN_TYPE.rank, false, [7, 7], [2]],
    ['of a value that is not there: none', RETURN_TYPE.rank, false, [6], []],
    ['of all others', RETURN_TYPE.rank, true, [7], [0, 1, 3]],
    ['of all others from the end, range by range', RETURN_TYPE.reverseRank, true, [7], [2, 3, 0]],
  ])('%s', (_name, type, inverted, values, ranks) => {
    const asked = { type, inverted, multiple: true }
    expect(ranksOfListed(asked, packed([5, 7, 5, 9]), packed(values))).toEqual(integersParticle(ranks))
  })
})
