import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AttentiveWait } from './attentive-wait.ts'
import { CONTROL, SLEEP, sharedMemory } from './control.ts'

/** Waits in which nothing comes: how many are left out until one is not. */
function leftOut(wait: AttentiveWait): number {
  const blocked = vi.spyOn(Atomics, 'wait')
  for (let waits = 0; ; waits++) {
    wait.begin(0)
    if (blocked.mock.calls.length > 0) {
      blocked.mockRestore()
      return waits
    }
  }
}

/** Does this in another thread, which has begun when this returns. */
async function inAnotherThread(control: Int32Array, code: string): Promise<Worker> {
  const worker = new Worker(
    `const { parentPort, workerData: control } = require('node:worker_threads')\nparentPort.postMessage('begun')\n${code}`,
    { eval: true, workerData: control },
  )
  await new Promise((resolve) => worker.once('message', resolve))
  return worker
}

afterEach(() => vi.restoreAllMocks())

describe('AttentiveWait', () => {
  it('is soon blocked at once where requests come later than it stays awake', () => {
    const { control } = sharedMemory()
    const wait = new AttentiveWait(control, true)
    vi.spyOn(Atomics, 'wait').mockReturnValue('ok')
    const looks = vi.spyOn(performance, 'now')
    const stayedAwake = Array.from({ length: 40 }, () => {
      looks.mockClear()
      wait.begin(0)
      return looks.mock.calls.length > 0
    })
    expect(Atomics.wait).toHaveBeenCalledTimes(40)
    expect(stayedAwake.flatMap((did, time) => (did ? [time] : []))).toEqual([0, 2, 5, 10, 19, 36])
  })

  it('ends at once when the word has changed, without being blocked', () => {
    const { control } = sharedMemory()
    const blocked = vi.spyOn(Atomics, 'wait')
    Atomics.store(control, CONTROL.toWorker, 7)
    new AttentiveWait(control, true).begin(6)
    expect(blocked).not.toHaveBeenCalled()
  })

  it('is blocked at once where no thread is to stay awake', () => {
    const wait = new AttentiveWait(sharedMemory().control, false)
    vi.spyOn(Atomics, 'wait').mockReturnValue('ok')
    const looks = vi.spyOn(performance, 'now')
    for (let time = 0; time < 40; time++) wait.begin(0)
    expect(Atomics.wait).toHaveBeenCalledTimes(40)
    expect(looks).not.toHaveBeenCalled()
  })

  it('gives up after its time, and leaves out twice as many waits after each miss, up to a limit', () => {
    const wait = new AttentiveWait(sharedMemory().control, true)
    wait.begin(0)
    const rests = Array.from({ length: 15 }, () => leftOut(wait))
    expect(rests).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 8192])
  })

  it('begins anew with short rests when something came in time', () => {
    const wait = new AttentiveWait(sharedMemory().control, true)
    wait.begin(0)
    expect([leftOut(wait), leftOut(wait)]).toEqual([1, 2])
    for (let waits = 0; waits < 4; waits++) wait.begin(0)
    wait.begin(1)
    wait.begin(0)
    expect(leftOut(wait)).toBe(1)
  })

  it('never misses another thread that looks how it sleeps before it wakes it', async () => {
    const { control } = sharedMemory()
    const wait = new AttentiveWait(control, true)
    const times = 20_000
    // A waiter that is blocked is woken only when the other thread sees that it is.
    const worker = await inAnotherThread(
      control,
      `for (let time = 0; time < ${times}; time++) {
        while (Atomics.load(control, ${CONTROL.requestsRead}) < time);
        for (let pause = time % 300; pause > 0; pause--);
        Atomics.add(control, ${CONTROL.toWorker}, 1)
        if (Atomics.load(control, ${CONTROL.workerSleeps}) === ${SLEEP.blocked}) {
          Atomics.add(control, ${CONTROL.toBlockedWorker}, 1)
          Atomics.notify(control, ${CONTROL.toBlockedWorker})
        }
      }`,
    )
    for (let time = 0; time < times; time++) {
      while (Atomics.load(control, CONTROL.toWorker) === time) wait.begin(time)
      Atomics.store(control, CONTROL.requestsRead, time + 1)
    }
    expect(Atomics.load(control, CONTROL.toWorker)).toBe(times)
    await worker.terminate()
  })
})
