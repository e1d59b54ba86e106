import { PARTICLE_TYPE } from '@aero/codec'
import { readGeometry } from '../apply/geo-geometry.ts'
import { PACKED_KIND } from '../apply/packed-cursor.ts'
import { BUILT_BYTES, type Builder } from './builder.ts'
import { type Computed, NO_PARTICLE_TYPE } from './computed.ts'
import type { Expression } from './evaluation.ts'
import { STATIC_TYPE } from './static-type.ts'

function constant(type: number, value: Computed): Expression {
  return { type, isLiteral: true, evaluate: () => value }
}

/** A value that stands for itself: everything but a list. */
export function buildLiteral(builder: Builder): Expression {
  const { cursor } = builder
  const kind = builder.peek()
  if (kind === PACKED_KIND.map || kind === PACKED_KIND.extension) return buildPacked(builder)
  cursor.next()
  switch (kind) {
    case PACKED_KIND.nil:
      builder.count(BUILT_BYTES.plain)
      return constant(STATIC_TYPE.nil, null)
    case PACKED_KIND.false:
    case PACKED_KIND.true:
      builder.count(BUILT_BYTES.bytes)
      return constant(STATIC_TYPE.bool, kind === PACKED_KIND.true)
    case PACKED_KIND.integer:
      builder.count(BUILT_BYTES.number)
      return constant(STATIC_TYPE.int, BigInt.asIntN(64, cursor.integer))
    case PACKED_KIND.double:
      builder.count(BUILT_BYTES.number)
      return constant(STATIC_TYPE.float, cursor.double)
    default:
      return buildBytes(builder)
  }
}

/** A string, blob, HyperLogLog or GeoJSON, which the cursor has found: its first byte says which. */
function buildBytes(builder: Builder): Expression {
  const { cursor } = builder
  if (cursor.length === 0) builder.refuse()
  const type = cursor.bytes[cursor.start] as number
  const particle = cursor.bytes.slice(cursor.start + 1, cursor.start + cursor.length)
  builder.count(type === PARTICLE_TYPE.geoJson ? BUILT_BYTES.geoJson : BUILT_BYTES.bytes)
  switch (type) {
    case PARTICLE_TYPE.string:
      return constant(STATIC_TYPE.string, { type, particle })
    case PARTICLE_TYPE.blob:
      return constant(STATIC_TYPE.blob, { type, particle })
    case PARTICLE_TYPE.hyperLogLog:
      return constant(STATIC_TYPE.hll, { type, particle })
    case PARTICLE_TYPE.geoJson:
      if (readGeometry(particle) === undefined) builder.refuse()
      return constant(STATIC_TYPE.geo, { type, particle })
    default:
      return builder.refuse()
  }
}

/** A map, or an extension that only a comparison makes sense of. */
function buildPacked(builder: Builder): Expression {
  const isMap = builder.peek() === PACKED_KIND.map
  const particle = builder.element()
  builder.count(BUILT_BYTES.bytes)
  if (isMap) return constant(STATIC_TYPE.map, { type: PARTICLE_TYPE.map, particle })
  return constant(STATIC_TYPE.other, { type: NO_PARTICLE_TYPE, particle })
}

/** `[quote, list]`: a list that stands for itself. */
export function buildQuote(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 1, BUILT_BYTES.bytes)
  if (builder.peek() !== PACKED_KIND.list) builder.refuse()
  return constant(STATIC_TYPE.list, { type: PARTICLE_TYPE.list, particle: builder.element() })
}
