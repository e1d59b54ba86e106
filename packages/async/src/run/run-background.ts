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
import { sentOperations } from '../plan/sent-operations.ts'
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

/** A job, as all nodes get it. */
interface Job {
  readonly plan: BackgroundPlan
  readonly chosen: ChosenIndex
  readonly taskId: bigint
}

/** The start of a job on every node. */
export class BackgroundStart {
  readonly #engine: Engine
  readonly #nodes: readonly CommandNode[]
  readonly #policy: BackgroundPolicy
  readonly #job: Job
  readonly #starts: Start[] = []

  constructor(engine: Engine, nodes: readonly CommandNode[], policy: BackgroundPolicy, job: Job) {
    this.#engine = engine
    this.#nodes = nodes
    this.#policy = policy
    this.#job = job
  }

  /** Sends it, and calls `done` when every node has answered or failed to. */
  begin(done: () => void): void {
    const { clock, counters } = this.#engine
    counters.commands++
    const deadline = clock.now() + this.#policy.totalTimeoutMs
    for (const node of this.#nodes) {
      const job = new NodeJob(this.#engine, node, this.#policy, this.#job, (start) => {
        if (this.#starts.push(start) === this.#nodes.length) done()
      })
      job.deadline = deadline
      node.pool.submitExclusive(job)
    }
  }

  /** @throws AerospikeError when a node refused or did not answer; in doubt when others may be at work already */
  checkSucceeded(): void {
    const starts = this.#starts
    const failed = starts.find((start) => !isFine(start))
    if (failed === undefined) return
    this.#engine.counters.failures++
    const { node, code, cause } = failed
    const elsewhere = starts.some(isFine) ? ', it was started on others' : ''
    const reason = cause === undefined ? '' : `, ${cause.message}`
    throw errorFromCode(code, {
      message: `background job ${this.#job.taskId}, node ${describeNode(node)}${reason}${elsewhere}`,
      node: describeNode(node),
      inDoubt: code < 0 || code === RESULT_CODE.TIMEOUT || starts.some(isFine),
      cause,
    })
  }
}

/** A node without records of the set says that it has not found any: nothing is to be done there. */
const isFine = ({ code }: Start): boolean =>
  code === RESULT_CODE.OK || code === RESULT_CODE.KEY_NOT_FOUND_ERROR

const REPLY = new QueryReply()

class NodeJob extends Exchange {
  readonly #engine: Engine
  readonly #node: CommandNode
  readonly #request: QueryRequest
  readonly #ended: (start: Start) => void
  #hasEnteredAgain = false

  constructor(
    engine: Engine,
    node: CommandNode,
    policy: BackgroundPolicy,
    { plan, chosen, taskId }: Job,
    ended: (start: Start) => void,
  ) {
    super()
    this.#engine = engine
    this.#node = node
    this.#ended = ended
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
      operations: sentOperations(plan.operations, engine.cluster.compilesExpressions()),
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
      this.#ended({ node: this.#node, code: REPLY.resultCode, cause: undefined })
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
    this.#ended({ node: this.#node, code: CODE_OF_FAILURE[kind], cause })
  }
}
