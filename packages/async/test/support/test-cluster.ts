import { type Cluster, ClusterDefinition, DataSet, type Session } from '@aero/async'
import type { Key } from '@aero/codec'
import { Behavior, type BehaviorChanges } from '@aero/config'
import { type DevServer, startDevServer } from '@aero/devserver'
import { seededRandom } from '@aero/testkit'
import { afterAll, beforeAll } from 'vitest'

/** Seeds of a real cluster to run on, or `undefined` to run on a dev server of the test's own. */
export const LIVE_SEEDS: string | undefined = process.env['AERO_LIVE_SEEDS'] || undefined

/** The namespace the tests write in. A real cluster must have it, with records that may expire. */
export const NAMESPACE = 'test'

/** Chance for names only: what a test expects never depends on it. */
const random = seededRandom()

/** A name that no other run uses. */
export function freshName(prefix: string): string {
  return `${prefix}-${random.text(10)}`
}

/** What a test file works with; filled in before its first test runs. */
export interface TestCluster {
  readonly cluster: Cluster
  readonly session: Session
  /** A set that no other file uses. */
  readonly dataSet: DataSet
  /** The key of a record that is not there yet; removed again after the file's last test. */
  freshKey(prefix?: string): Key
  /** Has `key` removed after the file's last test. */
  remove(key: Key): Key
  /** A session with a behavior of the test's own. */
  sessionWith(changes: BehaviorChanges): Session
}

/** Opens a cluster for a test file: the real one of `AERO_LIVE_SEEDS`, or else a dev server of three nodes. */
export function useCluster(): TestCluster {
  const dataSet = DataSet.of(NAMESPACE, freshName('it'))
  const keys: Key[] = []
  let server: DevServer | undefined
  let cluster: Cluster | undefined
  let session: Session | undefined

  beforeAll(async () => {
    let seeds = LIVE_SEEDS
    if (seeds === undefined) {
      server = await startDevServer({ nodes: 3 })
      seeds = server.seeds
    }
    cluster = await definitionOf(seeds).connect()
    session = cluster.createSession(Behavior.DEFAULT)
  })

  afterAll(async () => {
    if (session !== undefined) for (const key of keys) await session.delete(key).execute()
    await cluster?.close()
    await server?.close()
  })

  const remove = (key: Key): Key => {
    if (LIVE_SEEDS !== undefined) keys.push(key)
    return key
  }
  return {
    get cluster() {
      if (cluster === undefined) throw new Error('the cluster is open only while the tests of the file run')
      return cluster
    },
    get session() {
      if (session === undefined) throw new Error('the session is there only while the tests of the file run')
      return session
    },
    dataSet,
    freshKey: (prefix = 'record') => remove(dataSet.id(freshName(prefix))),
    remove,
    sessionWith: (changes) => {
      if (cluster === undefined) throw new Error('the cluster is open only while the tests of the file run')
      return cluster.createSession(Behavior.DEFAULT.derive(freshName('behavior'), changes))
    },
  }
}

/** The definition of a cluster from `host:port[,host:port…]`. */
export function definitionOf(seeds: string): ClusterDefinition {
  return new ClusterDefinition({ hosts: seeds })
}

/** The error that `attempt` fails with; fails the test when it does not fail. */
export async function failureOf(attempt: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof attempt === 'function' ? attempt() : attempt)
  } catch (error) {
    return error
  }
  throw new Error('expected this to fail, but it succeeded')
}
