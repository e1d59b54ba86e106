import { CALL_FORM, EXPRESSION_READ_FLAG, LIST_OPCODE, MAP_OPCODE, OPERATION_TYPE } from '@aero/codec'
import type { Random } from '@aero/testkit'
import { MARKER } from '../../src/apply/container.ts'
import {
  BITS,
  FIRST_READ_OPCODE,
  HLLS,
  isCollectionRead,
  LISTS,
  MAPS,
  randomCall,
  randomContext,
} from './random-call.ts'
import { BINS, randomExpression, randomKind } from './random-expression.ts'
import { smaller, type Tree } from './tree.ts'

/** An operation of a command. */
export interface RandomOperation {
  readonly type: number
  readonly bin: string
  readonly payload: Tree
}

export function randomOperation(random: Random): RandomOperation {
  const chosen = random.int(0, 19)
  if (random.chance(0.3)) return expressionOperation(random)
  if (chosen < 3) return bitOperation(random)
  if (chosen < 5) return hllOperation(random)
  return collectionOperation(random, chosen < 12)
}

function collectionOperation(random: Random, isList: boolean): RandomOperation {
  const inList = random.chance(0.96) ? isList : !isList
  const bin = random.pick(inList ? BINS.list : BINS.map)
  if (random.chance(0.7)) {
    const payload = randomCall(random, isList ? LISTS : MAPS)
    return collection(bin, payload[0] as number, payload)
  }
  const call = randomCall(random, random.chance() ? LISTS : MAPS)
  return collection(bin, call[0] as number, [CALL_FORM.context, randomContext(random, inList), call])
}

/** An expression of any type, evaluated into a result or into a bin. */
function expressionOperation(random: Random): RandomOperation {
  const expression = randomExpression(random, randomKind(random))
  if (random.chance()) {
    const flags = random.pick([0, 0, 0, EXPRESSION_READ_FLAG.evalNoFail, random.int(0, 31)])
    return { type: OPERATION_TYPE.expressionRead, bin: 'x', payload: [expression, flags] }
  }
  const bin = random.pick(['x', 'x', ...Object.values(BINS).flat()])
  const flags = random.pick([0, 0, 0, random.int(0, 31)])
  return { type: OPERATION_TYPE.expressionModify, bin, payload: [expression, flags] }
}

/** Gives a list or map an order, and an index that is kept with it, so that what follows meets those. */
export function orderingOperation(random: Random, bin: string, isList: boolean): RandomOperation {
  const [opcode, flags] = isList
    ? [LIST_OPCODE.setOrder, random.int(0, 1)]
    : [MAP_OPCODE.setOrder, random.pick([0, 1, 3])]
  return collection(bin, opcode, [opcode, flags | (random.chance(0.7) ? MARKER.persistIndex : 0)])
}

function collection(bin: string, opcode: number, payload: Tree): RandomOperation {
  const type = isCollectionRead(opcode) ? OPERATION_TYPE.collectionRead : OPERATION_TYPE.collectionModify
  return { type, bin, payload }
}

function bitOperation(random: Random): RandomOperation {
  const payload = randomCall(random, BITS)
  const isRead = (payload[0] as number) >= FIRST_READ_OPCODE.bit
  return {
    type: isRead ? OPERATION_TYPE.bitRead : OPERATION_TYPE.bitModify,
    bin: random.pick(BINS.blob),
    payload,
  }
}

function hllOperation(random: Random): RandomOperation {
  const payload = randomCall(random, HLLS)
  const isRead = (payload[0] as number) >= FIRST_READ_OPCODE.hll
  const type = isRead ? OPERATION_TYPE.hyperLogLogRead : OPERATION_TYPE.hyperLogLogModify
  return { type, bin: random.pick(BINS.hll), payload }
}

/** The same operation, smaller by one step. */
export function* smallerOperations(operation: RandomOperation): Generator<RandomOperation> {
  const { type, payload } = operation
  const isExpression = type === OPERATION_TYPE.expressionRead || type === OPERATION_TYPE.expressionModify
  if (!isExpression) {
    for (const less of smallerPayloads(payload)) yield { ...operation, payload: less }
    return
  }
  const [expression, flags] = payload as readonly [Tree, Tree]
  for (const less of smallerExpressions(expression)) yield { ...operation, payload: [less, flags] }
  if (flags !== 0) yield { ...operation, payload: [expression, 0] }
}

/** An expression with one of those inside it in its place, or with something less in it. */
export function* smallerExpressions(expression: Tree): Generator<Tree> {
  if (!Array.isArray(expression)) return yield* smaller(expression)
  const parts = expression as readonly Tree[]
  for (const part of parts) if (Array.isArray(part)) yield part
  for (const [at, part] of parts.entries())
    for (const less of smallerExpressions(part)) yield parts.with(at, less)
  for (let at = parts.length - 1; at > 0; at--) yield parts.filter((_, other) => other !== at)
}

/** The same call, smaller by one step; it stays the same operation. */
function* smallerPayloads(payload: Tree): Generator<Tree> {
  const call = payload as readonly Tree[]
  if (call[0] !== CALL_FORM.context) {
    if (call.length > 1) yield call.slice(0, -1)
    for (const [index, argument] of call.entries()) {
      if (index > 0) for (const less of smaller(argument)) yield call.with(index, less)
    }
    return
  }
  const [form, context, inner] = call as readonly [Tree, readonly Tree[], Tree]
  for (let step = 0; context.length > 2 && step < context.length; step += 2)
    yield [form, context.filter((_, index) => index !== step && index !== step + 1), inner]
  for (const less of smallerPayloads(inner)) yield [form, context, less]
}
