import { type Builder, ofKnown } from './builder.ts'
import type { Expression } from './evaluation.ts'
import { STATIC_TYPE } from './static-type.ts'

/** `[geoCompare, a, b]`: of a point and a region, whether the one is in the other. Not computed yet, and so unknown. */
export function buildGeoComparison(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 2)
  const args = [builder.nextOf(STATIC_TYPE.geo), builder.nextOf(STATIC_TYPE.geo)]
  return ofKnown(STATIC_TYPE.bool, args, () => undefined)
}
