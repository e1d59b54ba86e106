import { DecodeError } from '../errors.ts'
import type { Value } from '../value/value.ts'

/**
 * The kinds of step on a path into a value, as they stand on the wire. Source: enum as_cdt_ctx_type and the masks behind it
 * in as/include/base/proto.h of the server.
 */
export const CONTEXT_TYPE = {
  filter: 0x04,
  listIndex: 0x10,
  listRank: 0x11,
  listValue: 0x13,
  mapIndex: 0x20,
  mapRank: 0x21,
  mapKey: 0x22,
  mapValue: 0x23,
  mapKeys: 0x2a,
} as const

/** A second filter on the elements that the step before has chosen. Servers from 8.1.2. */
export const CONTEXT_AND = 0x200

/**
 * What is made of a list or map that the step does not find, added to the step's type. `unbounded` allows a list to be
 * extended beyond its end with nil.
 */
export const CONTEXT_CREATE = {
  unorderedList: 0x40,
  unboundedList: 0x80,
  orderedList: 0xc0,
  unorderedMap: 0x40,
  keyOrderedMap: 0x80,
  keyValueOrderedMap: 0xc0,
  persistIndex: 0x100,
} as const

/** All bits of {@link CONTEXT_CREATE}. */
export const CONTEXT_CREATE_MASK = 0x1c0

/**
 * One step on a path into nested lists and maps, plain data.
 *
 * `create` holds bits of {@link CONTEXT_CREATE}. A `filter` is asked of every child: `true` as an expression takes them all.
 * `Filter` is how expressions are represented: the tree of ../expression/node.ts.
 */
export type ContextStep<Filter = never> =
  | { readonly by: 'listIndex' | 'mapIndex'; readonly index: number; readonly create?: number }
  | { readonly by: 'listRank' | 'mapRank'; readonly rank: number; readonly create?: number }
  | { readonly by: 'listValue' | 'mapValue' | 'mapKey'; readonly value: Value; readonly create?: number }
  | { readonly by: 'mapKeys'; readonly keys: readonly Value[] }
  | { readonly by: 'filter'; readonly filter: Filter; readonly and?: boolean }

type PlainStepName = Exclude<ContextStep['by'], 'filter'>

const NAMES: ReadonlyMap<number, PlainStepName> = new Map(
  Object.entries(CONTEXT_TYPE)
    .filter(([name]) => name !== 'filter')
    .map(([name, type]) => [type, name as PlainStepName]),
)

/** The number that says on the wire what kind of step this is. */
export function contextTypeOf(step: ContextStep<unknown>): number {
  if (step.by === 'filter') return CONTEXT_TYPE.filter | (step.and === true ? CONTEXT_AND : 0)
  if (step.by === 'mapKeys') return CONTEXT_TYPE.mapKeys
  return CONTEXT_TYPE[step.by] | (step.create ?? 0)
}

/** What stands beside the number, except for a filter. */
export function contextValueOf(step: Exclude<ContextStep<unknown>, { readonly by: 'filter' }>): Value {
  if ('index' in step) return step.index
  if ('rank' in step) return step.rank
  return 'keys' in step ? step.keys : step.value
}

/**
 * The step that a number and the value beside it say. Filters are for the reader of expressions.
 *
 * @throws DecodeError for a type that is not known, and a value it cannot have.
 */
export function contextStepFrom(type: number, value: Value, offset: number): ContextStep {
  const create = type & CONTEXT_CREATE_MASK
  const by = NAMES.get(type & ~CONTEXT_CREATE_MASK)
  const creates = create === 0 ? {} : { create }
  switch (by) {
    case 'listIndex':
    case 'mapIndex':
      return { by, index: numberIn(value, offset), ...creates }
    case 'listRank':
    case 'mapRank':
      return { by, rank: numberIn(value, offset), ...creates }
    case 'listValue':
    case 'mapValue':
    case 'mapKey':
      return { by, value, ...creates }
    case 'mapKeys':
      if (!Array.isArray(value)) throw new DecodeError('a step by several keys has no list of them', offset)
      return { by, keys: value as readonly Value[] }
    default:
      throw new DecodeError(`0x${type.toString(16)} is no kind of step into a value`, offset)
  }
}

function numberIn(value: Value, offset: number): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw new DecodeError('a step by index or rank has no number', offset)
}
