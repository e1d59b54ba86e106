import { EXPRESSION_TYPE, PARTICLE_TYPE } from '@aero/codec'

const MORE_TYPES = {
  /** A packed element that is neither list nor map nor plain value. */
  other: -1,
  /** The element under a path is to be removed. */
  removed: 11,
} as const

/** What an expression is known to give before it is evaluated. Source: enum result_type in as/src/base/exp.c. */
export const STATIC_TYPE: typeof EXPRESSION_TYPE & typeof MORE_TYPES = { ...EXPRESSION_TYPE, ...MORE_TYPES }

/** Types that bins, calls and loop variables may be read as. */
const INPUT_TYPES = 10

/** The particle type of values of that type. */
const PARTICLE_TYPES: readonly number[] = (() => {
  const types: number[] = []
  types[STATIC_TYPE.nil] = PARTICLE_TYPE.nil
  types[STATIC_TYPE.bool] = PARTICLE_TYPE.bool
  types[STATIC_TYPE.int] = PARTICLE_TYPE.integer
  types[STATIC_TYPE.string] = PARTICLE_TYPE.string
  types[STATIC_TYPE.list] = PARTICLE_TYPE.list
  types[STATIC_TYPE.map] = PARTICLE_TYPE.map
  types[STATIC_TYPE.blob] = PARTICLE_TYPE.blob
  types[STATIC_TYPE.float] = PARTICLE_TYPE.double
  types[STATIC_TYPE.geo] = PARTICLE_TYPE.geoJson
  types[STATIC_TYPE.hll] = PARTICLE_TYPE.hyperLogLog
  return types
})()

export function isInputType(type: number): boolean {
  return type < INPUT_TYPES
}

export function particleTypeOf(type: number): number | undefined {
  return PARTICLE_TYPES[type]
}
