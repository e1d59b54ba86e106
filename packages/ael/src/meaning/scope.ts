import type { Value } from '@aero/codec'
import { AelError } from '../errors.ts'
import type { Span } from '../text/token.ts'
import type { AelNode, AelType } from '../tree/ast.ts'
import { typeOfValue } from './placeholders.ts'
import type { KnownType } from './types.ts'

/** What an expression is understood by. */
export interface Meaning {
  readonly text: string
  /** The values of `?0`, `?1`, …; undefined when there are none at all. */
  readonly values: readonly Value[] | undefined
  /** Nothing is guessed: a type that nothing says is an error. */
  readonly strict: boolean
  /** As the reference implementations do, their defects included. */
  readonly reference: boolean
}

/** A variable that is in sight. */
export interface Variable {
  readonly name: string
  /** What it is called on the wire, where an inner variable may not have the name of an outer one. */
  readonly emitted: string
  readonly type: KnownType
}

/** The variables in sight, the innermost last. */
export type Scope = readonly Variable[]

export function lookUp(scope: Scope, name: string): Variable | undefined {
  return scope.findLast((variable) => variable.name === name)
}

/** `scope` with one more variable. */
export function withVariable(scope: Scope, name: string, type: KnownType, reference: boolean): Scope {
  let emitted = name
  // The server refuses an inner variable with the name of an outer one.
  for (let count = 2; !reference && scope.some((each) => each.emitted === emitted); count++) {
    emitted = `${name}_${count}`
  }
  return [...scope, { name, emitted, type }]
}

/** The value of a placeholder, and its type. */
export function boundValue(
  meaning: Meaning,
  node: AelNode & { readonly kind: 'placeholder' },
): { readonly value: Value; readonly type: AelType } {
  const { values } = meaning
  if (values === undefined) {
    throw problem(
      meaning,
      node,
      'no placeholder values provided',
      'Give them with ael`…` or as the second argument',
    )
  }
  if (node.index >= values.length)
    throw problem(meaning, node, `Missing value for placeholder ?${node.index}`)
  const value = values[node.index] as Value
  const type = typeOfValue(value)
  if (type === undefined) {
    throw problem(
      meaning,
      node,
      `the value of ?${node.index} cannot stand in an expression`,
      'Bind a boolean, number, bigint, string, Uint8Array, Double, GeoJson, HyperLogLog, array, map or plain object',
    )
  }
  return { value, type }
}

/** An error at a place in the text. */
export function problem(meaning: Meaning, span: Span, reason: string, hint?: string): AelError {
  return new AelError({
    text: meaning.text,
    start: span.start,
    end: span.end,
    reason,
    ...(hint === undefined ? {} : { hint }),
  })
}
