import { CONTEXT_CREATE } from '../cdt/context.ts'
import { MAP_OPCODE, type MapOpcode } from '../cdt/map-opcode.ts'
import { MAP_ORDER, type MapOrder, PERSIST_INDEX } from '../cdt/policy.ts'
import type { Operation } from '../message/operation.ts'
import { OPERATION_TYPE } from '../message/operation-type.ts'
import type { SortedMap } from '../value/sorted-map.ts'
import type { Value } from '../value/value.ts'
import {
  type Argument,
  type Context,
  callOperation,
  creatingContext,
  rangeArguments,
  withCount,
} from './collection-call.ts'

/*
 * Operations on maps, one function each. All of them take the name of the bin first and the way into it last, where it is
 * needed; all throw EncodeError, its path beginning with the bin, for values that cannot be written. Indexes count from 0 in
 * the order of the keys, ranks in the order of the values, negative ones from the end; the count of a range is left out for
 * all that follow.
 */

/** How a map operation writes. */
export interface MapPolicy {
  /** Of a map that the operation creates; default unordered. */
  readonly order?: MapOrder | undefined
  /** Bits of {@link MAP_WRITE_FLAG}; default none. */
  readonly flags?: number | undefined
  /** An index of a map that is created is kept; only for a map on the top level. */
  readonly persistIndex?: boolean | undefined
}

/** Entries to be put: a map or object, in any form that can be written. */
export type MapItems = SortedMap | ReadonlyMap<Value, Value> | { readonly [key: string]: Value }

function read(bin: string, opcode: MapOpcode, args: readonly Argument[], context?: Context): Operation {
  return callOperation(OPERATION_TYPE.collectionRead, bin, opcode, args, context)
}

function modify(bin: string, opcode: MapOpcode, args: readonly Argument[], context?: Context): Operation {
  return callOperation(OPERATION_TYPE.collectionModify, bin, opcode, args, context)
}

function orderOf(policy: MapPolicy): number {
  const order = policy.order ?? MAP_ORDER.unordered
  return policy.persistIndex === true ? order | PERSIST_INDEX : order
}

/** Order and flags; flags that are 0 are left out. */
function orderAndFlags(policy: MapPolicy): number[] {
  const { flags = 0 } = policy
  return flags === 0 ? [orderOf(policy)] : [orderOf(policy), flags]
}

const CREATES: Readonly<Record<MapOrder, number>> = {
  [MAP_ORDER.unordered]: CONTEXT_CREATE.unorderedMap,
  [MAP_ORDER.keyOrdered]: CONTEXT_CREATE.keyOrderedMap,
  [MAP_ORDER.keyValueOrdered]: CONTEXT_CREATE.keyValueOrderedMap,
}

/** Creates a map, or gives the one that is there this order. An index can be kept only of a map on the top level. */
export function mapCreate(
  bin: string,
  order: MapOrder,
  persistIndex = false,
  context: Context = [],
): Operation {
  if (context.length > 0)
    return modify(bin, MAP_OPCODE.setOrder, [order], creatingContext(context, CREATES[order]))
  return modify(bin, MAP_OPCODE.setOrder, [orderOf({ order, persistIndex })])
}

/** Gives a map this order. */
export function mapSetOrder(bin: string, order: MapOrder, context?: Context): Operation {
  return modify(bin, MAP_OPCODE.setOrder, [order], context)
}

/** Sets the value of a key; gives the new size. */
export function mapPut(
  bin: string,
  key: Argument,
  value: Argument,
  policy: MapPolicy = {},
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.put, [key, value, ...orderAndFlags(policy)], context)
}

/** Sets the values of several keys; gives the new size. */
export function mapPutItems(
  bin: string,
  items: MapItems,
  policy: MapPolicy = {},
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.putItems, [items, ...orderAndFlags(policy)], context)
}

/** As {@link mapPut} with `createOnly`, for servers that know no flags. */
export function mapAdd(
  bin: string,
  key: Argument,
  value: Argument,
  policy: MapPolicy = {},
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.add, [key, value, orderOf(policy)], context)
}

/** As {@link mapPutItems} with `createOnly`, for servers that know no flags. */
export function mapAddItems(
  bin: string,
  items: MapItems,
  policy: MapPolicy = {},
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.addItems, [items, orderOf(policy)], context)
}

/** As {@link mapPut} with `updateOnly`, for servers that know no flags. */
export function mapReplace(bin: string, key: Argument, value: Argument, context?: Context): Operation {
  return modify(bin, MAP_OPCODE.replace, [key, value], context)
}

/** As {@link mapPutItems} with `updateOnly`, for servers that know no flags. */
export function mapReplaceItems(bin: string, items: MapItems, context?: Context): Operation {
  return modify(bin, MAP_OPCODE.replaceItems, [items], context)
}

/** Adds to the number of a key, which counts as 0 when it is not there; gives the new number. */
export function mapIncrement(
  bin: string,
  key: Argument,
  by: Argument,
  policy: MapPolicy = {},
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.increment, [key, by, orderOf(policy)], context)
}

/** Subtracts from the number of a key, which counts as 0 when it is not there; gives the new number. */
export function mapDecrement(
  bin: string,
  key: Argument,
  by: Argument,
  policy: MapPolicy = {},
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.decrement, [key, by, orderOf(policy)], context)
}

/** Removes all entries. */
export function mapClear(bin: string, context?: Context): Operation {
  return modify(bin, MAP_OPCODE.clear, [], context)
}

/** Gives the number of entries. */
export function mapSize(bin: string, context?: Context): Operation {
  return read(bin, MAP_OPCODE.size, [], context)
}

/** Gives what `returns` says of the entry of that key. */
export function mapGetByKey(bin: string, key: Argument, returns: number, context?: Context): Operation {
  return read(bin, MAP_OPCODE.getByKey, [returns, key], context)
}

/** Removes the entry of that key. Gives what `returns` says of what went. */
export function mapRemoveByKey(bin: string, key: Argument, returns: number, context?: Context): Operation {
  return modify(bin, MAP_OPCODE.removeByKey, [returns, key], context)
}

/** Gives what `returns` says of the entries of these keys. */
export function mapGetByKeyList(
  bin: string,
  keys: readonly Argument[],
  returns: number,
  context?: Context,
): Operation {
  return read(bin, MAP_OPCODE.getByKeyList, [returns, keys], context)
}

/** Removes the entries of these keys. Gives what `returns` says of what went. */
export function mapRemoveByKeyList(
  bin: string,
  keys: readonly Argument[],
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.removeByKeyList, [returns, keys], context)
}

/** Gives what `returns` says of the entries with keys from `begin` on that come before `end`. */
export function mapGetByKeyRange(
  bin: string,
  begin: Argument | undefined,
  end: Argument | undefined,
  returns: number,
  context?: Context,
): Operation {
  return read(bin, MAP_OPCODE.getByKeyRange, [returns, ...rangeArguments(begin, end)], context)
}

/** Removes the entries with keys from `begin` on that come before `end`. Gives what `returns` says of what went. */
export function mapRemoveByKeyRange(
  bin: string,
  begin: Argument | undefined,
  end: Argument | undefined,
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.removeByKeyRange, [returns, ...rangeArguments(begin, end)], context)
}

/** Gives what `returns` says of the entries from that index on, counted from `key`. */
export function mapGetByKeyRelativeIndexRange(
  bin: string,
  key: Argument,
  index: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return read(bin, MAP_OPCODE.getByKeyRelativeIndexRange, withCount([returns, key, index], count), context)
}

/** Removes the entries from that index on, counted from `key`. Gives what `returns` says of what went. */
export function mapRemoveByKeyRelativeIndexRange(
  bin: string,
  key: Argument,
  index: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return modify(
    bin,
    MAP_OPCODE.removeByKeyRelativeIndexRange,
    withCount([returns, key, index], count),
    context,
  )
}

/** Gives what `returns` says of the entry at `index`. */
export function mapGetByIndex(bin: string, index: number, returns: number, context?: Context): Operation {
  return read(bin, MAP_OPCODE.getByIndex, [returns, index], context)
}

/** Removes the entry at `index`. Gives what `returns` says of what went. */
export function mapRemoveByIndex(bin: string, index: number, returns: number, context?: Context): Operation {
  return modify(bin, MAP_OPCODE.removeByIndex, [returns, index], context)
}

/** Gives what `returns` says of the entries from `index` on. */
export function mapGetByIndexRange(
  bin: string,
  index: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return read(bin, MAP_OPCODE.getByIndexRange, withCount([returns, index], count), context)
}

/** Removes the entries from `index` on. Gives what `returns` says of what went. */
export function mapRemoveByIndexRange(
  bin: string,
  index: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.removeByIndexRange, withCount([returns, index], count), context)
}

/** Gives what `returns` says of the entry of that rank. */
export function mapGetByRank(bin: string, rank: number, returns: number, context?: Context): Operation {
  return read(bin, MAP_OPCODE.getByRank, [returns, rank], context)
}

/** Removes the entry of that rank. Gives what `returns` says of what went. */
export function mapRemoveByRank(bin: string, rank: number, returns: number, context?: Context): Operation {
  return modify(bin, MAP_OPCODE.removeByRank, [returns, rank], context)
}

/** Gives what `returns` says of the entries from that rank on. */
export function mapGetByRankRange(
  bin: string,
  rank: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return read(bin, MAP_OPCODE.getByRankRange, withCount([returns, rank], count), context)
}

/** Removes the entries from that rank on. Gives what `returns` says of what went. */
export function mapRemoveByRankRange(
  bin: string,
  rank: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.removeByRankRange, withCount([returns, rank], count), context)
}

/** Gives what `returns` says of all entries with a value equal to `value`. */
export function mapGetByValue(bin: string, value: Argument, returns: number, context?: Context): Operation {
  return read(bin, MAP_OPCODE.getByValue, [returns, value], context)
}

/** Removes all entries with a value equal to `value`. Gives what `returns` says of what went. */
export function mapRemoveByValue(
  bin: string,
  value: Argument,
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.removeByValue, [returns, value], context)
}

/** Gives what `returns` says of all entries with a value equal to one of `values`. */
export function mapGetByValueList(
  bin: string,
  values: readonly Argument[],
  returns: number,
  context?: Context,
): Operation {
  return read(bin, MAP_OPCODE.getByValueList, [returns, values], context)
}

/** Removes all entries with a value equal to one of `values`. Gives what `returns` says of what went. */
export function mapRemoveByValueList(
  bin: string,
  values: readonly Argument[],
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.removeByValueList, [returns, values], context)
}

/** Gives what `returns` says of the entries with values from `begin` on that come before `end`. */
export function mapGetByValueRange(
  bin: string,
  begin: Argument | undefined,
  end: Argument | undefined,
  returns: number,
  context?: Context,
): Operation {
  return read(bin, MAP_OPCODE.getByValueRange, [returns, ...rangeArguments(begin, end)], context)
}

/** Removes the entries with values from `begin` on that come before `end`. Gives what `returns` says of what went. */
export function mapRemoveByValueRange(
  bin: string,
  begin: Argument | undefined,
  end: Argument | undefined,
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, MAP_OPCODE.removeByValueRange, [returns, ...rangeArguments(begin, end)], context)
}

/** Gives what `returns` says of the entries from that rank on, counted from `value`. */
export function mapGetByValueRelativeRankRange(
  bin: string,
  value: Argument,
  rank: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return read(bin, MAP_OPCODE.getByValueRelativeRankRange, withCount([returns, value, rank], count), context)
}

/** Removes the entries from that rank on, counted from `value`. Gives what `returns` says of what went. */
export function mapRemoveByValueRelativeRankRange(
  bin: string,
  value: Argument,
  rank: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return modify(
    bin,
    MAP_OPCODE.removeByValueRelativeRankRange,
    withCount([returns, value, rank], count),
    context,
  )
}
