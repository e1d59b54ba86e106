import type { Socket } from 'node:net'
import { TLSSocket, type TlsOptions } from 'node:tls'
import { PARTITION_COUNT } from '@aero/codec'
import { type LuaMachine, loadLuaMachine } from '@aero/lua/machine'
import { type Clock, systemClock } from './clock.ts'
import { DevServerNode, type NodeAddress, type NodeCluster, printAddress } from './dev-server-node.ts'
import type { FrameContext } from './handlers/frame.ts'
import type { InfoContext } from './handlers/info-context.ts'
import { RecordCommand } from './handlers/record-command.ts'
import { LuaFunctions } from './lua/lua-functions.ts'
import type { FunctionLog } from './lua/record-library.ts'
import { Request } from './request.ts'
import { RESULT } from './result-code.ts'
import type { Caller } from './security/access-control.ts'
import type { Guard } from './security/guard.ts'
import type { SecurityOptions } from './security/security-options.ts'
import { ServerSecurity } from './security/server-security.ts'
import { startExpiry } from './store/expiry.ts'
import { ModuleTable } from './store/module-table.ts'
import { Namespace } from './store/namespace.ts'
import { assignPartitions, type Ownership, replicaNumber } from './topology.ts'

/** How a dev server is to be. Everything has a default. */
export interface DevServerOptions {
  /** Nodes to begin with. Default 1. */
  readonly nodes?: number
  /** Port of the first node; the others take the following ones. Default 0: each takes a free port. */
  readonly port?: number
  /** Where all nodes listen. Default `'127.0.0.1'`. */
  readonly host?: string
  /** The host that nodes publish to clients, when it is another one than they listen on. */
  readonly accessHost?: string
  /** The ports that nodes publish, in the nodes' order, when they are other ones than they listen on. */
  readonly accessPorts?: readonly number[]
  /** A host that nodes publish as their alternate address; {@link DevServerNode.publish} for each on its own. Default: none. */
  readonly alternateHost?: string
  /** Every node takes connections with TLS as well, on a port of their own. Default: none does. */
  readonly tls?: DevServerTls
  /** Racks of the nodes, in their order. Default: none has a rack. */
  readonly racks?: readonly number[]
  /** Names of the namespaces. Default `['test', 'bar']`. */
  readonly namespaces?: readonly string[]
  /**
   * Of those, the strongly consistent ones, as the Enterprise Edition has them: clients are told, reads may be linearized, and a delete
   * has to be durable (22 otherwise). Default: none.
   */
  readonly strongConsistency?: readonly string[]
  /** Copies of each record, as far as there are nodes. Default 2. */
  readonly replicationFactor?: number
  /** Default: the cluster has no name. */
  readonly clusterName?: string
  /** Seconds that records live when the write does not say; 0 = for ever. Default 0. */
  readonly defaultTtl?: number
  /** Largest record in storage, in bytes. Default 1 MiB. */
  readonly maxRecordBytes?: number
  /**
   * Milliseconds that a new secondary index takes until queries can use it. In the meantime they are refused with 203, and its
   * statistics tell how far it is. Default 0: at once.
   */
  readonly indexBuildMs?: number
  /**
   * Milliseconds from a node's coming or going until the others have noticed and the partitions have moved. Default 0:
   * at once. A real cluster takes about 2000 to 5000.
   */
  readonly settleMs?: number
  /**
   * Users have to log in, and may do what their roles allow. `'off'`: there is security and it is switched off, which logins are told
   * with code 52. Default: there is none, as in the Community Edition (code 51).
   */
  readonly security?: SecurityOptions | 'off'
  /**
   * Where a server would keep its files: nothing is read or written there, but errors in functions in Lua tell their file with
   * it. Default `'/opt/aerospike'`.
   */
  readonly workDirectory?: string
  /** Told what functions in Lua log. Default: nobody. */
  readonly log?: (line: FunctionLog) => void
  /** Where time comes from. Default: the machine. */
  readonly clock?: Clock
}

/** How a dev server takes connections with TLS. */
export interface DevServerTls {
  /** PEM: the certificate of all nodes, and its key. */
  readonly cert: string
  readonly key: string
  /** What nodes publish as the name that their certificate carries. */
  readonly tlsName: string
  /** PEM: who signs clients' certificates. With it every client has to show one (mutual TLS). */
  readonly ca?: string
  /** Port of the first node; the others take the following ones. Default 0: each takes a free port. */
  readonly port?: number
}

/** Of a namespace that nobody asks. */
const NO_SETTINGS = { defaultTtl: 0, maxRecordBytes: 0, indexBuildMs: 0, isStronglyConsistent: false }

/** The server's default. */
const WORK_DIRECTORY = '/opt/aerospike'

/**
 * A server in memory that speaks the Aerospike protocol on real sockets: one node, or a cluster of several in one process.
 *
 * @example
 * ```ts
 * import { startDevServer } from '@aero/devserver'
 * const server = await startDevServer({ nodes: 3 })
 * console.log(server.seeds) // 127.0.0.1:40001,127.0.0.1:40002,127.0.0.1:40003
 * await server.node(1).kill()
 * await server.close()
 * ```
 *
 * @throws Error of node:net when a port is taken or not allowed; nothing stays open then.
 * @throws RangeError when the options for security name a role, privilege or network that is none, or `strongConsistency` a namespace.
 */
export async function startDevServer(options: DevServerOptions = {}): Promise<DevServer> {
  const { security } = options
  const control =
    security === undefined || security === 'off'
      ? undefined
      : await ServerSecurity.create(security, options.clock ?? systemClock)
  const server = new DevServer(options, { security: control, machine: await loadLuaMachine() })
  try {
    for (let index = 0; index < (options.nodes ?? 1); index++) await server.addNode()
  } catch (error) {
    await server.close()
    throw error
  }
  return server
}

/** A running cluster. Made by {@link startDevServer}. */
export class DevServer {
  readonly #options: DevServerOptions
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #nodes: DevServerNode[] = []
  readonly #namespaces = new Map<string, Namespace>()
  readonly #modules = new ModuleTable()
  readonly #functions: LuaFunctions
  readonly #replicationFactor: number
  readonly #stopExpiry: () => void
  readonly #security: ServerSecurity | undefined
  /** Who has which partition, as each member knows it: members of one side know the same. */
  #views: ReadonlyMap<string, Ownership> = new Map()
  /** Nodes that know only of each other; empty while the cluster is whole. */
  #sides: readonly (readonly DevServerNode[])[] = []
  /** Members, racks and addresses as the nodes have told them last. */
  #signature = ''
  /** How often partitions have moved. */
  #rebalances = 0
  #cancelSettling: (() => void) | undefined = undefined
  #isClosed = false

  /** @internal Use {@link startDevServer}. */
  constructor(
    options: DevServerOptions,
    { security, machine }: { readonly security: ServerSecurity | undefined; readonly machine: LuaMachine },
  ) {
    this.#security = security
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#startedAt = this.#clock.now()
    this.#replicationFactor = options.replicationFactor ?? 2
    this.#functions = new LuaFunctions(machine, {
      source: (file) => this.#modules.find(file)?.source,
      folder: `${options.workDirectory ?? WORK_DIRECTORY}/usr/udf/lua`,
      log: options.log ?? (() => {}),
      now: () => this.#clock.now(),
    })
    const settings = {
      defaultTtl: options.defaultTtl ?? 0,
      maxRecordBytes: options.maxRecordBytes ?? 1024 * 1024,
      indexBuildMs: options.indexBuildMs ?? 0,
    }
    const { namespaces = ['test', 'bar'], strongConsistency = [] } = options
    const stranger = strongConsistency.find((name) => !namespaces.includes(name))
    if (stranger !== undefined) throw new RangeError(`strongConsistency: there is no namespace '${stranger}'`)
    for (const name of namespaces)
      this.#namespaces.set(
        name,
        new Namespace(name, { ...settings, isStronglyConsistent: strongConsistency.includes(name) }),
      )
    this.#stopExpiry = startExpiry(this.#clock, [...this.#namespaces.values()])
  }

  /**
   * Logins, sessions and passwords.
   *
   * @throws Error when the server was started without security
   */
  get security(): ServerSecurity {
    if (this.#security === undefined) throw new Error('this dev server was started without `security`')
    return this.#security
  }

  /** All nodes, also dead ones, in the order they were added. */
  get nodes(): readonly DevServerNode[] {
    return this.#nodes
  }

  /** What a client connects with: `host:port` of all nodes, comma between. */
  get seeds(): string {
    return this.#nodes.map((node) => this.#address(node)).join(',')
  }

  /**
   * What a client with TLS connects with: `host:tlsName:port` of all nodes, comma between.
   *
   * @throws Error when the server was started without `tls`
   */
  get tlsSeeds(): string {
    const { tls } = this.#options
    if (tls === undefined) throw new Error('this dev server was started without `tls`')
    return this.#nodes.map((node) => printAddress(node.host, node.tlsPort ?? 0, tls.tlsName)).join(',')
  }

  /** The ports of all nodes, in their order. */
  get ports(): number[] {
    return this.#nodes.map((node) => node.port)
  }

  /**
   * The node of that number, from 0.
   *
   * @throws RangeError when there is none.
   */
  node(index: number): DevServerNode {
    const node = this.#nodes[index]
    if (node === undefined)
      throw new RangeError(`there is no node ${index}: the cluster has ${this.#nodes.length}`)
    return node
  }

  /**
   * The node that is master of a partition (replica 0), or has another copy of it; `undefined` when there is none. While the cluster is
   * split, the first member's side says.
   */
  ownerOf(partition: number, replica = 0): DevServerNode | undefined {
    const [first] = this.#views.values()
    if (first === undefined) return undefined
    const { members, replicas, owners } = first
    if (replica >= replicas) return undefined
    const name = members[owners[partition * replicas + replica] as number]
    return this.#nodes.find((node) => node.name === name)
  }

  /** Records stored in a namespace, also expired ones that have not been removed yet. */
  countRecords(namespace: string): number {
    return this.#namespaces.get(namespace)?.size ?? 0
  }

  /**
   * A new node joins.
   *
   * @throws Error of node:net when the port is taken.
   */
  async addNode(options: Partial<NodeAddress> & { readonly rack?: number } = {}): Promise<DevServerNode> {
    const index = this.#nodes.length
    const { port = 0, host = '127.0.0.1', tls, racks = [] } = this.#options
    const address = {
      host: options.host ?? host,
      port: options.port ?? (port === 0 ? 0 : port + index),
      tlsPort: options.tlsPort ?? (tls?.port === undefined || tls.port === 0 ? 0 : tls.port + index),
    }
    const node = new DevServerNode(`A${index + 1}`, address, this.#clusterSide())
    await node.restart()
    this.#nodes.push(node)
    node.setRack(options.rack ?? racks[index] ?? 0)
    return node
  }

  /**
   * Restarts all nodes one after the other, each at a new port, as an orchestrator does.
   *
   * @param afterEach awaited before the next node goes
   * @throws Error of node:net when an address cannot be had
   */
  async restartAll(
    afterEach: (node: DevServerNode) => unknown = () => undefined,
    address: Partial<NodeAddress> = {},
  ): Promise<void> {
    for (const node of this.#nodes) {
      await node.restart({ port: 0, tlsPort: 0, ...address })
      await afterEach(node)
    }
  }

  /**
   * Cuts the cluster in parts that know nothing of each other, as when the network between servers fails: each takes all partitions, and
   * clients reach all of them. Kinder than the real thing: what one side writes the other sees, so that nothing has to be reconciled.
   *
   * @param sides numbers of the nodes on each side; those not named are on one more
   * @throws RangeError when there is no such node, or it is named twice
   *
   * @example
   * ```ts
   * import { startDevServer } from '@aero/devserver'
   * const server = await startDevServer({ nodes: 3 })
   * server.split([2]) // the third is alone, the other two go on
   * server.merge()
   * await server.close()
   * ```
   */
  split(...sides: readonly (readonly number[])[]): void {
    const named = sides.flat()
    if (new Set(named).size !== named.length) throw new RangeError('a node can be on one side only')
    const chosen = sides.map((numbers) => numbers.map((number) => this.node(number)))
    const others = this.#nodes.filter((_node, number) => !named.includes(number))
    this.#sides = others.length === 0 ? chosen : [...chosen, others]
    this.#memberChanged()
  }

  /** The parts find each other again: see {@link DevServer.split}. */
  merge(): void {
    this.#sides = []
    this.#memberChanged()
  }

  /** Stops all nodes. Records are lost. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopExpiry()
    this.#cancelSettling?.()
    await Promise.all(this.#nodes.map((node) => node.kill()))
    this.#functions.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #clusterSide(): NodeCluster {
    const security = this.#security?.forNode()
    return {
      clock: this.#clock,
      tls: tlsOptions(this.#options.tls),
      security,
      contextFor: (node, socket) => this.#contextFor(node, security?.admit(callerOn(socket))),
      memberChanged: () => this.#memberChanged(),
    }
  }

  #memberChanged(): void {
    if (this.#isClosed) return
    this.#cancelSettling?.()
    this.#cancelSettling = undefined
    const settleMs = this.#options.settleMs ?? 0
    if (settleMs === 0 || this.#rebalances === 0) this.#rebalance()
    else this.#cancelSettling = this.#clock.after(settleMs, () => this.#rebalance())
  }

  /** Gives the partitions to the present members. What all nodes that had it have taken with them is lost. */
  #rebalance(): void {
    const before = new Set(this.#views.values())
    const sides = this.#presentSides()
    // A node that came back elsewhere before anybody noticed that it had gone is a change as well.
    const signature = sides
      .map((side) =>
        side
          .map((node) =>
            [node.name, node.rack, this.#address(node), this.#alternateAddress(node), node.tlsPort].join(),
          )
          .join(';'),
      )
      .join('|')
    if (signature === this.#signature) return
    this.#signature = signature
    this.#rebalances++
    const views = new Map<string, Ownership>()
    for (const side of sides) {
      const members = side.map((node) => node.name)
      const racks = side.map((node) => node.rack)
      const ownership = assignPartitions(members, this.#replicationFactor, racks)
      for (const name of members) views.set(name, ownership)
    }
    this.#views = views
    const lost = new Set(this.#nodes.filter((node) => node.state === 'down').map((node) => node.name))
    if (before.size > 0 && lost.size > 0) this.#forget([...before], lost)
  }

  /** The members, by the sides on which they are; a node that joined after the split is on the last. */
  #presentSides(): DevServerNode[][] {
    const present = this.#nodes.filter((node) => node.isMember)
    if (this.#sides.length === 0) return [present]
    const sideOf = (node: DevServerNode): number => {
      const side = this.#sides.findIndex((nodes) => nodes.includes(node))
      return side < 0 ? this.#sides.length - 1 : side
    }
    return this.#sides
      .map((_nodes, side) => present.filter((node) => sideOf(node) === side))
      .filter((side) => side.length > 0)
  }

  /** What every side that had it has lost is lost. */
  #forget(views: readonly Ownership[], lost: ReadonlySet<string>): void {
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      const isLost = views.every(({ members, owners, replicas }) => {
        for (let replica = 0; replica < replicas; replica++) {
          if (!lost.has(members[owners[partition * replicas + replica] as number] ?? '')) return false
        }
        return true
      })
      if (isLost) for (const namespace of this.#namespaces.values()) namespace.clearPartition(partition)
    }
  }

  #contextFor(node: DevServerNode, guard: Guard | undefined): FrameContext {
    const namespaces = this.#namespaces
    const [first = new Namespace('', NO_SETTINGS)] = namespaces.values()
    const isBalanced = (): boolean => this.#views.has(node.name)
    const replicaOf = (partition: number): number => {
      const view = this.#views.get(node.name)
      return view === undefined ? -1 : replicaNumber(view, node.name, partition)
    }
    return {
      guard,
      adminRefusal:
        this.#options.security === 'off' ? RESULT.securityNotEnabled : RESULT.securityNotSupported,
      message: {
        guard,
        command: new RecordCommand(new Request(), this.#clock, first),
        namespace: (name) => namespaces.get(name),
        get isBalanced() {
          return isBalanced()
        },
        query: {
          jobs: node.jobs,
          functions: this.#functions,
          isMaster: (partition) => replicaOf(partition) === 0,
          owns: (partition) => replicaOf(partition) >= 0,
        },
        pending: undefined,
      },
      info: () => this.#infoOf(node),
    }
  }

  #infoOf(node: DevServerNode): InfoContext {
    const view = this.#views.get(node.name)
    const isIn = view !== undefined
    const others = isIn
      ? this.#nodes.filter((other) => other !== node && view.members.includes(other.name))
      : []
    return {
      nodeName: node.name,
      clusterName: this.#options.clusterName,
      host: node.published.host ?? this.#options.accessHost ?? node.host,
      port: this.#accessPort(node),
      address: this.#address(node),
      alternateAddress: this.#alternateAddress(node),
      tlsAddress: this.#tlsAddress(node),
      tlsName: this.#options.tls?.tlsName,
      rack: node.rack,
      isEnterprise: this.#isEnterprise,
      peers: others.map((other) => ({
        name: other.name,
        address: this.#address(other),
        alternateAddress: this.#alternateAddress(other),
        tlsAddress: this.#tlsAddress(other),
        rack: other.rack,
      })),
      // A single node has seen no peers come or go, and no partition move since it took them all.
      peersGeneration: this.#rebalances - 1,
      partitionGeneration: isIn ? this.#rebalances - 1 : -1,
      rebalanceGeneration: this.#rebalances,
      ownership: view ?? assignPartitions([], 0),
      namespaces: [...this.#namespaces.values()],
      replicationFactor: this.#replicationFactor,
      clusterKey: (0x178d84990000 + this.#rebalances).toString(16).toUpperCase(),
      migratingPartitions: node.migratingPartitions,
      connections: node.connections,
      now: this.#clock.now(),
      jobs: node.jobs,
      modules: this.#modules,
      functions: this.#functions,
      workDirectory: this.#options.workDirectory ?? WORK_DIRECTORY,
      uptimeSeconds: Math.floor((this.#clock.now() - this.#startedAt) / 1000),
    }
  }

  #accessPort(node: DevServerNode): number {
    return node.published.port ?? this.#options.accessPorts?.[this.#nodes.indexOf(node)] ?? node.port
  }

  #address(node: DevServerNode): string {
    return printAddress(node.published.host ?? this.#options.accessHost ?? node.host, this.#accessPort(node))
  }

  #alternateAddress(node: DevServerNode): string | undefined {
    const { alternate } = node.published
    const { alternateHost } = this.#options
    if (alternate !== undefined) return alternate
    return alternateHost === undefined ? undefined : printAddress(alternateHost, this.#accessPort(node))
  }

  #tlsAddress(node: DevServerNode): string | undefined {
    const host = node.published.host ?? this.#options.accessHost ?? node.host
    return node.tlsPort === undefined ? undefined : printAddress(host, node.tlsPort)
  }

  /** Has what the Community Edition has not. */
  get #isEnterprise(): boolean {
    const { tls, security, strongConsistency = [] } = this.#options
    return (
      tls !== undefined ||
      security !== undefined ||
      strongConsistency.length > 0 ||
      this.#nodes.some((node) => node.rack !== 0)
    )
  }
}

/** Who is on the other end. */
function callerOn(socket: Socket): Caller {
  // Without `authorized` nobody has signed the certificate whom we trust.
  const isKnown = socket instanceof TLSSocket && socket.authorized
  const name: string | readonly string[] | undefined = isKnown
    ? socket.getPeerCertificate().subject?.CN
    : undefined
  return {
    remoteAddress: socket.remoteAddress ?? '',
    certificateName: typeof name === 'string' ? name : undefined,
  }
}

function tlsOptions(tls: DevServerTls | undefined): TlsOptions | undefined {
  if (tls === undefined) return undefined
  const { cert, key, ca } = tls
  return ca === undefined ? { cert, key } : { cert, key, ca, requestCert: true, rejectUnauthorized: true }
}
