import { RESULT_CODE } from '../message/result-code.ts'

/*
 * error  :=  ( "ERROR" | "FAIL" ) [ ":" [ code ] ] [ ":" text ]        FAIL from servers before 7.1; any case
 */

/** An answer to an info request that is an error. */
export interface InfoError {
  /** A result code; 1 (server error) when the answer has none. */
  readonly code: number
  readonly text: string
}

/** The error in an info answer, `undefined` when it is not one. */
export function parseInfoError(value: string): InfoError | undefined {
  const match = /^(?:error|fail)(?=:|$)(?::(-?\d{1,9})?(?=:|$))?:?\s*(.*)$/is.exec(value)
  if (match === null) return undefined
  const [, code, text] = match
  return { code: code === undefined ? RESULT_CODE.SERVER_ERROR : Number(code), text: text ?? '' }
}

/** The opposite of {@link parseInfoError}, as servers from 7.1 write it. */
export function printInfoError(error: InfoError): string {
  return `ERROR:${error.code}:${error.text}`
}
