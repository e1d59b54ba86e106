import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { Bench } from './bench-of-memory.ts'
import { frame, frames, type Probe } from './probe-exchange.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Whether what the references point to is gone. */
async function areCollected(references: readonly WeakRef<object>[]): Promise<boolean> {
  for (let attempt = 0; attempt < 10; attempt++) {
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
    if (references.every((reference) => reference.deref() === undefined)) return true
  }
  return false
}

/** Submits without keeping the exchanges. */
function submitted(bench: Bench, count: number, timeoutMs = 1_000_000): WeakRef<Probe>[] {
  return bench
    .submitWithin(timeoutMs, ...Array.from({ length: count }, () => 'x'))
    .map((probe) => new WeakRef(probe))
}

describe('an exchange that has ended is kept by nobody', () => {
  it('when it was answered', async () => {
    const { bench, socket } = await Bench.warm({ sharedConnections: 1 })
    const references = submitted(bench, 50)
    await bench.settle()
    socket.deliver(frames(...references.map(() => 'y')))
    expect(await areCollected(references)).toBe(true)
    expect(bench.stats().shared).toBe(1)
  })

  it('when it timed out, or was cancelled, and its answer is still to come', async () => {
    const { bench } = await Bench.warm({ sharedConnections: 1 })
    const references = submitted(bench, 20, 100)
    bench.submit('somebody who waits')
    for (const reference of references.slice(0, 10)) bench.pool.cancel(reference.deref() as Probe)
    await bench.pass(110)
    expect(bench.stats()).toMatchObject({ draining: 1, inFlight: 1 })
    expect(await areCollected(references)).toBe(true)
  })

  it('when it waited in line in vain', async () => {
    const bench = new Bench({}, 'hang')
    const references = submitted(bench, 20, 100)
    bench.submit('somebody who waits')
    for (const reference of references.slice(5, 10)) bench.pool.cancel(reference.deref() as Probe)
    await bench.pass(110)
    expect(await areCollected(references)).toBe(true)
    expect(bench.stats().queued).toBe(1)
  })

  it('when its neighbours live', async () => {
    const { bench, socket } = await Bench.warm({ sharedConnections: 1 })
    const before = submitted(bench, 10)
    const waiting = bench.submitWithin(1_000_000, 'waiting')
    await bench.settle()
    socket.deliver(frames(...before.map(() => 'y')))
    expect(await areCollected(before)).toBe(true)
    socket.deliver(frame('z'))
    expect(waiting[0]?.outcome).toBe('answer z')
  })
})
