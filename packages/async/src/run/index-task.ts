import { parseInfoError, parseInfoPairs, RESULT_CODE } from '@aero/codec'
import type { Clock } from '@aero/transport'
import { type InfoClient, infoError } from './info-client.ts'
import { Task } from './task.ts'

/** An index that is being built. */
export class IndexTask extends Task<number> {
  readonly namespace: string
  readonly name: string
  readonly #info: InfoClient

  /** Made by `create()` of an index builder. */
  constructor(info: InfoClient, clock: Clock, namespace: string, name: string) {
    super(clock)
    this.#info = info
    this.namespace = namespace
    this.name = name
  }

  /** Percent built, 0 to 100: that of the node which is least far. */
  override async progress(signal?: AbortSignal): Promise<number> {
    const command = `sindex-stat:namespace=${this.namespace};indexname=${this.name}`
    let least = 100
    for (const answer of (await this.#info.askAll(command, signal)).values()) {
      const refusal = parseInfoError(answer)
      // The news has not reached that node yet.
      if (refusal?.code === RESULT_CODE.INDEX_NOTFOUND) least = 0
      else if (refusal !== undefined) throw infoError(command, refusal)
      else least = Math.min(least, Number(parseInfoPairs(answer)['load_pct'] ?? 100))
    }
    return least
  }

  protected override isOver(progress: number): boolean {
    return progress >= 100
  }

  protected override describe(): string {
    return `the building of index ${this.namespace}:${this.name}`
  }
}
