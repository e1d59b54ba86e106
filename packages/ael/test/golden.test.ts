import { afterAll, describe, expect, it } from 'vitest'
import { AelError, type CompileOptions, compile, parseCtx, planIndex } from '../src/index.ts'
import { DIFFERENCES } from './differences.ts'
import { argsOf, type GoldenRow, goldenOf, goldenRows, rangeText, stepOf, targetOf } from './golden.ts'

const rows = goldenRows()
const counts = new Map<string, number>()

afterAll(() => {
  for (const [kind, count] of counts) console.log(`golden rows: ${kind} ${count}`)
})

function count(kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1)
}

/** What we make of a row, in the row's notation; an error as `ERROR` and its message. */
function ours(row: GoldenRow, text: string, options: CompileOptions): string {
  const values = argsOf(row.extra)
  try {
    return goldenOf(compile(values === undefined ? text : { text, values }, options).expression)
  } catch (error) {
    if (!(error instanceof AelError)) throw error
    return `ERROR ${error.message}`
  }
}

function holds(row: GoldenRow, expected: string, options: CompileOptions): boolean {
  const text = row.text ?? ''
  const found = ours(row, text, options)
  if (expected.startsWith('ERROR')) {
    const pattern = /^ERROR \/(.*)\/$/s.exec(expected)?.[1]
    return found.startsWith('ERROR') && (pattern === undefined || new RegExp(pattern).test(found))
  }
  if (expected.startsWith('≡ ')) return found === ours(row, expected.slice(2), options)
  if (expected.startsWith('≠ ')) return found !== ours(row, expected.slice(2), options)
  return expected === '(parses)' ? !found.startsWith('ERROR') : found === expected
}

/** `(path op constant) comparison constant`, or the constant first: all that the references shift. */
const SHIFTED =
  /^\(\$\.\w+ ([-+*/]) (-?\d+)\) (==|>=|<=|>|<) (-?\d+)$|^\((-?\d+) ([-+*/]) \$\.\w+\) (==|>=|<=|>|<) (-?\d+)$/

/** Whether a small number satisfies the comparison, as mathematics has it. */
function tried(text: string): (x: bigint) => boolean {
  const parts = SHIFTED.exec(text)
  if (parts === null) throw new Error(`no shifted comparison: ${text}`)
  const isFirst = parts[5] !== undefined
  const [operator, constant, comparison, bound] = (
    isFirst ? [parts[6], parts[5], parts[7], parts[8]] : parts.slice(1, 5)
  ) as [string, string, string, string]
  return (x) => {
    const [left, right] = isFirst ? [BigInt(constant), x] : [x, BigInt(constant)]
    if (operator === '/' && right === 0n) return false
    const value =
      operator === '+'
        ? left + right
        : operator === '-'
          ? left - right
          : operator === '*'
            ? left * right
            : left / right
    const limit = BigInt(bound)
    switch (comparison) {
      case '==':
        return value === limit
      case '>':
        return value > limit
      case '>=':
        return value >= limit
      case '<':
        return value < limit
      default:
        return value <= limit
    }
  }
}

const SMALL: readonly bigint[] = Array.from({ length: 4001 }, (_, index) => BigInt(index - 2000))

/** Their range is not ours: then trying shows that theirs loses rows or adds some, and ours does neither. */
function expectWrong(row: GoldenRow, plan: ReturnType<typeof planIndex>): void {
  const isWanted = tried(row.text ?? '')
  const theirs = /^Filter\.range\("\w+", (-?\d+), (-?\d+)\)$/.exec(row.expected)
  expect({
    row: row.text,
    expected: row.expected,
    ours: rangeText(plan.range),
    shape: theirs !== null || row.expected === 'null',
  }).toMatchObject({ shape: true })
  const inTheirs = (x: bigint): boolean =>
    theirs === null || (x >= BigInt(theirs[1] as string) && x <= BigInt(theirs[2] as string))
  const { range } = plan
  const inOurs = (x: bigint): boolean =>
    range === undefined || (x >= (range.from as bigint) && x <= (range.to as bigint))
  expect(
    SMALL.some((x) => inTheirs(x) !== isWanted(x)),
    `${row.text}: theirs ${row.expected}, ours ${rangeText(range)}`,
  ).toBe(true)
  if (range !== undefined) expect(SMALL.filter((x) => inOurs(x) !== isWanted(x))).toEqual([])
}

/** They have a range where we have none: because nothing, or no single range, satisfies it. */
function expectNothingToGain(text: string): void {
  const wanted = SMALL.filter(tried(text))
  const [first] = wanted
  const last = wanted.at(-1)
  const isOneRange = first !== undefined && last !== undefined && BigInt(wanted.length) === last - first + 1n
  expect(isOneRange).toBe(false)
}

/** Equality with a number as the range that it is. */
function asRange(filter: string): string {
  return filter.replace(/^Filter\.equal\(("\w+"), (-?\d+)\)/, 'Filter.range($1, $2, $2)')
}

describe.skipIf(rows.length === 0)('golden rows (needs the recordings)', () => {
  const expressions = rows.filter(({ kind }) => kind === 'expr')
  it.each(expressions.map((row) => [row.text, row] as const))('as the references: %s', (text, row) => {
    if (!holds(row, row.expected, { reference: true })) {
      expect(ours(row, text ?? '', { reference: true })).toBe(row.expected)
    }
    count('expr, as the references')
  })

  it.each(expressions.map((row) => [row.text, row] as const))('as we do: %s', (text, row) => {
    const difference = DIFFERENCES[text ?? '']
    const expected = difference?.ours ?? row.expected
    if (!holds(row, expected, {})) expect(ours(row, text ?? '', {})).toBe(expected)
    if (difference !== undefined) expect(holds(row, row.expected, {})).toBe(false)
    count(difference === undefined ? 'expr, as we do' : 'expr, as we do differently')
  })

  const contexts = rows.filter(({ kind }) => kind === 'ctx')
  it.each(contexts.map((row) => [row.text, row] as const))('context: %s', (text, row) => {
    count('ctx')
    if (row.expected.startsWith('ERROR')) {
      const pattern = /^ERROR \/(.*)\/$/.exec(row.expected)?.[1] ?? ''
      expect(() => parseCtx(text as string)).toThrow(new RegExp(pattern))
    } else
      expect(
        `[${parseCtx(text ?? '')
          .map(stepOf)
          .join(', ')}]`,
      ).toBe(row.expected)
  })

  const plans = rows.filter(({ kind }) => kind === 'filter' || kind === 'residual')
  it.each(plans.map((row) => [`${row.kind} ${row.text}, ${row.extra}`, row] as const))('%s', (_name, row) => {
    const text = row.text ?? ''
    const target = targetOf(row.extra)
    const values = argsOf(row.extra)
    let plan: ReturnType<typeof planIndex>
    try {
      plan = planIndex(values === undefined ? text : { text, values }, target, { reference: true })
    } catch (error) {
      // Two rows are no expressions at all, which there is no filter for.
      expect(error).toBeInstanceOf(AelError)
      expect(row.expected).toBe('null')
      count(`${row.kind}, refused`)
      return
    }
    if (row.kind === 'residual') {
      const { residual } = plan
      if (row.expected === '<parsed>') expect(plan.range).toBeDefined()
      else if (row.expected === 'null' && plan.range === undefined) {
        expectNothingToGain(text)
        count('residual, theirs wrong')
        return
      } else expect(residual === undefined ? 'null' : goldenOf(residual)).toBe(row.expected)
      count(row.kind)
      return
    }
    const found = rangeText(plan.range)
    if (asRange(found) === asRange(row.expected)) {
      count(row.kind)
      return
    }
    expectWrong(row, plan)
    count(`${row.kind}, theirs wrong`)
  })
})
