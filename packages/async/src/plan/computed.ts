import type { Ael, AelType } from '@aero/ael'
import {
  EXPRESSION_READ_FLAG,
  EXPRESSION_WRITE_FLAG,
  expressionReadOperation,
  expressionWriteOperation,
  type Operation,
  type Value,
} from '@aero/codec'
import { type Formula, formulaOf } from './filter.ts'
import type { FormulaOperation } from './sent-operations.ts'

/** What a computed result minds. */
export interface SelectFromOptions {
  /** What cannot be computed is absent, or leaves the bin alone, instead of failing the command. Default false. */
  readonly ignoreEvalFailure?: boolean
  /** Values of the placeholders, when the formula is a text. */
  readonly values?: readonly Value[]
  /** The type of a path of the text that nothing else tells the type of, as in `$.age` alone. Default INT. */
  readonly type?: AelType
}

/** What a computed bin minds. */
export interface WriteFromOptions extends SelectFromOptions {
  /** A bin that is there already, or not there, is left alone instead of failing the command. Default false. */
  readonly ignoreOpFailure?: boolean
  /** A result of nil removes the bin. Default false. */
  readonly deleteIfNull?: boolean
}

/** Whether the bin must not be there, must be there, or neither. */
export type WriteFromVerb = 'insert' | 'update' | 'upsert'

/** Computes a value into the result. @throws AelError for a text that is no expression. */
export function selectOperation<B>(
  name: string,
  formula: Formula<B>,
  options: SelectFromOptions = {},
): Operation {
  const flags = options.ignoreEvalFailure === true ? EXPRESSION_READ_FLAG.evalNoFail : 0
  const { expression, source } = formulaOf(formula, options.values, options.type ?? 'INT')
  return withSource(expressionReadOperation(name, expression, flags), source, flags)
}

const CONDITION: { readonly [verb in WriteFromVerb]: number } = {
  insert: EXPRESSION_WRITE_FLAG.createOnly,
  update: EXPRESSION_WRITE_FLAG.updateOnly,
  upsert: EXPRESSION_WRITE_FLAG.default,
}

/** Computes a value into a bin. @throws AelError for a text that is no expression. */
export function writeFromOperation<B>(
  verb: WriteFromVerb,
  bin: string,
  formula: Formula<B>,
  options: WriteFromOptions = {},
): Operation {
  let flags: number = CONDITION[verb]
  if (options.ignoreEvalFailure === true) flags |= EXPRESSION_WRITE_FLAG.evalNoFail
  if (options.ignoreOpFailure === true) flags |= EXPRESSION_WRITE_FLAG.policyNoFail
  if (options.deleteIfNull === true) flags |= EXPRESSION_WRITE_FLAG.allowDelete
  const { expression, source } = formulaOf(formula, options.values, options.type ?? 'INT')
  return withSource(expressionWriteOperation(bin, expression, flags), source, flags)
}

function withSource(
  operation: Operation,
  formula: Ael | undefined,
  flags: number,
): Operation | FormulaOperation {
  return formula === undefined ? operation : { ...operation, formula, flags }
}
