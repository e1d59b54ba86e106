import {
  type ByteReader,
  type ByteWriter,
  CodecError,
  encodeQueryRequest,
  FRAME_TYPE,
  type FrameType,
  INFO2,
  isLoginLost,
  QueryReply,
  type QueryRequest,
  RESULT_CODE,
} from '@aero/codec'
import { type AttemptFailure, Exchange } from '@aero/transport'
import { errorFromCode } from '../errors.ts'
import type { BackgroundPlan } from '../plan/background-plan.ts'
import { CODE_OF_FAILURE, describeNode } from './attempt-failure.ts'
import type { ChosenIndex } from './choose-index.ts'
import type { CommandNode, Engine } from './engine.ts'

/** What background work is told beside its plan. */
export interface BackgroundPolicy {
  readonly totalTimeoutMs: number
  readonly socketTimeoutMs: number
  readonly durableDelete: boolean
}

/** What became of the start on one node. */
interface Start {
  readonly node: CommandNode
  readonly code: number
  readonly cause: Error | undefined
}

/**
 * Starts a job on every node.
 *
 * @throws AerospikeError when a node refuses or does not answer; in doubt when others may be at work already
 */
export async function startEverywhere(
  engine: Engine,
  nodes: readonly CommandNode[],
  policy: BackgroundPolicy,
  job: { readonly plan: BackgroundPlan; readonly chosen: ChosenIndex; readonly taskId: bigint },
): Promise<void> {
  engine.counters.commands++
  const starts = await Promise.all(
    nodes.map(
      (node) =>
        new Promise<Start>((resolve) => {
          const start = new NodeJob(engine, node, policy, job, resolve)
          start.deadline = engine.clock.now() + policy.totalTimeoutMs
          node.pool.submitExclusive(start)
        }),
    ),
  )
  // A node without records of the set says that it has not found any: nothing is to be done there.
  const isFine = ({ code }: Start): boolean =>
    code === RESULT_CODE.OK || code === RESULT_CODE.KEY_NOT_FOUND_ERROR
  const failed = starts.find((start) => !isFine(start))
  if (failed === undefined) return
  engine.counters.failures++
  const { node, code, cause } = failed
  const elsewhere = starts.some(isFine) ? ', it was started on others' : ''
  const reason = cause === undefined ? '' : `, ${cause.message}`
  throw errorFromCode(code, {
    message: `background job ${job.taskId}, node ${describeNode(node)}${reason}${elsewhere}`,
    node: describeNode(node),
    inDoubt: code < 0 || code === RESULT_CODE.TIMEOUT || starts.some(isFine),
    cause,
  })
}

const REPLY = new QueryReply()

class NodeJob extends Exchange {
  readonly #engine: Engine
  readonly #node: CommandNode
  readonly #request: QueryRequest
  readonly #resolve: (start: Start) => void
  #hasEnteredAgain = false

  constructor(
    engine: Engine,
    node: CommandNode,
    policy: BackgroundPolicy,
    job: { readonly plan: BackgroundPlan; readonly chosen: ChosenIndex; readonly taskId: bigint },
    resolve: (start: Start) => void,
  ) {
    super()
    this.#engine = engine
    this.#node = node
    this.#resolve = resolve
    const { plan, chosen, taskId } = job
    const { query } = plan
    this.#request = {
      namespace: query.namespace,
      setName: query.setName,
      info1: 0,
      info2: INFO2.write | ((plan.durableDelete ?? policy.durableDelete) ? INFO2.durableDelete : 0),
      info3: 0,
      expiration: plan.expiration,
      timeoutMs: 0,
      socketTimeoutMs: policy.socketTimeoutMs,
      recordsPerSecond: query.recordsPerSecond,
      taskId,
      index: chosen.index,
      filter: chosen.filter,
      function: plan.function,
      partitions: undefined,
      maxRecords: 0,
      binNames: [],
      operations: plan.operations,
    }
  }

  override encode(out: ByteWriter): void {
    encodeQueryRequest(out, this.#request)
  }

  override receive(type: FrameType, body: ByteReader): boolean {
    if (type !== FRAME_TYPE.message) throw new CodecError(`frame type ${type} answers a background job`)
    REPLY.begin(body)
    while (REPLY.next()) {
      if (!REPLY.isEnd) continue
      if (isLoginLost(REPLY.resultCode) && this.#entersAgain()) return true
      this.#resolve({ node: this.#node, code: REPLY.resultCode, cause: undefined })
      return true
    }
    return false
  }

  /** The server knows our login no more and has done nothing: once, it is asked again after another login. */
  #entersAgain(): boolean {
    if (this.#hasEnteredAgain || !this.#node.pool.renewLogin(this)) return false
    this.#hasEnteredAgain = true
    this.#engine.counters.retries++
    this.#engine.clock.soon(() => this.#node.pool.submitExclusive(this))
    return true
  }

  override fail({ kind, cause }: AttemptFailure): void {
    if (kind !== 'encode') this.#node.recordError()
    this.#resolve({ node: this.#node, code: CODE_OF_FAILURE[kind], cause })
  }
}
