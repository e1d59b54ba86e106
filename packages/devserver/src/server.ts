import { createServer, type Server, type Socket } from 'node:net'

/** Listens for a node's connections and keeps them. Knows nothing of what is said on them. */
export class Listener {
  readonly #host: string
  readonly #accept: (socket: Socket) => void
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined = undefined

  constructor(host: string, accept: (socket: Socket) => void) {
    this.#host = host
    this.#accept = accept
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
  open(port: number): Promise<number> {
    const server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      this.#accept(socket)
    })
    this.#server = server
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, this.#host, () => {
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
    for (const socket of this.#sockets) resetSocket(socket)
    await Promise.all(closed)
  }
}

/**
 * Ends a connection at once, with a reset where that is still possible: one that is ending already would refuse it and then
 * never tell that it is closed (libuv: a stream that is shutting down cannot be reset).
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
