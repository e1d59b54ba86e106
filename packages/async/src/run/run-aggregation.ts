import {
  AggregationReply,
  type ByteReader,
  type ByteWriter,
  CodecError,
  encodeQueryRequest,
  INFO1,
  INFO3,
  isLastAggregationFrame,
  type QueryRequest,
  RESULT_CODE,
  UDF_OPERATION,
} from '@aero/codec'
import { type AggregationPlan, describeAggregation } from '../plan/aggregation-plan.ts'
import { UsageError } from '../plan/usage-error.ts'
import type { ChosenIndex } from './choose-index.ts'
import type { CommandNode, Engine } from './engine.ts'
import { NodeStream, NodeStreams, newTaskId } from './node-streams.ts'
import type { QueryPolicy } from './query-policy.ts'

/** What an aggregation asks of every node. */
export interface AggregationQuestion {
  readonly plan: AggregationPlan
  readonly chosen: ChosenIndex
}

/** @throws UsageError when servers would have to check something of the records, which they do not while they aggregate */
export function checkWhollyIndexed({ filter, explanation }: ChosenIndex): void {
  if (filter === undefined) return
  const { access, filter: text } = explanation
  const left =
    access === 'index'
      ? `the index answers ${explanation.range}, and ${text} is left`
      : `none answers ${text}`
  throw new UsageError(
    `servers check no condition while they aggregate, an index has to answer all of it: ${left}. Create an index, or filter in the function`,
  )
}

/**
 * An aggregation, pulled: `take` gives what the function has given on the nodes, each of which works on the partitions that it is the
 * master of; `arrival` tells when there is something. Nothing is asked again: a node that fails fails the whole.
 */
export class AggregationCommand<T> extends NodeStreams<NodeAggregation> {
  readonly #question: AggregationQuestion
  /** Those that are asked. */
  readonly nodes: readonly CommandNode[]
  readonly #read: (reply: AggregationReply) => T
  readonly #reply = new AggregationReply()
  /** Nodes that have not ended. */
  #open: number

  /** @param read makes something of a message that is a value; called once for each */
  constructor(
    engine: Engine,
    policy: QueryPolicy,
    question: AggregationQuestion,
    nodes: readonly CommandNode[],
    read: (reply: AggregationReply) => T,
    signal: AbortSignal | undefined,
  ) {
    super(engine, policy, signal)
    this.#question = question
    this.nodes = nodes
    this.#read = read
    this.#open = nodes.length
  }

  /** The next thing that is here; the first call begins. `undefined`: none, for now or {@link isOver}. @throws AerospikeError */
  take(): T | undefined {
    if (!this.isStarted) this.start()
    const item = this.#next()
    if (item === undefined) this.throwError()
    return item
  }

  /** There is something to ask: nodes, which have the namespace; and nobody has said that it is to end. */
  get mayBegin(): boolean {
    return this.#isPossible && this.signal?.aborted !== true
  }

  get #isPossible(): boolean {
    return this.nodes.length > 0 && this.engine.cluster.hasNamespace(this.#question.plan.query.namespace)
  }

  override get isOver(): boolean {
    return this.isClosed || this.#open === 0
  }

  protected override begin(): void {
    const { policy } = this
    for (const node of this.nodes)
      this.add(new NodeAggregation(this, node, requestOf(this.#question, policy)))
    // Nobody is asked who was not known at the beginning.
    if (!this.#isPossible) {
      const code = this.nodes.length === 0 ? RESULT_CODE.SERVER_NOT_AVAILABLE : RESULT_CODE.INVALID_NAMESPACE
      this.note({ code, node: undefined, cause: undefined, isMoving: false })
      this.fail()
    } else this.sendWaiting()
  }

  #next(): T | undefined {
    for (;;) {
      if (this.isClosed) return undefined
      if (this.current === undefined) {
        if (!this.nextFrame()) return undefined
        this.#reply.begin(this.body)
      }
      const item = this.#readFrame(this.current as NodeAggregation)
      if (item !== undefined) return item
      this.release()
    }
  }

  #readFrame(stream: NodeAggregation): T | undefined {
    const reply = this.#reply
    const { node } = stream
    try {
      while (reply.next()) {
        if (reply.isEnd) stream.resultCode = reply.resultCode
        else if (reply.isFailure) {
          const cause = new Error(reply.failure())
          this.note({ code: RESULT_CODE.UDF_BAD_RESPONSE, node, cause, isMoving: false })
          this.fail()
          return undefined
        } else {
          this.countItem()
          return this.#read(reply)
        }
      }
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      this.note({ code: RESULT_CODE.PARSE_ERROR, node, cause: error, isMoving: false })
      this.fail()
    }
    return undefined
  }

  protected override settle(stream: NodeAggregation): void {
    const { failure, resultCode: code, node } = stream
    // A node without records of the set says that it has not found any.
    if (failure === undefined && (code === RESULT_CODE.OK || code === RESULT_CODE.KEY_NOT_FOUND_ERROR)) {
      this.#open--
      return
    }
    this.note(failure ?? { code, node, cause: undefined, isMoving: false })
    this.fail()
  }

  protected override where(): string {
    return describeAggregation(this.#question.plan)
  }
}

/** What one node is asked. */
function requestOf({ plan, chosen }: AggregationQuestion, policy: QueryPolicy): QueryRequest {
  const { namespace, setName, recordsPerSecond } = plan.query
  return {
    namespace,
    setName,
    info1: INFO1.read | policy.info1,
    info2: 0,
    info3: INFO3.partitionDone | policy.info3,
    expiration: -1,
    timeoutMs: 0,
    socketTimeoutMs: policy.socketTimeoutMs,
    recordsPerSecond,
    taskId: newTaskId(),
    index: chosen.index,
    filter: undefined,
    function: plan.function,
    udfOperation: UDF_OPERATION.aggregate,
    partitions: undefined,
    maxRecords: 0,
    binNames: [],
    operations: [],
  }
}

class NodeAggregation extends NodeStream {
  readonly #request: QueryRequest

  constructor(owner: AggregationCommand<unknown>, node: CommandNode, request: QueryRequest) {
    super(owner, node)
    this.#request = request
  }

  override encode(out: ByteWriter): void {
    encodeQueryRequest(out, this.#request)
  }

  protected override isLast(body: ByteReader): boolean {
    return isLastAggregationFrame(body)
  }
}
