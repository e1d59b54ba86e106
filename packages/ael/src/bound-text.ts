import { Double, INT64_MAX, INT64_MIN, SortedMap, type Value } from '@aero/codec'
import { type Ael, parseOnce } from './compile.ts'
import { AelError } from './errors.ts'
import { typeOfValue } from './meaning/placeholders.ts'
import type { AelNode } from './tree/ast.ts'
import { print } from './tree/print.ts'

/*
 * For servers that compile the language themselves, which know no placeholders.
 */

/**
 * The text of an expression with its values as literals in it, put there as nodes of the tree and then printed: what a text
 * holds cannot become anything else. `undefined` when a value has no literal: bytes, geometries, HyperLogLogs, numbers that are
 * not finite, texts with both kinds of quotes; then the expression has to be compiled here.
 *
 * @throws AelError when the text is no expression, or a placeholder has no value.
 * @example
 * ```ts
 * import { ael, boundText } from '@aero/ael'
 *
 * console.log(boundText(ael`$.name == ${'" or true or "'}`)) // $.name == '" or true or "'
 * console.log(boundText(ael`$.hash == ${new Uint8Array(2)}`)) // undefined
 * ```
 */
export function boundText(source: string | Ael): string | undefined {
  const { text, values } = typeof source === 'string' ? { text: source, values: undefined } : source
  const tree = parseOnce(text)
  try {
    return print(bind(tree, text, values) as AelNode)
  } catch (error) {
    // A RangeError is how the printer, too, says that something has no form.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The tree with literals for placeholders. Trees are plain data, so all of their members are looked through. */
function bind(node: unknown, text: string, values: readonly Value[] | undefined): unknown {
  if (Array.isArray(node)) return node.map((each) => bind(each, text, values))
  if (typeof node !== 'object' || node === null) return node
  const { kind } = node as { readonly kind?: unknown }
  if (kind === 'placeholder') {
    const { index, start, end } = node as AelNode & { readonly kind: 'placeholder' }
    const value = values?.[index]
    if (values === undefined || index >= values.length) {
      throw new AelError({ text, start, end, reason: `Missing value for placeholder ?${index}` })
    }
    return literal(value as Value)
  }
  return Object.fromEntries(Object.entries(node).map(([name, each]) => [name, bind(each, text, values)]))
}

const nowhere = { start: 0, end: 0 } as const

function literal(value: Value): AelNode {
  switch (typeOfValue(value)) {
    case 'BOOL':
      return { kind: 'bool', value: value as boolean, ...nowhere }
    case 'STRING':
      return { kind: 'string', value: value as string, ...nowhere }
    case 'INT':
      return integer(BigInt(value as number | bigint))
    case 'FLOAT':
      return float(value instanceof Double ? value.value : (value as number))
    case 'LIST':
      return { kind: 'list', items: (value as readonly Value[]).map(literal), ...nowhere }
    case 'MAP':
      return { kind: 'map', entries: entriesOf(value as object).map(entry), ...nowhere }
    default:
      throw new RangeError('no literal stands for it')
  }
}

function integer(value: bigint): AelNode {
  if (value < INT64_MIN || value > INT64_MAX) throw new RangeError('no literal stands for it')
  return value < 0n
    ? negative({ kind: 'int', value: -value, ...nowhere })
    : { kind: 'int', value, ...nowhere }
}

function float(value: number): AelNode {
  return value < 0 || Object.is(value, -0)
    ? negative({ kind: 'float', value: -value, ...nowhere })
    : { kind: 'float', value, ...nowhere }
}

function negative(operand: AelNode): AelNode {
  return { kind: 'unary', operator: '-', operand, ...nowhere }
}

function entriesOf(map: object): readonly (readonly [unknown, Value])[] {
  if (map instanceof SortedMap) return map.entries
  return map instanceof Map
    ? [...(map as ReadonlyMap<unknown, Value>)]
    : Object.entries(map as { [key: string]: Value })
}

function entry([key, value]: readonly [unknown, Value]): (AelNode & {
  readonly kind: 'map'
})['entries'][number] {
  // Keys of maps have no sign in the language.
  if (typeof key === 'string')
    return { key: { kind: 'string', value: key, ...nowhere }, value: literal(value) }
  if (
    (typeof key === 'number' && Number.isInteger(key) && key >= 0) ||
    (typeof key === 'bigint' && key >= 0n)
  )
    return { key: { kind: 'int', value: BigInt(key), ...nowhere }, value: literal(value) }
  throw new RangeError('no literal stands for it')
}
