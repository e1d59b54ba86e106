import { OPERATOR } from '@aero/codec'
import { wholeOf } from '../apply/increment.ts'
import { BUILT_BYTES, type Builder, ofKnown } from './builder.ts'
import type { Expression } from './evaluation.ts'
import { STATIC_TYPE } from './static-type.ts'

type Compute<Value> = (first: Value, others: readonly Value[]) => Value | undefined

/** An operator on any number of integers, and on as many doubles. */
interface Sum {
  readonly integers: Compute<bigint>
  readonly doubles: Compute<number>
}

const SUMS: ReadonlyMap<number, Sum> = new Map<number, Sum>([
  [
    OPERATOR.add.code,
    {
      integers: (first, others) => others.reduce((sum, value) => sum + value, first),
      doubles: (first, others) => others.reduce((sum, value) => sum + value, first),
    },
  ],
  [
    OPERATOR.sub.code,
    {
      integers: (first, others) =>
        others.length === 0 ? -first : others.reduce((rest, value) => rest - value, first),
      // Of one zero the server makes 0.0 - 0.0, which has no sign.
      doubles: (first, others) =>
        others.length === 0 ? 0 - first : others.reduce((rest, value) => rest - value, first),
    },
  ],
  [
    OPERATOR.mul.code,
    {
      integers: (first, others) => others.reduce((product, value) => wrapped(product * value), first),
      doubles: (first, others) => others.reduce((product, value) => product * value, first),
    },
  ],
  [OPERATOR.div.code, { integers: divideIntegers, doubles: divideDoubles }],
  [
    OPERATOR.min.code,
    {
      integers: (first, others) => others.reduce(lesser, first),
      doubles: (first, others) => others.reduce(lesser, first),
    },
  ],
  [
    OPERATOR.max.code,
    {
      integers: (first, others) => others.reduce(greater, first),
      doubles: (first, others) => others.reduce(greater, first),
    },
  ],
])

/** The first of the two unless the second is less: a NaN stays where it stands. */
function lesser<Value extends bigint | number>(first: Value, second: Value): Value {
  if (first > second) return second
  return first
}

function greater<Value extends bigint | number>(first: Value, second: Value): Value {
  if (first < second) return second
  return first
}

function wrapped(value: bigint): bigint {
  return BigInt.asIntN(64, value)
}

/** The divisors are multiplied first, and the product wraps. A single argument is a divisor of 1. */
function divideIntegers(first: bigint, others: readonly bigint[]): bigint | undefined {
  const divisor =
    others.length === 0 ? first : others.reduce((product, value) => wrapped(product * value), 1n)
  if (divisor === 0n) return undefined
  return (others.length === 0 ? 1n : first) / divisor
}

function divideDoubles(first: number, others: readonly number[]): number {
  if (others.length === 0) return 1 / first
  return first / others.reduce((product, value) => product * value, 1)
}

/** `[add, …]`, `sub`, `mul`, `div`, `min`, `max`: numbers of one type. Integers wrap at 64 bits. */
export function buildSum(builder: Builder, code: number, count: number): Expression {
  const { integers, doubles } = SUMS.get(code) as Sum
  if (count < 1) builder.refuse()
  builder.count(BUILT_BYTES.plain)
  const first = nextNumber(builder)
  const { type } = first
  const args = [first]
  for (let left = count - 1; left > 0; left--) args.push(builder.nextOf(type))
  return ofKnown(type, args, (values) => {
    if (type === STATIC_TYPE.float) {
      const [one, ...others] = values as [number, ...number[]]
      return doubles(one, others)
    }
    const [one, ...others] = values as [bigint, ...bigint[]]
    const result = integers(one, others)
    return result === undefined ? undefined : wrapped(result)
  })
}

function nextNumber(builder: Builder): Expression {
  const expression = builder.next()
  const isNumber = expression.type === STATIC_TYPE.int || expression.type === STATIC_TYPE.float
  return isNumber ? expression : builder.refuse()
}

export function buildAbs(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 1)
  const arg = nextNumber(builder)
  // The least integer stays what it is.
  return ofKnown(arg.type, [arg], ([value]) =>
    typeof value === 'bigint' ? wrapped(value < 0n ? -value : value) : Math.abs(value as number),
  )
}

const BINARY: ReadonlyMap<number, (a: number, b: number) => number> = new Map([
  [OPERATOR.pow.code, power],
  [OPERATOR.log.code, (value: number, base: number) => Math.log(value) / Math.log(base)],
])

/** As C has it: unlike in JavaScript, 1 to whatever power is 1, and so is -1 to an infinite one. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1
  return base ** exponent
}

/** `[pow, base, exponent]`, `[log, value, base]`: doubles. */
export function buildPower(builder: Builder, code: number, count: number): Expression {
  builder.begin(count, 2)
  const args = [builder.nextOf(STATIC_TYPE.float), builder.nextOf(STATIC_TYPE.float)]
  const compute = BINARY.get(code) as (a: number, b: number) => number
  return ofKnown(STATIC_TYPE.float, args, ([a, b]) => compute(a as number, b as number))
}

export function buildMod(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 2)
  const args = [builder.nextOf(STATIC_TYPE.int), builder.nextOf(STATIC_TYPE.int)]
  return ofKnown(STATIC_TYPE.int, args, ([value, divisor]) =>
    divisor === 0n ? undefined : (value as bigint) % (divisor as bigint),
  )
}

/** `[floor, double]`, `[ceil, double]` */
export function buildRounding(builder: Builder, code: number, count: number): Expression {
  builder.begin(count, 1)
  const round = code === OPERATOR.floor.code ? Math.floor : Math.ceil
  return ofKnown(STATIC_TYPE.float, [builder.nextOf(STATIC_TYPE.float)], ([value]) => round(value as number))
}

/** Without its fraction. What no integer can hold becomes the least one, as processors of the server's kind have it. */
export function buildToInt(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 1)
  return ofKnown(STATIC_TYPE.int, [builder.nextOf(STATIC_TYPE.float)], ([value]) => wholeOf(value as number))
}

export function buildToFloat(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 1)
  return ofKnown(STATIC_TYPE.float, [builder.nextOf(STATIC_TYPE.int)], ([value]) => Number(value as bigint))
}
