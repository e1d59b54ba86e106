import { PARTITION_COUNT } from '@aero/codec'
import type { Clock } from '../clock.ts'
import { voidTimeNow } from '../clock.ts'
import type { Namespace } from './namespace.ts'

/** How often expired records are removed; the server's default. Until then they are only invisible. */
const PERIOD_MS = 120_000

/** Removes what has expired. Returns how many records that were. */
export function removeExpired(namespace: Namespace, now: number): number {
  let removed = 0
  for (let partition = 0; partition < PARTITION_COUNT; partition++) {
    for (const [digest, record] of namespace.recordsOf(partition)) {
      if (!record.isExpired(now)) continue
      namespace.delete(partition, digest)
      removed++
    }
  }
  return removed
}

/** Removes expired records from time to time. Returns a function that ends it. */
export function startExpiry(clock: Clock, namespaces: Iterable<Namespace>): () => void {
  let cancel = clock.after(PERIOD_MS, sweep)
  function sweep(): void {
    const now = voidTimeNow(clock)
    for (const namespace of namespaces) removeExpired(namespace, now)
    cancel = clock.after(PERIOD_MS, sweep)
  }
  return () => cancel()
}
