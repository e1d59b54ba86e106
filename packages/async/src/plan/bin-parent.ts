import type { Operation } from '@aero/codec'

/** What a builder for one bin needs of the builder that it came from. */
export interface BinParent {
  operation(operation: Operation): unknown
}
