import { afterAll, describe, expect, it } from 'vitest'
import { AelError, type CompileOptions, compile, parseCtx } from '../src/index.ts'
import { DIFFERENCES } from './differences.ts'
import { argsOf, type GoldenRow, goldenOf, goldenRows, stepOf } from './golden.ts'

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

describe.skipIf(rows.length === 0)('golden rows', () => {
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
})
