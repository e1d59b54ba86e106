import { INFO2 } from '../message/info-bits.ts'
import { type Operation, TOUCH_OPERATION } from '../message/operation.ts'

/*
 * Touching one record: info2 has WRITE, the only operation is TOUCH without bin and value. Result code 2 when there is none.
 */

/** Second flag byte of a touch. */
export const TOUCH_BITS: number = INFO2.write

/** The operations of a touch. */
export const TOUCH_OPERATIONS: readonly Operation[] = Object.freeze([TOUCH_OPERATION])
