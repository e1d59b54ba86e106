import {
  addOperation,
  bitAdd,
  bitSet,
  hllAdd,
  hllInit,
  listAppend,
  listPop,
  listRemoveByValue,
  listSet,
  listSize,
  listSort,
  MAP_WRITE_FLAG,
  mapIncrement,
  mapPut,
  mapRemoveByKey,
  type Operation,
  RETURN_TYPE,
  readOperation,
  writeOperation,
} from '@aero/codec'
import { expect, it } from 'vitest'
import { isRepeatable } from './repeatable.ts'

it.each<readonly [string, Operation, boolean]>([
  ['a read', readOperation('a'), true],
  ['a write', writeOperation('a', 1), true],
  ['an addition', addOperation('a', 1), false],
  ['a list size', listSize('l'), true],
  ['a list append', listAppend('l', 1), false],
  ['a list pop', listPop('l', 0), false],
  ['a list element', listSet('l', 0, 1), true],
  ['sorting', listSort('l', 0), true],
  ['removing a value', listRemoveByValue('l', 1, RETURN_TYPE.none), true],
  ['counting what is removed', listRemoveByValue('l', 1, RETURN_TYPE.count), false],
  ['a map entry', mapPut('m', 'k', 1), true],
  ['a new map entry', mapPut('m', 'k', 1, { flags: MAP_WRITE_FLAG.createOnly }), false],
  ['a map entry in a context', mapPut('m', 'k', 1, {}, [{ by: 'mapKey', value: 'x' }]), true],
  ['a map increment', mapIncrement('m', 'k', 1), false],
  ['removing a key', mapRemoveByKey('m', 'k', RETURN_TYPE.none), true],
  ['setting bits', bitSet('b', 0, 8, Uint8Array.of(1)), true],
  ['adding to bits', bitAdd('b', 0, 8, 1), false],
  ['adding to a HyperLogLog', hllAdd('h', ['a'], { indexBits: 8 }), true],
  ['a new HyperLogLog', hllInit('h', { indexBits: 8 }, 1), false],
])('%s may be repeated or not', (_what, operation, expected) => {
  expect(isRepeatable(operation)).toBe(expected)
})
