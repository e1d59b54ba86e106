import type { FunctionCall, Key, Operation } from '@aero/codec'
import type { BinsToWrite } from './bins-to-write.ts'
import type { Filter } from './filter.ts'

/** What is to happen with the record of a key. */
export type RecordVerb =
  | 'query'
  | 'header'
  | 'exists'
  | 'upsert'
  | 'insert'
  | 'update'
  | 'replace'
  | 'replaceIfExists'
  | 'delete'
  | 'touch'
  | 'executeUdf'

/** Expiration slot of a write: seconds, or one of these. Source: the server's record_ttl semantics. */
export const EXPIRATION = { serverDefault: 0, never: -1, unchanged: -2 } as const

/**
 * One record command as data: no promise, no socket, no function, so that it can be cloned to another thread.
 * What it does not say comes from the session's behavior.
 *
 * `operations`, `binNames` and `bins` exclude each other: operations in order, or bins to read, or bins to write.
 */
export interface RecordPlan {
  kind: 'record'
  verb: RecordVerb
  key: Key
  /** Operations in the order they run on the server. */
  operations: Operation[] | undefined
  /** Bins to read; `undefined` with verb `query` reads all. */
  binNames: readonly string[] | undefined
  /** Bins to write, when nothing else happens in the command. */
  bins: BinsToWrite | undefined
  /** The function that is applied to the record: with verb `executeUdf`, and then there is nothing else. */
  function: FunctionCall | undefined
  /** The command is applied only to a record that meets it. */
  filter: Filter | undefined
  /** Generation that the record must have; 0 does not ask. */
  generation: number
  /** Seconds, or a value of {@link EXPIRATION}. */
  expiration: number
  /** `undefined` leaves it to the behavior. Only transmitted by commands that delete. */
  durableDelete: boolean | undefined
  /** A row for a record that is missing or filtered out too. */
  respondAllKeys: boolean
  /** A record that is filtered out is an error. */
  failOnFilteredOut: boolean
  /** `false` as soon as an operation must not be repeated blindly: see `isRepeatable`. */
  retryable: boolean
}

/** One verb on one or many keys: all of them get the same. */
export interface BatchSegment {
  /** What happens to each key; its own `key` is the first of {@link keys}. */
  readonly plan: RecordPlan
  readonly keys: readonly Key[]
}

/** Several records in one call, as data: segments in order, and in them keys in order. */
export interface BatchPlan {
  kind: 'batch'
  readonly segments: readonly BatchSegment[]
}

/** Everything a session can be asked to run. */
export type Plan = RecordPlan | BatchPlan

/** The plan of `verb` on `key`, with every choice at its default. */
export function recordPlan(verb: RecordVerb, key: Key): RecordPlan {
  return {
    kind: 'record',
    verb,
    key,
    operations: undefined,
    binNames: undefined,
    bins: undefined,
    function: undefined,
    filter: undefined,
    generation: 0,
    expiration: 0,
    durableDelete: undefined,
    respondAllKeys: false,
    failOnFilteredOut: false,
    retryable: true,
  }
}
