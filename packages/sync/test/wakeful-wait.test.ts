import type { DevServer } from '@aero/devserver'
import { ClusterDefinition, DataSet } from '@aero/sync'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { AwakeWait } from '../src/bridge/awake-wait.ts'
import { program, startDevServerThread } from './support/dev-server-thread.ts'

let server: DevServer

beforeAll(async () => {
  server = await startDevServerThread()
})

afterAll(() => server.close())

/** How often the calling thread would have stayed awake while it writes a record and reads it in a batch. */
function waitsAwake(wakefulWait: 'auto' | 'off'): number {
  using cluster = new ClusterDefinition({ hosts: server.seeds })
    .withSystemSettings({ wakefulWait })
    .connect({ worker: program('worker') })
  const waits = vi.spyOn(AwakeWait.prototype, 'hasCome')
  const session = cluster.createSession()
  const keys = DataSet.of('test', 'sync-wakeful').ids(1, 2, 3, 4, 5, 6, 7, 8)
  session.upsert(keys).put({ a: 1 }).execute()
  for (const key of keys) expect(session.get(key)?.bins).toEqual({ a: 1 })
  const count = waits.mock.calls.length
  waits.mockRestore()
  return count
}

describe('the system setting wakefulWait', () => {
  it('lets the calling thread stay awake for answers', () => {
    expect(waitsAwake('auto')).toBeGreaterThan(0)
  })

  it('keeps it from that', () => {
    expect(waitsAwake('off')).toBe(0)
  })
})
