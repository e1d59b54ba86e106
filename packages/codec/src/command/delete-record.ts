import { INFO2 } from '../message/info-bits.ts'

/*
 * Deleting one record: info2 has WRITE and DELETE, no operations. Result code 0 says it was there, 2 that it was not.
 */

/** Second flag byte of a delete. */
export const DELETE_BITS: number = INFO2.write | INFO2.delete
