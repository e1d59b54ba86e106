import { RESULT_CODE } from '@aero/codec'
import type { RecordPlan } from '../plan/plan.ts'
import { VERB_BITS } from './verb-bits.ts'

/** Whether a code other than OK is an outcome of the verb, not an error: no record, or one that is filtered out. */
export function isOutcome(plan: RecordPlan, code: number): boolean {
  if (code === RESULT_CODE.KEY_NOT_FOUND_ERROR) return VERB_BITS[plan.verb].missingIsOutcome
  return code === RESULT_CODE.FILTERED_OUT && !plan.failOnFilteredOut
}

/**
 * Whether such an outcome has a row. A read leaves out what is not there, unless it was asked to answer for every key; exists,
 * delete and touch always answer.
 */
export function isShown(plan: RecordPlan, code: number): boolean {
  if (plan.respondAllKeys) return true
  return code !== RESULT_CODE.FILTERED_OUT && plan.verb !== 'query' && plan.verb !== 'header'
}
