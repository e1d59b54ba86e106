import type { RecordOptions } from '@aero/codec'
import type { Behavior, NamespaceMode, OperationKind } from '@aero/config'
import type { ReplicaOrder } from '@aero/tender'
import { consistencyBits, replicaOrderOf } from './consistency.ts'

/** A behavior's settings for one kind of record command, worked out once per session into what a command uses. */
export interface PointPolicy {
  /** Milliseconds for the whole command; Infinity for no limit. */
  readonly totalTimeoutMs: number
  /** Milliseconds for one attempt; Infinity for no limit. */
  readonly attemptTimeoutMs: number
  /** What the server is told: the shorter of the two, 0 for no limit. */
  readonly serverTimeoutMs: number
  readonly maxRetries: number
  /** Retries of a command that has not left the client yet: at least as many as {@link maxRetries}. */
  readonly maxUnsentRetries: number
  readonly retryDelayMs: number
  readonly replica: ReplicaOrder
  readonly sendKey: boolean
  readonly durableDelete: boolean
  /** Bits that the settings add to every command of the kind. */
  readonly info1: number
  readonly info3: number
  readonly readTouchTtlPercent: number
  readonly recordOptions: RecordOptions
}

/** 0 means 'no limit' in settings. */
const limit = (milliseconds: number): number => (milliseconds === 0 ? Number.POSITIVE_INFINITY : milliseconds)

/**
 * Works out what `behavior` says of reads of one record, of writes that may be repeated, or of those that may not.
 *
 * @param mode of the namespace: whether it is strongly consistent
 *
 * A write that may not be repeated is still sent elsewhere when it has not left the client: as often as one that may.
 */
export function pointPolicy(
  behavior: Behavior,
  kind: OperationKind,
  recordOptions: RecordOptions,
  mode: NamespaceMode = 'AP',
): PointPolicy {
  const settings = behavior.settingsFor(kind, 'POINT', mode)
  const unsent = kind === 'READ' ? settings : behavior.settingsFor('WRITE_RETRYABLE', 'POINT', mode)
  const totalTimeoutMs = limit(settings.totalTimeout)
  const attemptTimeoutMs = Math.min(limit(settings.socketTimeout), totalTimeoutMs)
  // Source: as_command.c of the C client: the socket timeout travels only when a total timeout is set.
  const serverTimeoutMs = totalTimeoutMs === Number.POSITIVE_INFINITY ? 0 : attemptTimeoutMs
  return {
    totalTimeoutMs,
    attemptTimeoutMs,
    serverTimeoutMs,
    maxRetries: settings.maxRetries,
    maxUnsentRetries: Math.max(settings.maxRetries, unsent.maxRetries),
    retryDelayMs: settings.retryDelay,
    replica: replicaOrderOf(settings, kind, mode),
    sendKey: settings.sendKey,
    durableDelete: settings.durableDelete,
    ...consistencyBits(settings, kind, mode),
    readTouchTtlPercent: settings.readTouchTtlPercent,
    recordOptions,
  }
}
