import { Buffer } from 'node:buffer'
import { connect, type Socket as NetSocket } from 'node:net'
import type { Endpoint } from './endpoint.ts'
import type { Socket, SocketEvents, SocketOpener } from './socket.ts'
import { answersInTls, looksLikeTls } from './tls-failure.ts'

/**
 * One read takes at most this many bytes; the kernel is asked again at once when more are there. As many as the largest frames that servers
 * send for batches and queries, twice: a frame that comes in one read is read where it lies, one in two reads is copied together first.
 */
const RECEIVE_BYTES = 256 * 1024

/**
 * Opens plain TCP sockets. All of them read into one buffer: each read is handled to its end before the next begins. (Not on
 * Windows, where the system fills buffers while nobody looks: there each socket has its own.)
 */
export class TcpSocketOpener implements SocketOpener {
  #receiveBuffer: Uint8Array | undefined

  open(endpoint: Endpoint, events: SocketEvents): Socket {
    const shared = process.platform !== 'win32'
    const buffer = (shared ? this.#receiveBuffer : undefined) ?? new Uint8Array(RECEIVE_BYTES)
    if (shared) this.#receiveBuffer = buffer
    return new TcpSocket(endpoint, events, buffer)
  }
}

class TcpSocket implements Socket {
  readonly #net: NetSocket
  readonly #events: SocketEvents
  #closed = false
  /** Nothing has come from the other end yet. */
  #silent = true
  /** Written bytes wait for the kernel to take them. */
  #keeping = false
  /** One function for all writes. ('drain' would not do: it is silent below the high water mark.) */
  readonly #written = (): void => {
    if (!this.#keeping || this.#closed || this.#net.writableLength > 0) return
    this.#keeping = false
    this.#events.socketDrained()
  }

  constructor(endpoint: Endpoint, events: SocketEvents, buffer: Uint8Array) {
    this.#events = events
    this.#net = connect({
      host: endpoint.host,
      port: endpoint.port,
      noDelay: true,
      // No 'data' events: they cost a Buffer each, and at many connections half of the throughput.
      onread: {
        buffer,
        callback: (length) => {
          if (this.#closed) return true
          if (this.#silent) {
            this.#silent = false
            if (looksLikeTls(buffer, length)) {
              this.#ended(answersInTls(endpoint))
              return true
            }
          }
          events.socketBytes(buffer, length)
          return true
        },
      },
    })
    this.#net.on('connect', () => {
      if (!this.#closed) events.socketOpened()
    })
    this.#net.on('error', (cause) => this.#ended(cause))
    this.#net.on('end', () => this.#otherEndClosed())
    this.#net.on('close', () => this.#otherEndClosed())
  }

  write(bytes: Uint8Array, length: number): boolean {
    this.#net.write(Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, length), this.#written)
    // Nothing left: the kernel took all of it during the call, nobody will look at the memory again.
    this.#keeping = this.#net.writableLength > 0
    return !this.#keeping
  }

  hold(on: boolean): void {
    if (on) this.#net.ref()
    else this.#net.unref()
  }

  read(on: boolean): void {
    if (on) this.#net.resume()
    else this.#net.pause()
  }

  close(): void {
    this.#closed = true
    this.#net.destroy()
  }

  #otherEndClosed(): void {
    const unheard = this.#silent && this.#net.bytesWritten > 0
    this.#ended(
      unheard ? new Error('by the server, without ever answering; is this its port for TLS?') : undefined,
    )
  }

  #ended(cause: Error | undefined): void {
    if (this.#closed) return
    this.close()
    this.#events.socketClosed(cause)
  }
}
