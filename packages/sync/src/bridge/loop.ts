import { existsSync } from 'node:fs'
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { ConnectionError, RESULT_CODE } from '@aero/async'
import { ByteReader, ByteWriter, type FrameType } from '@aero/codec'
import type { AttemptFailure, Clock, Exchange } from '@aero/transport'
import { AwakeWait, FOR_A_BATCH, FOR_A_RECORD } from './awake-wait.ts'
import {
  ANSWER,
  CONTROL,
  FRAME_FLAG,
  FRAME_FLAG_BITS,
  PIECE,
  REQUEST,
  type SharedMemory,
  SILENCE_MS,
  SLEEP,
  START_MS,
  STATE,
} from './control.ts'
import { type CrossingError, reviveError } from './crossing-error.ts'
import { decodeFailure } from './failure-code.ts'
import { Pieces } from './pieces.ts'
import type { PortAnswer, PortRequest } from './port-message.ts'
import { Ring } from './ring.ts'

/** An attempt that the worker has said nothing of so long after its deadline is given up here. */
const GRACE_MS = 100
/** The longest sleep: after each, the worker's signs of life are looked at. */
const NAP_MS = 1000
/** For a place in the ring that is full. */
const SHORT_NAP_MS = 20

interface Timer {
  readonly due: number
  readonly run: () => void
}

/**
 * The calling thread's end of the bridge: a small event loop that turns only while a call is blocked. Commands hand it their
 * requests and their timers; it sleeps until the worker has something, and gives each answer to the exchange that it is for.
 *
 * It is the clock of the commands too: time that they wait for passes here.
 */
export class BlockingLoop implements Clock {
  /** Hears of what comes at the message port and is for nobody else. */
  onPortAnswer: (answer: PortAnswer) => void = () => {}
  /** Called at each turn. */
  onTurn: () => void = NOTHING
  /** Called before each command. */
  beforeCall: () => void = () => {}
  /** Called before and while a call is blocked when nodes or partitions have changed. */
  onTopologyChange: (version: number) => void = NOTHING
  /** The frame that is being delivered told of a lost login, which has been renewed. */
  loginRenewed = false
  readonly #memory: SharedMemory
  readonly #port: MessagePort
  /** None where no thread is to stay awake. */
  readonly #awakeForRecord: AwakeWait | undefined
  readonly #awakeForBatch: AwakeWait | undefined
  readonly #requests: Ring
  readonly #answers: Ring
  readonly #pieces = new Pieces()
  readonly #out = new ByteWriter(16 * 1024)
  readonly #body = new ByteReader()
  readonly #exchanges = new Map<number, Exchange>()
  #lastId = 0
  #timers: Timer[] = []
  #soon: (() => void)[] = []
  #topologySeen = 0
  /** Of the word `said`. */
  #saidSeen = 0
  #heartbeat = 0
  #heartbeatAt = 0
  #end: Error | undefined = undefined
  #closed = false
  /** Since when this thread has been blocked. */
  #blockedSince = 0

  /** @param staysAwake whether this thread may stay awake for answers that come soon */
  constructor(memory: SharedMemory, port: MessagePort, staysAwake: boolean) {
    const { buffer, control } = memory
    this.#memory = memory
    this.#port = port
    if (staysAwake) {
      this.#awakeForRecord = new AwakeWait(control, FOR_A_RECORD)
      this.#awakeForBatch = new AwakeWait(control, FOR_A_BATCH)
    }
    this.#requests = new Ring({
      ...memory.requests,
      buffer,
      control,
      readWord: CONTROL.requestsRead,
      writtenWord: CONTROL.requestsWritten,
    })
    this.#answers = new Ring({
      ...memory.answers,
      buffer,
      control,
      readWord: CONTROL.answersRead,
      writtenWord: CONTROL.answersWritten,
    })
  }

  // ---- Clock

  now(): number {
    return performance.now()
  }

  after(ms: number, run: () => void): () => void {
    const timer = { due: this.now() + ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer)
    }
  }

  soon(run: () => void): void {
    this.#soon.push(run)
  }

  afterPoll(run: () => void): void {
    this.#soon.push(run)
  }

  // ---- being blocked

  /** Begins something, and is blocked until it calls `done`. @throws ConnectionError when the worker has ended before. */
  finish(begin: (done: () => void) => void): void {
    let done = false
    this.#blockedSince = this.now()
    this.checkAlive()
    this.#lookAtTopology()
    this.beforeCall()
    begin(() => {
      done = true
    })
    while (!done) this.turn(Number.POSITIVE_INFINITY)
  }

  /** Is blocked until `isDone` says so, however long it takes. @throws ConnectionError when the worker ends before. */
  await(isDone: () => boolean): void {
    this.#blockedSince = this.now()
    for (;;) {
      this.checkAlive()
      if (isDone()) return
      this.turn(Number.POSITIVE_INFINITY)
    }
  }

  /** One turn: everything that is there is given out; when that is nothing, it sleeps, at most until `until` by the clock. */
  turn(until: number): void {
    const { control } = this.#memory
    const seen = Atomics.load(control, CONTROL.toCaller)
    if (this.#giveOut()) return
    if (this.isAlive && Atomics.load(control, CONTROL.state) === STATE.ended) {
      this.#ended()
      return
    }
    const now = this.now()
    let wake = Math.min(until, now + NAP_MS)
    for (const { due } of this.#timers) if (due < wake) wake = due
    let awake = this.#awakeForRecord
    let isStreamed = false
    for (const exchange of this.#exchanges.values()) {
      wake = Math.min(wake, this.#givenUpAt(exchange))
      if (exchange.answersInSeveralFrames) awake = this.#awakeForBatch
      if (exchange.isStream) isStreamed = true
    }
    // The answers of queries keep servers and the worker busy: they need the processors.
    if (isStreamed) awake = undefined
    // Whoever is woken in time has nothing to give up, and sees that the worker lives.
    if (wake > now && (awake?.hasCome(seen) || this.#sleep(seen, wake - now))) return
    this.#watch()
  }

  /** Sleeps until there is something for this thread, unless the word is another than `seen` already. `false`: there was nothing. */
  #sleep(seen: number, ms: number): boolean {
    const { control } = this.#memory
    Atomics.store(control, CONTROL.callerSleeps, 1)
    const how = Atomics.wait(control, CONTROL.toCaller, seen, ms)
    Atomics.store(control, CONTROL.callerSleeps, 0)
    return how !== 'timed-out'
  }

  /** Gives out what has come, without waiting. Returns whether there was anything. */
  #giveOut(): boolean {
    let any = this.#takeAnswers()
    this.onTurn()
    this.#lookAtTopology()
    if (this.#timers.length > 0 && this.#runTimers()) any = true
    while (this.#soon.length > 0) {
      const soon = this.#soon
      this.#soon = []
      for (const run of soon) run()
      any = true
    }
    return any
  }

  #runTimers(): boolean {
    const now = this.now()
    if (!this.#timers.some(({ due }) => due <= now)) return false
    const due = this.#timers.filter((timer) => timer.due <= now)
    this.#timers = this.#timers.filter((timer) => timer.due > now)
    for (const { run } of due) run()
    return true
  }

  /**
   * When an attempt is given up that the worker says nothing of. Not before it had a moment to say so, after this thread was elsewhere. A
   * stream lasts as long as its reader takes: the worker ends it when the server is silent, and its command when waiting has taken too long.
   */
  #givenUpAt({ isStream, deadline }: Exchange): number {
    return isStream ? Number.POSITIVE_INFINITY : Math.max(deadline, this.#blockedSince) + GRACE_MS
  }

  /** Gives up what the worker should have given up, and the worker when it shows no life. */
  #watch(): void {
    const now = this.now()
    for (const [id, exchange] of this.#exchanges) {
      if (this.#givenUpAt(exchange) > now) continue
      this.#exchanges.delete(id)
      this.#tellOf(REQUEST.cancel, id, 0)
      exchange.fail({ kind: 'timeout', phase: 'sent' })
    }
    const { control } = this.#memory
    const thread = Atomics.load(control, CONTROL.thread)
    if (thread !== 0 && !existsSync(`/proc/self/task/${thread}`)) {
      this.#ended()
      return
    }
    const heartbeat = Atomics.load(control, CONTROL.heartbeat)
    const patience = heartbeat === 0 ? START_MS : SILENCE_MS
    if (heartbeat !== this.#heartbeat || this.#heartbeatAt === 0) {
      this.#heartbeat = heartbeat
      this.#heartbeatAt = now
    } else if (now - Math.max(this.#heartbeatAt, this.#blockedSince) > patience) {
      this.end(new Error(`the worker thread has shown no sign of life for ${patience / 1000} s`))
    }
  }

  // ---- requests

  /** Sends `exchange` to the worker. The cause when it could not be encoded or found no room in its time. */
  submit(exchange: Exchange, detail: number): void {
    const out = this.#out
    out.position = 0
    exchange.sent = false
    if (this.#end !== undefined || this.#closed) {
      this.#refuse(exchange, { kind: 'pool-closed', phase: 'queued', ...causeOf(this.#end) })
      return
    }
    try {
      exchange.encode(out)
    } catch (error) {
      this.#refuse(exchange, { kind: 'encode', phase: 'queued', cause: error as Error })
      return
    }
    const id = this.#nextId()
    exchange.ticket = id
    if (!this.#send(REQUEST.submit, id, detail, exchange)) {
      this.#refuse(exchange, { kind: 'timeout', phase: 'queued' })
      return
    }
    exchange.sent = true
    this.#exchanges.set(id, exchange)
  }

  /** Nobody waits for the exchange any more. */
  cancel(exchange: Exchange): void {
    if (this.#exchanges.get(exchange.ticket) !== exchange) return
    this.#exchanges.delete(exchange.ticket)
    this.#tellOf(REQUEST.cancel, exchange.ticket, exchange.lastFrameTest === undefined ? 0 : 1)
  }

  /** Whether more of the answer is to come: for who cannot keep up with it. */
  read(exchange: Exchange, on: boolean): void {
    if (this.#exchanges.get(exchange.ticket) !== exchange) return
    this.#tellOf(REQUEST.read, exchange.ticket, on ? 1 : 0)
  }

  /** Sends a message about an exchange, as soon as there is room for it. */
  #tellOf(kind: number, id: number, detail: number): void {
    if (!this.#write(kind, id, detail, 0, 0) && this.isAlive)
      this.after(SHORT_NAP_MS, () => this.#tellOf(kind, id, detail))
  }

  /** Sends a message without bytes. It is dropped when the worker takes nothing. */
  tell(kind: number, detail = 0): void {
    this.#write(kind, 0, detail, 0, 0)
  }

  /** Sends what is rare as values. */
  say(request: PortRequest): void {
    this.#port.postMessage(request)
    this.#wakeWorker()
  }

  #nextId(): number {
    this.#lastId = this.#lastId === 0x7fff_ffff ? 1 : this.#lastId + 1
    return this.#lastId
  }

  #send(kind: number, id: number, detail: number, exchange: Exchange): boolean {
    const { longest } = this.#requests
    const size = this.#out.position
    let at = 0
    for (;;) {
      if (size - at > longest) {
        if (this.#write(PIECE, id, 0, at, at + longest)) {
          at += longest
          continue
        }
      } else if (this.#write(kind, id, detail, at, size, exchange.deadline - this.now())) return true
      if (!this.#waitForRoom(exchange.deadline)) return false
    }
  }

  #write(kind: number, id: number, detail: number, from: number, to: number, time = 0): boolean {
    if (!this.#requests.write(kind, id, detail, time, this.#out.bytes, from, to)) return false
    this.#wakeWorker()
    return true
  }

  #wakeWorker(): void {
    const { control } = this.#memory
    Atomics.add(control, CONTROL.toWorker, 1)
    switch (Atomics.load(control, CONTROL.workerSleeps)) {
      case SLEEP.inLoop:
        Atomics.notify(control, CONTROL.toWorker)
        break
      case SLEEP.blocked:
        Atomics.add(control, CONTROL.toBlockedWorker, 1)
        Atomics.notify(control, CONTROL.toBlockedWorker)
        break
    }
  }

  /** The worker takes requests whatever becomes of the answers, so nothing is given out meanwhile. */
  #waitForRoom(deadline: number): boolean {
    const { control } = this.#memory
    const seen = Atomics.load(control, CONTROL.toCaller)
    const left = deadline - this.now()
    if (left <= 0 || Atomics.load(control, CONTROL.state) === STATE.ended) return false
    Atomics.store(control, CONTROL.requestsWait, 1)
    this.#sleep(seen, Math.min(left, SHORT_NAP_MS))
    Atomics.store(control, CONTROL.requestsWait, 0)
    return true
  }

  /** Never from inside of `submit`: the command that submits is not ready to hear of it. */
  #refuse(exchange: Exchange, failure: AttemptFailure): void {
    this.soon(() => exchange.fail(failure))
  }

  // ---- answers

  #takeAnswers(): boolean {
    const ring = this.#answers
    const { control } = this.#memory
    let any = false
    while (ring.next()) {
      any = true
      const { kind, id, detail, time } = ring
      if (kind === PIECE) this.#pieces.keep(ring)
      else this.#pieces.take(ring)
      ring.done()
      if (Atomics.load(control, CONTROL.answersWait) === 1) this.#wakeWorker()
      if (kind === ANSWER.frame) this.#frame(id, detail)
      else if (kind === ANSWER.failure) this.#failure(id, detail, time)
    }
    return this.#hearAll() || any
  }

  /** What has been said at the port. */
  #hearAll(): boolean {
    const said = Atomics.load(this.#memory.control, CONTROL.said)
    if (said === this.#saidSeen) return false
    this.#saidSeen = said
    let any = false
    for (let answer = receiveMessageOnPort(this.#port); answer !== undefined; ) {
      any = true
      this.#hear(answer.message as PortAnswer)
      answer = receiveMessageOnPort(this.#port)
    }
    return any
  }

  #frame(id: number, detail: number): void {
    const exchange = this.#exchanges.get(id)
    if (exchange === undefined) return
    const { bytes, view, size } = this.#pieces
    const told = (detail & FRAME_FLAG.last) !== 0
    this.loginRenewed = (detail & FRAME_FLAG.loginRenewed) !== 0
    if (told) this.#exchanges.delete(id)
    let failure: AttemptFailure | undefined
    try {
      const isLast = exchange.receive(
        (detail >> FRAME_FLAG_BITS) as FrameType,
        this.#body.reset(bytes, view, 0, size),
      )
      if (isLast === told) return
      failure = { kind: 'decode', phase: 'sent', cause: new Error('the answer ended at another frame') }
    } catch (error) {
      failure = { kind: 'decode', phase: 'sent', cause: error as Error }
    }
    this.cancel(exchange)
    exchange.fail(failure)
  }

  #failure(id: number, detail: number, lateMs: number): void {
    const exchange = this.#exchanges.get(id)
    if (exchange === undefined) return
    this.#exchanges.delete(id)
    const { kind, phase, sent } = decodeFailure(detail)
    const { bytes, size } = this.#pieces
    const text = size === 0 ? undefined : TEXT.decode(bytes.subarray(0, size))
    const cause = text === undefined ? undefined : reviveError(JSON.parse(text) as CrossingError)
    exchange.sent = sent
    exchange.fail({
      kind,
      phase,
      ...causeOf(cause),
      ...(lateMs > 0 && { lateMs }),
    })
  }

  #hear(answer: PortAnswer): void {
    if (answer.kind === 'died') this.end(reviveError(answer.error))
    else this.onPortAnswer(answer)
  }

  #lookAtTopology(): void {
    const version = Atomics.load(this.#memory.control, CONTROL.topology)
    if (version === this.#topologySeen) return
    this.#topologySeen = version
    this.onTopologyChange(version)
  }

  // ---- the end

  /** Whether the worker is there. */
  get isAlive(): boolean {
    return this.#end === undefined && !this.#closed
  }

  /** The bridge was closed in order: requests fail from now on. */
  close(): void {
    this.#closed = true
    this.#failAll(undefined)
  }

  /** The worker is gone: what is under way fails, and every call after it. */
  end(cause: Error): void {
    if (!this.isAlive) return
    this.#end = cause
    this.#failAll(cause)
  }

  #ended(): void {
    this.end(new Error('the worker thread has ended'))
  }

  #failAll(cause: Error | undefined): void {
    const exchanges = [...this.#exchanges.values()]
    this.#exchanges.clear()
    for (const exchange of exchanges) exchange.fail({ kind: 'closed', phase: 'sent', ...causeOf(cause) })
  }

  /** @throws ConnectionError when the cluster was closed, or its worker has ended. */
  checkAlive(): void {
    // What it said at last is heard first.
    if (Atomics.load(this.#memory.control, CONTROL.state) === STATE.ended && this.isAlive) {
      this.#takeAnswers()
      this.#ended()
    }
    if (this.#closed) throw new ConnectionError('the cluster is closed', RESULT_CODE.SERVER_NOT_AVAILABLE, {})
    if (this.#end === undefined) return
    throw new ConnectionError(
      `the worker thread of this cluster has ended: ${this.#end.message}. Connect again`,
      RESULT_CODE.SERVER_NOT_AVAILABLE,
      { cause: this.#end },
    )
  }
}

const TEXT = new TextDecoder()

/** What is called where nobody wants to hear. */
export const NOTHING = (): void => {}

const causeOf = (cause: Error | undefined): { cause?: Error } => (cause === undefined ? {} : { cause })
