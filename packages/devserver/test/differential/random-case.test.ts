import { EXPRESSION_OPCODE, MAP_OPCODE, OPERATOR, RETURN_TYPE } from '@aero/codec'
import { seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { buildExpression } from '../../src/evaluate/build.ts'
import { isDeadly, keepsValueIndex, modifiesByPath, stepsByValue } from './deadly.ts'
import { randomCase, requestsOf, showCase, smallerCases } from './random-case.ts'
import { randomExpression, randomKind } from './random-expression.ts'
import { smallerExpressions } from './random-operations.ts'
import { pack, type Tree } from './tree.ts'

describe('a random sequence', () => {
  it('is the same for the same seed', () => {
    const told = () => showCase(randomCase(seededRandom(7)))
    expect(told()).toBe(told())
  })

  it('gets smaller step by step, down to nothing', () => {
    let smallest = randomCase(seededRandom(7))
    const digest = new Uint8Array(20)
    for (let steps = 0; ; steps++) {
      const next = smallerCases(smallest).next()
      if (next.done === true) break
      expect(steps).toBeLessThan(1000)
      expect(requestsOf(next.value, digest).length).toBeGreaterThan(2)
      smallest = next.value
    }
    expect(smallest.commands).toEqual([])
  })

  it('never asks a server for what it does not survive', () => {
    const inverted = RETURN_TYPE.count | RETURN_TYPE.inverted
    expect(isDeadly({ type: 4, bin: 'm', payload: [83, inverted, []] })).toBe(true)
    expect(isDeadly({ type: 3, bin: 'm', payload: [107, inverted, []] })).toBe(true)
    expect(isDeadly({ type: 4, bin: 'm', payload: [255, [34, 'a'], [83, inverted, []]] })).toBe(true)
    expect(isDeadly({ type: 4, bin: 'm', payload: [83, inverted, [1]] })).toBe(false)
    expect(isDeadly({ type: 4, bin: 'l', payload: [255, [34, 'a', 144, -1], [64, 1]] })).toBe(true)
    expect(isDeadly({ type: 4, bin: 'l', payload: [255, [80, -4], [64, 1]] })).toBe(true)
    expect(isDeadly({ type: 4, bin: 'l', payload: [255, [80, -1], [64, 1]] })).toBe(false)
    expect(isDeadly({ type: 4, bin: 'l', payload: [12, 65535, 3, 16, 8] })).toBe(true)
    expect(isDeadly({ type: 13, bin: 'b', payload: [9, 36, 33, 23, 8] })).toBe(true)
  })
})

describe('a map that keeps an index of its values', () => {
  it('is not entered by value', () => {
    const ordering = { type: 4, bin: 'm', payload: [MAP_OPCODE.setOrder, 19] }
    const entering = (value: Tree) => ({ type: 3, bin: 'm', payload: [255, [35, value], [96]] })
    expect(keepsValueIndex(ordering)).toBe(true)
    expect(keepsValueIndex({ ...ordering, payload: [MAP_OPCODE.setOrder, 17] })).toBe(false)
    expect(stepsByValue(entering(1))).toBe(true)
    expect(stepsByValue(entering(null))).toBe(false)
  })
})

describe('a random expression', () => {
  const EXPRESSIONS = 20_000
  /** Not on this server, or not the same on two of them. */
  const LEFT_OUT: ReadonlySet<number> = new Set([
    EXPRESSION_OPCODE.text,
    OPERATOR.memorySize.code,
    OPERATOR.recordSize.code,
  ])

  it('has every kind of expression in it, and is taken as a rule', () => {
    const random = seededRandom(7)
    const met = new Set<Tree>()
    let taken = 0
    for (let left = EXPRESSIONS; left > 0; left--) {
      const expression = randomExpression(random, randomKind(random))
      for (const code of codesIn(expression)) met.add(code)
      if (buildExpression(pack(expression)) !== undefined) taken++
    }
    const codes = [...Object.values(EXPRESSION_OPCODE), ...Object.values(OPERATOR).map(({ code }) => code)]
    expect(codes.filter((code) => !met.has(code) && !LEFT_OUT.has(code))).toEqual([])
    expect(taken).toBeGreaterThan(EXPRESSIONS / 2)
  })

  it('never asks a server for what it does not survive', () => {
    const evaluating = (expression: Tree) => ({ type: 7, bin: 'x', payload: [expression, 0] })
    expect(isDeadly(evaluating([127, 2, 2, [50], null]))).toBe(true)
    expect(isDeadly(evaluating([27, [127, 0, 64, [8, 0], null]]))).toBe(true)
    expect(isDeadly(evaluating([127, 4, 64, [1, 1], null]))).toBe(false)
    expect(isDeadly(evaluating([126, [127, 5, 0, [255, null], 1]]))).toBe(false)
    expect(isDeadly(evaluating([5, null, [127, 4, 64, [1, 1], null]]))).toBe(true)
    const { sketch } = { sketch: Uint8Array.of(0) }
    expect(isDeadly(evaluating([127, 4, 64, [254, [4, true], 4, { sketch }], [81, 4, 'l']]))).toBe(true)
    expect(modifiesByPath(evaluating([127, 5, 64, [254, [4, true], 20, [100]], [81, 5, 'm']]))).toBe(true)
    expect(modifiesByPath(evaluating([127, 5, 0, [254, [4, true], 16], [81, 5, 'm']]))).toBe(false)
  })

  it('gets smaller: an expression inside it, or something less there', () => {
    const sum: Tree = [20, 5, [21, 2, 3]]
    expect([...smallerExpressions(sum)]).toContainEqual([21, 2, 3])
    expect([...smallerExpressions(sum)]).toContainEqual([20, 5, [21, 1, 3]])
    expect([...smallerExpressions(sum)]).toContainEqual([20, 5])
  })
})

function* codesIn(expression: Tree): Generator<Tree> {
  if (!Array.isArray(expression)) return
  yield expression[0] as Tree
  for (const part of expression) yield* codesIn(part)
}

describe('packing', () => {
  it.each<[bytes: string, tree: Tree]>([
    ['c0', null],
    ['7f', 127],
    ['d0df', -33],
    ['cd0100', 256],
    ['cf7fffffffffffffff', 2n ** 63n - 1n],
    ['a20361', 'a'],
    ['a20401', Uint8Array.of(1)],
    ['cb3ff8000000000000', { double: 1.5 }],
    ['810191c3', { pairs: [[1, [true]]] }],
    ['91c70001', [{ marker: 1 }]],
    ['d4ff01', { bound: 'infinity' }],
  ])('makes %s', (bytes, tree) => {
    expect(pack(tree).toString('hex')).toBe(bytes)
  })
})
