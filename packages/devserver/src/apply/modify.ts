import { OPERATION_TYPE, PARTICLE_TYPE } from '@aero/codec'
import { RESULT } from '../result-code.ts'
import type { StoredBin } from '../store/stored-record.ts'
import { isParticleType, particleFromWire } from './particle.ts'

/** What an add, append or prepend brings. */
export interface Modification {
  /** Type of the operation. */
  readonly operation: number
  readonly particleType: number
  /** The operand is `source[start, end)`. */
  readonly source: Uint8Array
  readonly start: number
  readonly end: number
}

/**
 * The particle that an add, append or prepend makes of a bin; a result code when the server would refuse it. The types of
 * bin and operand must be equal: an integer is not added to a double.
 */
export function modifiedParticle(bin: StoredBin, change: Modification): Uint8Array | number {
  if (!isParticleType(change.particleType)) return RESULT.parameter
  switch (bin.type) {
    case PARTICLE_TYPE.integer:
      return change.operation === OPERATION_TYPE.add ? addInteger(bin, change) : RESULT.incompatibleType
    case PARTICLE_TYPE.double:
      return change.operation === OPERATION_TYPE.add ? addDouble(bin, change) : RESULT.incompatibleType
    case PARTICLE_TYPE.geoJson:
      // The server has no special answer for this one.
      return RESULT.unknown
    case PARTICLE_TYPE.bool:
    case PARTICLE_TYPE.list:
    case PARTICLE_TYPE.map:
      return RESULT.incompatibleType
    default:
      return change.operation === OPERATION_TYPE.add ? RESULT.incompatibleType : concatenate(bin, change)
  }
}

/** 64 bits, wrapping around. */
function addInteger(bin: StoredBin, change: Modification): Uint8Array | number {
  if (change.particleType !== PARTICLE_TYPE.integer) return RESULT.incompatibleType
  const operand = particleFromWire(PARTICLE_TYPE.integer, change.source, change.start, change.end)
  if (typeof operand === 'number') return operand
  const view = viewOf(operand)
  view.setBigInt64(0, BigInt.asIntN(64, viewOf(bin.particle).getBigInt64(0) + view.getBigInt64(0)))
  return operand
}

function addDouble(bin: StoredBin, change: Modification): Uint8Array | number {
  if (change.particleType !== PARTICLE_TYPE.double) return RESULT.incompatibleType
  const operand = particleFromWire(PARTICLE_TYPE.double, change.source, change.start, change.end)
  if (typeof operand === 'number') return operand
  const view = viewOf(operand)
  view.setFloat64(0, viewOf(bin.particle).getFloat64(0) + view.getFloat64(0))
  return operand
}

function concatenate(bin: StoredBin, change: Modification): Uint8Array | number {
  if (change.particleType !== bin.type) return RESULT.incompatibleType
  const operand = change.source.subarray(change.start, change.end)
  const isAppend = change.operation === OPERATION_TYPE.append
  const joined = new Uint8Array(bin.particle.length + operand.length)
  joined.set(bin.particle, isAppend ? 0 : operand.length)
  joined.set(operand, isAppend ? bin.particle.length : 0)
  return joined
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
