import { seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { Probe } from '../test/probe-exchange.ts'
import { ExchangeQueue } from './exchange-queue.ts'

describe('ExchangeQueue', () => {
  it('behaves as a list from which anything may be taken', () => {
    const random = seededRandom(2)
    const queue = new ExchangeQueue()
    const model: Probe[] = []
    for (let step = 0; step < 3000; step++) {
      const choice = random.int(0, 3)
      if (choice < 2) {
        const probe = new Probe(String(step))
        queue.push(probe)
        model.push(probe)
      } else if (choice === 2) expect(queue.shift()).toBe(model.shift())
      else if (model.length > 0) {
        const [taken] = model.splice(random.int(0, model.length - 1), 1)
        queue.remove(taken as Probe)
        expect([taken?.queueNext, taken?.queuePrevious]).toEqual([undefined, undefined])
      }
      expect(queue.size).toBe(model.length)
    }
    for (const probe of model) expect(queue.shift()).toBe(probe)
    expect(queue.shift()).toBeUndefined()
  })
})
