import { EXPRESSION_READ_FLAG, EXPRESSION_WRITE_FLAG, PARTICLE_TYPE } from '@aero/codec'
import type { Particle } from '../apply/outcome.ts'
import { PACKED_KIND, PackedCursor } from '../apply/packed-cursor.ts'
import { RESULT } from '../result-code.ts'
import { buildExpression } from './build.ts'
import { particleOf } from './computed.ts'
import { Evaluation, type Expression, type Subject } from './evaluation.ts'

/*
 * payload  :=  [expression, flags] | [expression]
 */
const READ_FLAGS: number = EXPRESSION_READ_FLAG.evalNoFail
const WRITE_FLAGS = Object.values(EXPRESSION_WRITE_FLAG).reduce<number>((all, flag) => all | flag, 0)

/** An operation that evaluates an expression, checked. */
interface ExpressionOperation {
  readonly expression: Expression
  readonly flags: number
}

/** Source: as/src/base/expop.c, as_exp_op_parse. `undefined`: refused with 4. */
function readOperation(payload: Uint8Array, known: number): ExpressionOperation | undefined {
  const cursor = new PackedCursor(payload)
  const isCall = cursor.next() && cursor.kind === PACKED_KIND.list && cursor.count > 0 && cursor.count <= 2
  if (!isCall) return undefined
  const start = cursor.position
  if (!cursor.skip()) return undefined
  const expression = buildExpression(payload.subarray(start, cursor.position))
  // Whatever stands there instead of flags is not looked at.
  const flags = isIntegerNext(cursor) ? BigInt.asUintN(64, cursor.integer) : 0n
  if (expression === undefined || (flags & ~BigInt(known)) !== 0n) return undefined
  return { expression, flags: Number(flags) }
}

function isIntegerNext(cursor: PackedCursor): boolean {
  return cursor.next() && cursor.kind === PACKED_KIND.integer
}

/** Whether an operation that evaluates into a bin is one: a background job is refused as a whole otherwise. */
export function isExpressionModify(payload: Uint8Array): boolean {
  return readOperation(payload, WRITE_FLAGS) !== undefined
}

/** Evaluates an expression into a result; `undefined`: there is none. A number is a result code. */
export function evaluateIntoResult(subject: Subject, payload: Uint8Array): Particle | undefined | number {
  const operation = readOperation(payload, READ_FLAGS)
  if (operation === undefined) return RESULT.parameter
  const value = evaluate(operation, subject)
  return value === null ? undefined : value
}

/** The value; `null`: none, which is what nil comes to, or what could not be evaluated and may be so. Or a result code. */
function evaluate({ expression, flags }: ExpressionOperation, subject: Subject): Particle | null | number {
  const value = particleOf(expression.evaluate(new Evaluation(subject)))
  if (value !== undefined) return value?.type === PARTICLE_TYPE.nil ? null : value
  return (flags & EXPRESSION_READ_FLAG.evalNoFail) === 0 ? RESULT.notApplicable : null
}

/** What becomes of a bin: another value, none, or what it was. */
export type BinChange = Particle | 'removed' | 'kept'

/** Evaluates an expression into a bin. A number is a result code. Source: as/src/base/expop.c, as_exp_modify_tr. */
export function evaluateIntoBin(
  subject: Subject,
  bin: Particle | undefined,
  payload: Uint8Array,
): BinChange | number {
  const operation = readOperation(payload, WRITE_FLAGS)
  if (operation === undefined) return RESULT.parameter
  const { flags } = operation
  const refuses = bin === undefined ? EXPRESSION_WRITE_FLAG.updateOnly : EXPRESSION_WRITE_FLAG.createOnly
  if ((flags & refuses) !== 0) {
    if ((flags & EXPRESSION_WRITE_FLAG.policyNoFail) !== 0) return 'kept'
    return bin === undefined ? RESULT.binNotFound : RESULT.binExists
  }
  return changeOf(operation, subject, bin)
}

function changeOf(
  operation: ExpressionOperation,
  subject: Subject,
  bin: Particle | undefined,
): BinChange | number {
  const { expression, flags } = operation
  const computed = expression.evaluate(new Evaluation(subject))
  const value = particleOf(computed)
  if (value === undefined) {
    return (flags & EXPRESSION_WRITE_FLAG.evalNoFail) === 0 ? RESULT.notApplicable : 'kept'
  }
  if (value !== null) return value
  if (bin === undefined) return 'kept'
  if ((flags & EXPRESSION_WRITE_FLAG.allowDelete) !== 0) return 'removed'
  // Any flag at all keeps it from failing: so does the server, which means one of them.
  return flags === 0 ? RESULT.notApplicable : 'kept'
}
