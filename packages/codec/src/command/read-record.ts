import { INFO1, INFO3 } from '../message/info-bits.ts'

/*
 * Reading one record: info1 says what is wanted, info2 is 0.
 *
 *   all bins        READ | GET_ALL       no operations
 *   some bins       READ                 one READ operation for each name (at least one: none is refused with 4)
 *   metadata only   READ | NO_BIN_DATA   no operations
 *
 * Of a strongly consistent namespace, info3 says how consistent the answer has to be.
 *
 * The header's expiration carries the read-touch percentage: 0 the server's default, -1 never, 1 … 100.
 */

/** First flag byte of a request for all bins. */
export const READ_ALL_BITS: number = INFO1.read | INFO1.getAll
/** First flag byte of a request for the bins named. */
export const READ_BINS_BITS: number = INFO1.read
/** First flag byte of a request for generation and time to live alone. */
export const READ_HEADER_BITS: number = INFO1.read | INFO1.noBinData

/** How consistent a read of a strongly consistent namespace is. Source: as/include/base/proto.h of the server. */
export type ConsistentReadMode = 'session' | 'linearize' | 'allowReplica' | 'allowUnavailable'

/** The third-byte flags of each. Other namespaces pay no heed to them, but refuse `linearize`. */
export const CONSISTENT_READ_BITS: { readonly [mode in ConsistentReadMode]: number } = {
  session: 0,
  linearize: INFO3.scReadType,
  allowReplica: INFO3.scReadRelax,
  allowUnavailable: INFO3.scReadRelax | INFO3.scReadType,
}
