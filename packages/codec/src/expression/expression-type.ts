/** The types of an expression's result, as they stand on the wire. Source: enum result_type in as/src/base/exp.c of the server. */
export const EXPRESSION_TYPE = {
  nil: 0,
  bool: 1,
  int: 2,
  string: 3,
  list: 4,
  map: 5,
  blob: 6,
  float: 7,
  geo: 8,
  hll: 9,
} as const

/** The name of a type of result. */
export type ExpressionType = keyof typeof EXPRESSION_TYPE

const NAMES: readonly ExpressionType[] = Object.keys(EXPRESSION_TYPE) as ExpressionType[]

/** The type with this number; `undefined` when there is none. */
export function expressionTypeFrom(code: number): ExpressionType | undefined {
  return NAMES[code]
}
