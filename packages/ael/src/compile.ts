import { type Expression, encodeExpression, type PathStep, type Value } from '@aero/codec'
import { contextOf } from './emit/path.ts'
import { toExpression } from './emit/to-expression.ts'
import { AelError } from './errors.ts'
import { inferType } from './meaning/infer.ts'
import type { Meaning } from './meaning/scope.ts'
import { isConcrete } from './meaning/types.ts'
import type { AelNode, AelType } from './tree/ast.ts'
import { parse } from './tree/parser.ts'

/** How an expression is understood. */
export interface CompileOptions {
  /**
   * Whether a type that nothing says is an error, instead of INT in a comparison, STRING for an element of a list or map and
   * a list for `count()`. Default: what the source says, see {@link Ael.strict}, else false.
   */
  readonly strict?: boolean
  /**
   * Whether to give what the Python and Java SDKs give, defects included: `exclusive` of three and more as parity,
   * `recordSize()` and `memorySize()` as the device's, ranges from the back to the front, no bin with `null` in its name, whole
   * numbers not made doubles where doubles are due. Default false.
   */
  readonly reference?: boolean
  /** The type wanted of the whole, where nothing in it says one. Default BOOL: a condition. */
  readonly expects?: AelType
}

/** An expression as text, and the values of its placeholders. Plain data: it may be cloned and kept. */
export interface Ael {
  readonly text: string
  readonly values: readonly Value[]
  /** Whether a type that nothing says is an error. Default false; see {@link CompileOptions.strict}. */
  readonly strict?: boolean
}

/** What has become of an expression. */
export interface Compiled {
  readonly text: string
  readonly tree: AelNode
  readonly expression: Expression
  /** What is known of its result. */
  readonly type: AelType | undefined
}

const templates = new WeakMap<TemplateStringsArray, string>()

/** What {@link ael} is: a template, and the same one with strict types. */
export interface AelTemplate {
  (strings: TemplateStringsArray, ...values: readonly Value[]): Ael
  /** The same, but a type that nothing says is an error where the expression is used, instead of a guess. */
  strict(strings: TemplateStringsArray, ...values: readonly Value[]): Ael
}

/**
 * An expression with values in it. The values are bound, never written into the text: whatever a text holds, it stays a text.
 *
 * @throws TypeError when the template itself holds placeholders.
 * @example
 * ```ts
 * import { ael, compile } from '@aero/ael'
 *
 * const country = "' or true or '"
 * const adults = ael`$.age > ${17} and $.country == ${country}`
 * console.log(adults.text) // $.age > ?0 and $.country == ?1
 * console.log(compile(adults).type) // BOOL
 * // compile(ael.strict`$.age == $.limit`) would be an AelError: neither side says its type
 * ```
 */
export const ael: AelTemplate = Object.assign(
  (strings: TemplateStringsArray, ...values: readonly Value[]): Ael => ({
    text: textOf(strings, values.length),
    values,
  }),
  {
    strict: (strings: TemplateStringsArray, ...values: readonly Value[]): Ael => ({
      text: textOf(strings, values.length),
      values,
      strict: true,
    }),
  },
)

function textOf(strings: TemplateStringsArray, count: number): string {
  let text = templates.get(strings)
  if (text === undefined) {
    const [first = '', ...rest] = strings
    if (count > 0 && strings.some((part) => /\?\d/.test(part)))
      throw new TypeError('ael: a template with values has no placeholders of its own')
    text = rest.reduce((before, part, index) => `${before}?${index}${separated(part)}`, first)
    templates.set(strings, text)
  }
  return text
}

/** Keeps a digit behind a value from becoming part of its number. */
function separated(part: string): string {
  return /^\w/.test(part) ? ` ${part}` : part
}

/** Trees by their text. Texts are few in a program; the bound is for programs that make them up. */
const trees = new Map<string, AelNode>()
const MAX_TREES = 1000

/**
 * The tree of an expression, parsed once per text.
 *
 * @throws AelError when the text is no expression.
 */
export function parseOnce(text: string): AelNode {
  const known = trees.get(text)
  if (known !== undefined) return known
  const tree = parse(text)
  // The oldest go first: Map keeps the order of insertion.
  if (trees.size >= MAX_TREES) trees.delete(trees.keys().next().value as string)
  trees.set(text, tree)
  return tree
}

/**
 * Compiles an expression to what the server evaluates. Parsing is done once per text, or template; a text alone is compiled
 * once, and the result is shared: it is not to be changed.
 *
 * @param source a text, or what {@link ael} gives
 * @param options how it is understood
 * @throws AelError when it is no expression, its types do not go together, or a placeholder has no value.
 * @example
 * ```ts
 * import { compile } from '@aero/ael'
 *
 * const { expression, type } = compile('$.age >= 18')
 * console.log(type) // BOOL
 * console.log(expression.kind) // apply
 * ```
 */
export function compile(source: string | Ael, options: CompileOptions = PLAIN): Compiled {
  if (typeof source !== 'string' || options !== PLAIN) return compileWith(source, options)
  // Nothing but the text decides: the same text gives the same.
  const tree = parseOnce(source)
  let known = compiledTexts.get(tree)
  if (known === undefined) compiledTexts.set(tree, (known = compileWith(source, options)))
  return known
}

const PLAIN: CompileOptions = Object.freeze({})
const compiledTexts = new WeakMap<AelNode, Compiled>()

function compileWith(source: string | Ael, options: CompileOptions): Compiled {
  const meaning = meaningOf(source, options)
  const tree = parseOnce(meaning.text)
  const type = inferType(tree, [], meaning)
  return {
    text: meaning.text,
    tree,
    expression: toExpression(tree, options.expects ?? 'BOOL', meaning),
    type: isConcrete(type) ? type : undefined,
  }
}

/**
 * Compiles an expression to its bytes, as a filter of a request takes it.
 *
 * @throws AelError as {@link compile} does; EncodeError when a bound value cannot be written.
 */
export function compileToBytes(source: string | Ael, options: CompileOptions = PLAIN): Uint8Array {
  return encodeExpression(compile(source, options).expression)
}

/** What a source and options say together. */
export function meaningOf(source: string | Ael, options: CompileOptions): Meaning {
  const isText = typeof source === 'string'
  return {
    text: isText ? source : source.text,
    values: isText ? undefined : source.values,
    strict: options.strict ?? (!isText && source.strict === true),
    reference: options.reference === true,
  }
}

/**
 * Reads the path to a nested value, as an index on it is defined by.
 *
 * @throws AelError when it is no path, names a bin alone, ends in a function or selects several elements.
 * @example
 * ```ts
 * import { parseCtx } from '@aero/ael'
 *
 * console.log(parseCtx('$.orders.[0].total'))
 * // [ { by: 'listIndex', index: 0 }, { by: 'mapKey', value: 'total' } ]
 * ```
 */
export function parseCtx(path: string): PathStep[] {
  const text = typeof path === 'string' ? path : ''
  const refuse = (reason: string, start = 0, end: number = text.length): AelError =>
    new AelError({ text, start, end, reason })
  if (text.trim() === '') throw refuse('Path must not be null or empty')
  const node = parse(text)
  if (node.kind !== 'path')
    throw refuse('Could not parse the given AEL path input: it is an expression (EXPRESSION_CONTAINER)')
  if (node.call !== undefined) throw refuse('Path function is unsupported', node.call.start, node.call.end)
  if (node.elements.every(({ by }) => by === 'whole')) throw refuse('CDT context is not provided')
  return contextOf(node, { text, values: undefined, strict: false, reference: false })
}
