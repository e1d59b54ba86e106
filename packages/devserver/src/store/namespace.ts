import { PARTITION_COUNT } from '@aero/codec'
import { indexedParticle, indexedValues } from '../apply/index-value.ts'
import { IndexTable, type NamedDefinition, type SecondaryIndex } from './index-table.ts'
import type { StoredRecord } from './stored-record.ts'

/** What can be set per namespace; the defaults are the server's. */
export interface NamespaceSettings {
  /** Seconds a record lives when the write does not say; 0 = for ever. Default 0. */
  readonly defaultTtl: number
  /** Largest record in storage, in bytes. Default 1 MiB. */
  readonly maxRecordBytes: number
  /** How long a new index takes until queries can use it, in milliseconds. Default 0. */
  readonly indexBuildMs: number
  /** Reads may be linearized, deletes have to be durable. Default `false`. */
  readonly isStronglyConsistent: boolean
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

  /** Stores a record, or notes that it has changed. */
  put(partition: number, digest: string, record: StoredRecord): void {
    let records = this.#partitions[partition]
    if (records === undefined) {
      records = new Map()
      this.#partitions[partition] = records
    }
    if (records.get(digest) !== record) {
      records.set(digest, record)
      if (record.setName.length > 0) this.#sets.add(textOf(record.setName))
    }
    for (const index of this.indexes.all()) enter(index, partition, digest, record)
  }

  delete(partition: number, digest: string): void {
    this.#partitions[partition]?.delete(digest)
    for (const { entries } of this.indexes.all()) entries.remove(partition, digest)
  }

  /** Creates an index over the records there are; see {@link IndexTable.create}. `now` in milliseconds since 1970. */
  createIndex(definition: NamedDefinition, now: number): boolean {
    const times = { createdAt: now, readableAt: now + this.settings.indexBuildMs }
    return this.indexes.create(definition, times, (index) => {
      for (const [partition, records] of this.#partitions.entries())
        for (const [digest, record] of records ?? []) enter(index, partition, digest, record)
    })
  }

  /** Removes the records of a set, or all, that were last written before a moment in milliseconds since 1970. */
  truncate(setName: string | undefined, before: number): void {
    const latin1 = setName === undefined ? undefined : textOf(Buffer.from(setName, 'utf8'))
    for (const [partition, records] of this.#partitions.entries()) {
      for (const [digest, record] of records ?? []) {
        const isMeant = latin1 === undefined || textOf(record.setName) === latin1
        if (isMeant && record.updatedAt < before) this.delete(partition, digest)
      }
    }
  }

  /** Forgets a partition, as when the last node that had it is gone. */
  clearPartition(partition: number): void {
    this.#partitions[partition] = undefined
    for (const { entries } of this.indexes.all()) entries.clearPartition(partition)
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

/** Enters a record in an index, with the values it has now. */
function enter(index: SecondaryIndex, partition: number, digest: string, record: StoredRecord): void {
  const { entries } = index
  const source = indexedParticle(index, record)
  if (entries.isCurrent(partition, digest, source)) return
  if (source === undefined) entries.remove(partition, digest)
  else entries.replace(partition, digest, source, indexedValues(index, source))
}

function textOf(name: Uint8Array): string {
  return Buffer.from(name.buffer, name.byteOffset, name.length).toString('latin1')
}
