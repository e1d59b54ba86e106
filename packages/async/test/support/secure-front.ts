import { connect, createServer as createPlainServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import {
  type AdminRequest,
  ByteReader,
  ByteWriter,
  decodeAdminRequest,
  decodeInfoReply,
  decodeInfoRequest,
  encodeAdminReply,
  encodeInfoReply,
  encodeInfoRequest,
  encodeLoginReply,
  encodeRolesReply,
  encodeUsersReply,
  FRAME_TYPE,
  type LoginRequest,
  parsePeers,
  printPeers,
  type Role,
  type User,
} from '@aero/codec'

const TLS_NAME = 'db.example'

/** What a front is made with. */
export interface SecureFrontOptions {
  /** Ports of the nodes behind it. */
  readonly ports: readonly number[]
  /** Without it, everything is plain. */
  readonly tls?: TlsOptions
  /** User → hashed password. */
  readonly users?: { readonly [user: string]: string }
}

/**
 * Stands before nodes that know neither TLS nor logins, one listener for each, and adds both: so the client can be tested with servers
 * whose security is real to it. A second, plain listener for each node takes sessions only.
 *
 * It watches over the rules that are fatal to the real server: nothing before the login, and over TLS never two requests at once.
 */
export class SecureFront {
  /** What happened, without secrets of the client: `login ann`, `authenticate`, … */
  readonly diary: string[] = []
  readonly logins: LoginRequest[] = []
  /** Broken rules. */
  readonly violations: string[] = []
  /** Answers logins with this code. */
  loginCode = 0
  readonly tokens = new Set<string>()
  /** Admin requests other than logins. */
  readonly requests: AdminRequest[] = []
  readonly users = new Map<string, User>()
  readonly roles = new Map<string, Role>()
  /** Answers other admin requests with this code. */
  adminCode = 0
  sessionTtl = 3600
  readonly #options: SecureFrontOptions
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()
  #ports: number[] = []
  #plainPorts: number[] = []
  #nextToken = 1
  /** Connections that have to log in again. */
  #epoch = 0

  private constructor(options: SecureFrontOptions) {
    this.#options = options
  }

  static async start(options: SecureFrontOptions): Promise<SecureFront> {
    const front = new SecureFront(options)
    for (const port of options.ports) {
      front.#ports.push(await front.#listen(port, options.tls))
      front.#plainPorts.push(await front.#listen(port, undefined))
    }
    return front
  }

  /** The listeners, for a definition. */
  get seeds(): string {
    return this.#ports.map((port) => `127.0.0.1:${port}`).join()
  }

  /** Open connections from clients. */
  get openSockets(): number {
    return this.#sockets.size
  }

  /** Sessions end; the connections stay and are no longer trusted. */
  expireSessions(): void {
    this.tokens.clear()
    this.#epoch++
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.cut()
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #listen(backend: number, tls: TlsOptions | undefined): Promise<number> {
    const accept = (socket: Socket): void => this.#accept(socket, backend, tls !== undefined)
    const server =
      tls === undefined
        ? createPlainServer({ noDelay: true }, accept)
        : createTlsServer(tls, accept).on('tlsClientError', () => {})
    this.#servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as { port: number }).port
  }

  #accept(client: Socket, backend: number, isTls: boolean): void {
    this.#sockets.add(client)
    const node = connect({ host: '127.0.0.1', port: backend, noDelay: true })
    let epoch = this.#options.users === undefined ? Number.POSITIVE_INFINITY : -1
    let waiting = 0
    /** Names as the client asked for them, by the names that the node knows. */
    const asked: Map<string, string>[] = []
    const reply = (write: (out: ByteWriter) => void): void => {
      const out = new ByteWriter(64)
      write(out)
      waiting--
      client.write(out.take())
    }
    client.on('error', () => {})
    node.on('error', () => {})
    client.on('close', () => {
      this.#sockets.delete(client)
      node.destroy()
    })
    node.on('close', () => client.destroy())
    onFrames(node, (frame) => {
      waiting--
      client.write(frame[1] === FRAME_TYPE.info ? this.#rewritten(frame, asked.shift() ?? new Map()) : frame)
    })
    onFrames(client, (frame) => {
      if (isTls && waiting > 0) this.violations.push('a second request before the first answer, over TLS')
      waiting++
      const body = ByteReader.over(frame, 8)
      if (frame[1] === FRAME_TYPE.admin) {
        const code = this.#admin(body, isTls, reply)
        if (code === 0 || code === 52) epoch = this.#epoch
        else epoch = -1
      } else if (epoch < this.#epoch && this.loginCode !== 52) {
        if (epoch < 0) this.violations.push('a request before the login')
        // An error in a message: code 66, the session has expired.
        reply((out) => out.copy(Buffer.from(`0203000000000016160000000042${'00'.repeat(16)}`, 'hex')))
      } else if (frame[1] === FRAME_TYPE.info) {
        const names = new Map(decodeInfoRequest(body).map((name) => [name.replace('-tls-', '-clear-'), name]))
        asked.push(names)
        const out = new ByteWriter(64)
        encodeInfoRequest(out, [...names.keys()])
        node.write(out.take())
      } else node.write(frame)
    })
  }

  #admin(body: ByteReader, isTls: boolean, reply: (write: (out: ByteWriter) => void) => void): number {
    const request = decodeAdminRequest(body)
    const { users = {} } = this.#options
    if (request.command === 'login') {
      this.logins.push(request)
      this.diary.push(`login ${request.user ?? 'by certificate'}${isTls ? ' through TLS' : ''}`)
      const known = request.user === undefined ? isTls : users[request.user] === request.credential
      const code = this.loginCode !== 0 ? this.loginCode : known ? 0 : 62
      if (code !== 0) {
        reply((out) => encodeAdminReply(out, code))
        return code
      }
      const token = `session-${this.#nextToken++}`
      this.tokens.add(token)
      const sessionToken = new TextEncoder().encode(token)
      reply((out) => encodeLoginReply(out, { resultCode: 0, sessionToken, sessionTtl: this.sessionTtl }))
      return 0
    }
    if (request.command === 'authenticate') {
      this.diary.push(`authenticate${isTls ? ' through TLS' : ''}`)
      const code = this.tokens.has(new TextDecoder().decode(request.sessionToken)) ? 0 : 65
      reply((out) => encodeAdminReply(out, code))
      return code
    }
    this.requests.push(request)
    reply((out) => this.#manage(request, out))
    return 0
  }

  /** As much of managing users as shows that requests arrive and answers are understood. */
  #manage(request: AdminRequest, out: ByteWriter): void {
    const { roles, users } = this
    const none = { quota: 0, singleRecordRate: 0, queryRate: 0, unlimitedQueries: 0 }
    switch (request.command) {
      case 'createUser':
        if (users.has(request.user)) return encodeAdminReply(out, 61)
        users.set(request.user, {
          name: request.user,
          roles: request.roles,
          connections: 1,
          reads: none,
          writes: none,
        })
        return encodeAdminReply(out, 0)
      case 'queryUsers': {
        const found = [...users.values()].filter(({ name }) => name === (request.user ?? name))
        if (request.user !== undefined && found.length === 0) return encodeAdminReply(out, 60)
        // In two frames, as the server may.
        encodeUsersReply(out, { entries: found, end: undefined })
        return encodeUsersReply(out, { entries: [], end: 50 })
      }
      case 'createRole':
        roles.set(request.role, {
          name: request.role,
          privileges: request.privileges ?? [],
          whitelist: request.whitelist ?? [],
          readQuota: request.readQuota ?? 0,
          writeQuota: request.writeQuota ?? 0,
        })
        return encodeAdminReply(out, 0)
      case 'queryRoles': {
        const found = [...roles.values()].filter(({ name }) => name === (request.role ?? name))
        return encodeRolesReply(out, {
          entries: found,
          end: request.role !== undefined && found.length === 0 ? 70 : 50,
        })
      }
      default:
        return encodeAdminReply(out, this.adminCode)
    }
  }

  /** The answer under the names that were asked for, with our addresses in the place of the nodes'. */
  #rewritten(frame: Uint8Array, asked: ReadonlyMap<string, string>): Uint8Array {
    const answer = decodeInfoReply(ByteReader.over(frame, 8))
    const out = new ByteWriter(64)
    encodeInfoReply(
      out,
      [...answer].map(([name, value]) => {
        const wanted = asked.get(name) ?? name
        const ports =
          wanted.includes('-tls-') || this.#options.tls === undefined ? this.#ports : this.#plainPorts
        if (wanted.startsWith('peers-') && !wanted.endsWith('generation')) {
          const { generation, defaultPort, peers } = parsePeers(value)
          const ours = peers.map(({ name: node, hosts }) => ({
            name: node,
            tlsName: wanted.includes('-tls-') ? TLS_NAME : '',
            hosts: hosts.map(({ host, port }) => ({ host, port: this.#ourPort(port, ports) })),
          }))
          return [wanted, printPeers({ generation, defaultPort, peers: ours })] as const
        }
        if (wanted.startsWith('service-')) {
          return [
            wanted,
            value.replace(/:(\d+)/g, (_all, port: string) => `:${this.#ourPort(Number(port), ports)}`),
          ] as const
        }
        return [wanted, value] as const
      }),
    )
    return out.take()
  }

  #ourPort(port: number, ports: readonly number[]): number {
    return ports[this.#options.ports.indexOf(port)] ?? port
  }
}

function onFrames(socket: Socket, onFrame: (frame: Buffer) => void): void {
  let kept: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk])
    while (kept.length >= 8 && kept.length >= 8 + kept.readUInt32BE(4)) {
      const end = 8 + kept.readUInt32BE(4)
      onFrame(kept.subarray(0, end))
      kept = kept.subarray(end)
    }
  })
}
