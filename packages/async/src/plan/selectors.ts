import {
  type Argument,
  type Context,
  listGetByIndex,
  listGetByIndexRange,
  listGetByRank,
  listGetByRankRange,
  listGetByValue,
  listGetByValueList,
  listGetByValueRange,
  listGetByValueRelativeRankRange,
  listRemoveByIndex,
  listRemoveByIndexRange,
  listRemoveByRank,
  listRemoveByRankRange,
  listRemoveByValue,
  listRemoveByValueList,
  listRemoveByValueRange,
  listRemoveByValueRelativeRankRange,
  mapGetByIndex,
  mapGetByIndexRange,
  mapGetByKey,
  mapGetByKeyList,
  mapGetByKeyRange,
  mapGetByKeyRelativeIndexRange,
  mapGetByRank,
  mapGetByRankRange,
  mapGetByValue,
  mapGetByValueList,
  mapGetByValueRange,
  mapGetByValueRelativeRankRange,
  mapRemoveByIndex,
  mapRemoveByIndexRange,
  mapRemoveByKey,
  mapRemoveByKeyList,
  mapRemoveByKeyRange,
  mapRemoveByKeyRelativeIndexRange,
  mapRemoveByRank,
  mapRemoveByRankRange,
  mapRemoveByValue,
  mapRemoveByValueList,
  mapRemoveByValueRange,
  mapRemoveByValueRelativeRankRange,
  type Operation,
  type PathStep,
  type Value,
} from '@aero/codec'

/** What a step selects by; after it come its arguments, all of them, then what is given, then the way. */
export type SelectingOperation = (bin: string, ...rest: never[]) => Operation

/** A way to select elements: its two operations, and the step that it is when one goes further. */
export interface Selector {
  readonly get: SelectingOperation
  readonly remove: SelectingOperation
  /** `undefined` for ranges, which lead no further. */
  readonly step: ((argument: never, create: number) => PathStep) | undefined
  readonly isMap: boolean
  /** All elements but the selected ones can be asked for. */
  readonly isInvertible: boolean
}

type Step = Selector['step']

const creating = (create: number): { create?: number } => (create === 0 ? {} : { create })

const one = (get: SelectingOperation, remove: SelectingOperation, step: Step, isMap: boolean): Selector => ({
  get,
  remove,
  step,
  isMap,
  isInvertible: false,
})
const all = (get: SelectingOperation, remove: SelectingOperation, step: Step, isMap: boolean): Selector => ({
  ...one(get, remove, step, isMap),
  isInvertible: true,
})
const ofMap = (get: SelectingOperation, remove: SelectingOperation): Selector =>
  all(get, remove, undefined, true)
const ofList = (get: SelectingOperation, remove: SelectingOperation): Selector =>
  all(get, remove, undefined, false)

/** The names of all ways to select. */
export type SelectorName =
  | 'mapKey'
  | 'mapIndex'
  | 'mapRank'
  | 'mapValue'
  | 'mapKeyRange'
  | 'mapKeyList'
  | 'mapKeyRelativeIndexRange'
  | 'mapIndexRange'
  | 'mapRankRange'
  | 'mapValueRange'
  | 'mapValueList'
  | 'mapValueRelativeRankRange'
  | 'listIndex'
  | 'listRank'
  | 'listValue'
  | 'listIndexRange'
  | 'listRankRange'
  | 'listValueRange'
  | 'listValueList'
  | 'listValueRelativeRankRange'

/** Every way to select. */
export const SELECTORS: { readonly [name in SelectorName]: Selector } = {
  mapKey: one(
    mapGetByKey,
    mapRemoveByKey,
    (value: Value, create) => ({ by: 'mapKey', value, ...creating(create) }),
    true,
  ),
  mapIndex: one(mapGetByIndex, mapRemoveByIndex, (index: number) => ({ by: 'mapIndex', index }), true),
  mapRank: one(mapGetByRank, mapRemoveByRank, (rank: number) => ({ by: 'mapRank', rank }), true),
  mapValue: all(mapGetByValue, mapRemoveByValue, (value: Value) => ({ by: 'mapValue', value }), true),
  mapKeyRange: ofMap(mapGetByKeyRange, mapRemoveByKeyRange),
  mapKeyList: ofMap(mapGetByKeyList, mapRemoveByKeyList),
  mapKeyRelativeIndexRange: ofMap(mapGetByKeyRelativeIndexRange, mapRemoveByKeyRelativeIndexRange),
  mapIndexRange: ofMap(mapGetByIndexRange, mapRemoveByIndexRange),
  mapRankRange: ofMap(mapGetByRankRange, mapRemoveByRankRange),
  mapValueRange: ofMap(mapGetByValueRange, mapRemoveByValueRange),
  mapValueList: ofMap(mapGetByValueList, mapRemoveByValueList),
  mapValueRelativeRankRange: ofMap(mapGetByValueRelativeRankRange, mapRemoveByValueRelativeRankRange),
  listIndex: one(
    listGetByIndex,
    listRemoveByIndex,
    (index: number, create) => ({ by: 'listIndex', index, ...creating(create) }),
    false,
  ),
  listRank: one(listGetByRank, listRemoveByRank, (rank: number) => ({ by: 'listRank', rank }), false),
  listValue: all(listGetByValue, listRemoveByValue, (value: Value) => ({ by: 'listValue', value }), false),
  listIndexRange: ofList(listGetByIndexRange, listRemoveByIndexRange),
  listRankRange: ofList(listGetByRankRange, listRemoveByRankRange),
  listValueRange: ofList(listGetByValueRange, listRemoveByValueRange),
  listValueList: ofList(listGetByValueList, listRemoveByValueList),
  listValueRelativeRankRange: ofList(listGetByValueRelativeRankRange, listRemoveByValueRelativeRankRange),
}

/** A way to select, and by what. */
export interface Selected {
  readonly selector: SelectorName
  /** All arguments that the selector has; a count that is left out is `undefined`. */
  readonly args: readonly (Argument | undefined)[]
}

/** Asks for what is selected, or removes it. @param returns of RETURN_TYPE */
export function selectingOperation(
  kind: 'get' | 'remove',
  bin: string,
  { selector, args }: Selected,
  returns: number,
  way: Context,
): Operation {
  const operation = SELECTORS[selector][kind] as (bin: string, ...rest: unknown[]) => Operation
  return operation(bin, ...args, returns, way)
}

/** The step that a selector is on the way further in; `undefined` when it leads no further. */
export function stepOf({ selector, args }: Selected, create: number): PathStep | undefined {
  const step = SELECTORS[selector].step as ((argument: unknown, create: number) => PathStep) | undefined
  return step?.(args[0], create)
}
