import { OPERATOR } from '@aero/codec'
import { BUILT_BYTES, type Builder, ofKnown } from './builder.ts'
import type { Computed } from './computed.ts'
import type { Evaluation, Expression } from './evaluation.ts'
import { STATIC_TYPE } from './static-type.ts'

/** `[unknown]` */
export function buildUnknown(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 0)
  return { type: STATIC_TYPE.bool, isUnknown: true, evaluate: () => undefined }
}

/** `[and, …]`, `[or, …]`, `[exclusive, …]`: two or more truths. */
export function buildLogic(builder: Builder, code: number, count: number): Expression {
  if (count < 2) builder.refuse()
  builder.count(BUILT_BYTES.plain)
  const args = Array.from({ length: count }, () => builder.nextOf(STATIC_TYPE.bool))
  const evaluate =
    code === OPERATOR.exclusive.code
      ? (evaluation: Evaluation) => exclusive(args, evaluation)
      : (evaluation: Evaluation) => decide(args, evaluation, code === OPERATOR.or.code)
  return { type: STATIC_TYPE.bool, evaluate }
}

/** One argument that decides is enough, also behind unknown ones. */
function decide(args: readonly Expression[], evaluation: Evaluation, deciding: boolean): Computed {
  let result: Computed = !deciding
  for (const arg of args) {
    const value = arg.evaluate(evaluation)
    if (value === deciding) return deciding
    if (value === undefined) result = undefined
  }
  return result
}

/** Exactly one is true. It ends at the first unknown one, or at the second true one, whatever follows. */
function exclusive(args: readonly Expression[], evaluation: Evaluation): Computed {
  let result = false
  for (const arg of args) {
    const value = arg.evaluate(evaluation)
    if (value === undefined) return undefined
    if (value !== true) continue
    if (result) return false
    result = true
  }
  return result
}

export function buildNot(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 1)
  return ofKnown(STATIC_TYPE.bool, [builder.nextOf(STATIC_TYPE.bool)], ([value]) => value !== true)
}

/** `[cond, when, gives, …, otherwise]` */
export function buildCond(builder: Builder, _code: number, count: number): Expression {
  if (count < 3 || count % 2 === 0) builder.refuse()
  builder.count(BUILT_BYTES.cond + ((count + 1) >> 1) * BUILT_BYTES.condCase)
  const cases: { readonly when: Expression; readonly gives: Expression }[] = []
  let type: number | undefined
  for (let left = count; left > 1; left -= 2) {
    const when = builder.nextOf(STATIC_TYPE.bool)
    const gives = builder.next()
    if (gives.isUnknown !== true) {
      type ??= gives.type
      if (gives.type !== type) builder.refuse()
    }
    cases.push({ when, gives })
  }
  const otherwise = builder.next()
  type ??= otherwise.type
  if (otherwise.isUnknown !== true && otherwise.type !== type) builder.refuse()
  // The server does not survive a case that gives what is no value.
  if (type === STATIC_TYPE.other) builder.refuse()
  return {
    type,
    evaluate: (evaluation) => {
      for (const { when, gives } of cases) {
        const value = when.evaluate(evaluation)
        if (value === undefined) return undefined
        if (value === true) return gives.evaluate(evaluation)
      }
      return otherwise.evaluate(evaluation)
    },
  }
}
