import { LOOP_PART } from '@aero/codec'
import { BUILT_BYTES, type Builder } from './builder.ts'
import { type Computed, computedOfElement, isParticle } from './computed.ts'
import type { Expression, LoopElement } from './evaluation.ts'
import { isInputType, particleTypeOf, STATIC_TYPE } from './static-type.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

function nameOf(builder: Builder): string {
  return Buffer.from(builder.raw()).toString('latin1')
}

/** `[let, name, value, …, body]` */
export function buildLet(builder: Builder, _code: number, count: number): Expression {
  if (count < 3 || count % 2 === 0) builder.refuse()
  builder.count(BUILT_BYTES.let)
  const values: { readonly place: number; readonly value: Expression }[] = []
  for (let left = count; left > 1; left -= 2) {
    const name = nameOf(builder)
    if (!NAME.test(name)) builder.refuse()
    const variable = builder.define(name)
    const value = builder.next()
    variable.type = value.type
    values.push({ place: variable.place, value })
  }
  const body = builder.next()
  builder.forget(values.length)
  return {
    type: body.type,
    isUnknown: body.isUnknown === true,
    evaluate: (evaluation) => {
      for (const { place, value } of values) evaluation.variables[place] = value.evaluate(evaluation)
      return body.evaluate(evaluation)
    },
  }
}

/** `[variable, name]` */
export function buildVariable(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 1, BUILT_BYTES.variable)
  const variable = builder.find(nameOf(builder))
  if (variable?.type === undefined) return builder.refuse()
  const { place, type } = variable
  return { type, evaluate: ({ variables }) => variables[place] }
}

/** `[loop variable, type, part]`: the element that a path has come to. */
export function buildLoopVariable(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 2, BUILT_BYTES.variable)
  const type = builder.unsigned()
  const part = builder.unsigned()
  const name = (['key', 'value', 'index'] as const).find((each) => LOOP_PART[each] === part)
  if (name === undefined || (name === 'index' && type !== STATIC_TYPE.int)) builder.refuse()
  if (!isInputType(type) && type !== STATIC_TYPE.removed) builder.refuse()
  return { type, evaluate: ({ element }) => readPart(element, name, type) }
}

function readPart(element: LoopElement | undefined, part: keyof LoopElement, type: number): Computed {
  const packed = element?.[part]
  if (packed === undefined) return undefined
  const computed = computedOfElement(packed)
  return typeOf(computed) === particleTypeOf(type) ? computed : undefined
}

function typeOf(computed: Computed): number | undefined {
  if (computed === null) return particleTypeOf(STATIC_TYPE.nil)
  if (typeof computed === 'boolean') return particleTypeOf(STATIC_TYPE.bool)
  if (typeof computed === 'bigint') return particleTypeOf(STATIC_TYPE.int)
  if (typeof computed === 'number') return particleTypeOf(STATIC_TYPE.float)
  return isParticle(computed) ? computed.type : undefined
}
