/** What is measured against what. */
export const CONTESTANTS = ['aero-direct', 'aero-builder', 'aero-sync', 'official', 'floor'] as const

export type ContestantName = (typeof CONTESTANTS)[number]

/** Shape of the record: one integer bin, or ten bins of 100 characters. */
export const RECORDS = ['integer', 'text10'] as const

export type RecordShape = (typeof RECORDS)[number]

/**
 * One record an operation, a batch that reads this many, all records of the set, or by a secondary index the first 20 000 of them. Of
 * the last two every record counts as an operation, and a latency is that of all of them.
 */
export const WORKLOADS = ['single', 'batch100', 'scan', 'index'] as const

export type Workload = (typeof WORKLOADS)[number]

/** Records that the secondary index gives. */
export const INDEXED = 20_000

/** Whether a workload reads many records by one call. */
export function isQuery(workload: Workload): workload is 'scan' | 'index' {
  return workload === 'scan' || workload === 'index'
}

/** Records of one batch. */
export const BATCH_SIZE = 100

/** Numbers of the keys of a batch: spread, so that neighbours have nothing in common. */
export function batchNumbers(first: number, keys: number): number[] {
  // A plain loop: `Array.from` with a function takes 3 µs, as much as all that a fast client does to encode the batch.
  const numbers: number[] = []
  for (let index = 0; index < BATCH_SIZE; index++) numbers.push((first + index * 101) % keys)
  return numbers
}

/** One measured run, as the parent sends it to the child process. */
export interface RunRequest {
  readonly contestant: ContestantName
  readonly seeds: string
  readonly namespace: string
  readonly setName: string
  readonly record: RecordShape
  readonly workload: Workload
  /** Share of reads among the operations, 0 to 1. */
  readonly reads: number
  readonly inFlight: number
  readonly keys: number
  readonly warmUpSeconds: number
  readonly seconds: number
  /** Connections per node; 0 leaves it to the contestant. The floor is given what Aero used. */
  readonly connections: number
  /** Writes the records first. */
  readonly fills: boolean
}

/** What a run measured. Times in microseconds. */
export interface RunResult {
  readonly contestant: ContestantName
  readonly operations: number
  readonly operationsPerSecond: number
  readonly cpuMicros: number
  readonly p50: number
  readonly p99: number
  readonly connections: number
  readonly residentMegabytes: number
}

/** A client under load: `read` and `write` take the number of a key. */
export interface Contestant {
  read(key: number): Promise<unknown>
  write(key: number): Promise<unknown>
  /** Reads the records with these numbers in one batch. */
  readMany(keys: readonly number[]): Promise<unknown>
  /** Writes every record, each with its own number, and makes the index that the workload asks. Aero does it for all. */
  fill?(): Promise<void>
  /** Reads all records, or those that the index gives; tells how many there were. */
  readAll(workload: 'scan' | 'index'): Promise<number>
  /** Open connections for data. */
  connections(): number
  close(): Promise<void> | void
}

/** The bins of a record of this shape. */
export function binsOf(shape: RecordShape, key: number): { readonly [bin: string]: number | string } {
  if (shape === 'integer') return { a: key }
  const bins: { [bin: string]: string } = {}
  for (let index = 0; index < 10; index++) bins[`bin${index}`] = `${key}:${index}:`.padEnd(100, 'abcdefghij')
  return bins
}
