import { areMatching, type Geometry, readGeometry } from '../apply/geo-geometry.ts'
import type { Particle } from '../apply/outcome.ts'
import { type Builder, ofKnown } from './builder.ts'
import { isParticle } from './computed.ts'
import type { Expression } from './evaluation.ts'
import { STATIC_TYPE } from './static-type.ts'

/** `[geoCompare, a, b]`: whether one is a region and the other a point in it. */
export function buildGeoComparison(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 2)
  const args = [builder.nextOf(STATIC_TYPE.geo), builder.nextOf(STATIC_TYPE.geo)]
  const [first, second] = [rememberingReader(), rememberingReader()]
  return ofKnown(STATIC_TYPE.bool, args, ([a, b]) => {
    if (!isParticle(a) || !isParticle(b)) return undefined
    const [one, other] = [first(a), second(b)]
    return one === undefined || other === undefined ? undefined : areMatching(one, other)
  })
}

/** Reads geometries, and the same one only once in a row: that of a literal is asked for again with every record. */
function rememberingReader(): (particle: Particle) => Geometry | undefined {
  let last: Particle | undefined
  let geometry: Geometry | undefined
  return (particle) => {
    if (particle !== last) geometry = readGeometry(particle.particle)
    last = particle
    return geometry
  }
}
