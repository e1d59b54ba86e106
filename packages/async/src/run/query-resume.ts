import { PARTITION_COUNT, partitionIdOf } from '@aero/codec'
import type { QueryCursor } from '../plan/query-cursor.ts'
import type { QueryPlan } from '../plan/query-plan.ts'
import { UsageError } from '../plan/usage-error.ts'
import type { PartitionPosition, QueryPosition } from './partition-tracker.ts'
import type { QueryCommand, QueryQuestion } from './run-query.ts'

/** The cursor of a query as it stands. @param left records wanted beyond those of the chunk under way */
export function cursorOf(command: QueryCommand<unknown>, left: number): QueryCursor {
  const { question, tracker } = command
  const { plan } = question
  const { whole, begun } = tracker.position()
  const wanted = tracker.wanted + left
  const hasValues = question.index !== undefined
  return {
    version: 1,
    namespace: plan.namespace,
    set: plan.setName ?? null,
    question: abridged(question),
    whole: rangesOf(whole),
    begun: begun.map(({ digest, valueHigh, valueLow }) =>
      hasValues
        ? [hexOf(digest), String((BigInt(valueHigh) << 32n) | BigInt(valueLow >>> 0))]
        : [hexOf(digest)],
    ),
    left: plan.limit === undefined ? null : wanted,
  }
}

/** Where a query begins: at the beginning of its partitions, or where its cursor says. @throws UsageError for a cursor of another one */
export function beginningOf(question: Omit<QueryQuestion, 'position' | 'limit'>): QueryPosition {
  const { plan } = question
  const { cursor } = plan
  if (cursor === undefined) {
    const whole = plan.partitions ?? Array.from({ length: PARTITION_COUNT }, (_, partition) => partition)
    return { whole, begun: [] }
  }
  checkCursor(plan, cursor)
  if (cursor.question !== abridged(question)) {
    throw new UsageError(
      `the cursor belongs to another query: it was made for ${cursor.question}, this is ${abridged(question)}`,
    )
  }
  return { whole: partitionsIn(cursor.whole), begun: cursor.begun.map(positionOf) }
}

/** @throws UsageError when the cursor is none, or of another set. */
export function checkCursor(plan: QueryPlan, cursor: QueryCursor): void {
  if (cursor?.version !== 1 || typeof cursor.whole !== 'string' || !Array.isArray(cursor.begun))
    throw new UsageError('this is no cursor of a query: take what stream.cursor() gives')
  if (cursor.namespace !== plan.namespace || cursor.set !== (plan.setName ?? null)) {
    throw new UsageError(
      `the cursor is of ${cursor.namespace}:${cursor.set ?? '*'}, the query of ${plan.namespace}:${plan.setName ?? '*'}`,
    )
  }
}

/** What must be the same for a cursor to make sense: the index, what it is asked, and the filter. */
function abridged({ plan, index, filter }: Omit<QueryQuestion, 'position' | 'limit'>): string {
  const parts = []
  if (index !== undefined) {
    const { bin, indexName, collection, from, to } = index
    parts.push(`index ${indexName ?? bin} ${collection} ${textOf(from)}..${textOf(to)}`)
  } else parts.push('all records')
  if (plan.filter?.source !== undefined) {
    const { text, values } = plan.filter.source
    parts.push(`where ${text}${values.length === 0 ? '' : ` with ${values.map(textOf).join(', ')}`}`)
  } else if (filter !== undefined) parts.push(`where ${hexOf(filter)}`)
  return parts.join(', ')
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return `0x${hexOf(value)}`
  if (typeof value === 'object' && value !== null && 'text' in value) return String(value.text)
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/** `0-41,50` of ascending numbers. */
function rangesOf(numbers: readonly number[]): string {
  const ranges: string[] = []
  for (let at = 0; at < numbers.length; ) {
    let end = at
    while (numbers[end + 1] === (numbers[end] as number) + 1) end++
    ranges.push(end === at ? `${numbers[at]}` : `${numbers[at]}-${numbers[end]}`)
    at = end + 1
  }
  return ranges.join(',')
}

function partitionsIn(ranges: string): number[] {
  const partitions: number[] = []
  for (const range of ranges === '' ? [] : ranges.split(',')) {
    const match = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(range)
    const from = Number(match?.[1])
    const to = Number(match?.[2] ?? from)
    if (!(from <= to && to < PARTITION_COUNT))
      throw new UsageError(`'${range}' in a cursor is no range of partitions`)
    for (let partition = from; partition <= to; partition++) partitions.push(partition)
  }
  return partitions
}

function positionOf([hex, value = '0']: QueryCursor['begun'][number]): PartitionPosition {
  if (typeof hex !== 'string' || !/^[0-9a-f]{40}$/.test(hex) || !/^-?\d{1,19}$/.test(value))
    throw new UsageError(`'${String(hex)}', '${value}' in a cursor is no position`)
  const digest = new Uint8Array(20)
  for (let index = 0; index < 20; index++)
    digest[index] = Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16)
  const number = BigInt(value)
  return {
    partition: partitionIdOf(digest),
    digest,
    valueHigh: Number(BigInt.asIntN(32, number >> 32n)),
    valueLow: Number(BigInt.asIntN(32, number)),
  }
}

function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
