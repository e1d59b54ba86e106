import { FakeClock } from '@aero/testkit'
import { beforeEach, describe, expect, it } from 'vitest'
import { Probe } from '../test/probe-exchange.ts'
import { DeadlineWatch } from './deadlines.ts'
import type { Carrier, Exchange } from './exchange.ts'

const carrier: Carrier = {
  release(exchange: Exchange) {
    exchange.carrier = undefined
    return 'queued'
  },
  relinquish() {},
}

let clock: FakeClock
let watch: DeadlineWatch
let defects: unknown[]

beforeEach(() => {
  clock = new FakeClock(1000)
  defects = []
  watch = new DeadlineWatch(clock, (error) => defects.push(error))
})

function watched(text: string, deadline: number): Probe {
  const probe = new Probe(text, deadline)
  probe.carrier = carrier
  watch.add(probe)
  return probe
}

describe('DeadlineWatch', () => {
  it('fails an exchange at its deadline, not before, and not much later', async () => {
    const probe = watched('a', 1100)
    await clock.advanceAsync(99)
    expect(probe.outcome).toBe('nothing')
    await clock.advanceAsync(7)
    expect(probe.outcome).toBe('timeout/queued')
    expect(probe.failures[0]?.lateMs).toBeUndefined()
    expect(watch.isEmpty).toBe(true)
  })

  it.each([
    ['rising', [1050, 1100, 1150]],
    ['falling', [1150, 1100, 1050]],
    ['equal', [1100, 1100, 1100]],
  ])('meets %s deadlines', async (_name, deadlines) => {
    const probes = deadlines.map((deadline) => watched(String(deadline), deadline))
    for (let now = 1000; now <= 1160; now++) {
      await clock.advanceAsync(1)
      for (const probe of probes) {
        if (clock.now() < probe.deadline) expect(probe.outcome).toBe('nothing')
        if (clock.now() > probe.deadline + 6) expect(probe.outcome).toBe('timeout/queued')
      }
    }
    expect(probes.map((probe) => probe.outcome)).toEqual(Array(3).fill('timeout/queued'))
  })

  it('uses one timer for all, and none when nothing lives', async () => {
    const probes = Array.from({ length: 100 }, (_, index) => watched(String(index), 1500 + index))
    expect(clock.pending).toBe(1)
    for (const probe of probes) watch.remove(probe)
    expect(watch.isEmpty).toBe(true)
    await clock.advanceAsync(1000)
    expect(clock.pending).toBe(0)
  })

  it('does not touch its timer under a steady load', () => {
    let timers = 0
    const counting = {
      now: () => clock.now(),
      after: (ms: number, run: () => void) => {
        timers++
        return clock.after(ms, run)
      },
      soon: (run: () => void) => clock.soon(run),
      afterPoll: (run: () => void) => clock.afterPoll(run),
    }
    const steady = new DeadlineWatch(counting)
    for (let step = 0; step < 400; step++) {
      const probe = new Probe('x', clock.now() + 500)
      probe.carrier = carrier
      steady.add(probe)
      clock.advance(1)
      steady.remove(probe)
    }
    expect(timers).toBe(1)
  })

  it('never watches an exchange without a deadline', () => {
    watched('for ever', Number.POSITIVE_INFINITY)
    expect([watch.isEmpty, clock.pending]).toEqual([true, 0])
  })

  it('takes note of a new deadline', async () => {
    const probe = watched('a', 1100)
    probe.deadline = 1300
    watch.add(probe)
    await clock.advanceAsync(200)
    expect(probe.outcome).toBe('nothing')
    await clock.advanceAsync(110)
    expect(probe.outcome).toBe('timeout/queued')
  })

  it('lets an answer that has arrived win over a deadline passed while the event loop was blocked', async () => {
    const [answered, late] = [watched('answered', 1100), watched('late', 1100)]
    // The loop was blocked: the timer is 400 ms late, and the answer is read between the timer and the look.
    clock.jump(500)
    clock.advance(0)
    expect([answered.outcome, late.outcome]).toEqual(['nothing', 'nothing'])
    watch.remove(answered)
    await clock.advanceAsync(0)
    expect(answered.outcome).toBe('nothing')
    expect(late.outcome).toBe('timeout/queued')
    expect(late.failures[0]?.lateMs).toBeGreaterThan(390)
  })

  it('survives callbacks that throw, end others and submit anew', async () => {
    const [first, second, third] = [watched('1', 1100), watched('2', 1100), watched('3', 1100)]
    first.onFail = () => {
      watch.remove(second)
      second.carrier = undefined
      first.deadline = 1110
      first.carrier = carrier
      watch.add(first)
      first.onFail = () => {}
      throw new Error('defect')
    }
    await clock.advanceAsync(107)
    expect([first.outcome, second.outcome, third.outcome]).toEqual([
      'timeout/queued',
      'nothing',
      'timeout/queued',
    ])
    expect(String(defects)).toBe('Error: defect')
    await clock.advanceAsync(20)
    expect(first.outcome).toBe('timeout/queued, timeout/queued')
    expect(watch.isEmpty).toBe(true)
  })
})
