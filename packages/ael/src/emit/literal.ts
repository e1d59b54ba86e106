import {
  Double,
  EncodeError,
  type Expression,
  INT64_MAX,
  INT64_MIN,
  SortedMap,
  type Value,
} from '@aero/codec'
import { boundValue, type Meaning, problem } from '../meaning/scope.ts'
import type { Span } from '../text/token.ts'
import type { AelNode } from '../tree/ast.ts'

export function valueNode(value: Value): Expression {
  return { kind: 'value', value }
}

/** A whole number as a value: a number where that is safe. */
export function intValue(value: bigint, span: Span, meaning: Meaning): Value {
  if (value < INT64_MIN || value > INT64_MAX)
    throw problem(meaning, span, 'a whole number that does not fit into 64 bits')
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** A number as a value that stays a double. */
export function floatValue(value: number): Value {
  return Number.isInteger(value) && !Object.is(value, -0) ? new Double(value) : value
}

/** What a literal stands for, signs and casts folded; undefined when the node is no literal. */
export function literalValue(node: AelNode, meaning: Meaning): Value | undefined {
  const number = numberOf(node)
  if (typeof number === 'bigint') return intValue(number, node, meaning)
  if (number !== undefined) return floatValue(number)
  switch (node.kind) {
    case 'string':
    case 'blob':
    case 'bool':
      return node.value
    case 'placeholder':
      return boundValue(meaning, node).value
    case 'list':
      return node.items.map((item) => constant(item, meaning))
    case 'map':
      return mapValue(node, meaning)
    default:
      return undefined
  }
}

function mapValue(node: AelNode & { readonly kind: 'map' }, meaning: Meaning): Value {
  const entries = node.entries.map(
    ({ key, value }) =>
      [
        key.kind === 'int' ? (intValue(key.value, key, meaning) as number | bigint) : key.value,
        constant(value, meaning),
      ] as const,
  )
  const map = new Map(entries)
  if (map.size !== entries.length) throw problem(meaning, node, 'a map in which a key occurs twice')
  try {
    return new SortedMap(map)
  } catch (error) {
    if (error instanceof EncodeError) throw problem(meaning, node, error.message)
    throw error
  }
}

function constant(node: AelNode, meaning: Meaning): Value {
  const value = literalValue(node, meaning)
  if (value !== undefined) return value
  throw problem(
    meaning,
    node,
    'could not parse a list or map literal: it holds only literals and placeholders',
  )
}

/** A number without looking at placeholders: bigint when whole. */
function numberOf(node: AelNode): bigint | number | undefined {
  switch (node.kind) {
    case 'int':
    case 'float':
      return node.value
    case 'cast': {
      const { value } = node.of
      if (node.to === 'FLOAT') return Number(value)
      return typeof value === 'bigint' ? value : BigInt(Math.trunc(value))
    }
    case 'unary': {
      if (node.operator === '~') return undefined
      const value = numberOf(node.operand)
      return node.operator === '-' && value !== undefined ? -value : value
    }
    default:
      return undefined
  }
}
