import { PARTICLE_TYPE } from '@aero/codec'
import { RESULT } from '../result-code.ts'
import { collectionFromWire } from './collection.ts'
import { geoJsonFromWire } from './geo-json.ts'
import { isHyperLogLog } from './hyper-log-log.ts'

const KNOWN: ReadonlySet<number> = new Set(
  Object.values(PARTICLE_TYPE).filter((type) => type !== PARTICLE_TYPE.nil),
)

/** Whether there are values of this type. */
export function isParticleType(type: number): boolean {
  return KNOWN.has(type)
}

/**
 * The value of a write as it will be kept, from `source[start, end)`; a result code when the server would refuse it.
 * Integers become 8 bytes, lists and maps are put into the server's own form, everything else stays as it came.
 */
export function particleFromWire(
  type: number,
  source: Uint8Array,
  start: number,
  end: number,
): Uint8Array | number {
  switch (type) {
    case PARTICLE_TYPE.integer:
      return integerFromWire(source, start, end)
    case PARTICLE_TYPE.double:
      return end - start === 8 ? source.slice(start, end) : RESULT.parameter
    case PARTICLE_TYPE.bool:
      return end - start === 1 && (source[start] as number) <= 1 ? source.slice(start, end) : RESULT.parameter
    case PARTICLE_TYPE.string:
    case PARTICLE_TYPE.blob:
    case PARTICLE_TYPE.javaBlob:
    case PARTICLE_TYPE.csharpBlob:
    case PARTICLE_TYPE.pythonBlob:
    case PARTICLE_TYPE.rubyBlob:
    case PARTICLE_TYPE.phpBlob:
    case PARTICLE_TYPE.erlangBlob:
    case PARTICLE_TYPE.vector:
      return source.slice(start, end)
    case PARTICLE_TYPE.hyperLogLog:
      return isHyperLogLog(source.subarray(start, end)) ? source.slice(start, end) : RESULT.parameter
    case PARTICLE_TYPE.list:
    case PARTICLE_TYPE.map:
      return collectionFromWire(type === PARTICLE_TYPE.map, source.subarray(start, end)) ?? RESULT.unknown
    case PARTICLE_TYPE.geoJson:
      return geoJsonFromWire(source.subarray(start, end)) ?? RESULT.invalidGeoJson
    default:
      return RESULT.parameter
  }
}

/** An integer of 1, 2, 4 or 8 bytes; the short ones are unsigned. */
function integerFromWire(source: Uint8Array, start: number, end: number): Uint8Array | number {
  const length = end - start
  if (length === 8) return source.slice(start, end)
  if (length !== 1 && length !== 2 && length !== 4) return RESULT.parameter
  const particle = new Uint8Array(8)
  particle.set(source.subarray(start, end), 8 - length)
  return particle
}
