import { OPERATION_TYPE, PARTICLE_TYPE } from '@aero/codec'
import { NOT_YET } from '../not-yet.ts'
import { RESULT } from '../result-code.ts'
import type { StoredBin } from '../store/stored-record.ts'

/**
 * The answer to a reading operation that is not carried out yet. 0: the bin is absent, and so the operation yields nothing,
 * whatever it asks. 4: no such operation. Source of the order: as/src/transaction/rw_utils.c, process_bin_read_op.
 */
export function unsupportedRead(type: number, bin: StoredBin | undefined): number {
  switch (type) {
    case OPERATION_TYPE.collectionRead:
      return bin === undefined ? RESULT.ok : typeError(isCollection(bin), NOT_YET.collectionOperation)
    case OPERATION_TYPE.bitRead:
      return bin === undefined ? RESULT.ok : typeError(bin.type === PARTICLE_TYPE.blob, NOT_YET.bitOperation)
    case OPERATION_TYPE.hyperLogLogRead:
      return bin === undefined
        ? RESULT.ok
        : typeError(bin.type === PARTICLE_TYPE.hyperLogLog, NOT_YET.hyperLogLogOperation)
    case OPERATION_TYPE.expressionRead:
      return NOT_YET.expressionOperation
    default:
      return RESULT.parameter
  }
}

/** The answer to a modifying operation that is not carried out yet; 4: no such operation. */
export function unsupportedModify(type: number, bin: StoredBin | undefined): number {
  switch (type) {
    case OPERATION_TYPE.collectionModify:
      return typeError(bin === undefined || isCollection(bin), NOT_YET.collectionOperation)
    case OPERATION_TYPE.bitModify:
      return typeError(bin === undefined || bin.type === PARTICLE_TYPE.blob, NOT_YET.bitOperation)
    case OPERATION_TYPE.hyperLogLogModify:
      return typeError(
        bin === undefined || bin.type === PARTICLE_TYPE.hyperLogLog,
        NOT_YET.hyperLogLogOperation,
      )
    case OPERATION_TYPE.expressionModify:
      return NOT_YET.expressionOperation
    default:
      return RESULT.parameter
  }
}

/** On a bin of the wrong type the real answer is known: 12. */
function typeError(rightType: boolean, notYet: number): number {
  return rightType ? notYet : RESULT.incompatibleType
}

function isCollection(bin: StoredBin): boolean {
  return bin.type === PARTICLE_TYPE.list || bin.type === PARTICLE_TYPE.map
}
