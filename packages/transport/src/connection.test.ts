import { everyCut, seededRandom } from '@aero/testkit'
import { describe, expect, it, vi } from 'vitest'
import { Bench, outcomes } from '../test/bench-of-memory.ts'
import { bodiesOf, frame, frames, Probe } from '../test/probe-exchange.ts'

const ONE = { sharedConnections: 1 }

describe('sending', () => {
  it('puts the requests of one turn into one write, in order', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    bench.submit('a', 'b', 'c')
    expect(socket.writes).toBe(0)
    await bench.settle()
    expect([socket.writes, bodiesOf(socket.received)]).toEqual([1, ['a', 'b', 'c']])
    bench.submit('d')
    await bench.settle()
    expect([socket.writes, bodiesOf(socket.received)]).toEqual([2, ['a', 'b', 'c', 'd']])
  })

  it('sends many and large requests whole, without waiting for the end of the turn', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const texts = Array.from({ length: 40 }, (_, index) => `${index}:${'x'.repeat(10_000)}`)
    bench.submit(...texts)
    expect(socket.writes).toBeGreaterThan(1)
    await bench.settle()
    expect(bodiesOf(socket.received)).toEqual(texts)
  })

  it('holds requests back while the other end does not read, and loses none', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    socket.stall()
    bench.submit('a')
    await bench.settle()
    bench.submit('b')
    await bench.settle()
    bench.submit('c')
    await bench.settle()
    expect([socket.writes, bodiesOf(socket.received)]).toEqual([1, ['a']])
    socket.resume()
    expect([socket.writes, bodiesOf(socket.received)]).toEqual([2, ['a', 'b', 'c']])
  })

  it('takes no more when too much is held back, and goes on when it has left', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    socket.stall()
    const text = 'x'.repeat(60_000)
    for (let count = 0; count < 20; count++) {
      bench.submit(text)
      await bench.settle()
    }
    expect(bench.stats().queued).toBeGreaterThan(10)
    socket.resume()
    await bench.settle()
    expect([bodiesOf(socket.received).length, bench.stats().queued]).toEqual([20, 0])
  })

  it.each(['an error', 'nothing written', 'another submit'])(
    'takes back a request that cannot be encoded (%s), and its neighbours are unharmed',
    async (how) => {
      const { bench, socket } = await Bench.warm(ONE)
      const [before] = bench.submit('before')
      const nested = new Probe('nested')
      const bad = new Probe('bad'.repeat(10_000))
      bad.onEncode = (out) => {
        if (how === 'another submit') bench.pool.submit(nested)
        else if (how === 'nothing written') out.position = 0
        if (how !== 'nothing written') throw new Error('cannot be written')
      }
      if (how === 'nothing written') bad.encode = () => {}
      bench.pool.submit(bad)
      const [after] = bench.submit('after')
      expect(bad.outcome).toBe('nothing')
      await bench.settle()
      await bench.settle()
      expect([bad.outcome, bad.sent]).toEqual(['encode/queued', false])
      expect(nested.outcome).toBe(how === 'another submit' ? 'encode/queued' : 'nothing')
      expect(bodiesOf(socket.received)).toEqual(['before', 'after'])
      socket.deliver(frames('1', '2'))
      expect([before?.outcome, after?.outcome]).toEqual(['answer 1', 'answer 2'])
      expect([bench.stats().inFlight, bench.watch.isEmpty]).toEqual([0, true])
    },
  )
})

describe('waiting awake for a lone request', () => {
  const looksAtTheNetwork = async (
    send: (bench: Bench, text: string) => void,
    wakefulWait: 'auto' | 'off' = 'auto',
  ): Promise<number> => {
    const { bench } = await Bench.warm({ ...ONE, wakefulWait })
    send(bench, 'a')
    await bench.settle()
    for (const socket of bench.network.sockets) if (socket.received.length > 0) socket.deliver(frames('1'))
    const looks = vi.spyOn(bench.clock, 'afterPoll')
    send(bench, 'b')
    const count = looks.mock.calls.length
    await bench.settle()
    return count
  }

  it('happens on a shared connection, when one request comes after the other', async () => {
    expect(await looksAtTheNetwork((bench, text) => bench.submit(text))).toBe(1)
  })

  it('does not happen when it is off', async () => {
    expect(await looksAtTheNetwork((bench, text) => bench.submit(text), 'off')).toBe(0)
  })

  it('does not happen on an exclusive one, where what is slow goes', async () => {
    expect(await looksAtTheNetwork((bench, text) => bench.submitExclusive(text))).toBe(0)
  })
})

describe('receiving', () => {
  it('gives each frame to the exchange whose turn it is', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const probes = bench.submit('a', 'b', 'c')
    await bench.settle()
    socket.deliver(frames('1', '2'))
    expect(outcomes(probes)).toEqual(['answer 1', 'answer 2', 'nothing'])
    socket.deliver(frames('3'))
    expect(outcomes(probes)).toEqual(['answer 1', 'answer 2', 'answer 3'])
    expect(probes.map((probe) => probe.sent)).toEqual([true, true, true])
  })

  it('puts frames together that were cut at any byte', async () => {
    const answers = frames('first', '', 'third')
    for (const { head, tail, at } of everyCut(answers)) {
      const { bench, socket } = await Bench.warm(ONE)
      const probes = bench.submit('a', 'b', 'c')
      await bench.settle()
      socket.deliver(head)
      socket.deliver(tail)
      expect(outcomes(probes), `cut at ${at}`).toEqual(['answer first', 'answer ', 'answer third'])
    }
  })

  it.each([1, 2, 3, 7, 8, 9, 64])('puts frames together that come in pieces of %i', async (pieceSize) => {
    const { bench, socket } = await Bench.warm(ONE)
    const random = seededRandom(3)
    const texts = Array.from({ length: 30 }, (_, index) => random.text(index))
    const probes = bench.submit(...texts)
    await bench.settle()
    socket.deliver(frames(...texts), pieceSize)
    expect(outcomes(probes)).toEqual(texts.map((text) => `answer ${text}`))
  })

  it('goes on giving frames to one exchange until it says that was the last', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const many = new Probe('many')
    many.onReceive = (text) => text === 'last'
    bench.pool.submit(many)
    const [next] = bench.submit('next')
    await bench.settle()
    socket.deliver(frames('1', '2'))
    expect([many.outcome, bench.stats().inFlight]).toEqual(['answer 1, answer 2', 2])
    socket.deliver(frames('last', 'x'))
    expect([many.outcome, next?.outcome]).toEqual(['answer 1, answer 2, answer last', 'answer x'])
  })

  it.each([
    ['a wrong version', Uint8Array.of(9, 3, 0, 0, 0, 0, 0, 1, 0)],
    ['an unknown type', Uint8Array.of(2, 99, 0, 0, 0, 0, 0, 1, 0)],
    ['a length of 2^48 - 1', Uint8Array.of(2, 3, 255, 255, 255, 255, 255, 255)],
    ['text', new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('ends the connection when the server sends %s', async (_name, garbage) => {
    const { bench, socket } = await Bench.warm(ONE)
    const probes = bench.submit('a', 'b', 'c')
    await bench.settle()
    socket.deliver(frame('1'))
    socket.deliver(garbage)
    expect(outcomes(probes)).toEqual(['answer 1', 'decode/sent', 'closed/sent'])
    expect(probes[1]?.failures[0]?.cause?.message).toMatch(/frame/)
    expect(probes[2]?.failures[0]?.cause).toBe(probes[1]?.failures[0]?.cause)
    expect(socket.isClosed).toBe(true)
    const [again] = bench.submit('again')
    await bench.settle()
    bench.socket(1).deliver(frame('2'))
    expect([again?.outcome, bench.watch.isEmpty]).toEqual(['answer 2', true])
  })

  it('ends the connection when a frame comes that nobody asked for', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    socket.deliver(frame('hello'))
    expect([socket.isClosed, bench.stats().connections]).toEqual([true, 0])
    expect(bench.troubles.map(String)).toEqual(['Error: the server sent a frame that nobody asked for'])
  })

  it('ends the connection when receive throws: that exchange fails, so do those behind it', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const [first, bad, behind] = bench.submit('first', 'bad', 'behind') as [Probe, Probe, Probe]
    const cause = new Error('not a record')
    bad.onReceive = () => {
      throw cause
    }
    await bench.settle()
    socket.deliver(frames('1', '2', '3'))
    expect(first.outcome).toBe('answer 1')
    expect(bad.failures).toEqual([{ kind: 'decode', phase: 'sent', cause }])
    expect(behind.failures).toEqual([{ kind: 'closed', phase: 'sent', cause }])
    expect(socket.isClosed).toBe(true)
  })

  it('fails what is in flight when the server closes in the middle of an answer', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const probes = bench.submit('a', 'b')
    await bench.settle()
    socket.deliver(frame('answer').subarray(0, 11))
    const cause = new Error('ECONNRESET')
    socket.end(cause)
    for (const probe of probes) expect(probe.failures).toEqual([{ kind: 'closed', phase: 'sent', cause }])
    expect(bench.watch.isEmpty).toBe(true)
  })

  it('says of requests that were never written that they were not sent', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const [written] = bench.submit('written') as [Probe]
    await bench.settle()
    const [unwritten] = bench.submit('unwritten') as [Probe]
    socket.end()
    expect([written.outcome, written.sent]).toEqual(['closed/sent', true])
    expect([unwritten.outcome, unwritten.sent]).toEqual(['closed/queued', false])
  })
})

describe('callbacks that do more than they should', () => {
  it('lets receive submit the same exchange again', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const [again, behind] = bench.submit('again', 'behind') as [Probe, Probe]
    again.onReceive = (text) => {
      if (text === '1') bench.pool.submit(again)
      return true
    }
    await bench.settle()
    socket.deliver(frames('1', '2'))
    await bench.settle()
    expect(bodiesOf(socket.received)).toEqual(['again', 'behind', 'again'])
    socket.deliver(frames('3'))
    expect([again.outcome, behind.outcome]).toEqual(['answer 1, answer 3', 'answer 2'])
    expect([bench.stats().inFlight, bench.watch.isEmpty]).toEqual([0, true])
  })

  it('refuses an exchange that is submitted again before its answer is complete', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const [again] = bench.submit('again') as [Probe]
    again.onReceive = () => {
      bench.pool.submit(again)
      return false
    }
    await bench.settle()
    socket.deliver(frames('1'))
    expect(socket.isClosed).toBe(true)
    expect(again.outcome).toBe('answer 1, closed/queued')
  })

  it('refuses an exchange that is live: on a connection and in the queue', async () => {
    const { bench } = await Bench.warm({ ...ONE, pipelineDepth: 1 })
    const [live, queued] = bench.submit('live', 'queued') as [Probe, Probe]
    expect(() => bench.pool.submit(live)).toThrow('live already')
    expect(() => bench.pool.submit(queued)).toThrow('live already')
    expect(() => bench.pool.submitExclusive(queued)).toThrow('live already')
  })

  it('lets fail submit the same exchange again, at once and always', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const probes = bench.submit('a', 'b') as [Probe, Probe]
    for (const probe of probes) {
      probe.onFail = () => bench.pool.submit(probe)
    }
    await bench.settle()
    // A connection that never answered: the pool pauses, and refuses until it may try again.
    socket.end(new Error('reset'))
    for (let turn = 0; turn < 5; turn++) await bench.settle()
    expect(probes[0].failures.map(({ kind }) => kind)).toEqual(['closed', ...Array(5).fill('connect')])
    bench.clock.advance(10)
    await bench.settle()
    await bench.settle()
    bench.socket(1).deliver(frames('1', '2'))
    expect(probes.map((probe) => probe.answers)).toEqual([['1'], ['2']])
  })

  it('goes on after a fail that throws, and reports what it threw', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const probes = bench.submit('a', 'b', 'c') as [Probe, Probe, Probe]
    probes[0].onFail = () => {
      throw new Error('defect')
    }
    await bench.settle()
    socket.end()
    expect(outcomes(probes)).toEqual(['closed/sent', 'closed/sent', 'closed/sent'])
    expect(bench.defects.map(String)).toEqual(['Error: defect'])
  })

  it.each(['true', 'false'])('lets receive close the pool and then return %s', async (last) => {
    const { bench, socket } = await Bench.warm(ONE)
    const [closing, behind] = bench.submit('closing', 'behind') as [Probe, Probe]
    closing.onReceive = () => {
      bench.pool.close()
      return last === 'true'
    }
    await bench.settle()
    socket.deliver(frames('1', '2'))
    expect(closing.outcome).toBe(last === 'true' ? 'answer 1' : 'answer 1, closed/sent')
    expect([behind.outcome, bench.watch.isEmpty]).toEqual(['pool-closed/sent', true])
  })

  it.each(['true', 'false'])('lets receive cancel its own exchange and then return %s', async (last) => {
    const { bench, socket } = await Bench.warm(ONE)
    const [cancelled, behind] = bench.submit('cancelled', 'behind') as [Probe, Probe]
    cancelled.onReceive = () => {
      bench.pool.cancel(cancelled)
      return last === 'true'
    }
    await bench.settle()
    socket.deliver(frames('1', '2', '3').subarray(0, last === 'true' ? 18 : 27))
    expect([cancelled.outcome, behind.outcome]).toEqual([
      'answer 1',
      last === 'true' ? 'answer 2' : 'answer 3',
    ])
    expect(bench.stats().inFlight).toBe(0)
  })

  it('lets fail cancel another exchange of the same connection', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const [first, second, third] = bench.submit('1', '2', '3') as [Probe, Probe, Probe]
    first.onFail = () => bench.pool.cancel(second)
    await bench.settle()
    socket.end()
    expect(outcomes([first, second, third])).toEqual(['closed/sent', 'nothing', 'closed/sent'])
  })
})

describe('giving up', () => {
  it('fails one pipelined exchange at its deadline; the others get their answers, the late one is discarded', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const [before] = bench.submit('before') as [Probe]
    const [timed] = bench.submitWithin(100, 'timed') as [Probe]
    const [behind] = bench.submit('behind') as [Probe]
    await bench.pass(110)
    expect(outcomes([before, timed, behind])).toEqual(['nothing', 'timeout/sent', 'nothing'])
    expect(bench.stats()).toMatchObject({ draining: 1, inFlight: 2, shared: 0 })
    socket.deliver(frames('1', '2', '3'))
    expect(outcomes([before, timed, behind])).toEqual(['answer 1', 'timeout/sent', 'answer 3'])
    expect(bench.stats()).toMatchObject({ draining: 0, inFlight: 0, shared: 1 })
    await bench.pass(10_000)
    expect([socket.isClosed, bench.clock.pending]).toEqual([false, 0])
  })

  it('sends nothing new behind a timed out request: another connection takes over', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    bench.submitWithin(100, 'slow')
    await bench.pass(110)
    const [other] = bench.submit('other') as [Probe]
    await bench.settle()
    bench.socket(1).deliver(frame('x'))
    expect([other.outcome, bodiesOf(socket.received)]).toEqual(['answer x', ['slow']])
  })

  it('closes the connection when the late answer takes longer than the drain delay', async () => {
    const { bench, socket } = await Bench.warm({ ...ONE, drainDelayMs: 3000 })
    const [timed] = bench.submitWithin(100, 'timed') as [Probe]
    const [behind] = bench.submit('behind') as [Probe]
    await bench.pass(110)
    await bench.pass(2980)
    expect([socket.isClosed, behind.outcome]).toEqual([false, 'nothing'])
    await bench.pass(20)
    expect([socket.isClosed, timed.outcome, behind.outcome]).toEqual([true, 'timeout/sent', 'closed/sent'])
    expect(behind.failures[0]?.cause?.message).toBe('no answer to an abandoned request for 3000 ms')
  })

  it('measures the drain delay for each abandoned request', async () => {
    const { bench, socket } = await Bench.warm({ ...ONE, drainDelayMs: 3000 })
    bench.submitWithin(100, 'first')
    bench.submitWithin(2000, 'second')
    await bench.pass(2010)
    socket.deliver(frame('1'))
    await bench.pass(2900)
    expect(socket.isClosed).toBe(false)
    await bench.pass(110)
    expect(socket.isClosed).toBe(true)
  })

  it('closes at once when the drain delay is 0', async () => {
    const { bench, socket } = await Bench.warm({ ...ONE, drainDelayMs: 0 })
    const probes = [...bench.submitWithin(100, 'timed'), ...bench.submit('behind')]
    await bench.pass(110)
    expect([socket.isClosed, ...outcomes(probes)]).toEqual([true, 'timeout/sent', 'closed/sent'])
  })

  it('cancels before sending: the request still goes out, its answer is discarded', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const [cancelled, other] = bench.submit('cancelled', 'other') as [Probe, Probe]
    bench.pool.cancel(cancelled)
    bench.pool.cancel(cancelled)
    await bench.settle()
    socket.deliver(frames('1', '2'))
    expect(outcomes([cancelled, other])).toEqual(['nothing', 'answer 2'])
  })

  it('cancels after sending, and the connection stays in use', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const [cancelled] = bench.submit('cancelled') as [Probe]
    await bench.settle()
    bench.pool.cancel(cancelled)
    const [next] = bench.submit('next') as [Probe]
    await bench.settle()
    socket.deliver(frames('1', '2'))
    expect(outcomes([cancelled, next])).toEqual(['nothing', 'answer 2'])
    bench.pool.cancel(next)
    expect([bench.network.sockets.length, bench.clock.pending]).toEqual([1, 0])
  })

  it('submits a cancelled exchange again while its old answer is still to come', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const [again] = bench.submit('again') as [Probe]
    await bench.settle()
    bench.pool.cancel(again)
    bench.pool.submit(again)
    await bench.settle()
    socket.deliver(frames('old', 'new'))
    expect(again.outcome).toBe('answer new')
  })

  it('finds the end of a discarded answer of many frames by the test of its exchange', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const many = new Probe('many')
    many.onReceive = (text) => text === 'last'
    many.lastFrame = (_type, body) => body.text(body.remaining) === 'last'
    bench.pool.submit(many)
    const [next] = bench.submit('next') as [Probe]
    await bench.settle()
    socket.deliver(frame('1'))
    bench.pool.cancel(many)
    socket.deliver(frames('2', '3', 'last', 'x'))
    expect(outcomes([many, next])).toEqual(['answer 1', 'answer x'])
  })

  it('closes the connection of an exchange whose answer cannot be discarded', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const endless = new Probe('endless')
    endless.lastFrame = undefined
    bench.pool.submit(endless)
    await bench.settle()
    bench.pool.cancel(endless)
    expect([socket.isClosed, endless.outcome]).toEqual([true, 'nothing'])
  })

  it('ends the connection when the test for the last frame throws', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    const [bad, behind] = bench.submit('bad', 'behind') as [Probe, Probe]
    bad.lastFrame = () => {
      throw new Error('cut short')
    }
    await bench.settle()
    bench.pool.cancel(bad)
    socket.deliver(frame('1'))
    expect([socket.isClosed, behind.outcome]).toEqual([true, 'closed/sent'])
  })
})

describe('keeping the process alive', () => {
  it('holds it while somebody waits for an answer, and only then', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    expect(socket.isHeld).toBe(false)
    const [first, second] = bench.submit('1', '2') as [Probe, Probe]
    expect(socket.isHeld).toBe(true)
    await bench.settle()
    socket.deliver(frame('1'))
    expect([first.outcome, socket.isHeld]).toEqual(['answer 1', true])
    bench.pool.cancel(second)
    expect(socket.isHeld).toBe(false)
    bench.submit('3')
    expect(socket.isHeld).toBe(true)
    await bench.settle()
    socket.deliver(frames('2', '3'))
    expect(socket.isHeld).toBe(false)
  })

  it('never holds it in the background', async () => {
    const { bench, socket } = await Bench.warm(ONE)
    bench.pool.background = true
    bench.submit('1')
    await bench.settle()
    expect(socket.isHeld).toBe(false)
  })
})
