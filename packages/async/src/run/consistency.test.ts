import { DEFAULT_VALUE_OPTIONS, INFO1, INFO3, Key } from '@aero/codec'
import { Behavior, type BehaviorChanges, type NamespaceMode } from '@aero/config'
import type { ReplicaOrder } from '@aero/tender'
import { describe, expect, it } from 'vitest'
import { recordPlan } from '../plan/plan.ts'
import { batchPolicy } from './batch-policy.ts'
import { planFlags } from './plan-flags.ts'
import { pointPolicy } from './point-policy.ts'
import { queryPolicy } from './query-policy.ts'

const key = Key.of('test', 's', 1)
const recordOptions = { ...DEFAULT_VALUE_OPTIONS, names: undefined, now: Date.now } as never
const derive = (changes: BehaviorChanges): Behavior => Behavior.DEFAULT.derive('test', changes)

/** What is sent for a read, by all ways on which one goes: they agree. */
function readFlags(behavior: Behavior, mode: NamespaceMode): { info1: number; info3: number } {
  const plan = recordPlan('exists', key)
  const { info1, info3 } = planFlags(plan, pointPolicy(behavior, 'READ', recordOptions, mode))
  expect(planFlags(plan, batchPolicy(behavior, 'READ', mode))).toMatchObject({ info1, info3 })
  const query = queryPolicy(behavior, mode)
  expect(query).toMatchObject({ info1: info1 & INFO1.readModeApAll, info3 })
  return { info1: info1 & INFO1.readModeApAll, info3 }
}

describe('reads', () => {
  it.each([
    ['SESSION', 0],
    ['LINEARIZE', INFO3.scReadType],
    ['ALLOW_REPLICA', INFO3.scReadRelax],
    ['ALLOW_UNAVAILABLE', INFO3.scReadType | INFO3.scReadRelax],
  ] as const)('with readModeSc %s say so, where namespaces are strongly consistent', (readModeSc, info3) => {
    const behavior = derive({ readsSc: { readModeSc }, readsAp: { readModeAp: 'ALL' } })
    expect(readFlags(behavior, 'SC')).toEqual({ info1: 0, info3 })
    expect(readFlags(behavior, 'AP')).toEqual({ info1: INFO1.readModeApAll, info3: 0 })
  })

  it.each<[ReplicaOrder, 'SESSION' | 'LINEARIZE' | 'ALLOW_REPLICA', ReplicaOrder]>([
    ['SEQUENCE', 'SESSION', 'MASTER'],
    ['PREFER_RACK', 'SESSION', 'MASTER'],
    ['PREFER_RACK', 'LINEARIZE', 'SEQUENCE'],
    ['RANDOM', 'LINEARIZE', 'RANDOM'],
    ['PREFER_RACK', 'ALLOW_REPLICA', 'PREFER_RACK'],
  ])('that prefer %s go with readModeSc %s by %s', (replica, readModeSc, order) => {
    const behavior = derive({ reads: { replica }, readsSc: { readModeSc } })
    expect(pointPolicy(behavior, 'READ', recordOptions, 'SC').replica).toBe(order)
    expect(batchPolicy(behavior, 'READ', 'SC').replica).toBe(order)
    expect(pointPolicy(behavior, 'READ', recordOptions, 'AP').replica).toBe(replica)
  })
})

describe('writes', () => {
  it('may be done when the master has them, but not where namespaces are strongly consistent', () => {
    const behavior = derive({ writesAp: { commitLevel: 'COMMIT_MASTER' } })
    const plan = recordPlan('upsert', key)
    const bit = (mode: NamespaceMode): number[] =>
      [
        pointPolicy(behavior, 'WRITE_RETRYABLE', recordOptions, mode),
        batchPolicy(behavior, 'WRITE_RETRYABLE', mode),
      ]
        .map((policy) => planFlags(plan, policy))
        .map(({ info1, info3 }) => info1 | (info3 & INFO3.commitMaster))
    expect(bit('AP')).toEqual([INFO3.commitMaster, INFO3.commitMaster])
    expect(bit('SC')).toEqual([0, 0])
  })

  it('have the settings of their mode', () => {
    const behavior = derive({ writesSc: { maxRetries: 7 }, writesAp: { maxRetries: 1 } })
    for (const [mode, maxRetries, durableDelete] of [
      ['SC', 7, true],
      ['AP', 1, false],
    ] as const) {
      const expected = { maxRetries, durableDelete }
      expect(pointPolicy(behavior, 'WRITE_RETRYABLE', recordOptions, mode)).toMatchObject(expected)
      expect(batchPolicy(behavior, 'WRITE_RETRYABLE', mode)).toMatchObject(expected)
    }
  })
})
