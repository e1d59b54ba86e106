import type { OperatorName } from '@aero/codec'
import type { AelType } from '../tree/ast.ts'

/** A function: what it takes and gives. `number`: whole or not, as the arguments are. */
export interface FunctionRow {
  readonly operator: OperatorName
  readonly takes: readonly (AelType | 'number')[]
  /** Whether the last of `takes` may be repeated. */
  readonly more?: true
  readonly gives: AelType | 'number'
}

/** All functions but geoJson, which takes a text and gives a value. */
export const FUNCTIONS: { readonly [name: string]: FunctionRow } = {
  abs: { operator: 'abs', takes: ['number'], gives: 'number' },
  ceil: { operator: 'ceil', takes: ['FLOAT'], gives: 'FLOAT' },
  floor: { operator: 'floor', takes: ['FLOAT'], gives: 'FLOAT' },
  log: { operator: 'log', takes: ['FLOAT', 'FLOAT'], gives: 'FLOAT' },
  pow: { operator: 'pow', takes: ['FLOAT', 'FLOAT'], gives: 'FLOAT' },
  max: { operator: 'max', takes: ['number', 'number'], more: true, gives: 'number' },
  min: { operator: 'min', takes: ['number', 'number'], more: true, gives: 'number' },
  countOneBits: { operator: 'intCount', takes: ['INT'], gives: 'INT' },
  findBitLeft: { operator: 'intLeftScan', takes: ['INT', 'BOOL'], gives: 'INT' },
  findBitRight: { operator: 'intRightScan', takes: ['INT', 'BOOL'], gives: 'INT' },
  geoCompare: { operator: 'geoCompare', takes: ['GEO', 'GEO'], gives: 'BOOL' },
}

/** The row of a function; undefined when there is none of that name. */
export function functionNamed(name: string): FunctionRow | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
}
