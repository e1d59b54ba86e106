import { INT64_MAX, INT64_MIN } from '@aero/codec'
import { seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { type Comparison, type Shift, type Solution, solvePlain, solveShifted } from './interval.ts'

const COMPARISONS: readonly Comparison[] = ['==', '>', '>=', '<', '<=']

/** As the server calculates: in 64 bits, towards zero, and nothing by zero. */
function applied({ operator, constant, constantFirst }: Shift, x: bigint): bigint | undefined {
  const [left, right] = constantFirst ? [constant, x] : [x, constant]
  switch (operator) {
    case '+':
      return BigInt.asIntN(64, left + right)
    case '-':
      return BigInt.asIntN(64, left - right)
    case '*':
      return BigInt.asIntN(64, left * right)
    default:
      return right === 0n ? undefined : BigInt.asIntN(64, left / right)
  }
}

function satisfies(value: bigint | undefined, comparison: Comparison, bound: bigint): boolean {
  if (value === undefined) return false
  switch (comparison) {
    case '==':
      return value === bound
    case '>':
      return value > bound
    case '>=':
      return value >= bound
    case '<':
      return value < bound
    default:
      return value <= bound
  }
}

function holds(solution: Solution, x: bigint): boolean {
  return typeof solution === 'object' && x >= solution.from && x <= solution.to
}

/** Numbers where something may happen: small ones, and those at and near the ends. */
const SAMPLES: readonly bigint[] = [
  ...Array.from({ length: 241 }, (_, index) => BigInt(index - 120)),
  ...Array.from({ length: 130 }, (_, index) => INT64_MIN + BigInt(index)),
  ...Array.from({ length: 130 }, (_, index) => INT64_MAX - BigInt(index)),
]

describe('solutions in 64 bits', () => {
  it.each(COMPARISONS)('x %s bound, compared with trying', (comparison) => {
    for (const bound of [INT64_MIN - 1n, INT64_MIN, -5n, 0n, 7n, INT64_MAX, INT64_MAX + 1n]) {
      const solution = solvePlain(comparison, bound)
      for (const x of SAMPLES) {
        expect(holds(solution, x), `${x} ${comparison} ${bound}`).toBe(satisfies(x, comparison, bound))
      }
    }
  })

  it('of shifted comparisons are exact, compared with trying', () => {
    const random = seededRandom(17)
    const constants = [...SAMPLES, 2n ** 62n, -(2n ** 62n)]
    let solved = 0
    for (let round = 0; round < 4000; round++) {
      const shift: Shift = {
        operator: random.pick(['+', '-', '*', '/']),
        constant: random.chance(0.7) ? BigInt(random.int(-12, 12)) : random.pick(constants),
        constantFirst: random.chance(),
      }
      const comparison = random.pick(COMPARISONS)
      const bound = random.chance(0.8) ? BigInt(random.int(-30, 30)) : random.pick(constants)
      const solution = solveShifted(shift, comparison, bound, true)
      if (solution === undefined) continue
      solved++
      for (const x of [...SAMPLES, random.bigint(INT64_MIN, INT64_MAX)]) {
        if (holds(solution, x) === satisfies(applied(shift, x), comparison, bound)) continue
        expect.unreachable(
          `${JSON.stringify({ ...shift, constant: String(shift.constant) })} ${comparison} ${bound}: ${x}`,
        )
      }
    }
    expect(solved).toBeGreaterThan(1500)
  })

  it.each<
    readonly [
      Shift['operator'],
      bigint,
      boolean,
      Comparison,
      bigint,
      readonly [bigint, bigint] | 'none' | undefined,
    ]
  >([
    ['+', 5n, false, '>', 10n, [6n, INT64_MAX - 5n]],
    ['+', 5n, false, '<', 10n, undefined],
    ['-', 5n, false, '<', 10n, [INT64_MIN + 5n, 14n]],
    ['-', 9n, true, '>', 10n, [INT64_MIN + 10n, -2n]],
    ['*', 5n, false, '>', 10n, undefined],
    ['*', 1n, false, '>', 10n, [11n, INT64_MAX]],
    ['/', 50n, false, '<=', 10n, [INT64_MIN, 549n]],
    ['/', 50n, false, '==', 0n, [-49n, 49n]],
    ['/', -50n, false, '>', 10n, [INT64_MIN, -550n]],
    ['/', 90n, true, '>', 10n, [1n, 8n]],
    ['/', 90n, true, '<', 10n, undefined],
    ['/', 9n, true, '>', 10n, 'none'],
    ['/', 0n, false, '>', 10n, undefined],
    ['/', -1n, false, '>', 10n, undefined],
  ])(
    'x %s %s (constant first: %s) %s %s',
    (operator, constant, constantFirst, comparison, bound, expected) => {
      const solution = solveShifted({ operator, constant, constantFirst }, comparison, bound, true)
      expect(solution).toEqual(Array.isArray(expected) ? { from: expected[0], to: expected[1] } : expected)
    },
  )
})
