import { type ListedIndex, parseIndexList, parseInfoError, parseInfoPairs, RESULT_CODE } from '@aero/codec'
import { type Duration, parseDuration } from '@aero/config'
import { errorFromCode } from '../errors.ts'
import { type InfoClient, infoError } from './info-client.ts'

/** A namespace, all nodes taken together. */
export interface NamespaceDetails {
  readonly name: string
  /** Records, each counted once. */
  readonly objects: number
  readonly replicationFactor: number
  /** Seconds that records live unless they say otherwise; 0 for ever. */
  readonly defaultTtl: number
  /** Committed writes are never lost, at the price of availability; else whoever can answer does. */
  readonly strongConsistency: boolean
  /** Some node takes no writes for lack of room. */
  readonly stopWrites: boolean
  /** Bytes that the records take, replicas included. */
  readonly dataUsedBytes: number
  /** Everything that the nodes tell, by node and name. */
  readonly raw: { readonly [node: string]: { readonly [name: string]: string } }
}

/** A set, all nodes taken together. */
export interface SetDetails {
  readonly namespace: string
  readonly name: string
  /** Records, replicas included. */
  readonly objects: number
  readonly tombstones: number
  readonly dataUsedBytes: number
  /** Secondary indexes on it. */
  readonly indexes: number
  /** Its records are being removed. */
  readonly isTruncating: boolean
}

/** The figures of an index, all nodes taken together. */
export interface IndexDetails {
  readonly namespace: string
  readonly name: string
  /** Entries, replicas included. */
  readonly entries: number
  readonly usedBytes: number
  /** Entries for a value, on the node where they are most: the fewer, the better the index selects. */
  readonly entriesPerValue: number
  readonly entriesPerRecord: number
  /** Percent built, on the node that is least far. */
  readonly loadPercent: number
}

/**
 * What the servers tell of themselves.
 *
 * @example
 * ```ts
 * import { ClusterDefinition } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const info = cluster.createSession().info()
 * console.log(await info.build(), await info.namespaces(), await info.isClusterStable())
 * ```
 */
export class InfoCommands {
  readonly #client: InfoClient

  /** Made by `session.info()`. */
  constructor(client: InfoClient) {
    this.#client = client
  }

  /** The versions of the servers. */
  async build(): Promise<Set<string>> {
    return new Set((await this.#client.askAll('build')).values())
  }

  /** The names of the namespaces. */
  async namespaces(): Promise<Set<string>> {
    const answers = await this.#client.askAll('namespaces')
    return new Set([...answers.values()].flatMap((answer) => answer.split(';')).filter((name) => name !== ''))
  }

  /** A namespace; `undefined` when no node has it. */
  async namespaceDetails(namespace: string): Promise<NamespaceDetails | undefined> {
    const raw: { [node: string]: { readonly [name: string]: string } } = {}
    for (const [node, answer] of await this.#client.askAll(`namespace/${namespace}`)) {
      if (answer !== 'type=unknown' && parseInfoError(answer) === undefined)
        raw[node] = parseInfoPairs(answer)
    }
    const nodes = Object.values(raw)
    const [first] = nodes
    if (first === undefined) return undefined
    return {
      name: namespace,
      objects: sum(nodes, 'master_objects'),
      replicationFactor: number(first['effective_replication_factor']),
      defaultTtl: number(first['default-ttl']),
      strongConsistency: first['strong-consistency'] === 'true',
      stopWrites: nodes.some((node) => node['stop_writes'] === 'true'),
      dataUsedBytes: sum(nodes, 'data_used_bytes'),
      raw,
    }
  }

  /** Whether a namespace is strongly consistent. @throws InvalidNamespaceError when no node has it. */
  async isNamespaceSc(namespace: string): Promise<boolean> {
    const details = await this.namespaceDetails(namespace)
    if (details === undefined)
      throw errorFromCode(RESULT_CODE.INVALID_NAMESPACE, { message: `no node has namespace ${namespace}` })
    return details.strongConsistency
  }

  /** The sets of a namespace. */
  async sets(namespace: string): Promise<SetDetails[]> {
    const found = new Map<string, { readonly [name: string]: string }[]>()
    for (const answer of (await this.#client.askAll(`sets/${namespace}`)).values()) {
      for (const entry of answer.split(';')) {
        const pairs = parseInfoPairs(entry, ':')
        const name = pairs['set']
        if (name === undefined) continue
        const nodes = found.get(name)
        if (nodes === undefined) found.set(name, [pairs])
        else nodes.push(pairs)
      }
    }
    return [...found].map(([name, nodes]) => ({
      namespace,
      name,
      objects: sum(nodes, 'objects'),
      tombstones: sum(nodes, 'tombstones'),
      dataUsedBytes: sum(nodes, 'data_used_bytes'),
      indexes: most(nodes, 'sindexes'),
      isTruncating: nodes.some((node) => node['truncating'] === 'true'),
    }))
  }

  /** The secondary indexes of a namespace, or of all. */
  async secondaryIndexes(namespace?: string): Promise<ListedIndex[]> {
    const namespaces = namespace === undefined ? [...(await this.namespaces())] : [namespace]
    const lists = await Promise.all(namespaces.map((name) => this.#indexesOf(name)))
    return lists.flat()
  }

  async #indexesOf(namespace: string): Promise<ListedIndex[]> {
    const found = new Map<string, ListedIndex>()
    for (const answer of (
      await this.#client.askAll(`sindex-list:namespace=${namespace};b64=true`)
    ).values()) {
      if (parseInfoError(answer) !== undefined) continue
      for (const index of parseIndexList(answer)) {
        const known = found.get(index.name)
        // Readable when it is so everywhere.
        found.set(index.name, known === undefined || known.isReadable ? index : known)
      }
    }
    return [...found.values()]
  }

  /** The figures of an index; `undefined` when there is none of this name. */
  async secondaryIndexDetails(namespace: string, name: string): Promise<IndexDetails | undefined> {
    const command = `sindex-stat:namespace=${namespace};indexname=${name}`
    const nodes: { readonly [name: string]: string }[] = []
    for (const answer of (await this.#client.askAll(command)).values()) {
      const refusal = parseInfoError(answer)
      if (refusal === undefined) nodes.push(parseInfoPairs(answer))
      else if (refusal.code !== RESULT_CODE.INDEX_NOTFOUND && refusal.code !== RESULT_CODE.INVALID_NAMESPACE)
        throw infoError(command, refusal)
    }
    if (nodes.length === 0) return undefined
    return {
      namespace,
      name,
      entries: sum(nodes, 'entries'),
      usedBytes: sum(nodes, 'used_bytes'),
      entriesPerValue: most(nodes, 'entries_per_bval'),
      entriesPerRecord: most(nodes, 'entries_per_rec'),
      loadPercent: Math.min(...nodes.map((node) => number(node['load_pct']))),
    }
  }

  /** Whether all nodes see the same cluster, and no partition is moving. */
  async isClusterStable(): Promise<boolean> {
    const answers = [...(await this.#client.askAll('cluster-stable')).values()]
    return answers.every((answer) => parseInfoError(answer) === undefined && answer === answers[0])
  }

  /** How many nodes there are. */
  clusterSize(): number {
    return this.#client.nodes().length
  }

  /** What one node answers to a command, whatever it says. */
  async info(command: string): Promise<string> {
    const [node] = this.#client.nodes()
    return node === undefined ? '' : await this.#client.ask(node, command)
  }

  /** What every node answers to a command, by the node's name. @param options.timeout how long a node may take; default 5 s */
  async infoOnAllNodes(
    command: string,
    options: { readonly timeout?: Duration } = {},
  ): Promise<Map<string, string>> {
    const { timeout } = options
    const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout, 'timeout')
    return await this.#client.askAll(command, undefined, timeoutMs)
  }
}

function number(text: string | undefined): number {
  const value = Number(text ?? 0)
  return Number.isFinite(value) ? value : 0
}

function sum(nodes: readonly { readonly [name: string]: string }[], name: string): number {
  return nodes.reduce((total, node) => total + number(node[name]), 0)
}

function most(nodes: readonly { readonly [name: string]: string }[], name: string): number {
  return Math.max(...nodes.map((node) => number(node[name])))
}
