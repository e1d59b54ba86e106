import { HLL_OPCODE, type HllOpcode } from '../cdt/hll-opcode.ts'
import type { Operation } from '../message/operation.ts'
import { OPERATION_TYPE } from '../message/operation-type.ts'
import type { HyperLogLog } from '../value/hyper-log-log.ts'
import type { Value } from '../value/value.ts'
import { type Argument, callOperation } from './collection-call.ts'

/*
 * Operations on HyperLogLogs, one function each. `flags` are those of HLL_WRITE_FLAG. All throw EncodeError, its path
 * beginning with the bin, for values that cannot be written.
 */

/** How many bits a HyperLogLog is to have. */
export interface HllBits {
  /** 4 to 16: the registers are 2 to that power. Left out: those of the bin. */
  readonly indexBits?: number | undefined
  /** 4 to 51, together with `indexBits` at most 64, for similarity and intersections. Left out: none, or those of the bin. */
  readonly minHashBits?: number | undefined
}

/** Says on the wire that nothing is said. */
const UNSAID = -1

function read(bin: string, opcode: HllOpcode, args: readonly Argument[]): Operation {
  return callOperation(OPERATION_TYPE.hyperLogLogRead, bin, opcode, args)
}

function modify(bin: string, opcode: HllOpcode, args: readonly Argument[]): Operation {
  return callOperation(OPERATION_TYPE.hyperLogLogModify, bin, opcode, args)
}

/** Creates an empty HyperLogLog, or empties the one that is there. */
export function hllInit(bin: string, bits: HllBits = {}, flags = 0): Operation {
  return modify(bin, HLL_OPCODE.init, [bits.indexBits ?? UNSAID, bits.minHashBits ?? UNSAID, flags])
}

/** Adds values, creating the bin when `bits` are said; gives how many changed something. */
export function hllAdd(bin: string, values: readonly Value[], bits: HllBits = {}, flags = 0): Operation {
  return modify(bin, HLL_OPCODE.add, [values, bits.indexBits ?? UNSAID, bits.minHashBits ?? UNSAID, flags])
}

/** Makes the bin the union of itself and others. */
export function hllSetUnion(bin: string, others: readonly HyperLogLog[], flags = 0): Operation {
  return modify(bin, HLL_OPCODE.setUnion, [others, flags])
}

/** Brings the count that is kept up to date, and gives it. */
export function hllRefreshCount(bin: string): Operation {
  return modify(bin, HLL_OPCODE.refreshCount, [])
}

/** Makes it smaller: fewer index bits. Not with minhash bits. */
export function hllFold(bin: string, indexBits: number): Operation {
  return modify(bin, HLL_OPCODE.fold, [indexBits])
}

/** Gives the estimated number of different values. */
export function hllGetCount(bin: string): Operation {
  return read(bin, HLL_OPCODE.getCount, [])
}

/** Gives the union of the bin and others. */
export function hllGetUnion(bin: string, others: readonly HyperLogLog[]): Operation {
  return read(bin, HLL_OPCODE.getUnion, [others])
}

/** Gives the estimated number of different values in the union of the bin and others. */
export function hllGetUnionCount(bin: string, others: readonly HyperLogLog[]): Operation {
  return read(bin, HLL_OPCODE.getUnionCount, [others])
}

/** Gives the estimated number of values that the bin and all others have in common. */
export function hllGetIntersectCount(bin: string, others: readonly HyperLogLog[]): Operation {
  return read(bin, HLL_OPCODE.getIntersectCount, [others])
}

/** Gives the estimated share, 0 to 1, of values that the bin and all others have in common. */
export function hllGetSimilarity(bin: string, others: readonly HyperLogLog[]): Operation {
  return read(bin, HLL_OPCODE.getSimilarity, [others])
}

/** Gives the index bits and minhash bits. */
export function hllDescribe(bin: string): Operation {
  return read(bin, HLL_OPCODE.describe, [])
}

/** Gives 1 when all values may have been added, 0 when one was certainly not. */
export function hllMayContain(bin: string, values: readonly Value[]): Operation {
  return read(bin, HLL_OPCODE.mayContain, [values])
}
