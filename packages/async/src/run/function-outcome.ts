import { type Bins, FUNCTION_BIN, type Key, type Record } from '@aero/codec'
import { FunctionRow } from '../result/row.ts'

/** The row of a function that has ended well. */
export function functionRow<B>(key: Key, index: number, record: Record<B> | undefined): FunctionRow<B> {
  return new FunctionRow(key, index, (record?.bins as Bins | undefined)?.[FUNCTION_BIN.success])
}

/** Why a function has failed; `undefined` when the server does not say. */
export function functionFailure(record: Record<unknown> | undefined): Error | undefined {
  const text = (record?.bins as Bins | undefined)?.[FUNCTION_BIN.failure]
  return typeof text === 'string' ? new Error(text) : undefined
}
