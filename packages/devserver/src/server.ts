import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls'

/** Listens for a node's connections and keeps them. Knows nothing of what is said on them. */
export class Listener {
  readonly #tls: TlsOptions | undefined
  readonly #accept: (socket: Socket) => void
  /** With TLS also those that have not shaken hands yet. */
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined = undefined

  /** @param tls with it, only connections with TLS are taken */
  constructor(accept: (socket: Socket) => void, tls?: TlsOptions) {
    this.#accept = accept
    this.#tls = tls
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#sockets.size
  }

  /**
   * Begins to listen; port 0 takes a free one. Returns the port.
   *
   * @throws Error of node:net when the port is taken or not allowed.
   */
  open(port: number, host: string): Promise<number> {
    const server = this.#tls === undefined ? createServer(this.#accept) : this.#secureServer(this.#tls)
    server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    this.#server = server
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => {
        server.off('error', reject)
        const address = server.address()
        resolve(address !== null && typeof address === 'object' ? address.port : port)
      })
    })
  }

  /** Takes no more connections: they are refused from now on. Those that are open stay. */
  stop(): void {
    this.#server?.close()
    this.#server = undefined
  }

  /** Ends all connections at once. */
  async reset(): Promise<void> {
    const closed = [...this.#sockets].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    )
    for (const socket of this.#sockets) {
      // The socket below TLS is not ours to reset.
      if (this.#tls === undefined) resetSocket(socket)
      else socket.destroy()
    }
    await Promise.all(closed)
  }

  /** A handshake that fails is the client's business; its connection is closed. */
  #secureServer(tls: TlsOptions): Server {
    return createTlsServer(tls, this.#accept).on('tlsClientError', (_error, socket) => socket.destroy())
  }
}

/**
 * Ends a connection at once, with a reset where that is still possible: one that is ending already would refuse it and then
 * never tell that it is closed (libuv: a stream that is shutting down cannot be reset).
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded || socket instanceof TLSSocket) socket.destroy()
  else socket.resetAndDestroy()
}
