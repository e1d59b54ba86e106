import { FakeClock } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { WakefulWait } from './wakeful-wait.ts'

/** A clock whose turns are taken by hand. */
class TurnByTurn extends FakeClock {
  asked: (() => void)[] = []

  override afterPoll(run: () => void): void {
    this.asked.push(run)
  }

  /** Takes turns as long as another is asked for, `most` at most; says how many. */
  turn(most = Number.POSITIVE_INFINITY): number {
    for (let turns = 0; ; turns++) {
      const run = turns < most ? this.asked.shift() : undefined
      if (run === undefined) return turns
      run()
    }
  }
}

/** Waits that nobody answers: how many are sat out until turns are taken again. */
function satOut(wait: WakefulWait, clock: TurnByTurn): number {
  for (let waits = 0; ; waits++) {
    wait.begin()
    if (clock.turn() > 0) return waits
  }
}

describe('WakefulWait', () => {
  it('turns until the answer has come, and once more at most', () => {
    const clock = new TurnByTurn()
    const wait = new WakefulWait(clock)
    wait.begin()
    expect(clock.turn(5)).toBe(5)
    wait.end()
    expect(clock.turn()).toBe(1)
    expect(clock.turn()).toBe(0)
  })

  it('asks for one turn at a time, however many waits begin', () => {
    const clock = new TurnByTurn()
    const wait = new WakefulWait(clock)
    for (let waits = 0; waits < 100; waits++) {
      wait.begin()
      wait.end()
    }
    wait.begin()
    expect(clock.asked.length).toBe(1)
  })

  it('gives up after a few turns, and sits out twice as many waits after each miss, up to a limit', () => {
    const clock = new TurnByTurn()
    const wait = new WakefulWait(clock)
    wait.begin()
    expect(clock.turn()).toBe(12)
    const rests = Array.from({ length: 13 }, () => satOut(wait, clock))
    expect(rests).toEqual([8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 8192, 8192])
  })

  it('begins anew with short rests after an answer in time', () => {
    const clock = new TurnByTurn()
    const wait = new WakefulWait(clock)
    wait.begin()
    clock.turn()
    expect([satOut(wait, clock), satOut(wait, clock)]).toEqual([8, 16])
    for (let waits = 0; waits <= 32; waits++) wait.begin()
    wait.end()
    clock.turn()
    wait.begin()
    expect(clock.turn()).toBe(12)
    expect(satOut(wait, clock)).toBe(8)
  })

  it('a wait that is cancelled is no miss', () => {
    const clock = new TurnByTurn()
    const wait = new WakefulWait(clock)
    wait.begin()
    wait.cancel()
    expect(clock.turn()).toBe(1)
    wait.begin()
    expect(clock.turn()).toBe(12)
  })
})
