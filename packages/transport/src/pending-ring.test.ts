import { seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { Probe } from '../test/probe-exchange.ts'
import { PendingRing } from './pending-ring.ts'

const abandoned = (at: number, timedOut = true) => ({ at, timedOut, isLast: () => true })

describe('PendingRing', () => {
  it('is empty at first', () => {
    const ring = new PendingRing()
    expect([ring.size, ring.live, ring.head()]).toEqual([0, 0, undefined])
    expect(ring.oldestAbandonedAt()).toBe(Number.POSITIVE_INFINITY)
  })

  it('gives the oldest first, however often it grows', () => {
    const ring = new PendingRing()
    const random = seededRandom(1)
    const model: Probe[] = []
    for (let step = 0; step < 5000; step++) {
      if (random.chance(0.55)) {
        const probe = new Probe(String(step))
        ring.push(probe)
        model.push(probe)
      } else if (model.length > 0) {
        expect(ring.head()).toBe(model.shift())
        ring.shift()
      }
      expect(ring.size).toBe(model.length)
    }
    expect(ring.size).toBeGreaterThan(16)
  })

  it('keeps the slots of abandoned ones, in their places, across growth', () => {
    const ring = new PendingRing()
    const probes = Array.from({ length: 10 }, (_, index) => new Probe(String(index)))
    const tickets = probes.map((probe) => ring.push(probe))
    ring.abandon(tickets[3] as number, abandoned(300))
    ring.abandon(tickets[1] as number, abandoned(500, false))
    for (let more = 10; more < 40; more++) ring.push(new Probe(String(more)))
    expect([ring.size, ring.live, ring.abandonedCount, ring.timedOutCount]).toEqual([40, 38, 2, 1])
    expect(ring.oldestAbandonedAt()).toBe(300)
    const seen: (string | undefined)[] = []
    while (ring.size > 0) {
      const head = ring.head() as Probe | undefined
      expect(head === undefined).toBe(ring.headAbandoned() !== undefined)
      seen.push(head?.text)
      ring.shift()
    }
    expect(seen.slice(0, 5)).toEqual(['0', undefined, '2', undefined, '4'])
    expect([ring.abandonedCount, ring.timedOutCount, ring.oldestAbandonedAt()]).toEqual([
      0,
      0,
      Number.POSITIVE_INFINITY,
    ])
  })

  it('gives all that are waited for, and then knows nothing of them', () => {
    const ring = new PendingRing()
    const probes = ['a', 'b', 'c'].map((text) => new Probe(text))
    const tickets = probes.map((probe) => ring.push(probe))
    ring.abandon(tickets[1] as number, abandoned(1))
    expect(ring.takeAll()).toEqual([probes[0], probes[2]])
    expect([ring.size, ring.live, ring.abandonedCount, ring.timedOutCount]).toEqual([0, 0, 0, 0])
    expect(tickets.some((ticket) => ring.has(ticket))).toBe(false)
  })
})
