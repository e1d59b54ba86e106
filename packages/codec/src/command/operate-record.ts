import { INFO1, INFO2 } from '../message/info-bits.ts'
import type { Operation } from '../message/operation.ts'
import { isWriteOperation, OPERATION_TYPE } from '../message/operation-type.ts'

/*
 * Several operations on one record, carried out in order, all or none: READ in info1 when one of them reads, WRITE in info2
 * when one of them writes; a read of the empty bin name asks for all bins (GET_ALL). With RESPOND_ALL_OPS every operation has
 * a slot in the answer, otherwise only those that yield something have.
 */

/**
 * The first two flag bytes that a list of operations asks for.
 *
 * @param respondAllOperations every operation gets a slot in the answer
 */
export function operateBits(
  operations: readonly Operation[],
  respondAllOperations: boolean,
): { readonly info1: number; readonly info2: number } {
  let info1 = 0
  let info2 = respondAllOperations ? INFO2.respondAllOps : 0
  for (const { type, bin } of operations) {
    if (isWriteOperation(type)) info2 |= INFO2.write
    else info1 |= type === OPERATION_TYPE.read && bin === '' ? INFO1.read | INFO1.getAll : INFO1.read
  }
  return { info1, info2 }
}
