import { EncodeError } from '../errors.ts'
import { writeContext, writeExpression } from '../expression/encode-expression.ts'
import { writeListHead } from '../expression/heads.ts'
import type { Expression, PathStep } from '../expression/node.ts'
import { CALL_FORM, SELECT_APPLIES } from '../expression/opcode.ts'
import type { Operation } from '../message/operation.ts'
import { OPERATION_TYPE } from '../message/operation-type.ts'
import { writeMsgpack } from '../value/msgpack-writer.ts'
import { ByteWriter } from '../wire/byte-writer.ts'

/*
 * payload  :=  [0xfe, context, flags]  |  [0xfe, context, flags | 4, expression]
 */

/**
 * Gives what a path leads to: several elements, where a step takes all children or a filter passes several. Servers from
 * 8.1.1.
 *
 * @param flags of SELECT_FLAG
 * @throws EncodeError, its path beginning with the bin, for values that cannot be written.
 */
export function selectByPath(bin: string, path: readonly PathStep[], flags: number): Operation {
  return {
    type: OPERATION_TYPE.collectionRead,
    bin,
    value: undefined,
    payload: payloadOf(bin, path, flags, undefined),
  }
}

/**
 * Puts the result of an expression in the place of everything that a path leads to; loop variables in it stand for the
 * element at hand, and the operator `removeResult` removes it. Servers from 8.1.1.
 *
 * @param flags 0, or `noFail` of SELECT_FLAG
 * @throws EncodeError, its path beginning with the bin, for values that cannot be written.
 */
export function modifyByPath(
  bin: string,
  path: readonly PathStep[],
  modify: Expression,
  flags: number,
): Operation {
  return {
    type: OPERATION_TYPE.collectionModify,
    bin,
    value: undefined,
    payload: payloadOf(bin, path, flags, modify),
  }
}

/** Whether the payload of an operation on a collection is a path, not a call. */
export function isPathPayload(payload: Uint8Array): boolean {
  // The head of a list of 3 or 4, then 0xfe as an unsigned byte.
  return payload[1] === 0xcc && payload[2] === CALL_FORM.select
}

function payloadOf(
  bin: string,
  path: readonly PathStep[],
  flags: number,
  modify: Expression | undefined,
): Uint8Array {
  const out = new ByteWriter(32)
  try {
    writeListHead(out, modify === undefined ? 3 : 4)
    writeMsgpack(out, CALL_FORM.select)
    writeContext(out, path)
    writeMsgpack(out, modify === undefined ? flags : flags | SELECT_APPLIES)
    if (modify !== undefined) writeExpression(out, modify)
  } catch (error) {
    throw error instanceof EncodeError ? error.under(bin) : error
  }
  return out.take()
}
