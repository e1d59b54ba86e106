import { PARTITION_COUNT } from '@aero/codec'
import type { Claim, NodeState } from './cluster-state.ts'

/** Who owns which partition of one namespace. */
export interface PartitionTable {
  readonly namespace: string
  /** Whether the namespace is strongly consistent: its claims carry a regime. */
  readonly strongConsistency: boolean
  /**
   * `owners[replica][partition]` is a node's name. While partitions move, slots may be empty and one node may stand
   * at several levels of the same partition.
   */
  readonly owners: readonly (readonly (string | undefined)[])[]
  /** The newest regime seen for each partition. Claims of an older one no longer count, not even when the newer claimant has gone. */
  readonly regimes: Float64Array
}

/**
 * Works out who owns what from all that the nodes claim, so that a claim given up falls to whoever else makes it, and the
 * result does not depend on the order in which consistent claims came in. A higher regime wins, then the later receipt.
 *
 * @returns `previous` itself when nothing changed, `undefined` when no node claims anything of the namespace
 */
export function buildPartitionTable(
  namespace: string,
  nodes: Iterable<NodeState>,
  previous: PartitionTable | undefined,
): PartitionTable | undefined {
  const claims: (Claim & { readonly name: string })[] = []
  const present = new Set<string>()
  let levels = 0
  for (const node of nodes) {
    present.add(node.name)
    for (const claim of node.claims) {
      if (claim.namespace !== namespace) continue
      claims.push({ ...claim, name: node.name })
      levels = Math.max(levels, claim.replicas.length)
    }
  }
  if (claims.length === 0) return undefined
  claims.sort((a, b) => a.regime - b.regime || a.receipt - b.receipt)

  const regimes = previous?.regimes.slice() ?? new Float64Array(PARTITION_COUNT)
  const owners: (string | undefined)[][] = []
  for (let level = 0; level < levels; level++)
    owners.push(new Array<string | undefined>(PARTITION_COUNT).fill(undefined))
  // In ascending order, so that the claim which counts most is written last.
  for (const { regime, replicas, name } of claims) {
    for (let level = 0; level < replicas.length; level++) {
      writeOwners(
        replicas[level] as Uint8Array,
        regime,
        name,
        owners[level] as (string | undefined)[],
        regimes,
      )
    }
  }
  if (previous !== undefined) keepUnclaimed(owners, previous, present)
  const strongConsistency = claims.some((claim) => claim.regime !== 0)
  const table: PartitionTable = { namespace, strongConsistency, owners, regimes }
  return previous !== undefined && sameTable(previous, table) ? previous : table
}

/**
 * While a partition changes hands, the old owner may have given it up before the new one's claim is heard. Until then the last
 * known owner is as good as any node: it passes requests on. Better than telling the caller that there is none.
 */
function keepUnclaimed(
  owners: (string | undefined)[][],
  previous: PartitionTable,
  present: ReadonlySet<string>,
): void {
  for (let partition = 0; partition < PARTITION_COUNT; partition++) {
    if (owners.some((level) => level[partition] !== undefined)) continue
    for (let level = 0; level < owners.length; level++) {
      const last = previous.owners[level]?.[partition]
      if (last !== undefined && present.has(last)) (owners[level] as (string | undefined)[])[partition] = last
    }
  }
}

/** Whether every partition of the namespace has a known master. */
export function isComplete(table: PartitionTable): boolean {
  return table.owners[0]?.every((owner) => owner !== undefined) ?? false
}

/** Whether for every partition of the namespace somebody is known who has a copy, and passes on what is for the master. */
export function isServed({ owners }: PartitionTable): boolean {
  for (let partition = 0; partition < PARTITION_COUNT; partition++) {
    if (owners.every((level) => level[partition] === undefined)) return false
  }
  return true
}

/** Whether `name` owns any partition at any level. */
export function ownsAnything(table: PartitionTable, name: string): boolean {
  return table.owners.some((level) => level.includes(name))
}

/*
 * bitmap := 512 bytes; partition p is held when bitmap[p >> 3] has the bit 0x80 >> (p & 7)
 */
function writeOwners(
  bitmap: Uint8Array,
  regime: number,
  name: string,
  owners: (string | undefined)[],
  regimes: Float64Array,
): void {
  const bytes = Math.min(bitmap.length, PARTITION_COUNT >> 3)
  for (let index = 0; index < bytes; index++) {
    const byte = bitmap[index] as number
    if (byte === 0) continue
    for (let bit = 0; bit < 8; bit++) {
      if ((byte & (0x80 >> bit)) === 0) continue
      const partition = (index << 3) | bit
      if (regime < (regimes[partition] as number)) continue
      regimes[partition] = regime
      owners[partition] = name
    }
  }
}

function sameTable(one: PartitionTable, other: PartitionTable): boolean {
  if (one.strongConsistency !== other.strongConsistency || one.owners.length !== other.owners.length)
    return false
  for (let level = 0; level < one.owners.length; level++) {
    const ours = one.owners[level] as readonly (string | undefined)[]
    const theirs = other.owners[level] as readonly (string | undefined)[]
    for (let partition = 0; partition < PARTITION_COUNT; partition++)
      if (ours[partition] !== theirs[partition]) return false
  }
  return one.regimes.every((regime, partition) => regime === other.regimes[partition])
}
