import { type ContextStep, contextTypeOf, contextValueOf } from '../cdt/context.ts'
import { EncodeError } from '../errors.ts'
import { writeMsgpack } from '../value/msgpack-writer.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { BOUND, BOUND_HEAD } from './bounds.ts'
import { EXPRESSION_TYPE } from './expression-type.ts'
import { writeListHead, writeRawText } from './heads.ts'
import {
  type CallNode,
  type CondNode,
  type Expression,
  type LetNode,
  MAX_EXPRESSION_DEPTH,
  type PathStep,
  type SelectNode,
} from './node.ts'
import {
  CALL_FORM,
  CALL_MODIFIES,
  CALL_SYSTEM,
  EXPRESSION_OPCODE,
  LOOP_PART,
  OPERATOR,
  SELECT_APPLIES,
} from './opcode.ts'

/*
 * expression  :=  value, unless it is a list
 *              |  fixext1(0xff, 0) | fixext1(0xff, 1)                 wildcard, infinity
 *              |  [operator, expression…]
 *              |  [126, list]                                         a list as a value
 *              |  [81, type, name] [82, name] [80, type] [64, modulo]
 *              |  [7, flags, pattern, expression]
 *              |  [123, condition, expression, …, otherwise]
 *              |  [125, name, expression, …, body] [124, name] [122, type, part]
 *              |  [127, type, system, call, expression]               the call, and what it is made on
 *              |  [128, text]
 * call        :=  [opcode, expression…]
 *              |  [0xff, context, [opcode, expression…]]
 *              |  [0xfe, context, flags] | [0xfe, context, flags | 4, expression]
 * context     :=  [type, value, …], a filter's value being an expression
 * name, pattern, text are raw texts: without the particle type that a text as a value begins with.
 */

/**
 * Writes an expression.
 *
 * @throws EncodeError when a value in it cannot be written, or it is nested deeper than 256 levels; the path leads to the
 *   place in the tree. What has been written until then stays: the caller sets the writer's position back.
 */
export function writeExpression(out: ByteWriter, expression: Expression): void {
  writeNode(out, expression, 0)
}

/**
 * An expression as bytes of their own.
 *
 * @throws EncodeError as {@link writeExpression} does.
 * @example
 * ```ts
 * import { encodeExpression } from '@aero/codec'
 * const adult = encodeExpression({
 *   kind: 'apply',
 *   operator: 'ge',
 *   args: [{ kind: 'bin', type: 'int', name: 'age' }, { kind: 'value', value: 18 }],
 * })
 * console.log(adult.length) // 10
 * ```
 */
export function encodeExpression(expression: Expression): Uint8Array {
  const out = new ByteWriter(64)
  writeExpression(out, expression)
  return out.take()
}

function writeNode(out: ByteWriter, node: Expression, depth: number): void {
  if (depth > MAX_EXPRESSION_DEPTH)
    throw new EncodeError('', `expression nested deeper than ${MAX_EXPRESSION_DEPTH} levels`)
  switch (node.kind) {
    case 'value':
      if (Array.isArray(node.value)) begin(out, 1, EXPRESSION_OPCODE.quote)
      writeMsgpack(out, node.value)
      return
    case 'infinity':
    case 'wildcard':
      for (const byte of BOUND_HEAD) out.u8(byte)
      out.u8(BOUND[node.kind])
      return
    case 'apply':
      begin(out, node.args.length, OPERATOR[node.operator].code)
      writeAll(out, node.args, depth)
      return
    case 'bin':
      begin(out, 2, EXPRESSION_OPCODE.bin)
      out.u8(EXPRESSION_TYPE[node.type])
      writeRawText(out, node.name)
      return
    case 'binType':
      begin(out, 1, EXPRESSION_OPCODE.binType)
      writeRawText(out, node.name)
      return
    case 'key':
      begin(out, 1, EXPRESSION_OPCODE.key)
      out.u8(EXPRESSION_TYPE[node.type])
      return
    case 'digestModulo':
      begin(out, 1, EXPRESSION_OPCODE.digestModulo)
      writeMsgpack(out, node.modulo)
      return
    case 'regex':
      begin(out, 3, EXPRESSION_OPCODE.regex)
      writeMsgpack(out, node.flags)
      writeRawText(out, node.pattern)
      writeChild(out, node.text, 'text', depth)
      return
    case 'cond':
      writeCond(out, node, depth)
      return
    case 'let':
      writeLet(out, node, depth)
      return
    case 'variable':
      begin(out, 1, EXPRESSION_OPCODE.variable)
      writeRawText(out, node.name)
      return
    case 'loopVariable':
      begin(out, 2, EXPRESSION_OPCODE.loopVariable)
      out.u8(EXPRESSION_TYPE[node.type])
      out.u8(LOOP_PART[node.part])
      return
    case 'call':
      writeCall(out, node, depth)
      return
    case 'select':
      writeSelect(out, node, depth)
      return
    case 'text':
      begin(out, 1, EXPRESSION_OPCODE.text)
      writeRawText(out, node.text)
      return
    default:
      throw new EncodeError(
        '',
        `${String((node as { readonly kind: unknown }).kind)} is no kind of expression`,
      )
  }
}

function begin(out: ByteWriter, elements: number, code: number): void {
  writeListHead(out, elements + 1)
  writeMsgpack(out, code)
}

function writeAll(out: ByteWriter, nodes: readonly Expression[], depth: number): void {
  for (let index = 0; index < nodes.length; index++) {
    writeChild(out, nodes[index] as Expression, `args[${index}]`, depth)
  }
}

function writeChild(out: ByteWriter, node: Expression, step: string, depth: number): void {
  try {
    writeNode(out, node, depth + 1)
  } catch (error) {
    throw error instanceof EncodeError ? error.under(step) : error
  }
}

function writeCond(out: ByteWriter, node: CondNode, depth: number): void {
  begin(out, node.cases.length * 2 + 1, EXPRESSION_OPCODE.cond)
  for (const [index, each] of node.cases.entries()) {
    writeChild(out, each.when, `cases[${index}].when`, depth)
    writeChild(out, each.gives, `cases[${index}].gives`, depth)
  }
  writeChild(out, node.otherwise, 'otherwise', depth)
}

function writeLet(out: ByteWriter, node: LetNode, depth: number): void {
  begin(out, node.variables.length * 2 + 1, EXPRESSION_OPCODE.let)
  for (const [index, { name, value }] of node.variables.entries()) {
    writeRawText(out, name)
    writeChild(out, value, `variables[${index}].value`, depth)
  }
  writeChild(out, node.body, 'body', depth)
}

function writeCall(out: ByteWriter, node: CallNode, depth: number): void {
  begin(out, 4, EXPRESSION_OPCODE.call)
  out.u8(EXPRESSION_TYPE[node.returns])
  out.u8(CALL_SYSTEM[node.system] | (node.modifies ? CALL_MODIFIES : 0))
  if (node.context.length > 0) {
    begin(out, 2, CALL_FORM.context)
    writePath(out, node.context, 'context', depth)
  }
  begin(out, node.args.length, node.opcode)
  writeAll(out, node.args, depth)
  writeChild(out, node.on, 'on', depth)
}

function writeSelect(out: ByteWriter, node: SelectNode, depth: number): void {
  const { modify } = node
  begin(out, 4, EXPRESSION_OPCODE.call)
  out.u8(EXPRESSION_TYPE[node.returns])
  out.u8(CALL_SYSTEM.cdt | (modify === undefined ? 0 : CALL_MODIFIES))
  begin(out, modify === undefined ? 2 : 3, CALL_FORM.select)
  writePath(out, node.path, 'path', depth)
  writeMsgpack(out, modify === undefined ? node.flags : node.flags | SELECT_APPLIES)
  if (modify !== undefined) writeChild(out, modify, 'modify', depth)
  writeChild(out, node.on, 'on', depth)
}

function writePath(out: ByteWriter, path: readonly PathStep[], where: string, depth: number): void {
  writeListHead(out, path.length * 2)
  for (const [index, step] of path.entries()) {
    writeMsgpack(out, contextTypeOf(step))
    if (step.by === 'filter') writeChild(out, step.filter, `${where}[${index}].filter`, depth)
    else writeMsgpack(out, contextValueOf(step))
  }
}

/**
 * Writes the path that leads into a value: of an operation in a context, of an index on a nested value.
 *
 * @throws EncodeError for a value that cannot be written.
 */
export function writeContext(out: ByteWriter, context: readonly ContextStep<Expression>[]): void {
  writePath(out, context, 'context', 0)
}
