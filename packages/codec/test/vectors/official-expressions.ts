import { BIT_OPCODE } from '../../src/cdt/bit-opcode.ts'
import { CONTEXT_CREATE, CONTEXT_TYPE } from '../../src/cdt/context.ts'
import { HLL_OPCODE } from '../../src/cdt/hll-opcode.ts'
import { LIST_OPCODE } from '../../src/cdt/list-opcode.ts'
import { MAP_OPCODE } from '../../src/cdt/map-opcode.ts'
import { RETURN_TYPE } from '../../src/cdt/return-type.ts'
import type { ExpressionType } from '../../src/expression/expression-type.ts'
import { expressionTypeFrom } from '../../src/expression/expression-type.ts'
import type { Expression, PathStep } from '../../src/expression/node.ts'
import type { CallSystem, LoopPart, OperatorName } from '../../src/expression/opcode.ts'
import { OPERATOR } from '../../src/expression/opcode.ts'
import { Double } from '../../src/value/double.ts'
import type { Value } from '../../src/value/value.ts'
import { member, type Notation, valueFrom } from './notation.ts'

/*
 * What the official client's builders of expressions mean, in our tree. Written from its documentation of their arguments,
 * so that the recorded bytes judge the tree's encoding and not only that it can be undone.
 */

/** Names that differ; all others are those of our operators. */
const OPERATOR_OF: { readonly [name: string]: OperatorName } = {
  cmpGeo: 'geoCompare',
  intLshift: 'intLeftShift',
  intRshift: 'intRightShift',
  intArshift: 'intArithmeticRightShift',
  intLscan: 'intLeftScan',
  intRscan: 'intRightScan',
  keyExist: 'keyExists',
  resultRemove: 'removeResult',
}

const BIN_TYPE: { readonly [name: string]: ExpressionType } = {
  binBool: 'bool',
  binInt: 'int',
  binFloat: 'float',
  binStr: 'string',
  binBlob: 'blob',
  binGeo: 'geo',
  binList: 'list',
  binMap: 'map',
  binHll: 'hll',
}

const LOOP_TYPE: { readonly [name: string]: ExpressionType } = {
  loopVarBool: 'bool',
  loopVarInt: 'int',
  loopVarFloat: 'float',
  loopVarStr: 'string',
  loopVarBlob: 'blob',
  loopVarGeoJSON: 'geo',
  loopVarList: 'list',
  loopVarMap: 'map',
  loopVarHLL: 'hll',
  loopVarNil: 'nil',
}

const LOOP_PARTS: readonly LoopPart[] = ['key', 'value', 'index']
/** The value type that leaves the choice to the builder. */
const AUTO = 10

/** The tree for `{ $fn, args }`. */
export function expressionFrom(notation: Notation): Expression {
  const name = member(notation, '$fn')
  const args = (member(notation, 'args') ?? []) as Notation[]
  if (typeof name !== 'string' || !name.startsWith('exp.'))
    throw new Error(`no expression: ${JSON.stringify(notation)}`)
  const [, first, second] = name.split('.') as [string, string, string?]
  if (second !== undefined) return callFrom(first, second, args)
  return simpleFrom(first, args)
}

function value(content: Value): Expression {
  return { kind: 'value', value: content }
}

function simpleFrom(name: string, args: Notation[]): Expression {
  const loopType = LOOP_TYPE[name]
  if (loopType !== undefined)
    return { kind: 'loopVariable', type: loopType, part: LOOP_PARTS[args[0] as number] as LoopPart }
  const binType = BIN_TYPE[name]
  if (binType !== undefined) return { kind: 'bin', type: binType, name: args[0] as string }
  switch (name) {
    case 'int':
    case 'uint':
      return value(integerFrom(valueFrom(args[0] as Notation)))
    case 'bytes':
    case 'bool':
    case 'str':
    case 'geo':
    case 'list':
    case 'map':
      return value(valueFrom(args[0] as Notation))
    case 'float':
      return value(floatFrom(valueFrom(args[0] as Notation)))
    case 'nil':
      return value(null)
    case 'inf':
      return { kind: 'infinity' }
    case 'wildcard':
      return { kind: 'wildcard' }
    case 'binExists':
      return apply('ne', { kind: 'binType', name: args[0] as string }, value(0))
    case 'binType':
      return { kind: 'binType', name: args[0] as string }
    case 'keyInt':
      return { kind: 'key', type: 'int' }
    case 'keyStr':
      return { kind: 'key', type: 'string' }
    case 'keyBlob':
      return { kind: 'key', type: 'blob' }
    case 'digestModulo':
      return { kind: 'digestModulo', modulo: (member(args[0], 'args') as number[])[0] as number }
    case 'cmpRegex':
      return {
        kind: 'regex',
        flags: args[0] as number,
        pattern: args[1] as string,
        text: expressionFrom(args[2] as Notation),
      }
    case 'cond':
      return condFrom(args.map(expressionFrom))
    case 'let':
      return {
        kind: 'let',
        variables: args.slice(0, -1).map((each) => {
          const [variable, content] = member(each, 'args') as [string, Notation]
          return { name: variable, value: expressionFrom(content) }
        }),
        body: expressionFrom(args.at(-1) as Notation),
      }
    case 'var':
      return { kind: 'variable', name: args[0] as string }
    case 'selectByPath': {
      const [on, type, flags, context] = args as [Notation, number, number, Notation]
      return {
        kind: 'select',
        returns: typeFrom(type),
        path: contextFrom(context),
        flags,
        on: expressionFrom(on),
      }
    }
    case 'modifyByPath': {
      const [on, type, modify, flags, context] = args as [Notation, number, Notation, number, Notation]
      return {
        kind: 'select',
        returns: typeFrom(type),
        path: contextFrom(context),
        flags,
        modify: expressionFrom(modify),
        on: expressionFrom(on),
      }
    }
    default: {
      const operator = OPERATOR_OF[name] ?? (name as OperatorName)
      if (OPERATOR[operator] === undefined) throw new Error(`unknown: exp.${name}`)
      return apply(operator, ...args.map(expressionFrom))
    }
  }
}

function apply(operator: OperatorName, ...args: Expression[]): Expression {
  return { kind: 'apply', operator, args }
}

function floatFrom(content: Value): Value {
  return typeof content === 'number' && Number.isInteger(content) ? new Double(content) : content
}

/** The official client takes whole numbers beyond 2^53 for what they are. */
function integerFrom(content: Value): Value {
  return typeof content === 'number' && !Number.isSafeInteger(content) ? BigInt(content) : content
}

function condFrom(all: readonly Expression[]): Expression {
  const cases: { when: Expression; gives: Expression }[] = []
  for (let index = 0; index + 1 < all.length; index += 2) {
    cases.push({ when: all[index] as Expression, gives: all[index + 1] as Expression })
  }
  return { kind: 'cond', cases, otherwise: all.at(-1) as Expression }
}

function typeFrom(code: number): ExpressionType {
  const type = expressionTypeFrom(code)
  if (type === undefined) throw new Error(`no type: ${code}`)
  return type
}

/** Steps of the official client's contexts, in the order of its documentation. */
export function contextFrom(notation: Notation | undefined): PathStep[] {
  // A function, which the recordings do not hold: it adds this step.
  if (member(notation, '$function') === true) return [{ by: 'mapKey', value: 'a' }]
  const steps = (member(notation, '$ctx') ?? []) as [string, ...Notation[]][]
  return steps.map(([name, argument, order, pad]): PathStep => {
    switch (name) {
      case 'addListIndex':
        return { by: 'listIndex', index: argument as number }
      case 'addListIndexCreate':
        return {
          by: 'listIndex',
          index: argument as number,
          create: listCreation(order as number, pad as boolean),
        }
      case 'addMapKeyCreate':
        return {
          by: 'mapKey',
          value: valueFrom(argument as Notation),
          create: MAP_CREATION[order as number] as number,
        }
      case 'addListRank':
        return { by: 'listRank', rank: argument as number }
      case 'addListValue':
        return { by: 'listValue', value: valueFrom(argument as Notation) }
      case 'addMapIndex':
        return { by: 'mapIndex', index: argument as number }
      case 'addMapRank':
        return { by: 'mapRank', rank: argument as number }
      case 'addMapKey':
        return { by: 'mapKey', value: valueFrom(argument as Notation) }
      case 'addMapValue':
        return { by: 'mapValue', value: valueFrom(argument as Notation) }
      case 'addAllChildren':
        return { by: 'filter', filter: value(true) }
      case 'addAllChildrenWithFilter':
        return { by: 'filter', filter: expressionFrom(argument as Notation) }
      case 'addAndFilter':
        return { by: 'filter', filter: expressionFrom(argument as Notation), and: true }
      case 'addMapKeysIn':
        return { by: 'mapKeys', keys: valueFrom(argument as Notation) as Value[] }
      default:
        throw new Error(`unknown step: ${name} (of ${Object.keys(CONTEXT_TYPE).join(', ')})`)
    }
  })
}

/** By the number of the map's order. */
const MAP_CREATION: { readonly [order: number]: number } = {
  0: CONTEXT_CREATE.unorderedMap,
  1: CONTEXT_CREATE.keyOrderedMap,
  3: CONTEXT_CREATE.keyValueOrderedMap,
}

function listCreation(order: number, pad: boolean): number {
  if (order === 1) return CONTEXT_CREATE.orderedList
  return pad ? CONTEXT_CREATE.unboundedList : CONTEXT_CREATE.unorderedList
}

/** In which order the builder takes its arguments (behind the one it works on), and the server wants them. */
interface CallRow {
  readonly opcode: number
  readonly modifies?: true
  readonly returns: ExpressionType | 'selected' | 'asked'
  /** Of `0 1 2 …`: the builder's arguments. `type`: the return type. `none`: the return type 0. A number in quotes: itself. */
  readonly sends: readonly string[]
  /** How many arguments stand before the return type, value type, policy or context. */
  readonly takes: number
}

function read(opcode: number, returns: CallRow['returns'], takes: number, ...sends: string[]): CallRow {
  return { opcode, returns, sends, takes }
}

function modify(opcode: number, returns: ExpressionType, takes: number, ...sends: string[]): CallRow {
  return { opcode, modifies: true, returns, sends, takes }
}

const L = LIST_OPCODE
const LISTS: { readonly [name: string]: CallRow } = {
  size: read(L.size, 'int', 0),
  getByValue: read(L.getByValue, 'selected', 1, 'type', '0'),
  getByValueRange: read(L.getByValueRange, 'selected', 2, 'type', '0', '1'),
  getByValueList: read(L.getByValueList, 'selected', 1, 'type', '0'),
  getByRelRankRangeToEnd: read(L.getByValueRelativeRankRange, 'selected', 2, 'type', '0', '1'),
  getByRelRankRange: read(L.getByValueRelativeRankRange, 'selected', 3, 'type', '0', '1', '2'),
  getByIndexRangeToEnd: read(L.getByIndexRange, 'selected', 1, 'type', '0'),
  getByIndexRange: read(L.getByIndexRange, 'selected', 2, 'type', '0', '1'),
  getByRankRangeToEnd: read(L.getByRankRange, 'selected', 1, 'type', '0'),
  getByRankRange: read(L.getByRankRange, 'selected', 2, 'type', '0', '1'),
  getByIndex: read(L.getByIndex, 'asked', 1, 'type', '0'),
  getByRank: read(L.getByRank, 'asked', 1, 'type', '0'),
  append: modify(L.append, 'list', 1, '0'),
  appendItems: modify(L.appendItems, 'list', 1, '0'),
  // The value comes before the index here, and behind it on the wire.
  insert: modify(L.insert, 'list', 2, '1', '0'),
  insertItems: modify(L.insertItems, 'list', 2, '1', '0'),
  increment: modify(L.increment, 'list', 2, '1', '0'),
  set: modify(L.set, 'list', 2, '1', '0'),
  clear: modify(L.clear, 'list', 0),
  sort: modify(L.sort, 'list', 1, '0'),
  removeByValue: modify(L.removeByValue, 'list', 1, 'none', '0'),
  removeByValueList: modify(L.removeByValueList, 'list', 1, 'none', '0'),
  removeByValueRange: modify(L.removeByValueRange, 'list', 2, 'none', '1', '0'),
  removeByRelRankRangeToEnd: modify(L.removeByValueRelativeRankRange, 'list', 2, 'none', '1', '0'),
  removeByRelRankRange: modify(L.removeByValueRelativeRankRange, 'list', 3, 'none', '2', '1', '0'),
  removeByIndex: modify(L.removeByIndex, 'list', 1, 'none', '0'),
  removeByIndexRangeToEnd: modify(L.removeByIndexRange, 'list', 1, 'none', '0'),
  removeByIndexRange: modify(L.removeByIndexRange, 'list', 2, 'none', '1', '0'),
  removeByRank: modify(L.removeByRank, 'list', 1, 'none', '0'),
  removeByRankRangeToEnd: modify(L.removeByRankRange, 'list', 1, 'none', '0'),
  removeByRankRange: modify(L.removeByRankRange, 'list', 2, 'none', '1', '0'),
}

const M = MAP_OPCODE
const MAPS: { readonly [name: string]: CallRow } = {
  size: read(M.size, 'int', 0),
  getByKey: read(M.getByKey, 'asked', 1, 'type', '0'),
  getByKeyRange: read(M.getByKeyRange, 'selected', 2, 'type', '1', '0'),
  getByKeyList: read(M.getByKeyList, 'selected', 1, 'type', '0'),
  getByKeyRelIndexRangeToEnd: read(M.getByKeyRelativeIndexRange, 'selected', 2, 'type', '1', '0'),
  getByKeyRelIndexRange: read(M.getByKeyRelativeIndexRange, 'selected', 3, 'type', '2', '1', '0'),
  getByValue: read(M.getByValue, 'selected', 1, 'type', '0'),
  getByValueRange: read(M.getByValueRange, 'selected', 2, 'type', '1', '0'),
  getByValueList: read(M.getByValueList, 'selected', 1, 'type', '0'),
  getByValueRelRankRangeToEnd: read(M.getByValueRelativeRankRange, 'selected', 2, 'type', '1', '0'),
  getByValueRelRankRange: read(M.getByValueRelativeRankRange, 'selected', 3, 'type', '2', '1', '0'),
  getByIndex: read(M.getByIndex, 'asked', 1, 'type', '0'),
  getByIndexRangeToEnd: read(M.getByIndexRange, 'selected', 1, 'type', '0'),
  getByIndexRange: read(M.getByIndexRange, 'selected', 2, 'type', '1', '0'),
  getByRank: read(M.getByRank, 'asked', 1, 'type', '0'),
  getByRankRangeToEnd: read(M.getByRankRange, 'selected', 1, 'type', '0'),
  getByRankRange: read(M.getByRankRange, 'selected', 2, 'type', '1', '0'),
  put: modify(M.put, 'map', 2, '1', '0'),
  putItems: modify(M.putItems, 'map', 1, '0'),
  increment: modify(M.increment, 'map', 2, '1', '0'),
  clear: modify(M.clear, 'map', 0),
  removeByKey: modify(M.removeByKey, 'map', 1, 'type', '0'),
  removeByKeyList: modify(M.removeByKeyList, 'map', 1, 'type', '0'),
  removeByKeyRange: modify(M.removeByKeyRange, 'map', 2, 'type', '1', '0'),
  removeByKeyRelIndexRangeToEnd: modify(M.removeByKeyRelativeIndexRange, 'map', 2, 'type', '1', '0'),
  removeByKeyRelIndexRange: modify(M.removeByKeyRelativeIndexRange, 'map', 3, 'type', '2', '1', '0'),
  removeByValue: modify(M.removeByValue, 'map', 1, 'type', '0'),
  removeByValueList: modify(M.removeByValueList, 'map', 1, 'type', '0'),
  removeByValueRange: modify(M.removeByValueRange, 'map', 2, 'type', '1', '0'),
  removeByValueRelRankRangeToEnd: modify(M.removeByValueRelativeRankRange, 'map', 2, 'type', '1', '0'),
  removeByValueRelRankRange: modify(M.removeByValueRelativeRankRange, 'map', 3, 'type', '2', '1', '0'),
  removeByIndex: modify(M.removeByIndex, 'map', 1, 'type', '0'),
  removeByIndexRangeToEnd: modify(M.removeByIndexRange, 'map', 1, 'type', '0'),
  removeByIndexRange: modify(M.removeByIndexRange, 'map', 2, 'type', '1', '0'),
  removeByRank: modify(M.removeByRank, 'map', 1, 'type', '0'),
  removeByRankRangeToEnd: modify(M.removeByRankRange, 'map', 1, 'type', '0'),
  removeByRankRange: modify(M.removeByRankRange, 'map', 2, 'type', '1', '0'),
}

const B = BIT_OPCODE
/** `policy` is the number of its flags, 0 without one. */
const BITS: { readonly [name: string]: CallRow } = {
  reSize: modify(B.resize, 'blob', 2, '1', 'policy', '0'),
  insert: modify(B.insert, 'blob', 2, '1', '0', 'policy'),
  remove: modify(B.remove, 'blob', 2, '1', '0', 'policy'),
  set: modify(B.set, 'blob', 3, '2', '1', '0', 'policy'),
  or: modify(B.or, 'blob', 3, '2', '1', '0', 'policy'),
  xor: modify(B.xor, 'blob', 3, '2', '1', '0', 'policy'),
  and: modify(B.and, 'blob', 3, '2', '1', '0', 'policy'),
  not: modify(B.not, 'blob', 2, '1', '0', 'policy'),
  lShift: modify(B.leftShift, 'blob', 3, '2', '1', '0', 'policy'),
  rShift: modify(B.rightShift, 'blob', 3, '2', '1', '0', 'policy'),
  add: modify(B.add, 'blob', 4, '3', '2', '1', 'policy', '0'),
  subtract: modify(B.subtract, 'blob', 4, '3', '2', '1', 'policy', '0'),
  setInt: modify(B.setInteger, 'blob', 3, '2', '1', '0', 'policy'),
  get: read(B.get, 'blob', 2, '1', '0'),
  count: read(B.count, 'int', 2, '1', '0'),
  lScan: read(B.leftScan, 'int', 3, '2', '1', '0'),
  rScan: read(B.rightScan, 'int', 3, '2', '1', '0'),
  getInt: read(B.getInteger, 'int', 3, '2', '1', 'signed'),
}

const H = HLL_OPCODE
const HLL: { readonly [name: string]: CallRow } = {
  init: modify(H.init, 'hll', 1, '0', 'policy'),
  initMH: modify(H.init, 'hll', 2, '1', '0', 'policy'),
  add: modify(H.add, 'hll', 2, '1', '0', 'absent', 'policy'),
  addMH: modify(H.add, 'hll', 3, '2', '1', '0', 'policy'),
  update: modify(H.add, 'hll', 1, '0', 'absent', 'absent', 'policy'),
  getCount: read(H.getCount, 'int', 0),
  describe: read(H.describe, 'list', 0),
  mayContain: read(H.mayContain, 'int', 1, '0'),
  getUnion: read(H.getUnion, 'hll', 1, '0'),
  getUnionCount: read(H.getUnionCount, 'int', 1, '0'),
  getIntersectCount: read(H.getIntersectCount, 'int', 1, '0'),
  getSimilarity: read(H.getSimilarity, 'float', 1, '0'),
}

const SYSTEMS: {
  readonly [name: string]: {
    readonly system: CallSystem
    readonly rows: { readonly [name: string]: CallRow }
  }
} = {
  lists: { system: 'cdt', rows: LISTS },
  maps: { system: 'cdt', rows: MAPS },
  bit: { system: 'bit', rows: BITS },
  hll: { system: 'hll', rows: HLL },
}

function callFrom(group: string, name: string, all: Notation[]): Expression {
  const { system, rows } = SYSTEMS[group] as (typeof SYSTEMS)[string]
  const row = rows[name]
  if (row === undefined) throw new Error(`unknown: exp.${group}.${name}`)
  const [on, ...rest] = all
  const taken = rest.slice(0, row.takes)
  const behind = rest.slice(row.takes)
  const context = contextFrom(behind.find((each) => member(each, '$ctx') !== undefined))
  const numbers = behind.filter((each) => typeof each === 'number') as number[]
  // Singular selectors take the type of the value before the return type.
  const returnType = numbers.at(-1) ?? RETURN_TYPE.none
  const policy = behind.find(
    (each) => member(each, 'flags') !== undefined || member(each, 'writeFlags') !== undefined,
  )
  const target = expressionFrom(on as Notation)
  const args = row.sends.map((what): Expression => {
    switch (what) {
      case 'type':
        return value(returnType)
      case 'none':
        return value(RETURN_TYPE.none)
      case 'absent':
        return value(-1)
      case 'policy':
        return value((member(policy, 'writeFlags') ?? member(policy, 'flags') ?? 0) as number)
      case 'signed':
        return value(taken[0] === true ? 1 : 0)
      default:
        return argumentFrom(taken[Number(what)] as Notation)
    }
  })
  return {
    kind: 'call',
    system,
    modifies: row.modifies === true,
    returns: returnsOf(row, returnType, numbers, target),
    context,
    opcode: row.opcode,
    args: [...args, ...policyOf(group, name, behind)],
    on: target,
  }
}

function argumentFrom(notation: Notation): Expression {
  return member(notation, '$fn') === undefined ? value(valueFrom(notation)) : expressionFrom(notation)
}

/** Lists and maps send their policies behind the arguments, when there is one. */
function policyOf(group: string, name: string, behind: Notation[]): Expression[] {
  if (group !== 'lists' && group !== 'maps') return []
  const policy = behind.find(
    (each) => member(each, '$ctx') === undefined && typeof each === 'object' && each !== null,
  )
  if (policy === undefined) return []
  const order = value((member(policy, 'order') ?? 0) as number)
  const flags = value((member(policy, 'writeFlags') ?? 0) as number)
  if (group === 'maps') return name === 'increment' ? [order] : [order, flags]
  return name.startsWith('append') || name === 'increment' ? [order, flags] : [flags]
}

function returnsOf(
  row: CallRow,
  returnType: number,
  numbers: readonly number[],
  target: Expression,
): ExpressionType {
  // What is changed inside a value comes back as that value, whole.
  if (row.modifies === true && target.kind === 'bin') return target.type
  if (row.returns !== 'selected' && row.returns !== 'asked') return row.returns
  const plain = returnType & ~RETURN_TYPE.inverted
  if (row.returns === 'asked') {
    const asked = numbers[0] as number
    if (asked !== AUTO) return typeFrom(asked)
    if (plain === RETURN_TYPE.exists) return 'bool'
    return plain >= RETURN_TYPE.keyValue ? 'map' : 'int'
  }
  switch (plain) {
    case RETURN_TYPE.count:
      return 'int'
    case RETURN_TYPE.exists:
      return 'bool'
    case RETURN_TYPE.keyValue:
    case RETURN_TYPE.unorderedMap:
    case RETURN_TYPE.orderedMap:
      return 'map'
    default:
      return 'list'
  }
}
