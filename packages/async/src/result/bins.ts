import type { Bins, GeoJson, HyperLogLog } from '@aero/codec'

/** A value as a session reads it that was made with `integers: 'number'`: never a bigint, an unsafe integer is an error. */
export type NumberBinValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | GeoJson
  | HyperLogLog
  | NumberBinValue[]
  | Map<NumberBinValue, NumberBinValue>
  | { [key: string]: NumberBinValue }

/** The bins that a session with these options reads. */
export type BinsRead<Options> = Options extends { readonly integers: 'number' }
  ? { [bin: string]: NumberBinValue }
  : Bins
