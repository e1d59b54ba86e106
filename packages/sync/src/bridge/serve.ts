import type { MessagePort } from 'node:worker_threads'
import { BackgroundTask, type ClusterEvents, IndexTask, ModuleTask, Session, Task } from '@aero/async'
import {
  asConnectError,
  IndexMonitor,
  InfoClient,
  listenTo,
  newEngine,
  openTended,
  SessionCommands,
  type TendedParts,
} from '@aero/async/engine'
import type { ByteReader, FrameType } from '@aero/codec'
import { Behavior, type Logger } from '@aero/config'
import type { Node } from '@aero/tender'
import { type AttemptFailure, systemClock } from '@aero/transport'
import { AttentiveWait } from './attentive-wait.ts'
import {
  ANSWER,
  CONTROL,
  FRAME_FLAG,
  FRAME_FLAG_BITS,
  HEARTBEAT_MS,
  PIECE,
  REQUEST,
  type SharedMemory,
  SLEEP,
  STATE,
  SUBMIT_FLAG,
  SUBMIT_FLAG_BITS,
  sharedMemory,
} from './control.ts'
import { describeError } from './crossing-error.ts'
import { encodeFailure } from './failure-code.ts'
import { OutgoingAnswers } from './outgoing-answers.ts'
import { Pieces } from './pieces.ts'
import type { CallTarget, LogLevel, News, PortAnswer, PortRequest, WorkerStart } from './port-message.ts'
import { type Relay, RelayedExchange } from './relayed-exchange.ts'
import { Ring } from './ring.ts'
import type { NodeImage, TableImage, TopologyImage } from './topology.ts'

/** Serves one calling thread until that closes the bridge. */
export function serve({ buffer, port, news }: WorkerStart): void {
  const memory = sharedMemory(buffer)
  let server: WorkerServer | undefined
  beat(memory, () => server?.lookAtRacks())
  port.on('message', (request: PortRequest) => {
    if (request.kind === 'connect') {
      connect(request, port, news, memory).then((opened) => {
        server = opened
      })
    } else if (request.kind === 'call') void server?.call(request)
    else if (request.kind === 'listen') server?.listen(request.event, news)
    else void close(server, port, memory)
  })
}

async function connect(
  { options, levels }: Extract<PortRequest, { kind: 'connect' }>,
  port: MessagePort,
  news: MessagePort,
  memory: SharedMemory,
): Promise<WorkerServer | undefined> {
  const say = (answer: PortAnswer): void => {
    port.postMessage(answer)
    Atomics.add(memory.control, CONTROL.said, 1)
    knock(memory)
  }
  try {
    const parts = await openTended(options, { logger: loggerOf(levels, news) })
    const server = new WorkerServer(memory, parts, say, options.systemSettings.wakefulWait === 'auto')
    Atomics.store(memory.control, CONTROL.state, STATE.ready)
    say({ kind: 'connected' })
    void server.run()
    return server
  } catch (error) {
    say({ kind: 'failed', error: describeError(asConnectError(error, undefined)) })
    return undefined
  }
}

async function close(
  server: WorkerServer | undefined,
  port: MessagePort,
  memory: SharedMemory,
): Promise<void> {
  await server?.close()
  Atomics.store(memory.control, CONTROL.state, STATE.ended)
  port.postMessage({ kind: 'closed' } satisfies PortAnswer)
  Atomics.add(memory.control, CONTROL.said, 1)
  knock(memory)
  port.close()
}

/** Wakes the calling thread. */
function knock({ control }: SharedMemory): void {
  Atomics.add(control, CONTROL.toCaller, 1)
  if (Atomics.load(control, CONTROL.callerSleeps) === 1) Atomics.notify(control, CONTROL.toCaller)
}

/** Shows the calling thread that the event loop turns; wakes nobody. Calls `also` as often. */
function beat(memory: SharedMemory, also: () => void): void {
  Atomics.add(memory.control, CONTROL.heartbeat, 1)
  also()
  systemClock.after(HEARTBEAT_MS, () => beat(memory, also))
}

function loggerOf(levels: readonly LogLevel[], news: MessagePort): Logger | undefined {
  if (levels.length === 0) return undefined
  const tell = (level: LogLevel, message: string): void =>
    news.postMessage({ kind: 'log', level, message } satisfies News)
  return Object.fromEntries(levels.map((level) => [level, (message: string): void => tell(level, message)]))
}

/** The worker's end of the bridge: puts requests on connections, and answers into the ring. */
class WorkerServer implements Relay {
  readonly #memory: SharedMemory
  readonly #parts: TendedParts
  readonly #say: (answer: PortAnswer) => void
  readonly #requests: Ring
  readonly #answers: OutgoingAnswers
  readonly #pieces = new Pieces()
  readonly #exchanges = new Map<number, RelayedExchange>()
  /** Exchanges whose connections are not read from until the answers that found no room have gone. */
  readonly #held = new Set<RelayedExchange>()
  readonly #info: InfoClient
  readonly #indexes: IndexMonitor
  readonly #session: Session
  readonly #numbers = new Map<Node, number>()
  readonly #nodes = new Map<number, Node>()
  #lastNumber = 0
  /** Racks of all nodes, as the calling thread was told. */
  #racksTold: string | undefined = undefined
  #closed = false
  readonly #attention: AttentiveWait
  /** Its wait is about to begin. */
  #isToAttend = false

  constructor(
    memory: SharedMemory,
    parts: TendedParts,
    say: (answer: PortAnswer) => void,
    staysAwake: boolean,
  ) {
    const { buffer, control } = memory
    this.#memory = memory
    this.#parts = parts
    this.#say = say
    this.#attention = new AttentiveWait(control, staysAwake)
    this.#requests = new Ring({
      ...memory.requests,
      buffer,
      control,
      readWord: CONTROL.requestsRead,
      writtenWord: CONTROL.requestsWritten,
    })
    const answers = new Ring({
      ...memory.answers,
      buffer,
      control,
      readWord: CONTROL.answersRead,
      writtenWord: CONTROL.answersWritten,
    })
    this.#answers = new OutgoingAnswers(answers, control, () => knock(memory))
    const { tended, clock } = parts
    const info = new InfoClient(tended)
    const indexes = new IndexMonitor(info, clock)
    const engine = newEngine(tended, clock)
    this.#info = info
    this.#indexes = indexes
    this.#session = new Session(new SessionCommands(engine, Behavior.DEFAULT), { info, indexes })
    for (const node of tended.nodes()) this.#number(node)
    const changed = (): void => this.#topologyChanged()
    tended.on('node-added', changed)
    tended.on('node-removed', changed)
    tended.on('partitions-changed', changed)
    tended.on('node-suspended', changed)
    tended.on('node-resumed', changed)
    tended.on('disconnected', changed)
    this.#topologyChanged()
  }

  /** Works off what the calling thread asks, until {@link WorkerServer.close}. */
  async run(): Promise<void> {
    const { control } = this.#memory
    while (!this.#closed) {
      const seen = Atomics.load(control, CONTROL.toWorker)
      this.#sendWaiting()
      this.#takeRequests()
      Atomics.store(control, CONTROL.workerSleeps, SLEEP.inLoop)
      const wait = Atomics.waitAsync(control, CONTROL.toWorker, seen)
      if (wait.async) await wait.value
      Atomics.store(control, CONTROL.workerSleeps, SLEEP.awake)
    }
  }

  /**
   * After the last answer that was due: the next request may come at once. The waiter of {@link WorkerServer.run} stays where it is; it is
   * woken by what comes when this thread is known to sleep in its event loop again.
   */
  readonly #attend = (): void => {
    this.#isToAttend = false
    if (this.#closed || this.#exchanges.size > 0) return
    const { control } = this.#memory
    const seen = Atomics.load(control, CONTROL.toWorker)
    if (!this.#answers.areWaiting && !this.#requests.next()) this.#attention.begin(seen)
    Atomics.store(control, CONTROL.workerSleeps, SLEEP.inLoop)
    this.#sendWaiting()
    this.#takeRequests()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#indexes.close()
    await this.#parts.tended.close()
  }

  /** What is rare enough to go as values. */
  async call({ id, target, method, args }: Extract<PortRequest, { kind: 'call' }>): Promise<void> {
    try {
      const callee = this.#callee(target) as {
        readonly [name: string]: (...given: readonly unknown[]) => unknown
      }
      const value = await callee[method]?.(...args)
      // The caller makes a task of its own.
      this.#say({ kind: 'result', id, value: value instanceof Task ? undefined : value })
    } catch (error) {
      this.#say({ kind: 'rejected', id, error: describeError(error) })
    }
  }

  #callee(target: CallTarget): object {
    const { administration, clock, tended } = this.#parts
    const info = this.#info
    switch (target.of) {
      case 'administration':
        return administration
      case 'session':
        return this.#session
      case 'info':
        return this.#session.info()
      case 'indexes':
        return this.#indexes
      case 'background-task':
        return new BackgroundTask(info, clock, target.id)
      case 'index-task':
        return new IndexTask(info, clock, target.namespace, target.name)
      case 'module-task':
        return new ModuleTask(info, clock, target.name, target.isWanted)
      case 'connections':
        return {
          count: () => tended.nodes().reduce((sum, node) => sum + node.pool.stats().connections, 0),
        }
    }
  }

  /** Tells of these events from now on. */
  listen(event: keyof ClusterEvents, news: MessagePort): void {
    listenTo(this.#parts.tended, event, (told) => {
      const { cause, ...others } = told as { readonly cause?: Error }
      const content = { told: others, ...(cause !== undefined && { cause: describeError(cause) }) }
      news.postMessage({ kind: 'event', event, content } satisfies News)
      knock(this.#memory)
    })
  }

  // ---- requests

  #takeRequests(): void {
    const ring = this.#requests
    const { control } = this.#memory
    while (ring.next()) {
      const { kind, id, detail, time } = ring
      if (kind === PIECE) this.#pieces.keep(ring)
      else if (kind === REQUEST.submit) this.#pieces.take(ring)
      ring.done()
      if (Atomics.load(control, CONTROL.requestsWait) === 1) knock(this.#memory)
      switch (kind) {
        case REQUEST.submit:
          this.#submit(id, detail, time)
          break
        case REQUEST.cancel:
          this.#cancel(id, detail !== 0)
          break
        case REQUEST.read:
          this.#read(id, detail !== 0)
          break
        case REQUEST.nodeError:
          this.#nodes.get(detail)?.recordError()
          break
        case REQUEST.wake:
          this.#parts.tended.wake()
          break
        case REQUEST.topology:
          this.#tellTopology()
          break
      }
    }
  }

  #submit(id: number, detail: number, milliseconds: number): void {
    const { clock } = this.#parts
    const node = this.#nodes.get(detail >> SUBMIT_FLAG_BITS)
    if (node === undefined) {
      this.#answers.send(ANSWER.failure, id, encodeFailure('pool-closed', 'queued', false), 0, NO_BYTES)
      return
    }
    const { bytes, size } = this.#pieces
    const exchange = new RelayedExchange(this, id, node, {
      bytes,
      size,
      flags: detail,
      time: milliseconds,
      clock,
    })
    this.#exchanges.set(id, exchange)
    if ((detail & SUBMIT_FLAG.exclusive) !== 0) node.pool.submitExclusive(exchange)
    else node.pool.submit(exchange)
    // The memory of the pieces is about to be used again.
    exchange.keepBytes()
  }

  #cancel(id: number, isNearlyOver: boolean): void {
    const exchange = this.#exchanges.get(id)
    if (exchange === undefined) return
    this.#exchanges.delete(id)
    this.#held.delete(exchange)
    exchange.isNearlyOver = isNearlyOver
    exchange.node.pool.cancel(exchange)
    if (!this.#answers.areWaiting) return
    this.#answers.forget(id)
    this.#releaseHeld()
  }

  #read(id: number, on: boolean): void {
    const exchange = this.#exchanges.get(id)
    if (exchange === undefined) return
    exchange.isHeldByCaller = !on
    exchange.readOrNot()
  }

  // ---- answers

  frame(
    exchange: RelayedExchange,
    type: FrameType,
    body: ByteReader,
    isLast: boolean,
    renewed: boolean,
  ): void {
    if (isLast) {
      this.#exchanges.delete(exchange.id)
      this.#held.delete(exchange)
    }
    const flags = (isLast ? FRAME_FLAG.last : 0) | (renewed ? FRAME_FLAG.loginRenewed : 0)
    const detail = (type << FRAME_FLAG_BITS) | flags
    this.#answers.send(ANSWER.frame, exchange.id, detail, 0, body.bytes, body.position, body.end)
    if (isLast && this.#exchanges.size === 0 && !this.#isToAttend) {
      this.#isToAttend = true
      this.#parts.clock.soon(this.#attend)
    }
    // That nobody keeps up with the answer, or wants it, is heard before more of it is read: a turn of the event loop reads megabytes.
    if (exchange.isStream && !isLast) {
      this.#takeRequests()
      if (this.#exchanges.get(exchange.id) !== exchange) return
    }
    if (isLast || !this.#answers.areWaiting || exchange.isHeldByRing) return
    // What has no room in the ring waits here, but no more than there must: the server is held up.
    exchange.isHeldByRing = true
    this.#held.add(exchange)
    exchange.readOrNot()
  }

  failure(exchange: RelayedExchange, { kind, phase, cause, lateMs = 0 }: AttemptFailure): void {
    this.#exchanges.delete(exchange.id)
    this.#held.delete(exchange)
    const bytes = cause === undefined ? NO_BYTES : TEXT.encode(JSON.stringify(describeError(cause)))
    this.#answers.send(ANSWER.failure, exchange.id, encodeFailure(kind, phase, exchange.sent), lateMs, bytes)
  }

  #sendWaiting(): void {
    if (!this.#answers.areWaiting) return
    this.#answers.sendWaiting()
    this.#releaseHeld()
  }

  /** Reads on where nothing waits any more. */
  #releaseHeld(): void {
    if (this.#answers.areWaiting || this.#held.size === 0) return
    for (const exchange of this.#held) {
      exchange.isHeldByRing = false
      exchange.readOrNot()
    }
    this.#held.clear()
  }

  // ---- the cluster

  #number(node: Node): number {
    let number = this.#numbers.get(node)
    if (number === undefined) {
      number = ++this.#lastNumber
      this.#numbers.set(node, number)
      this.#nodes.set(number, node)
    }
    return number
  }

  /** Tells when nodes have other racks than the calling thread knows: no event does. */
  lookAtRacks(): void {
    if (this.#racksTold !== undefined && this.#racksTold !== this.#racks()) this.#topologyChanged()
  }

  #racks(): string {
    const { tended } = this.#parts
    const namespaces = [...tended.routes().keys()]
    return tended
      .nodes()
      .flatMap((node) => [node.name, ...namespaces.map((name) => node.rackOf(name))])
      .join()
  }

  #topologyChanged(): void {
    const { tended } = this.#parts
    const nodes = tended.nodes()
    for (const [node, number] of this.#numbers) {
      if (nodes.includes(node) || node.isActive) continue
      this.#numbers.delete(node)
      this.#nodes.delete(number)
    }
    Atomics.add(this.#memory.control, CONTROL.topology, 1)
    knock(this.#memory)
  }

  #tellTopology(): void {
    const { tended } = this.#parts
    const version = Atomics.load(this.#memory.control, CONTROL.topology)
    const tables: TableImage[] = []
    for (const { namespace, replicas } of tended.routes().values()) {
      const levels = replicas.map((level) =>
        Int32Array.from(level, (node) => (node === undefined ? 0 : this.#number(node))),
      )
      tables.push({ namespace, levels, isStronglyConsistent: tended.isStronglyConsistent(namespace) })
    }
    const nodes = tended.nodes().map((node): NodeImage => {
      const racks = new Map<string, number>()
      for (const { namespace } of tables) {
        const rack = node.rackOf(namespace)
        if (rack !== undefined) racks.set(namespace, rack)
      }
      const { name, endpoint, build } = node
      return {
        id: this.#number(node),
        name,
        host: endpoint.host,
        port: endpoint.port,
        build,
        racks,
        isSuspended: node.isSuspended,
      }
    })
    const topology: TopologyImage = {
      version,
      isConnected: tended.isConnected(),
      compilesExpressions: tended.compilesExpressions(),
      nodes,
      tables,
    }
    this.#racksTold = this.#racks()
    this.#say({ kind: 'topology', topology })
  }
}

const NO_BYTES = new Uint8Array(0)
const TEXT = new TextEncoder()
