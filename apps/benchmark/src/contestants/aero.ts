import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
import { binsOf, type Contestant, INDEXED, type RunRequest } from '../contestant.ts'

/** Aero: the direct calls, or the builders. */
export async function aero(request: RunRequest, how: 'direct' | 'builder'): Promise<Contestant> {
  const definition = new ClusterDefinition({ hosts: request.seeds })
  if (request.connections > 0) {
    definition.withSystemSettings({ maxConnectionsPerNode: request.connections })
  }
  const cluster = await definition.connect()
  const session = cluster.createSession(Behavior.DEFAULT)
  const dataSet = DataSet.of(request.namespace, request.setName)
  const bins = Array.from({ length: 64 }, (_, key) => binsOf(request.record, key))
  const common = {
    readMany: async (keys: readonly number[]) => (await session.query(dataSet.ids(keys)).execute()).toArray(),
    fill: async () => {
      for (let first = 0; first < request.keys; first += 500) {
        const batch = session.batch()
        for (let number = first; number < Math.min(first + 500, request.keys); number++)
          batch.upsert(dataSet.id(number)).put(binsOf(request.record, number))
        for await (const row of await batch.execute()) row.orThrow()
      }
      if (request.workload === 'index')
        await (
          await session.index(dataSet).named(`${request.setName}-a`).onBin('a').integer().create()
        ).done()
    },
    readAll: async (workload: 'scan' | 'index') => {
      const query = session.query(dataSet)
      if (workload === 'index') query.where('$.a >= 0 and $.a < ?0', [INDEXED])
      const stream = await query.execute()
      let count = 0
      if (how === 'direct') for await (const rows of stream.chunks()) count += rows.length
      else for await (const row of stream) count += row.ok ? 1 : 0
      return count
    },
    connections: () => cluster.stats().connections,
    close: () => cluster.close(),
  }
  if (how === 'direct') {
    return {
      ...common,
      read: (key) => session.get(dataSet.id(key)),
      write: (key) => session.put(dataSet.id(key), bins[key & 63] as { [bin: string]: number | string }),
    }
  }
  return {
    ...common,
    read: (key) => session.query(dataSet.id(key)).execute(),
    write: (key) =>
      session
        .upsert(dataSet.id(key))
        .put(bins[key & 63] as { [bin: string]: number | string })
        .execute(),
  }
}
