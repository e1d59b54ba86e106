/** Finished jobs that a node remembers; the server's default for query-threads history. */
const REMEMBERED_JOBS = 100

/** A scan, query or background job, as a node remembers it. */
export interface Job {
  /** The number the client gave it, unsigned. */
  readonly id: bigint
  readonly namespace: string
  readonly set: string
  readonly type: 'basic' | 'background-ops'
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Milliseconds since 1970; `undefined` while it runs. */
  finishedAt: number | undefined
  /** The part that is done, 0 to 1. */
  progress: number
  /** Records answered or changed. */
  succeeded: number
  isAborted: boolean
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

  clear(): void {
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
