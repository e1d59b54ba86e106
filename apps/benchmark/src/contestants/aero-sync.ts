import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk/sync'
import { binsOf, INDEXED, type RunRequest } from '../contestant.ts'

/** A client under load whose calls block. */
export interface BlockingContestant {
  read(key: number): void
  write(key: number): void
  readMany(keys: readonly number[]): void
  /** Reads all records, or those that the index gives; tells how many there were. */
  readAll(workload: 'scan' | 'index'): number
  connections(): number
  close(): void
}

/** Aero with blocking calls: the direct ones. */
export function aeroSync(request: RunRequest): BlockingContestant {
  const definition = new ClusterDefinition({ hosts: request.seeds })
  if (request.connections > 0) definition.withSystemSettings({ maxConnectionsPerNode: request.connections })
  const cluster = definition.connect()
  const session = cluster.createSession(Behavior.DEFAULT)
  const dataSet = DataSet.of(request.namespace, request.setName)
  const bins = Array.from({ length: 64 }, (_, key) => binsOf(request.record, key))
  return {
    read: (key) => {
      session.get(dataSet.id(key))
    },
    write: (key) => session.put(dataSet.id(key), bins[key & 63] as { [bin: string]: number | string }),
    readMany: (keys) => {
      session.query(dataSet.ids(keys)).execute().toArray()
    },
    readAll: (workload) => {
      const query = session.query(dataSet)
      if (workload === 'index') query.where('$.a >= 0 and $.a < ?0', [INDEXED])
      let count = 0
      for (const rows of query.execute().chunks()) count += rows.length
      return count
    },
    connections: () => cluster.stats().connections,
    close: () => cluster.close(),
  }
}
