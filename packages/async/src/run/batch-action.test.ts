import {
  addOperation,
  DELETE_OPERATION,
  INFO2,
  Key,
  OPERATION_TYPE,
  type Operation,
  readOperation,
} from '@aero/codec'
import { Behavior } from '@aero/config'
import { describe, expect, it } from 'vitest'
import { recordPlan } from '../plan/plan.ts'
import { segmentAction } from './batch-action.ts'
import { batchPolicy } from './batch-policy.ts'

const policy = batchPolicy(Behavior.DEFAULT, 'WRITE_RETRYABLE')
const appended: Operation = {
  type: OPERATION_TYPE.collectionModify,
  bin: 'l',
  value: undefined,
  payload: new Uint8Array(3),
}

function segment(operations: Operation[]): ReturnType<typeof segmentAction> {
  return segmentAction({ ...recordPlan('upsert', Key.of('test', 's', 1)), operations, generation: 3 }, policy)
}

describe('what is sent for a segment', () => {
  it.each([
    ['an add', [addOperation('a', 1)], false],
    ['a read behind it', [addOperation('a', 1), readOperation('a')], true],
    ['a change of a list', [appended], true],
    ['a delete', [DELETE_OPERATION], false],
  ] as const)('with %s expects a record: or not', (_what, operations, expected) => {
    expect(segment([...operations]).readsRecord).toBe(expected)
  })

  it('carries the generation', () => {
    const { action } = segment([addOperation('a', 1)])
    expect(action.generation).toBe(3)
    expect(action.info2 & INFO2.generation).not.toBe(0)
  })
})
