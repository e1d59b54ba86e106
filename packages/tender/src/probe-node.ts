import {
  DecodeError,
  isBuildAtLeast,
  parseBuild,
  parseHostList,
  parseInfoError,
  parsePeers,
  parseReplicas,
  printUserAgentRequest,
  type UserAgent,
} from '@aero/codec'
import type { Endpoint } from '@aero/transport'
import { type Addressing, toEndpoint } from './addressing.ts'
import { GENERATION_NOT_READY, ofOtherCluster } from './admission.ts'
import { NodeRefusedError } from './errors.ts'
import type { Details, Generations, Identity } from './node-report.ts'
import { parseRackIds } from './rack-map.ts'

/** An answer to an info request: value by name. */
export type InfoAnswer = ReadonlyMap<string, string>

/** Which lists are asked for. */
export interface DetailChoice {
  readonly peers: boolean
  readonly partitions: boolean
  readonly racks: boolean
}

/** What a probe has to know beside the node. */
export interface ProbeSettings extends Addressing {
  readonly racks: boolean
  /** What the cluster's name must be; it is asked for only then. */
  readonly clusterName: string | undefined
}

/** Names of the info protocol that tending uses. */
const NAME = {
  node: 'node',
  build: 'build',
  clusterName: 'cluster-name',
  peersGeneration: 'peers-generation',
  partitionGeneration: 'partition-generation',
  rebalanceGeneration: 'rebalance-generation',
  replicas: 'replicas',
  rackIds: 'rack-ids',
} as const

/** The small question of every round. */
export function generationNames(settings: ProbeSettings): string[] {
  const names: string[] = [NAME.node, NAME.peersGeneration, NAME.partitionGeneration]
  if (settings.racks) names.push(NAME.rebalanceGeneration)
  // A node may come back as one of another cluster, under its old name and address.
  if (settings.clusterName !== undefined) names.push(NAME.clusterName)
  return names
}

/**
 * The answer to {@link generationNames}.
 *
 * @throws NodeRefusedError when something is missing or is not a number, or the node belongs to another cluster by now.
 */
export function parseGenerations(
  answer: InfoAnswer,
  endpoint: Endpoint,
  settings: ProbeSettings,
): { readonly answeredAs: string; readonly generations: Generations } {
  const answeredAs = valueIn(answer, NAME.node, endpoint)
  const { clusterName } = settings
  if (clusterName !== undefined && answer.get(NAME.clusterName) !== clusterName)
    throw ofOtherCluster(answeredAs, endpoint, answer.get(NAME.clusterName), clusterName)
  const generations = {
    peers: generationIn(answer, NAME.peersGeneration, endpoint),
    partitions: generationIn(answer, NAME.partitionGeneration, endpoint),
  }
  return {
    answeredAs,
    generations: settings.racks
      ? { ...generations, rebalance: generationIn(answer, NAME.rebalanceGeneration, endpoint) }
      : generations,
  }
}

/** The question for lists. A generation stands before its list: a change in between leads to one question too many, never too few. */
export function detailNames(choice: DetailChoice, settings: ProbeSettings): string[] {
  return [NAME.node, ...listNames(choice, settings)]
}

function listNames(choice: DetailChoice, settings: ProbeSettings): string[] {
  const names: string[] = []
  if (choice.peers) names.push(peersName(settings))
  if (choice.partitions) names.push(NAME.partitionGeneration, NAME.replicas)
  if (choice.racks) names.push(NAME.rebalanceGeneration, NAME.rackIds)
  return names
}

/**
 * The answer to {@link detailNames}.
 *
 * @throws NodeRefusedError when a list is missing or unreadable.
 */
export function parseDetails(
  answer: InfoAnswer,
  endpoint: Endpoint,
  choice: DetailChoice,
  settings: ProbeSettings,
): { readonly answeredAs: string; readonly details: Details } {
  return {
    answeredAs: valueIn(answer, NAME.node, endpoint),
    details: listsIn(answer, endpoint, choice, settings),
  }
}

function listsIn(
  answer: InfoAnswer,
  endpoint: Endpoint,
  choice: DetailChoice,
  settings: ProbeSettings,
): Details {
  return {
    ...(choice.peers && { peers: peersIn(answer, endpoint, settings) }),
    ...(choice.partitions && { partitions: partitionsIn(answer, endpoint) }),
    ...(choice.racks && { racks: racksIn(answer, endpoint) }),
  }
}

const EVERYTHING = { peers: true, partitions: true } as const

/** What a node is asked when it is met: who it is, and everything it knows, so that one round trip is enough. */
export function identityNames(settings: ProbeSettings, askPublished: boolean): string[] {
  const names: string[] = [NAME.node, NAME.build]
  if (settings.clusterName !== undefined) names.push(NAME.clusterName)
  if (askPublished) names.push(publishedName(settings))
  return [...names, ...listNames({ ...EVERYTHING, racks: settings.racks }, settings)]
}

/**
 * The answer to {@link identityNames}.
 *
 * @throws NodeRefusedError when something is missing or unreadable.
 */
export function parseIdentity(answer: InfoAnswer, endpoint: Endpoint, settings: ProbeSettings): Identity {
  return {
    name: valueIn(answer, NAME.node, endpoint),
    build: valueIn(answer, NAME.build, endpoint),
    clusterName: settings.clusterName === undefined ? undefined : valueIn(answer, NAME.clusterName, endpoint),
    endpoint,
    details: listsIn(answer, endpoint, { ...EVERYTHING, racks: settings.racks }, settings),
  }
}

/** The addresses that the node publishes as its own; none when it does not say. They go by the TLS name of the one that was used. */
export function publishedIn(answer: InfoAnswer, endpoint: Endpoint, settings: ProbeSettings): Endpoint[] {
  const text = answer.get(publishedName(settings)) ?? ''
  if (parseInfoError(text) !== undefined) return []
  try {
    return parseHostList(text).map((address) => toEndpoint(address, endpoint.tlsName ?? '', settings))
  } catch (error) {
    if (error instanceof DecodeError) return []
    throw error
  }
}

/** The request that tells a node who we are; `undefined` for servers before 8.1, which do not know it. */
export function introduction(build: string, userAgent: UserAgent): string | undefined {
  try {
    return isBuildAtLeast(parseBuild(build), 8, 1) ? printUserAgentRequest(userAgent) : undefined
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function peersName({ useServicesAlternate, tls = false }: Addressing): string {
  return `peers-${tls ? 'tls' : 'clear'}-${useServicesAlternate ? 'alt' : 'std'}`
}

function publishedName({ useServicesAlternate, tls = false }: Addressing): string {
  return `service-${tls ? 'tls' : 'clear'}-${useServicesAlternate ? 'alt' : 'std'}`
}

function peersIn(
  answer: InfoAnswer,
  endpoint: Endpoint,
  settings: ProbeSettings,
): NonNullable<Details['peers']> {
  const name = peersName(settings)
  const { generation, peers } = readable(endpoint, name, () => parsePeers(valueIn(answer, name, endpoint)))
  const list = peers.map(({ name: peer, tlsName, hosts }) => ({
    name: peer,
    endpoints: hosts.map((address) => toEndpoint(address, tlsName, settings)),
  }))
  return { generation, list }
}

function partitionsIn(answer: InfoAnswer, endpoint: Endpoint): NonNullable<Details['partitions']> {
  const generation = generationIn(answer, NAME.partitionGeneration, endpoint)
  if (generation === GENERATION_NOT_READY) return { generation, claims: [] }
  const text = valueIn(answer, NAME.replicas, endpoint, true)
  return { generation, claims: readable(endpoint, NAME.replicas, () => parseReplicas(text)) }
}

function racksIn(answer: InfoAnswer, endpoint: Endpoint): NonNullable<Details['racks']> {
  const generation = generationIn(answer, NAME.rebalanceGeneration, endpoint)
  const text = answer.get(NAME.rackIds) ?? ''
  // A Community server answers with an error, once for good: it has no racks.
  const ids = parseInfoError(text) === undefined ? parseRackIds(text) : new Map<string, number>()
  return { generation, ids }
}

function generationIn(answer: InfoAnswer, name: string, endpoint: Endpoint): number {
  const text = valueIn(answer, name, endpoint)
  const generation = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(generation)) throw unreadable(endpoint, `${name} is not a number: '${text.slice(0, 40)}'`)
  return generation
}

function valueIn(answer: InfoAnswer, name: string, endpoint: Endpoint, mayBeEmpty = false): string {
  const value = answer.get(name)
  if (value === undefined || (value === '' && !mayBeEmpty))
    throw unreadable(endpoint, `no answer to '${name}'`)
  const error = parseInfoError(value)
  if (error !== undefined)
    throw unreadable(endpoint, `error ${error.code} in answer to '${name}': ${error.text}`)
  return value
}

function readable<T>(endpoint: Endpoint, name: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof DecodeError)
      throw unreadable(endpoint, `unreadable answer to '${name}': ${error.message}`, error)
    throw error
  }
}

function unreadable(endpoint: Endpoint, message: string, cause?: Error): NodeRefusedError {
  return new NodeRefusedError('unreadable-answer', endpoint, message, cause && { cause })
}
