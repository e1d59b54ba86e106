import { MAP_OPCODE, RETURN_TYPE } from '@aero/codec'
import { seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { randomCase, requestsOf, showCase, smallerCases } from './random-case.ts'
import { isDeadly, keepsValueIndex, stepsByValue } from './random-operations.ts'
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
