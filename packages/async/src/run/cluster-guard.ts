import { parseInfoError, printStabilityRequest, RESULT_CODE } from '@aero/codec'
import { AbortError, AerospikeError, errorFromCode } from '../errors.ts'
import { type AggregationPlan, describeAggregation } from '../plan/aggregation-plan.ts'
import { infoError } from './info-client.ts'

/** Time for one node to say whether the cluster is stable, in milliseconds; less where the aggregation itself has less. */
const MOST_WAITING_MS = 5000

/**
 * Sees to it that an aggregation is not believed when partitions have moved meanwhile: its nodes are asked before and after it
 * whether the cluster is stable. Servers then tell a key, which is another one after every node that comes or goes. As long
 * as it is the same everywhere, and nothing moved at the beginning, each partition has had one master all the time.
 */
export class ClusterGuard {
  /** What the nodes are asked, by the info protocol. */
  readonly command: string
  /** Milliseconds that each node may take to answer. */
  readonly timeoutMs: number
  readonly #plan: AggregationPlan
  readonly #nodes: readonly string[]
  #key: string | undefined = undefined

  /**
   * @param nodes those that aggregate
   * @param totalTimeoutMs what the aggregation may take in all; Infinity for no limit
   */
  constructor(plan: AggregationPlan, nodes: readonly { readonly name: string }[], totalTimeoutMs: number) {
    this.#plan = plan
    this.timeoutMs = Math.min(MOST_WAITING_MS, totalTimeoutMs)
    this.#nodes = nodes.map(({ name }) => name)
    // A node that has joined and that we do not know yet would be left out: servers say so when the size is another one.
    this.command = printStabilityRequest(plan.query.namespace, nodes.length)
  }

  /** Takes what the nodes have answered: before the aggregation, and after it. @throws AerospikeError CLUSTER_KEY_MISMATCH unless stable */
  check(answers: ReadonlyMap<string, string>): void {
    const isEnd = this.#key !== undefined
    if (answers.size !== this.#nodes.length || !this.#nodes.every((name) => answers.has(name)))
      throw this.#changed('its nodes are others now', isEnd)
    for (const [node, answer] of answers) {
      const refusal = parseInfoError(answer)
      if (refusal !== undefined) {
        if (refusal.code !== RESULT_CODE.CLUSTER_KEY_MISMATCH)
          throw infoError(this.command, refusal, { name: node })
        throw this.#changed(`node ${node} says '${refusal.text}'`, isEnd)
      }
      this.#key ??= answer
      if (answer !== this.#key) throw this.#changed(`node ${node} knows another one`, isEnd)
    }
  }

  /** The error when a node could not be asked. */
  unanswered(cause: unknown, signal?: AbortSignal): unknown {
    const about = describeAggregation(this.#plan)
    if (signal?.aborted === true)
      return new AbortError(`${about}: the aggregation was aborted`, RESULT_CODE.CLIENT_ERROR, {
        cause: signal.reason,
      })
    if (!AerospikeError.is(cause)) return cause
    const { code, node } = cause
    const message = `${about}: whether the cluster is stable cannot be told: ${cause.message}`
    return errorFromCode(code, { message, node, cause })
  }

  #changed(what: string, isEnd: boolean): AerospikeError {
    const when = isEnd
      ? 'has changed meanwhile, records may be missing or counted twice'
      : 'is changing, nothing was begun'
    const about = describeAggregation(this.#plan)
    return errorFromCode(RESULT_CODE.CLUSTER_KEY_MISMATCH, {
      message: `${about}: the cluster ${when} (${what}); failOnClusterChange: false does without this look`,
    })
  }
}
