import {
  ByteWriter,
  CALL_FORM,
  CONTEXT_CREATE,
  CONTEXT_TYPE,
  INFINITY,
  LIST_OPCODE,
  LIST_ORDER,
  LIST_WRITE_FLAG,
  listAppend,
  listAppendItems,
  listGetByRankRange,
  listGetByValue,
  listGetByValueRange,
  listSetOrder,
  listSize,
  listSort,
  MAP_OPCODE,
  MAP_ORDER,
  MAP_WRITE_FLAG,
  type MapOrder,
  mapGetByIndex,
  mapGetByKey,
  mapGetByValue,
  mapGetByValueList,
  mapGetByValueRange,
  mapPut,
  type Operation,
  PARTICLE_TYPE,
  PERSIST_INDEX,
  RETURN_TYPE,
  type Value,
  WILDCARD,
  writeMsgpack,
} from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { RESULT } from '../result-code.ts'
import { modifyCollection, readCollection } from './collection-operation.ts'
import type { Outcome, Particle } from './outcome.ts'

const CONTEXT_STEP = CONTEXT_TYPE.mapKey | CONTEXT_CREATE.unorderedMap

function packed(value: Value): Uint8Array {
  const out = new ByteWriter(32)
  writeMsgpack(out, value)
  return out.take()
}

const list = (...items: Value[]): Particle => ({ type: PARTICLE_TYPE.list, particle: packed(items) })
const map = (entries: { readonly [key: string]: Value }): Particle => ({
  type: PARTICLE_TYPE.map,
  particle: packed(entries),
})
/** As the bin of a record is kept after an operation. */
const kept = (outcome: Outcome | number): Particle => (outcome as Outcome).bin as Particle
const read = (bin: Particle, { payload }: Operation) => readCollection(bin, payload as Uint8Array)
const modify = (bin: Particle | undefined, { payload }: Operation) =>
  modifyCollection(bin, payload as Uint8Array)

describe('a list', () => {
  it('is created in the order that the operation says', () => {
    const outcome = modify(
      undefined,
      listAppendItems('l', [3, 1, 2], { order: LIST_ORDER.ordered }),
    ) as Outcome
    expect(outcome.bin?.particle).toEqual(Uint8Array.of(0x94, 0xc7, 0, 1, 1, 2, 3))
  })

  it('refuses what it has when it is to stay unique', () => {
    const policy = { flags: LIST_WRITE_FLAG.addUnique }
    expect(modify(list(1, 2), listAppend('l', 2, policy))).toBe(RESULT.elementExists)
    expect(modify(list(1, 2), listAppend('l', 3, policy))).toMatchObject({ bin: list(1, 2, 3) })
  })

  it('gives the lower half by rank downwards, as the server does', () => {
    const ask = listGetByRankRange('l', 0, 2, RETURN_TYPE.value)
    expect(read(list(5, 1, 4, 2), ask)).toMatchObject({ yields: list(2, 1) })
  })

  it('compares with wildcards', () => {
    const ask = listGetByValue('l', [1, WILDCARD], RETURN_TYPE.index)
    expect(read(list([1, 2], [2, 1], [1]), ask)).toMatchObject({ yields: list(0) })
  })

  it('in order has nothing between bounds of which a wildcard is the first', () => {
    const ask = listGetByValueRange('l', WILDCARD, INFINITY, RETURN_TYPE.index)
    const ordered = modify(list(false), listSetOrder('l', LIST_ORDER.ordered)) as Outcome
    expect(read(ordered.bin as Particle, ask)).toMatchObject({ yields: list() })
    expect(read(list(false), ask)).toMatchObject({ yields: list(0) })
  })

  it('cannot be sorted when it is not there', () => {
    expect(modify(undefined, listSort('l', 0))).toBe(RESULT.incompatibleType)
  })
})

describe('a map', () => {
  it('refuses entries by its flags', () => {
    const put = (key: string, flags: number) => modify(map({ a: 1 }), mapPut('m', key, 2, { flags }))
    expect(put('a', MAP_WRITE_FLAG.createOnly)).toBe(RESULT.elementExists)
    expect(put('b', MAP_WRITE_FLAG.updateOnly)).toBe(RESULT.elementNotFound)
    expect(put('b', MAP_WRITE_FLAG.createOnly)).toMatchObject({ bin: map({ a: 1, b: 2 }) })
  })

  it('tells a missing key from a missing index', () => {
    expect(read(map({ a: 1 }), mapGetByKey('m', 'x', RETURN_TYPE.value))).toMatchObject({ yields: undefined })
    expect(read(map({ a: 1 }), mapGetByIndex('m', 1, RETURN_TYPE.value))).toBe(RESULT.notApplicable)
  })

  it('of one entry finds it once for each value of a list, of more entries once', () => {
    const ask = mapGetByValueList('m', [4, 4], RETURN_TYPE.rank)
    expect(read(map({ z: 4 }), ask)).toMatchObject({ yields: list(0, 0) })
    expect(read(map({ y: 3, z: 4 }), ask)).toMatchObject({ yields: list(1) })
  })

  it('is not made by a path for what its flags let pass', () => {
    const context = [CONTEXT_STEP, 'a']
    const put = [
      CALL_FORM.context,
      context,
      [MAP_OPCODE.put, 'q', 1, 0, MAP_WRITE_FLAG.updateOnly | MAP_WRITE_FLAG.noFail],
    ]
    expect(modifyCollection(map({}), packed(put))).toMatchObject({ bin: undefined })
  })
})

describe('a context', () => {
  it('creates what it is told to create', () => {
    const path = [{ by: 'mapKey', value: 'k', create: CONTEXT_CREATE.unorderedMap }] as const
    expect(modify(undefined, listAppend('m', 1, undefined, path))).toMatchObject({ bin: map({ k: [1] }) })
  })

  it('is refused when it leads nowhere, or to something else', () => {
    const path = (value: string) => [{ by: 'mapKey', value }] as const
    expect(read(map({ a: 1 }), listSize('m', path('x')))).toBe(RESULT.notApplicable)
    expect(read(map({ a: 1 }), listSize('m', path('a')))).toBe(RESULT.incompatibleType)
  })
})

describe('a map that keeps an index', () => {
  const { index, keyValue, inverted } = RETURN_TYPE
  const keeping = (bin: Particle | undefined, order: MapOrder): Particle =>
    kept(modifyCollection(bin, packed([MAP_OPCODE.setOrder, order | PERSIST_INDEX])))
  const given = (bin: Particle, operation: Operation) => (read(bin, operation) as Outcome).yields?.particle

  it('does not show that', () => {
    expect(keeping(undefined, MAP_ORDER.unordered).particle).toEqual(Uint8Array.of(0x80))
  })

  it('counts as one by key, whatever its order', () => {
    const bin = keeping(undefined, MAP_ORDER.unordered)
    const nothing = Uint8Array.of(0x81, 0xc7, 0, 8, 0xc0)
    expect(given(bin, mapGetByKey('m', '', keyValue | inverted))).toEqual(nothing)
  })

  it('gives indexes in the order of values when it is one by value', () => {
    const all = mapGetByValueRange('m', null, undefined, index)
    expect(given(keeping(map({ a: 1, b: 2 }), MAP_ORDER.keyValueOrdered), all)).toEqual(
      Uint8Array.of(0x92, 0, 1),
    )
    expect(given(keeping(map({ a: 2, b: 1 }), MAP_ORDER.keyValueOrdered), all)).toEqual(
      Uint8Array.of(0x92, 1, 0),
    )
  })

  it('looks for a wildcard by halving, from one operation to the next', () => {
    const bin = keeping(map({ a: 2, b: 1 }), MAP_ORDER.keyValueOrdered)
    const changed = kept(modify(bin, mapPut('m', 'a', 3)))
    expect(given(changed, mapGetByValue('m', WILDCARD, index))).toEqual(Uint8Array.of(0x91, 0))
  })
})

describe('a list that keeps an index', () => {
  it('loses it with its last item', () => {
    const keeping = kept(modifyCollection(list(1), packed([LIST_OPCODE.setOrder, PERSIST_INDEX])))
    expect(keeping.keepsIndex).toBe(true)
    const emptied = kept(modifyCollection(keeping, packed([LIST_OPCODE.remove, 0])))
    expect(emptied).toEqual({ type: PARTICLE_TYPE.list, particle: Uint8Array.of(0x90) })
  })
})

describe('arguments', () => {
  it('are looked at where they do not matter', () => {
    const outcome = modifyCollection(map({ a: 1 }), packed([MAP_OPCODE.put, 'a', 2, 'no order']))
    expect(outcome).toBe(RESULT.parameter)
  })
})
