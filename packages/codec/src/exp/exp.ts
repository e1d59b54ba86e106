import type { ExpressionType } from '../expression/expression-type.ts'
import type { Expression } from '../expression/node.ts'

/** Carries the type of an expression's result through the compiler; there is nothing of it at run time. */
declare const RESULT: unique symbol

/**
 * An expression whose result has a known type: plain data, the same tree that the codec reads and writes.
 *
 * @typeParam T what it gives; `Exp<'bool'>` is a condition
 */
export type Exp<T extends ExpressionType = ExpressionType> = Expression & { readonly [RESULT]: T }
