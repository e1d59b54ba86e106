import { describe, expect, it } from 'vitest'
import { OpenPace } from './open-pace.ts'

describe('OpenPace', () => {
  it('allows the first attempt at once', () => {
    expect(new OpenPace(() => 1).pauseMs(0)).toBe(0)
  })

  it.each([
    [1, 10],
    [2, 20],
    [5, 160],
    [8, 1000],
    [1000, 1000],
  ])('pauses after %i failures for %i ms', (failures, pause) => {
    const pace = new OpenPace(() => 1)
    for (let count = 0; count < failures; count++) pace.failed(5000, new Error('refused'))
    expect(pace.pauseMs(5000)).toBe(pause)
    expect(pace.pauseMs(5000 + pause)).toBe(0)
  })

  it.each([
    [0, 5],
    [0.5, 7.5],
    [1, 10],
  ])('scatters pauses: chance %f makes %f ms of 10', (chance, pause) => {
    const pace = new OpenPace(() => chance)
    pace.failed(0, undefined)
    expect(pace.pauseMs(0)).toBe(pause)
  })

  it('starts over when a connection has answered', () => {
    const pace = new OpenPace(() => 1)
    const refused = new Error('refused')
    for (let count = 0; count < 6; count++) pace.failed(0, refused)
    expect(pace.lastCause).toBe(refused)
    pace.proven()
    expect([pace.pauseMs(0), pace.failures, pace.lastCause]).toEqual([0, 0, undefined])
    pace.failed(0, undefined)
    expect(pace.pauseMs(0)).toBe(10)
  })
})
