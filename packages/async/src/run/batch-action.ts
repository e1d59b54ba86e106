import { type BatchAction, TOUCH_OPERATIONS } from '@aero/codec'
import { filterBytes } from '../plan/filter.ts'
import type { RecordPlan } from '../plan/plan.ts'
import { sentOperations } from '../plan/sent-operations.ts'
import type { BatchPolicy } from './batch-policy.ts'
import { planFlags } from './plan-flags.ts'
import { VERB_BITS } from './verb-bits.ts'

/** What all rows of one segment have in common. */
export interface SegmentAction {
  readonly plan: RecordPlan
  readonly policy: BatchPolicy
  /** The same object for every row of the segment: so the rows are sent as repetitions of the first. */
  readonly action: BatchAction
  readonly isRead: boolean
  /** The answer holds a record to be read. */
  readonly readsRecord: boolean
  /** That record is bins as they are stored, not results of operations. */
  readonly readsBins: boolean
}

/**
 * What is sent for the rows of a segment: the same flags as for one record.
 *
 * @param serverCompiles whether every node compiles the language itself
 */
export function segmentAction(plan: RecordPlan, policy: BatchPolicy, serverCompiles = false): SegmentAction {
  const { isRead } = VERB_BITS[plan.verb]
  const { info1, info2, info3, readsRecord, readsBins } = planFlags(plan, policy)
  const action: BatchAction = {
    info1,
    info2,
    info3,
    info4: 0,
    generation: plan.generation,
    expiration: isRead ? policy.readTouchTtlPercent : plan.expiration,
    sendKey: !isRead && policy.sendKey && plan.verb !== 'delete',
    filter: plan.filter === undefined ? undefined : filterBytes(plan.filter, serverCompiles),
    function: plan.function,
    operations: plan.verb === 'touch' ? TOUCH_OPERATIONS : sentOperations(plan.operations, serverCompiles),
    binNames: plan.binNames,
    bins: plan.bins,
  }
  return { plan, policy, action, isRead, readsRecord, readsBins }
}
