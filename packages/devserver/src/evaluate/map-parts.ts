import { OPERATOR, PARTICLE_TYPE } from '@aero/codec'
import { listParticle, openContainer } from '../apply/container.ts'
import { type Builder, ofKnown } from './builder.ts'
import { isParticle, REMOVED } from './computed.ts'
import type { Expression } from './evaluation.ts'
import { STATIC_TYPE } from './static-type.ts'

/** `[mapKeys, map]`, `[mapValues, map]`: as a list. Built with anything, but unknown of all but maps. */
export function buildMapParts(builder: Builder, code: number, count: number): Expression {
  builder.begin(count, 1)
  return ofKnown(STATIC_TYPE.list, [builder.next()], ([value]) => {
    if (!isParticle(value) || value.type !== PARTICLE_TYPE.map) return undefined
    const map = openContainer(value.particle)
    if (map?.kind !== 'map') return undefined
    return listParticle(code === OPERATOR.mapKeys.code ? map.keys : map.values)
  })
}

/** `[removeResult]`: what a modification by path gives to remove the element. */
export function buildRemoved(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 0)
  return { type: STATIC_TYPE.removed, evaluate: () => REMOVED }
}
