import type { Key } from '@aero/codec'
import { checkBins, isEmpty } from './bins-to-write.ts'
import { checkKey } from './keys.ts'
import { type RecordPlan, recordPlan } from './plan.ts'
import { checkWrites } from './schema.ts'
import { UsageError } from './usage-error.ts'

/*
 * What the calls that need no builder say.
 */

/** The plan of `get`. @throws UsageError when `bins` is empty. */
export function getPlan(key: Key, bins: readonly string[] | undefined): RecordPlan {
  const plan = recordPlan('query', checkKey(key))
  if (bins !== undefined) {
    if (bins.length === 0) throw new UsageError('bins must not be empty; see getHeader() for metadata only')
    plan.binNames = bins
  }
  return plan
}

/** The plan of `getHeader`. */
export function headerPlan(key: Key): RecordPlan {
  return recordPlan('header', checkKey(key))
}

/** The plan of `put`. @throws UsageError when there is no bin, SchemaError when the schema of the data set refuses them. */
export function putPlan(key: Key, bins: object): RecordPlan {
  const plan = recordPlan('upsert', checkKey(key))
  plan.bins = checkBins(bins)
  if (isEmpty(plan.bins)) throw new UsageError('put needs at least one bin')
  checkWrites(plan, key)
  return plan
}
