import type { ContextStep } from '../cdt/context.ts'
import type { Value } from '../value/value.ts'
import type { ExpressionType } from './expression-type.ts'
import type { CallSystem, LoopPart, OperatorName } from './opcode.ts'

/** A step on a path, whose filters are expressions. */
export type PathStep = ContextStep<Expression>

/** A value as it stands. Lists are quoted on the wire; elsewhere a list is an expression. */
export interface ValueNode {
  readonly kind: 'value'
  readonly value: Value
}

/** What compares as higher than (infinity), or equal to (wildcard), every value. Only as an argument of a call. */
export interface BoundNode {
  readonly kind: 'infinity' | 'wildcard'
}

/** A bin, read as a type. Unknown when it is not there or holds something else. */
export interface BinNode {
  readonly kind: 'bin'
  readonly type: ExpressionType
  readonly name: string
}

/** The particle type of a bin, 0 when it is not there. */
export interface BinTypeNode {
  readonly kind: 'binType'
  readonly name: string
}

/** The key that the record was written with, if it was sent along. */
export interface KeyNode {
  readonly kind: 'key'
  readonly type: 'int' | 'string' | 'blob'
}

export interface DigestModuloNode {
  readonly kind: 'digestModulo'
  readonly modulo: number
}

/** An operator and what it is applied to. How many arguments it takes stands in the table of operators. */
export interface ApplyNode {
  readonly kind: 'apply'
  readonly operator: OperatorName
  readonly args: readonly Expression[]
}

/** A POSIX regular expression on a text; `flags` are those of regcomp(3): 1 extended, 2 ignore case, 4 no groups, 8 newline. */
export interface RegexNode {
  readonly kind: 'regex'
  readonly flags: number
  readonly pattern: string
  readonly text: Expression
}

/** What the first case gives whose condition holds; when none does, `otherwise`. */
export interface CondNode {
  readonly kind: 'cond'
  readonly cases: readonly { readonly when: Expression; readonly gives: Expression }[]
  readonly otherwise: Expression
}

export interface LetNode {
  readonly kind: 'let'
  readonly variables: readonly { readonly name: string; readonly value: Expression }[]
  readonly body: Expression
}

export interface VariableNode {
  readonly kind: 'variable'
  readonly name: string
  /** What the builder of the tree knows of it; it is not sent. */
  readonly type?: ExpressionType
}

/** Inside a path's filter or modification: the key, value or index of the element at hand. */
export interface LoopVariableNode {
  readonly kind: 'loopVariable'
  readonly type: ExpressionType
  readonly part: LoopPart
}

/**
 * A list, map, bit or HyperLogLog operation on the value of an expression; `opcode` is one of LIST_OPCODE, MAP_OPCODE,
 * BIT_OPCODE, HLL_OPCODE. One that `modifies` gives the changed value and leaves the bin alone.
 */
export interface CallNode {
  readonly kind: 'call'
  readonly system: CallSystem
  readonly modifies: boolean
  readonly returns: ExpressionType
  readonly context: readonly PathStep[]
  readonly opcode: number
  readonly args: readonly Expression[]
  readonly on: Expression
}

/** What a path leads to, all of it; or the value with all of that modified. Servers from 8.1.1. */
export interface SelectNode {
  readonly kind: 'select'
  readonly returns: ExpressionType
  readonly path: readonly PathStep[]
  /** Of SELECT_FLAG. */
  readonly flags: number
  readonly modify?: Expression
  readonly on: Expression
}

/** An expression as text in the expression language, compiled by the server. Servers from 8.2, and only by itself. */
export interface TextNode {
  readonly kind: 'text'
  readonly text: string
}

/**
 * An expression, plain data: what the server evaluates on a record, as a filter, for a result, or for a value to be written.
 * Nothing here checks types; the server does, and so does whoever builds the tree.
 */
export type Expression =
  | ValueNode
  | BoundNode
  | BinNode
  | BinTypeNode
  | KeyNode
  | DigestModuloNode
  | ApplyNode
  | RegexNode
  | CondNode
  | LetNode
  | VariableNode
  | LoopVariableNode
  | CallNode
  | SelectNode
  | TextNode

/** Deepest nesting of expressions that is written or read. (A server from 8.2 refuses more than 64.) */
export const MAX_EXPRESSION_DEPTH = 256
