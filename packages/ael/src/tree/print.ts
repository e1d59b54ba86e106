import { isPlainBinName, isPlainName } from '../text/lexer.ts'
import type { AelNode, BinaryOperator, PathElement, PathFunction, PathNode, Selector } from './ast.ts'

/** How tightly a rule binds; what binds looser than the place it stands in gets parentheses. */
const LEVEL = {
  expression: 1,
  and: 2,
  comparison: 3,
  bits: 4,
  shift: 5,
  sum: 6,
  term: 7,
  power: 8,
  unary: 9,
  operand: 10,
} as const

const LEVEL_OF: { readonly [operator in BinaryOperator]: number } = {
  '==': LEVEL.comparison,
  '!=': LEVEL.comparison,
  '>': LEVEL.comparison,
  '>=': LEVEL.comparison,
  '<': LEVEL.comparison,
  '<=': LEVEL.comparison,
  in: LEVEL.comparison,
  '&': LEVEL.bits,
  '|': LEVEL.bits,
  '^': LEVEL.bits,
  '<<': LEVEL.shift,
  '>>': LEVEL.shift,
  '>>>': LEVEL.shift,
  '+': LEVEL.sum,
  '-': LEVEL.sum,
  '*': LEVEL.term,
  '/': LEVEL.term,
  '%': LEVEL.term,
  '**': LEVEL.power,
}

/**
 * Writes an expression as text that reads as the same tree, with as few parentheses as that takes.
 *
 * @throws RangeError for what has no form in the language: a text that holds both kinds of quotes, a number that is not finite.
 */
export function print(node: AelNode): string {
  return printAt(node, LEVEL.expression)
}

function printAt(node: AelNode, level: number): string {
  const printed = printNode(node)
  return levelOf(node) < level ? `(${printed})` : printed
}

function levelOf(node: AelNode): number {
  switch (node.kind) {
    case 'logic':
      return node.operator === 'or' ? LEVEL.expression : LEVEL.and
    case 'binary':
      return LEVEL_OF[node.operator]
    case 'unary':
      return LEVEL.unary
    default:
      return LEVEL.operand
  }
}

function printNode(node: AelNode): string {
  switch (node.kind) {
    case 'int':
      return String(node.value)
    case 'float':
      return printFloat(node.value)
    case 'string':
      return quote(node.value)
    case 'blob':
      return printBytes(node.value)
    case 'bool':
      return String(node.value)
    case 'list':
      return `[${node.items.map((item) => printAt(item, LEVEL.unary)).join(', ')}]`
    case 'map':
      return `{${node.entries.map(({ key, value }) => `${printNode(key)}: ${printAt(value, LEVEL.unary)}`).join(', ')}}`
    case 'cast':
      return `${printNode(node.of)}.${node.to === 'INT' ? 'asInt' : 'asFloat'}()`
    case 'placeholder':
      return `?${node.index}`
    case 'variable':
      return `\${${node.name}}`
    case 'path':
      return printPath(node)
    case 'metadata':
      return `$.${node.name}()`
    case 'digestModulo':
      return `$.digestModulo(${node.modulo})`
    case 'call':
      return `${node.name}(${printAll(node.args)})`
    case 'unary':
      return `${node.operator}${printAt(node.operand, LEVEL.unary)}`
    case 'binary':
      return printBinary(node.operator, node.left, node.right)
    case 'logic': {
      const level = node.operator === 'or' ? LEVEL.and : LEVEL.comparison
      return node.operands.map((operand) => printAt(operand, level)).join(` ${node.operator} `)
    }
    case 'not':
      return `not(${print(node.operand)})`
    case 'exclusive':
      return `exclusive(${printAll(node.operands)})`
    case 'let': {
      const variables = node.variables.map(({ name, value }) => `${name} = ${print(value)}`)
      return `let (${variables.join(', ')}) then (${print(node.body)})`
    }
    case 'when': {
      const cases = node.cases.map(({ condition, gives }) => `${print(condition)} => ${print(gives)}`)
      return `when (${cases.join(', ')}, default => ${print(node.otherwise)})`
    }
    case 'unknown':
      return node.word
    default:
      throw new RangeError(`no kind of expression: ${String((node as { readonly kind: unknown }).kind)}`)
  }
}

function printAll(nodes: readonly AelNode[]): string {
  return nodes.map(print).join(', ')
}

function printBinary(operator: BinaryOperator, left: AelNode, right: AelNode): string {
  const level = LEVEL_OF[operator]
  if (operator === '**') return `${printAt(left, LEVEL.unary)} ** ${printAt(right, LEVEL.power)}`
  // Comparisons do not chain; everything else goes from left to right.
  const leftLevel = level === LEVEL.comparison ? LEVEL.bits : level
  return `${printAt(left, leftLevel)} ${operator} ${printAt(right, level + 1)}`
}

/** Digits on both sides of a point: the language has no exponents. */
function printFloat(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} has no form in the language`)
  const text = String(value)
  const [digits, exponent] = text.split('e')
  if (exponent === undefined) return text.includes('.') ? text : `${text}.0`
  const [whole, fraction = ''] = (digits as string).split('.') as [string, string?]
  const shift = Number(exponent)
  if (shift < 0) return `0.${'0'.repeat(-shift - 1)}${whole}${fraction}`
  return `${whole}${fraction.padEnd(shift, '0')}.0`
}

function quote(text: string): string {
  if (!text.includes('"')) return `"${text}"`
  if (!text.includes("'")) return `'${text}'`
  throw new RangeError('a text with both kinds of quotes has no form in the language')
}

function printPath(node: PathNode): string {
  const bin = isPlainBinName(node.bin) ? node.bin : quote(node.bin)
  const elements = node.elements.map((element) => `.${printElement(element)}`)
  const call = node.call === undefined ? '' : `.${printCall(node.call)}`
  return `$.${bin}${elements.join('')}${call}`
}

function printCall(call: PathFunction): string {
  if ('argument' in call) return `${call.name}(${print(call.argument)})`
  if (call.name !== 'get') return `${call.name}()`
  const parameters = []
  if (call.type !== undefined) parameters.push(`type: ${call.type}`)
  if (call.returns !== undefined) parameters.push(`return: ${call.returns}`)
  return `get(${parameters.join(', ')})`
}

function printElement(element: PathElement): string {
  if (element.by === 'key') return printSelector(element.key)
  const inside = 'inverted' in element && element.inverted ? `!${printInside(element)}` : printInside(element)
  return element.on === 'list' ? `[${inside}]` : `{${inside}}`
}

function printInside(element: Exclude<PathElement, { readonly by: 'key' }>): string {
  switch (element.by) {
    case 'whole':
      return ''
    case 'index':
      return String(element.at)
    case 'rank':
      return `#${element.at}`
    case 'value':
      return `=${printSelector(element.value)}`
    case 'keyRange':
      return `${printSelector(element.from)}-${element.to === undefined ? '' : printSelector(element.to)}`
    case 'keyList':
      return element.keys.map(printSelector).join(',')
    case 'indexRange':
      return `${element.from}:${element.to ?? ''}`
    case 'rankRange':
      return `#${element.from}:${element.to ?? ''}`
    case 'valueList':
      return `=${element.values.map(printSelector).join(',')}`
    case 'valueRange':
      return `=${printSelector(element.from)}:${element.to === undefined ? '' : printSelector(element.to)}`
    case 'relativeRankRange':
      return `#${element.from}:${element.to ?? ''}~${printSelector(element.value)}`
    case 'relativeIndexRange':
      return `${element.from}:${element.to ?? ''}~${printSelector(element.key)}`
    default:
      throw new RangeError('no such element of a path')
  }
}

function printSelector(selector: Selector): string {
  if (typeof selector === 'bigint') return String(selector)
  if (typeof selector !== 'string') return printBytes(selector)
  return isPlainName(selector) ? selector : quote(selector)
}

function printBytes(bytes: Uint8Array): string {
  return `X'${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}'`
}
