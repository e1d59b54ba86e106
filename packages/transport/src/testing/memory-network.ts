import type { Endpoint } from '../endpoint.ts'
import type { Socket, SocketEvents, SocketOpener } from '../socket.ts'

/** What listens at an endpoint: told of each connection, from its far end. */
export type MemoryListener = (socket: MemorySocket) => void

/**
 * A network without sockets, for tests: connections are made in memory, and the test holds their far ends.
 *
 * An endpoint where nobody listens refuses, as a machine does; one that {@link hang | hangs} never answers.
 *
 * @example
 * ```ts
 * import { MemoryNetwork } from '@aero/transport/testing'
 * const network = new MemoryNetwork()
 * network.listen('10.0.0.1:3000', (socket) => {
 *   socket.onReceive = (bytes) => socket.deliver(bytes) // an echo
 * })
 * ```
 */
export class MemoryNetwork implements SocketOpener {
  /** Every connection tried, in order. */
  readonly sockets: MemorySocket[] = []
  readonly #listeners = new Map<string, MemoryListener | 'hang'>()

  /** Lets `endpoint` (`host:port`) accept connections. */
  listen(endpoint: string, listener: MemoryListener = () => {}): void {
    this.#listeners.set(endpoint, listener)
  }

  /** Lets attempts to connect to `endpoint` neither succeed nor fail. */
  hang(endpoint: string): void {
    this.#listeners.set(endpoint, 'hang')
  }

  /** Lets `endpoint` refuse connections again. Those that exist stay. */
  stop(endpoint: string): void {
    this.#listeners.delete(endpoint)
  }

  open(endpoint: Endpoint, events: SocketEvents): Socket {
    const socket = new MemorySocket(events)
    this.sockets.push(socket)
    const listener = this.#listeners.get(endpoint.toString())
    if (listener === 'hang') return socket
    process.nextTick(() => {
      if (socket.isClosed) return
      if (listener === undefined) {
        socket.end(Object.assign(new Error(`connect ECONNREFUSED ${endpoint}`), { code: 'ECONNREFUSED' }))
        return
      }
      listener(socket)
      socket.open()
    })
    return socket
  }

  /** Connections that neither end has closed. */
  get openSockets(): MemorySocket[] {
    return this.sockets.filter((socket) => !socket.isClosed)
  }
}

/** A connection in memory: the client's end by its interface, the far end by the other methods. */
export class MemorySocket implements Socket {
  /** Called with a copy of what the client has written, when it writes. */
  onReceive: (bytes: Uint8Array) => void = () => {}
  /** Whether the connection keeps the process alive. */
  isHeld = true
  isClosed = false
  /** Whether the client takes what is delivered. It is delivered all the same: a real socket's buffers are full sooner or later. */
  isReading = true
  /** How often the client has written. */
  writes = 0

  readonly #events: SocketEvents
  #received: Uint8Array[] = []
  #stalled = false

  constructor(events: SocketEvents) {
    this.#events = events
  }

  write(bytes: Uint8Array, length: number): boolean {
    if (this.isClosed) return true
    this.writes++
    const copy = bytes.slice(0, length)
    this.#received.push(copy)
    this.onReceive(copy)
    return !this.#stalled
  }

  hold(on: boolean): void {
    this.isHeld = on
  }

  read(on: boolean): void {
    this.isReading = on
  }

  close(): void {
    this.isClosed = true
  }

  /** The far end: accepts. */
  open(): void {
    if (!this.isClosed) this.#events.socketOpened()
  }

  /** The far end: everything received so far. */
  get received(): Uint8Array {
    const whole = new Uint8Array(this.#received.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of this.#received) {
      whole.set(part, at)
      at += part.length
    }
    this.#received = [whole]
    return whole
  }

  /**
   * The far end: sends, cut into pieces of `pieceSize` bytes. As a real socket does, each piece lies in memory that is
   * overwritten when its handler returns.
   */
  deliver(bytes: Uint8Array, pieceSize: number = Math.max(1, bytes.length)): void {
    const buffer = new Uint8Array(pieceSize)
    for (let at = 0; at < bytes.length && !this.isClosed; at += pieceSize) {
      const piece = bytes.subarray(at, at + pieceSize)
      buffer.set(piece)
      this.#events.socketBytes(buffer, piece.length)
      buffer.fill(0xa5)
    }
  }

  /** The far end: stops reading. What the client writes is kept by the socket from now on. */
  stall(): void {
    this.#stalled = true
  }

  /** The far end: reads again; everything written has left. */
  resume(): void {
    if (!this.#stalled) return
    this.#stalled = false
    if (!this.isClosed) this.#events.socketDrained()
  }

  /** The far end: closes, or breaks the connection when there is a cause. */
  end(cause?: Error): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#events.socketClosed(cause)
  }
}
