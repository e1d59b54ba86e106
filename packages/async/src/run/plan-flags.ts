import { INFO1, INFO2, OPERATION_TYPE, operateBits } from '@aero/codec'
import type { RecordPlan } from '../plan/plan.ts'
import type { PointPolicy } from './point-policy.ts'
import { mayYield, VERB_BITS } from './verb-bits.ts'

/** The flag bytes of a plan, and whether its answer holds a record to be read. */
export interface PlanFlags {
  readonly info1: number
  readonly info2: number
  readonly info3: number
  readonly readsRecord: boolean
  /** That record is bins as they are stored, not results of operations. */
  readonly readsBins: boolean
}

/** What a plan says in the flag bytes under a policy: the same for a command on one record and for a row of a batch. */
export function planFlags(
  plan: RecordPlan,
  policy: Pick<PointPolicy, 'durableDelete' | 'info1' | 'info3'>,
): PlanFlags {
  const bits = VERB_BITS[plan.verb]
  const { isRead } = bits
  const { operations } = plan
  let { info1, info2, info3 } = bits
  const callsFunction = plan.verb === 'executeUdf'
  let readsRecord = callsFunction || (isRead && plan.verb !== 'exists')
  let deletes = callsFunction || plan.verb === 'delete'
  if (operations !== undefined) {
    const asked = operateBits(operations, false)
    info1 |= asked.info1
    info2 |= asked.info2
    readsRecord = operations.some(mayYield)
    deletes ||= operations.some((operation) => operation.type === OPERATION_TYPE.delete)
  } else if (plan.verb === 'query' && plan.binNames === undefined) info1 |= INFO1.getAll
  if (deletes && (plan.durableDelete ?? policy.durableDelete)) info2 |= INFO2.durableDelete
  if (plan.generation !== 0) info2 |= INFO2.generation
  info1 |= policy.info1
  info3 |= policy.info3
  const readsBins = plan.verb === 'query' && operations === undefined
  return { info1, info2, info3, readsRecord, readsBins }
}
