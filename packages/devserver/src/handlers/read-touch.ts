import { type Clock, voidTimeNow } from '../clock.ts'
import type { StoredRecord } from '../store/stored-record.ts'

/** The read says "do not touch". */
const NEVER = 0xffffffff
/** The read leaves it to the namespace, whose default is not to touch. */
const NAMESPACE_DEFAULT = 0
const LARGEST_PERCENTAGE = 100

/** The percentage of the read is none. */
export const BAD_PERCENTAGE = -1

/**
 * A record that is read within the last part of its life is renewed, the part being a percentage of its time to live.
 * Returns the time to live to renew it with, 0 when it is not to be renewed, or {@link BAD_PERCENTAGE}.
 * Source: as/src/transaction/read_touch.c.
 */
export function renewalOnRead(clock: Clock, record: StoredRecord, percentage: number): number {
  if (record.voidTime === 0 || percentage === NEVER || percentage === NAMESPACE_DEFAULT) return 0
  if (percentage > LARGEST_PERCENTAGE) return BAD_PERCENTAGE
  const lifetime = record.voidTime - voidTimeNow(clock, record.updatedAt)
  const threshold = record.voidTime - Math.floor((lifetime * percentage) / 100)
  return voidTimeNow(clock) >= threshold ? lifetime : 0
}

/** Renews a record after a read: the generation stays, and nothing happens when a write has given it more time. */
export function renew(clock: Clock, record: StoredRecord, lifetime: number): void {
  const voidTime = voidTimeNow(clock) + lifetime
  if (voidTime <= record.voidTime) return
  record.voidTime = voidTime
  record.updatedAt = clock.now()
}
