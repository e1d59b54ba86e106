import { hex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { EncodeError } from '../errors.ts'
import type { MapKey } from './map-key.ts'
import { SortedMap } from './sorted-map.ts'
import type { Value } from './value.ts'

describe('SortedMap', () => {
  it('orders integers, then strings, then bytes, as the server does', () => {
    const keys: MapKey[] = [hex('01'), 's', 10, -1, '', 'S', hex(''), 2, 3n, -(2n ** 60n), '🎉', '\uffff']
    const map = new SortedMap(new Map(keys.map((key) => [key, null])))
    expect(map.entries.map(([key]) => key)).toEqual([
      -(2n ** 60n),
      -1,
      2,
      3n,
      10,
      '',
      'S',
      's',
      '\uffff',
      '🎉',
      hex(''),
      hex('01'),
    ])
  })

  it('takes objects and maps, and does not see their later changes', () => {
    const object: { [key: string]: Value } = { b: 1, a: 2 }
    const map = new Map<MapKey, Value>(Object.entries(object))
    const both = [new SortedMap(object), new SortedMap(map)]
    object['c'] = 3
    map.delete('a')
    for (const sorted of both) {
      expect(sorted.entries).toEqual([
        ['a', 2],
        ['b', 1],
      ])
    }
  })

  it.each<[string, ReadonlyMap<unknown, Value>, string]>([
    [
      'a double',
      new Map([[1.5, 0]]),
      'map key 1.5 is not a safe integer; keys are strings, integers or bytes',
    ],
    ['nil', new Map([[null, 0]]), 'map key is null; keys are strings, integers or bytes'],
    [
      'a list',
      new Map([[[], 0]]),
      'map key is an object of class Array; keys are strings, integers or bytes',
    ],
    [
      'an integer twice',
      new Map<unknown, Value>([
        [1, 0],
        [1n, 0],
      ]),
      'map key [1] occurs twice',
    ],
    [
      'bytes twice',
      new Map([
        [hex('0a'), 0],
        [hex('0a'), 0],
      ]),
      'map key [0x0a] occurs twice',
    ],
  ])('refuses %s as key', (_name, source, message) => {
    expect(() => new SortedMap(source as ReadonlyMap<MapKey, Value>)).toThrow(EncodeError)
    expect(() => new SortedMap(source as ReadonlyMap<MapKey, Value>)).toThrow(message)
  })
})
