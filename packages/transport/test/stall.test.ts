import { describe, expect, it } from 'vitest'
import { Bench, outcomes } from './bench-of-memory.ts'
import { bodiesOf, frames, Probe } from './probe-exchange.ts'

const STALL = 20

function read(bench: Bench, ...texts: readonly string[]): Probe[] {
  return texts.map((text) => {
    const probe = new Probe(text, bench.clock.now() + 10_000)
    probe.isRead = true
    bench.pool.submit(probe)
    return probe
  })
}

const sent = (bench: Bench): string[][] => bench.network.sockets.map((socket) => bodiesOf(socket.received))

describe('a request whose answer does not come', () => {
  it('holds up no reads for long: they are sent again on another connection', async () => {
    const { bench, socket } = await Bench.warm({ stallMs: STALL })
    const [held] = bench.submitWithin(10_000, 'held write')
    const reads = read(bench, 'r1', 'r2')
    const [write] = bench.submitWithin(10_000, 'w')
    await bench.pass(3 * STALL)
    expect(sent(bench)).toEqual([
      ['held write', 'r1', 'r2', 'w'],
      ['r1', 'r2'],
    ])
    bench.socket(1).deliver(frames('1', '2'))
    expect(outcomes(reads)).toEqual(['answer 1', 'answer 2'])
    // The first connection goes on: the late answers of the reads pass unread, everybody else gets the right one.
    socket.deliver(frames('held', 'late 1', 'late 2', 'done'))
    expect(outcomes([held as Probe, write as Probe, ...reads])).toEqual([
      'answer held',
      'answer done',
      'answer 1',
      'answer 2',
    ])
    expect(bench.stats()).toMatchObject({ inFlight: 0, queued: 0, ended: 0 })
  })

  it('gets no further company while there is another connection', async () => {
    const { bench, socket } = await Bench.warm({ stallMs: STALL, sharedConnections: 2 })
    bench.submitWithin(10_000, 'held')
    await bench.pass(3 * STALL)
    const first = bench.submitWithin(10_000, 'a')
    // There is none yet: better on the slow one than nowhere.
    expect(bench.stats()).toMatchObject({ connecting: 1, inFlight: 2 })
    await bench.settle()
    bench.submitWithin(10_000, 'b', 'c')
    await bench.settle()
    expect(sent(bench)).toEqual([
      ['held', 'a'],
      ['b', 'c'],
    ])
    socket.deliver(frames('1', '2'))
    expect(outcomes(first)).toEqual(['answer 2'])
    // It is as good as the other again.
    bench.submitWithin(10_000, 'd')
    await bench.settle()
    expect(sent(bench)[0]).toEqual(['held', 'a', 'd'])
  })

  it('is not seen where something comes, however slowly', async () => {
    const { bench, socket } = await Bench.warm({ stallMs: STALL })
    const reads = read(bench, 'a', 'b', 'c')
    const bytes = frames('1', '2', '3')
    for (let at = 0; at < bytes.length; at++) {
      await bench.pass(STALL - 1)
      socket.deliver(bytes.slice(at, at + 1))
    }
    expect(outcomes(reads)).toEqual(['answer 1', 'answer 2', 'answer 3'])
    expect(bench.stats().attempts).toBe(1)
  })

  it('does not make a server that stalls as a whole be showered with connections or repetitions', async () => {
    const bench = new Bench({ stallMs: STALL, sharedConnections: 2 })
    await bench.pool.warm(1)
    for (let turn = 0; turn < 100; turn++) {
      read(bench, `r${turn}`)
      await bench.pass(STALL)
    }
    expect(bench.stats().connections).toBeLessThanOrEqual(4)
    const copies = sent(bench).flat().length
    expect(copies).toBeLessThanOrEqual(100 * 4)
  })

  it('that is repeated still obeys its deadline, and can be cancelled', async () => {
    const { bench, socket } = await Bench.warm({ stallMs: STALL })
    bench.submitWithin(10_000, 'held')
    const [timed, cancelled] = [
      new Probe('t', bench.clock.now() + 200),
      new Probe('c', bench.clock.now() + 200),
    ]
    for (const probe of [timed, cancelled]) {
      probe.isRead = true
      bench.pool.submit(probe)
    }
    await bench.pass(3 * STALL)
    expect(sent(bench)[1]).toEqual(['t', 'c'])
    bench.pool.cancel(cancelled)
    await bench.pass(300)
    expect(outcomes([timed, cancelled])).toEqual(['timeout/sent', 'nothing'])
    socket.deliver(frames('1', '2', '3'))
    expect(outcomes([timed, cancelled])).toEqual(['timeout/sent', 'nothing'])
  })

  it('lets a connection close that owes answers to nobody but repeated reads', async () => {
    const { bench, socket } = await Bench.warm({ stallMs: STALL })
    const [held] = bench.submitWithin(10_000, 'held')
    const reads = read(bench, 'r')
    await bench.pass(3 * STALL)
    socket.end(new Error('reset'))
    bench.socket(1).deliver(frames('1'))
    expect(outcomes([held as Probe, ...reads])).toEqual(['closed/sent', 'answer 1'])
  })

  it('closes the connection once a write has timed out and nobody waits: a server that stood still reads it no more', async () => {
    const { bench, socket } = await Bench.warm({ stallMs: STALL })
    const writes = [...bench.submitWithin(100, 'w1'), ...bench.submitWithin(200, 'w2')]
    const reads = read(bench, 'r')
    await bench.pass(150)
    // The read has been sent again elsewhere; the second write is waited for.
    expect([socket.isClosed, outcomes(writes)]).toEqual([false, ['timeout/sent', 'nothing']])
    await bench.pass(100)
    expect([socket.isClosed, outcomes(writes)]).toEqual([true, ['timeout/sent', 'timeout/sent']])
    bench.socket(1).deliver(frames('1'))
    expect(outcomes(reads)).toEqual(['answer 1'])
  })

  it('does not keep the next one waiting, though nothing was ever answered on the connection that it closed', async () => {
    const { bench, socket } = await Bench.warm({ stallMs: STALL })
    const writes = bench.submitWithin(100, 'w')
    // At once: a pause between attempts to connect is over soon.
    for (let waited = 0; waited < 200 && !socket.isClosed; waited++) await bench.pass(1)
    expect([socket.isClosed, outcomes(writes)]).toEqual([true, ['timeout/sent']])
    const next = bench.submitWithin(100, 'next')
    await bench.settle()
    bench.socket(1).deliver(frames('1'))
    expect(outcomes(next)).toEqual(['answer 1'])
  })

  it('is waited for where it is only a read, or where the server goes on with others', async () => {
    const { bench, socket } = await Bench.warm({ stallMs: STALL, drainDelayMs: 3000 })
    const timed = new Probe('r', bench.clock.now() + 100)
    timed.isRead = true
    bench.pool.submit(timed)
    await bench.pass(150)
    expect([socket.isClosed, timed.outcome]).toEqual([false, 'timeout/sent'])
    socket.deliver(frames('late'))
    const writes = [...bench.submitWithin(10_000, 'w1'), ...bench.submitWithin(30, 'w2')]
    await bench.pass(25)
    socket.deliver(frames('1'))
    await bench.pass(10)
    expect([socket.isClosed, outcomes(writes)]).toEqual([false, ['answer 1', 'timeout/sent']])
    socket.deliver(frames('late'))
    expect(bench.stats()).toMatchObject({ draining: 0, shared: 1, ended: 0 })
  })

  it('leaves no timer behind when everything has been answered', async () => {
    const { bench, socket } = await Bench.warm({ stallMs: STALL })
    // Without a deadline, whose own timer would be counted too.
    const waiting = bench.submit('a')
    await bench.settle()
    socket.deliver(frames('1'))
    await bench.pass(5 * STALL)
    expect(outcomes(waiting)).toEqual(['answer 1'])
    expect(bench.clock.pending).toBe(0)
  })
})
