import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AwakeWait } from './awake-wait.ts'
import { CONTROL, sharedMemory } from './control.ts'

/** Waits in which nothing comes: how many are slept through until one is not. */
function sleptThrough(wait: AwakeWait): number {
  for (let waits = 0; ; waits++) {
    vi.mocked(performance.now).mockClear()
    expect(wait.hasCome(0)).toBe(false)
    if (vi.mocked(performance.now).mock.calls.length > 0) return waits
  }
}

beforeEach(() => {
  // A millisecond passes with each look at the clock.
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now++)
})

afterEach(() => vi.restoreAllMocks())

describe('AwakeWait', () => {
  it('sees that something has come', () => {
    const { control } = sharedMemory()
    const wait = new AwakeWait(control, 5)
    Atomics.store(control, CONTROL.toCaller, 7)
    expect(wait.hasCome(6)).toBe(true)
    expect(wait.hasCome(7)).toBe(false)
    // Once at the beginning, then until five milliseconds have passed.
    expect(performance.now).toHaveBeenCalledTimes(1 + 6)
  })

  it('bears a few late answers, then sleeps through twice as many waits each time, up to a limit', () => {
    const wait = new AwakeWait(sharedMemory().control, 1)
    const rests = Array.from({ length: 44 }, () => sleptThrough(wait))
    expect(rests.filter((_, time) => time % 4 === 0)).toEqual([
      0, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 16_384,
    ])
    expect(rests.filter((rest, time) => time % 4 > 0 && rest > 0)).toEqual([])
  })

  it('never gives up where one answer in five is late', () => {
    const wait = new AwakeWait(sharedMemory().control, 1)
    for (let time = 0; time < 1000; time++) expect(wait.hasCome(time % 5 === 0 ? 0 : 1)).toBe(time % 5 > 0)
  })

  it('begins anew with short rests when answers came in time', () => {
    const wait = new AwakeWait(sharedMemory().control, 1)
    for (let late = 0; late < 8; late++) sleptThrough(wait)
    expect(sleptThrough(wait)).toBe(128)
    for (let time = 0; time < 20; time++) wait.hasCome(1)
    for (let late = 0; late < 8; late++) sleptThrough(wait)
    expect(sleptThrough(wait)).toBe(64)
  })
})
