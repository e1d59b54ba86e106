import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { eventually } from '@aero/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import {
  DeadlineWatch,
  Endpoint,
  Pool,
  type PoolOptions,
  systemClock,
  TcpSocketOpener,
} from '../src/index.ts'
import { bodiesOf, frame, Probe } from './probe-exchange.ts'
import { echo, onFrames, RawServer } from './raw-server.ts'

const pools: Pool[] = []
const servers: RawServer[] = []

afterEach(async () => {
  for (const pool of pools.splice(0)) pool.close()
  for (const server of servers.splice(0)) await server.stop()
})

async function serve(...behaviour: Parameters<typeof RawServer.start>): Promise<RawServer> {
  const server = await RawServer.start(...behaviour)
  servers.push(server)
  return server
}

function poolTo(endpoint: Endpoint, options: Partial<PoolOptions> = {}): Pool {
  const clock = systemClock
  const pool = new Pool({
    endpoint,
    opener: new TcpSocketOpener(),
    clock,
    watch: new DeadlineWatch(clock),
    // Servers here are silent on purpose; what the pool makes of that has its own tests (stall.test.ts).
    stallMs: 0,
    ...options,
  })
  pools.push(pool)
  return pool
}

function submit(pool: Pool, text: string, timeoutMs: number = Number.POSITIVE_INFINITY): Probe {
  const probe = new Probe(text, systemClock.now() + timeoutMs)
  pool.submit(probe)
  return probe
}

const ended = async (probes: readonly Probe[]): Promise<string[]> =>
  (await Promise.all(probes.map((probe) => probe.done))).map((probe) => probe.outcome)

describe('over real sockets', () => {
  it.each(['auto', 'off'] as const)(
    'ten thousand exchanges get their own answers (pipelining %s)',
    async (pipelining) => {
      const server = await serve(echo)
      const pool = poolTo(server.endpoint, { pipelining, maxConnections: 20 })
      const probes = Array.from({ length: 10_000 }, (_, index) =>
        submit(pool, `${index}:${'x'.repeat(index % 97)}`),
      )
      expect(await ended(probes)).toEqual(probes.map((probe) => `answer ${probe.text}`))
      expect(pool.stats()).toMatchObject({ inFlight: 0, queued: 0 })
    },
  )

  it('large requests and answers, more than a socket takes at once', async () => {
    const server = await serve(echo)
    const pool = poolTo(server.endpoint, { sharedConnections: 1 })
    const texts = Array.from({ length: 24 }, (_, index) =>
      String.fromCharCode(97 + index).repeat(3_000_000 + index),
    )
    const probes = texts.map((text) => submit(pool, text))
    await Promise.all(probes.map((probe) => probe.done))
    expect(probes.every((probe, index) => probe.answers[0] === texts[index])).toBe(true)
  })

  it('an answer that comes byte by byte', async () => {
    const server = await serve((socket) =>
      onFrames(socket, async (request) => {
        for (const byte of request) {
          socket.write(Uint8Array.of(byte))
          await new Promise((resolve) => setImmediate(resolve))
        }
      }),
    )
    const pool = poolTo(server.endpoint)
    expect(await ended([submit(pool, 'first answer')])).toEqual(['answer first answer'])
  })

  it.each(['localhost', '127.0.0.1', '::1'])('by the name %s', async (host) => {
    const listening = host === 'localhost' ? '127.0.0.1' : host
    const server = await serve(echo, listening)
    const pool = poolTo(new Endpoint(host, server.endpoint.port))
    expect(await ended([submit(pool, 'x')])).toEqual(['answer x'])
  })

  it('garbage from the server: the connection ends, and the next request gets another', async () => {
    let connections = 0
    const server = await serve((socket) => {
      if (connections++ > 0) echo(socket)
      else onFrames(socket, () => socket.write('<html>not what you expected</html>'))
    })
    const pool = poolTo(server.endpoint)
    await pool.warm(1)
    expect(await ended([submit(pool, 'a'), submit(pool, 'b')])).toEqual(['decode/sent', 'closed/sent'])
    await eventually(() => server.sockets[0]?.destroyed || server.sockets[0]?.readableEnded)
    // The first connection never answered: the pool pauses for a moment.
    const again = await eventually(async () => {
      const probe = await submit(pool, 'c').done
      return probe.answers.length === 1 && probe
    })
    expect(again.outcome).toBe('answer c')
  })

  it.each([
    ['in order, between answers', (socket: Socket) => socket.end(frame('1'))],
    ['in the middle of an answer', (socket: Socket) => socket.end(frame('1').subarray(0, 5))],
    ['with a reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('a server that closes %s', async (name, close) => {
    const server = await serve((socket) => {
      let count = 0
      onFrames(socket, () => {
        if (++count === 2) close(socket)
      })
    })
    const pool = poolTo(server.endpoint, { sharedConnections: 1 })
    await pool.warm(1)
    const outcomes = await ended([submit(pool, 'a'), submit(pool, 'b')])
    expect(outcomes).toEqual([name.startsWith('in order') ? 'answer 1' : 'closed/sent', 'closed/sent'])
    expect(pool.stats().connections).toBe(0)
  })

  it('a server that stops sending but keeps the connection (half-open): the deadline ends it', async () => {
    const server = await serve((socket) => {
      socket.resume()
    })
    const pool = poolTo(server.endpoint, { drainDelayMs: 40 })
    const probe = submit(pool, 'a', 40)
    expect(await ended([probe])).toEqual(['timeout/sent'])
    await eventually(() => pool.stats().connections === 0)
    await eventually(() => server.sockets[0]?.readableEnded)
  })

  it('a server that ends its half of the connection', async () => {
    const server = await serve((socket) => {
      socket.end()
      socket.resume()
    })
    const pool = poolTo(server.endpoint)
    const probe = submit(pool, 'a')
    expect((await probe.done).failures[0]?.kind).toMatch(/closed|connect/)
  })

  it('a server that does not read: requests wait in order and nothing is lost', async () => {
    const received: string[] = []
    const server = await serve((socket) => {
      socket.pause()
    })
    const pool = poolTo(server.endpoint, { sharedConnections: 1 })
    await pool.warm(1)
    const texts = Array.from({ length: 40 }, (_, index) => `${index}`.padEnd(1_000_000, '.'))
    const probes: Probe[] = []
    for (const text of texts) {
      probes.push(submit(pool, text))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(pool.stats().queued).toBeGreaterThan(0)
    const [socket] = server.sockets as [Socket]
    onFrames(socket, (request) => {
      received.push(...bodiesOf(request))
      socket.write(frame(`${received.length}`))
    })
    socket.resume()
    await Promise.all(probes.map((probe) => probe.done))
    expect(received.every((text, index) => text === texts[index])).toBe(true)
    expect(probes.at(-1)?.outcome).toBe('answer 40')
  })

  it('nobody listens: refused, with the cause', async () => {
    const server = await RawServer.start(() => {})
    await server.stop()
    const pool = poolTo(server.endpoint)
    const probe = await submit(pool, 'a').done
    expect(probe.outcome).toBe('connect/connecting')
    expect(probe.failures[0]?.cause).toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    await expect(pool.warm(1)).rejects.toThrow(`cannot connect to ${server.endpoint}: connect ECONNREFUSED`)
  })

  it('a name that does not exist', async () => {
    const pool = poolTo(new Endpoint('no-such-host.invalid', 3000))
    const probe = await submit(pool, 'a').done
    expect(probe.outcome).toBe('connect/connecting')
    expect(probe.failures[0]?.cause?.message).toContain('no-such-host.invalid:3000')
  })

  it('a port out of range', async () => {
    const pool = poolTo(new Endpoint('127.0.0.1', 70_000))
    expect((await submit(pool, 'a').done).outcome).toBe('connect/connecting')
  })

  it('a connection that never completes', async () => {
    // A listener whose process is stopped: the kernel fills its short backlog, then leaves attempts without an answer.
    const { port, child } = await startChild('backlog')
    child.kill('SIGSTOP')
    const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}))
    try {
      await eventually(() => fillers.some((socket) => !socket.connecting))
      const pool = poolTo(new Endpoint('127.0.0.1', port), { connectTimeoutMs: 100 })
      const [waiting, impatient] = [submit(pool, 'waiting'), submit(pool, 'impatient', 20)]
      expect(await ended([waiting, impatient])).toEqual(['connect/connecting', 'timeout/connecting'])
      expect(waiting.failures[0]?.cause?.message).toContain('no connection within 100 ms')
      expect(pool.stats().connections).toBe(0)
    } finally {
      for (const socket of fillers) socket.destroy()
      child.kill('SIGKILL')
    }
  })

  it('one pipelined exchange times out; the others get their answers and the late one is discarded', async () => {
    let release = (): void => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const server = await serve((socket) => {
      const answers: Promise<Buffer>[] = []
      let tail = Promise.resolve()
      onFrames(socket, (request) => {
        const copy = Buffer.from(request)
        const isSlow = copy.includes('slow')
        answers.push(Promise.resolve(copy))
        tail = tail.then(async () => {
          if (isSlow) await released
          socket.write(copy)
        })
      })
    })
    const pool = poolTo(server.endpoint, { sharedConnections: 1 })
    await pool.warm(1)
    const [before, slow, behind] = [submit(pool, 'before'), submit(pool, 'slow', 30), submit(pool, 'behind')]
    expect((await slow.done).outcome).toBe('timeout/sent')
    release()
    expect(await ended([before, behind])).toEqual(['answer before', 'answer behind'])
    expect(slow.outcome).toBe('timeout/sent')
    expect((await submit(pool, 'after').done).outcome).toBe('answer after')
    expect(server.sockets.length).toBe(1)
  })

  it('a blocked event loop: answers that have arrived win over their deadlines, and a timeout says why it was late', async () => {
    const { port, child } = await startChild('echo')
    const pool = poolTo(new Endpoint('127.0.0.1', port), { sharedConnections: 1 })
    await pool.warm(1)
    const probes = ['a', 'b', 'c'].map((text) => submit(pool, text, 40))
    const silent = new Probe('silent', systemClock.now() + 40)
    const other = poolTo((await serve((socket) => socket.resume())).endpoint)
    await other.warm(1)
    other.submit(silent)
    // The requests leave at the end of this turn; then the loop is blocked past their deadlines.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    const until = performance.now() + 200
    while (performance.now() < until);
    expect(await ended(probes)).toEqual(['answer a', 'answer b', 'answer c'])
    expect((await silent.done).failures[0]).toMatchObject({ kind: 'timeout', phase: 'sent' })
    expect(silent.failures[0]?.lateMs).toBeGreaterThan(100)
    child.kill('SIGKILL')
  })
})

/** A server in a process of its own. */
async function startChild(behaviour: 'echo' | 'backlog'): Promise<{ port: number; child: ChildProcess }> {
  const child = fork(new URL('server-process.mjs', import.meta.url), [behaviour], { execArgv: [] })
  const [port] = (await once(child, 'message')) as [number]
  return { port, child }
}
