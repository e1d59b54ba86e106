import {
  CALL_FORM,
  CALL_MODIFIES,
  CALL_SYSTEM,
  CONTEXT_AND,
  CONTEXT_TYPE,
  EXPRESSION_OPCODE,
  EXPRESSION_TYPE,
  type ExpressionType,
  HLL_OPCODE,
  LIST_OPCODE,
  LOOP_PART,
  OPERATOR,
  RETURN_TYPE,
  SELECT_APPLIES,
  SELECT_FLAG,
} from '@aero/codec'
import type { Random } from '@aero/testkit'
import {
  BITS,
  FIRST_READ_OPCODE,
  HLLS,
  hasReturnType,
  isCollectionRead,
  LISTS,
  MAPS,
  randomCall,
  randomContext,
} from './random-call.ts'
import {
  inKeyOrder,
  randomDouble,
  randomGeometry,
  randomInteger,
  randomKey,
  randomList,
  randomMap,
  randomScalar,
  randomSketch,
  randomText,
} from './random-values.ts'
import type { Tree } from './tree.ts'

/*
 * Expressions as they stand on the wire. Each is of a type that is said before; now and then it is of another one, or has
 * something in it that the server refuses.
 */

type Kind = ExpressionType

/** The bins of a record under test, by what they hold; the last of each kind may not be there. */
export const BINS = {
  int: ['i', 'i2'],
  float: ['f', 'f2'],
  string: ['s', 's2'],
  bool: ['t', 't2'],
  geo: ['g', 'g2'],
  list: ['l', 'l2'],
  map: ['m', 'm2'],
  blob: ['b', 'b2'],
  hll: ['h', 'h2'],
} as const

const KINDS: readonly Kind[] = ['bool', 'int', 'string', 'list', 'map', 'blob', 'float', 'geo', 'hll']

export function randomKind(random: Random): Kind {
  return random.chance(0.02) ? 'nil' : random.pick(KINDS)
}

/** What an expression may refer to. */
interface Scope {
  readonly variables: readonly { readonly name: string; readonly kind: Kind }[]
  /** Inside a path there are elements, and neither bins nor metadata. */
  readonly isInPath: boolean
  /**
   * What it gives may be called on. A map of selected entries is not: its keys stand in no order, and what the real server
   * then does to it depends on where it happens to look.
   */
  readonly isCalledOn: boolean
}

const NOTHING: Scope = { variables: [], isInPath: false, isCalledOn: false }

export function randomExpression(random: Random, kind: Kind, depth = 3, scope: Scope = NOTHING): Tree {
  const asked = random.chance(0.01) ? random.pick(KINDS) : kind
  if (depth === 0 || random.chance(0.15)) return leaf(random, asked, scope)
  const next: Next = (wanted, within = scope) => randomExpression(random, wanted, depth - 1, within)
  const nextCalledOn: Next = (wanted, within = scope) => next(wanted, { ...within, isCalledOn: true })
  switch (random.int(0, 11)) {
    case 0:
      return cond(random, asked, next)
    case 1:
      return letIn(random, asked, next, nextCalledOn, scope)
    case 2:
      return leaf(random, asked, scope)
    default:
      return compound(random, asked, next, nextCalledOn, scope)
  }
}

type Next = (kind: Kind, scope?: Scope) => Tree

function leaf(random: Random, kind: Kind, scope: Scope): Tree {
  const variables = scope.variables.filter(
    (variable) => variable.kind === kind || (variable.kind !== 'nil' && random.chance(0.03)),
  )
  if (variables.length > 0 && random.chance(0.6))
    return [EXPRESSION_OPCODE.variable, { raw: random.pick(variables).name }]
  if (scope.isInPath && random.chance(0.7)) return loopVariable(random, kind)
  if (kind !== 'nil' && random.chance(scope.isInPath ? 0.02 : 0.6)) return bin(random, kind)
  return literal(random, kind)
}

function loopVariable(random: Random, kind: Kind): Tree {
  const part =
    kind === 'int' ? random.pick(Object.values(LOOP_PART)) : random.pick([LOOP_PART.key, LOOP_PART.value])
  return [EXPRESSION_OPCODE.loopVariable, EXPRESSION_TYPE[kind], part]
}

function bin(random: Random, kind: Exclude<Kind, 'nil'>): Tree {
  const names = random.chance(0.95) ? BINS[kind] : Object.values(BINS).flat()
  return [EXPRESSION_OPCODE.bin, EXPRESSION_TYPE[kind], { raw: random.pick<string>(names) }]
}

function literal(random: Random, kind: Kind): Tree {
  switch (kind) {
    case 'nil':
      return null
    case 'bool':
      return random.chance()
    case 'int':
      return randomInteger(random)
    case 'string':
      return randomText(random)
    case 'list':
      return [EXPRESSION_OPCODE.quote, inKeyOrder(randomList(random))]
    case 'map':
      return inKeyOrder(randomMap(random))
    case 'blob':
      return random.bytes(random.int(0, 4))
    case 'float':
      return { double: randomDouble(random) }
    case 'geo':
      return { geo: randomGeometry(random) }
    case 'hll':
      return { sketch: randomSketch(random) }
  }
}

function cond(random: Random, kind: Kind, next: Next): Tree {
  const gives = (): Tree => (random.chance(0.1) ? [OPERATOR.unknown.code] : next(kind))
  const cases = Array.from({ length: random.int(1, 2) }, () => [next('bool'), gives()])
  return [EXPRESSION_OPCODE.cond, ...cases.flat(), gives()]
}

function letIn(random: Random, kind: Kind, next: Next, nextCalledOn: Next, scope: Scope): Tree {
  const parts: Tree[] = []
  let within = scope
  for (let left = random.int(1, 2); left > 0; left--) {
    const name = random.pick(['a', 'b', 'c', '_1'])
    const of = randomKind(random)
    parts.push({ raw: name }, nextCalledOn(of, within))
    within = { ...within, variables: [...within.variables, { name, kind: of }] }
  }
  return [EXPRESSION_OPCODE.let, ...parts, next(kind, within)]
}

const two = (operator: { readonly code: number }, first: Tree, second: Tree): Tree => [
  operator.code,
  first,
  second,
]

function several(random: Random, operator: { readonly code: number }, least: number, one: () => Tree): Tree {
  return [operator.code, ...Array.from({ length: random.int(least, 3) }, one)]
}

/** An expression of other expressions. */
function compound(random: Random, kind: Kind, next: Next, nextCalledOn: Next, scope: Scope): Tree {
  const on = { nextCalledOn, isCalledOn: scope.isCalledOn }
  switch (kind) {
    case 'bool':
      return random.chance(0.75) ? truth(random, next) : call(random, kind, on)
    case 'int':
      return random.chance(0.6) ? integer(random, next) : call(random, kind, on)
    case 'float':
      return random.chance(0.9) ? double(random, next) : call(random, kind, on)
    case 'string':
      return random.chance(0.1) ? metadataText(random) : call(random, kind, on)
    case 'list':
      if (random.chance(0.15)) return [random.pick([OPERATOR.mapKeys, OPERATOR.mapValues]).code, next('map')]
      return random.chance(0.3) ? path(random, kind, on) : call(random, kind, on)
    case 'map':
      return random.chance(0.25) ? path(random, kind, on) : call(random, kind, on)
    default:
      return call(random, kind, on)
  }
}

const COMPARISONS = [OPERATOR.eq, OPERATOR.ne, OPERATOR.gt, OPERATOR.ge, OPERATOR.lt, OPERATOR.le]

function truth(random: Random, next: Next): Tree {
  const chosen = random.int(0, 17)
  if (chosen < 7) {
    const kind = random.chance(0.95) ? random.pick(KINDS.slice(0, 7)) : randomKind(random)
    return two(random.pick(COMPARISONS), next(kind), next(kind))
  }
  if (chosen < 11)
    return several(random, random.pick([OPERATOR.and, OPERATOR.or, OPERATOR.exclusive]), 2, () =>
      next('bool'),
    )
  if (chosen < 12) return [OPERATOR.not.code, next('bool')]
  if (chosen < 13) return two(OPERATOR.geoCompare, next('geo'), next('geo'))
  if (chosen < 15) return two(OPERATOR.inList, next(randomKind(random)), next('list'))
  if (chosen < 16)
    return [EXPRESSION_OPCODE.regex, random.int(0, 15), { raw: random.pick(PATTERNS) }, next('string')]
  if (chosen < 17) return [random.pick([OPERATOR.keyExists, OPERATOR.isTombstone]).code]
  // Times differ between the servers; that there are some does not.
  return random.chance()
    ? two(OPERATOR.lt, [OPERATOR.sinceUpdate.code], 3_600_000)
    : two(OPERATOR.gt, [OPERATOR.lastUpdate.code], 0)
}

const PATTERNS = [
  'a',
  '^a',
  'b$',
  '.',
  'a.*b',
  '[a-c]+',
  '(ab)*c?',
  '[[:alpha:]]',
  'a{2}',
  'a|z',
  '^$',
  '\\',
  '(',
  '[^a]',
  'AB',
  '\\(a\\)',
  '*',
]

const SUMS = [OPERATOR.add, OPERATOR.sub, OPERATOR.mul, OPERATOR.div, OPERATOR.min, OPERATOR.max]
const SHIFTS = [OPERATOR.intLeftShift, OPERATOR.intRightShift, OPERATOR.intArithmeticRightShift]
const NUMBERS_OF_RECORD = [OPERATOR.voidTime, OPERATOR.ttl, OPERATOR.deviceSize]

function integer(random: Random, next: Next): Tree {
  const int = (): Tree => next('int')
  switch (random.int(0, 11)) {
    case 0:
      return [random.pick([OPERATOR.mod, OPERATOR.div]).code, int(), random.pick(DIVISORS)]
    case 1:
      return [OPERATOR.abs.code, int()]
    case 2:
      return [OPERATOR.toInt.code, next('float')]
    case 3:
      return several(random, random.pick([OPERATOR.intAnd, OPERATOR.intOr, OPERATOR.intXor]), 1, int)
    case 4:
      return two(random.pick(SHIFTS), int(), int())
    case 5:
      return [random.pick([OPERATOR.intNot, OPERATOR.intCount]).code, int()]
    case 6:
      return two(random.pick([OPERATOR.intLeftScan, OPERATOR.intRightScan]), int(), next('bool'))
    case 7:
      return [EXPRESSION_OPCODE.binType, { raw: random.pick<string>(Object.values(BINS).flat()) }]
    case 8:
      return random.chance()
        ? [random.pick(NUMBERS_OF_RECORD).code]
        : [EXPRESSION_OPCODE.digestModulo, random.int(-3, 100)]
    case 9:
      return [EXPRESSION_OPCODE.key, EXPRESSION_TYPE.int]
    default:
      return several(random, random.pick(SUMS_OF_INTEGERS), 1, int)
  }
}

/** The real server (8.1.2) dies of dividing the least integer by -1. */
const DIVISORS = [0, 1, 2, -2, 3, 7, 100, 2n ** 32n]
const SUMS_OF_INTEGERS = SUMS.filter((operator) => operator !== OPERATOR.div)

function double(random: Random, next: Next): Tree {
  const float = (): Tree => next('float')
  switch (random.int(0, 5)) {
    case 0:
      return [OPERATOR.abs.code, float()]
    case 1:
      return [random.pick([OPERATOR.floor, OPERATOR.ceil]).code, float()]
    case 2:
      return [OPERATOR.toFloat.code, next('int')]
    case 3:
      // Powers and logarithms that are not exact may differ in their last digit.
      return random.chance()
        ? two(OPERATOR.pow, float(), { double: random.pick(EXPONENTS) })
        : two(OPERATOR.log, { double: random.pick(POWERS) }, { double: random.pick(POWERS) })
    default:
      return several(random, random.pick(SUMS), 1, float)
  }
}

const EXPONENTS = [0, 1, 2, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
const POWERS = [0, 1, -2.5, Number.POSITIVE_INFINITY]

function metadataText(random: Random): Tree {
  return random.chance() ? [OPERATOR.setName.code] : [EXPRESSION_OPCODE.key, EXPRESSION_TYPE.string]
}

/** How to make what is called on, and what else there is. */
interface Operands {
  readonly nextCalledOn: Next
  readonly isCalledOn: boolean
}

/** An operation on the value of an expression that gives this type, as far as that can be said. */
function call(random: Random, kind: Kind, of: Operands): Tree {
  switch (kind) {
    case 'blob':
      if (random.chance(0.8)) return bitCall(random, kind, of)
      break
    case 'hll':
      return hllCall(random, kind, of)
    case 'int':
      if (random.chance(0.3)) return random.chance() ? bitCall(random, kind, of) : hllCall(random, kind, of)
      break
    case 'float':
      if (random.chance(0.5)) return hllCall(random, kind, of)
  }
  return collectionCall(random, kind, of)
}

function bitCall(random: Random, kind: Kind, { nextCalledOn }: Operands): Tree {
  const payload = randomCall(random, BITS)
  const modifies = (payload[0] as number) < FIRST_READ_OPCODE.bit
  return callNode(
    modifies ? 'blob' : kind,
    CALL_SYSTEM.bit,
    modifies,
    quoted(payload),
    modifies && random.chance(0.05) ? null : nextCalledOn('blob'),
  )
}

const OF_HLL: Readonly<Record<number, Kind>> = {
  [HLL_OPCODE.getUnion]: 'hll',
  [HLL_OPCODE.getSimilarity]: 'float',
  [HLL_OPCODE.describe]: 'list',
}

function hllCall(random: Random, kind: Kind, { nextCalledOn }: Operands): Tree {
  const payload = randomCall(random, HLLS)
  const opcode = payload[0] as number
  const modifies = opcode < FIRST_READ_OPCODE.hll
  const gives = modifies ? 'hll' : random.chance(0.9) ? (OF_HLL[opcode] ?? 'int') : kind
  const on = modifies && random.chance(0.05) ? null : nextCalledOn('hll')
  return callNode(gives, CALL_SYSTEM.hll, modifies, quoted(payload), on)
}

const KEYED = [RETURN_TYPE.keyValue, RETURN_TYPE.unorderedMap, RETURN_TYPE.orderedMap]
const COUNTED = [RETURN_TYPE.count, RETURN_TYPE.index, RETURN_TYPE.rank, RETURN_TYPE.reverseRank]

const PLAIN = Object.values(RETURN_TYPE).filter((type) => !(KEYED as number[]).includes(type))

/** What an operation has to be told to give, for it to be of this type. */
function returnTypeFor(random: Random, kind: Kind, isCalledOn: boolean): number {
  if (isCalledOn && kind === 'map') return RETURN_TYPE.value
  if (kind === 'bool' && random.chance(0.8)) return RETURN_TYPE.exists
  if (kind === 'int' && random.chance(0.8)) return random.pick(COUNTED)
  if (kind === 'map' && random.chance(0.8)) return random.pick(KEYED)
  return random.chance(0.8) ? RETURN_TYPE.value : random.pick(isCalledOn ? PLAIN : Object.values(RETURN_TYPE))
}

function collectionCall(random: Random, kind: Kind, of: Operands): Tree {
  const isMap = kind === 'map' ? random.chance(0.9) : kind === 'list' ? random.chance(0.3) : random.chance()
  const [opcode, ...args] = randomCall(random, isMap ? MAPS : LISTS) as [number, ...Tree[]]
  const modifies = !isCollectionRead(opcode)
  if (hasReturnType(opcode))
    args[0] = returnTypeFor(random, kind, of.isCalledOn) | (Number(args[0]) & RETURN_TYPE.inverted)
  const payload = withExpressions(random, quoted([opcode, ...args]), of.nextCalledOn)
  const isInContext = random.chance(0.15)
  const onMap = isInContext ? random.chance() : isMap
  const whole = isInContext ? [CALL_FORM.context, randomContext(random, !onMap), payload] : payload
  const on = modifies && random.chance(0.05) ? null : of.nextCalledOn(onMap ? 'map' : 'list')
  // What modifies gives what it has modified.
  const gives = modifies && random.chance(0.95) ? (onMap ? 'map' : 'list') : kind
  return callNode(gives, CALL_SYSTEM.cdt, modifies, whole, on)
}

function callNode(kind: Kind, system: number, modifies: boolean, payload: Tree, on: Tree): Tree {
  return [EXPRESSION_OPCODE.call, EXPRESSION_TYPE[kind], system | (modifies ? CALL_MODIFIES : 0), payload, on]
}

/** A list among the arguments would be an expression. */
function quoted([opcode, ...args]: readonly Tree[]): Tree[] {
  const given = args.map(inKeyOrder)
  return [opcode as Tree, ...given.map((arg) => (Array.isArray(arg) ? [EXPRESSION_OPCODE.quote, arg] : arg))]
}

/** Filling a list up to an index is limited: which one it is must be said. */
const SAID: ReadonlySet<number> = new Set([
  LIST_OPCODE.insert,
  LIST_OPCODE.insertItems,
  LIST_OPCODE.set,
  LIST_OPCODE.increment,
])

/** Some arguments given by expressions of their type. */
function withExpressions(random: Random, [opcode, ...args]: readonly Tree[], next: Next): Tree[] {
  const least = SAID.has(opcode as number) || hasReturnType(opcode as number) ? 1 : 0
  const given = args.map((arg, at) => {
    const kind = kindOf(arg)
    return at < least || kind === undefined || !random.chance(0.15) ? arg : next(kind)
  })
  return [opcode as Tree, ...given]
}

function kindOf(tree: Tree): Kind | undefined {
  if (typeof tree === 'number' || typeof tree === 'bigint') return 'int'
  if (typeof tree === 'string') return 'string'
  if (tree instanceof Uint8Array) return 'blob'
  return undefined
}

/** What may take an element's place: of a HyperLogLog the real server (8.1.2) dies. */
const STORED = KINDS.filter((kind) => kind !== 'hll')

/** What a path leads to, or the value with that modified. */
function path(random: Random, kind: 'list' | 'map', { nextCalledOn, isCalledOn }: Operands): Tree {
  const within: Scope = { ...NOTHING, isInPath: true }
  const steps: Tree[] = []
  for (let left = random.int(1, 3); left > 0; left--)
    steps.push(...pathStep(random, () => nextCalledOn('bool', within)))
  const noFail = random.chance() ? SELECT_FLAG.noFail : 0
  // Of a call on what a path leaves of a map the real server (8.1.2) dies, when the path leaves too little.
  const modifies = random.chance(0.4) || (isCalledOn && kind === 'map')
  const gives = modifies ? [nextCalledOn(random.pick(STORED), within)] : []
  if (modifies && random.chance(0.2)) gives[0] = [OPERATOR.removeResult.code]
  const what = modifies
    ? SELECT_APPLIES
    : random.pick([SELECT_FLAG.tree, SELECT_FLAG.value, SELECT_FLAG.key, SELECT_FLAG.keyValue])
  const returns = modifies || what === SELECT_FLAG.tree ? kind : 'list'
  const payload = [CALL_FORM.select, steps, what | noFail, ...gives]
  return callNode(
    returns,
    CALL_SYSTEM.cdt,
    modifies,
    payload,
    nextCalledOn(random.chance(0.95) ? kind : 'list'),
  )
}

function pathStep(random: Random, filter: () => Tree): Tree[] {
  const step = plainStep(random, filter)
  return random.chance(0.15) ? [...step, CONTEXT_AND | CONTEXT_TYPE.filter, filter()] : step
}

function plainStep(random: Random, filter: () => Tree): Tree[] {
  switch (random.int(0, 9)) {
    case 0:
      return [random.pick([CONTEXT_TYPE.listIndex, CONTEXT_TYPE.mapIndex]), random.int(-3, 3)]
    case 1:
      return [random.pick([CONTEXT_TYPE.listRank, CONTEXT_TYPE.mapRank]), random.int(-3, 3)]
    case 2:
      return [random.pick([CONTEXT_TYPE.listValue, CONTEXT_TYPE.mapValue]), randomScalar(random)]
    case 3:
      return [CONTEXT_TYPE.mapKey, randomKey(random)]
    case 4:
      return [CONTEXT_TYPE.mapKeys, Array.from({ length: random.int(0, 3) }, () => randomKey(random))]
    case 5:
    case 6:
      return [CONTEXT_TYPE.filter, true]
    default:
      return [CONTEXT_TYPE.filter, filter()]
  }
}

/** A condition; anything else is refused. */
export function randomFilter(random: Random): Tree {
  return randomExpression(random, random.chance(0.97) ? 'bool' : randomKind(random))
}
