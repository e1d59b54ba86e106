import { rounds, seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { Bench, outcomes } from '../test/bench-of-memory.ts'
import { bodiesOf, frame, Probe } from '../test/probe-exchange.ts'
import { ConnectFailedError, ConnectionClosedError, Endpoint } from './index.ts'
import type { MemorySocket } from './testing/index.ts'

/** A far end that answers each request with its own text, when told to. */
function answer(socket: MemorySocket, count = Number.POSITIVE_INFINITY): void {
  const asked = bodiesOf(socket.received)
  const answered = answeredBy.get(socket) ?? 0
  const texts = asked.slice(answered, answered + count)
  answeredBy.set(socket, answered + texts.length)
  for (const text of texts) socket.deliver(frame(text))
}
const answeredBy = new WeakMap<MemorySocket, number>()

const numbered = (count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

describe('the first requests', () => {
  it('wait for one connection, and go out together when it opens', async () => {
    const bench = new Bench()
    const probes = bench.submit('a', 'b', 'c')
    expect(bench.stats()).toMatchObject({ connections: 1, connecting: 1, queued: 3, attempts: 1 })
    await bench.settle()
    expect(bodiesOf(bench.socket(0).received)).toEqual(['a', 'b', 'c'])
    answer(bench.socket(0))
    expect(outcomes(probes)).toEqual(['answer a', 'answer b', 'answer c'])
    expect(bench.stats()).toMatchObject({ connections: 1, shared: 1, queued: 0, inFlight: 0 })
  })

  it('pay no handshake after warming', async () => {
    const bench = new Bench()
    await bench.pool.warm(3)
    expect(bench.stats()).toMatchObject({ connections: 3, shared: 3, attempts: 3 })
    await bench.pool.warm(3)
    await bench.pool.warm(1)
    expect(bench.stats().attempts).toBe(3)
  })

  it('warms beyond the shared ones with exclusive ones, and never beyond the limit', async () => {
    const bench = new Bench({ sharedConnections: 2, maxConnections: 5 })
    await bench.pool.warm(50)
    expect(bench.stats()).toMatchObject({ connections: 5, shared: 2, exclusiveIdle: 3 })
  })
})

describe('sharing', () => {
  it('uses one connection while it is not deep, and opens others as all grow deeper', async () => {
    const bench = new Bench({ openThreshold: 4, sharedConnections: 3 })
    await bench.pool.warm(1)
    bench.submit(...numbered(4))
    await bench.settle()
    expect(bench.stats().connections).toBe(1)
    bench.submit(...numbered(12))
    // One at a time, in the background: what there is goes on being used.
    expect(bench.stats()).toMatchObject({ connecting: 1, queued: 0, inFlight: 16 })
    await bench.settle()
    bench.submit(...numbered(16))
    await bench.settle()
    expect(bench.stats()).toMatchObject({ connections: 2, inFlight: 32 })
    bench.submit('one more')
    await bench.settle()
    bench.submit(...numbered(200))
    await bench.settle()
    expect(bench.stats()).toMatchObject({ connections: 3, inFlight: 233 })
  })

  it('gives each request to the least loaded connection', async () => {
    const bench = new Bench({ sharedConnections: 4 })
    await bench.pool.warm(4)
    bench.submit(...numbered(10))
    await bench.settle()
    expect(bench.network.sockets.map((socket) => bodiesOf(socket.received).length)).toEqual([3, 3, 2, 2])
    answer(bench.socket(3))
    bench.submit('x', 'y')
    await bench.settle()
    expect(bodiesOf(bench.socket(3).received).slice(2)).toEqual(['x', 'y'])
  })

  it('fills connections to the pipeline depth; the rest waits and follows in order', async () => {
    const bench = new Bench({ sharedConnections: 2, pipelineDepth: 3 })
    await bench.pool.warm(2)
    const probes = bench.submit(...numbered(20))
    await bench.settle()
    expect(bench.stats()).toMatchObject({ inFlight: 6, queued: 14 })
    while (bench.stats().inFlight > 0) {
      for (const socket of bench.network.sockets) answer(socket, 2)
      await bench.settle()
    }
    expect(outcomes(probes)).toEqual(numbered(20).map((text) => `answer ${text}`))
    expect(bench.stats()).toMatchObject({ inFlight: 0, queued: 0 })
  })

  it('does not share without pipelining', async () => {
    const bench = new Bench({ pipelining: 'off' })
    bench.submit('a', 'b', 'c')
    await bench.settle()
    expect(bench.network.sockets.map((socket) => bodiesOf(socket.received))).toEqual([['a'], ['b'], ['c']])
  })

  it('brings back a connection that drains when the late answer comes', async () => {
    const bench = new Bench({ sharedConnections: 1 })
    await bench.pool.warm(1)
    bench.submitWithin(50, 'slow')
    await bench.pass(60)
    expect(bench.stats()).toMatchObject({ shared: 0, draining: 1 })
    answer(bench.socket(0))
    bench.submit('next')
    await bench.settle()
    expect(bodiesOf(bench.socket(0).received)).toEqual(['slow', 'next'])
  })

  it('does not shower a server that stalls with connections', async () => {
    const bench = new Bench({ sharedConnections: 2 })
    await bench.pool.warm(1)
    for (let round = 0; round < 50; round++) {
      bench.submitWithin(20, 'a', 'b', 'c')
      await bench.pass(26)
    }
    expect(bench.stats()).toMatchObject({ connections: 4, draining: 4, queued: 0, inFlight: 0 })
  })
})

describe('exclusive use', () => {
  it('gives each exchange a connection of its own, the last used one first', async () => {
    const bench = new Bench()
    const first = bench.submitExclusive('a', 'b')
    await bench.settle()
    answer(bench.socket(1))
    answer(bench.socket(0))
    expect(outcomes(first)).toEqual(['answer a', 'answer b'])
    expect(bench.stats()).toMatchObject({ exclusiveIdle: 2, exclusiveBusy: 0 })
    bench.submitExclusive('c')
    await bench.settle()
    expect(bodiesOf(bench.socket(0).received)).toEqual(['a', 'c'])
    expect(bench.stats()).toMatchObject({ exclusiveIdle: 1, exclusiveBusy: 1 })
  })

  it('is separate from shared use', async () => {
    const bench = new Bench()
    bench.submit('shared')
    bench.submitExclusive('own')
    await bench.settle()
    expect(bench.network.sockets.map((socket) => bodiesOf(socket.received))).toEqual([['shared'], ['own']])
  })

  it('waits in line at the limit, and keeps to the limit', async () => {
    const bench = new Bench({ maxConnections: 3, pipelining: 'off' })
    const probes = bench.submitExclusive(...numbered(10))
    for (let round = 0; round < 10; round++) {
      await bench.settle()
      expect(bench.stats().connections).toBeLessThanOrEqual(3)
      for (const socket of bench.network.sockets) answer(socket)
    }
    expect(outcomes(probes)).toEqual(numbered(10).map((text) => `answer ${text}`))
    expect(bench.network.sockets.length).toBe(3)
  })

  it('opens no more than eight at a time', async () => {
    const bench = new Bench({}, 'hang')
    bench.submitExclusive(...numbered(30))
    expect(bench.stats().connecting).toBe(8)
  })

  it('takes an idle shared connection at the limit, and gives it back where it is wanted', async () => {
    const bench = new Bench({ maxConnections: 1 })
    const [shared] = bench.submit('shared') as [Probe]
    await bench.settle()
    const [own] = bench.submitExclusive('own') as [Probe]
    await bench.settle()
    expect(bodiesOf(bench.socket(0).received)).toEqual(['shared'])
    answer(bench.socket(0))
    await bench.settle()
    answer(bench.socket(0))
    const [again] = bench.submit('again') as [Probe]
    await bench.settle()
    answer(bench.socket(0))
    expect(outcomes([shared, own, again])).toEqual(['answer shared', 'answer own', 'answer again'])
    expect(bench.network.sockets.length).toBe(1)
  })

  it('goes on with the next when one cannot be encoded', async () => {
    const bench = new Bench({ maxConnections: 1, pipelining: 'off' })
    const bad = new Probe('bad')
    bad.onEncode = () => {
      throw new Error('no')
    }
    bench.pool.submitExclusive(bad)
    const [good] = bench.submitExclusive('good') as [Probe]
    await bench.settle()
    answer(bench.socket(0))
    await bench.settle()
    expect(outcomes([bad, good])).toEqual(['encode/queued', 'answer good'])
    bench.pool.submitExclusive(bad)
    await bench.settle()
    expect(bench.stats()).toMatchObject({ exclusiveIdle: 1, exclusiveBusy: 0 })
  })

  it('drains a connection whose exchange timed out before using it again', async () => {
    const bench = new Bench({ maxConnections: 1, pipelining: 'off' })
    const [slow] = bench.submitWithin(50, 'slow') as [Probe]
    await bench.pass(60)
    const [next] = bench.submit('next') as [Probe]
    await bench.settle()
    expect([slow.outcome, bench.stats().queued]).toEqual(['timeout/sent', 1])
    answer(bench.socket(0))
    await bench.settle()
    answer(bench.socket(0))
    expect(next.outcome).toBe('answer next')
  })
})

describe('waiting', () => {
  it('ends at the deadline: while connecting', async () => {
    const bench = new Bench({}, 'hang')
    const [probe] = bench.submitWithin(100, 'a') as [Probe]
    await bench.pass(110)
    expect([probe.outcome, probe.sent, bench.stats().queued]).toEqual(['timeout/connecting', false, 0])
  })

  it('ends at the deadline: in line', async () => {
    const bench = new Bench({ pipelineDepth: 1, sharedConnections: 1 })
    await bench.pool.warm(1)
    bench.submit('busy')
    const [probe] = bench.submitWithin(100, 'a') as [Probe]
    await bench.pass(110)
    answer(bench.socket(0))
    await bench.settle()
    expect([probe.outcome, bodiesOf(bench.socket(0).received)]).toEqual(['timeout/queued', ['busy']])
  })

  it('sends nothing whose deadline has passed meanwhile', async () => {
    const bench = new Bench({ pipelineDepth: 1, sharedConnections: 1 })
    await bench.pool.warm(1)
    bench.submit('busy')
    const [late] = bench.submitWithin(100, 'late') as [Probe]
    const [good] = bench.submit('good') as [Probe]
    await bench.settle()
    bench.clock.jump(200)
    answer(bench.socket(0))
    await bench.settle()
    answer(bench.socket(0))
    await bench.settle()
    expect(outcomes([late, good])).toEqual(['timeout/queued', 'answer good'])
    expect(bodiesOf(bench.socket(0).received)).toEqual(['busy', 'good'])
  })

  it('is bounded: what comes beyond the limit fails', async () => {
    const bench = new Bench({ queueLimit: 5 }, 'hang')
    const probes = bench.submit(...numbered(7))
    await bench.settle()
    expect(outcomes(probes)).toEqual([...Array(5).fill('nothing'), 'queue-full/queued', 'queue-full/queued'])
    bench.pool.cancel(probes[2] as Probe)
    const [next] = bench.submit('next') as [Probe]
    expect([next.outcome, bench.stats().queued]).toEqual(['nothing', 5])
  })

  it('can be cancelled, refused or not', async () => {
    const bench = new Bench({ queueLimit: 1 }, 'hang')
    const [queued, refused] = bench.submit('queued', 'refused') as [Probe, Probe]
    bench.pool.cancel(queued)
    bench.pool.cancel(refused)
    await bench.settle()
    expect([outcomes([queued, refused]), bench.watch.isEmpty]).toEqual([['nothing', 'nothing'], true])
  })
})

describe('when no connection can be opened', () => {
  it('fails what waits, with the cause', async () => {
    const bench = new Bench({}, 'refuse')
    const probes = [...bench.submit('a', 'b'), ...bench.submitExclusive('c')]
    const warm = bench.pool.warm(1)
    await expect(warm).rejects.toThrow('cannot connect to 10.0.0.1:3000: connect ECONNREFUSED 10.0.0.1:3000')
    await expect(warm).rejects.toBeInstanceOf(ConnectFailedError)
    await bench.settle()
    expect(outcomes(probes)).toEqual(Array(3).fill('connect/connecting'))
    expect(probes[0]?.failures[0]?.cause).toMatchObject({
      name: 'ConnectFailedError',
      endpoint: bench.endpoint,
      cause: { code: 'ECONNREFUSED' },
    })
    expect([bench.stats().connections, bench.watch.isEmpty]).toEqual([0, true])
    expect(bench.troubles.length).toBeGreaterThan(0)
  })

  it('refuses at once until the next attempt is due, and then tries again', async () => {
    const bench = new Bench({}, 'refuse')
    bench.submit('a')
    await bench.settle()
    expect(bench.stats().attempts).toBe(1)
    const [early] = bench.submit('early') as [Probe]
    await expect(bench.pool.warm(1)).rejects.toThrow('ECONNREFUSED')
    await bench.settle()
    expect([early.outcome, bench.stats().attempts]).toEqual(['connect/connecting', 1])
    await bench.pass(10)
    bench.network.listen(String(bench.endpoint))
    const [good] = bench.submit('good') as [Probe]
    await bench.settle()
    answer(bench.socket(1))
    expect([good.outcome, bench.stats().attempts]).toEqual(['answer good', 2])
  })

  it.each([
    ['refuses', 'refuse' as const],
    [
      'accepts and closes',
      (socket: MemorySocket) => {
        process.nextTick(() => socket.end())
      },
    ],
    [
      'accepts and breaks',
      (socket: MemorySocket) => {
        process.nextTick(() => socket.end(new Error('ECONNRESET')))
      },
    ],
  ])('tries a server that %s ever more slowly, however much is asked', async (_name, listener) => {
    const bench = new Bench({}, listener)
    for (let now = 0; now < 10_000; now += 5) {
      bench.submitWithin(1000, 'a', 'b')
      bench.submitExclusive('c')
      await bench.pass(5)
    }
    // 10 + 20 + 40 + … + 640 ms, then once a second. A pair where both kinds were wanted counts for two.
    expect(bench.stats().attempts).toBeGreaterThan(8)
    expect(bench.stats().attempts).toBeLessThan(40)
    expect(bench.stats().connections).toBeLessThanOrEqual(2)
  })

  it('gives up an attempt that never completes', async () => {
    const bench = new Bench({ connectTimeoutMs: 500 }, 'hang')
    const [probe] = bench.submit('a') as [Probe]
    await bench.pass(499)
    expect(probe.outcome).toBe('nothing')
    await bench.pass(1)
    await bench.settle()
    expect(probe.failures[0]).toMatchObject({ kind: 'connect', phase: 'connecting' })
    expect(probe.failures[0]?.cause?.message).toBe(
      'cannot connect to 10.0.0.1:3000: no connection within 500 ms',
    )
    expect([bench.socket(0).isClosed, bench.stats().connections]).toEqual([true, 0])
  })

  it('fails what waits when the endpoint cannot even be tried', async () => {
    const bench = new Bench({
      opener: {
        open() {
          throw new RangeError('port out of range')
        },
      },
    })
    const [probe] = bench.submit('a') as [Probe]
    await bench.settle()
    expect(probe.outcome).toBe('connect/connecting')
    expect(probe.failures[0]?.cause?.message).toContain('port out of range')
    expect(bench.clock.pending).toBe(0)
  })

  it('goes on using what is open, and tries again after a pause', async () => {
    const bench = new Bench()
    await bench.pool.warm(1)
    bench.network.stop(String(bench.endpoint))
    const [own] = bench.submitExclusive('own') as [Probe]
    await bench.settle()
    const [shared] = bench.submit('shared') as [Probe]
    await bench.settle()
    answer(bench.socket(0))
    expect(outcomes([own, shared])).toEqual(['nothing', 'answer shared'])
    bench.network.listen(String(bench.endpoint))
    await bench.pass(10)
    await bench.settle()
    answer(bench.network.sockets.at(-1) as MemorySocket)
    expect(own.outcome).toBe('answer own')
  })

  it('forgets earlier failures once a connection has answered', async () => {
    const bench = new Bench({}, 'refuse')
    for (const pause of [10, 20, 40, 80, 160]) {
      bench.submit('refused')
      await bench.settle()
      await bench.pass(pause)
    }
    bench.network.listen(String(bench.endpoint))
    bench.submit('a')
    await bench.settle()
    const socket = bench.network.sockets.at(-1) as MemorySocket
    answer(socket)
    bench.network.stop(String(bench.endpoint))
    socket.end()
    bench.submit('b')
    await bench.settle()
    expect(bench.stats().attempts).toBe(7)
    await bench.pass(10)
    bench.submit('c')
    expect(bench.stats().attempts).toBe(8)
  })

  it('opens a new connection at once after one that had answered is lost', async () => {
    const bench = new Bench()
    bench.submit('a')
    await bench.settle()
    answer(bench.socket(0))
    bench.socket(0).end()
    const [next] = bench.submit('next') as [Probe]
    await bench.settle()
    answer(bench.socket(1))
    expect([next.outcome, bench.clock.pending]).toEqual(['answer next', 0])
  })
})

describe('idle connections', () => {
  it('are closed from the cold end when they were idle too long', async () => {
    const bench = new Bench({ maxIdleMs: 55_000, pipelining: 'off' })
    bench.submit('a', 'b', 'c')
    await bench.settle()
    for (const socket of bench.network.sockets) answer(socket)
    for (let second = 0; second < 60; second++) {
      bench.submit('again')
      await bench.pass(1000)
      answer(bench.socket(2))
      bench.pool.reap()
    }
    expect(bench.network.sockets.map((socket) => socket.isClosed)).toEqual([true, true, false])
    expect(bench.stats()).toMatchObject({ connections: 1, exclusiveIdle: 1, attempts: 3 })
  })

  it('are replaced as far as a minimum is wanted', async () => {
    const bench = new Bench({ minConnections: 2 })
    bench.pool.reap()
    await bench.settle()
    expect(bench.stats()).toMatchObject({ connections: 2, shared: 2 })
    await bench.pass(55_001)
    bench.pool.reap()
    await bench.settle()
    expect(bench.stats()).toMatchObject({ connections: 2, shared: 2, attempts: 4 })
    expect(bench.troubles).toEqual([])
  })

  it('are not used when they are too old, even if nobody reaped: the server has closed them', async () => {
    for (const pipelining of ['auto', 'off'] as const) {
      const bench = new Bench({ pipelining, maxIdleMs: 55_000 })
      await bench.pool.warm(1)
      bench.clock.jump(60_000)
      const [probe] = bench.submit('a') as [Probe]
      await bench.settle()
      answer(bench.socket(1))
      expect([probe.outcome, bench.socket(0).isClosed]).toEqual(['answer a', true])
      expect(bodiesOf(bench.socket(0).received)).toEqual([])
    }
  })

  it('are dropped when the server closes them', async () => {
    const bench = new Bench()
    await bench.pool.warm(3)
    bench.socket(1).end()
    expect(bench.stats()).toMatchObject({ connections: 2, shared: 2, ended: 1 })
  })
})

describe('closing', () => {
  it('fails everything, leaves nothing open, and refuses what comes later', async () => {
    const bench = new Bench({ pipelineDepth: 2, sharedConnections: 1, maxConnections: 2 })
    const probes = [...bench.submit('a', 'b', 'c'), ...bench.submitExclusive('d', 'e')]
    await bench.settle()
    bench.pool.close()
    bench.pool.close()
    const [late] = bench.submit('late') as [Probe]
    await bench.settle()
    expect(outcomes(probes)).toEqual([
      'pool-closed/sent',
      'pool-closed/sent',
      'pool-closed/queued',
      'pool-closed/sent',
      'pool-closed/queued',
    ])
    expect(late.outcome).toBe('pool-closed/queued')
    await expect(bench.pool.warm(1)).rejects.toBeInstanceOf(ConnectionClosedError)
    bench.pool.reap()
    expect([bench.network.openSockets, bench.watch.isEmpty, bench.clock.pending]).toEqual([[], true, 0])
    expect(bench.stats()).toMatchObject({ connections: 0, queued: 0, inFlight: 0, connecting: 0 })
  })

  it('ends attempts to connect, and warming', async () => {
    const bench = new Bench({}, 'hang')
    const warm = bench.pool.warm(2)
    bench.pool.close()
    await expect(warm).rejects.toThrow('connection to 10.0.0.1:3000 closed: the pool was closed')
    expect([bench.network.openSockets, bench.clock.pending]).toEqual([[], 0])
  })

  it('leaves no timer of a pause behind', async () => {
    const bench = new Bench({}, 'refuse')
    bench.submit('a')
    await bench.settle()
    await bench.settle()
    bench.pool.close()
    expect(bench.clock.pending).toBe(0)
  })
})

it('reports what a trouble listener throws, and goes on', async () => {
  const bench = new Bench(
    {
      onTrouble: () => {
        throw new Error('listener')
      },
    },
    'refuse',
  )
  const [probe] = bench.submit('a') as [Probe]
  await bench.settle()
  await bench.settle()
  expect([probe.outcome, String(bench.defects)]).toEqual(['connect/connecting', 'Error: listener'])
})

it('keeps its word under anything: each exchange ends exactly once, counts come back to zero', async () => {
  for (let seed = 1; seed <= rounds(25); seed++) {
    const random = seededRandom(seed)
    const bench = new Bench({
      sharedConnections: random.int(1, 3),
      maxConnections: random.int(1, 6),
      pipelineDepth: random.int(1, 5),
      openThreshold: random.int(1, 3),
      queueLimit: random.int(3, 30),
      drainDelayMs: random.pick([0, 100, 3000]),
      pipelining: random.pick(['auto', 'off']),
      minConnections: random.int(0, 2),
    })
    const probes: Probe[] = []
    const cancelled = new Set<Probe>()
    const started = new Map<Probe, number>()
    const submit = (probe: Probe): void => {
      started.set(probe, (started.get(probe) ?? 0) + 1)
      probe.deadline = random.chance() ? bench.clock.now() + random.int(1, 200) : Number.POSITIVE_INFINITY
      if (random.chance(0.7)) bench.pool.submit(probe)
      else bench.pool.submitExclusive(probe)
    }
    for (let step = 0; step < 300; step++) {
      const open = bench.network.openSockets
      const socket = open.length > 0 ? random.pick(open) : undefined
      const action = random.int(0, 20)
      if (action < 8) {
        const probe = new Probe(`${step}`)
        const retries = random.int(0, 2)
        probe.onFail = () => {
          if (probe.failures.length <= retries) submit(probe)
        }
        if (random.chance(0.05)) {
          probe.onReceive = () => {
            throw new Error('bad answer')
          }
        }
        if (random.chance(0.05)) {
          probe.onEncode = () => {
            throw new Error('bad request')
          }
        }
        probes.push(probe)
        submit(probe)
      } else if (action < 14 && socket !== undefined) answer(socket, random.int(1, 5))
      else if (action === 14 && probes.length > 0) {
        const probe = random.pick(probes)
        cancelled.add(probe)
        bench.pool.cancel(probe)
      } else if (action === 15) socket?.end(random.chance() ? new Error('reset') : undefined)
      else if (action === 16) socket?.deliver(Uint8Array.of(7, 7, 7, 7, 7, 7, 7, 7))
      else if (action === 17) random.chance() ? socket?.stall() : socket?.resume()
      else if (action === 18) await bench.pass(random.int(1, 120))
      else if (action === 19) {
        if (random.chance()) bench.network.stop(String(bench.endpoint))
        else bench.network.listen(String(bench.endpoint))
      } else bench.pool.reap()
      if (random.chance(0.3)) await bench.settle()
      const stats = bench.stats()
      expect(stats.connections, `seed ${seed}`).toBeLessThanOrEqual(6)
      for (const value of Object.values(stats)) expect(value, `seed ${seed}`).toBeGreaterThanOrEqual(0)
      expect(stats.connections).toBe(bench.network.openSockets.length)
    }
    bench.pool.close()
    for (let turn = 0; turn < 5; turn++) await bench.settle()
    for (const probe of probes) {
      const told = `seed ${seed}, ${probe.text}: ${probe.outcome}`
      if (cancelled.has(probe)) expect(probe.ends, told).toBeLessThanOrEqual(started.get(probe) ?? 0)
      else expect(probe.ends, told).toBe(started.get(probe))
      // On a connection of its own or shared: nobody gets another's answer.
      for (const text of probe.answers) expect(text).toBe(probe.text)
    }
    expect(bench.stats()).toMatchObject({ connections: 0, connecting: 0, queued: 0, inFlight: 0 })
    expect(bench.watch.isEmpty, `seed ${seed}`).toBe(true)
    expect(bench.defects).toEqual([])
    await bench.pass(20_000)
    expect(bench.clock.pending, `seed ${seed}`).toBe(0)
  }
})

it('has an endpoint', () => {
  expect(new Bench().pool.endpoint).toEqual(new Endpoint('10.0.0.1', 3000))
})
