import type { ExpressionType } from '@aero/codec'
import type { AelReturn, AelType, MetadataName, PathNode } from '../tree/ast.ts'

/**
 * What is known of an expression's type. `NUMERIC`: a number, of which kind nothing says; `INTEGRAL`: a number that is whole
 * unless something outside says otherwise. `undefined`: nothing is known.
 */
export type KnownType = AelType | 'NUMERIC' | 'INTEGRAL' | undefined

/** The same types under the codec's names. */
export const EXPRESSION_TYPE_OF: { readonly [type in AelType]: ExpressionType } = {
  INT: 'int',
  FLOAT: 'float',
  STRING: 'string',
  BOOL: 'bool',
  BLOB: 'blob',
  LIST: 'list',
  MAP: 'map',
  GEO: 'geo',
  HLL: 'hll',
}

export const METADATA_TYPE: { readonly [name in MetadataName]: AelType } = {
  deviceSize: 'INT',
  memorySize: 'INT',
  recordSize: 'INT',
  isTombstone: 'BOOL',
  keyExists: 'BOOL',
  lastUpdate: 'INT',
  sinceUpdate: 'INT',
  setName: 'STRING',
  ttl: 'INT',
  voidTime: 'INT',
}

export function isConcrete(type: KnownType): type is AelType {
  return type !== undefined && type !== 'NUMERIC' && type !== 'INTEGRAL'
}

/** Whether a number may be of this type, as far as is known. */
export function mayBeNumber(type: KnownType): boolean {
  return !isConcrete(type) || type === 'INT' || type === 'FLOAT'
}

/** Whether two sides of a comparison go together. A text stands for the bytes it holds as base64. */
export function areComparable(one: KnownType, other: KnownType): boolean {
  if (one === undefined || other === undefined || one === other) return true
  if (mayBeNumber(one) && mayBeNumber(other)) return true
  const pair = [one, other].sort().join(' ')
  return pair === 'BLOB STRING' || pair === 'BLOB HLL'
}

/** The type as messages call it. */
export function typeName(type: KnownType): string {
  return type === 'NUMERIC' || type === 'INTEGRAL' ? 'INT' : String(type)
}

/** What a `get(return: …)` makes of one element, or several; undefined where that is the element's own type. */
export function returnedType(returns: AelReturn, several: boolean): AelType | undefined {
  switch (returns) {
    case 'COUNT':
      return 'INT'
    case 'EXISTS':
      return 'BOOL'
    case 'INDEX':
    case 'RANK':
    case 'REVERSE_INDEX':
    case 'REVERSE_RANK':
      return several ? 'LIST' : 'INT'
    case 'ORDERED_MAP':
    case 'UNORDERED_MAP':
    // A map as well, whose entries stand as they were selected.
    case 'KEY_VALUE':
      return 'MAP'
    default:
      return several ? 'LIST' : undefined
  }
}

/** Whether the last element of a path selects several, and not one. */
export function selectsSeveral(path: PathNode): boolean {
  const last = path.elements.findLast(({ by }) => by !== 'whole')
  return last !== undefined && last.by !== 'key' && last.by !== 'index' && last.by !== 'rank'
}
