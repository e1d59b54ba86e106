import { createRequire } from 'node:module'
import { join } from 'node:path'
import { binsOf, type Contestant, INDEXED, type RunRequest } from '../contestant.ts'
import { OFFICIAL_FOLDER } from '../official-client.ts'

/** The part of the official client that is used here. */
interface OfficialModule {
  client(config: object): OfficialClient
  filter: { range(bin: string, from: number, to: number): object }
  Key: new (namespace: string, setName: string, value: number) => object
}

interface OfficialClient {
  connect(): Promise<OfficialClient>
  get(key: object): Promise<unknown>
  batchRead(records: readonly object[]): Promise<unknown>
  put(key: object, bins: object): Promise<unknown>
  scan(namespace: string, setName: string): OfficialQuery
  query(namespace: string, setName: string): OfficialQuery
  close(): void
}

interface OfficialQuery {
  where(filter: object): void
  foreach(): {
    on(event: 'data', listener: () => void): void
    on(event: 'error', listener: (error: Error) => void): void
    on(event: 'end', listener: () => void): void
  }
}

/** The official Node client, from the cache folder that `official-client.ts` fills. */
export async function official(request: RunRequest): Promise<Contestant> {
  const require = createRequire(join(OFFICIAL_FOLDER, 'package.json'))
  const aerospike = require('aerospike') as OfficialModule
  const client = aerospike.client({
    hosts: request.seeds,
    log: { level: 0 },
    maxConnsPerNode: request.connections > 0 ? request.connections : Math.max(100, request.inFlight + 16),
  })
  await client.connect()
  const bins = Array.from({ length: 64 }, (_, key) => binsOf(request.record, key))
  const key = (number: number): object => new aerospike.Key(request.namespace, request.setName, number)
  return {
    read: (number) => client.get(key(number)),
    write: (number) => client.put(key(number), bins[number & 63] as object),
    readMany: (numbers) =>
      client.batchRead(numbers.map((number) => ({ key: key(number), readAllBins: true }))),
    readAll: (workload) =>
      new Promise((resolve, reject) => {
        let query: OfficialQuery
        if (workload === 'scan') query = client.scan(request.namespace, request.setName)
        else {
          query = client.query(request.namespace, request.setName)
          query.where(aerospike.filter.range('a', 0, INDEXED - 1))
        }
        let count = 0
        const stream = query.foreach()
        stream.on('data', () => {
          count++
        })
        stream.on('error', reject)
        stream.on('end', () => resolve(count))
      }),
    connections: () => request.inFlight,
    close: () => client.close(),
  }
}
