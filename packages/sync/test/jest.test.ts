import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { DevServer } from '@aero/devserver'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { program, startDevServerThread } from './support/dev-server-thread.ts'

const require = createRequire(import.meta.url)

let server: DevServer

beforeAll(async () => {
  server = await startDevServerThread()
})

afterAll(() => server.close())

/** The package in the sandbox of another test runner, whose globals are not those of Node's own modules. */
const CASES = `
import { expect, test } from '@jest/globals'
import { Behavior, ClusterDefinition, ConnectionError, DataSet, RecordExistsError } from '../sync.mjs'

const worker = new URL('../worker.mjs', import.meta.url)
const connect = () => new ClusterDefinition({ hosts: process.env.SEEDS }).connect({ worker })
const users = DataSet.of('test', 'sync-jest')

test('a session writes, reads and queries', () => {
  const cluster = connect()
  const session = cluster.createSession(Behavior.DEFAULT)
  const bins = { name: 'Ann', tags: ['a', 1.5], blob: new Uint8Array([1, 2]), map: new Map([[1, 'one']]) }
  session.put(users.id('ann'), bins)
  expect(session.get(users.id('ann')).bins.name).toBe('Ann')
  expect([...session.get(users.id('ann')).bins.blob]).toEqual([1, 2])
  expect(session.query(users).where('$.name == "Ann"').execute().toArray()).toHaveLength(1)
  expect(() => session.insert(users.id('ann')).put({ a: 1 }).execute()).toThrow(RecordExistsError)
  cluster.close()
  expect(() => session.get(users.id('ann'))).toThrow('the cluster is closed')
})

test('what is rare crosses as values', () => {
  const cluster = connect()
  const session = cluster.createSession()
  expect(session.info().namespaces()).toContain('test')
  session.index(users).named('sync-jest-age').onBin('age').integer().create().done()
  session.truncate(users)
  cluster.close()
})

test('an error of the worker is one', () => {
  expect(() => new ClusterDefinition('127.0.0.1', 1).connect({ worker })).toThrow(ConnectionError)
})
`

it('works under jest', async () => {
  const folder = join(dirname(program('sync')), 'jest')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', jest: { transform: {} } }))
  writeFileSync(join(folder, 'cases.test.js'), CASES)
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      require.resolve('jest/bin/jest'),
      '--rootDir',
      folder,
      '--runInBand',
      '--watchman=false',
      '--ci',
    ],
    { cwd: folder, env: { ...process.env, SEEDS: server.seeds }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const [exitCode] = (await once(child, 'close')) as [number | null]
  expect(output).toContain('3 passed, 3 total')
  expect(exitCode).toBe(0)
})
