import { INFO1 } from '../message/info-bits.ts'

/*
 * Reading one record: info1 says what is wanted, info2 is 0.
 *
 *   all bins        READ | GET_ALL       no operations
 *   some bins       READ                 one READ operation for each name (at least one: none is refused with 4)
 *   metadata only   READ | NO_BIN_DATA   no operations
 *
 * The header's expiration carries the read-touch percentage: 0 the server's default, -1 never, 1 … 100.
 */

/** First flag byte of a request for all bins. */
export const READ_ALL_BITS: number = INFO1.read | INFO1.getAll
/** First flag byte of a request for the bins named. */
export const READ_BINS_BITS: number = INFO1.read
/** First flag byte of a request for generation and time to live alone. */
export const READ_HEADER_BITS: number = INFO1.read | INFO1.noBinData
