import type { IndexDefinition } from '@aero/ael'
import type { IndexQuery, Operation } from '@aero/codec'
import type { Filter } from './filter.ts'
import type { QueryCursor } from './query-cursor.ts'

/**
 * What the server is told of how long a query will take. `LONG` (default): a job of its own, with limits and throttling. `SHORT`:
 * few records, no job; cannot be throttled. `LONG_RELAX_AP`: long, and may miss records while partitions move.
 */
export type QueryDuration = 'LONG' | 'SHORT' | 'LONG_RELAX_AP'

/** Which index a query should use. A hint: one that does not serve is passed over. */
export interface QueryHint {
  /** The name of the index. Not together with {@link binName}. */
  readonly indexName?: string
  /** Any index on this bin. */
  readonly binName?: string
  /** As {@link QueryDuration}. */
  readonly queryDuration?: QueryDuration
}

/** A query over a set or a namespace, as data: it can be cloned to another thread. */
export interface QueryPlan {
  kind: 'query'
  namespace: string
  /** `undefined`: all of the namespace. */
  setName: string | undefined
  filter: Filter | undefined
  /** What an index is asked, said by the caller; otherwise one is chosen by the filter. */
  index: IndexQuery | undefined
  /** Indexes to choose from; `undefined`: those that the cluster has. */
  indexes: readonly IndexDefinition[] | undefined
  hint: QueryHint | undefined
  /** Bins to read; `undefined` reads all. */
  binNames: readonly string[] | undefined
  /** Keys and metadata only. */
  noBins: boolean
  /** Operations on each record, instead of bins. */
  operations: readonly Operation[] | undefined
  /** Partitions to look at; `undefined`: all. */
  partitions: readonly number[] | undefined
  /** Records wanted in all; `undefined`: all there are. */
  limit: number | undefined
  /** Records in one chunk; `undefined`: one chunk has all. */
  chunkSize: number | undefined
  /** For each node; 0 for as many as it can. */
  recordsPerSecond: number
  duration: QueryDuration
  /** Where an earlier query stopped. */
  cursor: QueryCursor | undefined
}

/** The plan of a query for everything in a set or namespace. */
export function queryPlan(namespace: string, setName: string | undefined): QueryPlan {
  return {
    kind: 'query',
    namespace,
    setName,
    filter: undefined,
    index: undefined,
    indexes: undefined,
    hint: undefined,
    binNames: undefined,
    noBins: false,
    operations: undefined,
    partitions: undefined,
    limit: undefined,
    chunkSize: undefined,
    recordsPerSecond: 0,
    duration: 'LONG',
    cursor: undefined,
  }
}
