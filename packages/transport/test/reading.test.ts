import { eventually } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DeadlineWatch, Pool, systemClock, TcpSocketOpener } from '../src/index.ts'
import { frame, Probe } from './probe-exchange.ts'
import { onFrames, RawServer } from './raw-server.ts'

/** More than the buffers of both ends hold together. */
const FRAMES = 2000
const FRAME = frame('x'.repeat(60_000))

describe('an answer that is not taken', () => {
  it('holds up its sender until it is, past its own deadline, and the connection is used on', async () => {
    await using server = await RawServer.start((socket) =>
      onFrames(socket, (request) => {
        if (request.toString('latin1', 8) === 'short') socket.write(frame('done'))
        else for (let count = 0; count < FRAMES; count++) socket.write(FRAME)
      }),
    )
    const clock = systemClock
    const pool = new Pool({
      endpoint: server.endpoint,
      opener: new TcpSocketOpener(),
      clock,
      watch: new DeadlineWatch(clock),
    })
    try {
      let received = 0
      const long = new Probe('long', clock.now() + 50)
      long.onReceive = () => {
        received++
        if (received === 1) pool.read(long, false, 0)
        return received === FRAMES
      }
      pool.submitExclusive(long)
      await eventually(() => received > 0, { expecting: 'the beginning of the answer' })
      await eventually(() => clock.now() > long.deadline - 1 || long.deadline === Number.POSITIVE_INFINITY)
      const socket = server.sockets[0]
      let waiting = -1
      // Steady: looked at twice, with the loop turning in between, nothing has left.
      await eventually(
        () => {
          const before = waiting
          waiting = socket?.writableLength ?? 0
          return waiting > 0 && waiting === before
        },
        { expecting: 'the sender to be held up' },
      )
      expect(received).toBeLessThan(FRAMES / 2)
      pool.read(long, true, clock.now() + 10_000)
      await long.done
      expect([received, long.failures.length]).toEqual([FRAMES, 0])

      const short = new Probe('short', clock.now() + 5000)
      pool.submitExclusive(short)
      expect((await short.done).answers).toEqual(['done'])
      expect(pool.stats().attempts).toBe(1)
    } finally {
      pool.close()
    }
  })

  it('is given up with its connection', async () => {
    await using server = await RawServer.start((socket) =>
      onFrames(socket, () => {
        for (let count = 0; count < FRAMES; count++) socket.write(FRAME)
      }),
    )
    const clock = systemClock
    const pool = new Pool({
      endpoint: server.endpoint,
      opener: new TcpSocketOpener(),
      clock,
      watch: new DeadlineWatch(clock),
    })
    try {
      const long = new Probe('long')
      long.lastFrame = undefined
      let received = 0
      long.onReceive = () => {
        received++
        pool.read(long, false, 0)
        return false
      }
      pool.submitExclusive(long)
      await eventually(() => received > 0, { expecting: 'the beginning of the answer' })
      pool.cancel(long)
      expect(pool.stats().connections).toBe(0)
    } finally {
      pool.close()
    }
  })
})
