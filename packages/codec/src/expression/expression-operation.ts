import type { Operation } from '../message/operation.ts'
import { OPERATION_TYPE } from '../message/operation-type.ts'
import { writeMsgpack } from '../value/msgpack-writer.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { writeExpression } from './encode-expression.ts'
import { writeListHead } from './heads.ts'
import type { Expression } from './node.ts'

/*
 * payload  :=  [expression, flags]
 */

/**
 * Evaluates an expression into the result, under a name that need not be a bin's.
 *
 * @param flags of EXPRESSION_READ_FLAG; default 0: an expression that cannot be evaluated fails the command
 * @throws EncodeError when the expression cannot be written.
 */
export function expressionReadOperation(name: string, expression: Expression, flags = 0): Operation {
  return {
    type: OPERATION_TYPE.expressionRead,
    bin: name,
    value: undefined,
    payload: payloadOf(expression, flags),
  }
}

/**
 * Evaluates an expression into a bin.
 *
 * @param flags of EXPRESSION_WRITE_FLAG, added up; default 0
 * @throws EncodeError when the expression cannot be written.
 */
export function expressionWriteOperation(bin: string, expression: Expression, flags = 0): Operation {
  return {
    type: OPERATION_TYPE.expressionModify,
    bin,
    value: undefined,
    payload: payloadOf(expression, flags),
  }
}

function payloadOf(expression: Expression, flags: number): Uint8Array {
  const out = new ByteWriter(64)
  writeListHead(out, 2)
  writeExpression(out, expression)
  writeMsgpack(out, flags)
  return out.take()
}
