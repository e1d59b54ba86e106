import {
  type CallNode,
  type Expression,
  type ExpressionType,
  HLL_OPCODE,
  HyperLogLog,
  LIST_OPCODE,
  MAP_OPCODE,
  MAX_BIN_NAME_BYTES,
  type PathStep,
  RETURN_TYPE,
  utf8Length,
  type Value,
} from '@aero/codec'
import { type Meaning, problem } from '../meaning/scope.ts'
import { EXPRESSION_TYPE_OF, returnedType, selectsSeveral } from '../meaning/types.ts'
import type { Span } from '../text/token.ts'
import type { AelNode, AelReturn, AelType, PathElement, PathNode, Selector } from '../tree/ast.ts'
import { intValue, valueNode } from './literal.ts'

/** How the rest of an expression is emitted: for arguments of functions at the end of a path. */
export type EmitNode = (node: AelNode, expected: AelType) => Expression

const RETURN_OF: { readonly [returns in AelReturn]: number } = {
  VALUE: RETURN_TYPE.value,
  KEY_VALUE: RETURN_TYPE.keyValue,
  UNORDERED_MAP: RETURN_TYPE.unorderedMap,
  ORDERED_MAP: RETURN_TYPE.orderedMap,
  KEY: RETURN_TYPE.key,
  INDEX: RETURN_TYPE.index,
  RANK: RETURN_TYPE.rank,
  COUNT: RETURN_TYPE.count,
  NONE: RETURN_TYPE.none,
  EXISTS: RETURN_TYPE.exists,
  REVERSE_INDEX: RETURN_TYPE.reverseIndex,
  REVERSE_RANK: RETURN_TYPE.reverseRank,
}

type Selection = Exclude<PathElement, { readonly by: 'whole' }>

/** A path, its elements sorted out. */
interface Parts {
  readonly node: PathNode
  readonly meaning: Meaning
  /** What leads to the last element. */
  readonly context: readonly PathStep[]
  /** The last element; undefined when the path is a bin alone. */
  readonly last: Selection | undefined
  /** Whether the path ends in `[]` or `{}`. */
  readonly whole: 'LIST' | 'MAP' | undefined
  readonly several: boolean
}

/**
 * A path as an expression. `expected` is what stands around it says about its type.
 *
 * @throws AelError when the path makes no sense, or in strict mode when nothing says what type it has.
 */
export function emitPath(
  node: PathNode,
  expected: AelType | undefined,
  meaning: Meaning,
  emit: EmitNode,
): Expression {
  checkBinName(node, meaning)
  const parts = partsOf(node, meaning)
  const { call } = node
  if (call === undefined) return valueOf(parts, parts.whole ?? expected)
  switch (call.name) {
    case 'get':
      return call.returns === undefined || call.returns === 'VALUE'
        ? valueOf(parts, call.type ?? parts.whole ?? expected)
        : returned(parts, call.returns, call.type, call)
    case 'asInt':
      return { kind: 'apply', operator: 'toInt', args: [valueOf(parts, 'FLOAT')] }
    case 'asFloat':
      return { kind: 'apply', operator: 'toFloat', args: [valueOf(parts, 'INT')] }
    case 'exists':
      return exists(parts)
    case 'count':
      return count(parts)
    default:
      return hll(parts, call, emit)
  }
}

/** The steps that lead to the element a path selects, that included: what an index on a nested value is defined by. */
export function contextOf(node: PathNode, meaning: Meaning): PathStep[] {
  return node.elements.filter(({ by }) => by !== 'whole').map((element) => stepOf(element, meaning))
}

function partsOf(node: PathNode, meaning: Meaning): Parts {
  const end = node.elements.at(-1)
  const whole = end?.by === 'whole' ? (end.on === 'list' ? 'LIST' : 'MAP') : undefined
  const selections = node.elements.filter((element): element is Selection => element.by !== 'whole')
  return {
    node,
    meaning,
    context: selections.slice(0, -1).map((element) => stepOf(element, meaning)),
    last: selections.at(-1),
    whole,
    several: selectsSeveral(node),
  }
}

function checkBinName(node: PathNode, meaning: Meaning): void {
  if (meaning.reference && /null/i.test(node.bin))
    throw problem(meaning, node, 'the name of a bin must not contain null')
  if (utf8Length(node.bin) > MAX_BIN_NAME_BYTES)
    throw problem(meaning, node, `the name of a bin has more than ${MAX_BIN_NAME_BYTES} bytes`)
}

function stepOf(element: PathElement, meaning: Meaning): PathStep {
  switch (element.by) {
    case 'key':
      return { by: 'mapKey', value: selectorValue(element.key, element, meaning) }
    case 'index':
      return { by: element.on === 'list' ? 'listIndex' : 'mapIndex', index: element.at }
    case 'rank':
      return { by: element.on === 'list' ? 'listRank' : 'mapRank', rank: element.at }
    case 'value':
      return {
        by: element.on === 'list' ? 'listValue' : 'mapValue',
        value: selectorValue(element.value, element, meaning),
      }
    default:
      throw problem(
        meaning,
        element,
        'several elements cannot be looked into',
        'Only a key, index, rank or value may stand before the end of a path',
      )
  }
}

function selectorValue(selector: Selector, span: Span, meaning: Meaning): Value {
  return typeof selector === 'bigint' ? intValue(selector, span, meaning) : selector
}

function bin(parts: Parts, type: ExpressionType): Expression {
  return { kind: 'bin', type, name: parts.node.bin }
}

/** The list or map that the path begins in: which of them the first element says. */
function container(parts: Parts): Expression {
  return bin(parts, parts.node.elements[0]?.on === 'list' ? 'list' : 'map')
}

function valueOf(parts: Parts, type: AelType | undefined): Expression {
  if (parts.several) {
    if (parts.meaning.strict && type !== undefined && type !== 'LIST')
      throw problem(parts.meaning, parts.node, `several elements are a LIST, and no ${type}`)
    return select(parts, 'VALUE', 'list')
  }
  if (type === undefined && parts.meaning.strict) {
    throw problem(
      parts.meaning,
      parts.node,
      'cannot infer the type of a path that nothing is known about',
      'Say it: .get(type: INT)',
    )
  }
  if (parts.last === undefined) return bin(parts, EXPRESSION_TYPE_OF[type ?? 'INT'])
  return select(parts, 'VALUE', EXPRESSION_TYPE_OF[type ?? 'STRING'])
}

function returned(parts: Parts, returns: AelReturn, asked: AelType | undefined, span: Span): Expression {
  const { last, several, meaning } = parts
  if (last === undefined) throw problem(meaning, span, `return: ${returns} needs an element of a list or map`)
  if (returns === 'NONE' && !meaning.reference)
    throw problem(meaning, span, 'return: NONE gives nothing that could be compared or written')
  const isOfMap = returns === 'KEY' || returns === 'KEY_VALUE' || returns.endsWith('_MAP')
  if (last.on === 'list' && isOfMap) throw problem(meaning, span, `a list has no ${returns}`)
  if (meaning.reference && !several) {
    const type = asked ?? (returns === 'COUNT' ? 'LIST' : returns.endsWith('_MAP') ? 'STRING' : undefined)
    if (type !== undefined) return select(parts, returns, EXPRESSION_TYPE_OF[type])
  }
  const type = returnedType(returns, several) ?? asked ?? 'STRING'
  return select(parts, returns, EXPRESSION_TYPE_OF[type])
}

function exists(parts: Parts): Expression {
  if (parts.last !== undefined) return select(parts, 'EXISTS', 'bool')
  return {
    kind: 'apply',
    operator: 'ne',
    args: [{ kind: 'binType', name: parts.node.bin }, valueNode(0)],
  }
}

function count(parts: Parts): Expression {
  const { last, several, whole, meaning, node } = parts
  if (several) return select(parts, 'COUNT', 'int')
  if (whole === undefined && meaning.strict) {
    throw problem(
      meaning,
      node,
      'cannot infer the type of what is counted',
      'Write .[].count() for a list, .{}.count() for a map',
    )
  }
  const type = whole === 'MAP' ? 'map' : 'list'
  return cdt({
    opcode: type === 'map' ? MAP_OPCODE.size : LIST_OPCODE.size,
    returns: 'int',
    args: [],
    on: last === undefined ? bin(parts, type) : select(parts, 'VALUE', type),
    context: [],
  })
}

type HllFunction = Exclude<NonNullable<PathNode['call']>, { readonly name: 'get' }>

const HLL: {
  readonly [name: string]: {
    readonly opcode: number
    readonly returns: ExpressionType
    readonly takes?: AelType
  }
} = {
  hllCount: { opcode: HLL_OPCODE.getCount, returns: 'int' },
  hllDescribe: { opcode: HLL_OPCODE.describe, returns: 'list' },
  hllMayContain: { opcode: HLL_OPCODE.mayContain, returns: 'int', takes: 'LIST' },
  hllUnion: { opcode: HLL_OPCODE.getUnion, returns: 'hll', takes: 'HLL' },
  hllUnionCount: { opcode: HLL_OPCODE.getUnionCount, returns: 'int', takes: 'HLL' },
  hllIntersectCount: { opcode: HLL_OPCODE.getIntersectCount, returns: 'int', takes: 'HLL' },
  hllSimilarity: { opcode: HLL_OPCODE.getSimilarity, returns: 'float', takes: 'HLL' },
}

function hll(parts: Parts, call: HllFunction, emit: EmitNode): Expression {
  const row = HLL[call.name] as (typeof HLL)[string]
  const args: Expression[] = []
  if ('argument' in call && row.takes !== undefined) {
    const argument = emit(call.argument, row.takes)
    if (row.takes === 'HLL' && !mayBeSketches(argument))
      throw problem(
        parts.meaning,
        call.argument,
        `${call.name} takes a HyperLogLog or a list of them`,
        'A bin is enough: $.other',
      )
    args.push(row.takes === 'HLL' ? withSketches(argument) : argument)
  }
  return {
    kind: 'call',
    system: 'hll',
    modifies: false,
    returns: row.returns,
    context: [],
    opcode: row.opcode,
    args,
    on: valueOf(parts, 'HLL'),
  }
}

/** Whether a sketch or a list of them may come of it; what is not known may. */
function mayBeSketches(node: Expression): boolean {
  switch (node.kind) {
    case 'value':
      return (
        Array.isArray(node.value) || node.value instanceof Uint8Array || node.value instanceof HyperLogLog
      )
    case 'bin':
      return node.type === 'hll' || node.type === 'list'
    case 'call':
      return node.returns === 'hll' || node.returns === 'list'
    case 'apply':
      return node.operator === 'unknown'
    case 'digestModulo':
      return false
    default:
      return true
  }
}

/** Bytes in the place of sketches are sketches. */
function withSketches(argument: Expression): Expression {
  if (argument.kind !== 'value') return argument
  const sketch = (value: Value): Value => (value instanceof Uint8Array ? new HyperLogLog(value) : value)
  const { value } = argument
  return valueNode(Array.isArray(value) ? value.map(sketch) : sketch(value))
}

function select(parts: Parts, returns: AelReturn, type: ExpressionType): Expression {
  const last = parts.last as Selection
  const { meaning } = parts
  const inverted = 'inverted' in last && last.inverted ? RETURN_TYPE.inverted : 0
  const { opcode, args } = selection(last, meaning)
  return cdt({
    opcode,
    returns: type,
    args: [valueNode(RETURN_OF[returns] | inverted), ...args.map(valueNode)],
    on: container(parts),
    context: parts.context,
  })
}

function cdt(call: Pick<CallNode, 'opcode' | 'returns' | 'args' | 'on' | 'context'>): Expression {
  return { kind: 'call', system: 'cdt', modifies: false, ...call }
}

function selection(
  element: Selection,
  meaning: Meaning,
): { readonly opcode: number; readonly args: readonly Value[] } {
  const isList = element.on === 'list'
  const value = (selector: Selector): Value => selectorValue(selector, element, meaning)
  const end = (to: Selector | undefined): Value[] => (to === undefined ? [] : [value(to)])
  switch (element.by) {
    case 'key':
      return { opcode: MAP_OPCODE.getByKey, args: [value(element.key)] }
    case 'index':
      return { opcode: isList ? LIST_OPCODE.getByIndex : MAP_OPCODE.getByIndex, args: [element.at] }
    case 'rank':
      return { opcode: isList ? LIST_OPCODE.getByRank : MAP_OPCODE.getByRank, args: [element.at] }
    case 'value':
      return { opcode: isList ? LIST_OPCODE.getByValue : MAP_OPCODE.getByValue, args: [value(element.value)] }
    case 'keyRange':
      return { opcode: MAP_OPCODE.getByKeyRange, args: [value(element.from), ...end(element.to)] }
    case 'keyList':
      return { opcode: MAP_OPCODE.getByKeyList, args: [element.keys.map(value)] }
    case 'indexRange':
      return {
        opcode: isList ? LIST_OPCODE.getByIndexRange : MAP_OPCODE.getByIndexRange,
        args: [element.from, ...span(element, meaning)],
      }
    case 'rankRange':
      return {
        opcode: isList ? LIST_OPCODE.getByRankRange : MAP_OPCODE.getByRankRange,
        args: [element.from, ...span(element, meaning)],
      }
    case 'valueList':
      return {
        opcode: isList ? LIST_OPCODE.getByValueList : MAP_OPCODE.getByValueList,
        args: [element.values.map(value)],
      }
    case 'valueRange':
      return {
        opcode: isList ? LIST_OPCODE.getByValueRange : MAP_OPCODE.getByValueRange,
        args: [value(element.from), ...end(element.to)],
      }
    case 'relativeRankRange':
      return {
        opcode: isList ? LIST_OPCODE.getByValueRelativeRankRange : MAP_OPCODE.getByValueRelativeRankRange,
        args: [value(element.value), element.from, ...span(element, meaning)],
      }
    case 'relativeIndexRange':
      return {
        opcode: MAP_OPCODE.getByKeyRelativeIndexRange,
        args: [value(element.key), element.from, ...span(element, meaning)],
      }
    default:
      throw problem(meaning, element, 'no such element of a path')
  }
}

/** How many elements a range holds; nothing when it goes on to the end. */
function span(element: Extract<Selection, { readonly from: number }>, meaning: Meaning): readonly number[] {
  const { from, to } = element
  if (to === undefined) return []
  const isRelative = element.by === 'relativeIndexRange' || element.by === 'relativeRankRange'
  // From the front to the back is a number of elements that depends on how many there are.
  if (!meaning.reference && !isRelative && from < 0 !== to < 0 && !(from < 0 && to === 0)) {
    throw problem(
      meaning,
      element,
      'a range between a place counted from the start and one counted from the end',
      'Count both from the same side',
    )
  }
  if (to < from) throw problem(meaning, element, 'a range that ends before it begins')
  return [to - from]
}
