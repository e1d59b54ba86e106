import { type Expression, INT64_MAX, INT64_MIN, type Value } from '@aero/codec'
import { type Random, rounds, seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { ael, compile, explainPlan, type IndexDefinition, type IndexRange, planIndex } from '../src/index.ts'
import { goldenOf } from './golden.ts'

interface Row {
  readonly [bin: string]: bigint | string | undefined
}

/** What the server makes of an expression: a value, or `undefined` for unknown. */
function evaluated(node: Expression, row: Row): bigint | string | boolean | undefined {
  if (node.kind === 'value')
    return typeof node.value === 'number' ? BigInt(node.value) : (node.value as bigint)
  if (node.kind === 'bin') {
    const held = row[node.name]
    return typeof held === (node.type === 'int' ? 'bigint' : 'string') ? held : undefined
  }
  if (node.kind !== 'apply') throw new Error(`not evaluated here: ${node.kind}`)
  const values = node.args.map((each) => evaluated(each, row))
  if (node.operator === 'and')
    return values.includes(false) ? false : values.includes(undefined) ? undefined : true
  if (node.operator === 'or')
    return values.includes(true) ? true : values.includes(undefined) ? undefined : false
  const [left, right] = values as [bigint, bigint]
  if (left === undefined || (node.args.length > 1 && right === undefined)) return undefined
  switch (node.operator) {
    case 'not':
      return !(left as unknown as boolean)
    case 'eq':
      return left === right
    case 'ne':
      return left !== right
    case 'gt':
      return left > right
    case 'ge':
      return left >= right
    case 'lt':
      return left < right
    case 'le':
      return left <= right
    case 'add':
      return BigInt.asIntN(64, left + right)
    case 'sub':
      return BigInt.asIntN(64, left - right)
    case 'mul':
      return BigInt.asIntN(64, left * right)
    case 'div':
      return right === 0n ? undefined : BigInt.asIntN(64, left / right)
    default:
      throw new Error(`not evaluated here: ${node.operator}`)
  }
}

/** What an index gives for a range. */
function covers(range: IndexRange, row: Row): boolean {
  const held = row[range.bin]
  if (typeof held !== (range.type === 'NUMERIC' ? 'bigint' : 'string')) return false
  return (held as bigint) >= (range.from as bigint) && (held as bigint) <= (range.to as bigint)
}

const BINS = ['a', 'b', 'c'] as const
const OPERATORS = ['==', '!=', '>', '>=', '<', '<='] as const
const EXTREMES = [INT64_MIN, INT64_MIN + 1n, INT64_MIN + 7n, INT64_MAX, INT64_MAX - 1n, INT64_MAX - 6n]

function literal(random: Random): string {
  return String(random.chance(0.9) ? random.int(-12, 12) : random.pick(EXTREMES))
}

function comparison(random: Random): string {
  const bin = `$.${random.pick(BINS)}`
  if (random.chance(0.15)) return `$.s ${random.pick(OPERATORS)} "${random.pick(['x', 'y', 'z'])}"`
  const arithmetic = random.pick(['+', '-', '*', '/'])
  const side = random.chance(0.5)
    ? bin
    : random.chance()
      ? `(${bin} ${arithmetic} ${literal(random)})`
      : `(${literal(random)} ${arithmetic} ${bin})`
  const [left, right] = random.chance() ? [side, literal(random)] : [literal(random), side]
  return `${left} ${random.pick(OPERATORS)} ${right}`
}

function condition(random: Random, depth: number): string {
  if (depth === 0 || random.chance(0.3)) return comparison(random)
  const parts = Array.from({ length: random.int(2, 3) }, () => condition(random, depth - 1))
  const kind = random.int(0, 9)
  if (kind < 6) return parts.map((part) => `(${part})`).join(' and ')
  return kind < 9 ? parts.map((part) => `(${part})`).join(' or ') : `not(${parts[0]})`
}

function someRow(random: Random): Row {
  const number = (): bigint | string | undefined => {
    const chance = random.float()
    if (chance < 0.05) return undefined
    if (chance < 0.1) return 'a text where numbers are'
    return chance < 0.9 ? BigInt(random.int(-30, 30)) : random.pick(EXTREMES)
  }
  return { a: number(), b: number(), c: number(), s: random.pick(['x', 'y', 'z', undefined]) }
}

describe('an index plan', () => {
  it('never loses a row and never adds one', () => {
    const random = seededRandom(5)
    let planned = 0
    for (let round = 0; round < rounds(3000); round++) {
      const text = condition(random, 2)
      const indexes: IndexDefinition[] = [...BINS, 's']
        .filter(() => random.chance(0.7))
        .map((bin) => ({
          bin,
          type: bin === 's' ? 'STRING' : 'INTEGER',
          namespace: 'test',
          entriesPerValue: random.int(1, 3),
        }))
      const { range, residual, expression } = planIndex(text, { namespace: 'test', indexes })
      expect(expression).toEqual(compile(text).expression)
      if (range === undefined) {
        expect(residual).toBe(expression)
        continue
      }
      planned++
      for (let each = 0; each < 60; each++) {
        const row = someRow(random)
        const wanted = evaluated(expression, row) === true
        const found = covers(range, row) && (residual === undefined || evaluated(residual, row) === true)
        if (found !== wanted)
          expect.unreachable(`${text} (seed ${random.seed}): ${String(Object.entries(row))} is ${wanted}`)
      }
    }
    expect(planned).toBeGreaterThan(rounds(3000) / 4)
  })

  const on = (bin: string, rest: Partial<IndexDefinition> = {}): IndexDefinition => ({
    namespace: 'test',
    bin,
    type: 'INTEGER',
    ...rest,
  })

  it.each<
    readonly [
      text: string,
      indexes: IndexDefinition[],
      range: string | undefined,
      residual: string | undefined,
    ]
  >([
    ['$.a > 1 and $.a <= 9', [on('a')], 'a 2..9', undefined],
    [
      '$.a > 1 and $.b == 2',
      [on('a', { entriesPerValue: 1 }), on('b', { entriesPerValue: 9 })],
      'b 2..2',
      'gt(int_bin("a"), int_val(1))',
    ],
    [
      '$.a > 1 and $.b > 2',
      [on('a', { entriesPerValue: 9 }), on('b', { entriesPerValue: 1 })],
      `b 3..${INT64_MAX}`,
      'gt(int_bin("a"), int_val(1))',
    ],
    [
      '$.a > 1 and $.a < 1',
      [on('a')],
      undefined,
      'and([gt(int_bin("a"), int_val(1)), lt(int_bin("a"), int_val(1))])',
    ],
    ['$.a > 9223372036854775807', [on('a')], undefined, 'gt(int_bin("a"), int_val(9223372036854775807))'],
    ['$.a > 1.5', [on('a')], undefined, 'gt(float_bin("a"), float_val(1.5))'],
    ['$.a.get(type: FLOAT) == 1', [on('a')], undefined, 'eq(float_bin("a"), float_val(1.0))'],
    ['$.a == 1', [on('a', { set: 'other' })], undefined, 'eq(int_bin("a"), int_val(1))'],
    ['$.a == 1', [on('a', { collection: 'LIST' })], undefined, 'eq(int_bin("a"), int_val(1))'],
    ['$.a.b == 1', [on('a'), on('a', { context: [{ by: 'mapKey', value: 'b' }] })], 'a 1..1', undefined],
    ['$.l.[0] > 1', [on('l', { context: [{ by: 'listIndex', index: 0 }] })], `l 2..${INT64_MAX}`, undefined],
    ['$.a + 5 == 7', [on('a')], 'a 2..2', undefined],
    [
      '$.a == 1 and (let (x = 1) then ($.b == 2))',
      [on('a')],
      'a 1..1',
      'exp_let([def("x", int_val(1)), eq(int_bin("b"), int_val(2))])',
    ],
    [
      '$.a == 1 or $.a == 2',
      [on('a')],
      undefined,
      'or([eq(int_bin("a"), int_val(1)), eq(int_bin("a"), int_val(2))])',
    ],
    ['not($.a == 1)', [on('a')], undefined, 'not(eq(int_bin("a"), int_val(1)))'],
    ['$.s == "x"', [on('s', { type: 'STRING' })], 's x..x', undefined],
    [
      `$.s == "${'x'.repeat(2048)}"`,
      [on('s', { type: 'STRING' })],
      undefined,
      `eq(string_bin("s"), string_val("${'x'.repeat(2048)}"))`,
    ],
  ])('of %s', (text, indexes, range, residual) => {
    const plan = planIndex(text, { namespace: 'test', indexes })
    const found = plan.range
    expect(found === undefined ? undefined : `${found.bin} ${String(found.from)}..${String(found.to)}`).toBe(
      range,
    )
    expect(plan.residual === undefined ? undefined : goldenOf(plan.residual)).toBe(residual)
  })

  it('takes the hinted index when it serves, any other when not', () => {
    const indexes = [
      on('a', { name: 'by_a', entriesPerValue: 1 }),
      on('b', { name: 'by_b', entriesPerValue: 9 }),
    ]
    const chosen = (hint: { hintIndex?: string; hintBin?: string }): string | undefined =>
      planIndex('$.a > 1 and $.b + 1 > 2', { namespace: 'test', indexes, ...hint }).range?.bin
    expect(chosen({})).toBe('a')
    expect(chosen({ hintIndex: 'by_b' })).toBe('b')
    expect(chosen({ hintBin: 'b' })).toBe('b')
    expect(chosen({ hintIndex: 'nosuch' })).toBe('a')
  })

  it.each<
    readonly [
      text: string,
      index: string | undefined,
      range: string | undefined,
      residual: string | undefined,
    ]
  >([
    ['$.a > 1', 'by_a', 'a from 2', undefined],
    ['$.a <= 1 and $.b == 2 or $.c', undefined, undefined, '$.a <= 1 and $.b == 2 or $.c'],
    ['$.a <= 1 and ($.b == 2 or $.c)', 'by_a', 'a to 1', '$.b == 2 or $.c'],
    ['$.a > 1 and $.a < 5 and $.b == 2 and not($.c)', 'by_a', 'a from 2 to 4', '$.b == 2 and not($.c)'],
    ['$.s == "x"', 's', 's equal to "x"', undefined],
    ['$.l.[0] == 7', 'l', 'l, inside, equal to 7', undefined],
  ])('explains %s', (text, index, range, residual) => {
    const indexes = [
      on('a', { name: 'by_a' }),
      on('s', { type: 'STRING' }),
      on('l', { context: [{ by: 'listIndex', index: 0 }] }),
    ]
    expect(explainPlan(planIndex(text, { namespace: 'test', indexes }))).toEqual({ index, range, residual })
  })

  it('takes bound values', () => {
    const of = (value: Value) =>
      planIndex(ael`$.b == ${value}`, { namespace: 'test', indexes: [on('b', { type: 'BLOB' }), on('b')] })
    expect(of(new Uint8Array([7])).range).toMatchObject({ type: 'BLOB', from: new Uint8Array([7]) })
    expect(of(7n).range).toMatchObject({ type: 'NUMERIC', from: 7n, to: 7n })
  })
})
