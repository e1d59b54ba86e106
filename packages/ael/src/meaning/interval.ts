import { INT64_MAX, INT64_MIN } from '@aero/codec'

/** Whole numbers from one to another, both included. */
export interface Interval {
  readonly from: bigint
  readonly to: bigint
}

export type Comparison = '==' | '>' | '>=' | '<' | '<='

/** What is done to the bin before it is compared: `x + k`, `k - x` and so on, or nothing. */
export interface Shift {
  readonly operator: '+' | '-' | '*' | '/'
  readonly constant: bigint
  /** Whether the constant stands on the left. */
  readonly constantFirst: boolean
}

/** The numbers that satisfy a comparison: an interval, none, or something that is no interval. */
export type Solution = Interval | 'none' | undefined

const ALL: Interval = { from: INT64_MIN, to: INT64_MAX }
const WRAP = 2n ** 64n

/** The x for which `x comparison bound` holds. */
export function solvePlain(comparison: Comparison, bound: bigint): Solution {
  switch (comparison) {
    case '==':
      return within({ from: bound, to: bound }, ALL)
    case '>':
      return within({ from: bound + 1n, to: INT64_MAX }, ALL)
    case '>=':
      return within({ from: bound, to: INT64_MAX }, ALL)
    case '<':
      return within({ from: INT64_MIN, to: bound - 1n }, ALL)
    default:
      return within({ from: INT64_MIN, to: bound }, ALL)
  }
}

/**
 * The x for which `shift(x) comparison bound` holds, exactly, or `undefined` when they are not one interval.
 *
 * @param wraps whether numbers beyond 64 bits wrap around, as they do on the server. The references leave that out.
 */
export function solveShifted(shift: Shift, comparison: Comparison, bound: bigint, wraps: boolean): Solution {
  const { operator, constant, constantFirst } = shift
  switch (operator) {
    case '+':
      return solveSum((x) => x + constant, true, comparison, bound, wraps)
    case '-':
      return constantFirst
        ? solveSum((x) => constant - x, false, comparison, bound, wraps)
        : solveSum((x) => x - constant, true, comparison, bound, wraps)
    case '*':
      if (constant === 0n || (wraps && (constant > 1n || constant < 0n))) return undefined
      return search((x) => x * constant, constant > 0n, comparison, bound, ALL)
    default:
      return constantFirst
        ? solveQuotientOf(constant, comparison, bound)
        : solveQuotientBy(constant, comparison, bound, wraps)
  }
}

function solveQuotientBy(divisor: bigint, comparison: Comparison, bound: bigint, wraps: boolean): Solution {
  // The lowest number by -1 does not fit.
  if (divisor === 0n || (wraps && divisor === -1n)) return undefined
  return search((x) => x / divisor, divisor > 0n, comparison, bound, ALL)
}

/** `dividend / x`, which at 0 is unknown, and on either side of it goes one way. */
function solveQuotientOf(dividend: bigint, comparison: Comparison, bound: bigint): Solution {
  if (dividend === INT64_MIN) return undefined
  const rises = dividend < 0n
  const quotient = (x: bigint): bigint => dividend / x
  const above = search(quotient, rises, comparison, bound, { from: 1n, to: INT64_MAX })
  const below = search(quotient, rises, comparison, bound, { from: INT64_MIN, to: -1n })
  if (above === 'none') return below
  // Both sides would take in 0, which has no place in it.
  return below === 'none' ? above : undefined
}

/** A sum or difference: beyond 64 bits it goes on at the other end, where it may satisfy the comparison again. */
function solveSum(
  sum: (x: bigint) => bigint,
  rises: boolean,
  comparison: Comparison,
  bound: bigint,
  wraps: boolean,
): Solution {
  if (!wraps) return search(sum, rises, comparison, bound, ALL)
  const fits = asInterval(search(sum, rises, '<=', INT64_MAX, ALL))
  const fitsToo = asInterval(search(sum, rises, '>=', INT64_MIN, ALL))
  const over = search(sum, rises, '>', INT64_MAX, ALL)
  const under = search(sum, rises, '<', INT64_MIN, ALL)
  const inside = within({ from: max(fits.from, fitsToo.from), to: min(fits.to, fitsToo.to) }, ALL)
  const parts = [
    inside === 'none' ? inside : search(sum, rises, comparison, bound, asInterval(inside)),
    over === 'none' ? over : search((x) => sum(x) - WRAP, rises, comparison, bound, asInterval(over)),
    under === 'none' ? under : search((x) => sum(x) + WRAP, rises, comparison, bound, asInterval(under)),
  ]
  return parts.reduce<Solution>(joined, 'none')
}

function asInterval(solution: Solution): Interval {
  return typeof solution === 'object' ? solution : { from: 0n, to: -1n }
}

/** Two solutions as one interval, if they are one. */
function joined(one: Solution, other: Solution): Solution {
  if (one === undefined || other === undefined) return undefined
  if (one === 'none') return other
  if (other === 'none') return one
  if (one.to + 1n < other.from || other.to + 1n < one.from) return undefined
  return { from: min(one.from, other.from), to: max(one.to, other.to) }
}

/** Where a function that goes one way in `domain` satisfies a comparison: always one interval. */
function search(
  f: (x: bigint) => bigint,
  rises: boolean,
  comparison: Comparison,
  bound: bigint,
  domain: Interval,
): Solution {
  const direct = (x: bigint): bigint => (rises ? f(x) : -f(x))
  const limit = rises ? bound : -bound
  const mirrored = rises ? comparison : MIRRORED[comparison]
  // `direct` rises: what is at least the limit is an end of the domain, what is at most it a beginning.
  const { from, to } = domain
  switch (mirrored) {
    case '>':
      return within({ from: firstAbove(direct, limit, domain), to }, domain)
    case '>=':
      return within({ from: firstAbove(direct, limit - 1n, domain), to }, domain)
    case '<':
      return within({ from, to: firstAbove(direct, limit - 1n, domain) - 1n }, domain)
    case '<=':
      return within({ from, to: firstAbove(direct, limit, domain) - 1n }, domain)
    default:
      return within(
        { from: firstAbove(direct, limit - 1n, domain), to: firstAbove(direct, limit, domain) - 1n },
        domain,
      )
  }
}

const MIRRORED: { readonly [comparison in Comparison]: Comparison } = {
  '==': '==',
  '>': '<',
  '>=': '<=',
  '<': '>',
  '<=': '>=',
}

/** The first x of the domain with `f(x) > limit`, f rising; one behind the domain when there is none. */
function firstAbove(f: (x: bigint) => bigint, limit: bigint, domain: Interval): bigint {
  let low = domain.from
  let high = domain.to + 1n
  while (low < high) {
    const middle = low + ((high - low) >> 1n)
    if (f(middle) > limit) high = middle
    else low = middle + 1n
  }
  return low
}

/** What two intervals have in common. */
export function within(one: Interval, other: Interval): Interval | 'none' {
  const from = max(one.from, other.from)
  const to = min(one.to, other.to)
  return from > to ? 'none' : { from, to }
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}

function min(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
