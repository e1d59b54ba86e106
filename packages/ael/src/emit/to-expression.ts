import {
  Double,
  type Expression,
  GeoJson,
  LIST_OPCODE,
  type OperatorName,
  RETURN_TYPE,
  type Value,
} from '@aero/codec'
import { functionNamed } from '../meaning/functions.ts'
import { inferNumber, inferType, letScope } from '../meaning/infer.ts'
import { typeOfValue } from '../meaning/placeholders.ts'
import { boundValue, lookUp, type Meaning, problem, type Scope } from '../meaning/scope.ts'
import { areComparable, isConcrete, type KnownType, mayBeNumber, typeName } from '../meaning/types.ts'
import { bytesFromBase64 } from '../text/bytes.ts'
import type { Span } from '../text/token.ts'
import type {
  AelNode,
  AelType,
  ArithmeticOperator,
  BinaryNode,
  BitOperator,
  ComparisonOperator,
} from '../tree/ast.ts'
import { literalValue, valueNode } from './literal.ts'
import { emitPath } from './path.ts'

const COMPARISON: { readonly [operator in Exclude<ComparisonOperator, 'in'>]: OperatorName } = {
  '==': 'eq',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'ge',
  '<': 'lt',
  '<=': 'le',
}

const ARITHMETIC: { readonly [operator in ArithmeticOperator | BitOperator]: OperatorName } = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
  '**': 'pow',
  '&': 'intAnd',
  '|': 'intOr',
  '^': 'intXor',
  '<<': 'intLeftShift',
  '>>': 'intArithmeticRightShift',
  '>>>': 'intRightShift',
}

/**
 * The expression that a tree means.
 *
 * @param expected the type that is wanted of it, where nothing in it says one
 * @throws AelError when its types do not go together, or a placeholder has no value.
 */
export function toExpression(node: AelNode, expected: AelType | undefined, meaning: Meaning): Expression {
  return new Emitter(meaning).emit(node, expected, [])
}

class Emitter {
  readonly #meaning: Meaning

  constructor(meaning: Meaning) {
    this.#meaning = meaning
  }

  emit(node: AelNode, expected: AelType | undefined, scope: Scope): Expression {
    const literal = literalValue(node, this.#meaning)
    if (literal !== undefined) return valueNode(literal)
    switch (node.kind) {
      case 'path':
        return emitPath(node, expected, this.#meaning, (each, type) => this.emit(each, type, scope))
      case 'variable':
        return this.#variable(node, scope)
      case 'metadata':
        return apply(this.#metadata(node.name))
      case 'digestModulo':
        return { kind: 'digestModulo', modulo: this.#modulo(node) }
      case 'call':
        return this.#call(node, expected, scope)
      case 'unary':
        return this.#unary(node, expected, scope)
      case 'binary':
        return this.#binary(node, expected, scope)
      case 'logic':
        return apply(node.operator, ...node.operands.map((operand) => this.#condition(operand, scope)))
      case 'not':
        return apply('not', this.#condition(node.operand, scope))
      case 'exclusive':
        return this.#exclusive(node, scope)
      case 'let':
        return this.#let(node, expected, scope)
      case 'when':
        return this.#when(node, expected, scope)
      default:
        return apply('unknown')
    }
  }

  #variable(node: AelNode & { readonly kind: 'variable' }, scope: Scope): Expression {
    const variable = lookUp(scope, node.name)
    if (variable !== undefined) return { kind: 'variable', name: variable.emitted }
    if (this.#meaning.reference) return { kind: 'variable', name: node.name }
    throw problem(
      this.#meaning,
      node,
      `there is no variable ${node.name} here`,
      scope.length === 0
        ? 'Variables are made by let (name = …) then (…)'
        : `There is ${scope.map(({ name }) => name).join(', ')}`,
    )
  }

  #metadata(name: (AelNode & { readonly kind: 'metadata' })['name']): OperatorName {
    // The references ask for the device's share of a record whatever is wanted.
    return this.#meaning.reference && (name === 'memorySize' || name === 'recordSize') ? 'deviceSize' : name
  }

  #modulo(node: AelNode & { readonly kind: 'digestModulo' }): number {
    if (node.modulo >= 1n && node.modulo < 2n ** 31n) return Number(node.modulo)
    throw problem(this.#meaning, node, 'digestModulo takes a number from 1 to 2147483647')
  }

  #condition(node: AelNode, scope: Scope): Expression {
    const type = inferType(node, scope, this.#meaning)
    if (type !== undefined && type !== 'BOOL' && !this.#meaning.reference)
      throw problem(this.#meaning, node, `a condition is BOOL, not ${typeName(type)}`)
    return this.emit(node, 'BOOL', scope)
  }

  #exclusive(node: AelNode & { readonly kind: 'exclusive' }, scope: Scope): Expression {
    const operands = node.operands.map((operand) => this.#condition(operand, scope))
    if (!this.#meaning.reference) return apply('exclusive', ...operands)
    // Pairwise, which for three and more is parity.
    return operands.reduce((left, right) => apply('exclusive', left, right))
  }

  #let(node: AelNode & { readonly kind: 'let' }, expected: AelType | undefined, scope: Scope): Expression {
    const inside = letScope(node, scope, this.#meaning)
    const variables = node.variables.map(({ value }, index) => {
      const at = scope.length + index
      const variable = inside[at]
      return {
        name: variable?.emitted ?? '',
        value: this.emit(value, isConcrete(variable?.type) ? variable.type : undefined, inside.slice(0, at)),
      }
    })
    return { kind: 'let', variables, body: this.emit(node.body, expected, inside) }
  }

  #when(node: AelNode & { readonly kind: 'when' }, expected: AelType | undefined, scope: Scope): Expression {
    const known = inferType(node, scope, this.#meaning)
    const type = isConcrete(known) ? known : expected
    if (!this.#meaning.reference) {
      for (const gives of [...node.cases.map((each) => each.gives), node.otherwise]) {
        const other = inferType(gives, scope, this.#meaning)
        if (!areComparable(known, other))
          throw problem(
            this.#meaning,
            gives,
            `the cases of when give ${typeName(known)} and ${typeName(other)}`,
          )
      }
    }
    return {
      kind: 'cond',
      cases: node.cases.map(({ condition, gives }) => ({
        when: this.#condition(condition, scope),
        gives: this.#as(gives, type, scope),
      })),
      otherwise: this.#as(node.otherwise, type, scope),
    }
  }

  #call(node: AelNode & { readonly kind: 'call' }, expected: AelType | undefined, scope: Scope): Expression {
    if (node.name === 'geoJson') return this.#geoJson(node)
    const row = functionNamed(node.name)
    if (row === undefined)
      throw problem(
        this.#meaning,
        { start: node.start, end: node.start + node.name.length },
        `Unknown function ${node.name}`,
      )
    const { takes } = row
    if (row.more === true ? node.args.length < takes.length : node.args.length !== takes.length) {
      const wanted =
        row.more === true
          ? `at least ${takes.length} arguments`
          : `${takes.length} argument${takes.length === 1 ? '' : 's'}`
      throw problem(this.#meaning, node, `${node.name} expects ${wanted}, not ${node.args.length}`)
    }
    const number = row.gives === 'number' ? this.#numberType(node.args, expected, node, scope) : 'INT'
    const args = node.args.map((argument, index) => {
      const wanted = takes[Math.min(index, takes.length - 1)] as (typeof takes)[number]
      return this.#argument(argument, wanted === 'number' ? number : wanted, node.name, scope)
    })
    return apply(row.operator, ...args)
  }

  #argument(node: AelNode, wanted: AelType, name: string, scope: Scope): Expression {
    const type = inferType(node, scope, this.#meaning)
    const isNumber = wanted === 'INT' || wanted === 'FLOAT'
    const fits = isNumber ? mayBeNumber(type) : !isConcrete(type) || type === wanted
    if (!fits)
      throw problem(
        this.#meaning,
        node,
        `${name} takes ${isNumber ? 'numeric arguments' : wanted}, not ${typeName(type)}`,
      )
    return this.#as(node, wanted, scope)
  }

  #geoJson(node: AelNode & { readonly kind: 'call' }): Expression {
    const [argument] = node.args
    if (node.args.length === 1 && argument !== undefined) {
      const value = literalValue(argument, this.#meaning)
      if (typeof value === 'string') return valueNode(new GeoJson(value))
    }
    throw problem(this.#meaning, node, 'could not parse geoJson: it expects 1 argument, a text')
  }

  #unary(
    node: AelNode & { readonly kind: 'unary' },
    expected: AelType | undefined,
    scope: Scope,
  ): Expression {
    if (node.operator === '~') return apply('intNot', this.#number(node.operand, 'INT', scope))
    const type = this.#numberType([node.operand], expected, node, scope)
    const operand = this.#number(node.operand, type, scope)
    if (node.operator === '+') return operand
    const minusOne = type === 'FLOAT' && !this.#meaning.reference ? new Double(-1) : -1
    return apply('mul', operand, valueNode(minusOne))
  }

  #binary(node: BinaryNode, expected: AelType | undefined, scope: Scope): Expression {
    const { operator, left, right } = node
    switch (operator) {
      case 'in':
        return this.#in(node, scope)
      case '==':
      case '!=':
      case '>':
      case '>=':
      case '<':
      case '<=':
        return this.#comparison(node, COMPARISON[operator], scope)
      case '+':
      case '-':
      case '*':
      case '/': {
        const type = this.#numberType([left, right], expected, node, scope)
        return apply(ARITHMETIC[operator], this.#number(left, type, scope), this.#number(right, type, scope))
      }
      default: {
        const type = operator === '**' ? 'FLOAT' : 'INT'
        return apply(ARITHMETIC[operator], this.#number(left, type, scope), this.#number(right, type, scope))
      }
    }
  }

  /** What kind of numbers an operation is on, when it can be on both. */
  #numberType(
    operands: readonly AelNode[],
    expected: AelType | undefined,
    span: Span,
    scope: Scope,
  ): 'INT' | 'FLOAT' {
    const type = inferNumber(operands, scope, this.#meaning)
    if (type === 'FLOAT' || expected === 'FLOAT') return 'FLOAT'
    if (type === 'NUMERIC' && expected === undefined && this.#meaning.strict) {
      throw problem(
        this.#meaning,
        span,
        'cannot infer the type of an operation on numbers that nothing is known about',
        'Say it for one of them: .get(type: INT)',
      )
    }
    return 'INT'
  }

  #number(node: AelNode, type: 'INT' | 'FLOAT', scope: Scope): Expression {
    const known = inferType(node, scope, this.#meaning)
    if (!mayBeNumber(known))
      throw problem(this.#meaning, node, `operands must be numeric, and this is ${typeName(known)}`)
    if (type === 'INT' && known === 'FLOAT' && !this.#meaning.reference)
      throw problem(
        this.#meaning,
        node,
        'operands must be whole here, and this is FLOAT',
        'Write .asInt() behind a path',
      )
    return this.#as(node, type, scope)
  }

  #comparison(node: BinaryNode, operator: OperatorName, scope: Scope): Expression {
    const { left, right } = node
    const leftType = inferType(left, scope, this.#meaning)
    const rightType = inferType(right, scope, this.#meaning)
    if (!areComparable(leftType, rightType)) {
      throw problem(this.#meaning, node, `Cannot compare ${typeName(leftType)} to ${typeName(rightType)}`)
    }
    if (this.#meaning.strict && isUndecided(leftType) && isUndecided(rightType)) {
      throw problem(
        this.#meaning,
        node,
        'cannot infer the type of either side of a comparison',
        'Say it for one of them: .get(type: INT)',
      )
    }
    if (this.#meaning.strict) {
      for (const type of [leftType, rightType]) {
        if (type === 'HLL' || type === 'GEO')
          throw problem(this.#meaning, node, `Cannot compare ${type} to anything: it has no order`)
      }
    }
    const [one, other] = sidesOf(leftType, rightType)
    return apply(operator, this.#side(left, one, other, scope), this.#side(right, other, one, scope))
  }

  /** One side of a comparison, which is of type `type`, as something to compare with what is of type `against`. */
  #side(node: AelNode, type: AelType, against: AelType, scope: Scope): Expression {
    if (type === 'STRING' && against === 'BLOB') {
      const text = literalValue(node, this.#meaning)
      if (typeof text === 'string') return valueNode(this.#bytes(text, node))
    }
    return this.#as(
      node,
      type === 'INT' && against === 'FLOAT' && !this.#meaning.reference ? 'FLOAT' : type,
      scope,
    )
  }

  #bytes(text: string, span: Span): Uint8Array {
    const bytes = bytesFromBase64(text)
    if (bytes !== undefined) return bytes
    throw problem(this.#meaning, span, 'a text that is compared with BLOB must be base64')
  }

  /** Emits what is known to be, or becomes by that, of a type: whole numbers among others become doubles. */
  #as(node: AelNode, type: AelType | undefined, scope: Scope): Expression {
    const isWhole = inferType(node, scope, this.#meaning) === 'INT'
    if (type !== 'FLOAT' || this.#meaning.reference || !isWhole) return this.emit(node, type, scope)
    const expression = this.emit(node, 'INT', scope)
    if (expression.kind === 'value') return valueNode(new Double(Number(expression.value)))
    return apply('toFloat', expression)
  }

  #in(node: BinaryNode, scope: Scope): Expression {
    const { left, right } = node
    const elements = this.#elementType(right, scope)
    const type = inferType(left, scope, this.#meaning)
    if (isConcrete(type) && isConcrete(elements) && !areComparable(type, elements))
      throw problem(this.#meaning, node, `Cannot compare ${typeName(type)} to ${typeName(elements)}`)
    const known = isConcrete(type) ? type : isConcrete(elements) ? elements : undefined
    if (known === undefined && type === undefined && left.kind === 'path') {
      throw problem(
        this.#meaning,
        left,
        'cannot infer the type of the left side of in',
        'Say it: .get(type: STRING)',
      )
    }
    return {
      kind: 'call',
      system: 'cdt',
      modifies: false,
      returns: 'bool',
      context: [],
      opcode: LIST_OPCODE.getByValue,
      args: [valueNode(RETURN_TYPE.exists), this.emit(left, known, scope)],
      on: this.#listOf(right, scope),
    }
  }

  #listOf(node: AelNode, scope: Scope): Expression {
    const isNested = node.kind === 'path' && node.elements.length > 0 && node.call === undefined
    // The references read a list inside of another value as a text, which the server then refuses.
    if (isNested && this.#meaning.reference && inferType(node, scope, this.#meaning) === undefined)
      return this.emit(node, 'STRING', scope)
    return this.emit(node, 'LIST', scope)
  }

  /** What the elements of the right side of `in` are, which must be a list. */
  #elementType(node: AelNode, scope: Scope): KnownType {
    if (node.kind === 'list') {
      const types = node.items.map((item) => inferType(item, scope, this.#meaning))
      return this.#sameType(types, node)
    }
    const type = inferType(node, scope, this.#meaning)
    if (node.kind === 'placeholder') {
      const { value } = boundValue(this.#meaning, node)
      if (Array.isArray(value)) return this.#sameType((value as readonly Value[]).map(typeOfValue), node)
    }
    if (type === undefined || type === 'LIST') return undefined
    throw problem(
      this.#meaning,
      node,
      `IN operation requires a List on its right side, not ${typeName(type)}`,
      type === 'MAP'
        ? 'From a map it cannot infer the type of what is looked for; write .{…} or mapValues'
        : undefined,
    )
  }

  #sameType(types: readonly KnownType[], span: Span): KnownType {
    const [first] = types
    if (types.some((type) => type !== first))
      throw problem(this.#meaning, span, 'the elements on the right side of in must be of the same type')
    return first
  }
}

function apply(operator: OperatorName, ...args: Expression[]): Expression {
  return { kind: 'apply', operator, args }
}

function isUndecided(type: KnownType): boolean {
  return type === undefined || type === 'NUMERIC'
}

/** What two sides are that may know something of each other. Where nothing is known, whole numbers. */
function sidesOf(left: KnownType, right: KnownType): readonly [AelType, AelType] {
  if (isConcrete(left)) return [left, isConcrete(right) ? right : left]
  if (isConcrete(right)) return [right, right]
  return ['INT', 'INT']
}
