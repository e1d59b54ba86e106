import { PARTITION_COUNT } from '@aero/codec'

/** Who has which partition. */
export interface Ownership {
  /** The nodes that take part, in the order of their numbers. */
  readonly members: readonly string[]
  /** Copies of each partition: the replication factor, or the number of members when that is smaller. */
  readonly replicas: number
  /** Member numbers: `owners[partition * replicas + replica]`; replica 0 is the master. */
  readonly owners: Uint16Array
}

/**
 * Spreads the partitions over the members: each member gets a score per partition (a rendezvous hash), the highest scores
 * are its replicas. So the same members always get the same partitions, and one that leaves or comes moves only its own.
 *
 * @param racks the members' racks: copies of a partition are in as many racks as there are. Without it all are in one.
 */
export function assignPartitions(
  members: readonly string[],
  replicationFactor: number,
  racks: readonly number[] = [],
): Ownership {
  const replicas = Math.min(replicationFactor, members.length)
  const owners = new Uint16Array(PARTITION_COUNT * replicas)
  const seeds = members.map(hashName)
  const scores = new Float64Array(members.length)
  const order = members.map((_, index) => index)
  for (let partition = 0; partition < PARTITION_COUNT; partition++) {
    for (let member = 0; member < members.length; member++)
      scores[member] = mix((seeds[member] as number) ^ mix(partition + 1))
    order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    if (racks.some((rack) => rack !== racks[0])) spreadOverRacks(order, replicas, racks)
    for (let replica = 0; replica < replicas; replica++)
      owners[partition * replicas + replica] = order[replica] as number
  }
  return { members, replicas, owners }
}

/** Moves members forward whose rack has no copy yet. */
function spreadOverRacks(order: number[], replicas: number, racks: readonly number[]): void {
  for (let replica = 1; replica < replicas; replica++) {
    const used = order.slice(0, replica).map((member) => racks[member])
    const next = order.findIndex((member, index) => index >= replica && !used.includes(racks[member]))
    if (next < 0) return
    order.splice(replica, 0, ...order.splice(next, 1))
  }
}

/** The partitions of which `member` is the given replica, as the bitmap that `replicas` answers with. */
export function partitionBitmap(ownership: Ownership, member: string, replica: number): Uint8Array {
  const bitmap = new Uint8Array(PARTITION_COUNT / 8)
  const number = ownership.members.indexOf(member)
  if (number < 0 || replica >= ownership.replicas) return bitmap
  for (let partition = 0; partition < PARTITION_COUNT; partition++) {
    if (ownership.owners[partition * ownership.replicas + replica] !== number) continue
    bitmap[partition >> 3] = (bitmap[partition >> 3] as number) | (0x80 >> (partition & 7))
  }
  return bitmap
}

/** Which replica of the partition the member has: 0 master, 1 and up copies, -1 none. */
export function replicaNumber(ownership: Ownership, member: string, partition: number): number {
  const number = ownership.members.indexOf(member)
  for (let replica = 0; replica < ownership.replicas; replica++) {
    if (ownership.owners[partition * ownership.replicas + replica] === number)
      return number < 0 ? -1 : replica
  }
  return -1
}

/** FNV-1a, 32 bits. */
function hashName(name: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < name.length; index++)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

/** The finisher of MurmurHash3, 32 bits: every bit of the input reaches every bit of the output. */
function mix(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
