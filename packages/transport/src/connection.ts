import { ByteWriter, FrameDecoder } from '@aero/codec'
import type { Clock } from './clock.ts'
import { type ConnectionState, nextConnectionState } from './connection-state.ts'
import type { DeadlineWatch } from './deadlines.ts'
import type { Endpoint } from './endpoint.ts'
import { ConnectFailedError } from './errors.ts'
import type { AttemptFailure, AttemptPhase, Carrier, Exchange } from './exchange.ts'
import { PendingRing } from './pending-ring.ts'
import type { Socket, SocketEvents, SocketOpener } from './socket.ts'
import { WakefulWait } from './wakeful-wait.ts'

/** The send buffer's first size, and the size from which a turn's requests are not held back until its end. */
const SEND_BYTES = 16 * 1024
const FLUSH_BYTES = 128 * 1024
/** A send buffer that grew beyond this is not kept. */
const KEPT_SEND_BYTES = 1024 * 1024
/** With this much unsent while the socket takes no more, no further requests are taken. */
const CONGESTED_BYTES = 256 * 1024
/**
 * From this many in flight a flush waits for the turn's network input to be handled: more requests go out in one write. Below, that
 * wait would be felt.
 */
const DEEP = 48

/** So many must be in flight before requests are held back, and so many times the number of those held. */
const HELD_FROM = 16
const HELD_SHARE = 3
/** More bytes than these are not held. */
const HELD_BYTES = 8 * 1024

/** Who owns connections and hears of their changes. Methods of one object: nothing is allocated for a connection's events. */
export interface ConnectionOwner {
  readonly clock: Clock
  readonly watch: DeadlineWatch
  /** Abandoned requests older than this close the connection; 0: at once. */
  readonly drainDelayMs: number
  /** While `true`, requests in flight do not keep the process alive. */
  readonly background: boolean
  /** Shared connections are told by {@link Connection.rest} when they are idle, which spares the toggling at each request. */
  readonly restsLater: boolean
  /** The event loop may be kept awake for the answer to a request that is alone. */
  readonly waitsAwake: boolean
  connectionOpened(connection: Connection): void
  /** After a read was handled, or the socket drained: there may be room for more. */
  connectionRelieved(connection: Connection): void
  /** It takes no new requests from now on, until it is relieved. */
  connectionStalled(connection: Connection): void
  /** Called once, before the requests in flight are failed. */
  connectionClosed(connection: Connection, wasOpen: boolean, cause: Error | undefined): void
  /** Fails an exchange of which nothing was sent, after this turn. */
  refuse(exchange: Exchange, failure: AttemptFailure): void
  /** A callback of the caller's threw where nobody can be told. */
  defect(error: unknown): void
}

/**
 * One socket and the exchanges on it, answered in the order of their requests.
 *
 * Requests of one turn are encoded one behind another into one buffer and leave in one write. Answers are read where they lie in the
 * receive buffer. In the steady state nothing is allocated here per exchange.
 *
 * An exchange that is given up (timeout, cancel) leaves its slot, and its late answer passes unread. While one that timed out
 * is awaited, the connection takes no new ones; when that lasts longer than the drain delay, it closes, and at once where a write timed
 * out, nothing comes and nobody waits.
 */
export class Connection implements SocketEvents, Carrier {
  readonly endpoint: Endpoint
  /** The pool's: whether many exchanges share this connection. */
  shared: boolean
  /** The pool's: when it was last known to be in use, by the clock. */
  lastUsedAt: number
  /** The pool's: {@link served} when it looked last. */
  servedBefore = 0
  /** The pool's: it stands in the list of those that take requests. */
  placed = false
  /** The pool's: how often logins had been renewed when this connection was opened. */
  loginEpoch = 0
  /** The pool's: it takes no more requests and closes when its answers have come. */
  retired = false
  /** The pool's: it has taken note of the first answer. */
  proven = false
  readonly openedAt: number
  /** Answers that have come in whole. */
  served = 0
  /** It ended because nobody wanted to wait any longer: that says nothing of whether connections can be had. */
  gaveUp = false
  /** Reads from the socket that brought something. */
  progress = 0
  /** The pool's: {@link progress} when it looked last with requests in flight, else -1. */
  progressBefore = -1
  /** The pool's: requests are in flight and nothing has come for a while. */
  slow = false

  readonly #owner: ConnectionOwner
  readonly #socket: Socket
  readonly #frames = new FrameDecoder()
  readonly #ring = new PendingRing()
  readonly #out = new ByteWriter(SEND_BYTES)
  #state: ConnectionState = 'connecting'
  #flushing = false
  #encoding = false
  /** The socket keeps what was written last; until it has drained, requests gather in the buffer. */
  #blocked = false
  /** Requests with tickets from here on have not been written. */
  #unsentFrom = 0
  /** How many requests the last write carried. */
  #flushed = 0
  /** For the answer to a request that is alone in flight. */
  readonly #wait: WakefulWait
  /** The socket keeps the process alive, as it does from the beginning. */
  #held = true
  /** What arrives is taken from the socket. */
  #reads = true
  /** A write that timed out is among those whose answers are still to come. */
  #owesWrite = false
  /** The exchange whose `receive` runs. */
  #receiving: Exchange | undefined = undefined
  #cancelTimer: (() => void) | undefined = undefined
  /** What opening waits for, beyond connecting. */
  #stage = ''

  /**
   * Begins to connect.
   *
   * @param connectTimeoutMs an attempt that takes longer fails
   */
  constructor(
    owner: ConnectionOwner,
    opener: SocketOpener,
    endpoint: Endpoint,
    connectTimeoutMs: number,
    shared: boolean,
  ) {
    this.endpoint = endpoint
    this.shared = shared
    this.#owner = owner
    this.#wait = new WakefulWait(owner.clock)
    this.openedAt = owner.clock.now()
    this.lastUsedAt = this.openedAt
    this.#socket = opener.open(endpoint, this)
    this.#expectOpening(connectTimeoutMs)
    if (owner.background) this.#hold(false)
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Answers still to come, the abandoned ones included. */
  get pending(): number {
    return this.#ring.size
  }

  /** Exchanges that somebody waits for. */
  get live(): number {
    return this.#ring.live
  }

  /** Takes no more for the moment: the other end does not read what was sent. */
  get congested(): boolean {
    return this.#blocked && this.#out.position >= CONGESTED_BYTES
  }

  /**
   * Encodes the request and sends it at the end of this turn. The caller has seen that the state is `open`.
   *
   * A request that cannot be encoded is refused.
   */
  submit(exchange: Exchange): void {
    const out = this.#out
    const start = out.position
    if (this.#encoding) {
      const cause = new Error('encode() must not submit another exchange')
      this.#owner.refuse(exchange, { kind: 'encode', phase: 'queued', cause })
      return
    }
    this.#encoding = true
    try {
      exchange.encode(out)
      if (out.position <= start) throw new Error('encode() wrote nothing')
    } catch (error) {
      out.position = start
      this.#encoding = false
      this.#owner.refuse(exchange, { kind: 'encode', phase: 'queued', cause: asError(error) })
      return
    }
    this.#encoding = false
    const ring = this.#ring
    if (ring.live === 0 && !this.#owner.background) this.#hold(true)
    exchange.carrier = this
    exchange.sent = true
    exchange.ticket = ring.push(exchange)
    if (this.#flushing) {
      if (out.position >= FLUSH_BYTES) this.#flush()
    } else if (this.#flushed === 1 && ring.size === 1) {
      // One after the other, as the last one was: nothing will join it, and the server may begin while this turn goes on.
      this.#flush()
      if (this.shared && this.#owner.waitsAwake && !this.#owner.background) this.#wait.begin()
    } else {
      this.#flushing = true
      if (ring.size > DEEP) this.#owner.clock.afterPoll(this.#flushInTurn)
      else this.#owner.clock.soon(this.#flushInTurn)
    }
  }

  /** Drops the connection; what is in flight fails with kind `kind`. */
  close(kind: 'closed' | 'pool-closed' = 'closed', cause?: Error): void {
    this.#end(cause, kind)
  }

  /** Whether {@link surrender} would give anything. */
  get hasMovable(): boolean {
    return this.#ring.movable().length > 0
  }

  /**
   * Lets go of the exchanges that may be sent again elsewhere, but for the oldest: that one is what the others wait for. Their slots
   * stay, for their late answers.
   */
  surrender(): Exchange[] {
    const movable = this.#ring.movable()
    for (const exchange of movable) {
      // Not counted against the drain delay: what holds them up may have more time than that.
      const isLast = exchange.lastFrameTest ?? NEVER
      this.#ring.abandon(exchange.ticket, { at: Number.POSITIVE_INFINITY, timedOut: false, isLast })
      exchange.carrier = undefined
      exchange.sent = false
    }
    return movable
  }

  /**
   * Whether what arrives is taken. While not, its sender is held up, and nobody notices that the other end has closed. Only for a
   * connection with one exchange; ends with it.
   */
  read(on: boolean): void {
    if (this.#reads === on || this.#state === 'closed') return
    this.#reads = on
    this.#socket.read(on)
  }

  /** Lets the process end, unless somebody waits for an answer. */
  rest(): void {
    if (this.#ring.live === 0) this.#hold(false)
  }

  // ── Carrier ──

  release(exchange: Exchange, timedOut: boolean): AttemptPhase {
    exchange.carrier = undefined
    const owner = this.#owner
    const ring = this.#ring
    // Already taken out: the connection has ended and its exchanges are being failed one by one.
    if (this.#state === 'closed' || !ring.has(exchange.ticket)) return 'sent'
    const isLast = exchange.lastFrameTest
    const at = owner.clock.now()
    this.read(true)
    ring.abandon(exchange.ticket, { at, timedOut, isLast: isLast ?? NEVER })
    if (ring.live === 0) this.#hold(false)
    if (isLast === undefined || owner.drainDelayMs <= 0) {
      this.gaveUp = true
      this.#end(new Error(timedOut ? 'a request timed out' : 'a request was cancelled'))
      return 'sent'
    }
    if (timedOut && !exchange.repeatable) this.#owesWrite = true
    if (this.#owesWrite && this.slow && ring.live === 0) {
      // Nobody waits for anything here, and the server may stand still: one that finds the connection closed when it goes on
      // does not read what waited in it, which is not to be carried out after what is written elsewhere meanwhile.
      this.gaveUp = true
      this.#end(new Error('a write timed out on a server that says nothing'))
      return 'sent'
    }
    if (this.#cancelTimer === undefined) {
      this.#cancelTimer = owner.clock.after(owner.drainDelayMs, this.#checkDrain)
    }
    if (timedOut && this.#state === 'open') {
      this.#state = nextConnectionState(this.#state, 'stalled')
      owner.connectionStalled(this)
    }
    return 'sent'
  }

  relinquish(exchange: Exchange): void {
    if (this.#receiving !== exchange)
      throw new Error('this exchange is live already: it cannot be submitted twice')
    exchange.carrier = undefined
  }

  // ── SocketEvents ──

  socketAdvanced(stage: string, ms?: number): void {
    if (this.#state !== 'connecting') return
    this.#stage = stage
    if (ms !== undefined) this.#expectOpening(ms)
  }

  socketOpened(): void {
    if (this.#state !== 'connecting') return
    this.#stopTimer()
    this.#state = nextConnectionState(this.#state, 'opened')
    this.#hold(false)
    this.#owner.connectionOpened(this)
  }

  socketBytes(chunk: Uint8Array, length: number): void {
    if (this.#state === 'closed') return
    const frames = this.#frames
    this.progress++
    this.slow = false
    this.#wait.end()
    frames.push(chunk, length)
    for (;;) {
      try {
        if (!frames.next()) break
      } catch (error) {
        this.#endByGarbage(asError(error))
        return
      }
      this.#deliver()
      // Whatever `receive` ran may have closed this connection.
      if (this.#isClosed()) return
    }
    frames.settle()
    if (this.#out.position > 0 && !this.#flushing) {
      // Held before; whoever waits for these answers may ask for more in this turn.
      this.#flushing = true
      this.#owner.clock.soon(this.#flushInTurn)
    }
    if (this.#state === 'draining' && this.#ring.timedOutCount === 0) {
      this.#state = nextConnectionState(this.#state, 'drained')
    }
    if (this.#ring.live === 0 && !(this.shared && this.#owner.restsLater)) this.#hold(false)
    if (this.#cancelTimer !== undefined && this.#ring.abandonedCount === 0) {
      this.#owesWrite = false
      this.#stopTimer()
    }
    this.#owner.connectionRelieved(this)
  }

  socketDrained(): void {
    if (this.#state === 'closed') return
    this.#blocked = false
    this.#flush()
    if (!this.#isClosed()) this.#owner.connectionRelieved(this)
  }

  socketClosed(cause: Error | undefined): void {
    this.#end(cause)
  }

  // ── Within ──

  /** One frame to the oldest exchange. */
  #deliver(): void {
    const ring = this.#ring
    const { type, body } = this.#frames
    if (ring.size === 0) {
      this.#end(new Error('the server sent a frame that nobody asked for'))
      return
    }
    const exchange = ring.head()
    const ticket = ring.headTicket
    let isLast = false
    if (exchange === undefined) {
      try {
        isLast = ring.headAbandoned()?.isLast(type, body) ?? true
      } catch (error) {
        this.#end(asError(error))
        return
      }
      if (isLast) this.#served()
      return
    }
    this.#receiving = exchange
    let failure: AttemptFailure | undefined
    try {
      isLast = exchange.receive(type, body)
    } catch (error) {
      failure = { kind: 'decode', phase: 'sent', cause: asError(error) }
    }
    this.#receiving = undefined
    // `receive` may have submitted the exchange again, cancelled it, or closed this connection.
    const stillHere = exchange.carrier === this && exchange.ticket === ticket
    if (failure !== undefined) {
      if (stillHere) exchange.carrier = undefined
      this.#end(failure.cause)
      if (stillHere) this.#fail(exchange, failure)
    } else if (isLast) {
      if (stillHere) {
        exchange.carrier = undefined
        this.#owner.watch.remove(exchange)
      }
      if (this.#state !== 'closed') this.#served()
    } else if (this.#state === 'closed') {
      if (stillHere) this.#fail(exchange, { kind: 'closed', phase: 'sent' })
    } else if (!stillHere && ring.head() === exchange) {
      // Submitted again although more of the old answer is to come.
      this.#end(new Error('an exchange was submitted again before its answer was complete'))
    }
  }

  /** The oldest slot has had its answer. */
  #served(): void {
    this.read(true)
    this.#ring.shift()
    this.served++
  }

  readonly #flushInTurn = (): void => {
    this.#flushing = false
    if (!this.#isWorthHolding()) this.#flush()
  }

  /**
   * Whether what is written may wait for more. The server works through the requests of a connection one by one, so while it has
   * several times as many of them, those that are not there yet could not be begun: they can as well leave together. The next
   * answer brings this up again.
   */
  #isWorthHolding(): boolean {
    const ring = this.#ring
    const unsent = ring.nextTicket - this.#unsentFrom
    const sent = ring.size - unsent
    return sent >= HELD_FROM && unsent * HELD_SHARE < sent && this.#out.position < HELD_BYTES
  }

  #flush(): void {
    const out = this.#out
    const length = out.position
    if (length === 0 || this.#blocked || this.#state === 'closed') return
    this.#flushed = this.#ring.nextTicket - this.#unsentFrom
    this.#unsentFrom = this.#ring.nextTicket
    const reusable = this.#socket.write(out.bytes, length)
    out.position = 0
    if (!reusable) this.#blocked = true
    if (!reusable || out.bytes.length > KEPT_SEND_BYTES) {
      // The socket keeps the memory, or it is too much to keep.
      out.bytes = new Uint8Array(SEND_BYTES)
      out.view = new DataView(out.bytes.buffer)
    }
  }

  readonly #checkDrain = (): void => {
    this.#cancelTimer = undefined
    const owner = this.#owner
    const due = this.#ring.oldestAbandonedAt() + owner.drainDelayMs
    if (due === Number.POSITIVE_INFINITY) return
    const now = owner.clock.now()
    // A look at the network first, as with deadlines.
    if (due <= now) owner.clock.afterPoll(this.#endUndrained)
    else this.#cancelTimer = owner.clock.after(due - now, this.#checkDrain)
  }

  readonly #endUndrained = (): void => {
    if (this.#state === 'closed') return
    const { clock, drainDelayMs } = this.#owner
    if (this.#ring.oldestAbandonedAt() + drainDelayMs > clock.now()) this.#checkDrain()
    else this.#end(new Error(`no answer to an abandoned request for ${drainDelayMs} ms`))
  }

  /** The stream is out of step: the exchange whose answer this should be fails with `decode`, the ones behind it with `closed`. */
  #endByGarbage(cause: Error): void {
    const head = this.#ring.head()
    this.#end(cause, 'closed', head)
  }

  /** The one way to the end. `garbled` is the exchange whose answer could not be read. */
  #end(cause: Error | undefined, kind: 'closed' | 'pool-closed' = 'closed', garbled?: Exchange): void {
    if (this.#state === 'closed') return
    const wasOpen = this.#state !== 'connecting'
    this.#state = nextConnectionState(this.#state, 'ended')
    this.#wait.cancel()
    this.#stopTimer()
    const unsentFrom = this.#unsentFrom
    const inFlight = this.#ring.takeAll()
    this.#out.position = 0
    this.#socket.close()
    this.#owner.connectionClosed(this, wasOpen, cause)
    if (inFlight.length === 0) return
    const sent: AttemptFailure =
      cause === undefined ? { kind, phase: 'sent' } : { kind, phase: 'sent', cause }
    const unsent: AttemptFailure = { ...sent, phase: 'queued' }
    for (const exchange of inFlight) {
      // Cancelled or submitted again by the `fail` of one before it, or just now receiving (then #deliver ends it).
      if (exchange.carrier !== this || exchange === this.#receiving) continue
      if (exchange.ticket >= unsentFrom) {
        exchange.sent = false
        this.#fail(exchange, unsent)
      } else if (exchange === garbled && cause !== undefined) {
        this.#fail(exchange, { kind: 'decode', phase: 'sent', cause })
      } else this.#fail(exchange, sent)
    }
  }

  #fail(exchange: Exchange, failure: AttemptFailure): void {
    exchange.carrier = undefined
    this.#owner.watch.remove(exchange)
    try {
      exchange.fail(failure)
    } catch (error) {
      this.#owner.defect(error)
    }
  }

  /** Opening, or its present stage, may take so long. */
  #expectOpening(ms: number): void {
    this.#stopTimer()
    this.#cancelTimer = this.#owner.clock.after(ms, () => {
      const awaited = this.#stage === '' ? 'no connection' : `no end of the ${this.#stage}`
      this.#end(new ConnectFailedError(this.endpoint, `${awaited} within ${ms} ms`))
    })
  }

  #hold(on: boolean): void {
    if (this.#held === on) return
    this.#held = on
    this.#socket.hold(on)
  }

  #stopTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  /** A method, because the compiler would take `#state` for unchanged by the calls before. */
  #isClosed(): boolean {
    return this.#state === 'closed'
  }
}

const NEVER = (): boolean => false

/** What was thrown, as an `Error`. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
