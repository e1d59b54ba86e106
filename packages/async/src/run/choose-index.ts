import { explainPlan, type IndexDefinition, type IndexPlan, planIndex } from '@aero/ael'
import { ByteWriter, encodeExpression, type IndexQuery, writeContext } from '@aero/codec'
import { filterBytes } from '../plan/filter.ts'
import type { QueryPlan } from '../plan/query-plan.ts'

/** How a query will be done. */
export interface QueryExplanation {
  /**
   * `index`: only what the index gives is looked at. `scan`: every record of the set or namespace is. `server`: the servers get the
   * condition as text, and choose; servers from 8.2 do.
   */
  readonly access: 'index' | 'scan' | 'server'
  /** The name of the index, or its bin where it has none. */
  readonly index: string | undefined
  /** What is asked of the index, in words. */
  readonly range: string | undefined
  /** What servers check of every record that is looked at, as text; `<expression>` when the condition was not a text. */
  readonly filter: string | undefined
}

/** What servers are asked, and why. */
export interface ChosenIndex {
  readonly index: IndexQuery | undefined
  /** The bytes of the filter that is left to be checked. */
  readonly filter: Uint8Array | undefined
  readonly explanation: QueryExplanation
}

/** Whether the choice depends on which indexes there are. */
export function needsIndexes(plan: QueryPlan, serverCompiles: boolean): boolean {
  return (
    plan.index === undefined &&
    plan.indexes === undefined &&
    plan.filter?.source !== undefined &&
    !isLeftToServers(plan, serverCompiles)
  )
}

/** Servers that compile a text know best which index answers it, unless the query has said something about indexes itself. */
function isLeftToServers({ filter, index, indexes, hint }: QueryPlan, serverCompiles: boolean): boolean {
  return (
    filter !== undefined &&
    filterBytes(filter, serverCompiles) !== filter.compiled &&
    index === undefined &&
    indexes === undefined &&
    hint?.indexName === undefined &&
    hint?.binName === undefined
  )
}

/**
 * Decides which index answers which part of a query's condition. Pure.
 *
 * @param indexes that there are
 * @param serverCompiles whether servers may get a condition as text
 */
export function chooseIndex(
  plan: QueryPlan,
  indexes: readonly IndexDefinition[],
  serverCompiles: boolean,
): ChosenIndex {
  const { filter, index } = plan
  const whole = filter === undefined ? undefined : filterBytes(filter, serverCompiles)
  const text = filter === undefined ? undefined : (filter.source?.text ?? '<expression>')
  if (index !== undefined) {
    const explanation: QueryExplanation = {
      access: 'index',
      index: index.indexName ?? index.bin,
      range: 'as said by the query',
      filter: text,
    }
    return { index, filter: whole, explanation }
  }
  if (isLeftToServers(plan, serverCompiles)) {
    return {
      index: undefined,
      filter: whole,
      explanation: { access: 'server', index: undefined, range: undefined, filter: text },
    }
  }
  const chosen = filter?.source === undefined ? undefined : planOf(plan, indexes)
  if (chosen?.range === undefined) {
    return {
      index: undefined,
      filter: whole,
      explanation: { access: 'scan', index: undefined, range: undefined, filter: text },
    }
  }
  const { index: name, range, residual } = explainPlan(chosen)
  return {
    index: asked(chosen.range, plan.hint?.indexName),
    filter: chosen.residual === undefined ? undefined : encodeExpression(chosen.residual),
    explanation: { access: 'index', index: name, range, filter: residual },
  }
}

function planOf(plan: QueryPlan, indexes: readonly IndexDefinition[]): IndexPlan | undefined {
  const { namespace, setName, hint, filter } = plan
  if (filter?.source === undefined) return undefined
  return planIndex(filter.source, {
    namespace,
    indexes,
    ...(setName === undefined ? {} : { set: setName }),
    ...(hint?.indexName === undefined ? {} : { hintIndex: hint.indexName }),
    ...(hint?.binName === undefined ? {} : { hintBin: hint.binName }),
  })
}

function asked(range: NonNullable<IndexPlan['range']>, hinted: string | undefined): IndexQuery {
  const { index, bin, from, to, context } = range
  let bytes: Uint8Array | undefined
  if (context.length > 0) {
    const out = new ByteWriter(32)
    writeContext(out, context)
    bytes = out.take()
  }
  // By name only where the caller has named it: otherwise any index with this definition serves.
  const isNamed = index.name !== undefined && index.name === hinted
  return {
    bin: isNamed ? '' : bin,
    from,
    to,
    collection: 'DEFAULT',
    context: isNamed ? undefined : bytes,
    indexName: isNamed ? index.name : undefined,
    expression: undefined,
  }
}
