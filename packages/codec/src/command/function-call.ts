import { FIELD_TYPE } from '../message/field-type.ts'
import { writeField, writeTextField } from '../message/fields.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'

/*
 * call    :=  UDF_PACKAGE   UDF_FUNCTION   UDF_ARGUMENTS
 *             the last is a list as msgpack
 * answer  :=  one operation, whose bin says what became of it: FUNCTION_BIN
 */

/** A function to be called, with its arguments as msgpack. */
export interface FunctionCall {
  readonly packageName: string
  readonly functionName: string
  /** The list of arguments as msgpack. */
  readonly arguments: Uint8Array
}

/** Names of the bins in which the outcome of a function comes. Source: as/src/base/udf.c of the server. */
export const FUNCTION_BIN = {
  /** What it returned. */
  success: 'SUCCESS',
  /** Why it failed, as text; the result code is then UDF_BAD_RESPONSE. */
  failure: 'FAILURE',
} as const

/** Writes the fields that name a function and its arguments; returns how many they are. */
export function writeFunctionFields(out: ByteWriter, call: FunctionCall): number {
  writeTextField(out, FIELD_TYPE.udfPackage, call.packageName)
  writeTextField(out, FIELD_TYPE.udfFunction, call.functionName)
  writeField(out, FIELD_TYPE.udfArguments, call.arguments)
  return 3
}
