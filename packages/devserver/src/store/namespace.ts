import { PARTITION_COUNT } from '@aero/codec'
import { IndexTable } from './index-table.ts'
import type { StoredRecord } from './stored-record.ts'

/** What can be set per namespace; the defaults are the server's. */
export interface NamespaceSettings {
  /** Seconds a record lives when the write does not say; 0 = for ever. Default 0. */
  readonly defaultTtl: number
  /** Largest record in storage, in bytes. Default 1 MiB. */
  readonly maxRecordBytes: number
}

/**
 * The records of one namespace, by partition. One store serves all nodes of the cluster: a write has reached every
 * replica the moment it is done.
 */
export class Namespace {
  readonly name: string
  readonly settings: NamespaceSettings
  readonly indexes: IndexTable = new IndexTable()
  readonly #partitions: (Map<string, StoredRecord> | undefined)[] = new Array(PARTITION_COUNT)
  readonly #sets = new Set<string>()

  constructor(name: string, settings: NamespaceSettings) {
    this.name = name
    this.settings = settings
  }

  get(partition: number, digest: string): StoredRecord | undefined {
    return this.#partitions[partition]?.get(digest)
  }

  put(partition: number, digest: string, record: StoredRecord): void {
    let records = this.#partitions[partition]
    if (records === undefined) {
      records = new Map()
      this.#partitions[partition] = records
    }
    records.set(digest, record)
    if (record.setName.length > 0) this.#sets.add(textOf(record.setName))
  }

  delete(partition: number, digest: string): void {
    this.#partitions[partition]?.delete(digest)
  }

  /** Removes the records of a set, or all, that were last written before a moment in milliseconds since 1970. */
  truncate(setName: string | undefined, before: number): void {
    const latin1 = setName === undefined ? undefined : textOf(Buffer.from(setName, 'utf8'))
    for (const records of this.#partitions) {
      for (const [digest, record] of records ?? []) {
        const isMeant = latin1 === undefined || textOf(record.setName) === latin1
        if (isMeant && record.updatedAt < before) records?.delete(digest)
      }
    }
  }

  /** Forgets a partition, as when the last node that had it is gone. */
  clearPartition(partition: number): void {
    this.#partitions[partition] = undefined
  }

  /** The records of one partition with their digests; safe while records are deleted. */
  recordsOf(partition: number): Iterable<readonly [digest: string, record: StoredRecord]> {
    return this.#partitions[partition] ?? []
  }

  /** Whether a record of that set has ever been written. */
  knowsSet(name: Uint8Array): boolean {
    return this.#sets.has(textOf(name))
  }

  /** The sets with records in them, and how many. */
  countSets(): { readonly name: string; readonly records: number }[] {
    const counts = new Map<string, number>()
    for (const records of this.#partitions) {
      for (const record of records?.values() ?? []) {
        const name = Buffer.from(record.setName).toString('utf8')
        if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1)
      }
    }
    return [...counts].map(([name, records]) => ({ name, records }))
  }

  get size(): number {
    let size = 0
    for (const records of this.#partitions) size += records?.size ?? 0
    return size
  }
}

function textOf(name: Uint8Array): string {
  return Buffer.from(name.buffer, name.byteOffset, name.length).toString('latin1')
}
