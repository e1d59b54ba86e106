import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { CertificateAuthority } from '@aero/testkit/certificates'
import { build } from 'tsup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { echo, onFrames, RawServer } from './raw-server.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
let folder: string

/** The transport as one file that a plain Node can run, made from the sources as they are now. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aero-transport-'))
  await build({
    entry: { transport: join(root, 'src/index.ts') },
    outDir: folder,
    format: 'esm',
    target: 'node20',
    silent: true,
    dts: false,
    config: false,
    noExternal: [/^@aero\//, 'bcryptjs'],
    tsconfig: join(root, 'tsconfig.src.json'),
    outExtension: () => ({ js: '.mjs' }),
    esbuildOptions: (options) => {
      options.conditions = ['@aero/source']
    },
  })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const PRELUDE = `
import { DeadlineWatch, Endpoint, Exchange, InfoChannel, Pool, systemClock as clock, TcpSocketOpener } from './transport.mjs'
const watch = new DeadlineWatch(clock)
const opener = new TcpSocketOpener()
const endpoint = new Endpoint('127.0.0.1', Number(process.argv[2]))
const pool = new Pool({ endpoint, opener, clock, watch })
class Ping extends Exchange {
  constructor() { super(); this.done = new Promise((resolve) => { this.resolve = resolve }) }
  encode(out) { out.copy(Uint8Array.of(2, 3, 0, 0, 0, 0, 0, 1, 7)) }
  receive(type, body) { this.resolve('answer ' + body.u8()); return true }
  fail({ kind, phase }) { this.resolve(kind + '/' + phase) }
}
function ping(timeoutMs) {
  const ping = new Ping()
  ping.deadline = clock.now() + timeoutMs
  pool.submit(ping)
  return ping.done
}
`

/** Runs `code` in a process of its own and waits for that to end by itself. */
async function run(
  code: string,
  port: number,
): Promise<{ output: string; exitCode: number | null; ms: number }> {
  const file = join(folder, `program-${Math.random().toString(36).slice(2)}.mjs`)
  writeFileSync(file, PRELUDE + code)
  const child = spawn(process.execPath, [file, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let lastOutput = performance.now()
  const collect = (chunk: Buffer): void => {
    output += chunk
    lastOutput = performance.now()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 10_000)
  const [exitCode] = (await once(child, 'close')) as [number | null]
  clearTimeout(giveUp)
  return { output: output.trim(), exitCode, ms: performance.now() - lastOutput }
}

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
  const server = await RawServer.start(() => {})
  await server.stop()
  return server.endpoint.port
}

describe('a process ends by itself', () => {
  it.each([
    [
      'after close()',
      `await pool.warm(3)
      console.log(await ping(5000))
      pool.close()`,
      'answer 7',
    ],
    [
      'when close() was forgotten: connections at rest hold nobody',
      `await pool.warm(3)
      console.log(await ping(30_000))`,
      'answer 7',
    ],
    [
      'when an exclusive connection was used and close() forgotten',
      `const own = new Ping()
      own.deadline = clock.now() + 30_000
      pool.submitExclusive(own)
      console.log(await own.done)`,
      'answer 7',
    ],
    [
      'when a request was cancelled and close() forgotten',
      `await pool.warm(1)
      const cancelled = new Ping()
      cancelled.deadline = Infinity
      pool.submit(cancelled)
      pool.cancel(cancelled)
      console.log(await ping(30_000))`,
      'answer 7',
    ],
    [
      'after an info request, when close() was forgotten',
      `const channel = new InfoChannel({ endpoint, opener, clock, watch })
      console.log((await channel.request(['node'], clock.now() + 5000)).has('node'))`,
      'true',
    ],
  ])('%s', async (_name, code, expected) => {
    const server = await RawServer.start(echo)
    try {
      const { output, exitCode, ms } = await run(code, server.endpoint.port)
      expect([output, exitCode]).toEqual([expected, 0])
      // Far less than the server's patience or any timeout in the code above.
      expect(ms).toBeLessThan(3000)
    } finally {
      await server.stop()
    }
  })

  it('after a failed connect', async () => {
    const { output, exitCode } = await run(
      `console.log(await ping(5000), await pool.warm(1).catch((error) => error.name))
      const channel = new InfoChannel({ endpoint, opener, clock, watch })
      console.log(await channel.request(['node'], clock.now() + 5000).catch((error) => error.name))`,
      await deadPort(),
    )
    expect([output, exitCode]).toEqual(['connect/connecting ConnectFailedError\nConnectFailedError', 0])
  })

  it('not before the answer, or the timeout, that it awaits', async () => {
    const server = await RawServer.start((socket) => socket.resume())
    try {
      const { output, exitCode } = await run(
        `await pool.warm(1)
        console.log(await ping(200))
        const channel = new InfoChannel({ endpoint, opener, clock, watch })
        console.log(await channel.request(['node'], clock.now() + 200).catch((error) => error.name))`,
        server.endpoint.port,
      )
      expect([output, exitCode]).toEqual(['timeout/sent\nDeadlineExceededError', 0])
    } finally {
      await server.stop()
    }
  })

  it('not while a request waits for a pause between attempts to connect', async () => {
    // The first connection stays, deep in work; others are closed at once.
    let connections = 0
    const server = await RawServer.start((socket) => {
      if (connections++ === 0) echo(socket)
      else socket.destroy()
    })
    try {
      const { output, exitCode } = await run(
        `await pool.warm(1)
        const own = new Ping()
        own.deadline = clock.now() + 300
        pool.submitExclusive(own)
        console.log(await own.done)`,
        server.endpoint.port,
      )
      expect(output).toMatch(/^(closed\/sent|timeout\/queued)$/)
      expect(exitCode).toBe(0)
    } finally {
      await server.stop()
    }
  })

  it('when connections over TLS with logins, and their sessions to renew, were forgotten', async () => {
    const authority = await CertificateAuthority.create('authority')
    const pair = await authority.issue({ name: 'db', addresses: ['127.0.0.1'] })
    const session = '020200000000001f000000020000000000000000000000000000000205aa000000050600000e10'
    const server = createTlsServer({ cert: pair.cert, key: pair.key }, (socket) => {
      socket.on('error', () => {})
      // The login, then echo.
      onFrames(socket, (frame) => socket.write(frame[1] === 2 ? Buffer.from(session, 'hex') : frame))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const { output, exitCode, ms } = await run(
        `const { LoginSocketOpener, TlsSocketOpener } = await import('./transport.mjs')
        const tls = await TlsSocketOpener.create({ ca: ${JSON.stringify(authority.cert)} })
        const credentials = { mode: 'external', user: 'ann', password: 'secret' }
        const secure = new Pool({
          endpoint, clock, watch, opener: new LoginSocketOpener({ credentials, opener: tls, clock }),
        })
        await secure.warm(2)
        const own = new Ping()
        own.deadline = clock.now() + 30_000
        secure.submit(own)
        console.log(await own.done)`,
        (server.address() as { port: number }).port,
      )
      expect([output, exitCode]).toEqual(['answer 7', 0])
      expect(ms).toBeLessThan(3000)
    } finally {
      server.close()
    }
  })
})
