import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DevServer } from '@aero/devserver'
import { StrangeServer } from '@aero/testkit/strange-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { program, startDevServerThread } from './support/dev-server-thread.ts'

let server: DevServer

beforeAll(async () => {
  server = await startDevServerThread()
})

afterAll(() => server.close())

const ESM = `
import { Behavior, ClusterDefinition, DataSet } from './sync.mjs'
const worker = new URL('./worker.mjs', import.meta.url)
`
const COMMON_JS = `
const { Behavior, ClusterDefinition, DataSet } = require('./sync.mjs')
const worker = require('node:path').join(__dirname, 'worker.mjs')
`
const CONNECT = `
const definition = new ClusterDefinition({ hosts: process.argv[2] ?? hosts })
const cluster = definition.connect({ worker })
const session = cluster.createSession(Behavior.DEFAULT)
const key = DataSet.of('test', 'sync-process').id(NAME)
session.put(key, { a: 1 })
console.log(session.get(key).bins.a)
`

let programs = 0

/** Runs `code` in a process of its own and waits for that to end by itself. */
async function run(
  code: string,
  extension = 'mjs',
  seeds = server.seeds,
): Promise<{ output: string; exitCode: number | null }> {
  const name = `program-${programs++}`
  const file = join(dirname(program('sync')), `${name}.${extension}`)
  writeFileSync(file, code.replaceAll('NAME', `'${name}'`))
  const child = spawn(process.execPath, [file, seeds], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 15_000)
  const [exitCode] = (await once(child, 'close')) as [number | null]
  clearTimeout(giveUp)
  return { output: output.replace(/^.*ExperimentalWarning.*$|^\(Use `node.*$/gm, '').trim(), exitCode }
}

describe('a process ends by itself', () => {
  it.each([
    ['after close()', `${ESM}${CONNECT}cluster.close()`, 'mjs'],
    ['when close() was forgotten', `${ESM}${CONNECT}`, 'mjs'],
    ['when it was required', `${COMMON_JS}${CONNECT}`, 'cjs'],
    [
      'after a failed connect',
      `${ESM}
      try { new ClusterDefinition('127.0.0.1', 1).connect({ worker }) } catch (error) { console.log(1) }`,
      'mjs',
    ],
    [
      'when a stream was left before its end and close() forgotten',
      `${ESM}${CONNECT}
      const keys = ['a', 'b', 'c'].map((id) => DataSet.of('test', 'sync-process').id(NAME + id))
      session.upsert(keys).put({ a: 1 }).execute()
      for (const row of session.query(keys).executeStream()) break`,
      'mjs',
    ],
  ])('%s', async (_name, code, extension) => {
    expect(await run(code, extension)).toEqual({ output: '1', exitCode: 0 })
  })

  it.each(['accepts and says nothing', 'speaks HTTP', 'closes at once'] as const)(
    'when its seed %s',
    async (greeting) => {
      await using strange = await StrangeServer.open(greeting)
      const code = `${ESM}
      const definition = new ClusterDefinition({ hosts: process.argv[2] }).withSystemSettings({ tendTimeout: '300ms' })
      try { definition.connect({ worker }) } catch (error) { console.log(error.message.includes(process.argv[2])) }`
      expect(await run(code, 'mjs', strange.seed)).toEqual({ output: 'true', exitCode: 0 })
    },
  )

  it('when two clusters, and threads with clusters of their own, were used and close() forgotten', async () => {
    const code = `${ESM}
      import { isMainThread, parentPort, Worker, workerData as hosts } from 'node:worker_threads'
      import { once } from 'node:events'
      const log = console.log
      if (isMainThread) {
        const threads = [1, 2].map(() => new Worker(new URL(import.meta.url), { workerData: process.argv[2], argv: [] }))
        const told = await Promise.all(threads.map((thread) => once(thread, 'message')))
        const clusters = [1, 2].map(() => new ClusterDefinition({ hosts: process.argv[2] }).connect({ worker }))
        const key = DataSet.of('test', 'sync-process').id('NAME'.slice(1))
        clusters[0].createSession().put(key, { a: told.flat().reduce((sum, n) => sum + n, 0) })
        log(clusters[1].createSession().get(key).bins.a)
      } else {
        const console = { log: (value) => parentPort.postMessage(value) }
        ${CONNECT.replace('process.argv[2] ?? hosts', 'hosts').replaceAll('NAME', "Symbol('x').toString()")}
      }`.replaceAll("'NAME'.slice(1)", "'both'")
    expect(await run(code)).toEqual({ output: '2', exitCode: 0 })
  })
})
