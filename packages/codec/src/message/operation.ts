import type { Value } from '../value/value.ts'
import { OPERATION_TYPE } from './operation-type.ts'

/** One operation of a command on one record. Plain data. */
export interface Operation {
  /** A number of {@link OPERATION_TYPE}. */
  readonly type: number
  /** Name of the bin; empty where the operation concerns the whole record. */
  readonly bin: string
  /** The operand; `undefined` for operations without one. */
  readonly value: Value | undefined
  /** The operand as ready-made bytes, for collection and expression operations. Goes before {@link value}. */
  readonly payload: Uint8Array | undefined
}

/** Reads one bin; the empty name reads all bins. */
export function readOperation(bin: string): Operation {
  return { type: OPERATION_TYPE.read, bin, value: undefined, payload: undefined }
}

/** Sets a bin; `null` removes it. */
export function writeOperation(bin: string, value: Value): Operation {
  return { type: OPERATION_TYPE.write, bin, value, payload: undefined }
}

/** Adds to a number; an absent bin counts as 0. */
export function addOperation(bin: string, value: Value): Operation {
  return { type: OPERATION_TYPE.add, bin, value, payload: undefined }
}

/** Appends to a string or blob; an absent bin counts as empty. */
export function appendOperation(bin: string, value: Value): Operation {
  return { type: OPERATION_TYPE.append, bin, value, payload: undefined }
}

/** Puts before a string or blob; an absent bin counts as empty. */
export function prependOperation(bin: string, value: Value): Operation {
  return { type: OPERATION_TYPE.prepend, bin, value, payload: undefined }
}

/** Renews the record's time to live and raises its generation. */
export const TOUCH_OPERATION: Operation = Object.freeze({
  type: OPERATION_TYPE.touch,
  bin: '',
  value: undefined,
  payload: undefined,
})

/** Removes all bins; what later operations of the same command write stays. */
export const DELETE_OPERATION: Operation = Object.freeze({
  type: OPERATION_TYPE.delete,
  bin: '',
  value: undefined,
  payload: undefined,
})
