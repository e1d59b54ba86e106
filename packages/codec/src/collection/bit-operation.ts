import { BIT_OPCODE, type BitOpcode } from '../cdt/bit-opcode.ts'
import { BIT_OVERFLOW } from '../cdt/policy.ts'
import { EncodeError } from '../errors.ts'
import type { Operation } from '../message/operation.ts'
import { OPERATION_TYPE } from '../message/operation-type.ts'
import { type Argument, callOperation } from './collection-call.ts'

/*
 * Operations on the bits of a blob, one function each. Offsets and sizes are in bits unless they are said to be in bytes;
 * bit 0 is the highest of the first byte, and negative offsets count from the end. `flags` are those of BIT_WRITE_FLAG.
 * All throw EncodeError, its path beginning with the bin, for values that cannot be written.
 */

function read(bin: string, opcode: BitOpcode, args: readonly Argument[]): Operation {
  return callOperation(OPERATION_TYPE.bitRead, bin, opcode, args)
}

function modify(bin: string, opcode: BitOpcode, args: readonly Argument[]): Operation {
  return callOperation(OPERATION_TYPE.bitModify, bin, opcode, args)
}

/** Gives a blob this size in bytes. Resize flags: {@link BIT_RESIZE_FLAG}. */
export function bitResize(bin: string, byteSize: number, resizeFlags = 0, flags = 0): Operation {
  return modify(bin, BIT_OPCODE.resize, [byteSize, flags, resizeFlags])
}

/** Inserts bytes at a byte. */
export function bitInsert(bin: string, byteOffset: number, bytes: Uint8Array, flags = 0): Operation {
  return modify(bin, BIT_OPCODE.insert, [byteOffset, bytes, flags])
}

/** Removes bytes. */
export function bitRemove(bin: string, byteOffset: number, byteSize: number, flags = 0): Operation {
  return modify(bin, BIT_OPCODE.remove, [byteOffset, byteSize, flags])
}

/** Replaces bits by the first ones of `bytes`. */
export function bitSet(bin: string, offset: number, size: number, bytes: Uint8Array, flags = 0): Operation {
  return modify(bin, BIT_OPCODE.set, [offset, size, bytes, flags])
}

/** Combines bits with those of `bytes` by OR. */
export function bitOr(bin: string, offset: number, size: number, bytes: Uint8Array, flags = 0): Operation {
  return modify(bin, BIT_OPCODE.or, [offset, size, bytes, flags])
}

/** Combines bits with those of `bytes` by exclusive OR. */
export function bitXor(bin: string, offset: number, size: number, bytes: Uint8Array, flags = 0): Operation {
  return modify(bin, BIT_OPCODE.xor, [offset, size, bytes, flags])
}

/** Combines bits with those of `bytes` by AND. */
export function bitAnd(bin: string, offset: number, size: number, bytes: Uint8Array, flags = 0): Operation {
  return modify(bin, BIT_OPCODE.and, [offset, size, bytes, flags])
}

/** Inverts bits. */
export function bitNot(bin: string, offset: number, size: number, flags = 0): Operation {
  return modify(bin, BIT_OPCODE.not, [offset, size, flags])
}

/** Shifts bits to the left, filling up with 0. */
export function bitLeftShift(bin: string, offset: number, size: number, shift: number, flags = 0): Operation {
  return modify(bin, BIT_OPCODE.leftShift, [offset, size, shift, flags])
}

/** Shifts bits to the right, filling up with 0. */
export function bitRightShift(
  bin: string,
  offset: number,
  size: number,
  shift: number,
  flags = 0,
): Operation {
  return modify(bin, BIT_OPCODE.rightShift, [offset, size, shift, flags])
}

/** How {@link bitAdd} and {@link bitSubtract} count. */
export interface BitArithmetic {
  /** The bits are a signed number; default false. */
  readonly signed?: boolean | undefined
  /** What becomes of a result that does not fit; default `fail`. */
  readonly overflow?: 'fail' | 'saturate' | 'wrap' | undefined
}

function actionOf({ signed, overflow = 'fail' }: BitArithmetic): number {
  if (!ACTIONS.has(overflow))
    throw new EncodeError('', `'${overflow}' is nothing to do on overflow: ${[...ACTIONS].join(', ')}`)
  return BIT_OVERFLOW[overflow] | (signed === true ? BIT_OVERFLOW.signed : 0)
}

const ACTIONS: ReadonlySet<string> = new Set(['fail', 'saturate', 'wrap'])

/** Adds to the number that the bits are, of at most 64 bits. */
export function bitAdd(
  bin: string,
  offset: number,
  size: number,
  value: number | bigint,
  arithmetic: BitArithmetic = {},
  flags = 0,
): Operation {
  return modify(bin, BIT_OPCODE.add, [offset, size, value, flags, actionOf(arithmetic)])
}

/** Subtracts from the number that the bits are, of at most 64 bits. */
export function bitSubtract(
  bin: string,
  offset: number,
  size: number,
  value: number | bigint,
  arithmetic: BitArithmetic = {},
  flags = 0,
): Operation {
  return modify(bin, BIT_OPCODE.subtract, [offset, size, value, flags, actionOf(arithmetic)])
}

/** Writes a number into at most 64 bits. */
export function bitSetInteger(
  bin: string,
  offset: number,
  size: number,
  value: number | bigint,
  flags = 0,
): Operation {
  return modify(bin, BIT_OPCODE.setInteger, [offset, size, value, flags])
}

/** Gives bits as bytes, the first bit the highest of the first byte. */
export function bitGet(bin: string, offset: number, size: number): Operation {
  return read(bin, BIT_OPCODE.get, [offset, size])
}

/** Gives the number of bits that are 1. */
export function bitCount(bin: string, offset: number, size: number): Operation {
  return read(bin, BIT_OPCODE.count, [offset, size])
}

/** Gives where, counted from `offset`, the first bit of that value is; -1 when there is none. */
export function bitLeftScan(bin: string, offset: number, size: number, value: boolean): Operation {
  return read(bin, BIT_OPCODE.leftScan, [offset, size, value])
}

/** Gives where, counted from `offset`, the last bit of that value is; -1 when there is none. */
export function bitRightScan(bin: string, offset: number, size: number, value: boolean): Operation {
  return read(bin, BIT_OPCODE.rightScan, [offset, size, value])
}

/** Gives at most 64 bits as a number. */
export function bitGetInteger(bin: string, offset: number, size: number, signed = false): Operation {
  return read(bin, BIT_OPCODE.getInteger, signed ? [offset, size, BIT_OVERFLOW.signed] : [offset, size])
}
