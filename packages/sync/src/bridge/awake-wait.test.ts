import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AwakeWait } from './awake-wait.ts'
import { CONTROL, sharedMemory } from './control.ts'

/** What comes within a quarter of a millisecond is soon. */
const PLAN = { soonMs: 0.25, sleptFirst: 0 }

/** A quarter of a millisecond passes with each look at the clock. */
const STEP_MS = 0.25
let now: number

/** Waits in which nothing comes: how many are slept through until one is not. */
function sleptThrough(wait: AwakeWait): number {
  for (let waits = 0; ; waits++) {
    vi.mocked(performance.now).mockClear()
    expect(wait.hasCome(0)).toBe(false)
    if (vi.mocked(performance.now).mock.calls.length > 0) return waits
  }
}

/** How many are slept through before each of so many waits in which nothing comes. */
const rests = (wait: AwakeWait, waits: number): number[] =>
  Array.from({ length: waits }, () => sleptThrough(wait))

beforeEach(() => {
  now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += STEP_MS
    return now
  })
})

afterEach(() => vi.restoreAllMocks())

describe('AwakeWait', () => {
  it('sees that something has come, and waits a millisecond for it', () => {
    const { control } = sharedMemory()
    const wait = new AwakeWait(control, PLAN)
    Atomics.store(control, CONTROL.toCaller, 7)
    expect(wait.hasCome(6)).toBe(true)
    expect(wait.hasCome(7)).toBe(false)
    // Once at the beginning of each, then until a millisecond has passed.
    expect(performance.now).toHaveBeenCalledTimes(1 + 1 + 4)
  })

  it('sleeps through its first waits where the plan says so', () => {
    const wait = new AwakeWait(sharedMemory().control, { ...PLAN, sleptFirst: 100 })
    expect(rests(wait, 2)).toEqual([100, 0])
  })

  it('bears some late answers, then sleeps through twice as many waits each time, up to a limit', () => {
    const wait = new AwakeWait(sharedMemory().control, PLAN)
    const all = rests(wait, 11 * 16)
    expect(all.filter((_, time) => time % 16 === 0)).toEqual([
      0, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 16_384,
    ])
    expect(all.filter((rest, time) => time % 16 > 0 && rest > 0)).toEqual([])
  })

  it('takes an answer for late that comes in its time, but not soon', () => {
    const { control } = sharedMemory()
    const wait = new AwakeWait(control, PLAN)
    // Comes while the clock is looked at for the third time in a wait: half a millisecond after its beginning.
    let looks = 0
    vi.mocked(performance.now).mockImplementation(() => {
      if (++looks === 3) Atomics.add(control, CONTROL.toCaller, 1)
      return looks * STEP_MS
    })
    for (let late = 0; late < 16; late++) {
      looks = 0
      expect(wait.hasCome(late)).toBe(true)
    }
    looks = 0
    expect(wait.hasCome(16)).toBe(false)
    expect(looks).toBe(0)
  })

  it('never gives up where every second answer is late', () => {
    const wait = new AwakeWait(sharedMemory().control, PLAN)
    for (let time = 0; time < 1000; time++) expect(wait.hasCome(time % 2)).toBe(time % 2 > 0)
  })

  it('begins anew with short rests when answers came soon', () => {
    const wait = new AwakeWait(sharedMemory().control, PLAN)
    rests(wait, 2 * 16)
    expect(sleptThrough(wait)).toBe(128)
    for (let time = 0; time < 32; time++) expect(wait.hasCome(1)).toBe(true)
    rests(wait, 32)
    expect(sleptThrough(wait)).toBe(64)
  })
})
