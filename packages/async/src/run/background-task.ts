import { parseInfoError, parseShownJob, RESULT_CODE } from '@aero/codec'
import type { Clock } from '@aero/transport'
import { errorFromCode } from '../errors.ts'
import { type InfoClient, infoError } from './info-client.ts'
import { Task } from './task.ts'

/** How far a background job is, all nodes taken together. */
export interface BackgroundProgress {
  /** `IN_PROGRESS` while a node works on it. `COMPLETE` when none does, also when they have forgotten it since. */
  readonly status: 'IN_PROGRESS' | 'COMPLETE'
  /** Percent, 0 to 100, on average. */
  readonly percent: number
  /** Records that were changed, of the nodes that still know the job: they forget the oldest of about a hundred. */
  readonly succeeded: number
  readonly failed: number
  /** Records that the condition held back. */
  readonly filtered: number
}

/** Work that the servers do in the background. */
export class BackgroundTask extends Task<BackgroundProgress> {
  /** The job's number on every node. */
  readonly id: bigint
  readonly #info: InfoClient

  /** Made by `execute()` of background work. */
  constructor(info: InfoClient, clock: Clock, id: bigint) {
    super(clock)
    this.#info = info
    this.id = id
  }

  /** @throws QueryTerminatedError when it was aborted, QueryError when it ended otherwise than well */
  override async progress(signal?: AbortSignal): Promise<BackgroundProgress> {
    const command = `query-show:id=${this.id}`
    const total = { percent: 0, succeeded: 0, failed: 0, filtered: 0 }
    let isActive = false
    let nodes = 0
    for (const [node, answer] of await this.#info.askAll(command, signal)) {
      nodes++
      const refusal = parseInfoError(answer)
      if (refusal !== undefined) {
        // Every node has said that it begins: one that knows nothing of it now has ended, and forgotten it.
        if (refusal.code !== RESULT_CODE.KEY_NOT_FOUND_ERROR) throw infoError(command, refusal)
        total.percent += 100
        continue
      }
      const job = parseShownJob(answer)
      if (job.isActive) isActive = true
      else if (job.status !== 'ok') throw this.#ended(node, job.status)
      total.percent += job.progress
      total.succeeded += job.succeeded
      total.failed += job.failed
      total.filtered += job.filtered
    }
    const percent = nodes === 0 ? 0 : total.percent / nodes
    return { ...total, percent, status: isActive ? 'IN_PROGRESS' : 'COMPLETE' }
  }

  #ended(node: string, status: string): Error {
    const code = status.includes('abort') ? RESULT_CODE.QUERY_ABORTED : RESULT_CODE.QUERY_GENERIC
    return errorFromCode(code, { message: `${this.describe()}, node ${node}: ${status}` })
  }

  /** Ends the work on every node; what is done stays done. @returns whether any node was still at it */
  async abort(): Promise<boolean> {
    const command = `query-abort:id=${this.id}`
    let wasActive = false
    for (const answer of (await this.#info.askAll(command)).values()) {
      const refusal = parseInfoError(answer)
      if (refusal === undefined) wasActive = true
      else if (refusal.code !== RESULT_CODE.KEY_NOT_FOUND_ERROR) throw infoError(command, refusal)
    }
    return wasActive
  }

  protected override isOver({ status }: BackgroundProgress): boolean {
    return status === 'COMPLETE'
  }

  protected override describe(): string {
    return `background job ${this.id}`
  }
}
