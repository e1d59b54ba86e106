import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { Worker } from 'node:worker_threads'
import { Behavior } from '@aero/config'
import type { DevServer } from '@aero/devserver'
import {
  AerospikeError,
  type Cluster,
  ClusterDefinition,
  ConnectionError,
  DataSet,
  type Session,
  TimeoutError,
} from '@aero/sync'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { program, startDevServerThread } from './support/dev-server-thread.ts'

let server: DevServer
const key = DataSet.of('test', 'sync-failures').id(1)

beforeAll(async () => {
  server = await startDevServerThread()
})

afterAll(() => server.close())

/** A worker's file that does `code` beside, or instead of, its work. */
function workerThat(name: string, code: string): string {
  const file = join(dirname(program('worker')), `${name}.mjs`)
  writeFileSync(file, code)
  return file
}

const connect = (worker: string): Cluster =>
  new ClusterDefinition({ hosts: server.seeds }).connect({ worker })

/** Calls until a call fails. */
function firstFailure(cluster: Cluster): AerospikeError {
  const behavior = Behavior.DEFAULT.derive(`short-${Math.random()}`, { all: { totalTimeout: 400 } })
  const session = cluster.createSession(behavior)
  try {
    for (;;) session.get(key)
  } catch (error) {
    expect(error).toBeInstanceOf(AerospikeError)
    return error as AerospikeError
  }
}

describe('a worker that', () => {
  it('cannot load what it needs is an error at once, and says what', () => {
    const worker = workerThat('missing', `import './not-installed.mjs'`)
    expect(() => connect(worker)).toThrow(
      expect.objectContaining({ name: 'ConnectionError', message: expect.stringContaining('not-installed') }),
    )
  })

  it('is no program, or not there, is an error at once, and says what', () => {
    const causeOf = (worker: string): unknown => {
      try {
        connect(worker)
      } catch (error) {
        expect(error).toBeInstanceOf(ConnectionError)
        return (error as ConnectionError).cause
      }
      return undefined
    }
    expect(causeOf(workerThat('unreadable', 'this is no program'))).toMatchObject({ name: 'SyntaxError' })
    expect(causeOf(join(dirname(program('worker')), 'absent.mjs'))).toMatchObject({
      message: expect.stringContaining('absent.mjs'),
    })
  })

  it('ends makes the call fail that waits, and those that follow', () => {
    const worker = workerThat('ending', `import './worker.mjs'; setTimeout(() => process.exit(3), 500)`)
    const cluster = connect(worker)
    expect(firstFailure(cluster)).toBeInstanceOf(ConnectionError)
    const { message } = firstFailure(cluster)
    expect(message).toContain('the worker thread of this cluster has ended')
    expect(cluster.isConnected()).toBe(false)
    expect(cluster.nodes()).toEqual([])
    cluster.close()
  })

  it('fails later makes calls fail with what it failed with', () => {
    const worker = workerThat(
      'throwing',
      `import './worker.mjs'; setTimeout(() => { throw new Error('out of luck') }, 500)`,
    )
    const cluster = connect(worker)
    firstFailure(cluster)
    expect(firstFailure(cluster).message).toContain('out of luck')
    cluster.close()
  })

  it('is terminated between calls makes those that follow fail', async () => {
    const started = vi.spyOn(Worker.prototype, 'unref')
    const cluster = connect(program('worker'))
    const [thread] = started.mock.contexts as unknown as Worker[]
    started.mockRestore()
    expect(cluster.isConnected()).toBe(true)
    await thread?.terminate()
    const { message } = firstFailure(cluster)
    expect(message).toContain('the worker thread of this cluster has ended')
    expect(cluster.isConnected()).toBe(false)
    cluster.close()
  })

  it('is stuck makes the call fail when its time is over', () => {
    const worker = workerThat('stuck', `import './worker.mjs'; setTimeout(() => { for (;;); }, 500)`)
    const cluster = connect(worker)
    expect(firstFailure(cluster)).toBeInstanceOf(TimeoutError)
    cluster.close()
  })
})

describe('connect', () => {
  it('says why no seed leads to a cluster', async () => {
    const listener = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => listener.once('listening', resolve))
    const { port } = listener.address() as { port: number }
    await new Promise((resolve) => listener.close(resolve))
    const definition = new ClusterDefinition('127.0.0.1', port)
    expect(() => definition.connect({ worker: program('worker') })).toThrow(
      expect.objectContaining({ name: 'ConnectionError', message: expect.stringContaining(`${port}`) }),
    )
  })

  it('refuses a context for TLS, which cannot go to the worker', () => {
    const definition = new ClusterDefinition('127.0.0.1').withTls({ secureContext: createSecureContext() })
    expect(() => definition.connect()).toThrow(/cannot be sent to the worker thread/)
  })

  it('opens nothing when the signal has been given', () => {
    const definition = new ClusterDefinition({ hosts: server.seeds })
    expect(() => definition.connect({ signal: AbortSignal.abort() })).toThrow('connecting was aborted')
  })
})

describe('a closed cluster', () => {
  it('is what `using` leaves behind', () => {
    let session: Session
    {
      using cluster = connect(program('worker'))
      session = cluster.createSession()
      expect(session.get(key)).toBeUndefined()
    }
    expect(() => session.get(key)).toThrow('the cluster is closed')
  })

  it('fails calls, knows no nodes, and may be closed again', () => {
    const cluster = connect(program('worker'))
    const session = cluster.createSession()
    cluster.close()
    cluster.close()
    expect(() => session.get(key)).toThrow(AerospikeError)
    expect(cluster.isConnected()).toBe(false)
    expect(cluster.stats()).toMatchObject({ nodes: 0, connections: 0 })
    expect(() => cluster.administration.users()).toThrow(ConnectionError)
  })
})

describe('what a call says wrong', () => {
  it('is refused before anything is sent, by the line that says it', () => {
    using cluster = connect(program('worker'))
    const session = cluster.createSession()
    const ourMistake = (): void => session.put(key, { when: new Date() as never })
    expect(ourMistake).toThrow(expect.objectContaining({ name: 'SerializeError' }))
    try {
      ourMistake()
    } catch (error) {
      expect((error as Error).stack).toContain('ourMistake')
    }
    expect(session.get(key)).toBeUndefined()
  })
})
