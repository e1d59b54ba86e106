import { RETURN_TYPE } from '@aero/codec'
import { RESULT } from '../result-code.ts'
import { booleanParticle, integersParticle } from './container.ts'
import { integerParticle, type Particle } from './outcome.ts'
import { Refused } from './refused.ts'

/** What an operation is to give back of what it selects, as it is said on the wire. */
export interface Asked {
  /** One of {@link RETURN_TYPE} or {@link RANGE_TYPE}, not inverted. */
  readonly type: number
  readonly inverted: boolean
  /** The operation may select several elements: results are lists then. */
  readonly multiple: boolean
}

/** Return types that no client uses any more: where a range begins, and how long it is. */
export const RANGE_TYPE = { index: 9, reverseIndex: 10, rank: 11, reverseRank: 12 } as const

export function askedOf(returns: bigint, multiple: boolean): Asked {
  const inverted = (returns & BigInt(RETURN_TYPE.inverted)) !== 0n
  return { type: Number(BigInt.asUintN(16, returns)), inverted, multiple }
}

export function isIndexRange(type: number): boolean {
  return type === RANGE_TYPE.index || type === RANGE_TYPE.reverseIndex
}

export function isRankRange(type: number): boolean {
  return type === RANGE_TYPE.rank || type === RANGE_TYPE.reverseRank
}

export function isReverse(type: number): boolean {
  return (
    type === RETURN_TYPE.reverseIndex ||
    type === RETURN_TYPE.reverseRank ||
    type === RANGE_TYPE.reverseIndex ||
    type === RANGE_TYPE.reverseRank
  )
}

/** A contiguous range; `count` is at most what there is. */
export interface Range {
  readonly start: number
  readonly count: number
}

/** The range that begins at `index`, negative from the end; refused when a single element is out of bounds. */
export function resolveRange(index: number, count: number, total: number, multiple: boolean): Range {
  const start = index < 0 ? index + total : index
  if (!multiple) {
    if (start < 0 || start >= total) throw new Refused(RESULT.notApplicable)
    return { start, count: Math.min(count, total - start) }
  }
  if (index >= total) return { start: total, count: 0 }
  if (start < 0) return { start: 0, count: Math.max(0, Math.min(count + start, total)) }
  return { start, count: Math.min(count, total - start) }
}

/** A range counted from an element at `from`, reckoned in 64 bits. */
export function relativeRange(
  index: bigint,
  count: bigint,
  from: number,
): { readonly index: number; readonly count: number } {
  const start = BigInt.asIntN(64, index + BigInt(from))
  if (start >= 0n) return { index: Number(start), count: Number(count) }
  const before = -start
  return { index: 0, count: count > before ? Number(count - before) : 0 }
}

/** The numbers of a range; counted from the end they are still given upwards. */
export function rangeNumbers({ start, count }: Range, total: number, reverse: boolean): number[] {
  const first = reverse ? total - start - count : start
  return Array.from({ length: count }, (_, offset) => first + offset)
}

/** Counts, and indexes or ranks that are contiguous. Inverted: of all but the range. */
export function rangeResult(asked: Asked, range: Range, total: number): Particle | undefined {
  const { start, count } = range
  const { type, inverted, multiple } = asked
  const reverse = isReverse(type)
  switch (type) {
    case RETURN_TYPE.none:
      return undefined
    case RETURN_TYPE.count:
      return integerParticle(inverted ? total - count : count)
    case RETURN_TYPE.exists:
      return booleanParticle(inverted ? count === 0 : count !== 0)
    case RETURN_TYPE.index:
    case RETURN_TYPE.reverseIndex:
    case RETURN_TYPE.rank:
    case RETURN_TYPE.reverseRank: {
      if (!multiple) return integerParticle(count === 0 ? -1 : reverse ? total - start - 1 : start)
      if (!inverted) return integersParticle(rangeNumbers(range, total, reverse))
      const after = start + count
      return integersParticle([
        ...rangeNumbers({ start: 0, count: start }, total, reverse),
        ...rangeNumbers({ start: after, count: total - after }, total, reverse),
      ])
    }
    case RANGE_TYPE.index:
    case RANGE_TYPE.reverseIndex:
    case RANGE_TYPE.rank:
    case RANGE_TYPE.reverseRank:
      if (inverted) throw new Refused(RESULT.notApplicable)
      return integersParticle([reverse ? total - start - count : start, count])
    default:
      throw new Refused(RESULT.notApplicable)
  }
}

/** Indexes or ranks one by one; a single one alone. */
export function numbersResult(asked: Asked, numbers: readonly number[], total: number): Particle {
  const seen = isReverse(asked.type) ? numbers.map((number) => total - number - 1) : numbers
  return asked.multiple ? integersParticle(seen) : integerParticle(seen[0] ?? -1)
}

/** The places that are not among these, in order. */
export function otherPlaces(places: readonly number[], total: number): number[] {
  const taken = new Set(places)
  return Array.from({ length: total }, (_, place) => place).filter((place) => !taken.has(place))
}
