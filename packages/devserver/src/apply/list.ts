import { LIST_OPCODE, LIST_SORT_FLAG, LIST_WRITE_FLAG, RETURN_TYPE } from '@aero/codec'
import { RESULT } from '../result-code.ts'
import { CallArguments } from './call-arguments.ts'
import type { Change, PackedCall } from './collection-operation.ts'
import {
  booleanParticle,
  byValueOf,
  compareElements,
  integersParticle,
  listParticle,
  MARKER,
  type PackedList,
  particleOfElement,
  rankedPlaces,
  storable,
} from './container.ts'
import { placesOfRanks } from './heap-select.ts'
import { increased } from './increment.ts'
import { ranksOfListed } from './listed-values.ts'
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
 * Operations on one list. Source: as/src/base/particle_list.c of the server.
 */

/** Operations of old clients that select one element by its value. */
const GET_ONE_BY_VALUE = 20
const REMOVE_ONE_BY_VALUE = 33
const MOST_INDEX = 0x7fff_ffff

/** What an operation selects: the places in the order of the list, and what it gives back of them. */
interface Selected {
  readonly places: readonly number[]
  readonly yields: Particle | undefined
}

const NOTHING: Change = { container: undefined, yields: undefined }

const isOrdered = (list: PackedList): boolean => (list.flags & MARKER.ordered) !== 0

/** Carries out a reading operation. */
export function readList(list: PackedList, call: PackedCall): Particle | undefined {
  switch (call.opcode) {
    case LIST_OPCODE.size:
      return integerParticle(list.items.length)
    case LIST_OPCODE.get: {
      const args = new CallArguments(call, 1, 1)
      return byIndexRange(list, VALUE, args.index(0), 1).yields
    }
    case LIST_OPCODE.getRange: {
      const args = new CallArguments(call, 1, 2)
      return byIndexRange(list, VALUES, args.index(0), args.count(1)).yields
    }
    default: {
      const selector = READING.get(call.opcode)
      if (selector === undefined) throw new Refused(RESULT.parameter)
      return select(list, call, selector).yields
    }
  }
}

const VALUE: Asked = { type: RETURN_TYPE.value, inverted: false, multiple: false }
const VALUES: Asked = { ...VALUE, multiple: true }
const COUNT: Asked = { type: RETURN_TYPE.count, inverted: false, multiple: false }
const COUNTS: Asked = { ...COUNT, multiple: true }

type Selector =
  | 'index'
  | 'rank'
  | 'one'
  | 'value'
  | 'values'
  | 'indexRange'
  | 'interval'
  | 'rankRange'
  | 'relative'

const READING: ReadonlyMap<number, Selector> = new Map<number, Selector>([
  [LIST_OPCODE.getByIndex, 'index'],
  [LIST_OPCODE.getByRank, 'rank'],
  [GET_ONE_BY_VALUE, 'one'],
  [LIST_OPCODE.getByValue, 'value'],
  [LIST_OPCODE.getByValueList, 'values'],
  [LIST_OPCODE.getByIndexRange, 'indexRange'],
  [LIST_OPCODE.getByValueRange, 'interval'],
  [LIST_OPCODE.getByRankRange, 'rankRange'],
  [LIST_OPCODE.getByValueRelativeRankRange, 'relative'],
])

const REMOVING: ReadonlyMap<number, Selector> = new Map<number, Selector>([
  [LIST_OPCODE.removeByIndex, 'index'],
  [LIST_OPCODE.removeByRank, 'rank'],
  [REMOVE_ONE_BY_VALUE, 'one'],
  [LIST_OPCODE.removeByValue, 'value'],
  [LIST_OPCODE.removeByValueList, 'values'],
  [LIST_OPCODE.removeByIndexRange, 'indexRange'],
  [LIST_OPCODE.removeByValueRange, 'interval'],
  [LIST_OPCODE.removeByRankRange, 'rankRange'],
  [LIST_OPCODE.removeByValueRelativeRankRange, 'relative'],
])

function select(list: PackedList, call: PackedCall, selector: Selector): Selected {
  switch (selector) {
    case 'index':
    case 'rank': {
      const args = new CallArguments(call, 2, 2)
      const asked = askedOf(args.integer(0), false)
      return selector === 'index'
        ? byIndexRange(list, asked, args.index(1), 1)
        : byRankRange(list, asked, args.index(1), 1)
    }
    case 'indexRange':
    case 'rankRange': {
      const args = new CallArguments(call, 2, 3)
      const asked = askedOf(args.integer(0), true)
      const by = selector === 'indexRange' ? byIndexRange : byRankRange
      return by(list, asked, args.index(1), args.count(2))
    }
    case 'one':
    case 'value': {
      const args = new CallArguments(call, 2, 2)
      const value = args.element(1)
      return byInterval(list, askedOf(args.integer(0), selector === 'value'), value, value)
    }
    case 'interval': {
      const args = new CallArguments(call, 2, 3)
      return byInterval(list, askedOf(args.integer(0), true), args.element(1), args.optional(2))
    }
    case 'values': {
      const args = new CallArguments(call, 2, 2)
      return byValues(list, askedOf(args.integer(0), true), args, 1)
    }
    default: {
      const args = new CallArguments(call, 3, 4)
      const asked = askedOf(args.integer(0), true)
      const less = list.items.filter((each) => compareElements(each, args.element(1)) < 0).length
      const range = relativeRange(args.integer(2), args.counted(3), less)
      return byRankRange(list, asked, range.index, range.count)
    }
  }
}

/** Carries out a modifying operation on a list, or where one is to be created. */
export function modifyList(list: PackedList | undefined, call: PackedCall): Change {
  switch (call.opcode) {
    case LIST_OPCODE.setOrder:
      return setOrder(list, call)
    case LIST_OPCODE.append:
    case LIST_OPCODE.appendItems:
      return append(list, call)
    case LIST_OPCODE.insert:
    case LIST_OPCODE.insertItems: {
      const args = new CallArguments(call, 2, 3)
      const values = valuesOf(args, 1, call.opcode === LIST_OPCODE.insertItems)
      const target = list ?? emptyList(0)
      if (isOrdered(target)) throw new Refused(RESULT.notApplicable)
      return insert(target, args.index(0), values, args.flags(2), call.opcode === LIST_OPCODE.insertItems)
    }
    case LIST_OPCODE.set: {
      const args = new CallArguments(call, 2, 3)
      const [value] = valuesOf(args, 1, false) as [Uint8Array]
      return { ...set(list ?? emptyList(0), args.index(0), value, args.flags(2)), yields: undefined }
    }
    case LIST_OPCODE.increment:
      return increment(list, call)
    case LIST_OPCODE.sort:
      return sort(list, call)
    default:
      return list === undefined ? absentList(call) : removeFrom(list, call)
  }
}

/** Removing from what is not there does nothing; the arguments are not even looked at. */
function absentList({ opcode }: PackedCall): Change {
  if (REMOVING.has(opcode) || PLAIN_REMOVALS.has(opcode)) return NOTHING
  throw new Refused(RESULT.parameter)
}

const PLAIN_REMOVALS: ReadonlySet<number> = new Set([
  LIST_OPCODE.pop,
  LIST_OPCODE.popRange,
  LIST_OPCODE.remove,
  LIST_OPCODE.removeRange,
  LIST_OPCODE.trim,
  LIST_OPCODE.clear,
])

function emptyList(order: number): PackedList {
  const isKnown = (order & ~(MARKER.ordered | MARKER.persistIndex)) === 0
  return { kind: 'list', flags: isKnown ? order & (MARKER.ordered | MARKER.persistIndex) : 0, items: [] }
}

function removeFrom(list: PackedList, call: PackedCall): Change {
  const { opcode } = call
  switch (opcode) {
    case LIST_OPCODE.clear:
      return { container: emptied(list), yields: undefined }
    case LIST_OPCODE.pop:
    case LIST_OPCODE.remove: {
      const args = new CallArguments(call, 1, 1)
      return without(list, byIndexRange(list, opcode === LIST_OPCODE.pop ? VALUE : COUNT, args.index(0), 1))
    }
    case LIST_OPCODE.popRange:
    case LIST_OPCODE.removeRange: {
      const args = new CallArguments(call, 1, 2)
      const asked = opcode === LIST_OPCODE.popRange ? VALUES : COUNTS
      return without(list, byIndexRange(list, asked, args.index(0), args.count(1)))
    }
    case LIST_OPCODE.trim: {
      const args = new CallArguments(call, 2, 2)
      return without(list, byIndexRange(list, { ...COUNTS, inverted: true }, args.index(0), args.count(1)))
    }
    default: {
      const selector = REMOVING.get(opcode)
      if (selector === undefined) throw new Refused(RESULT.parameter)
      return without(list, select(list, call, selector))
    }
  }
}

function without(list: PackedList, { places, yields }: Selected): Change {
  const removed = new Set(places)
  const items = list.items.filter((_, place) => !removed.has(place))
  return { container: items.length === 0 ? emptied(list) : { ...list, items }, yields }
}

/** With the last item a list loses the index that it keeps, not its order. */
function emptied(list: PackedList): PackedList {
  return { ...list, flags: list.flags & MARKER.ordered, items: [] }
}

function valuesOf(args: CallArguments, index: number, isList: boolean): Uint8Array[] {
  const stored = storable(args.element(index))
  if (stored === undefined) throw new Refused(RESULT.parameter)
  if (!isList) return [stored]
  const elements = args.list(index).map((each) => storable(each))
  // The marker of an ordered list is no element of it.
  return elements.filter((each) => each !== undefined)
}

function setOrder(list: PackedList | undefined, call: PackedCall): Change {
  const flags = new CallArguments(call, 1, 1).flags(0) & 0xff
  const target = list ?? emptyList(0)
  if ((flags & ~(MARKER.ordered | MARKER.persistIndex)) !== 0) throw new Refused(RESULT.notApplicable)
  const isSorted = (flags & MARKER.ordered) === 0 || isOrdered(target)
  const items = isSorted ? target.items : sorted(target.items)
  return { container: { ...target, flags, items }, yields: undefined }
}

function sorted(items: readonly Uint8Array[]): Uint8Array[] {
  return rankedPlaces(items).map((place) => items[place] as Uint8Array)
}

function append(list: PackedList | undefined, call: PackedCall): Change {
  const isItems = call.opcode === LIST_OPCODE.appendItems
  const args = new CallArguments(call, 1, 3)
  const order = args.flags(1)
  const flags = args.flags(2)
  const values = valuesOf(args, 0, isItems)
  const target = list ?? emptyList(order)
  if (!isOrdered(target)) return insert(target, target.items.length, values, flags, isItems)
  return addOrdered(target, values, flags)
}

const has = (flags: number, flag: number): boolean => (flags & flag) !== 0
const { addUnique, insertBounded, noFail, partial } = LIST_WRITE_FLAG
/** What can be done is done; only where failing is no error. */
const takesPart = (flags: number): boolean => has(flags, noFail) && has(flags, partial)

function unchanged(list: PackedList): Change {
  return { container: list, yields: integerParticle(list.items.length) }
}

/** What is there already is refused, or passed over. */
function existing(list: PackedList, flags: number): Change {
  if (has(flags, noFail)) return unchanged(list)
  throw new Refused(RESULT.elementExists)
}

function addOrdered(list: PackedList, values: readonly Uint8Array[], flags: number): Change {
  let fresh = sorted(values)
  if (has(flags, addUnique)) {
    const distinct = fresh.filter(
      (each, at) => at === 0 || compareElements(fresh[at - 1] as Uint8Array, each) !== 0,
    )
    if (distinct.length < fresh.length && !has(flags, noFail)) throw new Refused(RESULT.notApplicable)
    if (distinct.length < fresh.length && !takesPart(flags)) return unchanged(list)
    fresh = distinct.filter((each) => !contains(list.items, each))
    if (values.length === 1 && fresh.length === 0) return existing(list, flags)
    if (fresh.length < distinct.length && !takesPart(flags)) return existing(list, flags)
  }
  const items = merged(list.items, fresh)
  return { container: { ...list, items }, yields: integerParticle(items.length) }
}

/** Both in their order. Of equal ones, a new one goes before the one that the server meets first, halving. */
function merged(items: readonly Uint8Array[], fresh: readonly Uint8Array[]): Uint8Array[] {
  const all: Uint8Array[] = []
  let taken = 0
  for (const each of fresh) {
    const place = Math.max(taken, placeAmong(items, each))
    all.push(...items.slice(taken, place), each)
    taken = place
  }
  return [...all, ...items.slice(taken)]
}

function placeAmong(items: readonly Uint8Array[], value: Uint8Array): number {
  let [lower, upper] = [0, items.length]
  while (lower < upper) {
    const middle = (lower + upper) >> 1
    const compared = compareElements(value, items[middle] as Uint8Array)
    if (compared === 0) return middle
    if (compared > 0) lower = middle + 1
    else upper = middle
  }
  return lower
}

function contains(items: readonly Uint8Array[], value: Uint8Array): boolean {
  return items.some((each) => compareElements(each, value) === 0)
}

function insert(
  list: PackedList,
  at: number,
  values: readonly Uint8Array[],
  flags: number,
  isItems: boolean,
): Change {
  const { items } = list
  if (isItems && values.length === 0) return unchanged(list)
  const index = at < 0 ? at + items.length : at
  if (at > MOST_INDEX || index < 0) throw new Refused(RESULT.notApplicable)
  if (has(flags, insertBounded) && index > items.length) {
    if (has(flags, noFail)) return { ...unchanged(list), isPassedOver: true }
    throw new Refused(RESULT.notApplicable)
  }
  const fresh = has(flags, addUnique) ? uniqueOnes(list, values, flags) : values
  if (!Array.isArray(fresh)) return fresh as Change
  const padding = Array.from({ length: Math.max(0, index - items.length) }, () => Uint8Array.of(0xc0))
  const grown = [...items.slice(0, index), ...padding, ...fresh, ...items.slice(index)]
  return { container: { ...list, items: grown }, yields: integerParticle(grown.length) }
}

/** The values that are new; or what becomes of the operation when they may not be written. */
function uniqueOnes(list: PackedList, values: readonly Uint8Array[], flags: number): Uint8Array[] | Change {
  const fresh: Uint8Array[] = []
  for (const [at, value] of values.entries()) {
    if (contains(list.items, value)) {
      if (values.length === 1 || !takesPart(flags)) return existing(list, flags)
    } else if (contains(values.slice(0, at), value)) {
      if (!has(flags, noFail)) throw new Refused(RESULT.notApplicable)
      if (!takesPart(flags)) return unchanged(list)
    } else fresh.push(value)
  }
  return fresh.length === 0 ? existing(list, flags) : fresh
}

function set(list: PackedList, at: number, value: Uint8Array, flags: number): Change {
  const { items } = list
  if (isOrdered(list)) throw new Refused(RESULT.notApplicable)
  if (at >= items.length) return insert(list, at, [value], flags, false)
  const index = at < 0 ? at + items.length : at
  if (index < 0) throw new Refused(RESULT.notApplicable)
  if (
    has(flags, addUnique) &&
    items.some((each, place) => place !== index && compareElements(each, value) === 0)
  ) {
    return existing(list, flags)
  }
  return { container: { ...list, items: items.with(index, value) }, yields: undefined }
}

function increment(list: PackedList | undefined, call: PackedCall): Change {
  const args = new CallArguments(call, 1, 4)
  const by = args.optional(1)
  const order = args.flags(2)
  const flags = args.flags(3)
  const target = list ?? emptyList(order)
  const at = args.index(0)
  const index = at < 0 ? at + target.items.length : at
  if (at > MOST_INDEX || index < 0) throw new Refused(RESULT.notApplicable)
  const sum = increased(target.items[index], by, 1)
  const change = isOrdered(target)
    ? replaceOrdered(target, index, sum.element, flags)
    : set(target, index, sum.element, flags)
  return { ...change, yields: sum.yields }
}

function replaceOrdered(list: PackedList, index: number, value: Uint8Array, flags: number): Change {
  const { items } = list
  if (index > items.length) throw new Refused(RESULT.notApplicable)
  const rank = items.filter((each) => compareElements(each, value) < 0).length
  if (has(flags, addUnique) && contains(items, value)) {
    return rank === index ? { container: list, yields: undefined } : existing(list, flags)
  }
  const others = items.filter((_, place) => place !== index)
  return { container: { ...list, items: sorted([...others, value]) }, yields: undefined }
}

function sort(list: PackedList | undefined, call: PackedCall): Change {
  if (list === undefined) throw new Refused(RESULT.incompatibleType)
  const flags = new CallArguments(call, 0, 1).flags(0)
  if (list.items.length <= 1) return { container: list, yields: undefined }
  // The server takes the order of an ordered list for granted, even where a write has claimed too much.
  const upwards = isOrdered(list) ? list.items.slice() : sorted(list.items)
  const isDescending = has(flags, LIST_SORT_FLAG.descending) && !isOrdered(list)
  const items = isDescending ? upwards.reverse() : upwards
  if (!has(flags, LIST_SORT_FLAG.dropDuplicates)) return { container: { ...list, items }, yields: undefined }
  // Duplicates are looked for upwards only: a list that goes down is refused.
  const orders = items.slice(1).map((each, at) => compareElements(items[at] as Uint8Array, each))
  if (orders.some((order) => order > 0)) throw new Refused(RESULT.parameter)
  const distinct = items.filter((_, at) => at === 0 || orders[at - 1] !== 0)
  return { container: { ...list, items: distinct }, yields: undefined }
}

/** What an operation gives that selects nothing. */
function nothingFound(asked: Asked, index: number): Selected {
  const { type, multiple } = asked
  if (KEYED.has(type)) throw new Refused(RESULT.notApplicable)
  if (type === RETURN_TYPE.value) return { places: [], yields: multiple ? listParticle([]) : undefined }
  if (isIndexRange(type) || isRankRange(type)) return { places: [], yields: integersParticle([index, 0]) }
  return { places: [], yields: rangeResult({ ...asked, inverted: false }, { start: index, count: 0 }, 0) }
}

const KEYED: ReadonlySet<number> = new Set([
  RETURN_TYPE.key,
  RETURN_TYPE.keyValue,
  RETURN_TYPE.unorderedMap,
  RETURN_TYPE.orderedMap,
])

function placesIn({ start, count }: Range): number[] {
  return Array.from({ length: count }, (_, offset) => start + offset)
}

function byIndexRange(list: PackedList, asked: Asked, index: number, count: number): Selected {
  const { items } = list
  const total = items.length
  const range = resolveRange(index, count, total, asked.multiple)
  if (!asked.inverted)
    return range.count === 0 ? nothingFound(asked, range.start) : selected(list, asked, [range])
  if (!asked.multiple || isIndexRange(asked.type) || isRankRange(asked.type))
    throw new Refused(RESULT.notApplicable)
  const plain = { ...asked, inverted: false }
  const after = range.start + range.count
  const ranges =
    range.count === 0
      ? [{ start: 0, count: total }]
      : [
          { start: 0, count: range.start },
          { start: after, count: total - after },
        ].filter((each) => each.count > 0)
  return ranges.length === 0 || total === 0 ? nothingFound(plain, total) : selected(list, plain, ranges)
}

/** Elements that stand together, in one range or in two around those that are left out. */
function selected(list: PackedList, asked: Asked, ranges: readonly Range[]): Selected {
  const { items } = list
  const total = items.length
  const { type, multiple } = asked
  const places = ranges.flatMap(placesIn)
  const reverse = isReverse(type)
  const numbers = () => integersParticle(ranges.flatMap((range) => rangeNumbers(range, total, reverse)))
  switch (type) {
    case RETURN_TYPE.none:
      return { places, yields: undefined }
    case RETURN_TYPE.count:
      return { places, yields: integerParticle(places.length) }
    case RETURN_TYPE.exists:
      return { places, yields: booleanParticle(places.length !== 0) }
    case RETURN_TYPE.index:
    case RETURN_TYPE.reverseIndex:
      return { places, yields: multiple ? numbers() : numbersResult(asked, places, total) }
    case RETURN_TYPE.rank:
    case RETURN_TYPE.reverseRank:
      if (multiple && (isOrdered(list) || places.length === total)) return { places, yields: numbers() }
      return { places, yields: numbersResult(asked, ranksOf(list, places), total) }
    case RETURN_TYPE.value:
      return { places, yields: valuesResult(list, asked, places) }
    default: {
      if (isRankRange(type) && !isOrdered(list)) throw new Refused(RESULT.notApplicable)
      const [range] = ranges as [Range]
      return { places, yields: rangeResult(asked, range, total) }
    }
  }
}

/** The number of smaller elements, for each; in an ordered list its place, which for equal elements is not the same. */
function ranksOf(list: PackedList, places: readonly number[]): number[] {
  if (isOrdered(list)) return places.slice()
  const { items } = list
  return places.map(
    (place) => items.filter((each) => compareElements(each, items[place] as Uint8Array) < 0).length,
  )
}

function valuesResult(
  { items }: PackedList,
  { multiple }: Asked,
  places: readonly number[],
): Particle | undefined {
  const values = places.map((place) => items[place] as Uint8Array)
  if (multiple) return listParticle(values)
  const [value] = values
  return value === undefined ? undefined : particleOfElement(value)
}

/** Elements that are equal to a value, when `end` is the same object; else from a value on that come before `end`. */
function byInterval(
  list: PackedList,
  asked: Asked,
  begin: Uint8Array,
  end: Uint8Array | undefined,
): Selected {
  const { items } = list
  const { type, inverted, multiple } = asked
  if (inverted && !multiple) throw new Refused(RESULT.notApplicable)
  const total = items.length
  const rank = items.filter((each) => compareElements(each, begin) < 0).length
  const isIn = (each: Uint8Array): boolean => {
    const order = compareElements(each, begin)
    if (begin === end) return order === 0
    return order >= 0 && (end === undefined || compareElements(each, end) < 0)
  }
  let inside = items.flatMap((each, place) => (isIn(each) ? [place] : []))
  if (!multiple) inside = inside.slice(0, 1)
  if (isOrdered(list)) {
    if (inside.length === 0 && !multiple) return nothingFound(asked, 0)
    // Bounds that are not in order hold nothing between them; a wildcard is in order with none.
    const isEmpty = begin !== end && end !== undefined && compareElements(begin, end) >= 0
    return byIndexRange(list, asked, rank, isEmpty ? 0 : inside.length)
  }
  const places = inverted ? otherPlaces(inside, total) : inside
  switch (type) {
    case RETURN_TYPE.index:
    case RETURN_TYPE.reverseIndex:
      return { places, yields: numbersResult(asked, places, total) }
    case RETURN_TYPE.value:
      return { places, yields: valuesResult(list, asked, places) }
    default:
      if (isIndexRange(type)) throw new Refused(RESULT.notApplicable)
      return { places, yields: rangeResult(asked, { start: rank, count: inside.length }, total) }
  }
}

function byRankRange(list: PackedList, asked: Asked, rank: number, count: number): Selected {
  const { type, inverted, multiple } = asked
  if (inverted && !multiple) throw new Refused(RESULT.notApplicable)
  if (isOrdered(list)) return byIndexRange(list, asked, rank, count)
  const total = list.items.length
  const range = resolveRange(rank, count, total, multiple)
  const ranked = placesOfRanks(total, range.start, range.count, byValueOf(list.items))
  const places = inverted
    ? otherPlaces(ranked, total)
    : ranked.slice().sort((first, second) => first - second)
  if (places.length === 0) return nothingFound(asked, range.start)
  if (inverted && isRankRange(type)) throw new Refused(RESULT.notApplicable)
  switch (type) {
    case RETURN_TYPE.index:
    case RETURN_TYPE.reverseIndex:
      return { places, yields: numbersResult(asked, places, total) }
    case RETURN_TYPE.value:
      return {
        places,
        yields: valuesResult(list, asked, inverted ? places : ranked),
      }
    default:
      if (isIndexRange(type)) throw new Refused(RESULT.notApplicable)
      return { places, yields: rangeResult(asked, range, total) }
  }
}

function byValues(list: PackedList, asked: Asked, args: CallArguments, index: number): Selected {
  const { type, inverted } = asked
  if (isIndexRange(type) || isRankRange(type)) throw new Refused(RESULT.notApplicable)
  const values = args.list(index)
  const { items } = list
  const total = items.length
  if (values.length === 0) {
    if (!inverted) return nothingFound(asked, 0)
    return byIndexRange(list, { ...asked, inverted: false }, 0, total)
  }
  const inside = items.flatMap((each, place) => (contains(values, each) ? [place] : []))
  const places = inverted ? otherPlaces(inside, total) : inside
  const ranges = values.map((value) => ({
    start: items.filter((each) => compareElements(each, value) < 0).length,
    count: items.filter((each) => compareElements(each, value) === 0).length,
  }))
  const reverse = isReverse(type)
  switch (type) {
    case RETURN_TYPE.none:
      return { places, yields: undefined }
    case RETURN_TYPE.count:
      return { places, yields: integerParticle(places.length) }
    case RETURN_TYPE.exists:
      return { places, yields: booleanParticle(places.length !== 0) }
    case RETURN_TYPE.index:
    case RETURN_TYPE.reverseIndex:
      if (isOrdered(list) && !inverted)
        return {
          places,
          yields: integersParticle(ranges.flatMap((each) => rangeNumbers(each, total, reverse))),
        }
      return { places, yields: numbersResult(asked, places, total) }
    case RETURN_TYPE.rank:
    case RETURN_TYPE.reverseRank:
      if (isOrdered(list)) {
        if (inverted) return { places, yields: numbersResult(asked, places, total) }
        return {
          places,
          yields: integersParticle(ranges.flatMap((each) => rangeNumbers(each, total, reverse))),
        }
      }
      return { places, yields: ranksOfListed(asked, items, values) }
    case RETURN_TYPE.value:
      if (isOrdered(list) && !inverted)
        return { places, yields: valuesResult(list, asked, ranges.flatMap(placesIn)) }
      return { places, yields: valuesResult(list, asked, places) }
    default:
      throw new Refused(RESULT.notApplicable)
  }
}
