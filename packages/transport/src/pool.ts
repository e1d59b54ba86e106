import type { Clock } from './clock.ts'
import { asError, Connection, type ConnectionOwner } from './connection.ts'
import { type DeadlineWatch, throwLater } from './deadlines.ts'
import type { Endpoint } from './endpoint.ts'
import { ConnectFailedError, ConnectionClosedError } from './errors.ts'
import type { AttemptFailure, AttemptPhase, Exchange } from './exchange.ts'
import { OpenPace } from './open-pace.ts'
import type { PoolOptions, PoolStats, ResolvedPoolOptions } from './pool-options.ts'
import { nextToOpen } from './pool-state.ts'
import { Refusals } from './refusals.ts'
import { WaitingLine } from './waiting-line.ts'

/** Attempts to connect that run at the same time, at most. */
const CONCURRENT_OPENS = 8
/** A connection that ends without an answer within this time counts as a failed attempt. */
const FRUITLESS_MS = 5000

interface Warming {
  readonly count: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * The connections to one node.
 *
 * Some are *shared*: many exchanges in flight on each, the least loaded one takes the next. The others are *exclusive*: one
 * exchange at a time, for what is slow or must not delay others. An idle connection changes its kind where that avoids
 * waiting.
 *
 * What finds no connection waits, bounded by its deadline and by the queue limit. When none can be opened, what waits fails with
 * kind `connect`, and so does what is submitted until the next attempt is due: another node may do better.
 *
 * @example
 * ```ts
 * import { DeadlineWatch, Endpoint, Pool, systemClock, TcpSocketOpener } from '@aero/transport'
 *
 * const clock = systemClock
 * const pool = new Pool({
 *   endpoint: new Endpoint('127.0.0.1', 3000),
 *   opener: new TcpSocketOpener(),
 *   clock,
 *   watch: new DeadlineWatch(clock),
 * })
 * console.log(pool.stats().connections) // 0: they are opened when first needed, or by warm()
 * pool.close()
 * ```
 */
export class Pool implements ConnectionOwner {
  readonly endpoint: Endpoint
  readonly clock: Clock
  readonly watch: DeadlineWatch
  readonly drainDelayMs: number
  readonly restsLater: boolean
  readonly waitsAwake: boolean
  /** While `true`, requests in flight do not keep the process alive. For work that no caller waits for. */
  background = false

  readonly #options: ResolvedPoolOptions
  readonly #pipelined: boolean
  readonly #sharedLimit: number
  readonly #pipelineDepth: number
  readonly #stallMs: number
  readonly #pace: OpenPace
  /** All connections that are not closed. */
  readonly #connections = new Set<Connection>()
  /** Shared and open. Few. The first ones are used first, so the last ones fall idle. */
  readonly #shared: Connection[] = []
  /** When each shared connection has this many in flight, another is opened. */
  #depthToOpen = Number.POSITIVE_INFINITY
  /** Exclusive, open and idle; the last one was used last and is used next. */
  readonly #idle: Connection[] = []
  readonly #sharedLine: WaitingLine = new WaitingLine(() => this.#waitingPhase())
  readonly #exclusiveLine: WaitingLine = new WaitingLine(() => this.#waitingPhase())
  readonly #refusals: Refusals
  #warmings: Warming[] = []
  #openingShared = 0
  #openingExclusive = 0
  #cancelPause: (() => void) | undefined = undefined
  /** Set while progress is watched, which is while something is in flight on a shared connection. */
  #cancelStallWatch: (() => void) | undefined = undefined
  #closed = false
  /** How often logins were renewed. */
  #loginEpoch = 0
  #attempts = 0
  #failedAttempts = 0
  #ended = 0

  constructor(options: PoolOptions) {
    const { clock } = options
    const resolved: ResolvedPoolOptions = {
      pipelining: 'auto',
      wakefulWait: 'auto',
      sharedConnections: 4,
      openThreshold: 8,
      pipelineDepth: 512,
      maxConnections: 100,
      minConnections: 0,
      maxIdleMs: 55_000,
      connectTimeoutMs: 1000,
      drainDelayMs: 3000,
      stallMs: 20,
      queueLimit: 65_536,
      longestPauseMs: 1000,
      random: Math.random,
      onTrouble: () => {},
      onDefect: (error) => throwLater(clock, error),
      ...options,
    }
    this.#options = resolved
    this.endpoint = resolved.endpoint
    this.clock = clock
    this.watch = resolved.watch
    this.drainDelayMs = resolved.drainDelayMs
    this.#pipelined = resolved.pipelining === 'auto' && resolved.opener.pipelines !== false
    // One is left for exclusive use where there is more than one.
    this.#sharedLimit = Math.max(1, Math.min(resolved.sharedConnections, resolved.maxConnections - 1))
    this.#pipelineDepth = resolved.pipelineDepth
    this.#refusals = new Refusals(clock, resolved.watch, resolved.onDefect)
    this.#stallMs = resolved.stallMs
    this.restsLater = resolved.stallMs > 0
    this.waitsAwake = resolved.wakefulWait === 'auto'
    this.#pace = new OpenPace(resolved.random, resolved.longestPauseMs)
  }

  /**
   * Sends `exchange` on a shared connection (or, when pipelining is off, on one of its own). Set its `deadline` before.
   *
   * @throws Error when `exchange` is live already
   */
  submit(exchange: Exchange): void {
    if (!this.#pipelined) {
      this.submitExclusive(exchange)
      return
    }
    exchange.carrier?.relinquish(exchange)
    exchange.sent = false
    if (this.#sharedLine.size === 0) {
      const connection = this.#leastLoaded()
      if (connection !== undefined) {
        this.watch.add(exchange)
        connection.submit(exchange)
        if (this.#cancelStallWatch === undefined) this.#watchForStalls()
        return
      }
    }
    this.#wait(this.#sharedLine, exchange)
  }

  /**
   * Sends `exchange` on a connection that nothing else uses until it has ended. Set its `deadline` before.
   *
   * @throws Error when `exchange` is live already
   */
  submitExclusive(exchange: Exchange): void {
    exchange.carrier?.relinquish(exchange)
    exchange.sent = false
    if (this.#exclusiveLine.size === 0) {
      const connection = this.#takeIdle()
      if (connection !== undefined) {
        this.watch.add(exchange)
        connection.submit(exchange)
        if (connection.pending === 0) this.#place(connection)
        return
      }
    }
    this.#wait(this.#exclusiveLine, exchange)
  }

  /**
   * Gives up on `exchange`: it hears nothing more. When it was sent already the server may still act on it; its answer is
   * discarded. Nothing happens when it has ended.
   */
  cancel(exchange: Exchange): void {
    const { carrier } = exchange
    if (carrier === undefined) return
    this.watch.remove(exchange)
    carrier.release(exchange, false)
  }

  /**
   * Stops or resumes taking the answer to `exchange`, which was submitted for exclusive use and is being answered: for who cannot
   * keep up with it. While stopped its deadline does not count; when resumed it ends at `deadline`. Nothing happens when it has ended.
   */
  read(exchange: Exchange, on: boolean, deadline: number): void {
    const { carrier } = exchange
    if (!(carrier instanceof Connection) || carrier.shared) return
    exchange.deadline = on ? deadline : Number.POSITIVE_INFINITY
    this.watch.add(exchange)
    carrier.read(on)
  }

  /**
   * Opens connections until `count` are open (at most the limit), so that the first requests need not wait for a handshake.
   *
   * @throws ConnectFailedError (rejects) when none is open and none can be opened; ConnectionClosedError when the pool is closed
   * meanwhile
   */
  warm(count: number): Promise<void> {
    if (this.#closed) return Promise.reject(new ConnectionClosedError(this.endpoint, 'the pool is closed'))
    const wanted = Math.min(count, this.#options.maxConnections)
    if (this.#openCount() >= wanted) return Promise.resolve()
    if (this.#isHopeless()) return Promise.reject(this.#connectFailed())
    return new Promise((resolve, reject) => {
      this.#warmings.push({ count: wanted, resolve, reject })
      this.#balance()
    })
  }

  /**
   * Closes connections that were not used for too long, and opens some when there are fewer than the minimum. To be called about
   * once a second.
   */
  reap(): void {
    if (this.#closed) return
    const now = this.clock.now()
    for (const connection of this.#connections) {
      if (connection.served !== connection.servedBefore) {
        connection.servedBefore = connection.served
        connection.lastUsedAt = now
      } else if (connection.state === 'open' && connection.pending === 0 && this.#isTooOld(connection, now)) {
        // Also those of the minimum: the server is about to close them. They are replaced below.
        this.#discard(connection)
      }
    }
    this.#balance()
  }

  /**
   * To be called while `exchange` receives an answer that says the server knows the session no more: its connections take no more
   * requests, keep those under way, and are replaced by ones that log in anew. Once, however many are told so.
   *
   * @returns `false` where there are no logins
   */
  renewLogin(exchange: Exchange): boolean {
    const { opener } = this.#options
    if (opener.forgetSession === undefined || this.#closed) return false
    const connection = exchange.carrier
    if (!(connection instanceof Connection)) return true
    if (connection.loginEpoch === this.#loginEpoch) {
      this.#loginEpoch++
      opener.forgetSession(this.endpoint)
      for (const each of [...this.#connections]) if (each.state !== 'connecting') this.#retire(each)
    } else this.#retire(connection)
    return true
  }

  /** Counts, exact at this moment. */
  stats(): PoolStats {
    let draining = 0
    let inFlight = 0
    let exclusiveBusy = 0
    for (const connection of this.#connections) {
      if (connection.state === 'draining') draining++
      else if (connection.state === 'open' && !connection.shared && connection.pending > 0) exclusiveBusy++
      inFlight += connection.live
    }
    return {
      connections: this.#connections.size,
      connecting: this.#openingShared + this.#openingExclusive,
      shared: this.#shared.length,
      exclusiveIdle: this.#idle.length,
      exclusiveBusy,
      draining,
      queued: this.#sharedLine.size + this.#exclusiveLine.size,
      inFlight,
      attempts: this.#attempts,
      failedAttempts: this.#failedAttempts,
      ended: this.#ended,
    }
  }

  /** Closes everything at once. What waits or is in flight fails with kind `pool-closed`. */
  close(): void {
    if (this.#closed) return
    const phase = this.#waitingPhase()
    this.#closed = true
    this.#stopPause()
    this.#cancelStallWatch?.()
    this.#shared.length = 0
    this.#idle.length = 0
    const warmings = this.#warmings
    this.#warmings = []
    for (const { reject } of warmings) {
      reject(new ConnectionClosedError(this.endpoint, 'the pool was closed'))
    }
    for (const connection of [...this.#connections]) connection.close('pool-closed')
    this.#failWaiting({ kind: 'pool-closed', phase })
  }

  // ── ConnectionOwner ──

  connectionOpened(connection: Connection): void {
    if (connection.shared) this.#openingShared--
    else this.#openingExclusive--
    if (connection.loginEpoch !== this.#loginEpoch) {
      // It may have come in by the session that was refused meanwhile.
      this.#discard(connection)
      this.#balance()
      return
    }
    connection.lastUsedAt = this.clock.now()
    this.#place(connection)
    if (connection.shared) this.#rescue()
    if (this.#warmings.length > 0) {
      const open = this.#openCount()
      const done = this.#warmings.filter(({ count }) => count <= open)
      this.#warmings = this.#warmings.filter(({ count }) => count > open)
      for (const { resolve } of done) resolve()
    }
    this.#balance()
  }

  connectionRelieved(connection: Connection): void {
    if (!connection.proven && connection.served > 0) {
      connection.proven = true
      this.#pace.proven()
    }
    if (connection.retired) {
      if (connection.pending === 0) this.#retire(connection)
    } else if (!connection.placed) {
      if (connection.state !== 'open' || !(connection.shared || connection.pending === 0)) return
      this.#place(connection)
    } else if (connection.shared) {
      if (this.#sharedLine.size > 0) this.#serveShared()
      if (this.#exclusiveLine.size > 0) this.#lendShared(connection)
    }
  }

  connectionStalled(connection: Connection): void {
    if (connection.placed) this.#unplace(connection)
    if (this.#sharedLine.size > 0) this.#balance()
  }

  connectionClosed(connection: Connection, wasOpen: boolean, cause: Error | undefined): void {
    if (!this.#connections.delete(connection)) return
    if (connection.placed) this.#unplace(connection)
    if (wasOpen) this.#ended++
    else {
      this.#failedAttempts++
      if (connection.shared) this.#openingShared--
      else this.#openingExclusive--
    }
    if (this.#closed) return
    const now = this.clock.now()
    const isFruitless = connection.served === 0 && now - connection.openedAt < FRUITLESS_MS
    const failed = !wasOpen || (isFruitless && !connection.gaveUp)
    if (failed) this.#pace.failed(now, cause)
    this.#trouble(cause)
    if (failed && this.#isStranded()) this.#failStranded()
    this.#balance()
  }

  refuse(exchange: Exchange, failure: AttemptFailure): void {
    this.#refusals.add(exchange, failure)
  }

  defect(error: unknown): void {
    this.#options.onDefect(error)
  }

  // ── Choosing ──

  /** The shared connection with the fewest in flight; `undefined` when none takes more. A slow one only when all are. */
  #leastLoaded(): Connection | undefined {
    const shared = this.#shared
    let best: Connection | undefined
    let least = this.#pipelineDepth
    let considered = 0
    for (let index = 0; index < shared.length; index++) {
      const connection = shared[index] as Connection
      if (connection.slow) continue
      considered++
      const { pending } = connection
      if (pending < least && !connection.congested) {
        best = connection
        least = pending
        if (pending === 0) break
      }
      // More than the limit were opened while others were slow: those are to fall idle again.
      if (considered === this.#sharedLimit) break
    }
    if (considered === 0 && shared.length > 0) return this.#leastSlow()
    if (least >= this.#depthToOpen) this.#openAnotherShared()
    else if (least === 0 && best !== undefined && this.#isStale(best)) {
      this.#discard(best)
      return this.#leastLoaded()
    }
    return best
  }

  /** All are slow: the one with the fewest in flight, while another is opened. */
  #leastSlow(): Connection | undefined {
    this.#openAnotherShared()
    let best: Connection | undefined
    let least = this.#pipelineDepth
    for (const connection of this.#shared) {
      if (connection.pending >= least || connection.congested) continue
      best = connection
      least = connection.pending
    }
    return best
  }

  // ── Requests that hold up others ──

  #watchForStalls(): void {
    if (this.#stallMs === 0 || this.#closed) return
    // The network first: a loop that was blocked must not take answers that are waiting for a stall.
    this.#cancelStallWatch = this.clock.after(this.#stallMs, () => this.clock.afterPoll(this.#lookForStalls))
  }

  readonly #lookForStalls = (): void => {
    this.#cancelStallWatch = undefined
    if (this.#closed) return
    let busy = false
    let slow = false
    for (const connection of this.#shared) {
      if (connection.pending === 0) {
        connection.slow = false
        connection.progressBefore = -1
        connection.rest()
        continue
      }
      busy = true
      if (connection.progressBefore === connection.progress) {
        connection.slow = true
        slow = true
      }
      connection.progressBefore = connection.progress
    }
    if (slow) this.#rescue()
    if (busy) this.#watchForStalls()
  }

  /** Sends again, on connections that get answers, the reads that wait behind the oldest request of one that does not. */
  #rescue(): void {
    const stuck = this.#shared.filter((connection) => connection.slow)
    if (stuck.length === 0) return
    if (stuck.length === this.#shared.length) {
      if (stuck.some((connection) => connection.hasMovable)) this.#openAnotherShared()
      return
    }
    for (const connection of stuck) {
      for (const exchange of connection.surrender()) {
        const target = this.#leastLoaded()
        if (target === undefined) this.#sharedLine.push(exchange)
        else target.submit(exchange)
      }
    }
  }

  /** The idle connection used last; `undefined` when there is none. */
  #takeIdle(): Connection | undefined {
    for (let index = this.#idle.length - 1; index >= 0; index--) {
      const connection = this.#idle[index] as Connection
      this.#unplace(connection)
      if (!this.#isStale(connection)) return connection
      this.#discard(connection)
    }
    return this.#connections.size < this.#options.maxConnections ? undefined : this.#convertShared()
  }

  /** At the limit, an idle shared connection is lent to those that wait for one of their own. */
  #lendShared(connection: Connection): void {
    if (this.#connections.size < this.#options.maxConnections) this.#balance()
    else if (connection.pending === 0 && connection.placed && this.#sharedLine.size === 0) {
      this.#unplace(connection)
      connection.shared = false
      this.#place(connection)
    }
  }

  /** Takes an idle shared connection for exclusive use. */
  #convertShared(): Connection | undefined {
    if (this.#sharedLine.size > 0) return undefined
    for (let index = this.#shared.length - 1; index >= 0; index--) {
      const connection = this.#shared[index] as Connection
      if (connection.pending > 0) continue
      this.#unplace(connection)
      connection.shared = false
      return connection
    }
    return undefined
  }

  /**
   * Whether an idle connection was idle for so long that the server has probably closed it, even if nobody told: after a suspended
   * process wakes, the news comes later than the first request. Notes the use otherwise.
   */
  #isStale(connection: Connection): boolean {
    const now = this.clock.now()
    if (this.#isTooOld(connection, now)) return true
    connection.lastUsedAt = now
    return false
  }

  #isTooOld(connection: Connection, now: number): boolean {
    return now - connection.lastUsedAt > this.#options.maxIdleMs
  }

  // ── Serving those that wait ──

  #wait(line: WaitingLine, exchange: Exchange): void {
    if (this.#closed) this.refuse(exchange, { kind: 'pool-closed', phase: 'queued' })
    else if (this.#isHopeless()) {
      this.refuse(exchange, { kind: 'connect', phase: 'connecting', cause: this.#connectFailed() })
    } else if (this.#sharedLine.size + this.#exclusiveLine.size >= this.#options.queueLimit) {
      this.refuse(exchange, { kind: 'queue-full', phase: 'queued' })
    } else {
      this.watch.add(exchange)
      line.push(exchange)
      const idle = this.#idle.at(-1)
      if (line === this.#sharedLine && this.#shared.length === 0 && idle !== undefined) {
        // Sooner than a new one, and at the limit the only way.
        this.#unplace(idle)
        if (this.#isStale(idle)) this.#discard(idle)
        else this.#place(idle)
      }
      this.#balance()
    }
  }

  /** Puts an open connection where it is wanted. */
  #place(connection: Connection): void {
    if (this.#closed || connection.state !== 'open') return
    if (connection.pending === 0) {
      if (connection.shared) {
        if (this.#exclusiveLine.size > 0 && this.#sharedLine.size === 0 && this.#shared.length > 0) {
          connection.shared = false
        }
      } else if (this.#sharedLine.size > 0 && this.#exclusiveLine.size === 0) {
        connection.shared = this.#shared.length < this.#sharedLimit
      }
    }
    if (connection.shared) {
      connection.placed = true
      this.#shared.push(connection)
      this.#sharedChanged()
      if (this.#sharedLine.size > 0) this.#serveShared()
      return
    }
    while (this.#exclusiveLine.size > 0) {
      const exchange = this.#nextWaiting(this.#exclusiveLine)
      if (exchange === undefined) break
      connection.submit(exchange)
      if (connection.pending > 0 || connection.state !== 'open') return
    }
    connection.placed = true
    this.#idle.push(connection)
  }

  #unplace(connection: Connection): void {
    connection.placed = false
    connection.rest()
    const list = connection.shared ? this.#shared : this.#idle
    const index = list.lastIndexOf(connection)
    if (index >= 0) list.splice(index, 1)
    if (connection.shared) this.#sharedChanged()
  }

  /**
   * A second connection spares a request the wait behind others; each further one gains less and costs more writes and reads per request.
   * So the more there are, the deeper they must be.
   */
  #sharedChanged(): void {
    const count = this.#shared.length
    this.#depthToOpen =
      count === 0 || count >= this.#sharedLimit
        ? Number.POSITIVE_INFINITY
        : this.#options.openThreshold * 4 ** (count - 1)
  }

  #serveShared(): void {
    while (this.#sharedLine.size > 0) {
      const connection = this.#leastLoaded()
      if (connection === undefined) return
      const exchange = this.#nextWaiting(this.#sharedLine)
      if (exchange === undefined) return
      connection.submit(exchange)
      if (this.#cancelStallWatch === undefined) this.#watchForStalls()
    }
  }

  /** The first in `line` whose deadline has not passed; those whose has are failed. */
  #nextWaiting(line: WaitingLine): Exchange | undefined {
    const now = this.clock.now()
    for (;;) {
      const exchange = line.shift()
      if (exchange === undefined || exchange.deadline > now) return exchange
      this.refuse(exchange, { kind: 'timeout', phase: 'queued' })
    }
  }

  #failWaiting(failure: AttemptFailure): void {
    for (const line of [this.#sharedLine, this.#exclusiveLine]) {
      for (let exchange = line.shift(); exchange !== undefined; exchange = line.shift()) {
        this.refuse(exchange, failure)
      }
    }
  }

  #waitingPhase(): AttemptPhase {
    if (this.#openingShared + this.#openingExclusive === 0) return 'queued'
    return this.#openCount() === 0 ? 'connecting' : 'queued'
  }

  // ── Opening and closing ──

  #openCount(): number {
    let open = 0
    for (const connection of this.#connections) if (connection.state === 'open') open++
    return open
  }

  /** Nothing is open or opening. */
  #isStranded(): boolean {
    return (
      this.#openingShared + this.#openingExclusive === 0 &&
      this.#shared.length + this.#idle.length === 0 &&
      this.#openCount() === 0
    )
  }

  /** Nothing is open or opening, and nothing may be opened yet. */
  #isHopeless(): boolean {
    return this.#isStranded() && this.#pace.pauseMs(this.clock.now()) > 0
  }

  #connectFailed(): ConnectFailedError {
    const cause = this.#pace.lastCause
    if (cause instanceof ConnectFailedError) return cause
    return new ConnectFailedError(this.endpoint, cause?.message ?? 'the server closes new connections', cause)
  }

  #failStranded(): void {
    const cause = this.#connectFailed()
    const warmings = this.#warmings
    this.#warmings = []
    for (const { reject } of warmings) reject(cause)
    this.#failWaiting({ kind: 'connect', phase: 'connecting', cause })
  }

  /** Every shared connection is deep in work: one more, in the background. */
  #openAnotherShared(): void {
    if (
      this.#openingShared === 0 &&
      this.#openingExclusive < CONCURRENT_OPENS &&
      this.#connections.size < this.#options.maxConnections &&
      this.#countShared() < this.#sharedLimit * 2 &&
      this.#pace.pauseMs(this.clock.now()) === 0
    ) {
      this.#open(true)
    }
  }

  /** Opens what those that wait, warming and the minimum call for, as far as it is allowed now. */
  #balance(): void {
    for (;;) {
      if (this.#closed) return
      const kind = this.#nextToOpen()
      if (kind === undefined) return
      const pause = this.#pace.pauseMs(this.clock.now())
      if (pause > 0) {
        const awaited = this.#sharedLine.size + this.#exclusiveLine.size + this.#warmings.length > 0
        if (awaited && this.#cancelPause === undefined) {
          this.#cancelPause = this.clock.after(
            pause,
            () => {
              this.#cancelPause = undefined
              this.#balance()
            },
            !this.background,
          )
        }
        return
      }
      this.#open(kind === 'shared')
    }
  }

  #nextToOpen(): 'shared' | 'exclusive' | undefined {
    const { maxConnections, minConnections } = this.#options
    let draining = 0
    for (const connection of this.#connections) if (connection.state === 'draining') draining++
    let target = minConnections
    for (const { count } of this.#warmings) if (count > target) target = count
    return nextToOpen({
      pipelined: this.#pipelined,
      connections: this.#connections.size,
      maxConnections,
      openingShared: this.#openingShared,
      openingExclusive: this.#openingExclusive,
      concurrentOpens: CONCURRENT_OPENS,
      sharedOpen: this.#shared.length,
      sharedTotal: this.#countShared(),
      sharedLimit: this.#sharedLimit,
      draining,
      sharedWaiting: this.#sharedLine.size,
      exclusiveWaiting: this.#exclusiveLine.size,
      target,
    })
  }

  #countShared(): number {
    let shared = 0
    for (const connection of this.#connections) if (connection.shared) shared++
    return shared
  }

  #open(shared: boolean): void {
    this.#attempts++
    const { opener, connectTimeoutMs } = this.#options
    try {
      const connection = new Connection(this, opener, this.endpoint, connectTimeoutMs, shared)
      connection.loginEpoch = this.#loginEpoch
      this.#connections.add(connection)
    } catch (error) {
      // An endpoint that cannot even be tried, such as a port out of range.
      this.#failedAttempts++
      this.#pace.failed(this.clock.now(), asError(error))
      if (this.#isStranded()) this.#failStranded()
      return
    }
    if (shared) this.#openingShared++
    else this.#openingExclusive++
  }

  /** Lets it end when its last answer has come. */
  #retire(connection: Connection): void {
    connection.retired = true
    if (connection.placed) this.#unplace(connection)
    if (connection.pending > 0) return
    this.#discard(connection)
    this.#balance()
  }

  /** Closes an idle connection: no failure, nothing to be said about it. */
  #discard(connection: Connection): void {
    this.#connections.delete(connection)
    if (connection.placed) this.#unplace(connection)
    this.#ended++
    connection.close()
  }

  #trouble(cause: Error | undefined): void {
    try {
      this.#options.onTrouble(cause)
    } catch (error) {
      this.defect(error)
    }
  }

  #stopPause(): void {
    this.#cancelPause?.()
    this.#cancelPause = undefined
  }
}
