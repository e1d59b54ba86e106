import { type BatchAction, INFO1, INFO2, OPERATION_TYPE, operateBits, TOUCH_OPERATIONS } from '@aero/codec'
import type { RecordPlan } from '../plan/plan.ts'
import type { BatchPolicy } from './batch-policy.ts'
import { mayYield, VERB_BITS } from './verb-bits.ts'

/** What all rows of one segment have in common. */
export interface SegmentAction {
  readonly plan: RecordPlan
  readonly policy: BatchPolicy
  /** The same object for every row of the segment: so the rows are sent as repetitions of the first. */
  readonly action: BatchAction
  readonly isRead: boolean
  /** The answer holds a record to be read. */
  readonly readsRecord: boolean
}

/** What is sent for the rows of a segment: the same flags as for one record. */
export function segmentAction(plan: RecordPlan, policy: BatchPolicy): SegmentAction {
  const bits = VERB_BITS[plan.verb]
  const { operations } = plan
  let { info1, info2 } = bits
  let readsRecord = bits.isRead && plan.verb !== 'exists'
  let deletes = plan.verb === 'delete'
  if (operations !== undefined) {
    const asked = operateBits(operations, false)
    info1 |= asked.info1
    info2 |= asked.info2
    readsRecord = operations.some(mayYield)
    deletes ||= operations.some((operation) => operation.type === OPERATION_TYPE.delete)
  } else if (plan.verb === 'query' && plan.binNames === undefined) info1 |= INFO1.getAll
  if (deletes && (plan.durableDelete ?? policy.durableDelete)) info2 |= INFO2.durableDelete
  if (plan.generation !== 0) info2 |= INFO2.generation
  const action: BatchAction = {
    info1: bits.isRead ? info1 | policy.info1 : info1,
    info2,
    info3: bits.isRead ? bits.info3 : bits.info3 | policy.info3,
    info4: 0,
    generation: plan.generation,
    expiration: bits.isRead ? policy.readTouchTtlPercent : plan.expiration,
    sendKey: !bits.isRead && policy.sendKey && plan.verb !== 'delete',
    filter: undefined,
    operations: plan.verb === 'touch' ? TOUCH_OPERATIONS : operations,
    binNames: plan.binNames,
    bins: plan.bins,
  }
  return { plan, policy, action, isRead: bits.isRead, readsRecord }
}
