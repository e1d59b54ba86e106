import { describe, expect, it } from 'vitest'
import { systemClock } from './clock.ts'

const after = (ms: number): Promise<void> => new Promise((resolve) => systemClock.after(ms, resolve, true))

describe('systemClock', () => {
  it('never goes back', () => {
    let last = systemClock.now()
    for (let look = 0; look < 10_000; look++) {
      const now = systemClock.now()
      expect(now).toBeGreaterThanOrEqual(last)
      last = now
    }
  })

  it('runs what it is told, in the order of the event loop, and not what was cancelled', async () => {
    const seen: string[] = []
    const cancel = systemClock.after(1, () => seen.push('cancelled'))
    await new Promise<void>((resolve) => {
      systemClock.after(2, () => {
        seen.push('timer')
        systemClock.afterPoll(() => {
          seen.push('after the poll')
          resolve()
        })
        systemClock.soon(() => seen.push('soon'))
        void Promise.resolve().then(() => seen.push('promise'))
      })
      cancel()
      // Holds the process: the timer above does not.
      systemClock.after(20, () => {}, true)
    })
    expect(seen).toEqual(['timer', 'soon', 'promise', 'after the poll'])
  })

  it.each([2 ** 31, 1e15, Number.POSITIVE_INFINITY])('waits for %d ms, and not 1', async (ms) => {
    let fired = false
    const cancel = systemClock.after(ms, () => {
      fired = true
    })
    await after(15)
    cancel()
    expect(fired).toBe(false)
  })
})
