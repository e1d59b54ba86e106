import { BATCH_FLAG } from '@aero/codec'
import type { Behavior, NamespaceMode, OperationKind, ResolvedSettings } from '@aero/config'
import type { ReplicaOrder } from '@aero/tender'
import { consistencyBits, replicaOrderOf } from './consistency.ts'

/** A behavior's settings for the rows of one kind in batches, worked out into what is used. */
export interface BatchPolicy {
  readonly totalTimeoutMs: number
  readonly attemptTimeoutMs: number
  readonly serverTimeoutMs: number
  readonly maxRetries: number
  /** Retries of rows that have not left the client: at least as many. */
  readonly maxUnsentRetries: number
  readonly retryDelayMs: number
  readonly replica: ReplicaOrder
  readonly sendKey: boolean
  readonly durableDelete: boolean
  /** Bits that the settings add to every row of the kind. */
  readonly info1: number
  readonly info3: number
  readonly readTouchTtlPercent: number
  /** Flags of the command. */
  readonly flags: number
  /** Nodes that work on one batch at a time; Infinity for all. */
  readonly maxConcurrentNodes: number
}

/** 0 means 'no limit' in settings. */
const limit = (value: number): number => (value === 0 ? Number.POSITIVE_INFINITY : value)

/** Works out what `behavior` says of rows of one kind, in namespaces of one mode. */
export function batchPolicy(
  behavior: Behavior,
  kind: OperationKind,
  mode: NamespaceMode = 'AP',
): BatchPolicy {
  const settings: ResolvedSettings = behavior.settingsFor(kind, 'BATCH', mode)
  const unsent = kind === 'READ' ? settings : behavior.settingsFor('WRITE_RETRYABLE', 'BATCH', mode)
  const totalTimeoutMs = limit(settings.totalTimeout)
  const attemptTimeoutMs = Math.min(limit(settings.socketTimeout), totalTimeoutMs)
  return {
    totalTimeoutMs,
    attemptTimeoutMs,
    serverTimeoutMs: totalTimeoutMs === Number.POSITIVE_INFINITY ? 0 : attemptTimeoutMs,
    maxRetries: settings.maxRetries,
    maxUnsentRetries: Math.max(settings.maxRetries, unsent.maxRetries),
    retryDelayMs: settings.retryDelay,
    replica: replicaOrderOf(settings, kind, mode),
    sendKey: settings.sendKey,
    durableDelete: settings.durableDelete,
    ...consistencyBits(settings, kind, mode),
    readTouchTtlPercent: settings.readTouchTtlPercent,
    // Every row is to be answered whatever becomes of the others: what is left out is left out here.
    flags:
      (settings.allowInline ? BATCH_FLAG.inline : 0) |
      (settings.allowInlineSsd ? BATCH_FLAG.inlineSsd : 0) |
      BATCH_FLAG.respondAllKeys |
      BATCH_FLAG.always,
    maxConcurrentNodes: limit(settings.maxConcurrentNodes),
  }
}
