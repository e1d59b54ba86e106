import type { Socket } from 'node:net'
import { TLSSocket, type TlsOptions } from 'node:tls'
import { type ByteWriter, FRAME_TYPE, type FrameDecoder } from '@aero/codec'
import type { Clock } from './clock.ts'
import { type AnswerFault, type FaultOptions, Faults, type FaultTarget } from './faults.ts'
import { answerFrame, type FrameContext } from './handlers/frame.ts'
import type { NodeSecurity } from './security/node-security.ts'
import { Listener } from './server.ts'
import { Session } from './session.ts'
import { JobTable } from './store/job-table.ts'

/** What a node is told to do the next few times. */
export interface AnswerFaultOptions extends FaultOptions {
  /** How many answers go wrong. Default 1; `Infinity` until {@link DevServerNode.heal}. */
  readonly times?: number
  /** Whether the command is carried out all the same. Default `true`: the case in which the outcome is in doubt. */
  readonly execute?: boolean
}

/** Where a node listens. */
export interface NodeAddress {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Where connections with TLS are taken, where there are any; 0 takes a free port. */
  readonly tlsPort: number
}

/** What a node tells clients of itself, when that is not where it listens. */
export interface PublishedAddress {
  readonly host?: string
  readonly port?: number
  /** `host:port` for clients that ask for alternate addresses. */
  readonly alternate?: string
}

/** @internal What a node asks of its cluster. */
export interface NodeCluster {
  readonly clock: Clock
  /** Contexts for one connection of this node. */
  contextFor(node: DevServerNode, socket: Socket): FrameContext
  /** How connections with TLS are taken; `undefined` without. */
  readonly tls: TlsOptions | undefined
  /** The node's side of security; `undefined` without. */
  readonly security: NodeSecurity | undefined
  /** The node has come, gone, stopped answering, or begun again. */
  memberChanged(): void
}

/** `'up'`; `'paused'`: connected and silent, as a stopped process; `'down'`: nothing listens. */
export type NodeState = 'up' | 'paused' | 'down'

/**
 * One node of a {@link DevServer}: a listening socket, and the faults it can be told to show. Each fault is one call;
 * {@link heal} ends them all but `kill`.
 */
export class DevServerNode {
  readonly name: string
  /** @internal Scans, queries and background jobs that it remembers. */
  readonly jobs: JobTable = new JobTable()
  readonly #cluster: NodeCluster
  readonly #listener: Listener
  readonly #tlsListener: Listener | undefined
  readonly #sessions = new Set<Session>()
  readonly #faults = new Faults()
  #host: string
  #port: number
  #tlsPort: number
  #rack = 0
  #published: PublishedAddress = {}
  #pipelined = 0
  #commands = 0
  #state: NodeState = 'down'
  #isAway = false
  #isRefusing = false
  #migratingPartitions = 0

  /** @internal Made by the cluster. */
  constructor(name: string, address: NodeAddress, cluster: NodeCluster) {
    this.name = name
    this.#host = address.host
    this.#port = address.port
    this.#tlsPort = address.tlsPort
    this.#cluster = cluster
    const accept = (socket: Socket): void => this.#accept(socket)
    this.#listener = new Listener(accept)
    if (cluster.tls !== undefined) this.#tlsListener = new Listener(accept, cluster.tls)
  }

  /** Where it listens, or listened last. */
  get host(): string {
    return this.#host
  }

  /** The port it listens on, or listened on last. */
  get port(): number {
    return this.#port
  }

  /** The port for connections with TLS; `undefined` when the server was started without. */
  get tlsPort(): number | undefined {
    return this.#tlsListener === undefined ? undefined : this.#tlsPort
  }

  /** `host:port`, an IPv6 address in brackets. */
  get address(): string {
    return printAddress(this.host, this.#port)
  }

  /** Its rack; 0 means none, as on the real server. */
  get rack(): number {
    return this.#rack
  }

  /** What it tells clients of itself, apart from where it listens. */
  get published(): PublishedAddress {
    return this.#published
  }

  /**
   * Requests that came through TLS before the request ahead of them was answered. A client must not do that: the real server does not
   * survive it.
   */
  get pipelinedThroughTls(): number {
    return this.#pipelined
  }

  get state(): NodeState {
    return this.#state
  }

  /** Messages about records that have come: commands on one record, batches, queries. */
  get commands(): number {
    return this.#commands
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#listener.connections + (this.#tlsListener?.connections ?? 0)
  }

  /** Connections with TLS that are open. */
  get connectionsThroughTls(): number {
    return this.#tlsListener?.connections ?? 0
  }

  /** Whether the cluster counts it as a member: it is up, or paused so shortly that nobody noticed. */
  get isMember(): boolean {
    return this.#state !== 'down' && !this.#isAway
  }

  /** The process dies: connections are reset, nothing listens, what only this node had is lost. */
  async kill(): Promise<void> {
    if (this.#state === 'down') return
    this.#state = 'down'
    this.jobs.abortAll()
    this.#stopListening()
    this.#sessions.clear()
    await Promise.all([this.#listener.reset(), this.#tlsListener?.reset()])
    this.#cluster.memberChanged()
  }

  /**
   * The process starts again, empty, at the same address or another, and joins the cluster. Faults are gone. Port 0 takes a free one.
   *
   * @throws Error of node:net when the port is taken.
   */
  async restart(options: Partial<NodeAddress> = {}): Promise<void> {
    await this.kill()
    this.#faults.clear()
    this.jobs.clear()
    this.#cluster.security?.sessions.clear()
    this.#isRefusing = false
    this.#isAway = false
    this.#migratingPartitions = 0
    this.#host = options.host ?? this.#host
    await this.#listen(options.port ?? this.#port, options.tlsPort ?? this.#tlsPort)
    this.#state = 'up'
    this.#cluster.memberChanged()
  }

  /**
   * The process stops, as by SIGSTOP: connections stay, new ones are made (the kernel does that), nothing is read or
   * answered. With `leaves` the others notice and take over its partitions.
   */
  pause(options: { readonly leaves?: boolean } = {}): void {
    if (this.#state !== 'up') return
    this.#state = 'paused'
    for (const session of this.#sessions) session.pause()
    this.#isAway = options.leaves === true
    if (this.#isAway) this.#cluster.memberChanged()
  }

  /**
   * The process goes on and answers what has come in the meantime. If the node had left, it joins again, and connections end without
   * answers: the real node would carry requests out on a copy that has been superseded meanwhile, and lose them when it joins.
   */
  resume(): void {
    if (this.#state !== 'paused') return
    this.#state = 'up'
    const wasAway = this.#isAway
    this.#isAway = false
    if (wasAway) this.#cluster.memberChanged()
    for (const session of this.#sessions) {
      if (wasAway) session.kill()
      else session.resume()
    }
  }

  /** Partitions that it says to be moving: see {@link migrate}. */
  get migratingPartitions(): number {
    return this.#migratingPartitions
  }

  /** Tells clients that so many partitions are still moving from it to others; 0 ends it. Nothing moves: the dev server has one memory. */
  migrate(partitions: number): void {
    this.#migratingPartitions = partitions
  }

  /** New connections are refused; those that are open stay. `false` ends it. */
  async refuse(on = true): Promise<void> {
    if (this.#state === 'down' || on === this.#isRefusing) return
    this.#isRefusing = on
    if (on) this.#stopListening()
    else await this.#listen(this.#port, this.#tlsPort)
  }

  /** Tells clients of other addresses from now on; what is left out is where the node listens. */
  publish(address: PublishedAddress): void {
    this.#published = address
    this.#cluster.memberChanged()
  }

  /** Puts it into another rack, and has the partitions assigned anew. */
  setRack(rack: number): void {
    this.#rack = rack
    this.#cluster.memberChanged()
  }

  /** New connections are accepted and never answered; those that are open go on. `false` ends it for connections after. */
  hangAfterAccept(on = true): void {
    this.#faults.hangAfterAccept = on
  }

  /** Answers come this much later, in milliseconds; 0 ends it. Commands are carried out at once. */
  delay(ms: number, options: FaultOptions = {}): void {
    this.#faults.delay(ms, options.on ?? 'records')
  }

  /** The next `count` answers are not given: the connection is closed instead. */
  dropNext(count = 1, options: AnswerFaultOptions = {}): void {
    this.#addFault('drop', 0, { ...options, times: count })
  }

  /** Of the next answer only the first `byte` bytes are sent, then the connection is closed. */
  cutAnswers(byte: number, options: AnswerFaultOptions = {}): void {
    this.#addFault('cut', byte, options)
  }

  /** Of the next answer only the first `byte` bytes are sent, then the connection stays open and silent. */
  stallAnswers(byte: number, options: AnswerFaultOptions = {}): void {
    this.#addFault('stall', byte, options)
  }

  /** The next answer is not of this protocol. */
  answerGarbage(options: AnswerFaultOptions = {}): void {
    this.#addFault('garbage', 0, options)
  }

  /** The next command on a record is answered with this result code, and by default not carried out. */
  answerWith(resultCode: number, options: Omit<AnswerFaultOptions, 'on'> = {}): void {
    this.#addFault('code', resultCode, { execute: false, ...options, on: 'records' })
  }

  /** Ends all faults, also `pause` and `refuse`; a killed node stays dead. */
  async heal(): Promise<void> {
    this.#faults.clear()
    this.#migratingPartitions = 0
    this.resume()
    await this.refuse(false)
  }

  #addFault(kind: AnswerFault['kind'], value: number, options: AnswerFaultOptions): void {
    const on: FaultTarget = options.on ?? 'records'
    this.#faults.add({ on, kind, value, isExecuted: options.execute ?? true, left: options.times ?? 1 })
  }

  async #listen(port: number, tlsPort: number): Promise<void> {
    this.#port = await this.#listener.open(port, this.#host)
    if (this.#tlsListener !== undefined) this.#tlsPort = await this.#tlsListener.open(tlsPort, this.#host)
  }

  #stopListening(): void {
    this.#listener.stop()
    this.#tlsListener?.stop()
  }

  #accept(socket: Socket): void {
    const context = this.#cluster.contextFor(this, socket)
    const session = new Session(socket, {
      answer: (frames: FrameDecoder, out: ByteWriter) => {
        if (frames.type === FRAME_TYPE.message) this.#commands++
        return answerFrame(context, frames.type, frames.body, out)
      },
      faults: this.#faults,
      clock: this.#cluster.clock,
      onPipelined: socket instanceof TLSSocket ? () => this.#pipelined++ : undefined,
    })
    this.#sessions.add(session)
    socket.on('close', () => {
      this.#sessions.delete(session)
      context.guard?.leave()
    })
    if (this.#state === 'paused') session.pause()
  }
}

/** `host:port`, or `host:tlsName:port`; an IPv6 address in brackets. */
export function printAddress(host: string, port: number, tlsName?: string): string {
  const name = tlsName === undefined ? '' : `${tlsName}:`
  return host.includes(':') ? `[${host}]:${name}${port}` : `${host}:${name}${port}`
}
