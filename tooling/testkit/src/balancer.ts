import { connect, createServer, type Server, type Socket } from 'node:net'

/** Where a server listens, asked anew for each connection. */
export interface Target {
  readonly host: string
  readonly port: number
}

/** One address before servers that change theirs: new connections go to the server that it is turned to. */
export class Balancer implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #target: Target

  private constructor(target: Target) {
    this.#target = target
    this.#server = createServer((client) => {
      const server = connect(this.#target.port, this.#target.host)
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(from)
        from.pipe(to)
        from.on('error', () => to.destroy()).on('close', () => to.destroy())
      }
    })
  }

  static async before(target: Target): Promise<Balancer> {
    const balancer = new Balancer(target)
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', resolve))
    return balancer
  }

  turnTo(target: Target): void {
    this.#target = target
  }

  /** `host:port` */
  get seed(): string {
    return `127.0.0.1:${(this.#server.address() as { port: number }).port}`
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
