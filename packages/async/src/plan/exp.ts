import {
  BIT_OPCODE,
  BIT_OVERFLOW,
  type BitArithmetic,
  ByteReader,
  type CallSystem,
  Double,
  decodeExpression,
  type Expression,
  type ExpressionType,
  encodeExpression,
  GeoJson,
  HLL_OPCODE,
  type HyperLogLog,
  LIST_OPCODE,
  type LoopPart,
  MAP_OPCODE,
  type OperatorName,
  type PathStep,
  printExpression,
  RETURN_TYPE,
  SELECT_FLAG,
  type Value,
} from '@aero/codec'
import {
  type BitResizeOptions,
  type BitWriteOptions,
  bitFlags,
  type HllWriteOptions,
  hllFlags,
  type ListSortOptions,
  type ListWriteItemsOptions,
  listPolicy,
  type MapReturn,
  mapPolicy,
  resizeFlags,
  returnType,
  sortFlags,
} from './collection-options.ts'
import type {
  ExpBuilder,
  ExpMapWriteOptions,
  RegexOptions,
  SelectOptions,
  TypedExpression,
} from './exp-types.ts'
import { UsageError } from './usage-error.ts'

/**
 * An expression whose result has a known type: plain data, the tree that the codec writes.
 *
 * @typeParam T what it gives; `Exp<'bool'>` is a condition
 */
export type Exp<T extends ExpressionType = ExpressionType> = TypedExpression<T>

const value = (content: Value): Expression => ({ kind: 'value', value: content })
const apply = (operator: OperatorName, args: readonly Expression[]): Expression => ({
  kind: 'apply',
  operator,
  args,
})

/** An expression has a kind; no value that may stand for itself does. */
function isExpression(given: unknown): given is Expression {
  return (
    typeof given === 'object' &&
    given !== null &&
    typeof (given as { readonly kind?: unknown }).kind === 'string' &&
    Object.getPrototypeOf(given) === Object.prototype
  )
}

function argument(given: unknown): Expression {
  if (given === undefined) throw new UsageError('an argument of an expression is missing')
  return isExpression(given) ? given : value(given as Value)
}

/** Numbers stand for doubles: whole ones too. */
function floating(given: unknown): Expression {
  return argument(Number.isInteger(given) && !Object.is(given, -0) ? new Double(given as number) : given)
}

const GIVES_FLOAT: ReadonlySet<OperatorName> = new Set(['pow', 'log', 'floor', 'ceil', 'toFloat'])
const GIVES_ITS_ARGUMENT: ReadonlySet<OperatorName> = new Set([
  'add',
  'sub',
  'mul',
  'div',
  'min',
  'max',
  'abs',
])

function isFloat(node: Expression): boolean {
  switch (node.kind) {
    case 'value':
      return node.value instanceof Double || (typeof node.value === 'number' && !Number.isInteger(node.value))
    case 'bin':
    case 'loopVariable':
    case 'variable':
      return node.type === 'float'
    case 'call':
    case 'select':
      return node.returns === 'float'
    case 'cond':
      return node.cases.some(({ gives }) => isFloat(gives))
    case 'let':
      return isFloat(node.body)
    case 'apply':
      return (
        GIVES_FLOAT.has(node.operator) || (GIVES_ITS_ARGUMENT.has(node.operator) && node.args.some(isFloat))
      )
    default:
      return false
  }
}

/** Arguments of one type: beside a double, whole numbers are doubles too. */
function alike(given: readonly unknown[]): Expression[] {
  const args = given.map(argument)
  return args.some(isFloat) ? given.map(floating) : args
}

/** The variables of a `let`, for its body. */
function used(variables: readonly { readonly name: string; readonly value: Expression }[]): {
  readonly [name: string]: Expression
} {
  return Object.fromEntries(
    variables.map(({ name, value: content }) => {
      const variable: Expression = { kind: 'variable', name }
      return [name, isFloat(content) ? { ...variable, type: 'float' as const } : variable]
    }),
  )
}

type Maker = (...given: never[]) => unknown
const bin =
  (type: ExpressionType) =>
  (name: string): Expression => ({ kind: 'bin', type, name })
const nullary = (operator: OperatorName) => (): Expression => apply(operator, [])
const plain =
  (operator: OperatorName) =>
  (...given: unknown[]): Expression =>
    apply(operator, given.map(argument))
const numeric =
  (operator: OperatorName) =>
  (...given: unknown[]): Expression =>
    apply(operator, alike(given))
const ofFloats =
  (operator: OperatorName) =>
  (...given: unknown[]): Expression =>
    apply(operator, given.map(floating))
const loopVar =
  (type: ExpressionType) =>
  (part: LoopPart): Expression => ({ kind: 'loopVariable', type, part })

/** A call on a list, a map, bits or a HyperLogLog. */
function call(
  system: CallSystem,
  opcode: number,
  modifies: boolean,
  returns: ExpressionType,
  args: readonly Expression[],
  on: unknown,
  context: readonly PathStep[] = [],
): Expression {
  return { kind: 'call', system, modifies, returns, context, opcode, args, on: argument(on) }
}

interface CallOptions {
  readonly context?: readonly PathStep[]
  readonly returns?: MapReturn
  readonly type?: ExpressionType
  readonly inverted?: boolean
}

/** What the arguments of a call on selected elements are, besides the return type. */
type Shape = 'plain' | 'range' | 'from'

/** Splits the options from the arguments before them, of which at most `most` are said. */
function split(
  given: readonly unknown[],
  least: number,
  most: number,
): { said: readonly unknown[]; options: CallOptions } {
  const last = given.at(-1)
  const hasOptions = given.length > least && isOptions(last)
  return { said: given.slice(0, hasOptions ? -1 : undefined).slice(0, most), options: hasOptions ? last : {} }
}

function isOptions(given: unknown): given is CallOptions {
  return (
    typeof given === 'object' &&
    given !== null &&
    !isExpression(given) &&
    Object.getPrototypeOf(given) === Object.prototype
  )
}

function selecting(said: readonly unknown[], shape: Shape): Expression[] {
  if (shape === 'plain') return said.map(argument)
  if (shape === 'range') {
    const [begin, end] = said
    return end === undefined ? [argument(begin ?? null)] : [argument(begin ?? null), argument(end)]
  }
  return said.filter((each, index) => index < said.length - 1 || each !== undefined).map(argument)
}

type Family = 'list' | 'map'

const get =
  (family: Family, opcode: number, least: number, most: number, shape: Shape, isOne = false) =>
  (on: unknown, ...given: unknown[]): Expression => {
    const { said, options } = split(given, least, most)
    const name = options.returns ?? 'value'
    const type = returnType(name, family === 'map')
    if (isOne && (name === 'value' || name === 'key') && options.type === undefined)
      throw new UsageError('the type of the one element has to be said: { type: … }')
    const returns = value(options.inverted === true ? type | RETURN_TYPE.inverted : type)
    const result = options.type ?? resultOf(name, isOne)
    return call('cdt', opcode, false, result, [returns, ...selecting(said, shape)], on, options.context)
  }

function resultOf(name: MapReturn, isOne: boolean): ExpressionType {
  if (name === 'exists') return 'bool'
  if (name === 'keyValue' || name === 'unorderedMap' || name === 'orderedMap') return 'map'
  return name === 'count' || isOne ? 'int' : 'list'
}

/** What is changed inside a value comes back as that value, whole. */
function changed(on: unknown, family: Family): ExpressionType {
  const node = argument(on)
  if (node.kind === 'bin' || node.kind === 'loopVariable') return node.type
  if (node.kind === 'call' || node.kind === 'select') return node.returns
  if (node.kind === 'value') return Array.isArray(node.value) ? 'list' : 'map'
  return family
}

const remove =
  (family: Family, opcode: number, least: number, most: number, shape: Shape) =>
  (on: unknown, ...given: unknown[]): Expression => {
    const { said, options } = split(given, least, most)
    const returns = options.inverted === true ? RETURN_TYPE.none | RETURN_TYPE.inverted : RETURN_TYPE.none
    const args = [value(returns), ...selecting(said, shape)]
    return call('cdt', opcode, true, changed(on, family), args, on, options.context)
  }

/** What of a policy stands behind the arguments of a change. */
type PolicyShape = 'none' | 'order' | 'flags' | 'orderAndFlags'

type PolicyOptions = Omit<ListWriteItemsOptions & ExpMapWriteOptions, 'order'> & { readonly order?: never }

/** Nothing when nothing is said: the server's defaults hold. */
function policyArguments(
  family: Family,
  shape: Exclude<PolicyShape, 'none'>,
  options: PolicyOptions,
): Expression[] {
  const said =
    family === 'list' ? listPolicy(options, options.order) : mapPolicy(options, mapCondition(options))
  const order = said?.order ?? 0
  const flags = said?.flags ?? 0
  if (options.order === undefined && flags === 0) return []
  if (shape === 'orderAndFlags') return [value(order), value(flags)]
  return [value(shape === 'order' ? order : flags)]
}

function mapCondition({
  createOnly,
  updateOnly,
}: ExpMapWriteOptions): 'createOnly' | 'updateOnly' | undefined {
  if (createOnly === true && updateOnly === true)
    throw new UsageError('createOnly and updateOnly exclude each other')
  if (createOnly === true) return 'createOnly'
  return updateOnly === true ? 'updateOnly' : undefined
}

const change =
  (family: Family, opcode: number, takes: number, policy: PolicyShape) =>
  (on: unknown, ...given: unknown[]): Expression => {
    const options = given[takes] as (CallOptions & PolicyOptions) | undefined
    const args = given.slice(0, takes).map(argument)
    if (policy !== 'none' && options !== undefined) args.push(...policyArguments(family, policy, options))
    return call('cdt', opcode, true, changed(on, family), args, on, options?.context)
  }

const size =
  (opcode: number) =>
  (on: unknown, options: CallOptions = {}): Expression =>
    call('cdt', opcode, false, 'int', [], on, options.context)

/** A call that reads bits or a HyperLogLog. */
const ask =
  (system: CallSystem, opcode: number, returns: ExpressionType, takes: number) =>
  (on: unknown, ...given: unknown[]): Expression =>
    call(system, opcode, false, returns, firstOf(given, takes), on)

/** The first `count` arguments, each of which has to be there. */
function firstOf(given: readonly unknown[], count: number): Expression[] {
  return Array.from({ length: count }, (_, index) => argument(given[index]))
}

/** A call that changes bits: `takes` arguments, then options. */
const bits =
  (opcode: number, takes: number) =>
  (on: unknown, ...given: unknown[]): Expression => {
    const args = firstOf(given, takes)
    const flags = bitFlags(given[takes] as BitWriteOptions | undefined)
    return call('bit', opcode, true, 'blob', [...args, value(flags)], on)
  }

/** On the wire the flags come before what is to be done on overflow. */
const arithmeticBits =
  (opcode: number) =>
  (
    on: unknown,
    offset: unknown,
    bitSize: unknown,
    by: unknown,
    options: BitArithmetic & BitWriteOptions = {},
  ): Expression => {
    const { signed, overflow = 'fail' } = options
    if (!Object.hasOwn(BIT_OVERFLOW, overflow) || (overflow as string) === 'signed')
      throw new UsageError(`'${overflow}' is nothing to do on overflow: fail, saturate or wrap`)
    const action = BIT_OVERFLOW[overflow] | (signed === true ? BIT_OVERFLOW.signed : 0)
    const args = [offset, bitSize, by, bitFlags(options), action]
    return call('bit', opcode, true, 'blob', args.map(argument), on)
  }

/** On the wire, bits that nothing is said about. */
const UNSAID = -1

/** The flags of POSIX regcomp. */
const REGEX_FLAG = { extended: 1, ignoreCase: 2, newline: 8 } as const

function regexFlags(options: number | RegexOptions): number {
  if (typeof options === 'number') return options
  let flags = 0
  for (const name of Object.keys(REGEX_FLAG) as (keyof typeof REGEX_FLAG)[])
    if (options[name] === true) flags |= REGEX_FLAG[name]
  return flags
}

function selectFlags({ what, noFail }: SelectOptions): number {
  return SELECT_FLAG[what ?? 'tree'] | (noFail === true ? SELECT_FLAG.noFail : 0)
}

const L = LIST_OPCODE
const M = MAP_OPCODE
const B = BIT_OPCODE
const H = HLL_OPCODE

const MAKERS: { readonly [name in keyof ExpBuilder]: Maker } = {
  intVal: (content: number | bigint) => {
    if (typeof content !== 'bigint' && !Number.isSafeInteger(content))
      throw new UsageError(`${content} is no integer that is exact; take a bigint`)
    return value(content)
  },
  floatVal: floating,
  stringVal: value,
  boolVal: value,
  blobVal: value,
  geoVal: (geometry: string | object) => value(GeoJson.of(geometry)),
  listVal: value,
  mapVal: value,
  hllVal: (sketch: HyperLogLog) => value(sketch),
  nil: () => value(null),
  infinity: () => ({ kind: 'infinity' }),
  wildcard: () => ({ kind: 'wildcard' }),
  val: value,

  intBin: bin('int'),
  floatBin: bin('float'),
  stringBin: bin('string'),
  boolBin: bin('bool'),
  blobBin: bin('blob'),
  geoBin: bin('geo'),
  listBin: bin('list'),
  mapBin: bin('map'),
  hllBin: bin('hll'),
  binExists: (name: string) => apply('ne', [{ kind: 'binType', name }, value(0)]),
  binType: (name: string) => ({ kind: 'binType', name }),

  key: (type: 'int' | 'string' | 'blob') => ({ kind: 'key', type }),
  keyExists: nullary('keyExists'),
  setName: nullary('setName'),
  deviceSize: nullary('deviceSize'),
  memorySize: nullary('memorySize'),
  recordSize: nullary('recordSize'),
  lastUpdate: nullary('lastUpdate'),
  sinceUpdate: nullary('sinceUpdate'),
  voidTime: nullary('voidTime'),
  ttl: nullary('ttl'),
  isTombstone: nullary('isTombstone'),
  digestModulo: (modulo: number) => ({ kind: 'digestModulo', modulo }),

  eq: numeric('eq'),
  ne: numeric('ne'),
  gt: numeric('gt'),
  ge: numeric('ge'),
  lt: numeric('lt'),
  le: numeric('le'),
  and: plain('and'),
  or: plain('or'),
  exclusive: plain('exclusive'),
  xor: plain('exclusive'),
  not: plain('not'),
  inList: plain('inList'),
  regexCompare: (pattern: string, options: number | RegexOptions, text: unknown) => ({
    kind: 'regex',
    flags: regexFlags(options),
    pattern,
    text: argument(text),
  }),
  geoCompare: plain('geoCompare'),

  numAdd: numeric('add'),
  numSub: numeric('sub'),
  numMul: numeric('mul'),
  numDiv: numeric('div'),
  min: numeric('min'),
  max: numeric('max'),
  numMod: plain('mod'),
  numPow: ofFloats('pow'),
  numLog: ofFloats('log'),
  numAbs: plain('abs'),
  numFloor: ofFloats('floor'),
  numCeil: ofFloats('ceil'),
  toInt: ofFloats('toInt'),
  toFloat: plain('toFloat'),
  intAnd: plain('intAnd'),
  intOr: plain('intOr'),
  intXor: plain('intXor'),
  intNot: plain('intNot'),
  intLshift: plain('intLeftShift'),
  intRshift: plain('intRightShift'),
  intArshift: plain('intArithmeticRightShift'),
  intCount: plain('intCount'),
  intLscan: plain('intLeftScan'),
  intRscan: plain('intRightScan'),

  cond: (...given: Expression[]) => {
    if (given.length < 3 || given.length % 2 === 0)
      throw new UsageError('cond takes a condition and a result for each case, and a last result')
    const cases = Array.from({ length: (given.length - 1) / 2 }, (_, index) => ({
      when: argument(given[index * 2]),
      gives: argument(given[index * 2 + 1]),
    }))
    return { kind: 'cond', cases, otherwise: argument(given.at(-1)) }
  },
  let: (variables: { readonly [name: string]: unknown }, body: unknown) => {
    const said = Object.entries(variables).map(([name, content]) => ({ name, value: argument(content) }))
    if (said.length === 0) throw new UsageError('let takes one variable at least')
    return {
      kind: 'let',
      variables: said,
      body: argument(typeof body === 'function' ? body(used(said)) : body),
    }
  },
  var: (name: string, type: ExpressionType) => ({ kind: 'variable', name, type }),
  unknown: nullary('unknown'),

  listSize: size(L.size),
  listGetByIndex: get('list', L.getByIndex, 1, 1, 'plain', true),
  listGetByRank: get('list', L.getByRank, 1, 1, 'plain', true),
  listGetByValue: get('list', L.getByValue, 1, 1, 'plain'),
  listGetByValueRange: get('list', L.getByValueRange, 1, 2, 'range'),
  listGetByValueList: get('list', L.getByValueList, 1, 1, 'plain'),
  listGetByValueRelativeRankRange: get('list', L.getByValueRelativeRankRange, 2, 3, 'from'),
  listGetByIndexRange: get('list', L.getByIndexRange, 1, 2, 'from'),
  listGetByRankRange: get('list', L.getByRankRange, 1, 2, 'from'),
  listAppend: change('list', L.append, 1, 'orderAndFlags'),
  listAppendItems: change('list', L.appendItems, 1, 'orderAndFlags'),
  listInsert: change('list', L.insert, 2, 'flags'),
  listInsertItems: change('list', L.insertItems, 2, 'flags'),
  listSet: change('list', L.set, 2, 'flags'),
  listIncrement: change('list', L.increment, 2, 'orderAndFlags'),
  listClear: change('list', L.clear, 0, 'none'),
  listSort: (on: unknown, options: CallOptions & ListSortOptions = {}) =>
    call('cdt', L.sort, true, changed(on, 'list'), [value(sortFlags(options))], on, options.context),
  listRemoveByValue: remove('list', L.removeByValue, 1, 1, 'plain'),
  listRemoveByValueList: remove('list', L.removeByValueList, 1, 1, 'plain'),
  listRemoveByValueRange: remove('list', L.removeByValueRange, 1, 2, 'range'),
  listRemoveByValueRelativeRankRange: remove('list', L.removeByValueRelativeRankRange, 2, 3, 'from'),
  listRemoveByIndex: remove('list', L.removeByIndex, 1, 1, 'plain'),
  listRemoveByIndexRange: remove('list', L.removeByIndexRange, 1, 2, 'from'),
  listRemoveByRank: remove('list', L.removeByRank, 1, 1, 'plain'),
  listRemoveByRankRange: remove('list', L.removeByRankRange, 1, 2, 'from'),

  mapSize: size(M.size),
  mapKeys: plain('mapKeys'),
  mapValues: plain('mapValues'),
  mapGetByKey: get('map', M.getByKey, 1, 1, 'plain', true),
  mapGetByIndex: get('map', M.getByIndex, 1, 1, 'plain', true),
  mapGetByRank: get('map', M.getByRank, 1, 1, 'plain', true),
  mapGetByKeyRange: get('map', M.getByKeyRange, 1, 2, 'range'),
  mapGetByKeyList: get('map', M.getByKeyList, 1, 1, 'plain'),
  mapGetByKeyRelativeIndexRange: get('map', M.getByKeyRelativeIndexRange, 2, 3, 'from'),
  mapGetByValue: get('map', M.getByValue, 1, 1, 'plain'),
  mapGetByValueRange: get('map', M.getByValueRange, 1, 2, 'range'),
  mapGetByValueList: get('map', M.getByValueList, 1, 1, 'plain'),
  mapGetByValueRelativeRankRange: get('map', M.getByValueRelativeRankRange, 2, 3, 'from'),
  mapGetByIndexRange: get('map', M.getByIndexRange, 1, 2, 'from'),
  mapGetByRankRange: get('map', M.getByRankRange, 1, 2, 'from'),
  mapPut: change('map', M.put, 2, 'orderAndFlags'),
  mapPutItems: change('map', M.putItems, 1, 'orderAndFlags'),
  mapIncrement: change('map', M.increment, 2, 'order'),
  mapClear: change('map', M.clear, 0, 'none'),
  mapRemoveByKey: remove('map', M.removeByKey, 1, 1, 'plain'),
  mapRemoveByKeyList: remove('map', M.removeByKeyList, 1, 1, 'plain'),
  mapRemoveByKeyRange: remove('map', M.removeByKeyRange, 1, 2, 'range'),
  mapRemoveByKeyRelativeIndexRange: remove('map', M.removeByKeyRelativeIndexRange, 2, 3, 'from'),
  mapRemoveByValue: remove('map', M.removeByValue, 1, 1, 'plain'),
  mapRemoveByValueList: remove('map', M.removeByValueList, 1, 1, 'plain'),
  mapRemoveByValueRange: remove('map', M.removeByValueRange, 1, 2, 'range'),
  mapRemoveByValueRelativeRankRange: remove('map', M.removeByValueRelativeRankRange, 2, 3, 'from'),
  mapRemoveByIndex: remove('map', M.removeByIndex, 1, 1, 'plain'),
  mapRemoveByIndexRange: remove('map', M.removeByIndexRange, 1, 2, 'from'),
  mapRemoveByRank: remove('map', M.removeByRank, 1, 1, 'plain'),
  mapRemoveByRankRange: remove('map', M.removeByRankRange, 1, 2, 'from'),

  // The flags come before the resize flags on the wire.
  bitResize: (on: unknown, byteSize: unknown, options?: BitResizeOptions) =>
    call(
      'bit',
      B.resize,
      true,
      'blob',
      [byteSize, bitFlags(options), resizeFlags(options)].map(argument),
      on,
    ),
  bitInsert: bits(B.insert, 2),
  bitRemove: bits(B.remove, 2),
  bitSet: bits(B.set, 3),
  bitOr: bits(B.or, 3),
  bitXor: bits(B.xor, 3),
  bitAnd: bits(B.and, 3),
  bitNot: bits(B.not, 2),
  bitLshift: bits(B.leftShift, 3),
  bitRshift: bits(B.rightShift, 3),
  bitAdd: arithmeticBits(B.add),
  bitSubtract: arithmeticBits(B.subtract),
  bitSetInt: bits(B.setInteger, 3),
  bitGet: ask('bit', B.get, 'blob', 2),
  bitCount: ask('bit', B.count, 'int', 2),
  bitLscan: ask('bit', B.leftScan, 'int', 3),
  bitRscan: ask('bit', B.rightScan, 'int', 3),
  bitGetInt: (on: unknown, offset: unknown, bitSize: unknown, options: { readonly signed?: boolean } = {}) =>
    call(
      'bit',
      B.getInteger,
      false,
      'int',
      [offset, bitSize, options.signed === true ? 1 : 0].map(argument),
      on,
    ),

  hllInit: (on: unknown, indexBits: unknown, minHashBits: unknown = UNSAID, options?: HllWriteOptions) =>
    call('hll', H.init, true, 'hll', [indexBits, minHashBits, hllFlags(options)].map(argument), on),
  hllAdd: (
    on: unknown,
    values: unknown,
    indexBits: unknown = UNSAID,
    minHashBits: unknown = UNSAID,
    options?: HllWriteOptions,
  ) => call('hll', H.add, true, 'hll', [values, indexBits, minHashBits, hllFlags(options)].map(argument), on),
  hllSetUnion: (on: unknown, others: unknown, options?: HllWriteOptions) =>
    call('hll', H.setUnion, true, 'hll', [others, hllFlags(options)].map(argument), on),
  hllFold: (on: unknown, indexBits: unknown) => call('hll', H.fold, true, 'hll', [argument(indexBits)], on),
  hllRefreshCount: (on: unknown) => call('hll', H.refreshCount, true, 'hll', [], on),
  hllGetCount: ask('hll', H.getCount, 'int', 0),
  hllGetUnion: ask('hll', H.getUnion, 'hll', 1),
  hllGetUnionCount: ask('hll', H.getUnionCount, 'int', 1),
  hllGetIntersectCount: ask('hll', H.getIntersectCount, 'int', 1),
  hllGetSimilarity: ask('hll', H.getSimilarity, 'float', 1),
  hllDescribe: ask('hll', H.describe, 'list', 0),
  hllMayContain: ask('hll', H.mayContain, 'int', 1),

  intLoopVar: loopVar('int'),
  floatLoopVar: loopVar('float'),
  stringLoopVar: loopVar('string'),
  boolLoopVar: loopVar('bool'),
  blobLoopVar: loopVar('blob'),
  geoLoopVar: loopVar('geo'),
  listLoopVar: loopVar('list'),
  mapLoopVar: loopVar('map'),
  hllLoopVar: loopVar('hll'),
  removeResult: nullary('removeResult'),
  selectByPath: (
    on: unknown,
    type: ExpressionType,
    path: readonly PathStep[],
    options: SelectOptions = {},
  ) => ({
    kind: 'select',
    returns: type,
    path,
    flags: selectFlags(options),
    on: argument(on),
  }),
  modifyByPath: (
    on: unknown,
    type: ExpressionType,
    path: readonly PathStep[],
    modify: Expression,
    options: SelectOptions = {},
  ) => ({
    kind: 'select',
    returns: type,
    path,
    flags: options.noFail === true ? SELECT_FLAG.noFail : 0,
    modify: argument(modify),
    on: argument(on),
  }),

  print: printExpression,
  toBytes: encodeExpression,
  fromBytes: (bytes: Uint8Array): Expression => {
    try {
      return decodeExpression(ByteReader.over(bytes))
    } catch (error) {
      throw new UsageError(`these bytes hold no expression: ${(error as Error).message}`)
    }
  },
}

/**
 * Builds expressions: conditions for `where`, and formulas for `selectFrom` and the like. What goes into an operator is typed:
 * a condition cannot stand where a number is due. Numbers, texts and other values may stand for themselves; beside a double,
 * whole numbers are taken for doubles.
 *
 * @example
 * ```ts
 * import { Exp } from '@aero/sdk'
 * const adult = Exp.ge(Exp.intBin('age'), 18)
 * const tagged = Exp.listGetByValue(Exp.listBin('tags'), 'new', { returns: 'exists' })
 * const condition = Exp.and(adult, Exp.not(tagged))
 * console.log(Exp.print(condition))
 * // and(ge(int("age"), 18), not(list.getByValue(list("tags"), 13, "new"): bool))
 * ```
 */
export const Exp: ExpBuilder = Object.freeze(MAKERS) as unknown as ExpBuilder
