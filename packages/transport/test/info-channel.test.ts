import { EncodeError } from '@aero/codec'
import { FakeClock, settled } from '@aero/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ConnectFailedError,
  ConnectionClosedError,
  DeadlineExceededError,
  DeadlineWatch,
  Endpoint,
  InfoChannel,
} from '../src/index.ts'
import { MemoryNetwork, type MemorySocket } from '../src/testing/index.ts'
import { bodiesOf, frame } from './probe-exchange.ts'

const INFO = 1
let clock: FakeClock
let network: MemoryNetwork
let watch: DeadlineWatch
let channel: InfoChannel

beforeEach(() => {
  clock = new FakeClock(1000)
  network = new MemoryNetwork()
  watch = new DeadlineWatch(clock)
  channel = new InfoChannel({ endpoint: new Endpoint('10.0.0.1', 3000), opener: network, clock, watch })
})

afterEach(async () => {
  channel.close()
  expect([network.openSockets, watch.isEmpty]).toEqual([[], true])
  await clock.advanceAsync(10_000)
  expect(clock.pending).toBe(0)
})

const reply = (text: string): Uint8Array => frame(text, INFO)

/** Answers every request with `name TAB NAME LF` for each of its names. */
const shouting = (socket: MemorySocket): void => {
  socket.onReceive = (bytes) => {
    for (const body of bodiesOf(bytes)) {
      const lines = body.split('\n').slice(0, -1)
      const text = lines.map((name) => `${name}\t${name.toUpperCase()}\n`).join('')
      process.nextTick(() => socket.deliver(reply(text), 3))
    }
  }
}

/** The rejection of `promise`, once `ms` have passed. */
async function rejection(promise: Promise<unknown>, ms = 0): Promise<Error> {
  const caught = promise.then(
    () => new Error('resolved'),
    (error: Error) => error,
  )
  await clock.advanceAsync(ms)
  await settled()
  return caught
}

describe('InfoChannel', () => {
  it('asks, one request after another, on one connection', async () => {
    network.listen('10.0.0.1:3000', shouting)
    const [first, second] = await Promise.all([
      channel.request(['node', 'build'], 2000),
      channel.request(['services'], 2000),
    ])
    expect([...first, ...second]).toEqual([
      ['node', 'NODE'],
      ['build', 'BUILD'],
      ['services', 'SERVICES'],
    ])
    expect(network.sockets.length).toBe(1)
    expect(bodiesOf(network.sockets[0]?.received as Uint8Array)).toEqual(['node\nbuild\n', 'services\n'])
  })

  it('connects again after the connection was lost', async () => {
    network.listen('10.0.0.1:3000', shouting)
    await channel.request(['node'], 2000)
    network.sockets[0]?.end()
    expect((await channel.request(['node'], 2000)).get('node')).toBe('NODE')
    expect(network.sockets.length).toBe(2)
  })

  it('rejects when nobody listens, each time it is asked', async () => {
    for (let attempt = 1; attempt <= 3; attempt++) {
      const error = await rejection(channel.request(['node'], 2000))
      expect(error).toBeInstanceOf(ConnectFailedError)
      expect(error.message).toBe('cannot connect to 10.0.0.1:3000: connect ECONNREFUSED 10.0.0.1:3000')
      expect(network.sockets.length).toBe(attempt)
    }
  })

  it.each([
    ['no answer', true, 'no answer from 10.0.0.1:3000 in time'],
    ['no connection', false, 'no connection from 10.0.0.1:3000 in time'],
  ])('rejects at the deadline: %s', async (_name, accepts, message) => {
    if (accepts) network.listen('10.0.0.1:3000')
    else network.hang('10.0.0.1:3000')
    const error = await rejection(channel.request(['node'], 1500), 510)
    expect(error).toBeInstanceOf(DeadlineExceededError)
    expect(error.message).toBe(message)
  })

  it('closes a connection on which an answer is overdue, and asks on another', async () => {
    network.listen('10.0.0.1:3000')
    await rejection(channel.request(['node'], 1500), 510)
    expect(network.openSockets).toEqual([])
    network.listen('10.0.0.1:3000', shouting)
    expect((await channel.request(['node'], 5000)).get('node')).toBe('NODE')
  })

  it('rejects when the server closes in the middle of an answer', async () => {
    network.listen('10.0.0.1:3000', (socket) => {
      socket.onReceive = () =>
        process.nextTick(() => {
          socket.deliver(reply('node\tX\n').subarray(0, 10))
          socket.end()
        })
    })
    const error = await rejection(channel.request(['node'], 2000))
    expect(error).toBeInstanceOf(ConnectionClosedError)
    expect(error.message).toBe('connection to 10.0.0.1:3000 closed: by the server')
  })

  it.each([
    ['garbage', new TextEncoder().encode('SSH-2.0-OpenSSH_9.6\r\n'), 'frame version 83 instead of 2'],
    ['a frame of another type', frame('x', 3), 'frame of type 3 as the answer to an info request'],
  ])('rejects %s', async (_name, bytes, message) => {
    network.listen('10.0.0.1:3000', (socket) => {
      socket.onReceive = () => process.nextTick(() => socket.deliver(bytes))
    })
    const error = await rejection(channel.request(['node'], 2000))
    expect([error.name, error.message.startsWith(message)]).toEqual(['DecodeError', true])
    expect(network.openSockets).toEqual([])
  })

  it('rejects a name that would be two', async () => {
    network.listen('10.0.0.1:3000', shouting)
    expect(await rejection(channel.request(['a\nb'], 2000))).toBeInstanceOf(EncodeError)
    expect((await channel.request(['node'], 2000)).get('node')).toBe('NODE')
  })

  it.each(['before', 'while connecting', 'while waiting for the answer'])(
    'can be aborted %s',
    async (when) => {
      if (when === 'while connecting') network.hang('10.0.0.1:3000')
      else network.listen('10.0.0.1:3000')
      const controller = new AbortController()
      if (when === 'before') controller.abort(new Error('enough'))
      const request = channel.request(['node'], 2000, controller.signal)
      const rejected = rejection(request)
      await settled()
      controller.abort(new Error('enough'))
      expect((await rejected).message).toBe('enough')
    },
  )

  it('listens to a signal only while it asks', async () => {
    network.listen('10.0.0.1:3000', shouting)
    const listeners = new Set<unknown>()
    const { signal } = new AbortController()
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...all: Parameters<typeof add>) => {
      listeners.add(all[1])
      add(...all)
    }
    signal.removeEventListener = (...all: Parameters<typeof remove>) => {
      listeners.delete(all[1])
      remove(...all)
    }
    const request = channel.request(['node'], 2000, signal)
    expect(listeners.size).toBe(1)
    await request
    expect(listeners.size).toBe(0)
    network.stop('10.0.0.1:3000')
    network.sockets[0]?.end()
    await rejection(channel.request(['node'], 2000, signal))
    expect(listeners.size).toBe(0)
  })

  it('rejects what waits when it is closed, and what comes later', async () => {
    network.listen('10.0.0.1:3000')
    const waiting = rejection(channel.request(['node'], 2000))
    channel.close()
    expect((await waiting).message).toBe('connection to 10.0.0.1:3000 closed: the channel was closed')
    expect(await rejection(channel.request(['node'], 2000))).toBeInstanceOf(ConnectionClosedError)
  })

  it('does not keep the process alive in the background', async () => {
    network.listen('10.0.0.1:3000')
    channel.background = true
    const waiting = rejection(channel.request(['node'], 1500), 510)
    expect(network.sockets[0]?.isHeld).toBe(false)
    await waiting
  })
})
