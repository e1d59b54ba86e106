import { createServer, type Server, type Socket } from 'node:net'

/** Something that listens and is no Aerospike server. */
export class StrangeServer implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Connections that were made to it so far. */
  accepted = 0

  private constructor(server: Server) {
    this.#server = server
  }

  /** Listens on a free port and greets every connection so. */
  static async open(greeting: Greeting): Promise<StrangeServer> {
    const greet: (socket: Socket) => void = GREETINGS[greeting]
    const server = createServer()
    const strange = new StrangeServer(server)
    server.on('connection', (socket) => {
      strange.accepted++
      strange.#sockets.add(socket)
      socket.on('close', () => strange.#sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      greet(socket)
      // Without reading, the other side's end would go unnoticed.
      socket.resume()
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', resolve)
    })
    return strange
  }

  /** `host:port` */
  get seed(): string {
    return `127.0.0.1:${(this.#server.address() as { port: number }).port}`
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#sockets.size
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** What strange servers say to a new connection. */
export type Greeting =
  | 'accepts and says nothing'
  | 'closes at once'
  | 'resets at once'
  | 'speaks HTTP'
  | 'greets with SSH'
  | 'sends zeros'
  | 'claims a frame of 256 TiB'
  | 'sends half a header'
  | 'answers info with nothing'
  | 'answers info with nonsense'

const GREETINGS: { readonly [greeting in Greeting]: (socket: Socket) => void } = {
  'accepts and says nothing': () => {},
  'closes at once': (socket) => socket.end(),
  'resets at once': (socket) => socket.resetAndDestroy(),
  'speaks HTTP': (socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'))
  },
  'greets with SSH': (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'),
  'sends zeros': (socket) => {
    socket.on('data', () => socket.write(Buffer.alloc(64)))
  },
  'claims a frame of 256 TiB': (socket) => {
    socket.on('data', () => socket.write(Buffer.from('0201ffffffffffff', 'hex')))
  },
  'sends half a header': (socket) => {
    socket.on('data', () => socket.end(Buffer.from('02010000', 'hex')))
  },
  'answers info with nothing': (socket) => {
    socket.on('data', () => socket.write(Buffer.from('0201000000000000', 'hex')))
  },
  'answers info with nonsense': (socket) => {
    const body = Buffer.from('node\tX\nfeatures\t\u0000\uffff\n\n\n;;==')
    const head = Buffer.from('0201000000000000', 'hex')
    head.writeUInt16BE(body.length, 6)
    socket.on('data', () => socket.write(Buffer.concat([head, body])))
  },
}

export const GREETING_NAMES: readonly Greeting[] = Object.keys(GREETINGS) as Greeting[]

let lastClosedPort = 1

/**
 * `host:port` where nothing listens, another one each time. Ports that only the system may use, unassigned: one that was free a
 * moment ago could have been given to another test meanwhile.
 */
export function closedSeed(): string {
  lastClosedPort++
  return `127.0.0.1:${lastClosedPort}`
}
