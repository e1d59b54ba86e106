import { inspect } from 'node:util'
import {
  type AuthenticateRequest,
  ByteReader,
  ByteWriter,
  decodeAdminRequest,
  decodeInfoRequest,
  encodeAdminReply,
  encodeInfoReply,
  encodeLoginReply,
  type FrameType,
  type LoginRequest,
} from '@aero/codec'
import { eventually, FakeClock, hex, loadVectors, toHex } from '@aero/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type Credentials,
  CredentialsError,
  DeadlineWatch,
  Endpoint,
  hashPassword,
  InfoChannel,
  LoginFailedError,
  LoginSocketOpener,
  NO_PASSWORD,
  type PlainAfterLogin,
  Pool,
  type PoolOptions,
  type SocketEvents,
  type SocketOpener,
} from '../src/index.ts'
import { MemoryNetwork, type MemorySocket } from '../src/testing/index.ts'
import { bodiesOf, frame, Probe } from './probe-exchange.ts'

const NODE = '10.0.0.1:3000'
const PASSWORD = 'hunter2 is secret'
const ANN: Credentials = { mode: 'internal', user: 'ann', password: PASSWORD }
const HASH = await hashPassword(PASSWORD)

/** A node that wants a login, in memory. What it does can be changed at any time. */
class SecureNode {
  /** Requests seen, `login ann`, `authenticate token-1`, `command`, …, with the connection's number. */
  readonly diary: string[] = []
  readonly requests: (LoginRequest | AuthenticateRequest)[] = []
  password = HASH
  ttl: number | undefined = 3600
  /** Answers to logins instead of the usual ones. */
  loginCode = 0
  /** Answers nothing to requests of this kind. */
  silentTo: string | undefined
  /** Closes the connection when a session is not known, instead of saying so. */
  rude = false
  tokens = new Set<string>()
  plainAddresses = '10.0.0.1:3100'
  #nextToken = 1
  #connections = 0

  listen(network: MemoryNetwork, endpoint = NODE): this {
    network.listen(endpoint, (socket) => this.#accept(socket))
    return this
  }

  #accept(socket: MemorySocket): void {
    const number = ++this.#connections
    // Without security everybody is in.
    let isIn = this.loginCode === 52
    let pending = false
    socket.onReceive = (bytes) => {
      expect(pending, 'a request before the answer to the login').toBe(false)
      const out = new ByteWriter(64)
      if (bytes[1] === 2) {
        pending = true
        const request = decodeAdminRequest(ByteReader.over(bytes, 8)) as LoginRequest | AuthenticateRequest
        this.requests.push(request)
        const answer = request.command === 'login' ? this.#login(request) : this.#authenticate(request)
        this.diary.push(`${number} ${answer.said}`)
        if (this.silentTo === request.command) return
        if (answer.code === 65 && this.rude) {
          process.nextTick(() => socket.end())
          return
        }
        isIn = answer.code === 0 || answer.code === 52
        if (answer.token === undefined) encodeAdminReply(out, answer.code)
        else {
          const sessionToken = new TextEncoder().encode(answer.token)
          encodeLoginReply(out, { resultCode: 0, sessionToken, sessionTtl: this.ttl })
        }
      } else if (bytes[1] === 1) {
        expect(isIn, 'info before the login').toBe(true)
        const [name = ''] = decodeInfoRequest(ByteReader.over(bytes, 8))
        this.diary.push(`${number} ${name}`)
        encodeInfoReply(out, [[name, name.startsWith('service') ? this.plainAddresses : 'ok']])
      } else {
        expect(isIn, 'a command before the login').toBe(true)
        this.diary.push(`${number} command`)
        out.copy(bytes)
      }
      const reply = out.take()
      process.nextTick(() => {
        pending = false
        if (!socket.isClosed) socket.deliver(reply, 7)
      })
    }
  }

  #login(request: LoginRequest): { said: string; code: number; token?: string } {
    const said = `login ${request.user ?? 'by certificate'}`
    if (this.loginCode !== 0) return { said, code: this.loginCode }
    if (request.user !== undefined && request.credential !== this.password) return { said, code: 62 }
    const token = `token-${this.#nextToken++}`
    this.tokens.add(token)
    return { said, code: 0, token }
  }

  #authenticate({ sessionToken }: AuthenticateRequest): { said: string; code: number; token?: string } {
    const token = new TextDecoder().decode(sessionToken)
    return { said: `authenticate ${token}`, code: this.tokens.has(token) ? 0 : 65 }
  }
}

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

function setUp(
  credentials: Credentials = ANN,
  more: { secure?: boolean; plain?: PlainAfterLogin; pool?: Partial<PoolOptions> } = {},
) {
  const network = new MemoryNetwork()
  const node = new SecureNode().listen(network)
  const clock = new FakeClock()
  const below = more.secure ? Object.assign(network, { secure: true, services: 'tls' as const }) : network
  const opener = new LoginSocketOpener({
    credentials,
    opener: below,
    clock,
    ...(more.plain && { plain: more.plain }),
  })
  const watch = new DeadlineWatch(clock)
  const endpoint = new Endpoint('10.0.0.1', 3000)
  const pool = new Pool({ endpoint, opener, clock, watch, random: () => 0, pipelining: 'off', ...more.pool })
  closers.push(() => pool.close())
  const ask = async (text = 'hello'): Promise<string> => {
    const probe = new Probe(text, clock.now() + 1e9)
    pool.submit(probe)
    await probe.done
    const cause = probe.failures[0]?.cause
    return cause === undefined ? probe.outcome : `${probe.outcome}: ${cause.message}`
  }
  return { network, node, clock, opener, watch, endpoint, pool, ask }
}

describe('a login', () => {
  it('comes before everything else; the other connections use its session', async () => {
    const { node, pool, ask } = setUp()
    expect(await ask()).toBe('answer hello')
    await pool.warm(3)
    expect(node.diary).toEqual([
      '1 login ann',
      '1 command',
      '2 authenticate token-1',
      '3 authenticate token-1',
    ])
    expect(node.requests[0]).toEqual({ command: 'login', user: 'ann', credential: HASH })
    expect(node.requests[1]).toMatchObject({ command: 'authenticate', user: 'ann' })
  })

  it('is made by one of many connections that are opened together', async () => {
    const { node, pool, network } = setUp()
    await pool.warm(5)
    expect(node.diary.filter((line) => line.includes('login'))).toHaveLength(1)
    expect(node.diary).toHaveLength(5)
    expect(network.openSockets).toHaveLength(5)
  })

  it('is shared by the pool and the connection for tending', async () => {
    const { node, opener, endpoint, clock, watch, ask } = setUp()
    const channel = new InfoChannel({ endpoint, opener, clock, watch })
    closers.push(() => channel.close())
    expect((await channel.request(['node'], 1e9)).get('node')).toBe('ok')
    await ask()
    expect(node.diary).toEqual(['1 login ann', '1 node', '2 authenticate token-1', '2 command'])
  })

  it('brings the password itself only where that is wanted, through TLS', async () => {
    const { node, ask } = setUp({ mode: 'external', user: 'ann', password: PASSWORD }, { secure: true })
    expect(await ask()).toBe('answer hello')
    expect(node.requests[0]).toEqual({
      command: 'login',
      user: 'ann',
      credential: HASH,
      clearPassword: PASSWORD,
    })
  })

  it('by certificate names nobody', async () => {
    const { node, pool } = setUp({ mode: 'pki' }, { secure: true })
    await pool.warm(2)
    expect(node.requests[0]).toEqual({ command: 'login' })
    expect(node.requests[1]).toEqual({ command: 'authenticate', sessionToken: expect.anything() })
  })

  it.each<[Credentials, RegExp]>([
    [
      { mode: 'external', user: 'ann', password: PASSWORD },
      /sent only through TLS, and TLS is not configured/,
    ],
    [{ mode: 'pki' }, /only through TLS, which is not configured/],
  ])('that needs TLS is refused without it, before anything is opened: %o', (credentials, message) => {
    const network = new MemoryNetwork()
    const make = (): unknown =>
      new LoginSocketOpener({ credentials, opener: network, clock: new FakeClock() })
    expect(make).toThrow(CredentialsError)
    expect(make).toThrow(message)
    expect(network.sockets).toEqual([])
  })

  it('passes on what it stands on', () => {
    const network = Object.assign(new MemoryNetwork(), {
      secure: true,
      services: 'tls',
      pipelines: false,
    } as const)
    const opener = new LoginSocketOpener({ credentials: ANN, opener: network, clock: new FakeClock() })
    expect([opener.pipelines, opener.secure, opener.services]).toEqual([false, true, 'tls'])
    const plain = { opener: new MemoryNetwork() }
    const after = new LoginSocketOpener({ credentials: ANN, opener: network, plain, clock: new FakeClock() })
    expect([after.pipelines, after.secure, after.services]).toEqual([true, false, 'tls'])
  })

  it('is not needed where security is switched off', async () => {
    const { node, pool, ask } = setUp()
    node.loginCode = 52
    await pool.warm(3)
    expect(await ask()).toBe('answer hello')
    expect(node.diary.filter((line) => line.endsWith('login ann')).length).toBeGreaterThan(0)
  })
})

describe('a refused login', () => {
  it.each([
    [51, /SECURITY_NOT_SUPPORTED \(51\).*connect without user and password/],
    [60, /INVALID_USER \(60\)/],
    [62, /INVALID_PASSWORD \(62\)/],
    [63, /EXPIRED_PASSWORD \(63\).*set a new one/],
    [65, /INVALID_CREDENTIAL \(65\)/],
    [82, /NOT_WHITELISTED \(82\)/],
  ])('with code %i says so', async (code, message) => {
    const { node, pool, network } = setUp()
    node.loginCode = code
    const error = await pool.warm(3).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(LoginFailedError)
    expect((error as LoginFailedError).resultCode).toBe(code)
    expect((error as Error).message).toMatch(message)
    expect(network.openSockets).toEqual([])
    // One wrong password is one wrong password, however many wait: accounts get locked.
    expect(node.diary).toEqual(['1 login ann'])
  })

  it('is tried again later, with another password', async () => {
    const { node, opener, clock, ask } = setUp({ mode: 'internal', user: 'ann', password: 'wrong' })
    expect(await ask()).toMatch(/connect\/connecting: .*INVALID_PASSWORD/)
    opener.usePassword(PASSWORD)
    await clock.advanceAsync(1000)
    expect(await ask()).toBe('answer hello')
    expect(node.diary).toEqual(['1 login ann', '2 login ann', '2 command'])
  })

  it('is no wait without end when the server says nothing', async () => {
    const { node, clock, pool, network } = setUp()
    node.silentTo = 'login'
    const failed = pool.warm(1).catch((reason: unknown) => reason)
    await eventually(() => node.diary.length === 1)
    await clock.advanceAsync(4999)
    expect(pool.stats().connecting).toBe(1)
    await clock.advanceAsync(1)
    expect(String(await failed)).toContain('no end of the login within 5000 ms')
    expect(network.openSockets).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('when the server closes instead of answering', async () => {
    const { network, pool } = setUp()
    network.listen(NODE, (socket) => {
      socket.onReceive = () => process.nextTick(() => socket.end())
    })
    await expect(pool.warm(1)).rejects.toThrow(/closed the connection during the login/)
  })

  it.each<[string, string]>([
    ['a success without a token', `02 02 000000000010 | 00 00 00 00 ${'00'.repeat(12)}`],
    ['a message', `02 03 000000000016 | 16 ${'00'.repeat(21)}`],
    ['garbage', 'ff'.repeat(16)],
    ['a frame without end', '02 02 00ffffffffff | 00 00'],
  ])('when the answer is %s', async (_case, answer) => {
    const { network, pool } = setUp()
    network.listen(NODE, (socket) => {
      socket.onReceive = () => process.nextTick(() => socket.deliver(hex(answer)))
    })
    const error = await pool.warm(1).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(LoginFailedError)
    expect((error as Error).message).toMatch(/the answer to the login cannot be read/)
    expect(network.openSockets).toEqual([])
  })

  it('when nobody listens is the ordinary error', async () => {
    const { network, pool } = setUp()
    network.stop(NODE)
    await expect(pool.warm(2)).rejects.toThrow(/ECONNREFUSED/)
  })

  it('leaves nothing open when the pool is closed meanwhile', async () => {
    const { node, network, pool, clock } = setUp()
    node.silentTo = 'login'
    const failed = pool.warm(3).catch((reason: unknown) => reason)
    await eventually(() => node.diary.length === 1)
    pool.close()
    await failed
    await clock.advanceAsync(20_000)
    expect(network.openSockets).toEqual([])
    expect(clock.pending).toBe(0)
    expect(node.diary).toEqual(['1 login ann'])
  })
})

describe('a session', () => {
  it.each([false, true])('that the server refuses is replaced, once (rudely: %s)', async (rude) => {
    const { node, pool, network } = setUp()
    await pool.warm(1)
    node.rude = rude
    node.tokens.clear()
    await pool.warm(2)
    expect(node.diary).toEqual(['1 login ann', '2 authenticate token-1', '3 login ann'])
    // The first connection has nothing to do with it.
    expect(network.openSockets).toHaveLength(2)
    await pool.warm(3)
    expect(node.diary.at(-1)).toBe('4 authenticate token-2')
  })

  it('that is refused again is an error', async () => {
    const { node, pool } = setUp()
    await pool.warm(1)
    node.tokens.clear()
    node.loginCode = 62
    const error = await Promise.race([
      pool.warm(2).catch((reason: unknown) => reason),
      eventually(() => pool.stats().failedAttempts > 0),
    ])
    expect(error).toBe(true)
    expect(node.diary.slice(0, 3)).toEqual(['1 login ann', '2 authenticate token-1', '3 login ann'])
  })

  it('is renewed a minute before it expires, while commands go on', async () => {
    const { node, clock, ask, network } = setUp()
    expect(await ask('before')).toBe('answer before')
    await clock.advanceAsync(3_539_000)
    expect(node.diary).toEqual(['1 login ann', '1 command'])
    await clock.advanceAsync(1000)
    await eventually(() => node.diary.includes('2 login ann'))
    await eventually(() => network.openSockets.length === 1)
    // The connection that was open is still the one that works.
    expect(network.openSockets).toHaveLength(1)
  })

  it('is renewed again and again, as long as connections are open', async () => {
    const { node, clock, pool } = setUp(ANN, { pool: { maxIdleMs: 1e9 } })
    await pool.warm(1)
    for (let renewal = 2; renewal <= 4; renewal++) {
      await clock.advanceAsync(3_540_000)
      await eventually(() => node.diary.includes(`${renewal} login ann`))
      await clock.advanceAsync(0)
    }
    pool.close()
    expect(clock.pending).toBe(0)
    await clock.advanceAsync(7_200_000)
    expect(node.diary).toHaveLength(4)
  })

  it('of a short life is renewed after half of it', async () => {
    const { node, clock, pool } = setUp()
    node.ttl = 10
    await pool.warm(1)
    await clock.advanceAsync(4999)
    expect(node.diary).toHaveLength(1)
    await clock.advanceAsync(1)
    await eventually(() => node.diary.includes('2 login ann'))
  })

  it('without an end is not renewed', async () => {
    const { node, clock, pool } = setUp(ANN, { pool: { maxIdleMs: 1e12 } })
    node.ttl = undefined
    await pool.warm(1)
    await clock.advanceAsync(1e10)
    expect(node.diary).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('whose renewal fails is used until it expires, and the renewal tried again', async () => {
    const { node, clock, pool } = setUp(ANN, { pool: { maxIdleMs: 1e9 } })
    await pool.warm(1)
    node.loginCode = 63
    await clock.advanceAsync(3_540_000)
    await eventually(() => node.diary.includes('2 login ann'))
    await clock.advanceAsync(0)
    await pool.warm(2)
    expect(node.diary.at(-1)).toBe('3 authenticate token-1')
    node.loginCode = 0
    await clock.advanceAsync(10_000)
    await eventually(() => node.diary.includes('4 login ann'))
    await clock.advanceAsync(0)
    await pool.warm(3)
    expect(node.diary.at(-1)).toBe('5 authenticate token-2')
  })

  it('that has expired is not even tried', async () => {
    const { node, clock, pool } = setUp()
    await pool.warm(1)
    clock.jump(3_600_000)
    await pool.warm(2)
    expect(node.diary).toEqual(['1 login ann', '2 login ann'])
  })

  it('is forgotten when told so', async () => {
    const { node, pool, opener, endpoint } = setUp()
    await pool.warm(1)
    opener.forgetSession(endpoint)
    await pool.warm(2)
    expect(node.diary).toEqual(['1 login ann', '2 login ann'])
  })
})

describe('a server that knows the session no more', () => {
  /** What answers `renew` to its first request. */
  class Refused extends Probe {
    again = false
    override receive(type: FrameType, body: ByteReader): boolean {
      if (this.again || !body.text(body.remaining).startsWith('hello')) return super.receive(type, body)
      this.again = true
      this.answers.push('refused')
      expect(this.pool?.renewLogin(this)).toBe(true)
      process.nextTick(() => this.pool?.submit(this))
      return true
    }
    pool: Pool | undefined
  }

  it.each([
    ['auto', 20],
    // As many as there are connections: what waits would be sent on new ones.
    ['off', 3],
  ] as const)('is told of once, however many commands hear it (pipelining %s)', async (pipelining, count) => {
    const { node, pool, network } = setUp(ANN, { pool: { pipelining, sharedConnections: 2 } })
    await pool.warm(3)
    const before = node.diary.length
    const probes = Array.from({ length: count }, (_, index) => new Refused(`hello ${index}`))
    for (const probe of probes) {
      probe.pool = pool
      pool.submit(probe)
    }
    const stragglers = network.openSockets.slice()
    await eventually(() => probes.every((probe) => probe.again))
    for (const probe of probes) probe.onReceive = () => true
    await eventually(() => stragglers.every((socket) => socket.isClosed))
    expect(node.diary.slice(before).filter((line) => line.endsWith('login ann'))).toHaveLength(1)
    for (const probe of probes) expect(probe.failures).toEqual([])
  })

  it('gets no more requests on connections that were opened before it was told', async () => {
    const network = new MemoryNetwork()
    const clock = new FakeClock()
    const endpoint = new Endpoint('10.0.0.1', 3000)
    network.listen(String(endpoint))
    const opener: SocketOpener = {
      open: (where, events) => network.open(where, events),
      forgetSession: () => undefined,
    }
    const pool = new Pool({ endpoint, opener, clock, watch: new DeadlineWatch(clock), pipelining: 'off' })
    await pool.warm(1)
    // The server lets the second in by the session that it is about to forget; the client has not heard of it yet.
    network.hang(String(endpoint))
    void pool.warm(2)
    const [first, late] = network.sockets as [MemorySocket, MemorySocket]
    network.listen(String(endpoint))
    const probe = new Refused('hello')
    probe.pool = pool
    pool.submit(probe)
    first.deliver(frame('hello'))
    late.open()
    await eventually(() => network.openSockets.some((socket) => bodiesOf(socket.received).includes('hello')))
    expect([first.isClosed, late.isClosed]).toEqual([true, true])
    expect(bodiesOf(late.received)).toEqual([])
    pool.close()
  })

  it('means nothing where there are no logins', () => {
    const network = new MemoryNetwork()
    const clock = new FakeClock()
    const watch = new DeadlineWatch(clock)
    const pool = new Pool({ endpoint: new Endpoint('10.0.0.1', 3000), opener: network, clock, watch })
    expect(pool.renewLogin(new Probe('x'))).toBe(false)
    pool.close()
  })
})

describe('plain connections after a login', () => {
  function setUpPlain(plain: Partial<PlainAfterLogin> = {}) {
    const plainNetwork = new MemoryNetwork()
    const parts = setUp(ANN, {
      secure: true,
      plain: { opener: plainNetwork, ...plain },
      pool: { pipelining: 'auto' },
    })
    parts.node.listen(plainNetwork, '10.0.0.1:3100')
    return { ...parts, plainNetwork }
  }

  it('go where the node publishes, with the session', async () => {
    const { node, network, plainNetwork, pool, ask } = setUpPlain()
    expect(await ask()).toBe('answer hello')
    expect(node.diary).toEqual(['1 login ann', '1 service-clear-std', '2 authenticate token-1', '2 command'])
    expect(network.openSockets).toEqual([])
    expect(plainNetwork.openSockets).toHaveLength(1)
    await pool.warm(2)
    expect(node.diary.at(-1)).toBe('3 authenticate token-1')
  })

  it('go to alternate and translated addresses', async () => {
    const { node, ask } = setUpPlain({
      useServicesAlternate: true,
      translate: (host) => (host === '192.168.0.1' ? '10.0.0.1' : host),
    })
    node.plainAddresses = '10.9.9.9:3100,192.168.0.1:3100'
    expect(await ask()).toBe('answer hello')
    expect(node.diary[1]).toBe('1 service-clear-alt')
  })

  it('try the next address when one does not answer', async () => {
    const { node, clock, ask } = setUpPlain()
    node.plainAddresses = '10.0.0.1:3999,10.0.0.1:3100'
    expect(await ask()).toMatch(/ECONNREFUSED/)
    await clock.advanceAsync(1000)
    expect(await ask()).toBe('answer hello')
  })

  it('are an error when there are no addresses', async () => {
    const { node, ask } = setUpPlain()
    node.plainAddresses = ''
    expect(await ask()).toMatch(/publishes no addresses for plain connections/)
  })

  it('work where security is switched off', async () => {
    const { node, ask } = setUpPlain()
    node.loginCode = 52
    expect(await ask()).toBe('answer hello')
    expect(node.diary).toEqual(['1 login ann', '1 service-clear-std', '2 command'])
  })
})

describe('secrets', () => {
  it('are not in errors, nor in what is printed', async () => {
    const { node, opener, pool, ask } = setUp()
    const seen: unknown[] = [opener, pool]
    node.loginCode = 62
    seen.push(await pool.warm(1).catch((reason: unknown) => reason))
    node.loginCode = 0
    const parts = setUp({ mode: 'internal', user: 'x'.repeat(100), password: PASSWORD })
    seen.push(await parts.pool.warm(1).catch((reason: unknown) => reason), parts.opener)
    seen.push(await ask())
    seen.push(
      await Promise.resolve()
        .then(
          () =>
            new LoginSocketOpener({
              credentials: { mode: 'external', user: 'ann', password: PASSWORD },
              opener: new MemoryNetwork(),
              clock: new FakeClock(),
            }),
        )
        .catch((reason: unknown) => reason),
    )
    for (const each of seen) {
      const stack = each instanceof Error ? `${each.stack}${String(each.cause)}` : ''
      const shown = inspect(each, { depth: 12, showHidden: true }) + safeJson(each) + stack
      for (const secret of [PASSWORD, HASH, 'token-1', HASH.slice(-20)]) expect(shown).not.toContain(secret)
    }
  })

  it('are not left in memory that the socket gives back', async () => {
    const written: Uint8Array[] = []
    let texts = ''
    const keeping: SocketOpener = {
      open: (_endpoint, events) => {
        process.nextTick(() => events.socketOpened())
        return {
          write(bytes, length) {
            written.push(bytes)
            texts += new TextDecoder('latin1').decode(bytes.subarray(0, length))
            return true
          },
          hold() {},
          read() {},
          close() {},
        }
      },
    }
    const opener = new LoginSocketOpener({ credentials: ANN, opener: keeping, clock: new FakeClock() })
    const ignored: SocketEvents = {
      socketOpened() {},
      socketBytes() {},
      socketDrained() {},
      socketClosed() {},
    }
    const socket = opener.open(new Endpoint('10.0.0.1', 3000), ignored)
    await eventually(() => written.length === 1)
    socket.close()
    expect(texts).toContain(HASH)
    expect(written[0]?.every((byte) => byte === 0)).toBe(true)
  })
})

function safeJson(value: unknown): string {
  const seen = new Set<unknown>()
  return (
    JSON.stringify(value, (_key, each: unknown) => {
      if (typeof each === 'object' && each !== null) {
        if (seen.has(each)) return undefined
        seen.add(each)
      }
      return each
    }) ?? ''
  )
}

const recorded = [...loadVectors('connect'), ...loadVectors('admin')]
describe.skipIf(recorded.length === 0)('hashes are those of the recordings (needs AERO_VECTORS)', () => {
  const sent = recorded
    .flatMap(({ requestHex, more = [], session = [] }) => [
      requestHex,
      ...more.map((exchange) => exchange.requestHex),
      ...session.filter(({ ev }) => ev === 'request').map((event) => event.hex),
    ])
    .filter((text) => text?.startsWith('0202'))
    .join(' ')

  it.each(['pass', 'hasło', 'another password', 'new', 'secret', 'newsecret', 'newsecret2', NO_PASSWORD])(
    'of %s',
    async (password) => {
      expect(sent).toContain(toHex(new TextEncoder().encode(await hashPassword(password))))
    },
  )
})
