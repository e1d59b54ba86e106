import * as codec from '@aero/codec'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { BinBuilder, ReadBinBuilder } from './bin-builder.ts'
import { DataSet } from './data-set.ts'
import { HllConfig } from './hll-config.ts'
import type { RecordPlan } from './plan.ts'
import { KeyQueryBuilder, WriteBuilder } from './record-builder.ts'
import type { Ending, Runner } from './runner.ts'
import { UsageError } from './usage-error.ts'

interface Echo extends Ending {
  readonly result: RecordPlan
}

const POINT = '{"type":"Point","coordinates":[1,2]}'

const echo: Runner<Echo> = {
  run: (plan) => {
    if (plan.kind !== 'record') throw new Error('one record expected')
    return plan
  },
}
const key = DataSet.of('test', 'bins').id(1)

type Write = WriteBuilder<Echo>
type Read = KeyQueryBuilder<Echo>
type WriteBin = BinBuilder<Write>
type ReadBin = ReadBinBuilder<Read>

const bin = (): WriteBin => new WriteBuilder(echo, 'upsert', key).bin('b')
const readBin = (): ReadBin => new KeyQueryBuilder(echo, key).bin('b')
const operationsOf = (builder: Write | Read) => builder.execute().operations

const BYTES = new Uint8Array([1, 2])
const SKETCH = new codec.HyperLogLog(BYTES)
const {
  value,
  count,
  key: keys,
  keyValue,
  index,
  reverseIndex,
  rank,
  reverseRank,
  exists,
  none,
  inverted,
} = codec.RETURN_TYPE
const at = (...steps: codec.PathStep[]): codec.PathStep[] => steps
const a = { by: 'mapKey', value: 'a' } as const

const WRITES: readonly (readonly [string, (b: WriteBin) => Write, codec.Operation])[] = [
  ['setToGeoJson', (b) => b.setToGeoJson(POINT), codec.writeOperation('b', new codec.GeoJson(POINT))],
  // lists
  ['listAppend', (b) => b.listAppend(1), codec.listAppend('b', 1)],
  [
    'listAppend with options',
    (b) => b.listAppend(1, { unique: true, bounded: true, noFail: true }),
    codec.listAppend('b', 1, { order: 0, flags: 7 }),
  ],
  ['listAdd', (b) => b.listAdd(1), codec.listAppend('b', 1, { order: 1, flags: 0 })],
  ['listAppendItems', (b) => b.listAppendItems([1]), codec.listAppendItems('b', [1])],
  [
    'listAddItems',
    (b) => b.listAddItems([1], { noFail: true, partial: true }),
    codec.listAppendItems('b', [1], { order: 1, flags: 12 }),
  ],
  ['listInsert', (b) => b.listInsert(1, 2), codec.listInsert('b', 1, 2)],
  [
    'listInsertItems',
    (b) => b.listInsertItems(1, [2], { unique: true }),
    codec.listInsertItems('b', 1, [2], { flags: 1 }),
  ],
  ['listSet', (b) => b.listSet(-1, 2), codec.listSet('b', -1, 2)],
  ['listIncrement', (b) => b.listIncrement(0), codec.listIncrement('b', 0, 1)],
  ['listRemove', (b) => b.listRemove(0), codec.listRemove('b', 0)],
  ['listRemoveRange', (b) => b.listRemoveRange(1), codec.listRemoveRange('b', 1)],
  ['listPop', (b) => b.listPop(0), codec.listPop('b', 0)],
  ['listPopRange', (b) => b.listPopRange(1, 2), codec.listPopRange('b', 1, 2)],
  ['listTrim', (b) => b.listTrim(1, 2), codec.listTrim('b', 1, 2)],
  ['listClear', (b) => b.listClear(), codec.listClear('b')],
  ['listSort', (b) => b.listSort({ descending: true, dropDuplicates: true }), codec.listSort('b', 3)],
  [
    'listCreate',
    (b) => b.listCreate('ordered', { persistIndex: true }),
    codec.listCreate('b', 1, { persistIndex: true }),
  ],
  ['listSetOrder', (b) => b.listSetOrder('ordered'), codec.listSetOrder('b', 1)],
  // maps
  ['mapUpsertItems', (b) => b.mapUpsertItems({ k: 1 }), codec.mapPutItems('b', { k: 1 })],
  [
    'mapInsertItems of pairs',
    (b) => b.mapInsertItems([[1, 2]], { order: 'keyOrdered', noFail: true, partial: true }),
    codec.mapPutItems('b', new Map([[1, 2]]), { order: 1, flags: 1 | 4 | 8 }),
  ],
  [
    'mapUpdateItems',
    (b) => b.mapUpdateItems(new Map([[1, 2]])),
    codec.mapPutItems('b', new Map([[1, 2]]), { flags: 2 }),
  ],
  ['mapCreate', (b) => b.mapCreate('keyValueOrdered', { persistIndex: true }), codec.mapCreate('b', 3, true)],
  ['mapSetOrder', (b) => b.mapSetOrder('unordered'), codec.mapSetOrder('b', 0)],
  ['mapClear', (b) => b.mapClear(), codec.mapClear('b')],
  // HyperLogLogs
  [
    'hllInit',
    (b) => b.hllInit(HllConfig.of(12, 20), { createOnly: true }),
    codec.hllInit('b', { indexBits: 12, minHashBits: 20 }, 1),
  ],
  ['hllAdd', (b) => b.hllAdd([1]), codec.hllAdd('b', [1])],
  [
    'hllAdd with a config',
    (b) => b.hllAdd([1], { config: HllConfig.of(8), noFail: true }),
    codec.hllAdd('b', [1], { indexBits: 8 }, 4),
  ],
  ['hllSetUnion', (b) => b.hllSetUnion([SKETCH], { allowFold: true }), codec.hllSetUnion('b', [SKETCH], 8)],
  ['hllFold', (b) => b.hllFold(6), codec.hllFold('b', 6)],
  ['hllRefreshCount', (b) => b.hllRefreshCount(), codec.hllRefreshCount('b')],
  // bits
  [
    'bitResize',
    (b) => b.bitResize(4, { from: 'front', growOnly: true, createOnly: true }),
    codec.bitResize('b', 4, 3, 1),
  ],
  ['bitInsert', (b) => b.bitInsert(1, BYTES), codec.bitInsert('b', 1, BYTES)],
  ['bitRemove', (b) => b.bitRemove(1, 1, { partial: true }), codec.bitRemove('b', 1, 1, 8)],
  ['bitSet', (b) => b.bitSet(0, 8, BYTES), codec.bitSet('b', 0, 8, BYTES)],
  ['bitOr', (b) => b.bitOr(0, 8, BYTES), codec.bitOr('b', 0, 8, BYTES)],
  ['bitXor', (b) => b.bitXor(0, 8, BYTES), codec.bitXor('b', 0, 8, BYTES)],
  ['bitAnd', (b) => b.bitAnd(0, 8, BYTES), codec.bitAnd('b', 0, 8, BYTES)],
  ['bitNot', (b) => b.bitNot(0, 8, { noFail: true }), codec.bitNot('b', 0, 8, 4)],
  ['bitLshift', (b) => b.bitLshift(0, 8, 1), codec.bitLeftShift('b', 0, 8, 1)],
  ['bitRshift', (b) => b.bitRshift(0, 8, 1), codec.bitRightShift('b', 0, 8, 1)],
  [
    'bitAdd',
    (b) => b.bitAdd(0, 8, 1, { signed: true, overflow: 'wrap' }),
    codec.bitAdd('b', 0, 8, 1, { signed: true, overflow: 'wrap' }),
  ],
  [
    'bitSubtract',
    (b) => b.bitSubtract(0, 8, 1n, { overflow: 'saturate', updateOnly: true }),
    codec.bitSubtract('b', 0, 8, 1n, { overflow: 'saturate' }, 2),
  ],
  ['bitSetInt', (b) => b.bitSetInt(0, 8, 5), codec.bitSetInteger('b', 0, 8, 5)],
  // places
  ['a key is set', (b) => b.onMapKey('a').setTo(1), codec.mapPut('b', 'a', 1)],
  [
    'a key is set in a map that is created',
    (b) => b.onMapKey('a', { create: 'keyOrdered' }).setTo(1),
    codec.mapPut('b', 'a', 1, { order: 1 }),
  ],
  ['a key is inserted', (b) => b.onMapKey('a').insert(1), codec.mapPut('b', 'a', 1, { flags: 1 })],
  [
    'a key is updated',
    (b) => b.onMapKey('a').update(1, { noFail: true }),
    codec.mapPut('b', 'a', 1, { flags: 6 }),
  ],
  ['a key is added to', (b) => b.onMapKey('a').add(2), codec.mapIncrement('b', 'a', 2)],
  [
    'an element is set',
    (b) => b.onMapKey('a').onListIndex(0).setTo(1),
    codec.listSet('b', 0, 1, undefined, at(a)),
  ],
  ['an element is added to', (b) => b.onListIndex(2).add(1), codec.listIncrement('b', 2, 1)],
  [
    'what has a rank is set by its path',
    (b) => b.onMapKey('a').onListRank(-1).setTo(1),
    codec.modifyByPath('b', at(a, { by: 'listRank', rank: -1 }), { kind: 'value', value: 1 }, 0),
  ],
  [
    'on the way in, maps and lists are created',
    (b) =>
      b
        .onMapKey('a', { create: 'keyValueOrdered' })
        .onListIndex(3, { create: 'unordered', pad: true })
        .listAppend(1),
    codec.listAppend(
      'b',
      1,
      undefined,
      at({ ...a, create: 0xc0 }, { by: 'listIndex', index: 3, create: 0x80 }),
    ),
  ],
  [
    'a map inside is written',
    (b) => b.onMapKey('a').mapUpsertItems({ k: 1 }),
    codec.mapPutItems('b', { k: 1 }, {}, at(a)),
  ],
  ['a place is removed', (b) => b.onMapKey('a').remove(), codec.mapRemoveByKey('b', 'a', none)],
  [
    'a range is removed and given',
    (b) => b.onMapKeyRange('a', 'c').remove({ return: 'keyValue' }),
    codec.mapRemoveByKeyRange('b', 'a', 'c', keyValue),
  ],
  [
    'everything else is removed',
    (b) => b.onListValueList([1, 2]).removeAllOthers({ return: 'count' }),
    codec.listRemoveByValueList('b', [1, 2], count | inverted),
  ],
  [
    'what a path leads to is removed',
    (b) => b.path().onMapKey('a').allChildren().remove({ noFail: true }),
    codec.modifyByPath(
      'b',
      at(a, { by: 'filter', filter: { kind: 'value', value: true } }),
      { kind: 'apply', operator: 'removeResult', args: [] },
      0x10,
    ),
  ],
]

describe('an operation that writes', () => {
  it.each(WRITES)('%s', (_name, build, expected) => {
    expect(operationsOf(build(bin()))).toEqual([expected])
  })
})

const READS: readonly (readonly [string, (b: ReadBin) => Read, codec.Operation])[] = [
  ['get', (b) => b.get(), codec.readOperation('b')],
  ['mapSize', (b) => b.mapSize(), codec.mapSize('b')],
  ['listSize', (b) => b.onMapKey('a').listSize(), codec.listSize('b', at(a))],
  ['listGet', (b) => b.listGet(-1), codec.listGet('b', -1)],
  [
    'listGetRange',
    (b) => b.onMapIndex(0).listGetRange(1, 2),
    codec.listGetRange('b', 1, 2, at({ by: 'mapIndex', index: 0 })),
  ],
  ['hllGetCount', (b) => b.hllGetCount(), codec.hllGetCount('b')],
  ['hllDescribe', (b) => b.hllDescribe(), codec.hllDescribe('b')],
  ['hllGetUnion', (b) => b.hllGetUnion([SKETCH]), codec.hllGetUnion('b', [SKETCH])],
  ['hllGetUnionCount', (b) => b.hllGetUnionCount([SKETCH]), codec.hllGetUnionCount('b', [SKETCH])],
  [
    'hllGetIntersectCount',
    (b) => b.hllGetIntersectCount([SKETCH]),
    codec.hllGetIntersectCount('b', [SKETCH]),
  ],
  ['hllGetSimilarity', (b) => b.hllGetSimilarity([SKETCH]), codec.hllGetSimilarity('b', [SKETCH])],
  ['hllMayContain', (b) => b.hllMayContain([1]), codec.hllMayContain('b', [1])],
  ['bitGet', (b) => b.bitGet(0, 8), codec.bitGet('b', 0, 8)],
  ['bitCount', (b) => b.bitCount(0, 8), codec.bitCount('b', 0, 8)],
  ['bitLscan', (b) => b.bitLscan(0, 8, true), codec.bitLeftScan('b', 0, 8, true)],
  ['bitRscan', (b) => b.bitRscan(0, 8, false), codec.bitRightScan('b', 0, 8, false)],
  ['bitGetInt', (b) => b.bitGetInt(0, 8, { signed: true }), codec.bitGetInteger('b', 0, 8, true)],
  // maps
  ['onMapKey', (b) => b.onMapKey('a').getValues(), codec.mapGetByKey('b', 'a', value)],
  ['onMapIndex', (b) => b.onMapIndex(1).getKeys(), codec.mapGetByIndex('b', 1, keys)],
  ['onMapRank', (b) => b.onMapRank(-1).getKeysAndValues(), codec.mapGetByRank('b', -1, keyValue)],
  ['onMapValue', (b) => b.onMapValue(5).count(), codec.mapGetByValue('b', 5, count)],
  [
    'onMapKeyRange, open',
    (b) => b.onMapKeyRange(undefined, 'c').getIndexes(),
    codec.mapGetByKeyRange('b', undefined, 'c', index),
  ],
  [
    'onMapKeyList',
    (b) => b.onMapKeyList(['a']).getReverseIndexes(),
    codec.mapGetByKeyList('b', ['a'], reverseIndex),
  ],
  [
    'onMapKeyRelativeIndexRange',
    (b) => b.onMapKeyRelativeIndexRange('a', 1).getRanks(),
    codec.mapGetByKeyRelativeIndexRange('b', 'a', 1, undefined, rank),
  ],
  [
    'onMapIndexRange',
    (b) => b.onMapIndexRange(1, 2).getReverseRanks(),
    codec.mapGetByIndexRange('b', 1, 2, reverseRank),
  ],
  ['onMapRankRange', (b) => b.onMapRankRange(1).exists(), codec.mapGetByRankRange('b', 1, undefined, exists)],
  [
    'onMapValueRange',
    (b) => b.onMapValueRange(1, codec.INFINITY).getAllOtherKeys(),
    codec.mapGetByValueRange('b', 1, codec.INFINITY, keys | inverted),
  ],
  [
    'onMapValueList',
    (b) => b.onMapValueList([1]).countAllOthers(),
    codec.mapGetByValueList('b', [1], count | inverted),
  ],
  [
    'onMapValueRelativeRankRange',
    (b) => b.onMapValueRelativeRankRange(5, -1, 2).getAllOtherKeysAndValues(),
    codec.mapGetByValueRelativeRankRange('b', 5, -1, 2, keyValue | inverted),
  ],
  // lists
  ['onListIndex', (b) => b.onListIndex(0).getValues(), codec.listGetByIndex('b', 0, value)],
  ['onListRank', (b) => b.onListRank(0).getIndexes(), codec.listGetByRank('b', 0, index)],
  ['onListValue', (b) => b.onListValue(1).getAllOtherRanks(), codec.listGetByValue('b', 1, rank | inverted)],
  [
    'onListIndexRange',
    (b) => b.onListIndexRange(1).getAllOtherValues(),
    codec.listGetByIndexRange('b', 1, undefined, value | inverted),
  ],
  [
    'onListRankRange',
    (b) => b.onListRankRange(1, 2).getAllOtherIndexes(),
    codec.listGetByRankRange('b', 1, 2, index | inverted),
  ],
  [
    'onListValueRange',
    (b) => b.onListValueRange(1, 2).getAllOtherReverseIndexes(),
    codec.listGetByValueRange('b', 1, 2, reverseIndex | inverted),
  ],
  [
    'onListValueList',
    (b) => b.onListValueList([1, 2]).getAllOtherReverseRanks(),
    codec.listGetByValueList('b', [1, 2], reverseRank | inverted),
  ],
  [
    'onListValueRelativeRankRange',
    (b) => b.onListValueRelativeRankRange(5, 0).getValues(),
    codec.listGetByValueRelativeRankRange('b', 5, 0, undefined, value),
  ],
  [
    'a step goes into the first of all equal',
    (b) => b.onListValue('x').onMapRank(0).getValues(),
    codec.mapGetByRank('b', 0, value, at({ by: 'listValue', value: 'x' })),
  ],
  [
    'a path',
    (b) => b.path().onMapKeys(['a']).onListIndex(0).getKeysAndValues(),
    codec.selectByPath('b', at({ by: 'mapKeys', keys: ['a'] }, { by: 'listIndex', index: 0 }), 3),
  ],
]

describe('an operation that reads', () => {
  it.each(READS)('%s', (_name, build, expected) => {
    expect(operationsOf(build(readBin()))).toEqual([expected])
    expect(operationsOf(build(bin() as never))).toEqual([expected])
  })
})

describe('what cannot be said', () => {
  it.each([
    ['an index that is no integer', () => bin().listGet(1.5)],
    ['a count that is none', () => bin().onMapIndexRange(0, Number.NaN)],
    ['items that are no list', () => bin().listAppendItems('abc' as never)],
    ['an order that does not exist', () => bin().mapCreate('ordered' as never)],
    ['a map of nothing', () => bin().mapUpsertItems(null as never)],
    ['both conditions', () => bin().hllAdd([1], { createOnly: true, updateOnly: true })],
    ['both directions', () => bin().bitResize(1, { growOnly: true, shrinkOnly: true })],
    ['padding of an ordered list', () => bin().onListIndex(1, { create: 'ordered', pad: true })],
    ['a path without a step', () => bin().path().remove()],
    ['a write in a query', () => new KeyQueryBuilder(echo, key).operation(codec.listClear('b'))],
    ['what ends a server', () => bin().onMapValueList([]).removeAllOthers({ return: 'value' })],
  ])('%s', (_name, build) => {
    expect(build).toThrow(UsageError)
  })

  it('what ends a server may be said when nothing is asked', () => {
    expect(operationsOf(bin().onMapValueList([]).removeAllOthers())).toHaveLength(1)
  })

  it.each([
    [3, undefined],
    [17, undefined],
    [8.5, undefined],
    [12, 3],
    [12, 52],
    [16, 49],
  ])('a HyperLogLog of %s and %s bits', (indexBits, minHashBits) => {
    expect(() => HllConfig.of(indexBits, minHashBits)).toThrow(UsageError)
  })

  it('a HyperLogLog without minhash bits may say so by -1', () => {
    expect(HllConfig.of(12, -1)).toEqual(HllConfig.of(12))
    expect(() => HllConfig.of(12, -2)).toThrow(UsageError)
  })

  it('steps without types are refused as well', () => {
    const range = bin().onListIndexRange(0) as never as ReturnType<WriteBin['onMapKey']>
    expect(() => range.onMapKey('a').setTo(1)).toThrow(UsageError)
    expect(() => range.getKeys()).toThrow(UsageError)
    expect(() => range.insert(1)).toThrow(UsageError)
    expect(() => bin().hllGetUnion([new Uint8Array(3) as never])).toThrow(UsageError)
    expect(() =>
      (bin().onMapKey('a') as never as ReturnType<WriteBin['onMapValue']>).countAllOthers(),
    ).toThrow(UsageError)
  })
})

describe('the types', () => {
  it('let a range lead no further', () => {
    expectTypeOf<ReturnType<WriteBin['onMapKeyRange']>>().not.toHaveProperty('onMapKey')
    expectTypeOf<ReturnType<WriteBin['onListValueList']>>().not.toHaveProperty('listAppend')
    expectTypeOf<ReturnType<WriteBin['onMapKeyRange']>>().not.toHaveProperty('setTo')
    expectTypeOf<ReturnType<WriteBin['onMapValue']>>().toHaveProperty('onMapKey')
  })

  it('give a single place no others', () => {
    expectTypeOf<ReturnType<WriteBin['onMapKey']>>().not.toHaveProperty('removeAllOthers')
    expectTypeOf<ReturnType<ReadBin['onListRank']>>().not.toHaveProperty('getAllOtherValues')
    expectTypeOf<ReturnType<WriteBin['onListValue']>>().toHaveProperty('removeAllOthers')
  })

  it('give lists no keys', () => {
    expectTypeOf<ReturnType<WriteBin['onListIndex']>>().not.toHaveProperty('getKeys')
    expectTypeOf<ReturnType<WriteBin['onListIndexRange']>>().not.toHaveProperty('getAllOtherKeys')
    // @ts-expect-error a removal from a list cannot give keys
    expect(() => bin().onListIndex(0).remove({ return: 'key' })).toThrow(UsageError)
  })

  it('let a query write nothing', () => {
    expectTypeOf<ReadBin>().not.toHaveProperty('listAppend')
    expectTypeOf<ReturnType<ReadBin['onMapKey']>>().not.toHaveProperty('remove')
    expectTypeOf<ReturnType<ReadBin['onMapKey']>>().not.toHaveProperty('setTo')
    expectTypeOf<ReturnType<ReadBin['path']>>().not.toHaveProperty('modify')
    expectTypeOf<ReturnType<ReadBin['onMapKey']>['onListIndex']>().toBeFunction()
  })

  it('give only the entry of a key insert and update', () => {
    expectTypeOf<ReturnType<WriteBin['onMapKey']>>().toHaveProperty('insert')
    expectTypeOf<ReturnType<WriteBin['onMapIndex']>>().not.toHaveProperty('insert')
    expectTypeOf<ReturnType<WriteBin['onMapIndex']>>().toHaveProperty('setTo')
  })

  it('come back to the builder they came from', () => {
    expectTypeOf(bin().onMapKey('a').onListIndex(0).getValues()).toEqualTypeOf<Write>()
    expectTypeOf(readBin().onMapKey('a').onMapRank(0).getKeys()).toEqualTypeOf<Read>()
  })
})
