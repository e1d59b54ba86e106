import {
  BIT_OPCODE,
  CONTEXT_CREATE,
  CONTEXT_TYPE,
  HLL_OPCODE,
  LIST_OPCODE,
  MAP_OPCODE,
  RETURN_TYPE,
} from '@aero/codec'
import type { Random } from '@aero/testkit'
import { MARKER } from '../../src/apply/container.ts'
import {
  randomBound,
  randomInteger,
  randomKey,
  randomList,
  randomMap,
  randomScalar,
  randomSketch,
  randomValue,
} from './random-values.ts'
import type { Tree } from './tree.ts'

type Argument = (random: Random) => Tree

const value: Argument = (random) => randomValue(random)
const bound: Argument = randomBound
const items: Argument = (random) => randomList(random)
const index: Argument = (random) => (random.chance(0.97) ? random.int(-7, 7) : randomInteger(random))
const count: Argument = (random) => random.int(0, 5)
const key: Argument = randomKey
const keys: Argument = (random) => Array.from({ length: random.int(0, 4) }, () => randomKey(random))
const order: Argument = (random) => random.pick([0, 1]) | persists(random)
const mapOrder: Argument = (random) => random.pick([0, 1, 2, 3]) | persists(random)
/** Whether an index is to be kept with the list or map. */
const persists = (random: Random): number => (random.chance(0.2) ? MARKER.persistIndex : 0)
const writeFlags: Argument = (random) => (random.chance(0.4) ? 0 : random.int(0, 15))
const delta: Argument = (random) => (random.chance(0.2) ? randomScalar(random) : randomInteger(random))
const mapItems: Argument = (random) => randomMap(random)
const RETURNS = Object.values(RETURN_TYPE).filter((type) => type !== RETURN_TYPE.inverted)
const returns: Argument = (random) => random.pick(RETURNS) | (random.chance(0.15) ? RETURN_TYPE.inverted : 0)

/** Arguments, and how many of them must be there. */
export interface Signature {
  readonly least: number
  readonly args: readonly Argument[]
}

const takes = (least: number, ...args: Argument[]): Signature => ({ least, args })

export const LISTS: Readonly<Record<number, Signature>> = {
  [LIST_OPCODE.setOrder]: takes(1, order),
  [LIST_OPCODE.append]: takes(1, value, order, writeFlags),
  [LIST_OPCODE.appendItems]: takes(1, items, order, writeFlags),
  [LIST_OPCODE.insert]: takes(2, index, value, writeFlags),
  [LIST_OPCODE.insertItems]: takes(2, index, items, writeFlags),
  [LIST_OPCODE.pop]: takes(1, index),
  [LIST_OPCODE.popRange]: takes(1, index, count),
  [LIST_OPCODE.remove]: takes(1, index),
  [LIST_OPCODE.removeRange]: takes(1, index, count),
  [LIST_OPCODE.set]: takes(2, index, value, writeFlags),
  [LIST_OPCODE.trim]: takes(2, index, count),
  [LIST_OPCODE.clear]: takes(0),
  [LIST_OPCODE.increment]: takes(1, index, delta, order, writeFlags),
  [LIST_OPCODE.sort]: takes(0, (random) => random.int(0, 3)),
  [LIST_OPCODE.size]: takes(0),
  [LIST_OPCODE.get]: takes(1, index),
  [LIST_OPCODE.getRange]: takes(1, index, count),
  [LIST_OPCODE.getByIndex]: takes(2, returns, index),
  [LIST_OPCODE.getByRank]: takes(2, returns, index),
  [LIST_OPCODE.getByValue]: takes(2, returns, bound),
  [LIST_OPCODE.getByValueList]: takes(2, returns, items),
  [LIST_OPCODE.getByIndexRange]: takes(2, returns, index, count),
  [LIST_OPCODE.getByValueRange]: takes(2, returns, bound, bound),
  [LIST_OPCODE.getByRankRange]: takes(2, returns, index, count),
  [LIST_OPCODE.getByValueRelativeRankRange]: takes(3, returns, bound, index, count),
  [LIST_OPCODE.removeByIndex]: takes(2, returns, index),
  [LIST_OPCODE.removeByRank]: takes(2, returns, index),
  [LIST_OPCODE.removeByValue]: takes(2, returns, bound),
  [LIST_OPCODE.removeByValueList]: takes(2, returns, items),
  [LIST_OPCODE.removeByIndexRange]: takes(2, returns, index, count),
  [LIST_OPCODE.removeByValueRange]: takes(2, returns, bound, bound),
  [LIST_OPCODE.removeByRankRange]: takes(2, returns, index, count),
  [LIST_OPCODE.removeByValueRelativeRankRange]: takes(3, returns, bound, index, count),
}

export const MAPS: Readonly<Record<number, Signature>> = {
  [MAP_OPCODE.setOrder]: takes(1, mapOrder),
  [MAP_OPCODE.add]: takes(2, key, value, mapOrder),
  [MAP_OPCODE.addItems]: takes(1, mapItems, mapOrder),
  [MAP_OPCODE.put]: takes(2, key, value, mapOrder, writeFlags),
  [MAP_OPCODE.putItems]: takes(1, mapItems, mapOrder, writeFlags),
  [MAP_OPCODE.replace]: takes(2, key, value),
  [MAP_OPCODE.replaceItems]: takes(1, mapItems),
  [MAP_OPCODE.increment]: takes(2, key, delta, mapOrder),
  [MAP_OPCODE.decrement]: takes(2, key, delta, mapOrder),
  [MAP_OPCODE.clear]: takes(0),
  [MAP_OPCODE.removeByKey]: takes(2, returns, key),
  [MAP_OPCODE.removeByIndex]: takes(2, returns, index),
  [MAP_OPCODE.removeByRank]: takes(2, returns, index),
  [MAP_OPCODE.removeByKeyList]: takes(2, returns, keys),
  [MAP_OPCODE.removeByValue]: takes(2, returns, bound),
  [MAP_OPCODE.removeByValueList]: takes(2, returns, items),
  [MAP_OPCODE.removeByKeyRange]: takes(2, returns, key, key),
  [MAP_OPCODE.removeByIndexRange]: takes(2, returns, index, count),
  [MAP_OPCODE.removeByValueRange]: takes(2, returns, bound, bound),
  [MAP_OPCODE.removeByRankRange]: takes(2, returns, index, count),
  [MAP_OPCODE.removeByKeyRelativeIndexRange]: takes(3, returns, key, index, count),
  [MAP_OPCODE.removeByValueRelativeRankRange]: takes(3, returns, bound, index, count),
  [MAP_OPCODE.size]: takes(0),
  [MAP_OPCODE.getByKey]: takes(2, returns, key),
  [MAP_OPCODE.getByIndex]: takes(2, returns, index),
  [MAP_OPCODE.getByRank]: takes(2, returns, index),
  [MAP_OPCODE.getByValue]: takes(2, returns, bound),
  [MAP_OPCODE.getByKeyRange]: takes(2, returns, key, key),
  [MAP_OPCODE.getByIndexRange]: takes(2, returns, index, count),
  [MAP_OPCODE.getByValueRange]: takes(2, returns, bound, bound),
  [MAP_OPCODE.getByRankRange]: takes(2, returns, index, count),
  [MAP_OPCODE.getByKeyList]: takes(2, returns, keys),
  [MAP_OPCODE.getByValueList]: takes(2, returns, items),
  [MAP_OPCODE.getByKeyRelativeIndexRange]: takes(3, returns, key, index, count),
  [MAP_OPCODE.getByValueRelativeRankRange]: takes(3, returns, bound, index, count),
}

const bits: Argument = (random) => random.int(-20, 40)
const size: Argument = (random) => random.int(0, 40)
const bytes: Argument = (random) => random.bytes(random.int(0, 4))
const overflow: Argument = (random) => random.int(0, 7)
const truth: Argument = (random) => random.chance()

export const BITS: Readonly<Record<number, Signature>> = {
  [BIT_OPCODE.resize]: takes(
    1,
    (random) => random.int(0, 8),
    writeFlags,
    (random) => random.int(0, 7),
  ),
  [BIT_OPCODE.insert]: takes(2, (random) => random.int(-4, 6), bytes, writeFlags),
  [BIT_OPCODE.remove]: takes(
    2,
    (random) => random.int(-4, 6),
    (random) => random.int(0, 5),
    writeFlags,
  ),
  [BIT_OPCODE.set]: takes(3, bits, size, bytes, writeFlags),
  [BIT_OPCODE.or]: takes(3, bits, size, bytes, writeFlags),
  [BIT_OPCODE.xor]: takes(3, bits, size, bytes, writeFlags),
  [BIT_OPCODE.and]: takes(3, bits, size, bytes, writeFlags),
  [BIT_OPCODE.not]: takes(2, bits, size, writeFlags),
  [BIT_OPCODE.leftShift]: takes(3, bits, size, size, writeFlags),
  [BIT_OPCODE.rightShift]: takes(3, bits, size, size, writeFlags),
  [BIT_OPCODE.add]: takes(3, bits, size, randomInteger, writeFlags, overflow),
  [BIT_OPCODE.subtract]: takes(3, bits, size, randomInteger, writeFlags, overflow),
  [BIT_OPCODE.setInteger]: takes(3, bits, size, randomInteger, writeFlags),
  [BIT_OPCODE.get]: takes(2, bits, size),
  [BIT_OPCODE.count]: takes(2, bits, size),
  [BIT_OPCODE.leftScan]: takes(3, bits, size, truth),
  [BIT_OPCODE.rightScan]: takes(3, bits, size, truth),
  [BIT_OPCODE.getInteger]: takes(2, bits, size, (random) => random.int(0, 1)),
}

const indexBits: Argument = (random) => random.int(4, 7)
const minHashBits: Argument = (random) => random.pick([0, 4, 5])

const sketches: Argument = (random) =>
  Array.from({ length: random.int(0, 3) }, () =>
    random.chance(0.95) ? { sketch: randomSketch(random) } : randomScalar(random),
  )

export const HLLS: Readonly<Record<number, Signature>> = {
  [HLL_OPCODE.init]: takes(0, indexBits, minHashBits, writeFlags),
  [HLL_OPCODE.add]: takes(1, items, indexBits, minHashBits, writeFlags),
  [HLL_OPCODE.setUnion]: takes(1, sketches, writeFlags),
  [HLL_OPCODE.refreshCount]: takes(0),
  [HLL_OPCODE.fold]: takes(1, indexBits),
  [HLL_OPCODE.getCount]: takes(0),
  [HLL_OPCODE.getUnion]: takes(1, sketches),
  [HLL_OPCODE.getUnionCount]: takes(1, sketches),
  [HLL_OPCODE.getIntersectCount]: takes(1, sketches),
  [HLL_OPCODE.getSimilarity]: takes(1, sketches),
  [HLL_OPCODE.describe]: takes(0),
  [HLL_OPCODE.mayContain]: takes(1, items),
}

/** What an operation is to give is an argument of it, the first. */
export function hasReturnType(opcode: number): boolean {
  return (LISTS[opcode] ?? MAPS[opcode])?.args[0] === returns
}

export function randomCall(random: Random, signatures: Readonly<Record<number, Signature>>): Tree[] {
  const opcode = Number(random.pick(Object.keys(signatures)))
  const { least, args } = signatures[opcode] as Signature
  const all = random.int(least, args.length)
  return [opcode, ...args.slice(0, all).map((argument) => argument(random))]
}

const LIST_STEPS = [CONTEXT_TYPE.listIndex, CONTEXT_TYPE.listRank, CONTEXT_TYPE.listValue]
const MAP_STEPS = [CONTEXT_TYPE.mapIndex, CONTEXT_TYPE.mapRank, CONTEXT_TYPE.mapKey, CONTEXT_TYPE.mapValue]
const CREATES = [0, CONTEXT_CREATE.unorderedList, CONTEXT_CREATE.unboundedList, CONTEXT_CREATE.orderedList]

/** Steps into a list or map; the first is of that kind, as a rule. */
export function randomContext(random: Random, isList: boolean): Tree[] {
  const context: Tree[] = []
  let inList = isList
  for (let left = random.int(1, 2); left > 0; left--) {
    const type = random.pick(inList ? LIST_STEPS : MAP_STEPS)
    // Ranks are not made: of a rank made in an ordered list the real server dies. Nor are indexes kept with what a path makes.
    const create = type !== CONTEXT_TYPE.listRank && random.chance(0.2) ? random.pick(CREATES) : 0
    context.push(type | create, randomStep(random, type))
    inList = random.chance()
  }
  return context
}

function randomStep(random: Random, type: number): Tree {
  if (type === CONTEXT_TYPE.mapKey) return randomKey(random)
  return type === CONTEXT_TYPE.listValue || type === CONTEXT_TYPE.mapValue
    ? randomValue(random, 1)
    : random.int(-4, 4)
}

export const FIRST_READ_OPCODE = {
  list: LIST_OPCODE.size,
  map: MAP_OPCODE.size,
  bit: BIT_OPCODE.get,
  hll: HLL_OPCODE.getCount,
}
/** List operations from here on remove. */
const LIST_REMOVES = LIST_OPCODE.removeByIndex

export function isCollectionRead(opcode: number): boolean {
  if (opcode >= MAP_OPCODE.setOrder) return opcode >= FIRST_READ_OPCODE.map
  return opcode >= FIRST_READ_OPCODE.list && opcode < LIST_REMOVES
}
