import { type Ael, type AelType, boundText, type Compiled, compile } from '@aero/ael'
import { type Expression, encodeExpression, type Value } from '@aero/codec'
import { Exp } from './exp.ts'
import type { ExpOf } from './typed-bins.ts'
import { UsageError } from './usage-error.ts'

/**
 * A condition on records: text in the expression language, with placeholders `?0`, `?1`, … for the values of a second argument;
 * what the `ael` template gives; an expression; or a function that makes one, with the builder of expressions that knows the
 * bins `B`.
 */
export type Condition<B = unknown> = string | Ael | Exp<'bool'> | ((exp: ExpOf<B>) => Exp<'bool'>)

/** What computes a value: as {@link Condition}, of any type. */
export type Formula<B = unknown> = string | Ael | Exp | ((exp: ExpOf<B>) => Exp)

/** A condition as plans carry it: plain data. */
export interface Filter {
  /** The condition compiled, in the bytes that every server understands. */
  readonly compiled: Uint8Array
  /** The text it came from, with its values; `undefined` when it was given as an expression. Indexes are chosen by it. */
  readonly source: Ael | undefined
}

/** Filters of texts without values: the same text gives the same filter, compiled and encoded once. */
const filtersOfTexts = new WeakMap<Compiled, Filter>()

/**
 * The filter that a condition says.
 *
 * @param values of the placeholders; only with a text
 * @throws AelError when the text is no expression, or a placeholder has no value.
 * @throws UsageError when it is neither text, nor from `ael`, nor an expression, or values are given beside one of the latter.
 */
export function filterOf<B>(condition: Condition<B>, values?: readonly Value[]): Filter {
  if (typeof condition === 'string' && values === undefined) {
    const compiled = compile(condition)
    let known = filtersOfTexts.get(compiled)
    if (known === undefined) {
      known = { compiled: encodeExpression(compiled.expression), source: { text: condition, values: [] } }
      filtersOfTexts.set(compiled, known)
    }
    return known
  }
  const said = made(condition)
  const source = sourceOf(said, values)
  if (source !== undefined) return { compiled: encodeExpression(compile(source).expression), source }
  return { compiled: encodeExpression(said as Expression), source: undefined }
}

/** What a formula says. */
export interface Said {
  readonly expression: Expression
  /** The text it came from, with its values, when the text itself says the type of the result. */
  readonly source: Ael | undefined
}

/**
 * What a formula says, for an operation.
 *
 * @param expects the type of a bin, or of an element, that nothing in the text gives a type to
 * @throws AelError and UsageError as {@link filterOf} does.
 */
export function formulaOf<B>(
  formula: Formula<B>,
  values: readonly Value[] | undefined,
  expects: AelType,
): Said {
  const given = made(formula)
  const source = sourceOf(given, values)
  if (source === undefined) return { expression: given as Expression, source }
  const { expression, type } = compile(source, { expects })
  // Whoever compiles a text that does not say its type has to be told it, which only can be done here.
  return { expression, source: type === undefined ? undefined : source }
}

type Given = string | Ael | Exp

/** What a function makes, or else what was given. */
function made<B>(given: Formula<B>): Given {
  return typeof given === 'function' ? given(Exp as unknown as ExpOf<B>) : given
}

function sourceOf(given: Given, values: readonly Value[] | undefined): Ael | undefined {
  if (typeof given === 'string') return { text: given, values: values ?? [] }
  if (values !== undefined) throw new UsageError('values of placeholders go with a text')
  if (typeof given !== 'object' || given === null || !('kind' in given || 'text' in given)) {
    throw new UsageError(
      'a condition or formula is a text, ael`…`, an expression made with Exp, or a function that makes one',
    )
  }
  return 'kind' in given ? undefined : given
}

/** What is sent of a filter made of text to servers that compile it; it depends on nothing else. */
const sentTexts = new WeakMap<Filter, Uint8Array>()

/**
 * What is sent of a filter. Servers from 8.2 compile the language themselves, and choose indexes by it; they get the text,
 * unless a value in it has no literal.
 *
 * @param serverCompiles whether every node of the cluster is such a server
 */
export function filterBytes(filter: Filter, serverCompiles: boolean): Uint8Array {
  const { source } = filter
  if (!serverCompiles || source === undefined) return filter.compiled
  let sent = sentTexts.get(filter)
  if (sent === undefined) {
    // A text without values goes as it was written.
    const text = source.values.length === 0 ? source.text : boundText(source)
    sent = text === undefined ? filter.compiled : encodeExpression({ kind: 'text', text })
    sentTexts.set(filter, sent)
  }
  return sent
}
