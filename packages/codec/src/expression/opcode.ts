/*
 * The first element of an expression's list says what it is. Source: enum exp_op_code and op_table in as/src/base/exp.c of
 * the server; 128 from its documentation, as of 8.2.
 */

/** Expressions whose list holds more than the code and further expressions. */
export const EXPRESSION_OPCODE = {
  regex: 7,
  digestModulo: 64,
  key: 80,
  bin: 81,
  binType: 82,
  loopVariable: 122,
  cond: 123,
  variable: 124,
  let: 125,
  quote: 126,
  call: 127,
  text: 128,
} as const

/** How many expressions an operator takes; `any` where the server checks only the least number. */
export interface OperatorRow {
  readonly code: number
  readonly takes: 0 | 1 | 2 | 'any'
}

/** Expressions that are a code and, behind it, nothing but expressions. */
export const OPERATOR = {
  unknown: { code: 0, takes: 0 },

  eq: { code: 1, takes: 2 },
  ne: { code: 2, takes: 2 },
  gt: { code: 3, takes: 2 },
  ge: { code: 4, takes: 2 },
  lt: { code: 5, takes: 2 },
  le: { code: 6, takes: 2 },
  geoCompare: { code: 8, takes: 2 },
  inList: { code: 9, takes: 2 },

  and: { code: 16, takes: 'any' },
  or: { code: 17, takes: 'any' },
  not: { code: 18, takes: 1 },
  exclusive: { code: 19, takes: 'any' },

  add: { code: 20, takes: 'any' },
  sub: { code: 21, takes: 'any' },
  mul: { code: 22, takes: 'any' },
  div: { code: 23, takes: 'any' },
  pow: { code: 24, takes: 2 },
  log: { code: 25, takes: 2 },
  mod: { code: 26, takes: 2 },
  abs: { code: 27, takes: 1 },
  floor: { code: 28, takes: 1 },
  ceil: { code: 29, takes: 1 },
  toInt: { code: 30, takes: 1 },
  toFloat: { code: 31, takes: 1 },
  min: { code: 50, takes: 'any' },
  max: { code: 51, takes: 'any' },

  intAnd: { code: 32, takes: 'any' },
  intOr: { code: 33, takes: 'any' },
  intXor: { code: 34, takes: 'any' },
  intNot: { code: 35, takes: 1 },
  intLeftShift: { code: 36, takes: 2 },
  /** Shifts zeros in from the left. */
  intRightShift: { code: 37, takes: 2 },
  /** Keeps the sign. */
  intArithmeticRightShift: { code: 38, takes: 2 },
  intCount: { code: 39, takes: 1 },
  intLeftScan: { code: 40, takes: 2 },
  intRightScan: { code: 41, takes: 2 },

  deviceSize: { code: 65, takes: 0 },
  lastUpdate: { code: 66, takes: 0 },
  sinceUpdate: { code: 67, takes: 0 },
  voidTime: { code: 68, takes: 0 },
  ttl: { code: 69, takes: 0 },
  setName: { code: 70, takes: 0 },
  keyExists: { code: 71, takes: 0 },
  isTombstone: { code: 72, takes: 0 },
  memorySize: { code: 73, takes: 0 },
  recordSize: { code: 74, takes: 0 },

  removeResult: { code: 100, takes: 0 },
  mapKeys: { code: 101, takes: 1 },
  mapValues: { code: 102, takes: 1 },
} as const

export type OperatorName = keyof typeof OPERATOR

const ROWS: { readonly [name in OperatorName]: OperatorRow } = OPERATOR

const BY_CODE: ReadonlyMap<number, OperatorName> = new Map(
  Object.entries(ROWS).map(([name, row]) => [row.code, name as OperatorName]),
)

/** The operator with this code; `undefined` when there is none. */
export function operatorFrom(code: number): OperatorName | undefined {
  return BY_CODE.get(code)
}

/** What a call is addressed to. */
export const CALL_SYSTEM = { cdt: 0, bit: 1, hll: 2 } as const

export type CallSystem = keyof typeof CALL_SYSTEM

/** Added to the system of a call that changes its value (a copy of it: the bin stays as it is). */
export const CALL_MODIFIES = 0x40

/** What a call's own list begins with when it is not an operation: a path to select by, or a context around one. */
export const CALL_FORM = { select: 0xfe, context: 0xff } as const

/** Which part of an element a filter or a modification by path looks at. */
export const LOOP_PART = { key: 0, value: 1, index: 2 } as const

export type LoopPart = keyof typeof LOOP_PART

/** What a selection by path gives; `noFail` may be added to each of the others. */
export const SELECT_FLAG = { tree: 0, value: 1, key: 2, keyValue: 3, noFail: 0x10 } as const

/** Set on the wire when a selection by path carries the expression that modifies what it finds. */
export const SELECT_APPLIES = 4

/** Flags of an expression that is evaluated into a result. */
export const EXPRESSION_READ_FLAG = { default: 0, evalNoFail: 0x10 } as const

/** Flags of an expression whose result is written to a bin. */
export const EXPRESSION_WRITE_FLAG = {
  default: 0,
  createOnly: 1,
  updateOnly: 2,
  allowDelete: 4,
  policyNoFail: 8,
  evalNoFail: 0x10,
} as const
