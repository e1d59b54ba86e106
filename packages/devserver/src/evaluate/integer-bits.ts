import { OPERATOR } from '@aero/codec'
import { BUILT_BYTES, type Builder, ofKnown } from './builder.ts'
import type { Expression } from './evaluation.ts'
import { STATIC_TYPE } from './static-type.ts'

const BITS = 64
/** The server's processor looks at so many bits of what it shifts by. */
const SHIFT_MASK = 63n

type Combine = (a: bigint, b: bigint) => bigint

const COMBINING: ReadonlyMap<number, Combine> = new Map<number, Combine>([
  [OPERATOR.intAnd.code, (a, b) => a & b],
  [OPERATOR.intOr.code, (a, b) => a | b],
  [OPERATOR.intXor.code, (a, b) => a ^ b],
])

/** `[intAnd, …]`, `[intOr, …]`, `[intXor, …]`: one or more integers. */
export function buildCombination(builder: Builder, code: number, count: number): Expression {
  const combine = COMBINING.get(code) as Combine
  if (count < 1) builder.refuse()
  builder.count(BUILT_BYTES.plain)
  const args = Array.from({ length: count }, () => builder.nextOf(STATIC_TYPE.int))
  return ofKnown(STATIC_TYPE.int, args, (values) => (values as bigint[]).reduce(combine))
}

const SHIFTING: ReadonlyMap<number, Combine> = new Map<number, Combine>([
  [OPERATOR.intLeftShift.code, (value, by) => value << by],
  [OPERATOR.intRightShift.code, (value, by) => BigInt.asUintN(BITS, value) >> by],
  [OPERATOR.intArithmeticRightShift.code, (value, by) => value >> by],
])

/** `[intLeftShift, value, by]` and its like. */
export function buildShift(builder: Builder, code: number, count: number): Expression {
  const shift = SHIFTING.get(code) as Combine
  builder.begin(count, 2)
  const args = [builder.nextOf(STATIC_TYPE.int), builder.nextOf(STATIC_TYPE.int)]
  return ofKnown(STATIC_TYPE.int, args, ([value, by]) =>
    BigInt.asIntN(BITS, shift(value as bigint, (by as bigint) & SHIFT_MASK)),
  )
}

/** `[intNot, value]`, `[intCount, value]` */
export function buildSingle(builder: Builder, code: number, count: number): Expression {
  builder.begin(count, 1)
  const arg = builder.nextOf(STATIC_TYPE.int)
  return ofKnown(STATIC_TYPE.int, [arg], ([value]) =>
    code === OPERATOR.intNot.code
      ? ~(value as bigint)
      : BigInt(bitsOf(value as bigint).replaceAll('0', '').length),
  )
}

function bitsOf(value: bigint): string {
  return BigInt.asUintN(BITS, value).toString(2).padStart(BITS, '0')
}

/** `[intLeftScan, value, wanted]`, `[intRightScan, value, wanted]`: where the first such bit is, from the left; -1: none. */
export function buildScan(builder: Builder, code: number, count: number): Expression {
  builder.begin(count, 2)
  const args = [builder.nextOf(STATIC_TYPE.int), builder.nextOf(STATIC_TYPE.bool)]
  return ofKnown(STATIC_TYPE.int, args, ([value, wanted]) => {
    const bits = bitsOf(value as bigint)
    const bit = wanted === true ? '1' : '0'
    return BigInt(code === OPERATOR.intLeftScan.code ? bits.indexOf(bit) : bits.lastIndexOf(bit))
  })
}
