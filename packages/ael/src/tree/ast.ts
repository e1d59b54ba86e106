import type { Span } from '../text/token.ts'

/** The types that a path can be read as. */
export const VALUE_TYPES: readonly ['INT', 'STRING', 'HLL', 'BLOB', 'FLOAT', 'BOOL', 'LIST', 'MAP', 'GEO'] = [
  'INT',
  'STRING',
  'HLL',
  'BLOB',
  'FLOAT',
  'BOOL',
  'LIST',
  'MAP',
  'GEO',
]

export type AelType = (typeof VALUE_TYPES)[number]

/** What `get(return: …)` may ask for. */
export const RETURNS: readonly [
  'VALUE',
  'KEY_VALUE',
  'UNORDERED_MAP',
  'ORDERED_MAP',
  'KEY',
  'INDEX',
  'RANK',
  'COUNT',
  'NONE',
  'EXISTS',
  'REVERSE_INDEX',
  'REVERSE_RANK',
] = [
  'VALUE',
  'KEY_VALUE',
  'UNORDERED_MAP',
  'ORDERED_MAP',
  'KEY',
  'INDEX',
  'RANK',
  'COUNT',
  'NONE',
  'EXISTS',
  'REVERSE_INDEX',
  'REVERSE_RANK',
]

export type AelReturn = (typeof RETURNS)[number]

/** A key or value inside a selector: a whole number, a text or bytes. */
export type Selector = bigint | string | Uint8Array

/** Which elements of a list or map are meant. `inverted`: all others. A range has no `to` when it goes on to the end. */
export type PathElement = Span &
  (
    | { readonly on: 'map'; readonly by: 'key'; readonly key: Selector }
    | { readonly on: 'map' | 'list'; readonly by: 'whole' }
    | { readonly on: 'map' | 'list'; readonly by: 'index' | 'rank'; readonly at: number }
    | { readonly on: 'map' | 'list'; readonly by: 'value'; readonly value: Selector }
    | {
        readonly on: 'map'
        readonly by: 'keyRange'
        readonly from: Selector
        readonly to?: Selector
        readonly inverted: boolean
      }
    | {
        readonly on: 'map'
        readonly by: 'keyList'
        readonly keys: readonly Selector[]
        readonly inverted: boolean
      }
    | {
        readonly on: 'map' | 'list'
        readonly by: 'indexRange' | 'rankRange'
        readonly from: number
        readonly to?: number
        readonly inverted: boolean
      }
    | {
        readonly on: 'map' | 'list'
        readonly by: 'valueList'
        readonly values: readonly Selector[]
        readonly inverted: boolean
      }
    | {
        readonly on: 'map' | 'list'
        readonly by: 'valueRange'
        readonly from: Selector
        readonly to?: Selector
        readonly inverted: boolean
      }
    | {
        readonly on: 'map' | 'list'
        readonly by: 'relativeRankRange'
        readonly from: number
        readonly to?: number
        readonly value: Selector
        readonly inverted: boolean
      }
    | {
        readonly on: 'map'
        readonly by: 'relativeIndexRange'
        readonly from: number
        readonly to?: number
        readonly key: Selector
        readonly inverted: boolean
      }
  )

/** Functions at the end of a path that take nothing. */
export const BARE_PATH_FUNCTIONS: readonly [
  'asInt',
  'asFloat',
  'exists',
  'count',
  'hllCount',
  'hllDescribe',
] = ['asInt', 'asFloat', 'exists', 'count', 'hllCount', 'hllDescribe']

/** Functions at the end of a path that take an expression. */
export const HLL_PATH_FUNCTIONS: readonly [
  'hllMayContain',
  'hllUnion',
  'hllUnionCount',
  'hllIntersectCount',
  'hllSimilarity',
] = ['hllMayContain', 'hllUnion', 'hllUnionCount', 'hllIntersectCount', 'hllSimilarity']

/** What stands at the end of a path in parentheses. */
export type PathFunction = Span &
  (
    | { readonly name: (typeof BARE_PATH_FUNCTIONS)[number] }
    | { readonly name: 'get'; readonly type?: AelType; readonly returns?: AelReturn }
    | { readonly name: (typeof HLL_PATH_FUNCTIONS)[number]; readonly argument: AelNode }
  )

/** What is known of a record beside its bins. */
export const METADATA: readonly [
  'deviceSize',
  'memorySize',
  'recordSize',
  'isTombstone',
  'keyExists',
  'lastUpdate',
  'sinceUpdate',
  'setName',
  'ttl',
  'voidTime',
] = [
  'deviceSize',
  'memorySize',
  'recordSize',
  'isTombstone',
  'keyExists',
  'lastUpdate',
  'sinceUpdate',
  'setName',
  'ttl',
  'voidTime',
]

export type MetadataName = (typeof METADATA)[number]

export type ComparisonOperator = '==' | '!=' | '>' | '>=' | '<' | '<=' | 'in'
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '**'
export type BitOperator = '&' | '|' | '^' | '<<' | '>>' | '>>>'
export type BinaryOperator = ComparisonOperator | ArithmeticOperator | BitOperator

export type PathNode = Span & {
  readonly kind: 'path'
  readonly bin: string
  readonly elements: readonly PathElement[]
  readonly call?: PathFunction
}

export type IntNode = Span & { readonly kind: 'int'; readonly value: bigint }
export type FloatNode = Span & { readonly kind: 'float'; readonly value: number }
export type StringNode = Span & { readonly kind: 'string'; readonly value: string }
export type BlobNode = Span & { readonly kind: 'blob'; readonly value: Uint8Array }
export type BinaryNode = Span & {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: AelNode
  readonly right: AelNode
}

/** An expression as it was written: what was in parentheses is nested, nothing is folded, no type is known. */
export type AelNode =
  | IntNode
  | FloatNode
  | StringNode
  | BlobNode
  | (Span & { readonly kind: 'bool'; readonly value: boolean })
  | (Span & { readonly kind: 'list'; readonly items: readonly AelNode[] })
  | (Span & {
      readonly kind: 'map'
      readonly entries: readonly { readonly key: IntNode | StringNode | BlobNode; readonly value: AelNode }[]
    })
  | (Span & { readonly kind: 'cast'; readonly to: 'INT' | 'FLOAT'; readonly of: IntNode | FloatNode })
  | (Span & { readonly kind: 'placeholder'; readonly index: number })
  | (Span & { readonly kind: 'variable'; readonly name: string })
  | PathNode
  | (Span & { readonly kind: 'metadata'; readonly name: MetadataName })
  | (Span & { readonly kind: 'digestModulo'; readonly modulo: bigint })
  | (Span & { readonly kind: 'call'; readonly name: string; readonly args: readonly AelNode[] })
  | (Span & { readonly kind: 'unary'; readonly operator: '-' | '+' | '~'; readonly operand: AelNode })
  | BinaryNode
  | (Span & {
      readonly kind: 'logic'
      readonly operator: 'and' | 'or'
      readonly operands: readonly AelNode[]
    })
  | (Span & { readonly kind: 'not'; readonly operand: AelNode })
  | (Span & { readonly kind: 'exclusive'; readonly operands: readonly AelNode[] })
  | (Span & {
      readonly kind: 'let'
      readonly variables: readonly (Span & { readonly name: string; readonly value: AelNode })[]
      readonly body: AelNode
    })
  | (Span & {
      readonly kind: 'when'
      readonly cases: readonly { readonly condition: AelNode; readonly gives: AelNode }[]
      readonly otherwise: AelNode
    })
  | (Span & { readonly kind: 'unknown'; readonly word: 'unknown' | 'error' })
