import type { Clock } from '../clock.ts'
import type { Request } from '../request.ts'
import type { Namespace } from '../store/namespace.ts'
import { StoredRecord } from '../store/stored-record.ts'
import { OperationResults } from './operation-results.ts'

/**
 * A command on one record: the request, the namespace, and which record. One object serves a connection for all its
 * commands, one after the other.
 */
export class RecordCommand {
  readonly request: Request
  readonly clock: Clock
  readonly results: OperationResults = new OperationResults()
  namespace: Namespace
  partition = 0
  /** The digest as text, one character a byte: what records are found by. */
  digest = ''
  /** Part of a background job: the job's message says nothing of this record, so set, key and transaction are not looked at. */
  isBackground = false

  constructor(request: Request, clock: Clock, namespace: Namespace) {
    this.request = request
    this.clock = clock
    this.namespace = namespace
  }

  /** Points the command at a record. */
  aim(namespace: Namespace, partition: number, digest: string): void {
    this.namespace = namespace
    this.partition = partition
    this.digest = digest
  }

  /** The record as it is stored, expired or not. */
  find(): StoredRecord | undefined {
    return this.namespace.get(this.partition, this.digest)
  }

  /** A record for this digest that is not stored yet. */
  create(): StoredRecord {
    return new StoredRecord(Uint8Array.from(this.digest, (character) => character.charCodeAt(0)))
  }

  store(record: StoredRecord): void {
    this.namespace.put(this.partition, this.digest, record)
  }

  remove(): void {
    this.namespace.delete(this.partition, this.digest)
  }
}
