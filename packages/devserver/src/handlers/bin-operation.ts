import { OPERATION_TYPE } from '@aero/codec'
import { modifyBits, readBits } from '../apply/bit.ts'
import { modifyCollection, readCollection } from '../apply/collection-operation.ts'
import { modifyHll, readHll } from '../apply/hll.ts'
import type { Outcome, Particle } from '../apply/outcome.ts'
import { buildExpression } from '../evaluate/build.ts'
import { isPath, modifyByPath, selectByPath } from '../evaluate/path.ts'
import { RESULT } from '../result-code.ts'

/**
 * Carries out an operation that reads a part of a bin, or computes something of it. A number is a result code; 4: no such
 * operation. Source: as/src/transaction/rw_utils.c, process_bin_read_op.
 */
export function readPart(type: number, bin: Particle, payload: Uint8Array): Outcome | number {
  switch (type) {
    case OPERATION_TYPE.collectionRead:
      if (isPath(payload)) return selectByPath(bin, payload, buildExpression)
      return readCollection(bin, payload)
    case OPERATION_TYPE.bitRead:
      return readBits(bin, payload)
    case OPERATION_TYPE.hyperLogLogRead:
      return readHll(bin, payload)
    default:
      return RESULT.parameter
  }
}

/** Carries out an operation that changes a part of a bin, or creates the bin. A number is a result code. */
export function modifyPart(type: number, bin: Particle | undefined, payload: Uint8Array): Outcome | number {
  switch (type) {
    case OPERATION_TYPE.collectionModify:
      if (isPath(payload)) return modifyByPath(bin, payload, buildExpression)
      return modifyCollection(bin, payload)
    case OPERATION_TYPE.bitModify:
      return modifyBits(bin, payload)
    case OPERATION_TYPE.hyperLogLogModify:
      return modifyHll(bin, payload)
    default:
      return RESULT.parameter
  }
}
