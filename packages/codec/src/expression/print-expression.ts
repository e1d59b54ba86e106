import { BIT_OPCODE } from '../cdt/bit-opcode.ts'
import { HLL_OPCODE } from '../cdt/hll-opcode.ts'
import { LIST_OPCODE } from '../cdt/list-opcode.ts'
import { MAP_OPCODE } from '../cdt/map-opcode.ts'
import { Double } from '../value/double.ts'
import { GeoJson } from '../value/geo-json.ts'
import { HyperLogLog } from '../value/hyper-log-log.ts'
import { SortedMap } from '../value/sorted-map.ts'
import type { Value } from '../value/value.ts'
import type { CallNode, Expression, PathStep } from './node.ts'

/**
 * An expression as text for people: logs, messages, tests. Every kind of expression has a form; it is not the expression
 * language, and nothing reads it back.
 *
 * @example
 * ```ts
 * import { printExpression } from '@aero/codec'
 *
 * const adult = printExpression({
 *   kind: 'apply',
 *   operator: 'ge',
 *   args: [{ kind: 'bin', type: 'int', name: 'age' }, { kind: 'value', value: 18 }],
 * })
 * console.log(adult) // ge(int("age"), 18)
 * ```
 */
export function printExpression(node: Expression): string {
  switch (node.kind) {
    case 'value':
      return printValue(node.value)
    case 'infinity':
    case 'wildcard':
      return `${node.kind}()`
    case 'apply':
      return `${node.operator}(${printAll(node.args)})`
    case 'bin':
      return `${node.type}(${JSON.stringify(node.name)})`
    case 'binType':
      return `binType(${JSON.stringify(node.name)})`
    case 'key':
      return `key(${node.type})`
    case 'digestModulo':
      return `digestModulo(${node.modulo})`
    case 'regex':
      return `regex(${JSON.stringify(node.pattern)}, ${node.flags}, ${printExpression(node.text)})`
    case 'cond': {
      const cases = node.cases.map(
        ({ when, gives }) => `${printExpression(when)} => ${printExpression(gives)}`,
      )
      return `cond(${[...cases, printExpression(node.otherwise)].join(', ')})`
    }
    case 'let': {
      const variables = node.variables.map(({ name, value }) => `${name} = ${printExpression(value)}`)
      return `let(${[...variables, printExpression(node.body)].join(', ')})`
    }
    case 'variable':
      return `variable(${node.name})`
    case 'loopVariable':
      return `loop(${node.part}, ${node.type})`
    case 'call':
      return printCall(node)
    case 'select': {
      const parts = [printExpression(node.on), printPath(node.path), `flags ${node.flags}`]
      if (node.modify !== undefined) parts.push(printExpression(node.modify))
      return `${node.modify === undefined ? 'select' : 'modify'}(${parts.join(', ')}): ${node.returns}`
    }
    case 'text':
      return `text(${JSON.stringify(node.text)})`
    default:
      return `?${String((node as { readonly kind: unknown }).kind)}`
  }
}

function printAll(nodes: readonly Expression[]): string {
  return nodes.map(printExpression).join(', ')
}

function printCall(node: CallNode): string {
  const context = node.context.length === 0 ? [] : [printPath(node.context)]
  const parts = [printExpression(node.on), ...context, ...node.args.map(printExpression)]
  return `${nameOf(node)}(${parts.join(', ')}): ${node.returns}`
}

function nameOf({ system, opcode }: CallNode): string {
  if (system === 'bit') return `bit.${keyOf(BIT_OPCODE, opcode)}`
  if (system === 'hll') return `hll.${keyOf(HLL_OPCODE, opcode)}`
  return opcode < MAP_OPCODE.setOrder
    ? `list.${keyOf(LIST_OPCODE, opcode)}`
    : `map.${keyOf(MAP_OPCODE, opcode)}`
}

function keyOf(table: { readonly [name: string]: number }, code: number): string {
  return Object.keys(table).find((name) => table[name] === code) ?? String(code)
}

function printPath(path: readonly PathStep[]): string {
  return `[${path.map(printStep).join(', ')}]`
}

function printStep(step: PathStep): string {
  if (step.by === 'filter') return `${step.and === true ? 'and ' : ''}filter ${printExpression(step.filter)}`
  if (step.by === 'mapKeys') return `mapKeys ${step.keys.map(printValue).join(' ')}`
  const create = step.create === undefined ? '' : ` create 0x${step.create.toString(16)}`
  if ('index' in step) return `${step.by} ${step.index}${create}`
  return 'rank' in step ? `${step.by} ${step.rank}${create}` : `${step.by} ${printValue(step.value)}${create}`
}

function printValue(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0.0' : String(value)
  if (value instanceof Double) return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value)
  if (value instanceof GeoJson) return `geo(${value.text})`
  if (value instanceof HyperLogLog) return `hll(${printBytes(value.bytes)})`
  if (value instanceof Uint8Array) return printBytes(value)
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`
  return printMap(value)
}

function printMap(map: object): string {
  const entries: Iterable<readonly [Value, Value]> =
    map instanceof SortedMap
      ? map.entries
      : map instanceof Map
        ? (map as ReadonlyMap<Value, Value>)
        : Object.entries(map as { readonly [key: string]: Value })
  return `{${[...entries].map(([key, value]) => `${printValue(key)}: ${printValue(value)}`).join(', ')}}`
}

function printBytes(bytes: Uint8Array): string {
  let text = '0x'
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
