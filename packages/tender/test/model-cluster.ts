import {
  type HostAddress,
  type NamespaceReplicas,
  PARTITION_COUNT,
  printHostList,
  printPeers,
  printReplicas,
} from '@aero/codec'
import { Endpoint } from '@aero/transport'

/** How a server behaves towards whoever connects. */
export type Mode = 'up' | 'refusing' | 'silent'

/** What one server knows and says. Everything may be changed by a test at any time; generations are the test's to raise. */
export class ModelServer {
  readonly name: string
  endpoint: Endpoint
  mode: Mode = 'up'
  build = '8.1.2.0'
  clusterName = 'model'
  peersGeneration = 1
  partitionGeneration = 1
  rebalanceGeneration = 1
  /** Names of servers, or names with addresses when they are to be wrong. */
  peers: (ModelServer | { readonly name: string; readonly hosts: readonly HostAddress[] })[] = []
  owned: NamespaceReplicas[] = []
  racks: string | undefined
  /** Addresses it publishes as its own; its endpoint when undefined. */
  published: readonly HostAddress[] | undefined
  /** Requests it was asked, each as its names. */
  readonly asked: string[][] = []

  constructor(name: string, endpoint: Endpoint) {
    this.name = name
    this.endpoint = endpoint
  }

  /** The answer to an info request, as text by name. */
  answer(names: readonly string[]): Map<string, string> {
    this.asked.push([...names])
    return new Map(names.map((name) => [name, this.#valueOf(name)]))
  }

  /** How often it was asked for `name`. */
  timesAsked(name: string): number {
    return this.asked.filter((names) => names.includes(name)).length
  }

  #valueOf(name: string): string {
    switch (name) {
      case 'node':
        return this.name
      case 'build':
        return this.build
      case 'cluster-name':
        return this.clusterName
      case 'peers-generation':
        return String(this.peersGeneration)
      case 'partition-generation':
        return String(this.partitionGeneration)
      case 'rebalance-generation':
        return String(this.rebalanceGeneration)
      case 'rack-ids':
        return this.racks ?? 'ERROR:25:enterprise only'
      case 'service-clear-std':
        return printHostList(this.published ?? [this.endpoint])
      case 'peers-clear-std': {
        const peers = this.peers.map((peer) => ({
          name: peer.name,
          tlsName: '',
          hosts: peer instanceof ModelServer ? (peer.published ?? [peer.endpoint]) : peer.hosts,
        }))
        return printPeers({ generation: this.peersGeneration, defaultPort: 3000, peers })
      }
      case 'replicas':
        return printReplicas(this.owned)
      default:
        return name.startsWith('user-agent-set:') ? 'ok' : 'ERROR:4:unrecognized command'
    }
  }
}

/** Some servers and who listens where. */
export class ModelCluster {
  readonly servers: ModelServer[] = []
  /** Further addresses that lead to a server, such as a load balancer's. */
  readonly detours = new Map<string, () => ModelServer | undefined>()
  #nextPort = 3000

  /** A server that is not yet part of anything. */
  server(name: string): ModelServer {
    const server = new ModelServer(name, new Endpoint('10.0.0.1', this.#nextPort++))
    this.servers.push(server)
    return server
  }

  /** Servers of these names that form a cluster. */
  formed(names: readonly string[], options?: FormOptions): ModelServer[] {
    const servers = names.map((name) => this.server(name))
    form(servers, options)
    return servers
  }

  /** Who answers at the address. */
  at(endpoint: Endpoint): ModelServer | undefined {
    const detour = this.detours.get(endpoint.toString())
    return detour === undefined
      ? this.servers.find((server) => server.endpoint.equals(new Endpoint(endpoint.host, endpoint.port)))
      : detour()
  }
}

/** How a cluster is formed. */
export interface FormOptions {
  readonly namespaces?: readonly string[]
  readonly replicationFactor?: number
  /** Shifts who owns what. */
  readonly rotation?: number
  readonly regime?: number
}

/** Makes the servers one cluster: each names the others, and partitions are dealt out in turn. Raises the generations. */
export function form(servers: readonly ModelServer[], options: FormOptions = {}): void {
  const { namespaces = ['test'], replicationFactor = 2, rotation = 0, regime = 0 } = options
  const copies = Math.min(replicationFactor, servers.length)
  servers.forEach((server, index) => {
    server.peers = servers.filter((other) => other !== server)
    server.peersGeneration++
    server.partitionGeneration++
    server.owned = namespaces.map((namespace) => ({
      namespace,
      regime,
      replicas: Array.from({ length: copies }, (_, copy) =>
        bitmap((partition) => (partition + rotation + copy) % servers.length === index),
      ),
    }))
  })
}

/** A bitmap of the partitions for which `holds` is true. */
export function bitmap(holds: (partition: number) => boolean): Uint8Array {
  const bits = new Uint8Array(PARTITION_COUNT / 8)
  for (let partition = 0; partition < PARTITION_COUNT; partition++) {
    if (holds(partition)) bits[partition >> 3] = (bits[partition >> 3] ?? 0) | (0x80 >> (partition & 7))
  }
  return bits
}
