import {
  ByteReader,
  decodeExpression,
  encodeExpression,
  type Expression as Node,
  type PathStep,
  SELECT_FLAG,
  type Value,
} from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { buildExpression } from './build.ts'
import { packedOf } from './computed.ts'
import { Evaluation } from './evaluation.ts'

const value = (plain: Value): Node => ({ kind: 'value', value: plain })
const loop = (part: 'key' | 'value' | 'index', type: 'int' | 'string' = 'int'): Node => ({
  kind: 'loopVariable',
  part,
  type,
})
const apply = (operator: 'lt' | 'gt' | 'eq' | 'mul' | 'removeResult', ...args: Node[]): Node => ({
  kind: 'apply',
  operator,
  args,
})
const all: PathStep = { by: 'filter', filter: value(true) }

/** What a path makes of a value; `undefined`: nothing, since it goes wrong. */
function follow(on: Value, path: readonly PathStep[], flags: number, modify?: Node): Value | undefined {
  const isMap = !Array.isArray(on) && modify !== undefined
  const returns = isMap || (flags === SELECT_FLAG.tree && !Array.isArray(on)) ? 'map' : 'list'
  const select: Node = { kind: 'select', returns, path, flags, on: value(on), ...(modify && { modify }) }
  const built = buildExpression(encodeExpression(select))
  if (built === undefined) throw new Error('refused')
  const packed = packedOf(built.evaluate(new Evaluation(undefined)))
  if (packed === undefined) return undefined
  // A list stands for itself only when it is quoted.
  const isList = returns === 'list'
  const literal = isList ? Buffer.concat([Uint8Array.of(0x92, 126), packed]) : packed
  const node = decodeExpression(ByteReader.over(literal))
  return node.kind === 'value' ? node.value : undefined
}

const STORE = {
  books: [
    { n: 1, price: 5 },
    { n: 2, price: 20 },
  ],
  pens: [{ n: 3, price: 7 }],
}
const toPrice: PathStep[] = [all, all, { by: 'mapKey', value: 'price' }]

describe('a path', () => {
  it.each<[string, Value, PathStep[], number, Value | undefined]>([
    ['gathers values', STORE, toPrice, SELECT_FLAG.value, [5, 20, 7]],
    ['gathers keys', STORE, [all], SELECT_FLAG.key, ['books', 'pens']],
    ['gathers both', { a: 1, b: 2 }, [all], SELECT_FLAG.keyValue, ['a', 1, 'b', 2]],
    [
      'gathers what a filter takes',
      [1, 2, 3],
      [{ by: 'filter', filter: apply('gt', loop('value'), value(1)) }],
      SELECT_FLAG.value,
      [2, 3],
    ],
    [
      'asks for the place',
      [5, 6, 7],
      [{ by: 'filter', filter: apply('lt', loop('index'), value(2)) }],
      SELECT_FLAG.value,
      [5, 6],
    ],
    [
      'asks for the key',
      { a: 1, b: 2 },
      [{ by: 'filter', filter: apply('eq', loop('key', 'string'), value('b')) }],
      SELECT_FLAG.value,
      [2],
    ],
    ['keeps the tree', STORE, [{ by: 'mapKey', value: 'pens' }, all], SELECT_FLAG.tree, { pens: STORE.pens }],
    [
      'keeps in the tree what it cannot enter',
      { a: 1, b: [2] },
      [all, all],
      SELECT_FLAG.tree,
      { a: 1, b: [2] },
    ],
    [
      'takes several keys',
      { a: 1, b: 2, c: 3 },
      [{ by: 'mapKeys', keys: ['c', 'a'] }],
      SELECT_FLAG.value,
      [1, 3],
    ],
    ['takes a rank', [5, 9, 1], [{ by: 'listRank', rank: -1 }], SELECT_FLAG.value, [9]],
    [
      'asks a second filter',
      [5, 9],
      [
        { by: 'listIndex', index: 1 },
        { by: 'filter', and: true, filter: apply('lt', loop('value'), value(6)) },
      ],
      SELECT_FLAG.value,
      [],
    ],
    ['goes wrong with keys of a list', [1], [all], SELECT_FLAG.key, undefined],
    ['does not go wrong when told', [1], [all], SELECT_FLAG.key | SELECT_FLAG.noFail, []],
    [
      'goes wrong with a step of another kind',
      [1],
      [{ by: 'mapKey', value: 'a' }],
      SELECT_FLAG.value,
      undefined,
    ],
    [
      'goes wrong with an unknown filter',
      ['a'],
      [{ by: 'filter', filter: apply('gt', loop('value'), value(1)) }],
      SELECT_FLAG.value,
      undefined,
    ],
  ])('%s', (_, on, path, flags, expected) => {
    expect(follow(on, path, flags)).toEqual(expected)
  })

  it.each<[string, Value, PathStep[], Node, Value | undefined]>([
    ['replaces', { a: 1, b: 2 }, [all], apply('mul', loop('value'), value(10)), { a: 10, b: 20 }],
    [
      'replaces further down',
      [[1, 2], [3]],
      [all, { by: 'listIndex', index: 0 }],
      value('x'),
      [['x', 2], ['x']],
    ],
    [
      'removes',
      [1, 2, 3],
      [{ by: 'filter', filter: apply('gt', loop('value'), value(1)) }],
      apply('removeResult'),
      [1],
    ],
    ['goes wrong with an unknown value', ['a'], [all], apply('mul', loop('value'), value(2)), undefined],
  ])('%s', (_, on, path, modify, expected) => {
    expect(follow(on, path, SELECT_FLAG.tree, modify)).toEqual(expected)
  })

  it('fails where an element was to follow on a step by rank, or by index into a map', () => {
    const rank: PathStep[] = [all, { by: 'mapRank', rank: 0 }]
    const index: PathStep[] = [all, { by: 'mapIndex', index: 0 }]
    for (const path of [rank, index]) {
      expect(follow([{}, { a: 1 }], path, SELECT_FLAG.value)).toEqual([1])
      expect(follow([{ a: 1 }, {}], path, SELECT_FLAG.value)).toBeUndefined()
    }
    expect(follow([[1], []], [all, { by: 'listRank', rank: 0 }], SELECT_FLAG.value)).toBeUndefined()
    expect(follow([[1], []], [all, { by: 'listIndex', index: 0 }], SELECT_FLAG.value)).toEqual([1])
    const fromIndex: PathStep[] = [
      { by: 'listIndex', index: 0 },
      { by: 'listRank', rank: 0 },
    ]
    expect(follow([[1]], fromIndex, SELECT_FLAG.value)).toEqual([1])
    expect(follow([[1], 2], fromIndex, SELECT_FLAG.value)).toBeUndefined()
  })
})
