import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
import { binsOf, type Contestant, type RunRequest } from '../contestant.ts'

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
    readMany: async (keys: readonly number[]) =>
      (await session.query(keys.map((key) => dataSet.id(key))).execute()).toArray(),
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
