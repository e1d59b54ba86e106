/**
 * Which of a partition's nodes a command goes to.
 *
 * | | first attempt | later attempts |
 * |---|---|---|
 * | `MASTER` | the master | the master |
 * | `SEQUENCE` | the master | the replicas one after the other, then the master again |
 * | `MASTER_PROLES` | master and replicas in turn, so that load spreads | as `SEQUENCE` from there |
 * | `RANDOM` | any of them | any of them |
 * | `PREFER_RACK` | the first in a preferred rack, racks in order of preference; without one as `SEQUENCE` | the same, without the node that failed |
 */
export type ReplicaOrder = 'MASTER' | 'MASTER_PROLES' | 'SEQUENCE' | 'PREFER_RACK' | 'RANDOM'

/**
 * The order for a write when `order` was asked for. Only the master takes writes, so the orders that spread load begin there
 * all the same; they go on to the replicas when it fails, because one of them may be the next master.
 */
export function replicaOrderForWrite(order: ReplicaOrder): ReplicaOrder {
  return order === 'MASTER' ? 'MASTER' : 'SEQUENCE'
}
