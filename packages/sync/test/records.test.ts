import { Behavior } from '@aero/config'
import type { DevServer } from '@aero/devserver'
import { type Cluster, ClusterDefinition, DataSet, RecordNotFoundError, type Session } from '@aero/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { program, startDevServerThread } from './support/dev-server-thread.ts'

let server: DevServer
let cluster: Cluster
let session: Session
const users = DataSet.of('test', 'sync-users')

beforeAll(async () => {
  server = await startDevServerThread({ nodes: 3 })
  cluster = new ClusterDefinition({ hosts: server.seeds }).connect({ worker: program('worker') })
  session = cluster.createSession(Behavior.DEFAULT)
})

afterAll(async () => {
  cluster.close()
  await server.close()
})

describe('a blocking session', () => {
  it('reads what it wrote', () => {
    session.put(users.id('ann'), { name: 'Ann', age: 28 })
    expect(session.get(users.id('ann'))?.bins).toEqual({ name: 'Ann', age: 28 })
    expect(session.get(users.id('nobody'))).toBeUndefined()
  })

  it('walks a builder with a plain loop', () => {
    session.put(users.id('bob'), { name: 'Bob' })
    const names = []
    for (const row of session.query(users.id('bob'), users.id('ann'))) {
      if (row.ok) names.push(row.record?.bins['name'])
    }
    expect(names).toEqual(['Bob', 'Ann'])
  })

  it('throws errors whose stack shows the caller', () => {
    const callerOfOurs = (): void => {
      session.update(users.id('missing')).put({ a: 1 }).execute()
    }
    expect(callerOfOurs).toThrow(RecordNotFoundError)
    try {
      callerOfOurs()
    } catch (error) {
      expect((error as Error).stack).toContain('callerOfOurs')
    }
  })

  it('carries what is larger than the shared memory', () => {
    const blob = Buffer.alloc(900_000, 'some bytes')
    // An equality of arrays would be looked at byte by byte.
    const isSame = (value: unknown): boolean => blob.equals(value as Uint8Array)
    session.put(users.id('large'), { a: blob })
    expect(isSame(session.get(users.id('large'))?.bins['a'])).toBe(true)
    const keys = Array.from({ length: 20 }, (_, index) => users.id(`large-${index}`))
    session.upsert(keys).put({ a: blob }).execute()
    const rows = session.query(keys).execute().toArray()
    expect(rows.map((row) => row.ok && isSame(row.record?.bins['a']))).toEqual(keys.map(() => true))
  })

  it('knows the nodes', () => {
    expect(cluster.isConnected()).toBe(true)
    expect(cluster.nodes()).toHaveLength(3)
    expect(cluster.nodes().map(({ name }) => name)).toContain(cluster.nodeOf(users.id('ann'))?.name)
    expect(cluster.stats()).toMatchObject({ nodes: 3, connections: expect.any(Number) })
  })
})
