import { CONTEXT_CREATE } from '../cdt/context.ts'
import { LIST_OPCODE, type ListOpcode } from '../cdt/list-opcode.ts'
import { LIST_ORDER, type ListOrder, PERSIST_INDEX } from '../cdt/policy.ts'
import type { Operation } from '../message/operation.ts'
import { OPERATION_TYPE } from '../message/operation-type.ts'
import {
  type Argument,
  type Context,
  callOperation,
  creatingContext,
  rangeArguments,
  withCount,
} from './collection-call.ts'

/*
 * Operations on lists, one function each. All of them take the name of the bin first and the way into it last, where it is
 * needed; all throw EncodeError, its path beginning with the bin, for values that cannot be written. Indexes and ranks count
 * from 0, negative ones from the end; the count of a range is left out for all that follow.
 */

/** How a list operation writes. */
export interface ListPolicy {
  /** Of a list that the operation creates; default unordered. */
  readonly order?: ListOrder | undefined
  /** Bits of {@link LIST_WRITE_FLAG}; default none. */
  readonly flags?: number | undefined
}

function read(bin: string, opcode: ListOpcode, args: readonly Argument[], context?: Context): Operation {
  return callOperation(OPERATION_TYPE.collectionRead, bin, opcode, args, context)
}

function modify(bin: string, opcode: ListOpcode, args: readonly Argument[], context?: Context): Operation {
  return callOperation(OPERATION_TYPE.collectionModify, bin, opcode, args, context)
}

/** Order and flags, as appending and incrementing take them; nothing without a policy. */
function orderAndFlags(policy: ListPolicy | undefined): number[] {
  return policy === undefined ? [] : [policy.order ?? LIST_ORDER.unordered, policy.flags ?? 0]
}

/** The flags alone, as operations take them that need a list to be there. */
function flagsOnly(policy: ListPolicy | undefined): number[] {
  return policy === undefined ? [] : [policy.flags ?? 0]
}

/** What {@link listCreate} can be told. */
export interface ListCreateOptions {
  /** A context's last index may be beyond the end of its list, which is filled up with nil. */
  readonly pad?: boolean | undefined
  /** An index of the list is kept; only for a list on the top level. */
  readonly persistIndex?: boolean | undefined
}

/** Creates a list, or gives the one that is there this order. */
export function listCreate(
  bin: string,
  order: ListOrder,
  options: ListCreateOptions = {},
  context: Context = [],
): Operation {
  if (context.length > 0) {
    const unordered = options.pad === true ? CONTEXT_CREATE.unboundedList : CONTEXT_CREATE.unorderedList
    const create = order === LIST_ORDER.ordered ? CONTEXT_CREATE.orderedList : unordered
    return modify(bin, LIST_OPCODE.setOrder, [order], creatingContext(context, create))
  }
  return modify(bin, LIST_OPCODE.setOrder, [options.persistIndex === true ? order | PERSIST_INDEX : order])
}

/** Gives a list this order. */
export function listSetOrder(bin: string, order: ListOrder, context?: Context): Operation {
  return modify(bin, LIST_OPCODE.setOrder, [order], context)
}

/** Sorts a list once. Flags: {@link LIST_SORT_FLAG}. */
export function listSort(bin: string, flags: number, context?: Context): Operation {
  return modify(bin, LIST_OPCODE.sort, [flags], context)
}

/** Puts a value at the end, or in its place when the list is ordered; gives the new size. */
export function listAppend(bin: string, value: Argument, policy?: ListPolicy, context?: Context): Operation {
  return modify(bin, LIST_OPCODE.append, [value, ...orderAndFlags(policy)], context)
}

/** Appends several values; gives the new size. */
export function listAppendItems(
  bin: string,
  values: readonly Argument[],
  policy?: ListPolicy,
  context?: Context,
): Operation {
  return modify(bin, LIST_OPCODE.appendItems, [values, ...orderAndFlags(policy)], context)
}

/** Puts a value before the element at `index`; gives the new size. Not for ordered lists. */
export function listInsert(
  bin: string,
  index: number,
  value: Argument,
  policy?: ListPolicy,
  context?: Context,
): Operation {
  return modify(bin, LIST_OPCODE.insert, [index, value, ...flagsOnly(policy)], context)
}

/** Inserts several values; gives the new size. Not for ordered lists. */
export function listInsertItems(
  bin: string,
  index: number,
  values: readonly Argument[],
  policy?: ListPolicy,
  context?: Context,
): Operation {
  return modify(bin, LIST_OPCODE.insertItems, [index, values, ...flagsOnly(policy)], context)
}

/** Replaces the element at `index`. Not for ordered lists. */
export function listSet(
  bin: string,
  index: number,
  value: Argument,
  policy?: ListPolicy,
  context?: Context,
): Operation {
  return modify(bin, LIST_OPCODE.set, [index, value, ...flagsOnly(policy)], context)
}

/** Adds to the number at `index`; gives the new number. */
export function listIncrement(
  bin: string,
  index: number,
  by: Argument = 1,
  policy?: ListPolicy,
  context?: Context,
): Operation {
  return modify(bin, LIST_OPCODE.increment, [index, by, ...orderAndFlags(policy)], context)
}

/** Removes the element at `index` and gives it. */
export function listPop(bin: string, index: number, context?: Context): Operation {
  return modify(bin, LIST_OPCODE.pop, [index], context)
}

/** Removes elements and gives them. */
export function listPopRange(bin: string, index: number, count?: number, context?: Context): Operation {
  return modify(bin, LIST_OPCODE.popRange, withCount([index], count), context)
}

/** Removes the element at `index`; gives how many were removed. */
export function listRemove(bin: string, index: number, context?: Context): Operation {
  return modify(bin, LIST_OPCODE.remove, [index], context)
}

/** Removes elements; gives how many. */
export function listRemoveRange(bin: string, index: number, count?: number, context?: Context): Operation {
  return modify(bin, LIST_OPCODE.removeRange, withCount([index], count), context)
}

/** Removes all elements but these; gives how many. */
export function listTrim(bin: string, index: number, count: number, context?: Context): Operation {
  return modify(bin, LIST_OPCODE.trim, [index, count], context)
}

/** Removes all elements. */
export function listClear(bin: string, context?: Context): Operation {
  return modify(bin, LIST_OPCODE.clear, [], context)
}

/** Gives the number of elements. */
export function listSize(bin: string, context?: Context): Operation {
  return read(bin, LIST_OPCODE.size, [], context)
}

/** Gives the element at `index`. */
export function listGet(bin: string, index: number, context?: Context): Operation {
  return read(bin, LIST_OPCODE.get, [index], context)
}

/** Gives elements. */
export function listGetRange(bin: string, index: number, count?: number, context?: Context): Operation {
  return read(bin, LIST_OPCODE.getRange, withCount([index], count), context)
}

/** Gives what `returns` says of the element at `index`. */
export function listGetByIndex(bin: string, index: number, returns: number, context?: Context): Operation {
  return read(bin, LIST_OPCODE.getByIndex, [returns, index], context)
}

/** Removes the element at `index`. Gives what `returns` says of what went. */
export function listRemoveByIndex(bin: string, index: number, returns: number, context?: Context): Operation {
  return modify(bin, LIST_OPCODE.removeByIndex, [returns, index], context)
}

/** Gives what `returns` says of the elements from `index` on. */
export function listGetByIndexRange(
  bin: string,
  index: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return read(bin, LIST_OPCODE.getByIndexRange, withCount([returns, index], count), context)
}

/** Removes the elements from `index` on. Gives what `returns` says of what went. */
export function listRemoveByIndexRange(
  bin: string,
  index: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, LIST_OPCODE.removeByIndexRange, withCount([returns, index], count), context)
}

/** Gives what `returns` says of the element of that rank. */
export function listGetByRank(bin: string, rank: number, returns: number, context?: Context): Operation {
  return read(bin, LIST_OPCODE.getByRank, [returns, rank], context)
}

/** Removes the element of that rank. Gives what `returns` says of what went. */
export function listRemoveByRank(bin: string, rank: number, returns: number, context?: Context): Operation {
  return modify(bin, LIST_OPCODE.removeByRank, [returns, rank], context)
}

/** Gives what `returns` says of the elements from that rank on. */
export function listGetByRankRange(
  bin: string,
  rank: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return read(bin, LIST_OPCODE.getByRankRange, withCount([returns, rank], count), context)
}

/** Removes the elements from that rank on. Gives what `returns` says of what went. */
export function listRemoveByRankRange(
  bin: string,
  rank: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, LIST_OPCODE.removeByRankRange, withCount([returns, rank], count), context)
}

/** Gives what `returns` says of all elements equal to `value`. */
export function listGetByValue(bin: string, value: Argument, returns: number, context?: Context): Operation {
  return read(bin, LIST_OPCODE.getByValue, [returns, value], context)
}

/** Removes all elements equal to `value`. Gives what `returns` says of what went. */
export function listRemoveByValue(
  bin: string,
  value: Argument,
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, LIST_OPCODE.removeByValue, [returns, value], context)
}

/** Gives what `returns` says of all elements equal to one of `values`. */
export function listGetByValueList(
  bin: string,
  values: readonly Argument[],
  returns: number,
  context?: Context,
): Operation {
  return read(bin, LIST_OPCODE.getByValueList, [returns, values], context)
}

/** Removes all elements equal to one of `values`. Gives what `returns` says of what went. */
export function listRemoveByValueList(
  bin: string,
  values: readonly Argument[],
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, LIST_OPCODE.removeByValueList, [returns, values], context)
}

/** Gives what `returns` says of the elements from `begin` on that come before `end`. */
export function listGetByValueRange(
  bin: string,
  begin: Argument | undefined,
  end: Argument | undefined,
  returns: number,
  context?: Context,
): Operation {
  return read(bin, LIST_OPCODE.getByValueRange, [returns, ...rangeArguments(begin, end)], context)
}

/** Removes the elements from `begin` on that come before `end`. Gives what `returns` says of what went. */
export function listRemoveByValueRange(
  bin: string,
  begin: Argument | undefined,
  end: Argument | undefined,
  returns: number,
  context?: Context,
): Operation {
  return modify(bin, LIST_OPCODE.removeByValueRange, [returns, ...rangeArguments(begin, end)], context)
}

/** Gives what `returns` says of the elements from that rank on, counted from `value`. */
export function listGetByValueRelativeRankRange(
  bin: string,
  value: Argument,
  rank: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return read(bin, LIST_OPCODE.getByValueRelativeRankRange, withCount([returns, value, rank], count), context)
}

/** Removes the elements from that rank on, counted from `value`. Gives what `returns` says of what went. */
export function listRemoveByValueRelativeRankRange(
  bin: string,
  value: Argument,
  rank: number,
  count: number | undefined,
  returns: number,
  context?: Context,
): Operation {
  return modify(
    bin,
    LIST_OPCODE.removeByValueRelativeRankRange,
    withCount([returns, value, rank], count),
    context,
  )
}
