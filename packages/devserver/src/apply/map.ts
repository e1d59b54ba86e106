import { MAP_OPCODE, MAP_WRITE_FLAG, RETURN_TYPE } from '@aero/codec'
import { RESULT } from '../result-code.ts'
import { CallArguments } from './call-arguments.ts'
import type { Change, PackedCall } from './collection-operation.ts'
import {
  booleanParticle,
  compareElements,
  containerParticle,
  integersParticle,
  isKeyElement,
  listParticle,
  MARKER,
  openContainer,
  type PackedMap,
  particleOfElement,
  rankedPlaces,
  storable,
} from './container.ts'
import { increased } from './increment.ts'
import { ranksOfListed } from './listed-values.ts'
import { hasValueIndex, valueRanks } from './map-value-index.ts'
import { integerParticle, type Particle } from './outcome.ts'
import { Refused } from './refused.ts'
import {
  type Asked,
  askedOf,
  isIndexRange,
  isRankRange,
  isReverse,
  numbersResult,
  otherPlaces,
  type Range,
  rangeNumbers,
  rangeResult,
  relativeRange,
  resolveRange,
} from './selection.ts'

/*
 * Operations on one map, whose entries always stand in the order of their keys. Source: as/src/base/particle_map.c of the
 * server.
 */

/** Operations of old clients that select one element by its value. */
const GET_ONE_BY_VALUE = 99
const REMOVE_ONE_BY_VALUE = 78

interface Selected {
  readonly places: readonly number[]
  readonly yields: Particle | undefined
}

type Selector =
  | 'key'
  | 'keys'
  | 'keyInterval'
  | 'keyRelative'
  | 'index'
  | 'indexRange'
  | 'rank'
  | 'rankRange'
  | 'one'
  | 'value'
  | 'values'
  | 'interval'
  | 'relative'

const READING: ReadonlyMap<number, Selector> = new Map<number, Selector>([
  [MAP_OPCODE.getByKey, 'key'],
  [MAP_OPCODE.getByKeyList, 'keys'],
  [MAP_OPCODE.getByKeyRange, 'keyInterval'],
  [MAP_OPCODE.getByKeyRelativeIndexRange, 'keyRelative'],
  [MAP_OPCODE.getByIndex, 'index'],
  [MAP_OPCODE.getByIndexRange, 'indexRange'],
  [MAP_OPCODE.getByRank, 'rank'],
  [MAP_OPCODE.getByRankRange, 'rankRange'],
  [GET_ONE_BY_VALUE, 'one'],
  [MAP_OPCODE.getByValue, 'value'],
  [MAP_OPCODE.getByValueList, 'values'],
  [MAP_OPCODE.getByValueRange, 'interval'],
  [MAP_OPCODE.getByValueRelativeRankRange, 'relative'],
])

const REMOVING: ReadonlyMap<number, Selector> = new Map<number, Selector>([
  [MAP_OPCODE.removeByKey, 'key'],
  [MAP_OPCODE.removeByKeyList, 'keys'],
  [MAP_OPCODE.removeByKeyRange, 'keyInterval'],
  [MAP_OPCODE.removeByKeyRelativeIndexRange, 'keyRelative'],
  [MAP_OPCODE.removeByIndex, 'index'],
  [MAP_OPCODE.removeByIndexRange, 'indexRange'],
  [MAP_OPCODE.removeByRank, 'rank'],
  [MAP_OPCODE.removeByRankRange, 'rankRange'],
  [REMOVE_ONE_BY_VALUE, 'one'],
  [MAP_OPCODE.removeByValue, 'value'],
  [MAP_OPCODE.removeByValueList, 'values'],
  [MAP_OPCODE.removeByValueRange, 'interval'],
  [MAP_OPCODE.removeByValueRelativeRankRange, 'relative'],
])

/** Carries out a reading operation. */
export function readMap(map: PackedMap, call: PackedCall): Particle | undefined {
  if (call.opcode === MAP_OPCODE.size) return integerParticle(map.keys.length)
  const selector = READING.get(call.opcode)
  if (selector === undefined) throw new Refused(RESULT.parameter)
  return select(map, call, selector).yields
}

/** Carries out a modifying operation on a map, or where one is to be created. */
export function modifyMap(map: PackedMap | undefined, call: PackedCall): Change {
  switch (call.opcode) {
    case MAP_OPCODE.setOrder: {
      const flags = new CallArguments(call, 1, 1).flags(0) & 0xff
      if ((flags & ~(MARKER.byValue | MARKER.persistIndex)) !== 0) throw new Refused(RESULT.notApplicable)
      return { container: { ...(map ?? emptyMap(0)), flags }, yields: undefined }
    }
    case MAP_OPCODE.add: {
      const args = new CallArguments(call, 2, 3)
      return put(mapOrEmpty(map, args.flags(2)), args, createOnly)
    }
    case MAP_OPCODE.put: {
      const args = new CallArguments(call, 2, 4)
      return put(mapOrEmpty(map, args.flags(2)), args, args.flags(3))
    }
    case MAP_OPCODE.replace: {
      const args = new CallArguments(call, 2, 2)
      return put(map ?? emptyMap(0), args, updateOnly)
    }
    case MAP_OPCODE.addItems: {
      const args = new CallArguments(call, 1, 2)
      return putItems(mapOrEmpty(map, args.flags(1)), args, createOnly)
    }
    case MAP_OPCODE.putItems: {
      const args = new CallArguments(call, 1, 3)
      return putItems(mapOrEmpty(map, args.flags(1)), args, args.flags(2))
    }
    case MAP_OPCODE.replaceItems:
      if (map === undefined) throw new Refused(RESULT.elementNotFound)
      return putItems(map, new CallArguments(call, 1, 1), updateOnly)
    case MAP_OPCODE.increment:
    case MAP_OPCODE.decrement:
      return increment(map, call)
    default:
      return remove(map, call)
  }
}

const { createOnly, updateOnly, noFail, partial } = MAP_WRITE_FLAG
const has = (flags: number, flag: number): boolean => (flags & flag) !== 0

/** The order is looked at even where there is a map, which has its own. */
function mapOrEmpty(map: PackedMap | undefined, order: number): PackedMap {
  return map ?? emptyMap(order)
}

function emptyMap(order: number): PackedMap {
  const isKnown = (order & ~(MARKER.byValue | MARKER.persistIndex)) === 0
  // A map is not created with an index and no order; an existing one may become that.
  const flags = isKnown && order !== MARKER.persistIndex ? order : 0
  return { kind: 'map', flags, keys: [], values: [] }
}

function remove(map: PackedMap | undefined, call: PackedCall): Change {
  const selector = REMOVING.get(call.opcode)
  if (selector === undefined && call.opcode !== MAP_OPCODE.clear) throw new Refused(RESULT.parameter)
  if (map === undefined) return { container: undefined, yields: undefined }
  if (selector === undefined) return { container: { ...map, keys: [], values: [] }, yields: undefined }
  const { places, yields } = select(map, call, selector)
  const removed = new Set(places)
  const keys = map.keys.filter((_, place) => !removed.has(place))
  const values = map.values.filter((_, place) => !removed.has(place))
  return { container: { ...map, keys, values }, yields }
}

function put(map: PackedMap, args: CallArguments, flags: number): Change {
  const key = storable(args.element(0))
  const value = storable(args.element(1))
  if (key === undefined || value === undefined || !isKeyElement(key)) throw new Refused(RESULT.parameter)
  const isThere = placeOfKey(map, key) >= 0
  if (has(flags, isThere ? createOnly : updateOnly)) return refusedEntry(map, isThere, flags)
  const container = withEntry(map, key, value)
  return { container, yields: integerParticle(container.keys.length) }
}

function refusedEntry(map: PackedMap, isThere: boolean, flags: number): Change {
  if (!has(flags, noFail)) throw new Refused(isThere ? RESULT.elementExists : RESULT.elementNotFound)
  return { container: map, yields: integerParticle(map.keys.length), isPassedOver: true }
}

function placeOfKey(map: PackedMap, key: Uint8Array): number {
  return map.keys.findIndex((each) => compareElements(each, key) === 0)
}

function withEntry(map: PackedMap, key: Uint8Array, value: Uint8Array): PackedMap {
  const at = placeOfKey(map, key)
  if (at >= 0) return { ...map, keys: map.keys.with(at, key), values: map.values.with(at, value) }
  const before = map.keys.filter((each) => compareElements(each, key) < 0).length
  return {
    ...map,
    keys: [...map.keys.slice(0, before), key, ...map.keys.slice(before)],
    values: [...map.values.slice(0, before), value, ...map.values.slice(before)],
  }
}

function putItems(map: PackedMap, args: CallArguments, flags: number): Change {
  const stored = storable(args.element(0))
  const items = stored === undefined ? undefined : openContainer(stored)
  if (items === undefined || items.kind !== 'map') throw new Refused(RESULT.parameter)
  // An empty map takes everything when it may take a part: of what it refuses the server does not look at each.
  const isEmpty = map.keys.length === 0
  const allowed = isEmpty && has(flags, noFail) && has(flags, partial) ? flags & ~updateOnly : flags
  let changed = map
  for (const [place, key] of items.keys.entries()) {
    const isThere = placeOfKey(map, key) >= 0
    if (has(allowed, isThere ? createOnly : updateOnly)) {
      if (has(flags, noFail) && has(flags, partial)) continue
      return refusedEntry(map, isThere, flags)
    }
    changed = withEntry(changed, key, items.values[place] as Uint8Array)
  }
  return { container: changed, yields: integerParticle(changed.keys.length) }
}

function increment(map: PackedMap | undefined, call: PackedCall): Change {
  const args = new CallArguments(call, 1, 3)
  const by = args.optional(1)
  const target = mapOrEmpty(map, args.flags(2))
  const key = storable(args.element(0))
  if (key === undefined || !isKeyElement(key)) throw new Refused(RESULT.parameter)
  const place = placeOfKey(target, key)
  const sign = call.opcode === MAP_OPCODE.decrement ? -1 : 1
  const sum = increased(place < 0 ? undefined : target.values[place], by, sign)
  return { container: withEntry(target, key, sum.element), yields: sum.yields }
}

function select(map: PackedMap, call: PackedCall, selector: Selector): Selected {
  switch (selector) {
    case 'key': {
      const args = new CallArguments(call, 2, 2)
      const key = args.element(1)
      return byKeyInterval(map, askedOf(args.integer(0), false), key, key)
    }
    case 'keyInterval': {
      const args = new CallArguments(call, 2, 3)
      return byKeyInterval(map, askedOf(args.integer(0), true), args.element(1), args.optional(2))
    }
    case 'keys': {
      const args = new CallArguments(call, 2, 2)
      return byKeys(map, askedOf(args.integer(0), true), args.list(1))
    }
    case 'keyRelative': {
      const args = new CallArguments(call, 3, 4)
      const range = relativeRange(args.integer(2), args.counted(3), smallerThan(map.keys, args.element(1)))
      return byIndexRange(map, askedOf(args.integer(0), true), range.index, range.count)
    }
    case 'index':
    case 'rank': {
      const args = new CallArguments(call, 2, 2)
      const by = selector === 'index' ? byIndexRange : byRankRange
      return by(map, askedOf(args.integer(0), false), args.index(1), 1)
    }
    case 'indexRange':
    case 'rankRange': {
      const args = new CallArguments(call, 2, 3)
      const by = selector === 'indexRange' ? byIndexRange : byRankRange
      return by(map, askedOf(args.integer(0), true), args.index(1), args.count(2))
    }
    case 'one':
    case 'value': {
      const args = new CallArguments(call, 2, 2)
      const value = args.element(1)
      return byInterval(map, askedOf(args.integer(0), selector === 'value'), value, value)
    }
    case 'interval': {
      const args = new CallArguments(call, 2, 3)
      return byInterval(map, askedOf(args.integer(0), true), args.element(1), args.optional(2))
    }
    case 'values': {
      const args = new CallArguments(call, 2, 2)
      return byValues(map, askedOf(args.integer(0), true), args.list(1))
    }
    default: {
      const args = new CallArguments(call, 3, 4)
      const range = relativeRange(args.integer(2), args.counted(3), rankOfValue(map, args.element(1)))
      return byRankRange(map, askedOf(args.integer(0), true), range.index, range.count)
    }
  }
}

function rankOfValue(map: PackedMap, value: Uint8Array): number {
  return hasValueIndex(map) ? valueRanks(map, value, value, true).start : smallerThan(map.values, value)
}

function smallerThan(elements: readonly Uint8Array[], bound: Uint8Array): number {
  return elements.filter((each) => compareElements(each, bound) < 0).length
}

/** Elements equal to `begin` when `end` is the same object; else those from `begin` on that come before `end`. */
function isBetween(each: Uint8Array, begin: Uint8Array, end: Uint8Array | undefined): boolean {
  const order = compareElements(each, begin)
  if (begin === end) return order === 0
  return order >= 0 && (end === undefined || compareElements(each, end) < 0)
}

const ELEMENTS: ReadonlySet<number> = new Set([
  RETURN_TYPE.key,
  RETURN_TYPE.value,
  RETURN_TYPE.keyValue,
  RETURN_TYPE.unorderedMap,
  RETURN_TYPE.orderedMap,
])

/** The marker of a result that is a map. */
const RESULT_MARKER: ReadonlyMap<number, number> = new Map<number, number>([
  [RETURN_TYPE.keyValue, MARKER.selected],
  [RETURN_TYPE.unorderedMap, 0],
  [RETURN_TYPE.orderedMap, MARKER.ordered],
])

function elementsResult(
  map: PackedMap,
  { type, multiple }: Asked,
  places: readonly number[],
): Particle | undefined {
  const marker = RESULT_MARKER.get(type)
  if (marker !== undefined) {
    const ordered = marker === MARKER.ordered ? places.toSorted((first, second) => first - second) : places
    return containerParticle({
      kind: 'map',
      flags: marker,
      keys: ordered.map((place) => map.keys[place] as Uint8Array),
      values: ordered.map((place) => map.values[place] as Uint8Array),
    })
  }
  const elements = type === RETURN_TYPE.key ? map.keys : map.values
  const picked = places.map((place) => elements[place] as Uint8Array)
  if (multiple) return listParticle(picked)
  const [element] = picked
  return element === undefined ? undefined : particleOfElement(element)
}

function nothingFound(map: PackedMap, asked: Asked, index: number): Selected {
  const { type } = asked
  if (ELEMENTS.has(type)) return { places: [], yields: elementsResult(map, asked, []) }
  if (isIndexRange(type) || isRankRange(type)) return { places: [], yields: integersParticle([index, 0]) }
  return { places: [], yields: rangeResult({ ...asked, inverted: false }, { start: index, count: 0 }, 0) }
}

/** The place of each among the values in their order. */
function ranksOf(map: PackedMap, places: readonly number[]): number[] {
  const ranks = new Map(rankedPlaces(map.values).map((place, rank) => [place, rank]))
  return places.map((place) => ranks.get(place) as number)
}

function placesIn({ start, count }: Range): number[] {
  return Array.from({ length: count }, (_, offset) => start + offset)
}

const isRank = (type: number): boolean => type === RETURN_TYPE.rank || type === RETURN_TYPE.reverseRank
const isIndex = (type: number): boolean => type === RETURN_TYPE.index || type === RETURN_TYPE.reverseIndex

function byKeyInterval(
  map: PackedMap,
  asked: Asked,
  begin: Uint8Array,
  end: Uint8Array | undefined,
): Selected {
  if (isRankRange(asked.type)) throw new Refused(RESULT.notApplicable)
  if (!isOrdered(map)) return byKeyIntervalUnordered(map, asked, begin, end)
  const count = map.keys.filter((each) => isBetween(each, begin, end)).length
  if (count === 0 && !asked.multiple) return nothingFound(map, asked, -1)
  return byIndexRange(map, asked, smallerThan(map.keys, begin), asked.multiple ? count : 1)
}

/** As the server goes through a map without order: element by element. */
function byKeyIntervalUnordered(
  map: PackedMap,
  asked: Asked,
  begin: Uint8Array,
  end: Uint8Array | undefined,
): Selected {
  const { type, inverted, multiple } = asked
  if (inverted && !multiple) throw new Refused(RESULT.notApplicable)
  const total = map.keys.length
  const inside = map.keys.flatMap((each, place) => (isBetween(each, begin, end) ? [place] : []))
  if (inside.length === 0 && !multiple) return nothingFound(map, asked, -1)
  const places = inverted ? otherPlaces(inside, total) : inside
  if (ELEMENTS.has(type)) return { places, yields: elementsResult(map, asked, places) }
  if (isRank(type)) return { places, yields: numbersResult(asked, ranksOf(map, places), total) }
  const start = smallerThan(map.keys, begin)
  return { places, yields: rangeResult(asked, { start, count: inside.length }, total) }
}

/** Whatever flags there are, one that is not shown among them, make a map one by key. */
function isOrdered({ flags }: PackedMap): boolean {
  return flags !== 0
}

/** All there is, as the server gives it without looking at any. */
function everything(map: PackedMap, asked: Asked): Selected {
  const total = map.keys.length
  const places = placesIn({ start: 0, count: total })
  const plain = { ...asked, inverted: false }
  if (ELEMENTS.has(asked.type)) return { places, yields: elementsResult(map, plain, places) }
  return { places, yields: rangeResult(plain, { start: 0, count: total }, total) }
}

function byIndexRange(map: PackedMap, asked: Asked, index: number, count: number): Selected {
  const total = map.keys.length
  const { type, inverted, multiple } = asked
  const range = resolveRange(index, count, total, multiple)
  if (isRankRange(type) || (inverted && !multiple)) throw new Refused(RESULT.notApplicable)
  const inside = placesIn(range)
  const places = inverted ? otherPlaces(inside, total) : inside
  if (places.length === 0) return nothingFound(map, asked, range.start)
  if (ELEMENTS.has(type)) return { places, yields: elementsResult(map, asked, places) }
  if (isRank(type)) {
    if (places.length === total && multiple)
      return {
        places,
        yields: integersParticle(rangeNumbers({ start: 0, count: total }, total, isReverse(type))),
      }
    return { places, yields: numbersResult(asked, ranksOf(map, places), total) }
  }
  const [plain, left] = reduced(asked, range, total)
  // What is around a range in a map by key is something, always; in others the server looks at the range.
  if (plain.inverted && isOrdered(map) && type === RETURN_TYPE.exists)
    return { places, yields: booleanParticle(true) }
  return { places, yields: rangeResult(plain, left, total) }
}

/** What is left of all but a range is a range again when it begins or ends with the map. */
function reduced(asked: Asked, range: Range, total: number): [Asked, Range] {
  if (!asked.inverted) return [asked, range]
  const plain = { ...asked, inverted: false }
  const after = range.start + range.count
  if (range.count === 0) return [plain, { start: 0, count: total }]
  if (range.start === 0) return [plain, { start: after, count: total - after }]
  if (after >= total) return [plain, { start: 0, count: range.start }]
  return [asked, range]
}

function byRankRange(map: PackedMap, asked: Asked, rank: number, count: number): Selected {
  const total = map.keys.length
  const { type, inverted, multiple } = asked
  const range = resolveRange(rank, count, total, multiple)
  if (isIndexRange(type) || (inverted && !multiple)) throw new Refused(RESULT.notApplicable)
  const [plain, left] = reduced(asked, range, total)
  const order = rankedPlaces(map.values)
  const ranked = order.slice(left.start, left.start + left.count)
  const places = plain.inverted ? otherPlaces(ranked, total) : ranked
  if (places.length === 0) return nothingFound(map, asked, range.start)
  if (ELEMENTS.has(type)) return { places, yields: elementsResult(map, asked, places) }
  if (isIndex(type)) return { places, yields: numbersResult(asked, places, total) }
  return { places, yields: rangeResult(plain, left, total) }
}

function byInterval(map: PackedMap, asked: Asked, begin: Uint8Array, end: Uint8Array | undefined): Selected {
  const total = map.keys.length
  const { type, inverted, multiple } = asked
  if (isIndexRange(type) || (inverted && !multiple)) throw new Refused(RESULT.notApplicable)
  if (total === 0) return nothingFound(map, asked, -1)
  if (hasValueIndex(map)) return byIntervalInIndex(map, asked, valueRanks(map, begin, end, multiple))
  let inside = map.values.flatMap((each, place) => (isBetween(each, begin, end) ? [place] : []))
  if (!multiple) inside = inside.slice(0, 1)
  const rank = smallerThan(map.values, begin)
  if (inside.length === 0) return inverted ? everything(map, asked) : nothingFound(map, asked, rank)
  const places = inverted ? otherPlaces(inside, total) : inside
  if (ELEMENTS.has(type)) return { places, yields: elementsResult(map, asked, places) }
  if (isIndex(type)) return { places, yields: numbersResult(asked, places, total) }
  return { places, yields: rangeResult(asked, { start: rank, count: inside.length }, total) }
}

/** Entries come in the order of their values, unless all but these are asked for. */
function byIntervalInIndex(map: PackedMap, asked: Asked, range: Range): Selected {
  const total = map.keys.length
  const { type, inverted } = asked
  const ranked = rankedPlaces(map.values).slice(range.start, range.start + range.count)
  const places = inverted ? otherPlaces(ranked, total) : ranked
  if (ELEMENTS.has(type)) return { places, yields: elementsResult(map, asked, places) }
  if (isIndex(type)) return { places, yields: numbersResult(asked, places, total) }
  return { places, yields: rangeResult(asked, range, total) }
}

function byKeys(map: PackedMap, asked: Asked, keys: readonly Uint8Array[]): Selected {
  const { type, inverted } = asked
  const total = map.keys.length
  if (isRank(type) || isIndexRange(type) || isRankRange(type)) throw new Refused(RESULT.notApplicable)
  if (keys.length === 0) return inverted ? everything(map, asked) : nothingFound(map, asked, 0)
  const inside = map.keys.flatMap((each, place) =>
    keys.some((key) => compareElements(each, key) === 0) ? [place] : [],
  )
  const places = inverted ? otherPlaces(inside, total) : inside
  if (isIndex(type) && !isOrdered(map)) return { places, yields: ranksOfListed(asked, map.keys, keys) }
  if (isIndex(type) && !inverted) {
    const found = keys.flatMap((key) => {
      const count = map.keys.filter((each) => compareElements(each, key) === 0).length
      return rangeNumbers({ start: smallerThan(map.keys, key), count }, total, isReverse(type))
    })
    return { places, yields: integersParticle(found) }
  }
  return { places, yields: listedResult(map, asked, places) }
}

function byValues(map: PackedMap, asked: Asked, values: readonly Uint8Array[]): Selected {
  const { type, inverted } = asked
  const total = map.keys.length
  if (isIndexRange(type) || isRankRange(type)) throw new Refused(RESULT.notApplicable)
  if (values.length === 0) return inverted ? everything(map, asked) : nothingFound(map, asked, 0)
  if (hasValueIndex(map)) return byValuesInIndex(map, asked, values)
  const inside = map.values.flatMap((each, place) =>
    values.some((value) => compareElements(each, value) === 0) ? [place] : [],
  )
  const places = inverted ? otherPlaces(inside, total) : inside
  // The only entry is found once for each value of the list that it equals.
  if (total === 1 && !inverted && (isRank(type) || isIndex(type)))
    return { places, yields: integersParticle(timesOnly(map.values[0] as Uint8Array, values)) }
  if (!isRank(type)) return { places, yields: listedResult(map, asked, places) }
  return { places, yields: ranksOfListed(asked, map.values, values) }
}

/** Each value of the list has a range of ranks; numbers come range by range. */
function byValuesInIndex(map: PackedMap, asked: Asked, values: readonly Uint8Array[]): Selected {
  const { type, inverted } = asked
  const total = map.keys.length
  const ranges = values.map((value) => valueRanks(map, value, value, true))
  const order = rankedPlaces(map.values)
  const found = ranges.flatMap(({ start, count }) => order.slice(start, start + count))
  const taken = new Set(found)
  const places = placesIn({ start: 0, count: total }).filter((place) => taken.has(place) !== inverted)
  if (isRank(type)) {
    if (inverted) return { places, yields: numbersResult(asked, ranksOf(map, places), total) }
    return {
      places,
      yields: integersParticle(ranges.flatMap((range) => rangeNumbers(range, total, isReverse(type)))),
    }
  }
  if (isIndex(type) && !inverted) return { places, yields: numbersResult(asked, found, total) }
  return { places, yields: listedResult(map, asked, places) }
}

function timesOnly(only: Uint8Array, values: readonly Uint8Array[]): number[] {
  return values.filter((value) => compareElements(only, value) === 0).map(() => 0)
}

function listedResult(map: PackedMap, asked: Asked, places: readonly number[]): Particle | undefined {
  const { type } = asked
  if (ELEMENTS.has(type)) return elementsResult(map, asked, places)
  if (isIndex(type)) return numbersResult(asked, places, map.keys.length)
  if (type === RETURN_TYPE.none) return undefined
  if (type === RETURN_TYPE.count) return integerParticle(places.length)
  if (type === RETURN_TYPE.exists) return booleanParticle(places.length !== 0)
  throw new Refused(RESULT.notApplicable)
}
