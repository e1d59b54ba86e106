import { createServer, type Server, type Socket } from 'node:net'
import { Endpoint } from '../src/index.ts'

/** A TCP server on a port of its own whose behaviour is the test's. */
export class RawServer {
  readonly sockets: Socket[] = []
  readonly endpoint: Endpoint
  readonly #server: Server

  private constructor(server: Server, host: string, port: number) {
    this.#server = server
    this.endpoint = new Endpoint(host, port)
  }

  static async start(onSocket: (socket: Socket) => void, host = '127.0.0.1'): Promise<RawServer> {
    const server = createServer({ noDelay: true, allowHalfOpen: true })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, host, resolve)
    })
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('not a TCP server')
    const raw = new RawServer(server, host, address.port)
    server.on('connection', (socket) => {
      raw.sockets.push(socket)
      socket.on('error', () => {})
      onSocket(socket)
    })
    return raw
  }

  /** Closes the listener and every connection. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}

/** Calls `onFrame` with each whole frame that comes, header included. */
export function onFrames(socket: Socket, onFrame: (frame: Buffer) => void): void {
  let kept = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk])
    while (kept.length >= 8 && kept.length >= 8 + kept.readUInt32BE(4)) {
      const end = 8 + kept.readUInt32BE(4)
      onFrame(kept.subarray(0, end))
      kept = kept.subarray(end)
    }
  })
}

/** Answers each frame with itself. */
export const echo = (socket: Socket): void => onFrames(socket, (frame) => socket.write(frame))
