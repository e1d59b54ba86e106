import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createTcpServer, type Socket as NetSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createSecureContext,
  createServer,
  type Server,
  type TlsOptions as ServerOptions,
  type TLSSocket,
} from 'node:tls'
import { inspect } from 'node:util'
import { CertificateAuthority, type CertificatePair } from '@aero/testkit/certificates'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  DeadlineWatch,
  Endpoint,
  InfoChannel,
  Pool,
  type SocketOpener,
  systemClock,
  TcpSocketOpener,
  TlsFailedError,
  type TlsOptions,
  TlsOptionsError,
  TlsSocketOpener,
} from '../src/index.ts'
import { Probe } from './probe-exchange.ts'
import { echo, onFrames } from './raw-server.ts'

let authority: CertificateAuthority
let stranger: CertificateAuthority
let server: CertificatePair
let client: CertificatePair
const folder = mkdtempSync(join(tmpdir(), 'aero-tls-'))
const closers: (() => void | Promise<void>)[] = []

beforeAll(async () => {
  authority = await CertificateAuthority.create('authority')
  stranger = await CertificateAuthority.create('stranger')
  server = await authority.issue({ name: 'db', dns: ['db.example'], addresses: ['127.0.0.1'] })
  client = await authority.issue({ name: 'ann' })
})

afterAll(async () => {
  for (const close of closers) await close()
  rmSync(folder, { recursive: true })
})

/** A TLS server with this certificate that does what `onSocket` says, by default echo. */
async function listen(
  options: ServerOptions,
  onSocket: (socket: TLSSocket) => void = echo as never,
  host = '127.0.0.1',
): Promise<{ endpoint: Endpoint; server: Server; sockets: Set<NetSocket> }> {
  const listener = createServer(options)
  const sockets = new Set<NetSocket>()
  listener.on('connection', (socket: NetSocket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  listener.on('tlsClientError', () => {})
  listener.on('secureConnection', (socket) => {
    socket.on('error', () => {})
    onSocket(socket)
  })
  await new Promise<void>((resolve) => listener.listen(0, host, resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    listener.close()
  })
  return {
    endpoint: new Endpoint(host, (listener.address() as { port: number }).port),
    server: listener,
    sockets,
  }
}

const clock = systemClock

function poolTo(endpoint: Endpoint, opener: SocketOpener, more: object = {}): Pool {
  const pool = new Pool({ endpoint, opener, clock, watch: new DeadlineWatch(clock), ...more })
  closers.push(() => pool.close())
  return pool
}

/** Why no connection came about. */
async function failureOf(endpoint: Endpoint, opener: SocketOpener, more: object = {}): Promise<Error> {
  const pool = poolTo(endpoint, opener, more)
  const error = await pool.warm(1).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  pool.close()
  expect(error).toBeInstanceOf(Error)
  return error as Error
}

const opened = (options: TlsOptions): Promise<TlsSocketOpener> =>
  TlsSocketOpener.create({ ca: authority.cert, ...options })

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('TLS carries requests', () => {
  it.each<[string, () => TlsOptions]>([
    ['a text', () => ({ ca: authority.cert })],
    ['bytes', () => ({ ca: new TextEncoder().encode(authority.cert) })],
    ['a path', () => ({ ca: file('ca.pem', authority.cert) })],
    ['several', () => ({ ca: [stranger.cert, file('ca2.pem', authority.cert)] })],
    ['a context', () => ({ secureContext: createSecureContext({ ca: authority.cert }) })],
  ])('with the authority as %s', async (_form, options) => {
    const { endpoint } = await listen({ cert: server.cert, key: server.key })
    const pool = poolTo(endpoint, await TlsSocketOpener.create(options()))
    const probe = new Probe('hello')
    pool.submit(probe)
    expect((await probe.done).outcome).toBe('answer hello')
  })

  it('whole, however long, and many at once', async () => {
    const { endpoint } = await listen({ cert: server.cert, key: server.key })
    const pool = poolTo(endpoint, await opened({}))
    const probes = Array.from({ length: 200 }, (_, index) => new Probe(`${index}-${'x'.repeat(index * 300)}`))
    for (const probe of probes) pool.submit(probe)
    for (const probe of probes) expect((await probe.done).outcome).toBe(`answer ${probe.text}`)
  })

  it.each<[string, (endpoint: Endpoint) => Endpoint, TlsOptions, string | false]>([
    ['the host, an address, asks for no name', (endpoint) => endpoint, {}, false],
    ['the name of the options', (endpoint) => endpoint, { tlsName: 'db.example' }, 'db.example'],
    [
      'the name of the endpoint, before that of the options',
      ({ host, port }) => new Endpoint(host, port, 'db.example'),
      { tlsName: 'other.example' },
      'db.example',
    ],
  ])('by %s', async (_case, at, options, asked) => {
    const names: (string | false | null)[] = []
    const { endpoint } = await listen({ cert: server.cert, key: server.key }, (socket) => {
      names.push(socket.servername ?? null)
      echo(socket)
    })
    const pool = poolTo(at(endpoint), await opened(options))
    await pool.warm(1)
    expect(names).toEqual([asked])
  })

  it.each<[string, (key: string) => { key: string; passphrase?: string }]>([
    ['plain', (key) => ({ key })],
    [
      'encrypted',
      (key) => ({
        key: createPrivateKey(key)
          .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
          .toString(),
        passphrase: 'open sesame',
      }),
    ],
  ])('with a certificate of the client, its key %s', async (_form, withKey) => {
    const subjects: unknown[] = []
    const { endpoint } = await listen(
      { cert: server.cert, key: server.key, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
      (socket) => {
        subjects.push(socket.getPeerCertificate().subject.CN)
        echo(socket)
      },
    )
    const pool = poolTo(endpoint, await opened({ cert: client.cert, ...withKey(client.key) }))
    await pool.warm(1)
    expect(subjects).toEqual(['ann'])
  })

  it.each<[TlsOptions, string]>([
    [{}, 'TLSv1.2'],
    [{ maxVersion: 'TLSv1.3' }, 'TLSv1.3'],
    [{ minVersion: 'TLSv1.3' }, 'TLSv1.3'],
  ])('with the versions %o', async (options, version) => {
    const versions: (string | null)[] = []
    const { endpoint } = await listen({ cert: server.cert, key: server.key }, (socket) => {
      versions.push(socket.getProtocol())
      echo(socket)
    })
    const probe = new Probe('x')
    poolTo(endpoint, await opened(options)).submit(probe)
    await probe.done
    expect(versions).toEqual([version])
  })

  it('with the ciphers given', async () => {
    const names: string[] = []
    const { endpoint } = await listen({ cert: server.cert, key: server.key }, (socket) => {
      names.push(socket.getCipher().name)
      echo(socket)
    })
    await poolTo(endpoint, await opened({ ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' })).warm(1)
    expect(names).toEqual(['ECDHE-ECDSA-AES128-GCM-SHA256'])
  })

  it('with any certificate, only when told so', async () => {
    const { endpoint } = await listen({ cert: server.cert, key: server.key })
    const opener = await TlsSocketOpener.create({ ca: stranger.cert, rejectUnauthorized: false })
    await poolTo(endpoint, opener).warm(1)
  })

  it('to an info channel', async () => {
    const { endpoint } = await listen({ cert: server.cert, key: server.key }, (socket) =>
      onFrames(socket, () => socket.write(Buffer.from('020100000000000b6275696c6409382e312e320a', 'hex'))),
    )
    const channel = new InfoChannel({
      endpoint,
      opener: await opened({}),
      clock,
      watch: new DeadlineWatch(clock),
    })
    closers.push(() => channel.close())
    const answer = await channel.request(['build'], clock.now() + 5000)
    expect([...answer]).toEqual([['build', '8.1.2']])
  })
})

describe('TLS and pipelining', () => {
  it('never meet: a second request waits for the first answer, whatever the options say', async () => {
    let violations = 0
    let frames = 0
    const { endpoint, sockets } = await listen({ cert: server.cert, key: server.key }, (socket) => {
      let busy = false
      let kept = Buffer.alloc(0)
      socket.on('data', (chunk: Buffer) => {
        // As the real server sees it: a request whole, and nothing behind it.
        if (busy) violations++
        kept = Buffer.concat([kept, chunk])
        if (kept.length < 8 || kept.length < 8 + kept.readUInt32BE(4)) return
        if (kept.length > 8 + kept.readUInt32BE(4)) violations++
        const answer = kept
        kept = Buffer.alloc(0)
        busy = true
        frames++
        setImmediate(() => {
          busy = false
          socket.write(answer)
        })
      })
    })
    const pool = poolTo(endpoint, await opened({}), { pipelining: 'auto', maxConnections: 6 })
    const probes = Array.from({ length: 300 }, (_, index) => new Probe(`request ${index}`))
    for (const [index, probe] of probes.entries()) {
      if (index % 7 === 0) pool.submitExclusive(probe)
      else pool.submit(probe)
    }
    // What is given up is still answered before the connection is used again.
    for (const probe of probes.slice(0, 20)) pool.cancel(probe)
    for (const probe of probes.slice(20)) expect((await probe.done).outcome).toBe(`answer ${probe.text}`)
    expect(violations).toBe(0)
    expect(frames).toBeGreaterThanOrEqual(280)
    expect(sockets.size).toBeLessThanOrEqual(6)
    expect(pool.stats().shared).toBe(0)
  })
})

describe('no TLS connection', () => {
  it.each<[string, TlsFailedError['failure'], RegExp, () => Promise<CertificatePair>, TlsOptions]>([
    [
      'an authority we do not know',
      'untrusted',
      /is the right one given as ca/,
      () => stranger.issue({ name: 'x', addresses: ['127.0.0.1'] }),
      {},
    ],
    [
      'another name',
      'wrong-name',
      /is the right one given as tlsName/,
      async () => server,
      { tlsName: 'wrong.example' },
    ],
    [
      'another address',
      'wrong-name',
      /for another name/,
      () => authority.issue({ name: 'x', addresses: ['10.9.8.7'] }),
      {},
    ],
    [
      'an expired certificate',
      'expired',
      /has expired/,
      () => authority.issue({ name: 'x', addresses: ['127.0.0.1'], validFromDays: -9, validToDays: -1 }),
      {},
    ],
    [
      'a certificate of the future',
      'not-yet-valid',
      /not valid yet/,
      () => authority.issue({ name: 'x', addresses: ['127.0.0.1'], validFromDays: 1, validToDays: 9 }),
      {},
    ],
    [
      'a revoked certificate',
      'revoked',
      /revoked: serial number AB01CD/,
      () => authority.issue({ name: 'x', addresses: ['127.0.0.1'], serial: '0ab01cd' }),
      { revokedSerials: ['00:ab:01:cd'] },
    ],
    [
      'a revoked certificate, though all others are taken',
      'revoked',
      /revoked/,
      () => stranger.issue({ name: 'x', serial: '77' }),
      { revokedSerials: ['77'], rejectUnauthorized: false },
    ],
  ])('for %s', async (_case, failure, message, pair, options) => {
    const { cert, key } = await pair()
    let served = 0
    const { endpoint } = await listen({ cert, key }, (socket) => {
      onFrames(socket, () => served++)
    })
    const error = await failureOf(endpoint, await opened(options))
    expect(error).toBeInstanceOf(TlsFailedError)
    expect((error as TlsFailedError).failure).toBe(failure)
    expect(error.message).toMatch(message)
    expect(error.message).toContain(`cannot connect to ${endpoint}`)
    expect(served).toBe(0)
  })

  it('for a revoked authority', async () => {
    const { X509Certificate } = await import('node:crypto')
    const revokedSerials = [new X509Certificate(authority.cert).serialNumber.toLowerCase()]
    const { endpoint } = await listen({ cert: server.cert + authority.cert, key: server.key })
    const error = await failureOf(endpoint, await opened({ revokedSerials }))
    expect((error as TlsFailedError).failure).toBe('revoked')
  })

  it('without a client certificate where one is wanted', async () => {
    const { endpoint } = await listen({
      cert: server.cert,
      key: server.key,
      ca: authority.cert,
      requestCert: true,
      rejectUnauthorized: true,
    })
    const pool = poolTo(endpoint, await opened({}))
    const probe = new Probe('x')
    pool.submit(probe)
    const { failures } = await probe.done
    expect(failures[0]?.cause?.message).toMatch(/client certificate/)
  })

  it.each<[string, ServerOptions]>([
    ['versions', { minVersion: 'TLSv1.3' }],
    ['ciphers', { ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384', maxVersion: 'TLSv1.2' }],
  ])('without common %s', async (_what, options) => {
    const { endpoint } = await listen({ cert: server.cert, key: server.key, ...options })
    const error = await failureOf(endpoint, await opened({ ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }))
    expect((error as TlsFailedError).failure).toBe('refused')
    expect(error.message).toMatch(/versions and ciphers/)
  })

  it.each<[string, (socket: NetSocket) => void, TlsFailedError['failure'], RegExp]>([
    ['closes', (socket) => socket.destroy(), 'closed', /port for plain connections/],
    ['ends', (socket) => void socket.end(), 'closed', /port for plain connections/],
    [
      'answers',
      (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
      'plain-server',
      /does not answer in TLS/,
    ],
    [
      'answers with a frame',
      (socket) => void socket.write(Buffer.from('0201000000000001ff', 'hex')),
      'plain-server',
      /does not answer in TLS/,
    ],
  ])('with a plain server that %s', async (_case, onData, failure, message) => {
    const plain = createTcpServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', () => onData(socket))
    })
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
    closers.push(() => void plain.close())
    const endpoint = new Endpoint('127.0.0.1', (plain.address() as { port: number }).port)
    const error = await failureOf(endpoint, await opened({}))
    expect((error as TlsFailedError).failure).toBe(failure)
    expect(error.message).toMatch(message)
  })

  it('with a server that says nothing, and says what was waited for', async () => {
    const sockets: NetSocket[] = []
    const mute = createTcpServer((socket) => void sockets.push(socket))
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    closers.push(() => {
      for (const socket of sockets) socket.destroy()
      mute.close()
    })
    const endpoint = new Endpoint('127.0.0.1', (mute.address() as { port: number }).port)
    const error = await failureOf(endpoint, await opened({}), { connectTimeoutMs: 100 })
    expect(error.message).toContain('no end of the TLS handshake within 100 ms')
  })

  it('where nobody listens: the ordinary error', async () => {
    const { endpoint, server: listener } = await listen({ cert: server.cert, key: server.key })
    await new Promise((resolve) => listener.close(resolve))
    const error = await failureOf(endpoint, await opened({}))
    expect(error).not.toBeInstanceOf(TlsFailedError)
    expect(error.message).toContain('ECONNREFUSED')
  })

  it('between a plain client and a TLS server, with a word about it', async () => {
    let secured = 0
    const { endpoint } = await listen({ cert: server.cert, key: server.key }, () => secured++)
    const channel = new InfoChannel({
      endpoint,
      opener: new TcpSocketOpener(),
      clock,
      watch: new DeadlineWatch(clock),
    })
    const error = await channel.request(['node'], clock.now() + 5000).catch((reason: unknown) => reason)
    channel.close()
    expect((error as Error).message).toContain('is this its port for TLS?')
    expect(secured).toBe(0)
  })
})

it('an answer in TLS to a plain client is told apart from a broken one', async () => {
  const alerting = createTcpServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => void socket.write(Uint8Array.of(0x15, 3, 1, 0, 2, 2, 70)))
  })
  await new Promise<void>((resolve) => alerting.listen(0, '127.0.0.1', resolve))
  closers.push(() => void alerting.close())
  const endpoint = new Endpoint('127.0.0.1', (alerting.address() as { port: number }).port)
  const probe = new Probe('x')
  poolTo(endpoint, new TcpSocketOpener()).submit(probe)
  const { failures } = await probe.done
  expect(failures[0]?.cause).toBeInstanceOf(TlsFailedError)
  expect(failures[0]?.cause?.message).toContain('answers in TLS')
})

describe('TLS options', () => {
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
  const encrypted = (): string =>
    createPrivateKey(client.key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
      .toString()

  const olderEncrypted = (): string => {
    const key = createPrivateKey(client.key)
    const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1'
    return key.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }).toString()
  }

  it.each<[string, string, RegExp, () => TlsOptions]>([
    ['a missing file', 'ca', /'\/no\/such\/file' cannot be read \(ENOENT\)/, () => ({ ca: '/no/such/file' })],
    [
      'a file of something else',
      'ca[1]',
      /is not in the PEM form/,
      () => ({ ca: [authority.cert, file('x.txt', 'x')] }),
    ],
    ['bytes of something else', 'ca', /PEM/, () => ({ ca: Uint8Array.of(1) })],
    ['an authority that is none', 'ca', /is not a certificate/, () => ({ ca: broken })],
    ['a broken certificate', 'cert', /is not a certificate/, () => ({ cert: broken, key: client.key })],
    ['a certificate without a key', 'key', /without its key/, () => ({ cert: client.cert })],
    ['a key without a certificate', 'cert', /without a certificate/, () => ({ key: client.key })],
    ['the key of another', 'key', /does not belong/, () => ({ cert: client.cert, key: server.key })],
    [
      'no passphrase',
      'passphrase',
      /encrypted, and none is given/,
      () => ({ cert: client.cert, key: encrypted() }),
    ],
    [
      "no passphrase for a key in OpenSSL's older form",
      'passphrase',
      /encrypted, and none is given/,
      () => ({ cert: client.cert, key: olderEncrypted() }),
    ],
    [
      'a key that is broken',
      'key',
      /cannot be used/,
      () => ({ cert: client.cert, key: broken.replaceAll('CERTIFICATE', 'PRIVATE KEY') }),
    ],
    [
      'the wrong passphrase',
      'passphrase',
      /does not open the key/,
      () => ({ cert: client.cert, key: encrypted(), passphrase: 'wrong-secret' }),
    ],
    ['unknown ciphers', 'ciphers', /cannot be used/, () => ({ ciphers: 'NO-SUCH-CIPHER' })],
    ['a serial number that is none', 'revokedSerials', /hex/, () => ({ revokedSerials: ['xyz'] })],
  ])('are refused: %s', async (_case, option, message, options) => {
    const error = await TlsSocketOpener.create(options()).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(TlsOptionsError)
    expect((error as TlsOptionsError).option).toBe(option)
    expect((error as TlsOptionsError).message).toMatch(message)
    const shown = inspect(error, { depth: 9, showHidden: true })
    expect(shown).not.toContain('open sesame')
    expect(shown).not.toContain('wrong-secret')
    expect(shown).not.toContain('PRIVATE KEY')
  })

  it('are not shown by the opener', async () => {
    const opener = await opened({ cert: client.cert, key: encrypted(), passphrase: 'open sesame' })
    const shown = inspect(opener, { depth: 9, showHidden: true }) + JSON.stringify(opener)
    expect(shown).not.toContain('open sesame')
    expect(shown).not.toContain('PRIVATE KEY')
  })

  it('trust what Node trusts when no authority is given', async () => {
    const { endpoint } = await listen({ cert: server.cert, key: server.key })
    const error = await failureOf(endpoint, await TlsSocketOpener.create())
    expect((error as TlsFailedError).failure).toBe('untrusted')
  })
})
