import { type Ael, boundText } from '@aero/ael'
import {
  expressionReadOperation,
  expressionWriteOperation,
  OPERATION_TYPE,
  type Operation,
} from '@aero/codec'

/** An operation that computes by a text which says the type of its result: servers that compile the language may get the text. */
export interface FormulaOperation extends Operation {
  readonly formula: Ael
  readonly flags: number
}

/**
 * What is sent of operations. Servers from 8.2 compile the language themselves; they get the texts of formulas, unless a value
 * in one has no literal.
 *
 * @param serverCompiles whether every node of the cluster is such a server
 */
export function sentOperations<Given extends readonly Operation[] | undefined>(
  operations: Given,
  serverCompiles: boolean,
): Given | readonly Operation[] {
  return serverCompiles && operations?.some(isFormula) === true ? operations.map(asText) : operations
}

function isFormula(operation: Operation): operation is FormulaOperation {
  const { type } = operation
  const isComputed = type === OPERATION_TYPE.expressionRead || type === OPERATION_TYPE.expressionModify
  return isComputed && 'formula' in operation
}

function asText(operation: Operation): Operation {
  if (!isFormula(operation)) return operation
  const { formula, bin, flags } = operation
  // A text without values goes as it was written.
  const text = formula.values.length === 0 ? formula.text : boundText(formula)
  if (text === undefined) return operation
  const isRead = operation.type === OPERATION_TYPE.expressionRead
  return (isRead ? expressionReadOperation : expressionWriteOperation)(bin, { kind: 'text', text }, flags)
}
