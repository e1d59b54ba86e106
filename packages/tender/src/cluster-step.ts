import type { NamespaceReplicas } from '@aero/codec'
import { type AdmissionRules, GENERATION_NOT_READY, refusalOf } from './admission.ts'
import {
  type Claim,
  type ClusterState,
  hasHealthyNode,
  isHealthy,
  isWellPlaced,
  type NodeState,
  namedPeers,
  type Peer,
  sameEndpoint,
} from './cluster-state.ts'
import { NodeRefusedError } from './errors.ts'
import type {
  Details,
  Generations,
  IdentifyEffect,
  Identity,
  NodeReport,
  RemovalReason,
  TendEffect,
} from './node-report.ts'
import { buildPartitionTable, ownsAnything, type PartitionTable } from './partition-table.ts'

/** What tending is told once. */
export interface TendRules extends AdmissionRules {
  /** Whether rack ids are kept. */
  readonly racks: boolean
}

/** What came of a report. */
export interface TendStep {
  readonly state: ClusterState
  readonly effects: readonly TendEffect[]
}

/** While no node answers at all, a node is kept for this many failures in a row; the other clients keep the same number. */
export const FAILURES_UNTIL_LOST = 5

/**
 * The whole of tending: what is known and what just happened give what is known now and what is to be done next. No clock, no
 * socket, no randomness; reports about nodes that are gone meanwhile change nothing, so they may come in any order.
 *
 * The rules, which the official C and Java clients share, are:
 * - A node that does not answer goes when no healthy node names it, and stays while one does.
 * - A node that answers goes when no other names it and it owns nothing.
 * - When none answers, nodes go after {@link FAILURES_UNTIL_LOST} failures. Meanwhile the seeds are resolved and asked in
 *   every round, so that a cluster which has moved as a whole is found again.
 * - A node that names no peers while others are healthy has been cut off: what it claims to own is not believed.
 * - A node that was out of reach and claims what it claimed before says nothing new: who took over meanwhile keeps it.
 */
export function clusterStep(state: ClusterState, report: NodeReport, rules: TendRules): TendStep {
  switch (report.kind) {
    case 'round-started':
      return startRound(state, report.early)
    case 'round-ended':
      return endRound(state)
    case 'identified':
      return admit(state, report.probe, report.expected, report.identity, rules)
    case 'answered':
    case 'learned':
    case 'failed': {
      const node = state.nodes.get(report.name)
      if (node === undefined || node.incarnation !== report.incarnation) return { state, effects: [] }
      const isMisplaced = report.kind !== 'failed' && report.answeredAs !== node.name
      if (report.kind === 'failed' || isMisplaced) {
        const failures = node.failures + 1
        return {
          state: withNode(state, { ...node, failures, isMisplaced: node.isMisplaced || isMisplaced }),
          effects: [],
        }
      }
      return report.kind === 'answered'
        ? compareGenerations(state, node, report.generations, rules)
        : learn(state, node, report.details)
    }
  }
}

function startRound(state: ClusterState, early: boolean): TendStep {
  const effects: TendEffect[] = []
  for (const node of state.nodes.values()) {
    // Failures are counted in regular rounds only, or a burst of connection errors would use them up in no time.
    if (early && !isHealthy(node)) continue
    effects.push({ kind: 'probe', name: node.name, incarnation: node.incarnation })
  }
  effects.push(...unmetPeers(state))
  if (!hasHealthyNode(state)) effects.push({ kind: 'seed' })
  return { state: { ...state, round: state.round + 1 }, effects }
}

/** Peers that are named and not known, and those that fail, or are not alone, where we know them but are named elsewhere. */
function unmetPeers(state: ClusterState): IdentifyEffect[] {
  const effects: IdentifyEffect[] = []
  for (const [name, endpoints] of namedPeers(state)) {
    if (endpoints.length === 0) continue
    const known = state.nodes.get(name)
    if (known !== undefined && isWellPlaced(known)) continue
    const elsewhere =
      known === undefined
        ? endpoints
        : endpoints.filter((endpoint) => !sameEndpoint(endpoint, known.endpoint))
    if (elsewhere.length > 0) effects.push({ kind: 'identify', name, endpoints: elsewhere })
  }
  return effects
}

function compareGenerations(
  state: ClusterState,
  node: NodeState,
  now: Generations,
  rules: TendRules,
): TendStep {
  const effects: TendEffect[] = []
  const { name, incarnation } = node
  // Generations only grow while a process lives.
  if (now.peers < (node.peersGeneration ?? now.peers) || goesBack(node.partitionGeneration, now.partitions)) {
    effects.push({ kind: 'restarted', name, incarnation })
  }
  // After a failure nothing is taken for granted: the node may have been another one in between.
  const doubtful = !isHealthy(node)
  const peers = doubtful || now.peers !== node.peersGeneration
  const partitions =
    now.partitions !== GENERATION_NOT_READY && (doubtful || now.partitions !== node.partitionGeneration)
  const racks = rules.racks && (doubtful || now.rebalance !== node.rebalanceGeneration)
  if (peers || partitions || racks) effects.push({ kind: 'ask', name, incarnation, peers, partitions, racks })
  return { state: doubtful ? withNode(state, { ...node, failures: 0 }) : state, effects }
}

function goesBack(known: number | undefined, now: number): boolean {
  return known !== undefined && now !== GENERATION_NOT_READY && now < known
}

function learn(state: ClusterState, node: NodeState, details: Details): TendStep {
  const after = absorb(state, node, details)
  return { state: after, effects: newlyNamed(state, after) }
}

/** New names are followed at once, not in the next round. */
function newlyNamed(before: ClusterState, after: ClusterState): TendEffect[] {
  const known = namedPeers(before)
  return unmetPeers(after).filter(({ name, endpoints }) =>
    endpoints.some((endpoint) => !known.get(name)?.some((other) => sameEndpoint(other, endpoint))),
  )
}

/** Puts what a node told of itself into the state. */
function absorb(state: ClusterState, node: NodeState, details: Details): ClusterState {
  let next: NodeState = node
  let receipts = state.nextReceipt
  if (details.peers !== undefined) {
    next = {
      ...next,
      peersGeneration: details.peers.generation,
      peers: tidyPeers(details.peers.list, node.name),
    }
  }
  if (details.racks !== undefined) {
    next = { ...next, rebalanceGeneration: details.racks.generation, racks: details.racks.ids }
  }
  const isCutOff = next.peers.length === 0 && hasHealthyNode(state, node.name)
  const { partitions } = details
  const isNews =
    partitions !== undefined &&
    partitions.generation !== GENERATION_NOT_READY &&
    !(partitions.generation === node.partitionGeneration && sameClaims(node.claims, partitions.claims))
  if (isNews && !isCutOff) {
    const receipt = receipts++
    next = {
      ...next,
      partitionGeneration: partitions.generation,
      claims: partitions.claims.map((claim) => ({ ...claim, receipt })),
    }
  }
  const changed = withNode({ ...state, nextReceipt: receipts }, next)
  if (next.claims === node.claims) return changed
  return withPartitions(changed, [...node.claims, ...next.claims].map(namespaceOf))
}

/**
 * Whether a node says again what it said before. Its word then is as old as it was: a node that was out of reach while others took over from
 * it does not know better because it answers again.
 */
function sameClaims(known: readonly Claim[], said: readonly NamespaceReplicas[]): boolean {
  return (
    known.length === said.length &&
    known.every((claim, index) => {
      const other = said[index] as NamespaceReplicas
      return (
        claim.namespace === other.namespace &&
        claim.regime === other.regime &&
        claim.replicas.length === other.replicas.length &&
        claim.replicas.every((bitmap, level) => sameBytes(bitmap, other.replicas[level] as Uint8Array))
      )
    })
  )
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

function namespaceOf(claim: Claim): string {
  return claim.namespace
}

/** One entry for each name, however often it was named; a node is not its own peer. */
function tidyPeers(list: readonly Peer[], ownName: string): Peer[] {
  const byName = new Map<string, Peer>()
  for (const peer of list) {
    if (peer.name === ownName) continue
    const known = byName.get(peer.name)
    const endpoints = [...(known?.endpoints ?? [])]
    for (const endpoint of peer.endpoints)
      if (!endpoints.some((other) => sameEndpoint(other, endpoint))) endpoints.push(endpoint)
    byName.set(peer.name, { name: peer.name, endpoints })
  }
  return [...byName.values()]
}

function admit(
  state: ClusterState,
  probe: number,
  expected: string | undefined,
  identity: Identity,
  rules: TendRules,
): TendStep {
  const refusal = refusalOf(identity, expected, rules) ?? refusalOfStranger(state, identity, expected)
  if (refusal !== undefined) return { state, effects: [{ kind: 'refused', probe, error: refusal }] }

  const { name, endpoint, build, details } = identity
  const known = state.nodes.get(name)
  // A healthy node may have many addresses; the one in use is as good as any.
  if (known !== undefined && (isWellPlaced(known) || sameEndpoint(known.endpoint, endpoint))) {
    return { state, effects: [] }
  }

  const effects: TendEffect[] = []
  let from = state
  if (known !== undefined) from = closeNodes(from, [[known, 'address-changed']], effects)
  const stray = strayNode(from, identity, expected)
  if (stray !== undefined) from = closeNodes(from, [[stray, 'stray']], effects)

  const incarnation = from.nextIncarnation
  const blank: NodeState = {
    name,
    incarnation,
    endpoint,
    build,
    failures: 0,
    isMisplaced: false,
    addedInRound: from.round,
    peersGeneration: undefined,
    partitionGeneration: undefined,
    rebalanceGeneration: undefined,
    peers: [],
    claims: [],
    racks: new Map(),
  }
  const before = withNode({ ...from, nextIncarnation: incarnation + 1 }, blank)
  const after = absorb(before, blank, details)
  effects.push({ kind: 'open', name, incarnation, probe }, ...newlyNamed(state, after))
  return { state: after, effects }
}

/**
 * Two seeds may belong to two clusters. What a seed leads to must be related to what is there: named by it or naming it.
 */
function refusalOfStranger(
  state: ClusterState,
  identity: Identity,
  expected: string | undefined,
): NodeRefusedError | undefined {
  if (expected !== undefined || state.nodes.has(identity.name) || !hasHealthyNode(state)) return undefined
  if (isRelated(state, identity) || strayNode(state, identity, expected) !== undefined) return undefined
  const others = [...state.nodes.keys()].join(', ')
  return new NodeRefusedError(
    'unrelated',
    identity.endpoint,
    `node ${identity.name} and the cluster of ${others} do not know of each other`,
  )
}

function isRelated(state: ClusterState, identity: Identity): boolean {
  const list = identity.details.peers?.list ?? []
  return list.some((peer) => state.nodes.has(peer.name)) || namedPeers(state).has(identity.name)
}

/** A node met first that turns out to stand alone, while the next seed leads to a cluster: the cluster is what was meant. */
function strayNode(
  state: ClusterState,
  identity: Identity,
  expected: string | undefined,
): NodeState | undefined {
  if (expected !== undefined || state.nodes.size !== 1 || isRelated(state, identity)) return undefined
  const [only] = state.nodes.values()
  const isFirstMeeting = only !== undefined && only.addedInRound === state.round
  const hasCompany = (identity.details.peers?.list.length ?? 0) > 0
  return isFirstMeeting && only.peers.length === 0 && hasCompany ? only : undefined
}

function endRound(state: ClusterState): TendStep {
  const leaving: [NodeState, RemovalReason][] = []
  if (!hasHealthyNode(state)) {
    for (const node of state.nodes.values())
      if (node.failures >= FAILURES_UNTIL_LOST) leaving.push([node, 'cluster-lost'])
  } else if (state.nodes.size > 1) {
    const named = namedPeers(state)
    const unnamed = [...state.nodes.values()].filter((node) => !named.has(node.name))
    for (const node of unnamed) if (!isHealthy(node)) leaving.push([node, 'unreachable'])
    const idle = unnamed.filter((node) => isHealthy(node) && ownsNothing(state, node))
    // Nodes that deny each other must not empty the cluster between them.
    if (hasHealthyNode(state, ...idle.map(({ name }) => name))) {
      for (const node of idle) leaving.push([node, 'left'])
    }
  }
  const effects: TendEffect[] = []
  return { state: closeNodes(state, leaving, effects), effects }
}

/** Whether the node has been with us for a round, has told what it owns, and it is nothing. */
function ownsNothing(state: ClusterState, node: NodeState): boolean {
  if (node.addedInRound === state.round || node.partitionGeneration === undefined) return false
  for (const table of state.partitions.values()) if (ownsAnything(table, node.name)) return false
  return true
}

/** Takes nodes out, and with them all that they own. A name given twice counts once. */
function closeNodes(
  state: ClusterState,
  leaving: readonly (readonly [NodeState, RemovalReason])[],
  effects: TendEffect[],
): ClusterState {
  if (leaving.length === 0) return state
  const nodes = new Map(state.nodes)
  const namespaces: string[] = []
  for (const [node, reason] of leaving) {
    if (nodes.get(node.name)?.incarnation !== node.incarnation) continue
    nodes.delete(node.name)
    namespaces.push(...node.claims.map(namespaceOf))
    effects.push({ kind: 'close', name: node.name, incarnation: node.incarnation, reason })
  }
  return withPartitions({ ...state, nodes }, namespaces)
}

function withNode(state: ClusterState, node: NodeState): ClusterState {
  return { ...state, nodes: new Map(state.nodes).set(node.name, node) }
}

function withPartitions(state: ClusterState, namespaces: readonly string[]): ClusterState {
  let partitions: Map<string, PartitionTable> | undefined
  for (const namespace of new Set(namespaces)) {
    const previous = state.partitions.get(namespace)
    const table = buildPartitionTable(namespace, state.nodes.values(), previous)
    if (table === previous) continue
    partitions ??= new Map(state.partitions)
    if (table === undefined) partitions.delete(namespace)
    else partitions.set(namespace, table)
  }
  return partitions === undefined ? state : { ...state, partitions }
}
