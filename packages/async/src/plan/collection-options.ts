import {
  BIT_RESIZE_FLAG,
  BIT_WRITE_FLAG,
  CONTEXT_CREATE,
  HLL_WRITE_FLAG,
  HyperLogLog,
  LIST_ORDER,
  LIST_SORT_FLAG,
  LIST_WRITE_FLAG,
  type ListPolicy,
  MAP_ORDER,
  MAP_WRITE_FLAG,
  type MapItems,
  type MapOrder,
  type MapPolicy,
  RETURN_TYPE,
  SortedMap,
  type Value,
} from '@aero/codec'
import { UsageError } from './usage-error.ts'

/** How a list keeps its elements: as they come, or sorted. */
export type ListOrderName = keyof typeof LIST_ORDER
/** How a map keeps its entries: as they come, by key, or by key with an order of the values beside it. */
export type MapOrderName = keyof typeof MAP_ORDER

/** What a write of one list element minds. */
export interface ListWriteOptions {
  /** An element that is there already is refused. */
  readonly unique?: boolean
  /** An index beyond the end is refused, instead of filling up with nil. */
  readonly bounded?: boolean
  /** What is refused changes nothing, and is no error. */
  readonly noFail?: boolean
}

/** What a write of several list elements minds. */
export interface ListWriteItemsOptions extends ListWriteOptions {
  /** With `noFail`: elements that are not refused are written. */
  readonly partial?: boolean
}

/** What creating a list minds. */
export interface ListCreateChoices {
  /** Inside another list: the index may be beyond its end, which is filled up with nil. */
  readonly pad?: boolean
  /** An index of the list is stored with it; only on the top level. */
  readonly persistIndex?: boolean
}

/** What sorting a list minds. */
export interface ListSortOptions {
  readonly descending?: boolean
  readonly dropDuplicates?: boolean
}

/** What a write of map entries minds. */
export interface MapWriteOptions {
  /** Of a map that is created by it. Default unordered. */
  readonly order?: MapOrderName
  /** An index of a map that is created is stored with it; only on the top level. */
  readonly persistIndex?: boolean
  /** What is refused changes nothing, and is no error. */
  readonly noFail?: boolean
}

/** What a write of several map entries minds. */
export interface MapWriteItemsOptions extends MapWriteOptions {
  /** With `noFail`: entries that are not refused are written. */
  readonly partial?: boolean
}

/** Entries for a map: an object, a map, or pairs of key and value. */
export type MapEntries = MapItems | Iterable<readonly [Value, Value]>

/** What a write of bits minds. */
export interface BitWriteOptions {
  /** The bin must not be there. */
  readonly createOnly?: boolean
  /** The bin must be there. */
  readonly updateOnly?: boolean
  /** What is refused changes nothing, and is no error. */
  readonly noFail?: boolean
  /** As much is done as fits into the blob. */
  readonly partial?: boolean
}

/** What changing the size of a blob minds. */
export interface BitResizeOptions extends BitWriteOptions {
  /** Where bytes are added or removed. Default `back`. */
  readonly from?: 'front' | 'back'
  /** A blob is never made smaller. */
  readonly growOnly?: boolean
  /** A blob is never made larger. */
  readonly shrinkOnly?: boolean
}

/** What a write of a HyperLogLog minds. */
export interface HllWriteOptions {
  /** The bin must not be there. */
  readonly createOnly?: boolean
  /** The bin must be there. */
  readonly updateOnly?: boolean
  /** What is refused changes nothing, and is no error. */
  readonly noFail?: boolean
  /** The result may have fewer index bits, as many as the smallest part has. */
  readonly allowFold?: boolean
}

type Options = { readonly [name: string]: unknown }

/** The flags of a table that options of the same names turn on. */
function flagsOf(options: object, table: { readonly [name: string]: number }): number {
  let flags = 0
  for (const name in table) if ((options as Options)[name] === true) flags |= table[name] as number
  return flags
}

const { addUnique: unique, insertBounded: bounded, noFail, partial } = LIST_WRITE_FLAG
const LIST_FLAGS = { unique, bounded, noFail, partial } as const

/** How a list operation writes; `undefined` when nothing is said and the list need not be ordered. */
export function listPolicy(
  options: ListWriteItemsOptions | undefined,
  order: ListOrderName = 'unordered',
): ListPolicy | undefined {
  const flags = options === undefined ? 0 : flagsOf(options, LIST_FLAGS)
  const bits = listOrder(order)
  return flags === 0 && bits === LIST_ORDER.unordered ? undefined : { order: bits, flags }
}

/** How a map operation writes. */
export function mapPolicy(
  options: MapWriteItemsOptions = {},
  condition?: 'createOnly' | 'updateOnly',
): MapPolicy {
  const flags = flagsOf(options, { noFail: MAP_WRITE_FLAG.noFail, partial: MAP_WRITE_FLAG.partial })
  return {
    order: mapOrder(options.order ?? 'unordered'),
    flags: condition === undefined ? flags : flags | MAP_WRITE_FLAG[condition],
    persistIndex: options.persistIndex,
  }
}

/** @throws UsageError for what is no order of maps. */
export function mapOrder(name: MapOrderName): MapOrder {
  return orderFrom(MAP_ORDER, name, 'map')
}

/** @throws UsageError for what is no order of lists. */
export function listOrder(name: ListOrderName): (typeof LIST_ORDER)[ListOrderName] {
  return orderFrom(LIST_ORDER, name, 'list')
}

function orderFrom<T extends { readonly [name: string]: number }>(
  table: T,
  name: keyof T & string,
  what: string,
): T[keyof T & string] {
  if (Object.hasOwn(table, name)) return table[name]
  throw new UsageError(`'${name}' is no order of a ${what}: ${Object.keys(table).join(', ')}`)
}

/** The entries in a form that can be written. @throws UsageError for what has no entries. */
export function mapItems(entries: MapEntries): MapItems {
  if (typeof entries !== 'object' || entries === null)
    throw new UsageError('the entries of a map are an object, a Map, or pairs of key and value')
  if (entries instanceof Map || entries instanceof SortedMap || !(Symbol.iterator in entries))
    return entries as MapItems
  return new Map(entries as Iterable<readonly [Value, Value]>)
}

/** The flags of a bit operation. @throws UsageError for flags that exclude each other. */
export function bitFlags(options: BitWriteOptions = {}): number {
  refuseBoth(options)
  return flagsOf(options, BIT_WRITE_FLAG)
}

export function resizeFlags(options: BitResizeOptions = {}): number {
  const flags = flagsOf(options, {
    growOnly: BIT_RESIZE_FLAG.growOnly,
    shrinkOnly: BIT_RESIZE_FLAG.shrinkOnly,
  })
  if (flags === (BIT_RESIZE_FLAG.growOnly | BIT_RESIZE_FLAG.shrinkOnly))
    throw new UsageError('growOnly and shrinkOnly exclude each other')
  return options.from === 'front' ? flags | BIT_RESIZE_FLAG.fromFront : flags
}

/** The flags of a HyperLogLog operation. @throws UsageError for flags that exclude each other. */
export function hllFlags(options: HllWriteOptions = {}): number {
  refuseBoth(options)
  return flagsOf(options, HLL_WRITE_FLAG)
}

function refuseBoth({ createOnly, updateOnly }: BitWriteOptions): void {
  if (createOnly === true && updateOnly === true)
    throw new UsageError('createOnly and updateOnly exclude each other')
}

export function sortFlags(options: ListSortOptions = {}): number {
  return flagsOf(options, LIST_SORT_FLAG)
}

/** What is made of a map that a step by key does not find. */
export interface MapStepOptions {
  /** The map that the key is looked up in is created with this order when it is not there. */
  readonly create?: MapOrderName
}

/** What is made of a list that a step by index does not find. */
export interface ListStepOptions {
  /** The list that the index counts in is created with this order when it is not there. */
  readonly create?: ListOrderName
  /** With `create: 'unordered'`: the index may be beyond the end, which is filled up with nil. */
  readonly pad?: boolean
}

const MAP_STEP_CREATES: { readonly [order in MapOrderName]: number } = {
  unordered: CONTEXT_CREATE.unorderedMap,
  keyOrdered: CONTEXT_CREATE.keyOrderedMap,
  keyValueOrdered: CONTEXT_CREATE.keyValueOrderedMap,
}

export function mapStepCreates({ create }: MapStepOptions): number {
  if (create === undefined) return 0
  mapOrder(create)
  return MAP_STEP_CREATES[create]
}

/** @throws UsageError for padding without an unordered list that is created. */
export function listStepCreates({ create, pad }: ListStepOptions): number {
  if (pad === true && create !== 'unordered') throw new UsageError("pad goes with create: 'unordered'")
  if (create === undefined) return 0
  if (listOrder(create) === LIST_ORDER.ordered) return CONTEXT_CREATE.orderedList
  return pad === true ? CONTEXT_CREATE.unboundedList : CONTEXT_CREATE.unorderedList
}

/** What a removal gives of the elements that went. */
export type ListReturn =
  | 'none'
  | 'index'
  | 'reverseIndex'
  | 'rank'
  | 'reverseRank'
  | 'count'
  | 'value'
  | 'exists'
/** What a removal gives of the entries that went. */
export type MapReturn = ListReturn | 'key' | 'keyValue' | 'unorderedMap' | 'orderedMap'

const OF_MAPS_ONLY: ReadonlySet<string> = new Set(['key', 'keyValue', 'unorderedMap', 'orderedMap'])

/** @throws UsageError for what is no return type, or one that lists do not have. */
export function returnType(name: MapReturn, ofMap: boolean): number {
  const type = name as string
  if (!Object.hasOwn(RETURN_TYPE, type) || type === 'inverted')
    throw new UsageError(`'${name}' is nothing that a removal can give`)
  if (!ofMap && OF_MAPS_ONLY.has(name)) throw new UsageError(`a removal from a list cannot give '${name}'`)
  return RETURN_TYPE[name]
}

/** @throws UsageError unless it is an integer. */
export function checkInteger(what: string, value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new UsageError(`${what} is an integer, not ${String(value)}`)
}

/** @throws UsageError unless it is an integer, or not said. */
export function checkCount(count: number | undefined): number | undefined {
  return count === undefined ? undefined : checkInteger('count', count)
}

/** The items as an array. @throws UsageError when they are none. */
export function checkItems<T>(what: string, items: readonly T[]): readonly T[] {
  if (Array.isArray(items)) return items
  throw new UsageError(`${what} are an array`)
}

/** HyperLogLogs as an array. @throws UsageError for anything else, such as their bytes. */
export function checkSketches(sketches: readonly HyperLogLog[]): readonly HyperLogLog[] {
  for (const sketch of checkItems('HyperLogLogs', sketches))
    if (!(sketch instanceof HyperLogLog))
      throw new UsageError('HyperLogLogs are what a bin was read as, or made with HyperLogLog.of(bytes)')
  return sketches
}
