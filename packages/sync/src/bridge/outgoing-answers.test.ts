import { describe, expect, it } from 'vitest'
import { ANSWER, CONTROL } from './control.ts'
import { OutgoingAnswers } from './outgoing-answers.ts'
import { Ring } from './ring.ts'

const RING_BYTES = 256
const ANSWER_BYTES = 56

/** A ring of three answers, and a calling thread that may act while it is written to. */
function setUp() {
  const buffer = new SharedArrayBuffer(256 + RING_BYTES)
  const control = new Int32Array(buffer, 0, 64)
  const ring = new Ring({
    buffer,
    offset: 256,
    bytes: RING_BYTES,
    control,
    readWord: CONTROL.answersRead,
    writtenWord: CONTROL.answersWritten,
  })
  const caller = {
    wakesWorker: 0,
    /** Once, after the next write that finds no room. */
    atFullRing: () => {},
    /** Takes all that is there, as the loop does: it wakes the worker only if that is known to wait. */
    take(): number[] {
      const taken: number[] = []
      while (ring.next()) {
        taken.push(ring.id)
        ring.done()
        if (Atomics.load(control, CONTROL.answersWait) === 1) caller.wakesWorker++
      }
      return taken
    },
  }
  const answers = new OutgoingAnswers(
    {
      longest: ANSWER_BYTES,
      write: (...message) => {
        if (ring.write(...message)) return true
        const { atFullRing } = caller
        caller.atFullRing = () => {}
        atFullRing()
        return false
      },
    },
    control,
    () => {},
  )
  const send = (id: number): void => answers.send(ANSWER.frame, id, 0, 0, new Uint8Array(ANSWER_BYTES))
  return { control, caller, answers, send }
}

describe('answers that find no room', () => {
  it('are told of, wait in order, and go when there is room', () => {
    const { control, caller, answers, send } = setUp()
    for (let id = 1; id <= 5; id++) send(id)
    expect(answers.areWaiting).toBe(true)
    expect(control[CONTROL.answersWait]).toBe(1)
    expect(caller.take()).toEqual([1, 2, 3])
    expect(caller.wakesWorker).toBeGreaterThan(0)
    send(6)
    expect(caller.take()).toEqual([])
    answers.sendWaiting()
    // The last one would have to go over the end.
    expect(control[CONTROL.answersWait]).toBe(1)
    expect(caller.take()).toEqual([4, 5])
    answers.sendWaiting()
    expect(answers.areWaiting).toBe(false)
    expect(control[CONTROL.answersWait]).toBe(0)
    expect(caller.take()).toEqual([6])
  })

  it('do not wait for a caller who emptied the ring before it was told', () => {
    const { control, caller, answers, send } = setUp()
    for (let id = 1; id <= 3; id++) send(id)
    let taken: number[] = []
    caller.atFullRing = () => {
      taken = caller.take()
    }
    send(4)
    expect(taken).toEqual([1, 2, 3])
    expect(caller.wakesWorker).toBe(0)
    expect(answers.areWaiting).toBe(false)
    expect(control[CONTROL.answersWait]).toBe(0)
    expect(caller.take()).toEqual([4])
  })

  it('wake this thread when the caller empties the ring after it was told, and before they wait', () => {
    const { caller, answers, send } = setUp()
    for (let id = 1; id <= 3; id++) send(id)
    caller.atFullRing = () => {
      caller.atFullRing = () => expect(caller.take()).toEqual([1, 2, 3])
    }
    send(4)
    expect(answers.areWaiting).toBe(true)
    expect(caller.wakesWorker).toBe(3)
    answers.sendWaiting()
    expect(caller.take()).toEqual([4])
  })

  it('are dropped when nobody wants them any more', () => {
    const { caller, answers, send } = setUp()
    for (const id of [1, 2, 3, 4, 5, 4]) send(id)
    answers.forget(4)
    caller.take()
    answers.sendWaiting()
    expect(caller.take()).toEqual([5])
  })
})
