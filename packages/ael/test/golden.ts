import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  Double,
  type Expression,
  type ExpressionType,
  GeoJson,
  HLL_OPCODE,
  HyperLogLog,
  LIST_OPCODE,
  MAP_OPCODE,
  type OperatorName,
  type PathStep,
  RETURN_TYPE,
  SortedMap,
  type Value,
} from '@aero/codec'
import { toHex, vectorsFolder } from '@aero/testkit'
import type { IndexDefinition, IndexRange, IndexTarget } from '../src/index.ts'

/** A row of the golden data: what the reference makes of a text, in its own names. */
export interface GoldenRow {
  readonly source: string
  readonly test: string
  readonly kind: 'expr' | 'ctx' | 'filter' | 'residual'
  readonly text: string | null
  readonly extra: string
  readonly expected: string
}

/** The golden rows, beside the recordings; none when those are absent. */
export function goldenRows(): readonly GoldenRow[] {
  const folder = vectorsFolder()
  const file = folder === undefined ? undefined : join(folder, '..', 'spec', 'ael-golden.json')
  if (file === undefined || !existsSync(file)) return []
  const rows = JSON.parse(readFileSync(file, 'utf8')) as [
    string,
    string,
    GoldenRow['kind'],
    string | null,
    string,
    string,
  ][]
  return rows.map(([source, test, kind, text, extra, expected]) => ({
    source,
    test,
    kind,
    text,
    extra,
    expected,
  }))
}

/** An expression in the notation of the golden rows. */
export function goldenOf(expression: Expression): string {
  switch (expression.kind) {
    case 'value':
      return valueNodeOf(expression.value)
    case 'bin':
      return `${expression.type}_bin(${JSON.stringify(expression.name)})`
    case 'apply':
      return applyOf(expression.operator, expression.args)
    case 'digestModulo':
      return `digest_modulo(${expression.modulo})`
    case 'variable':
      return `var(${JSON.stringify(expression.name)})`
    case 'let': {
      const variables = expression.variables.map(
        ({ name, value }) => `def(${JSON.stringify(name)}, ${goldenOf(value)})`,
      )
      return `exp_let([${[...variables, goldenOf(expression.body)].join(', ')}])`
    }
    case 'cond': {
      const cases = expression.cases.flatMap(({ when, gives }) => [goldenOf(when), goldenOf(gives)])
      return `cond([${[...cases, goldenOf(expression.otherwise)].join(', ')}])`
    }
    case 'call':
      return expression.system === 'hll' ? hllOf(expression) : collectionOf(expression)
    default:
      throw new Error(`not in the notation: ${expression.kind}`)
  }
}

function valueNodeOf(value: Value): string {
  return `${typeOf(value)}_val(${valueOf(value)})`
}

function typeOf(value: Value): string {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  if (value instanceof Double) return 'float'
  if (value instanceof Uint8Array || value instanceof HyperLogLog) return 'blob'
  if (value instanceof GeoJson) return 'geo'
  return Array.isArray(value) ? 'list' : 'map'
}

function valueOf(value: Value): string {
  if (value instanceof Double) return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value)
  if (value instanceof Uint8Array) return `x'${toHex(value)}'`
  if (value instanceof HyperLogLog) return `x'${toHex(value.bytes)}'`
  if (value instanceof GeoJson) return JSON.stringify(value.text)
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(valueOf).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const entries =
      value instanceof SortedMap ? value.entries : value instanceof Map ? [...value] : Object.entries(value)
    return `{${entries.map(([key, held]) => `${valueOf(key as Value)}: ${valueOf(held as Value)}`).join(', ')}}`
  }
  return String(value)
}

/** Operators whose arguments are one list. */
const LISTED: { readonly [operator in OperatorName]?: string } = {
  and: 'and',
  or: 'or',
  exclusive: 'xor',
  add: 'num_add',
  sub: 'num_sub',
  mul: 'num_mul',
  div: 'num_div',
  intAnd: 'int_and',
  intOr: 'int_or',
  intXor: 'int_xor',
  min: 'min',
  max: 'max',
}

const PLAIN: { readonly [operator in OperatorName]?: string } = {
  mod: 'num_mod',
  pow: 'num_pow',
  log: 'num_log',
  abs: 'num_abs',
  floor: 'num_floor',
  ceil: 'num_ceil',
  toInt: 'to_int',
  toFloat: 'to_float',
  intNot: 'int_not',
  intLeftShift: 'int_lshift',
  intRightShift: 'int_rshift',
  intArithmeticRightShift: 'int_arshift',
  intCount: 'int_count',
  intLeftScan: 'int_lscan',
  intRightScan: 'int_rscan',
  geoCompare: 'geo_compare',
  deviceSize: 'device_size',
  recordSize: 'record_size',
  memorySize: 'memory_size',
  lastUpdate: 'last_update',
  sinceUpdate: 'since_update',
  voidTime: 'void_time',
  setName: 'set_name',
  keyExists: 'key_exists',
  isTombstone: 'is_tombstone',
}

function applyOf(operator: OperatorName, args: readonly Expression[]): string {
  const [first] = args
  if (operator === 'ne' && first?.kind === 'binType') return `bin_exists(${JSON.stringify(first.name)})`
  const inside = args.map(goldenOf).join(', ')
  const listed = LISTED[operator]
  return listed === undefined ? `${PLAIN[operator] ?? operator}(${inside})` : `${listed}([${inside}])`
}

const HLL_NAMES = new Map<number, string>([
  [HLL_OPCODE.getCount, 'hll_get_count'],
  [HLL_OPCODE.describe, 'hll_describe'],
  [HLL_OPCODE.mayContain, 'hll_may_contain'],
  [HLL_OPCODE.getUnion, 'hll_get_union'],
  [HLL_OPCODE.getUnionCount, 'hll_get_union_count'],
  [HLL_OPCODE.getIntersectCount, 'hll_get_intersect_count'],
  [HLL_OPCODE.getSimilarity, 'hll_get_similarity'],
])

type Call = Extract<Expression, { readonly kind: 'call' }>

function hllOf(call: Call): string {
  return `${HLL_NAMES.get(call.opcode)}(${[...call.args, call.on].map(goldenOf).join(', ')})`
}

const RETURNS = new Map<number, string>(
  Object.entries(RETURN_TYPE).map(([name, code]) => [code, name.replace(/[A-Z]/g, '_$&').toUpperCase()]),
)

function collectionOf(call: Call): string {
  const isList = call.opcode < MAP_OPCODE.setOrder
  const table: { readonly [name: string]: number } = isList ? LIST_OPCODE : MAP_OPCODE
  const [name = ''] = Object.entries(table).find(([, code]) => code === call.opcode) ?? []
  const snake = `${isList ? 'list' : 'map'}_${name.replace(/[A-Z]/g, '_$&').toLowerCase()}`
  const context = `[${call.context.map(stepOf).join(', ')}]`
  if (name === 'size') return `${snake}(${goldenOf(call.on)}, ${context})`
  const [returns, ...rest] = call.args as [Expression, ...Expression[]]
  const selectors = rest.map(goldenOf)
  const isSingle = /By(Key|Index|Rank)$/.test(name)
  const isCounted = /(Index|Rank)Range$/.test(name)
  const isInterval = /(Key|Value)Range$/.test(name)
  const isRelative = /Relative/.test(name)
  const hasCount = selectors.length === (isRelative ? 3 : 2)
  if (isInterval && selectors.length === 1) selectors.push('null')
  const parts = [
    returnOf(returns, isList ? 'LRT' : 'MRT'),
    ...(isSingle ? [`ExpType.${call.returns.toUpperCase()}`] : []),
    ...selectors,
    goldenOf(call.on),
    context,
  ]
  return `${snake}${isCounted && hasCount ? '_count' : ''}(${parts.join(', ')})`
}

function returnOf(node: Expression, table: string): string {
  if (node.kind !== 'value' || typeof node.value !== 'number') throw new Error('no return type')
  const inverted = (node.value & RETURN_TYPE.inverted) !== 0 ? '|INVERTED' : ''
  return `${table}.${RETURNS.get(node.value & ~RETURN_TYPE.inverted)}${inverted}`
}

/** A step of a context in the notation of the golden rows. */
export function stepOf(step: PathStep): string {
  const name = step.by.replace(/[A-Z]/g, '_$&').toLowerCase()
  if ('index' in step) return `CTX.${name}(${step.index})`
  if ('rank' in step) return `CTX.${name}(${step.rank})`
  if ('value' in step) return `CTX.${name}(${valueOf(step.value)})`
  throw new Error(`not in the notation: ${step.by}`)
}

/** The types of the codec, so that a change of them is noticed here. */
export type GoldenType = ExpressionType

/** The values behind `args=`, written as the golden rows do: JSON, with `x'00'` for bytes and whole numbers as keys. */
export function argsOf(extra: string): readonly Value[] | undefined {
  const start = extra.indexOf('args=')
  if (start < 0) return undefined
  return new ArgumentReader(extra.slice(start + 'args='.length)).read() as readonly Value[]
}

class ArgumentReader {
  #rest: string
  constructor(text: string) {
    this.#rest = text
  }

  read(): Value {
    this.#rest = this.#rest.trimStart()
    const bytes = /^x'([0-9a-f]*)'/.exec(this.#rest)
    if (bytes !== null) {
      this.#rest = this.#rest.slice(bytes[0].length)
      return new Uint8Array(Buffer.from(bytes[1] as string, 'hex'))
    }
    if (this.#rest.startsWith('[')) return this.#items(']')
    if (this.#rest.startsWith('{')) {
      const items = this.#items('}')
      const entries: [Value, Value][] = []
      for (let index = 0; index < items.length; index += 2) {
        entries.push([items[index] as Value, items[index + 1] as Value])
      }
      return new Map(entries)
    }
    const scalar = /^(?:"(?:[^"\\]|\\.)*"|true|false|-?\d+(?:\.\d+)?)/.exec(this.#rest)?.[0] as string
    this.#rest = this.#rest.slice(scalar.length)
    const value = JSON.parse(scalar) as Value
    return /^-?\d+\.0+$/.test(scalar) ? new Double(value as number) : value
  }

  #items(close: string): Value[] {
    const items: Value[] = []
    this.#rest = this.#rest.slice(1).trimStart()
    while (!this.#rest.startsWith(close)) {
      items.push(this.read())
      this.#rest = this.#rest.replace(/^\s*[,:]?\s*/, '')
    }
    this.#rest = this.#rest.slice(1)
    return items
  }
}

/** The indexes and the place of a query, as a row tells them; where it says nothing, everything is in one namespace. */
export function targetOf(extra: string): IndexTarget {
  const namespace = / ns=([\w-]+)/.exec(extra.replace(/\{.*\}/s, ''))?.[1] ?? 'test'
  const set = /querySet=(\w+)/.exec(extra)?.[1]
  const listed = /indexes=\{(.*)\}/s.exec(extra)?.[1] ?? ''
  return {
    namespace,
    ...(set === undefined ? {} : { set }),
    indexes: listed
      .split(/;\s*/)
      .filter((each) => each !== '')
      .map((each) => indexOf(each, namespace)),
  }
}

function indexOf(text: string, namespace: string): IndexDefinition {
  const [, bin, type, ratio] = /^(\w+):(\w+)(?:@([\d.]+))?/.exec(text) as unknown as [
    string,
    string,
    string,
    string?,
  ]
  const ns = / ns=([\w-]+)/.exec(text)?.[1] ?? namespace
  const set = / set=(\w+)/.exec(text)?.[1]
  const name = / name=(\w+)/.exec(text)?.[1]
  const context = / ctx=\[(.*)\]/.exec(text)?.[1]
  return {
    bin,
    type: type as IndexDefinition['type'],
    ...(ns === 'None' ? {} : { namespace: ns }),
    ...(set === undefined ? {} : { set }),
    ...(name === undefined ? {} : { name }),
    ...(ratio === undefined ? {} : { entriesPerValue: Number(ratio) }),
    ...(context === undefined ? {} : { context: contextIn(context) }),
  }
}

function contextIn(text: string): PathStep[] {
  return [...text.matchAll(/CTX\.(\w+)\((-?\d+)\)/g)].map(([, name, at]): PathStep => {
    if (name === 'list_index') return { by: 'listIndex', index: Number(at) }
    if (name === 'list_rank') return { by: 'listRank', rank: Number(at) }
    return { by: 'listValue', value: Number(at) }
  })
}

/** A range in the notation of the golden rows. */
export function rangeText(range: IndexRange | undefined): string {
  if (range === undefined) return 'null'
  const { bin, from, to, context } = range
  const steps = context.length === 0 ? '' : `.ctx([${context.map(stepOf).join(', ')}])`
  const isEqual = typeof from !== 'bigint' || from === to
  const values = (isEqual ? [from] : [from, to]).map(valueOf).join(', ')
  return `Filter.${isEqual ? 'equal' : 'range'}(${JSON.stringify(bin)}, ${values})${steps}`
}
