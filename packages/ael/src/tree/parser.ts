import { AelError } from '../errors.ts'
import { bytesFromBase64, bytesFromHex } from '../text/bytes.ts'
import { type LexerMode, readBinName, readToken } from '../text/lexer.ts'
import type { Span, Token } from '../text/token.ts'
import {
  type AelNode,
  type AelReturn,
  type AelType,
  BARE_PATH_FUNCTIONS,
  type BinaryOperator,
  type BlobNode,
  HLL_PATH_FUNCTIONS,
  type IntNode,
  METADATA,
  type PathElement,
  type PathFunction,
  type PathNode,
  RETURNS,
  type Selector,
  type StringNode,
  VALUE_TYPES,
} from './ast.ts'

/*
 * One method per rule of grammar.md, under the same name. Rules call each other from loose to tight.
 */

/** Deeper nesting of parentheses, lists and functions than this is refused: it would cost the caller's stack. */
const MAX_DEPTH = 200

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '>=', '<', '<='])
const BITS: ReadonlySet<string> = new Set(['&', '|', '^'])
const SHIFTS: ReadonlySet<string> = new Set(['<<', '>>', '>>>'])
const SUMS: ReadonlySet<string> = new Set(['+', '-'])
const TERMS: ReadonlySet<string> = new Set(['*', '/', '%'])
const WRITES: ReadonlySet<string> = new Set([
  'remove',
  'insert',
  'set',
  'append',
  'increment',
  'clear',
  'sort',
])

/**
 * Reads an expression.
 *
 * @throws AelError when it is none.
 */
export function parse(text: string): AelNode {
  const parser = new Parser(text)
  const node = parser.expression()
  parser.expectEnd()
  return node
}

class Parser {
  readonly #text: string
  #position = 0
  #depth = 0
  /** The token last looked at, so that looking twice costs nothing. */
  #peeked: { readonly at: number; readonly mode: LexerMode; readonly token: Token } | undefined

  constructor(text: string) {
    this.#text = text
  }

  expectEnd(): void {
    const token = this.#peek()
    if (token.kind === 'end') return
    const notHint = token.text === 'not' ? 'Write not(…) around what is negated' : undefined
    throw this.#error(token, `could not parse ${nameOf(token)} behind a complete expression`, notHint)
  }

  expression(): AelNode {
    this.#depth++
    if (this.#depth > MAX_DEPTH)
      throw this.#error(this.#peek(), `could not parse more than ${MAX_DEPTH} levels of nesting`)
    const node = this.#logic('or', () => this.#logic('and', () => this.#comparison()))
    this.#depth--
    return node
  }

  #logic(operator: 'and' | 'or', operand: () => AelNode): AelNode {
    const first = operand()
    if (!this.#isWord(operator)) return first
    const operands = [first]
    while (this.#isWord(operator)) {
      this.#take()
      operands.push(operand())
    }
    return { kind: 'logic', operator, operands, ...this.#from(first) }
  }

  #comparison(): AelNode {
    const left = this.#bits()
    const token = this.#peek()
    const isIn = token.kind === 'name' && token.text.toLowerCase() === 'in'
    if (!isIn && !(token.kind === 'symbol' && COMPARISONS.has(token.text))) return left
    this.#take()
    const right = this.#bits()
    const operator = (isIn ? 'in' : token.text) as BinaryOperator
    const next = this.#peek()
    if (next.kind === 'symbol' && COMPARISONS.has(next.text))
      throw this.#error(
        next,
        'could not parse a comparison of a comparison',
        'Put one of them in parentheses',
      )
    return { kind: 'binary', operator, left, right, ...this.#from(left) }
  }

  #bits(): AelNode {
    return this.#leftToRight(BITS, () => this.#shift())
  }

  #shift(): AelNode {
    return this.#leftToRight(SHIFTS, () => this.#sum())
  }

  #sum(): AelNode {
    return this.#leftToRight(SUMS, () => this.#term())
  }

  #term(): AelNode {
    return this.#leftToRight(TERMS, () => this.#power())
  }

  #leftToRight(operators: ReadonlySet<string>, operand: () => AelNode): AelNode {
    let left = operand()
    for (
      let token = this.#peek();
      token.kind === 'symbol' && operators.has(token.text);
      token = this.#peek()
    ) {
      this.#take()
      const right = operand()
      left = {
        kind: 'binary',
        operator: token.text as BinaryOperator,
        left,
        right,
        ...this.#from(left),
      }
    }
    return left
  }

  #power(): AelNode {
    this.#depth++
    if (this.#depth > MAX_DEPTH)
      throw this.#error(this.#peek(), `could not parse more than ${MAX_DEPTH} levels of nesting`)
    const left = this.#unary()
    let node = left
    if (this.#isSymbol('**')) {
      this.#take()
      const right = this.#power()
      node = { kind: 'binary', operator: '**', left, right, ...this.#from(left) }
    }
    this.#depth--
    return node
  }

  #unary(): AelNode {
    const token = this.#peek()
    if (token.kind !== 'symbol' || (token.text !== '-' && token.text !== '+' && token.text !== '~'))
      return this.#operand()
    this.#depth++
    if (this.#depth > MAX_DEPTH)
      throw this.#error(token, `could not parse more than ${MAX_DEPTH} levels of nesting`)
    this.#take()
    const operand = this.#unary()
    this.#depth--
    return { kind: 'unary', operator: token.text, operand, ...this.#from(token) }
  }

  #operand(): AelNode {
    const token = this.#peek()
    switch (token.kind) {
      case 'int':
      case 'float':
        return this.#number(this.#take())
      case 'string':
        this.#take()
        return stringNode(token)
      case 'blob':
        this.#take()
        return this.#blob(token)
      case 'placeholder':
        this.#take()
        return { kind: 'placeholder', index: Number(token.text), ...spanOf(token) }
      case 'name':
        return this.#word(token)
      case 'symbol':
        return this.#symbolic(token)
      default:
        throw this.#error(token, 'could not parse the end of the text where an operand is missing')
    }
  }

  #symbolic(token: Token): AelNode {
    switch (token.text) {
      case '(': {
        this.#take()
        const node = this.expression()
        this.#expect(')')
        return node
      }
      case '[':
        return this.#list()
      case '{':
        return this.#map()
      case '${': {
        this.#take()
        const name = this.#variableName()
        this.#expect('}')
        return { kind: 'variable', name: name.text, ...this.#from(token) }
      }
      case '$.':
        return this.#path()
      default:
        throw this.#error(
          token,
          `could not parse ${nameOf(token)} where an operand is missing`,
          token.text === '$' ? `A bin is written $.name, a variable $\{name}` : undefined,
        )
    }
  }

  #number(token: Token): AelNode {
    const next = this.#text.charAt(token.end)
    if (/[\w@]/.test(next))
      throw this.#error({ ...token, end: token.end + 1 }, 'could not parse a number that runs into a name')
    const number: AelNode =
      token.kind === 'int' ? intNode(token) : { kind: 'float', value: Number(token.text), ...spanOf(token) }
    if (!this.#isSymbol('.')) return number
    const point = this.#take()
    const cast = this.#take('path')
    const to = cast.text === 'asInt' ? 'INT' : cast.text === 'asFloat' ? 'FLOAT' : undefined
    if (cast.kind !== 'name' || to === undefined)
      throw this.#error(
        { start: point.start, end: Math.max(cast.end, point.end) },
        'could not parse what follows a number and a point',
        'A number has digits behind its point; behind a number stand .asInt() and .asFloat()',
      )
    this.#expectPair(cast)
    return { kind: 'cast', to, of: number, ...this.#from(token) }
  }

  #word(token: Token): AelNode {
    switch (token.text) {
      case 'true':
      case 'false':
        this.#take()
        return { kind: 'bool', value: token.text === 'true', ...spanOf(token) }
      case 'unknown':
      case 'error':
        this.#take()
        return { kind: 'unknown', word: token.text, ...spanOf(token) }
      case 'not': {
        this.#take()
        if (!this.#isSymbol('('))
          throw this.#error(token, 'could not parse not without parentheses', 'Write not(…)')
        this.#take()
        const operand = this.expression()
        this.#expect(')')
        return { kind: 'not', operand, ...this.#from(token) }
      }
      case 'exclusive': {
        this.#take()
        const operands = this.#args()
        if (operands.length < 2)
          throw this.#error(this.#from(token), 'could not parse exclusive: it takes at least 2 expressions')
        return { kind: 'exclusive', operands, ...this.#from(token) }
      }
      case 'let':
        return this.#let()
      case 'when':
        return this.#when()
      default:
        return this.#call()
    }
  }

  #call(): AelNode {
    const name = this.#take()
    if (!this.#isSymbol('(') && !this.#isSymbol('()'))
      throw this.#error(
        name,
        `could not parse the bare word ${name.text} as an operand`,
        `A bin is written $.${name.text}, a text '${name.text}'`,
      )
    const args = this.#args()
    return { kind: 'call', name: name.text, args, ...this.#from(name) }
  }

  #args(): AelNode[] {
    if (this.#isSymbol('()')) {
      this.#take()
      return []
    }
    this.#expect('(')
    const args = [this.expression()]
    while (this.#isSymbol(',')) {
      this.#take()
      args.push(this.expression())
    }
    this.#expect(')')
    return args
  }

  #let(): AelNode {
    const start = this.#take()
    this.#expect('(')
    const variables: (Span & { name: string; value: AelNode })[] = []
    do {
      const name = this.#variableName()
      this.#expect('=')
      const value = this.expression()
      variables.push({ name: name.text, value, ...this.#from(name) })
    } while (this.#skip(','))
    this.#expect(')')
    this.#expectWord('then')
    this.#expect('(')
    const body = this.expression()
    this.#expect(')')
    return { kind: 'let', variables, body, ...this.#from(start) }
  }

  #variableName(): Token {
    const token = this.#take()
    if (token.kind !== 'name' || !/^[A-Za-z_]/.test(token.text) || this.#text.charAt(token.end) === '@')
      throw this.#error(
        token,
        `could not parse ${nameOf(token)} as the name of a variable`,
        'It begins with a letter or _ and holds letters, digits and _',
      )
    return token
  }

  #when(): AelNode {
    const start = this.#take()
    this.#expect('(')
    const cases: { condition: AelNode; gives: AelNode }[] = []
    for (;;) {
      if (this.#isWord('default')) {
        const word = this.#take()
        if (cases.length === 0) throw this.#error(word, 'could not parse when without a case')
        this.#expect('=>')
        const otherwise = this.expression()
        this.#expect(')')
        return { kind: 'when', cases, otherwise, ...this.#from(start) }
      }
      const condition = this.expression()
      this.#expect('=>')
      cases.push({ condition, gives: this.expression() })
      if (this.#isSymbol(')'))
        throw this.#error(this.#peek(), 'could not parse when without a last case', 'Add default => …')
      this.#expect(',')
    }
  }

  #list(): AelNode {
    const open = this.#take()
    const items: AelNode[] = []
    if (!this.#isSymbol(']')) {
      do items.push(this.#nestedUnary())
      while (this.#skip(','))
    }
    this.#expect(']')
    return { kind: 'list', items, ...this.#from(open) }
  }

  #map(): AelNode {
    const open = this.#take()
    const entries: { key: IntNode | StringNode | BlobNode; value: AelNode }[] = []
    if (!this.#isSymbol('}')) {
      do {
        const token = this.#take()
        if (token.kind !== 'int' && token.kind !== 'string' && token.kind !== 'blob')
          throw this.#error(
            token,
            `could not parse ${nameOf(token)} as the key of a map`,
            'Keys are whole numbers, texts in quotes and bytes',
          )
        const key =
          token.kind === 'int'
            ? intNode(token)
            : token.kind === 'blob'
              ? this.#blob(token)
              : stringNode(token)
        this.#expect(':')
        entries.push({ key, value: this.#nestedUnary() })
      } while (this.#skip(','))
    }
    this.#expect('}')
    return { kind: 'map', entries, ...this.#from(open) }
  }

  #nestedUnary(): AelNode {
    this.#depth++
    if (this.#depth > MAX_DEPTH)
      throw this.#error(this.#peek(), `could not parse more than ${MAX_DEPTH} levels of nesting`)
    const node = this.#unary()
    this.#depth--
    return node
  }

  #path(): AelNode {
    const open = this.#take()
    const name = readBinName(this.#text, this.#position)
    if (name === undefined) {
      const found = readToken(this.#text, this.#position, 'path')
      throw this.#error(
        found,
        `could not parse ${nameOf(found)} as the name of a bin`,
        found.kind === 'int' ? `Quote it: $."${found.text}"` : undefined,
      )
    }
    this.#position = name.end
    if (name.kind === 'name' && this.#text.charAt(name.end) === '(') return this.#metadata(open, name)
    if (name.text === '') throw this.#error(name, 'the name of a bin must not be empty')
    const elements: PathElement[] = []
    let call: PathFunction | undefined
    while (call === undefined && this.#isSymbol('.', 'path')) {
      this.#take('path')
      const element = this.#element()
      if ('on' in element) elements.push(element)
      else call = element
    }
    this.#checkWhole(elements)
    const node: PathNode = { kind: 'path', bin: name.text, elements, ...this.#from(open) }
    return call === undefined ? node : { ...node, call }
  }

  #checkWhole(elements: readonly PathElement[]): void {
    for (const element of elements.slice(0, -1)) {
      if (element.by === 'whole')
        throw this.#error(element, 'could not parse a path that goes on behind [] or {}')
    }
  }

  #metadata(open: Token, name: Token): AelNode {
    if (name.text === 'digestModulo') {
      this.#expect('(')
      const modulo = this.#take()
      if (modulo.kind !== 'int')
        throw this.#error(modulo, 'could not parse digestModulo: it takes a whole number')
      this.#expect(')')
      return { kind: 'digestModulo', modulo: BigInt(modulo.text), ...this.#from(open) }
    }
    const known = METADATA.find((each) => each === name.text)
    if (known === undefined)
      throw this.#error(
        name,
        `could not parse ${name.text}(): nothing of a record is called so`,
        `There are ${METADATA.join(', ')} and digestModulo`,
      )
    this.#expectPair(name)
    return { kind: 'metadata', name: known, ...this.#from(open) }
  }

  /** What stands behind a point of a path. */
  #element(): PathElement | PathFunction {
    const token = this.#peek('path')
    if (token.kind === 'symbol') {
      switch (token.text) {
        case '[':
        case '{':
          return this.#selector()
        case '+':
        case '-':
          return { on: 'map', by: 'key', key: this.#signed(), ...this.#from(token) }
        default:
      }
    }
    if (token.kind === 'name' && this.#text.charAt(token.end) === '(') return this.#pathFunction()
    if (isSelector(token)) {
      this.#take('path')
      return { on: 'map', by: 'key', key: this.#selectorOf(token), ...spanOf(token) }
    }
    throw this.#error(
      token,
      `could not parse ${nameOf(token)} as an element of a path`,
      'Behind a point stands a key, {…}, […] or a function',
    )
  }

  #selector(): PathElement {
    const open = this.#take('path')
    const on = open.text === '[' ? 'list' : 'map'
    const close = on === 'list' ? ']' : '}'
    if (this.#skip(close, 'path')) return { on, by: 'whole', ...this.#from(open) }
    const inverted = this.#skipNot()
    const element = this.#selection(on, inverted)
    this.#expect(close, 'path')
    const placed = { ...element, ...this.#from(open) } as PathElement
    if (inverted && !('inverted' in element))
      throw this.#error(placed, 'could not parse !: only several elements can be inverted')
    return placed
  }

  /** `!`, which together with the `=` behind it looks like an operator. */
  #skipNot(): boolean {
    const token = this.#peek('path')
    if (token.kind !== 'symbol' || (token.text !== '!' && token.text !== '!=')) return false
    this.#position = token.start + 1
    return true
  }

  #selection(on: 'map' | 'list', inverted: boolean): Unplaced {
    if (this.#skip('=', 'path')) return this.#byValue(on, inverted)
    if (this.#skip('#', 'path')) return this.#byRank(on, inverted)
    const token = this.#peek('path')
    if (token.kind === 'int' || (token.kind === 'symbol' && token.text === '-'))
      return this.#byIndexOrKey(on, inverted)
    if (on === 'map' && isSelector(token)) {
      this.#take('path')
      return this.#byKey(this.#selectorOf(token), inverted)
    }
    throw this.#error(
      token,
      `could not parse ${nameOf(token)} as a selector`,
      on === 'list' && token.kind === 'name' ? `A value is written [=${token.text}]` : undefined,
    )
  }

  #byValue(on: 'map' | 'list', inverted: boolean): Unplaced {
    const from = this.#selectorValue()
    if (this.#skip(':', 'path')) {
      const range = { on, by: 'valueRange' as const, from, inverted }
      return this.#closes() ? range : { ...range, to: this.#selectorValue() }
    }
    const values = [from]
    while (this.#skip(',', 'path')) values.push(this.#selectorValue())
    return values.length === 1 && !inverted
      ? { on, by: 'value', value: from }
      : { on, by: 'valueList', values, inverted }
  }

  #byRank(on: 'map' | 'list', inverted: boolean): Unplaced {
    const from = this.#place()
    if (!this.#skip(':', 'path')) return { on, by: 'rank', at: from }
    const to = this.#isPlace() ? { to: this.#place() } : {}
    if (this.#skip('~', 'path'))
      return { on, by: 'relativeRankRange', from, ...to, value: this.#selectorValue(), inverted }
    return { on, by: 'rankRange', from, ...to, inverted }
  }

  #byIndexOrKey(on: 'map' | 'list', inverted: boolean): Unplaced {
    const first = this.#peek('path')
    const at = this.#place()
    if (this.#skip(':', 'path')) {
      const to = this.#isPlace() ? { to: this.#place() } : {}
      if (on === 'map' && this.#skip('~', 'path'))
        return { on, by: 'relativeIndexRange', from: at, ...to, key: this.#key(), inverted }
      return { on, by: 'indexRange', from: at, ...to, inverted }
    }
    const isKey = this.#isSymbol('-', 'path') || this.#isSymbol(',', 'path') || inverted
    if (on === 'map' && first.kind === 'int' && isKey) return this.#byKey(BigInt(at), inverted)
    return { on, by: 'index', at }
  }

  #byKey(from: Selector, inverted: boolean): Unplaced {
    if (this.#skip('-', 'path')) {
      const range = { on: 'map' as const, by: 'keyRange' as const, from, inverted }
      return this.#closes() ? range : { ...range, to: this.#key() }
    }
    const keys = [from]
    while (this.#skip(',', 'path')) keys.push(this.#key())
    return { on: 'map', by: 'keyList', keys, inverted }
  }

  #closes(): boolean {
    return this.#isSymbol('}', 'path') || this.#isSymbol(']', 'path')
  }

  #isPlace(): boolean {
    return this.#peek('path').kind === 'int' || this.#isSymbol('-', 'path')
  }

  /** An index or rank. */
  #place(): number {
    const token = this.#peek('path')
    const place = Number(this.#signed())
    if (Number.isSafeInteger(place) && Math.abs(place) < 2 ** 31) return place
    throw this.#error(token, 'an index or rank beyond 32 bits')
  }

  #signed(): bigint {
    const sign = this.#take('path')
    if (sign.kind === 'int') return BigInt(sign.text)
    if (sign.kind === 'symbol' && (sign.text === '-' || sign.text === '+')) {
      const digits = this.#take('path')
      if (digits.kind === 'int') return sign.text === '-' ? -BigInt(digits.text) : BigInt(digits.text)
    }
    throw this.#error(sign, `could not parse ${nameOf(sign)} as a whole number`)
  }

  #selectorValue(): Selector {
    const token = this.#peek('path')
    if (token.kind === 'symbol' && (token.text === '-' || token.text === '+')) return this.#signed()
    return this.#key()
  }

  #key(): Selector {
    const token = this.#take('path')
    if (isSelector(token)) return this.#selectorOf(token)
    throw this.#error(token, `could not parse ${nameOf(token)} as a key or value`)
  }

  #pathFunction(): PathFunction {
    const name = this.#take('path')
    const bare = BARE_PATH_FUNCTIONS.find((each) => each === name.text)
    if (bare !== undefined) {
      this.#expectPair(name)
      return { name: bare, ...this.#from(name) }
    }
    const hll = HLL_PATH_FUNCTIONS.find((each) => each === name.text)
    if (hll !== undefined) {
      this.#expect('(')
      const argument = this.expression()
      this.#expect(')')
      return { name: hll, argument, ...this.#from(name) }
    }
    if (name.text === 'get') return this.#get(name)
    throw this.#error(
      name,
      WRITES.has(name.text)
        ? `could not parse ${name.text}(): changing a value is unsupported here`
        : `could not parse ${name.text}(): a path has no such function`,
      `There are get, ${BARE_PATH_FUNCTIONS.join(', ')} and ${HLL_PATH_FUNCTIONS.join(', ')}`,
    )
  }

  #get(name: Token): PathFunction {
    if (this.#skip('()')) return { name: 'get', ...this.#from(name) }
    this.#expect('(')
    let type: AelType | undefined
    let returns: AelReturn | undefined
    do {
      const parameter = this.#take('path')
      this.#expect(':')
      const value = this.#take('path')
      if (parameter.text === 'type' && type === undefined) {
        type = VALUE_TYPES.find((each) => each === value.text)
        if (type === undefined)
          throw this.#error(
            value,
            `could not parse the type ${value.text}`,
            `Types are ${VALUE_TYPES.join(', ')}`,
          )
      } else if (parameter.text === 'return' && returns === undefined) {
        returns = RETURNS.find((each) => each === value.text)
        if (returns === undefined)
          throw this.#error(
            value,
            `could not parse the return type ${value.text}`,
            `They are ${RETURNS.join(', ')}`,
          )
      } else throw this.#error(parameter, 'could not parse get: it takes type and return, each once')
    } while (this.#skip(','))
    this.#expect(')')
    return {
      name: 'get',
      ...(type === undefined ? {} : { type }),
      ...(returns === undefined ? {} : { returns }),
      ...this.#from(name),
    }
  }

  #peek(mode: LexerMode = 'expression'): Token {
    const peeked = this.#peeked
    if (peeked !== undefined && peeked.at === this.#position && peeked.mode === mode) return peeked.token
    const token = readToken(this.#text, this.#position, mode)
    this.#peeked = { at: this.#position, mode, token }
    return token
  }

  #take(mode: LexerMode = 'expression'): Token {
    const token = this.#peek(mode)
    this.#position = token.end
    return token
  }

  #isSymbol(text: string, mode: LexerMode = 'expression'): boolean {
    const token = this.#peek(mode)
    return token.kind === 'symbol' && token.text === text
  }

  #isWord(text: string): boolean {
    const token = this.#peek()
    return token.kind === 'name' && token.text === text
  }

  #skip(text: string, mode: LexerMode = 'expression'): boolean {
    if (!this.#isSymbol(text, mode)) return false
    this.#take(mode)
    return true
  }

  #expect(text: string, mode: LexerMode = 'expression'): void {
    if (this.#skip(text, mode)) return
    const token = this.#peek(mode)
    throw this.#error(token, `could not parse ${nameOf(token)}: expecting '${text}'`)
  }

  #expectWord(text: string): void {
    if (!this.#isWord(text)) {
      const token = this.#peek()
      throw this.#error(token, `could not parse ${nameOf(token)}: expecting '${text}'`)
    }
    this.#take()
  }

  /** `()`, right behind the name. */
  #expectPair(name: Token): void {
    const token = this.#peek()
    if (token.kind === 'symbol' && token.text === '()' && token.start === name.end) {
      this.#take()
      return
    }
    throw this.#error(token, `could not parse ${nameOf(token)}: expecting '()' right behind ${name.text}`)
  }

  #selectorOf(token: Token): Selector {
    if (token.kind === 'blob') return this.#blob(token).value
    return token.kind === 'int' ? BigInt(token.text) : token.text
  }

  /** `X'…'`, hexadecimal, or `b64'…'`. */
  #blob(token: Token): BlobNode {
    const [, kind = '', content = ''] = /^(\w+)'(.*)'$/s.exec(token.text) ?? []
    const isHex = kind === 'x' || kind === 'X'
    const value = isHex ? bytesFromHex(content) : bytesFromBase64(content)
    if (value !== undefined) return { kind: 'blob', value, ...spanOf(token) }
    throw this.#error(
      token,
      `could not parse ${token.text} as bytes`,
      isHex ? "X'…' holds an even number of hex characters" : "b64'…' holds base64, padded with =",
    )
  }

  /** From there to the end of what was read last. */
  #from(span: Span): Span {
    return { start: span.start, end: this.#position }
  }

  #error(span: Span, reason: string, hint?: string): AelError {
    const { start, end } = span
    return new AelError({ text: this.#text, start, end, reason, ...(hint === undefined ? {} : { hint }) })
  }
}

type WithoutSpan<Element> = Element extends Span ? Omit<Element, keyof Span> : never
type Unplaced = WithoutSpan<PathElement>

function spanOf(token: Token): Span {
  return { start: token.start, end: token.end }
}

function intNode(token: Token): IntNode {
  return { kind: 'int', value: BigInt(token.text), ...spanOf(token) }
}

function stringNode(token: Token): StringNode {
  return { kind: 'string', value: token.text, ...spanOf(token) }
}

/** Whether it may be a key or a value in a path. */
function isSelector({ kind }: Token): boolean {
  return kind === 'int' || kind === 'name' || kind === 'string' || kind === 'blob'
}

function nameOf(token: Token): string {
  return token.kind === 'end' ? 'the end of the text' : token.kind === 'string' ? 'a text' : `'${token.text}'`
}
