/** Finished jobs that a node remembers; the server's default for query-threads history. */
const REMEMBERED_JOBS = 100

/** A scan, query or background job, as a node remembers it. */
export interface Job {
  /** The number the client gave it, unsigned. */
  readonly id: bigint
  readonly namespace: string
  readonly set: string
  /** Name of the index it goes by; empty: none. */
  readonly indexName: string
  readonly type: 'basic' | 'aggregation' | 'background-udf' | 'background-ops'
  /** Records per second that it keeps to; 0: it hurries. */
  readonly recordsPerSecond: number
  /** What else a listing says of it: fields with a colon before each. */
  readonly details: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Milliseconds since 1970; `undefined` while it runs. */
  finishedAt: number | undefined
  /** The part that is done, 0 to 1. */
  progress: number
  /** Records answered or changed. */
  succeeded: number
  /** Records that the job has kept waiting for its pace. */
  throttled: number
  /** Records that a filter left out. */
  filtered: number
  failed: number
  isAborted: boolean
  /** Whether it ended because its client was gone. */
  isAbandoned: boolean
}

/** The jobs of one node: those that run, and the last hundred that ended. A number can be used again when it is forgotten. */
export class JobTable {
  readonly #jobs = new Map<bigint, Job>()

  /** Enters a job. `false` when its number is taken. */
  add(job: Job): boolean {
    if (this.#jobs.has(job.id)) return false
    this.#jobs.set(job.id, job)
    if (this.#jobs.size > REMEMBERED_JOBS) this.#forgetOldest()
    return true
  }

  find(id: bigint): Job | undefined {
    return this.#jobs.get(id)
  }

  /** The latest first. */
  list(): Job[] {
    return [...this.#jobs.values()].reverse()
  }

  /** Ends all that run; says how many there were. */
  abortAll(): number {
    const running = [...this.#jobs.values()].filter(({ finishedAt }) => finishedAt === undefined)
    for (const job of running) job.isAborted = true
    return running.length
  }

  clear(): void {
    this.abortAll()
    this.#jobs.clear()
  }

  #forgetOldest(): void {
    for (const [id, job] of this.#jobs) {
      if (job.finishedAt === undefined) continue
      this.#jobs.delete(id)
      return
    }
  }
}
