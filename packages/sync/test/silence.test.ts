import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Behavior } from '@aero/config'
import type { DevServer } from '@aero/devserver'
import { type Cluster, ClusterDefinition, ConnectionError, DataSet } from '@aero/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { program, startDevServerThread } from './support/dev-server-thread.ts'

/** The worker's patience is 15 s at most. */
const LONG = 60_000

let server: DevServer

beforeAll(async () => {
  server = await startDevServerThread()
})

afterAll(() => server.close())

function connect(name: string, code: string): Cluster {
  const worker = join(dirname(program('worker')), `${name}.mjs`)
  writeFileSync(worker, code)
  return new ClusterDefinition({ hosts: server.seeds }).connect({ worker })
}

const unlimited = (name: string): Behavior =>
  Behavior.DEFAULT.derive(name, { all: { totalTimeout: 0, socketTimeout: 0 } })

const silent = (call: () => unknown): void => {
  expect(call).toThrow(ConnectionError)
  expect(call).toThrow(/sign of life/)
}

describe('a worker that shows no sign of life', () => {
  it(
    'from the beginning is an error, though connecting has no limit',
    () => {
      expect(() => connect('silent', 'for (;;);')).toThrow(/no sign of life for 8 s/)
    },
    LONG,
  )

  it(
    'because it was ended from outside makes the call fail that waits, at once where the platform tells',
    () => {
      // Ends the thread as termination and too little memory do: no handler runs.
      const cluster = connect(
        'cut-off',
        `import './worker.mjs'; setTimeout(() => process.reallyExit(0), 500)`,
      )
      const session = cluster.createSession(unlimited('cut-off'))
      const key = DataSet.of('test', 'sync-silence').id(2)
      const told = process.platform === 'linux' ? 'the worker thread has ended' : 'sign of life'
      expect(() => {
        for (;;) session.get(key)
      }).toThrow(expect.objectContaining({ name: 'ConnectionError', message: expect.stringContaining(told) }))
      cluster.close()
    },
    LONG,
  )

  it(
    'makes a call fail that has no limit, and those that follow at once',
    () => {
      const cluster = connect(
        'falling-silent',
        `import './worker.mjs'; setTimeout(() => { for (;;); }, 1000)`,
      )
      const session = cluster.createSession(unlimited('falling-silent'))
      const key = DataSet.of('test', 'sync-silence').id(1)
      silent(() => {
        for (;;) session.get(key)
      })
      silent(() => session.get(key))
      cluster.close()
    },
    LONG,
  )
})
