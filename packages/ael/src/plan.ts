import { INT64_MAX, INT64_MIN } from '@aero/codec'
import { type Ael, type CompileOptions, meaningOf, parseOnce } from './compile.ts'
import { type IndexPlan, type IndexTarget, toIndexPlan } from './emit/to-index-filter.ts'
import { print } from './tree/print.ts'

/**
 * Finds the secondary index that answers the most selective part of a condition, and what is left to be checked. The range
 * is exact: it never loses a record, and what it covers is not checked again. Arithmetic on a bin is turned into a range
 * only where that is one, the server's arithmetic in 64 bits included: `$.a + 5 > 10` is, `$.a * 5 > 10` is not.
 *
 * With `reference: true` it plans as the Python and Java SDKs do: overflow is left out of account, ranges are not merged, and
 * the index with the most entries for a value is preferred. (Where their ranges for products and quotients are wrong, they
 * are not followed.)
 *
 * @param source the condition
 * @param target where the query looks, and the indexes there
 * @throws AelError as `compile` does.
 * @example
 * ```ts
 * import { planIndex } from '@aero/ael'
 *
 * const { range, residual } = planIndex('$.age >= 18 and $.age < 65 and $.name != "x"', {
 *   namespace: 'test',
 *   indexes: [{ namespace: 'test', bin: 'age', type: 'INTEGER' }],
 * })
 * console.log(range?.from, range?.to) // 18n 64n
 * console.log(residual?.kind) // apply
 * ```
 */
export function planIndex(
  source: string | Ael,
  target: IndexTarget,
  options: CompileOptions = {},
): IndexPlan {
  const meaning = meaningOf(source, options)
  return toIndexPlan(parseOnce(meaning.text), target, meaning)
}

/** What a plan says, for people. */
export interface IndexExplanation {
  /** The name of the index, or its bin where it has none; undefined when everything is looked at. */
  readonly index: string | undefined
  /** What is asked of the index. */
  readonly range: string | undefined
  /** What is still checked of every record, as text in the language. */
  readonly residual: string | undefined
}

/**
 * Tells in words what {@link planIndex} has decided.
 *
 * @example
 * ```ts
 * import { explainPlan, planIndex } from '@aero/ael'
 *
 * const plan = planIndex('$.age > 20 and $.name != "x"', {
 *   namespace: 'test',
 *   indexes: [{ namespace: 'test', bin: 'age', type: 'INTEGER', name: 'by_age' }],
 * })
 * console.log(explainPlan(plan))
 * // { index: 'by_age', range: 'age from 21', residual: '$.name != "x"' }
 * ```
 */
export function explainPlan(plan: IndexPlan): IndexExplanation {
  const { range, residualTree } = plan
  return {
    index: range === undefined ? undefined : (range.index.name ?? range.bin),
    range: range === undefined ? undefined : rangeText(range),
    residual: residualTree === undefined ? undefined : print(residualTree),
  }
}

function rangeText({ bin, from, to, context }: NonNullable<IndexPlan['range']>): string {
  const where = context.length === 0 ? bin : `${bin}, inside,`
  if (typeof from !== 'bigint')
    return `${where} equal to ${typeof from === 'string' ? JSON.stringify(from) : 'bytes'}`
  if (from === to) return `${where} equal to ${from}`
  const ends = []
  if (from !== INT64_MIN) ends.push(`from ${from}`)
  if (to !== INT64_MAX) ends.push(`to ${String(to)}`)
  return `${where} ${ends.join(' ')}`
}
