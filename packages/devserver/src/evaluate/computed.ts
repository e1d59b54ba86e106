import { ByteWriter, PARTICLE_TYPE } from '@aero/codec'
import { writeInteger } from '../apply/collection.ts'
import { booleanParticle, packedDouble, particleOfElement } from '../apply/container.ts'
import { readGeometry } from '../apply/geo-geometry.ts'
import { geoJsonFromText, geoJsonText } from '../apply/geo-json.ts'
import { doubleParticle, integerParticle, type Particle } from '../apply/outcome.ts'

/**
 * What an expression comes to. `undefined` is unknown, `null` nil, a `bigint` an integer of 64 bits, a `number` a double;
 * strings, blobs, HyperLogLogs, lists and maps are particles, and so is GeoJSON, as its text alone, without cells.
 */
export type Computed = undefined | null | boolean | bigint | number | Particle | typeof REMOVED

/** Says that an element is to be removed by the path that asked. */
export const REMOVED: unique symbol = Symbol('removed')

/** Type of a particle that is none: a packed element that only a comparison makes sense of. */
export const NO_PARTICLE_TYPE = -1

const NIL = Uint8Array.of(0xc0)

export function isParticle(computed: Computed): computed is Particle {
  return typeof computed === 'object' && computed !== null
}

/** Whether this is a list or a map, or another packed element. */
export function isPacked({ type }: Particle): boolean {
  return type === PARTICLE_TYPE.list || type === PARTICLE_TYPE.map || type === NO_PARTICLE_TYPE
}

/** What a bin, or the result of an operation, is to an expression; unknown for the blobs of other languages. */
export function computedOf(of: Particle): Computed {
  const { type, particle } = of
  const view = new DataView(particle.buffer, particle.byteOffset, particle.byteLength)
  switch (type) {
    case PARTICLE_TYPE.nil:
      return null
    case PARTICLE_TYPE.integer:
      return view.getBigInt64(0)
    case PARTICLE_TYPE.double:
      return view.getFloat64(0)
    case PARTICLE_TYPE.bool:
      return particle[0] === 1
    case PARTICLE_TYPE.geoJson:
      return { type, particle: geoJsonText(particle) }
    case PARTICLE_TYPE.string:
    case PARTICLE_TYPE.blob:
    case PARTICLE_TYPE.hyperLogLog:
      return { type, particle }
    case PARTICLE_TYPE.list:
    case PARTICLE_TYPE.map:
      return of.keepsIndex === true ? { type, particle, keepsIndex: true } : { type, particle }
    default:
      return undefined
  }
}

/** A packed element as an expression sees it; unknown for GeoJSON that is none. */
export function computedOfElement(element: Uint8Array): Computed {
  const particle = particleOfElement(element)
  const computed = computedOf(particle)
  const isGeo = isParticle(computed) && computed.type === PARTICLE_TYPE.geoJson
  return isGeo && readGeometry(computed.particle) === undefined ? undefined : computed
}

/** As the value of a bin or of a result; `null` is none at all, and `undefined` says that there is no such value. */
export function particleOf(computed: Computed): Particle | null | undefined {
  if (computed === null) return null
  if (typeof computed === 'bigint') return integerParticle(computed)
  if (typeof computed === 'number') return doubleParticle(computed)
  if (typeof computed === 'boolean') return booleanParticle(computed)
  if (!isParticle(computed) || computed.type === NO_PARTICLE_TYPE) return undefined
  if (computed.type !== PARTICLE_TYPE.geoJson) return computed
  const particle = geoJsonFromText(computed.particle)
  return particle === undefined ? undefined : { type: computed.type, particle }
}

/** As an element of a list, or an argument of a call; `undefined` when it is unknown. */
export function packedOf(computed: Computed): Uint8Array | undefined {
  if (computed === undefined || computed === REMOVED) return undefined
  if (computed === null) return NIL
  if (typeof computed === 'boolean') return Uint8Array.of(computed ? 0xc3 : 0xc2)
  if (typeof computed === 'number') return packedDouble(computed)
  const out = new ByteWriter(9)
  if (typeof computed === 'bigint') {
    writeInteger(out, computed)
    return out.take()
  }
  if (isPacked(computed)) return computed.particle
  writeBytesHead(out, computed.particle.length + 1)
  out.u8(computed.type)
  out.copy(computed.particle)
  return out.take()
}

const FIX_TEXT_BYTES = 32

function writeBytesHead(out: ByteWriter, length: number): void {
  out.ensure(6)
  if (length < FIX_TEXT_BYTES) out.u8(0xa0 | length)
  else if (length < 0x100) {
    out.u8(0xd9)
    out.u8(length)
  } else if (length < 0x1_0000) {
    out.u8(0xda)
    out.u16(length)
  } else {
    out.u8(0xdb)
    out.u32(length)
  }
}
