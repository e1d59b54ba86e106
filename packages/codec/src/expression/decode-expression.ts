import { CONTEXT_AND, CONTEXT_TYPE, contextStepFrom } from '../cdt/context.ts'
import { LimitExceededError } from '../errors.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import { BOUND, BOUND_HEAD } from './bounds.ts'
import { type ExpressionType, expressionTypeFrom } from './expression-type.ts'
import { isListNext, malformed, readListHead, readRawText } from './heads.ts'
import { readLiteral } from './literal.ts'
import { type CondNode, type Expression, type LetNode, MAX_EXPRESSION_DEPTH, type PathStep } from './node.ts'
import {
  CALL_FORM,
  CALL_MODIFIES,
  CALL_SYSTEM,
  type CallSystem,
  EXPRESSION_OPCODE,
  LOOP_PART,
  type LoopPart,
  OPERATOR,
  operatorFrom,
  SELECT_APPLIES,
} from './opcode.ts'

/*
 * The layout is the one of encode-expression.ts.
 */

/**
 * Reads one expression; what it returns shares no memory with the reader. It judges the form alone: whether the types fit
 * together, and whether operators that take any number of arguments have enough of them, is for whoever evaluates it.
 *
 * @throws DecodeError for bytes that are no expression, TruncatedError when they end too early, LimitExceededError when they
 *   are nested deeper than 256 expressions, or a value in them deeper than 64 lists and maps.
 */
export function readExpression(reader: ByteReader): Expression {
  return readNode(reader, 0)
}

/**
 * Reads an expression that takes up all of the reader's window.
 *
 * @throws DecodeError as {@link readExpression} does, and for bytes behind the expression.
 */
export function decodeExpression(reader: ByteReader): Expression {
  const expression = readExpression(reader)
  if (reader.remaining > 0) throw malformed(reader, `${reader.remaining} bytes behind an expression`)
  return expression
}

function readNode(reader: ByteReader, depth: number): Expression {
  if (depth > MAX_EXPRESSION_DEPTH) {
    throw new LimitExceededError(
      `expressions nested deeper than ${MAX_EXPRESSION_DEPTH} levels`,
      reader.position,
    )
  }
  if (!isListNext(reader)) return readScalar(reader)
  const start = reader.position
  const count = readListHead(reader, 'an expression') - 1
  if (count < 0) {
    reader.position = start
    throw malformed(reader, 'an empty list is no expression')
  }
  const code = readNumber(reader, 'the code of an expression')
  const operator = operatorFrom(code)
  if (operator !== undefined) {
    const { takes } = OPERATOR[operator]
    if (takes !== 'any') expectCount(reader, count, takes, operator)
    return { kind: 'apply', operator, args: readNodes(reader, count, depth) }
  }
  return readSpecial(reader, code, count, depth, start)
}

function readScalar(reader: ByteReader): Expression {
  const { bytes, position } = reader
  if (bytes[position] !== BOUND_HEAD[0]) return { kind: 'value', value: readLiteral(reader) }
  reader.need(3)
  if (bytes[position + 1] === BOUND_HEAD[1]) {
    const which = bytes[position + 2]
    if (which === BOUND.wildcard || which === BOUND.infinity) {
      reader.position = position + 3
      return { kind: which === BOUND.wildcard ? 'wildcard' : 'infinity' }
    }
  }
  throw malformed(reader, 'an extension that is no expression')
}

function readSpecial(
  reader: ByteReader,
  code: number,
  count: number,
  depth: number,
  start: number,
): Expression {
  switch (code) {
    case EXPRESSION_OPCODE.quote:
      expectCount(reader, count, 1, 'quote')
      if (!isListNext(reader)) throw malformed(reader, 'what is quoted is not a list')
      return { kind: 'value', value: readLiteral(reader) }
    case EXPRESSION_OPCODE.bin:
      expectCount(reader, count, 2, 'bin')
      return { kind: 'bin', type: readType(reader), name: readRawText(reader, 'the name of a bin') }
    case EXPRESSION_OPCODE.binType:
      expectCount(reader, count, 1, 'binType')
      return { kind: 'binType', name: readRawText(reader, 'the name of a bin') }
    case EXPRESSION_OPCODE.key:
      expectCount(reader, count, 1, 'key')
      return { kind: 'key', type: readKeyType(reader) }
    case EXPRESSION_OPCODE.digestModulo:
      expectCount(reader, count, 1, 'digestModulo')
      return { kind: 'digestModulo', modulo: readNumber(reader, 'the modulo of a digest') }
    case EXPRESSION_OPCODE.regex:
      expectCount(reader, count, 3, 'regex')
      return {
        kind: 'regex',
        flags: readNumber(reader, 'the flags of a pattern'),
        pattern: readRawText(reader, 'a pattern'),
        text: readNode(reader, depth + 1),
      }
    case EXPRESSION_OPCODE.cond:
      return readCond(reader, count, depth)
    case EXPRESSION_OPCODE.let:
      return readLet(reader, count, depth)
    case EXPRESSION_OPCODE.variable:
      expectCount(reader, count, 1, 'variable')
      return { kind: 'variable', name: readRawText(reader, 'the name of a variable') }
    case EXPRESSION_OPCODE.loopVariable:
      expectCount(reader, count, 2, 'loopVariable')
      return { kind: 'loopVariable', type: readType(reader), part: readLoopPart(reader) }
    case EXPRESSION_OPCODE.call:
      expectCount(reader, count, 4, 'call')
      return readCall(reader, depth)
    case EXPRESSION_OPCODE.text:
      expectCount(reader, count, 1, 'text')
      return { kind: 'text', text: readRawText(reader, 'the text of an expression') }
    default:
      reader.position = start
      throw malformed(reader, `${code} is no expression`)
  }
}

function readNodes(reader: ByteReader, count: number, depth: number): Expression[] {
  const nodes: Expression[] = []
  for (let left = count; left > 0; left--) nodes.push(readNode(reader, depth + 1))
  return nodes
}

function readCond(reader: ByteReader, count: number, depth: number): CondNode {
  if (count % 2 === 0) throw malformed(reader, 'cond has no last, unconditional case')
  const cases: CondNode['cases'][number][] = []
  for (let left = count - 1; left > 0; left -= 2) {
    const when = readNode(reader, depth + 1)
    cases.push({ when, gives: readNode(reader, depth + 1) })
  }
  return { kind: 'cond', cases, otherwise: readNode(reader, depth + 1) }
}

function readLet(reader: ByteReader, count: number, depth: number): LetNode {
  if (count % 2 === 0) throw malformed(reader, 'let has a name without a value, or no body')
  const variables: LetNode['variables'][number][] = []
  for (let left = count - 1; left > 0; left -= 2) {
    const name = readRawText(reader, 'the name of a variable')
    variables.push({ name, value: readNode(reader, depth + 1) })
  }
  return { kind: 'let', variables, body: readNode(reader, depth + 1) }
}

function readCall(reader: ByteReader, depth: number): Expression {
  const returns = readType(reader)
  const target = readNumber(reader, 'what a call is addressed to')
  const modifies = (target & CALL_MODIFIES) !== 0
  const system = systemFrom(reader, target & ~CALL_MODIFIES)
  let count = readListHead(reader, 'a call') - 1
  let opcode = readNumber(reader, 'the code of a call')
  if (opcode === CALL_FORM.select) return readSelect(reader, returns, count, depth)
  let context: readonly PathStep[] = []
  if (opcode === CALL_FORM.context) {
    expectCount(reader, count, 2, 'a call in a context')
    context = readPath(reader, depth)
    count = readListHead(reader, 'a call in a context') - 1
    opcode = readNumber(reader, 'the code of a call')
  }
  const args = readNodes(reader, count, depth)
  return {
    kind: 'call',
    system,
    modifies,
    returns,
    context,
    opcode,
    args,
    on: readNode(reader, depth + 1),
  }
}

function readSelect(reader: ByteReader, returns: ExpressionType, count: number, depth: number): Expression {
  if (count !== 2 && count !== 3) throw malformed(reader, `a selection of ${count} parts`)
  const path = readPath(reader, depth)
  const flags = readNumber(reader, 'the flags of a selection')
  if (count === 2) return { kind: 'select', returns, path, flags, on: readNode(reader, depth + 1) }
  const modify = readNode(reader, depth + 1)
  return {
    kind: 'select',
    returns,
    path,
    flags: flags & ~SELECT_APPLIES,
    modify,
    on: readNode(reader, depth + 1),
  }
}

function readPath(reader: ByteReader, depth: number): PathStep[] {
  const count = readListHead(reader, 'a context')
  if (count % 2 !== 0) throw malformed(reader, 'a context with a step that has no value')
  const path: PathStep[] = []
  for (let left = count; left > 0; left -= 2) {
    const { position } = reader
    const type = readNumber(reader, 'the type of a step')
    if ((type & ~CONTEXT_AND) === CONTEXT_TYPE.filter) {
      const filter = readNode(reader, depth + 1)
      path.push(type === CONTEXT_TYPE.filter ? { by: 'filter', filter } : { by: 'filter', filter, and: true })
    } else path.push(contextStepFrom(type, readLiteral(reader), position))
  }
  return path
}

/**
 * Reads a path into a value, as {@link writeContext} writes it.
 *
 * @throws DecodeError for bytes that are no path.
 */
export function readContext(reader: ByteReader): PathStep[] {
  return readPath(reader, 0)
}

function readNumber(reader: ByteReader, what: string): number {
  const { position } = reader
  reader.need(1)
  if (!isListNext(reader)) {
    const value = readLiteral(reader)
    if (typeof value === 'number' && Number.isInteger(value)) return value
  }
  reader.position = position
  throw malformed(reader, `${what} is not a whole number`)
}

function readType(reader: ByteReader): ExpressionType {
  const { position } = reader
  const code = readNumber(reader, 'a type')
  const type = expressionTypeFrom(code)
  if (type !== undefined) return type
  reader.position = position
  throw malformed(reader, `${code} is no type of result`)
}

function readKeyType(reader: ByteReader): 'int' | 'string' | 'blob' {
  const { position } = reader
  const type = readType(reader)
  if (type === 'int' || type === 'string' || type === 'blob') return type
  reader.position = position
  throw malformed(reader, `a key is no ${type}`)
}

function readLoopPart(reader: ByteReader): LoopPart {
  const { position } = reader
  const code = readNumber(reader, 'a part of an element')
  for (const part of ['key', 'value', 'index'] as const) if (LOOP_PART[part] === code) return part
  reader.position = position
  throw malformed(reader, `${code} is no part of an element`)
}

function systemFrom(reader: ByteReader, code: number): CallSystem {
  for (const system of ['cdt', 'bit', 'hll'] as const) if (CALL_SYSTEM[system] === code) return system
  throw malformed(reader, `${code} is nothing to call`)
}

function expectCount(reader: ByteReader, count: number, expected: number, what: string): void {
  if (count === expected) return
  throw malformed(reader, `${what} takes ${expected} elements, not ${count}`)
}
