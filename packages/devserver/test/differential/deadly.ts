import {
  BIT_OPCODE,
  BIT_WRITE_FLAG,
  CALL_FORM,
  CALL_MODIFIES,
  CALL_SYSTEM,
  CONTEXT_CREATE,
  CONTEXT_TYPE,
  EXPRESSION_OPCODE,
  EXPRESSION_TYPE,
  LIST_OPCODE,
  LIST_SORT_FLAG,
  MAP_OPCODE,
  OPERATION_TYPE,
  OPERATOR,
  RETURN_TYPE,
  SELECT_APPLIES,
} from '@aero/codec'
import { MARKER } from '../../src/apply/container.ts'
import type { RandomOperation } from './random-operations.ts'
import type { Tree } from './tree.ts'

/** An operation on a value: that of a command, or one inside an expression. */
interface Call {
  readonly isOnBits: boolean
  /** It reads what is nil, or gives nil back. */
  readonly readsNil: boolean
  readonly payload: readonly Tree[]
}

const EXPRESSIONS: ReadonlySet<number> = new Set([
  OPERATION_TYPE.expressionRead,
  OPERATION_TYPE.expressionModify,
])

function callsOf({ type, payload }: RandomOperation): Call[] {
  if (EXPRESSIONS.has(type)) return [...callsIn(payload)]
  const isOnBits = type === OPERATION_TYPE.bitModify
  return [{ isOnBits, readsNil: false, payload: payload as readonly Tree[] }]
}

function* callsIn(expression: Tree): Generator<Call> {
  if (!Array.isArray(expression)) return
  const [code, gives, system, payload, on] = expression as readonly Tree[]
  if (code === EXPRESSION_OPCODE.call && Array.isArray(payload)) {
    const readsNil = on === null && ((Number(system) & CALL_MODIFIES) === 0 || gives === EXPRESSION_TYPE.nil)
    yield { isOnBits: (Number(system) & CALL_SYSTEM.bit) !== 0, readsNil, payload }
  }
  for (const part of expression) yield* callsIn(part)
}

/**
 * What the real server does not survive, and is never sent: all of a map but what an empty list holds; shifting bits as far as
 * they go when that is farther than there are bits; making an item of a list at an index before its begin; filling a
 * list with an index of its own (which one that is the operation does not say) by more than a step of that index; in
 * expressions, reading nil as if it were something, and comparing what a call on nil gives.
 */
export function isDeadly(operation: RandomOperation): boolean {
  return (
    callsOf(operation).some(isDeadlyCall) ||
    (EXPRESSIONS.has(operation.type) && comparesNil(operation.payload))
  )
}

/** A call on nil counts as nil where types are checked, whatever it gives: the server is not prepared for that. */
function comparesNil(expression: Tree): boolean {
  if (!Array.isArray(expression)) return false
  const isComparison = COMPARISONS.has(expression[0] as number) && expression.length === 3
  return expression.some((part) => (isComparison && callsNil(part)) || comparesNil(part))
}

function callsNil(expression: Tree): boolean {
  if (!Array.isArray(expression)) return false
  const isCall = expression[0] === EXPRESSION_OPCODE.call && expression.length === 5
  return (isCall && expression[4] === null) || expression.some(callsNil)
}

function isDeadlyCall({ isOnBits, readsNil, payload }: Call): boolean {
  if (readsNil) return true
  if (payload[0] === CALL_FORM.select) return givesSketch(payload[3])
  const [context, call] = partsOf(payload)
  if (fillsBackwards(context)) return true
  const [opcode, first, second] = call
  if (isOnBits) {
    const shifts = opcode === BIT_OPCODE.leftShift || opcode === BIT_OPCODE.rightShift
    return shifts && (Number(call[FLAGS_OF_SHIFT] ?? 0) & BIT_WRITE_FLAG.partial) !== 0
  }
  if (FILL.has(opcode as number)) return Number(first) > MOST_FILLED && Number(first) <= MOST_INDEX
  const isInverted = (Number(first) & RETURN_TYPE.inverted) !== 0
  return MAPS_BY_LIST.has(opcode as number) && isInverted && isEmptyList(second)
}

function givesSketch(tree: Tree | undefined): boolean {
  return typeof tree === 'object' && tree !== null && 'sketch' in tree
}

/** Lists of values, too, may begin like a call. */
function partsOf(payload: readonly Tree[]): [context: readonly Tree[], call: readonly Tree[]] {
  const [form, context, call] = payload
  const isInContext = form === CALL_FORM.context && Array.isArray(context) && Array.isArray(call)
  return isInContext ? [context, call] : [[], payload]
}

/** In an expression a list is quoted. */
function isEmptyList(tree: Tree | undefined): boolean {
  if (!Array.isArray(tree)) return false
  return tree.length === 0 || (tree[0] === EXPRESSION_OPCODE.quote && isEmptyList(tree[1]))
}

/** Whether the operation may let a map, or anything, keep an index. */
export function keepsIndex(operation: RandomOperation): boolean {
  return mayGiveFlags(operation, MARKER.persistIndex, CONTEXT_CREATE.persistIndex)
}

/** Whether the operation may let a map keep an index of its values. */
export function keepsValueIndex(operation: RandomOperation): boolean {
  return mayGiveFlags(operation, VALUE_INDEX, VALUE_INDEX_CREATED)
}

/** Which argument has the flags is not looked at: any number that could be such flags counts. */
function mayGiveFlags(operation: RandomOperation, flags: number, created: number): boolean {
  return callsOf(operation).some(({ payload }) => {
    const [context, call] = partsOf(payload)
    if (context.length > 0) return (Number(context[0]) & created) === created
    return call
      .slice(1)
      .some((each) => typeof each === 'number' && each < MORE_THAN_FLAGS && (each & flags) === flags)
  })
}

/**
 * Whether the operation begins with a step by value into a map, and not by nil, the least of values: the real server (8.1.2)
 * dies of a value greater than all that are in a map with an index of values, since it looks up the rank behind the last.
 */
export function stepsByValue(operation: RandomOperation): boolean {
  return callsOf(operation).some(({ payload }) => {
    const [[type, value]] = partsOf(payload)
    return (Number(type) & ~CONTEXT_CREATE_MASK) === CONTEXT_TYPE.mapValue && value !== null
  })
}

/** Whether the operation drops duplicates: the real server (8.1.2) dies of that in ordered lists that keep an index. */
export function dropsDuplicates(operation: RandomOperation): boolean {
  return callsOf(operation).some(({ payload }) => {
    const [, [opcode, flags]] = partsOf(payload)
    return opcode === LIST_OPCODE.sort && (Number(flags ?? 0) & LIST_SORT_FLAG.dropDuplicates) !== 0
  })
}

/** Whether the operation modifies by path: the real server (8.1.2) dies of that in maps that keep an index. */
export function modifiesByPath(operation: RandomOperation): boolean {
  return callsOf(operation).some(
    ({ payload }) => payload[0] === CALL_FORM.select && (Number(payload[2]) & SELECT_APPLIES) !== 0,
  )
}

function fillsBackwards(context: readonly Tree[]): boolean {
  return context.some((step, at) => {
    const create = Number(step) & ~CONTEXT_TYPE.listIndex
    const makesItem = at % 2 === 0 && MAKES.has(create) && Number(step) === (CONTEXT_TYPE.listIndex | create)
    const least = create === CONTEXT_CREATE.unboundedList ? 0 : -1
    return makesItem && Number(context[at + 1]) < least
  })
}

const MAKES: ReadonlySet<number> = new Set([
  CONTEXT_CREATE.unorderedList,
  CONTEXT_CREATE.unboundedList,
  CONTEXT_CREATE.orderedList,
])
const FILL: ReadonlySet<number> = new Set([
  LIST_OPCODE.insert,
  LIST_OPCODE.insertItems,
  LIST_OPCODE.set,
  LIST_OPCODE.increment,
])
const MOST_FILLED = 100
const MOST_INDEX = 0x7fff_ffff
const MAPS_BY_LIST: ReadonlySet<number> = new Set([
  MAP_OPCODE.getByKeyList,
  MAP_OPCODE.getByValueList,
  MAP_OPCODE.removeByKeyList,
  MAP_OPCODE.removeByValueList,
])
const FLAGS_OF_SHIFT = 4
const VALUE_INDEX = (MARKER.byValue & ~MARKER.ordered) | MARKER.persistIndex
const COMPARISONS: ReadonlySet<number> = new Set(
  [OPERATOR.eq, OPERATOR.ne, OPERATOR.gt, OPERATOR.ge, OPERATOR.lt, OPERATOR.le].map(({ code }) => code),
)
const MORE_THAN_FLAGS = 2 * MARKER.persistIndex
const CONTEXT_CREATE_MASK = Object.values(CONTEXT_CREATE).reduce((mask, bits) => mask | bits, 0)
const VALUE_INDEX_CREATED = CONTEXT_CREATE.keyValueOrderedMap | CONTEXT_CREATE.persistIndex
