import { READ_HEADER_BITS } from './read-record.ts'

/*
 * Asking whether a record exists: a read of its metadata. Result code 0 says yes, 2 no.
 */

/** First flag byte of the question whether a record exists. */
export const EXISTS_BITS: number = READ_HEADER_BITS
