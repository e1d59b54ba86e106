import { DIGEST_BYTES, PARTITION_COUNT, type QueryPartitions } from '@aero/codec'

const VALUE_BYTES = 8

/** What is done of a partition. */
const STATE = { unwanted: 0, open: 1, done: 2 } as const

/** A record's key, or what else knows its digest. */
interface WithDigest {
  readonly digest: Uint8Array
}

/** A partition in which a query has begun: the last record that was taken. Plain data. */
export interface PartitionPosition {
  readonly partition: number
  readonly digest: Uint8Array
  /** Of a query by an index: the record's value in it, 64 bits as two signed halves. */
  readonly valueHigh: number
  readonly valueLow: number
}

/** Where a query stands: which partitions it has still to finish, and where in them. Plain data. */
export interface QueryPosition {
  /** Partitions of which nothing was taken yet, ascending. */
  readonly whole: readonly number[]
  /** Partitions that were begun. */
  readonly begun: readonly PartitionPosition[]
}

/** What one node was asked for in one command. */
export interface QueryPart<N> {
  readonly node: N
  /** Ascending. */
  readonly partitions: readonly number[]
  /** The most records the node was asked for; 0 for all there are. */
  readonly share: number
  /** Earlier attempts that failed for one of the partitions. */
  readonly attempt: number
  /** Which part has a partition: the one with this number. */
  readonly serial: number
  /** Records that came from it, those included that were not given out. */
  received: number
}

/** The outcome of {@link PartitionTracker.assign}. */
export interface Assignment<N> {
  readonly parts: readonly QueryPart<N>[]
  /** Partitions for which no node could be chosen. */
  readonly homeless: readonly number[]
}

/**
 * Knows which records of a query have been taken, as the last one of every partition: within a partition they come in order.
 * Pure; who sends and receives tells it what was sent and taken. However many nodes fail, a record is taken once, and a
 * partition is done when a node has said so or has given fewer records than it was asked for.
 *
 * It learns of a record when the caller gets it, not when it arrives, so that what it knows at any moment is where the query
 * can be resumed.
 */
export class PartitionTracker<N> {
  readonly #state = new Uint8Array(PARTITION_COUNT)
  readonly #owners = new Uint32Array(PARTITION_COUNT)
  readonly #attempts = new Uint8Array(PARTITION_COUNT)
  readonly #failedNodes: (N | undefined)[] = new Array<N | undefined>(PARTITION_COUNT).fill(undefined)
  /** The last record taken of each partition. */
  readonly #last: (WithDigest | undefined)[] = new Array<WithDigest | undefined>(PARTITION_COUNT).fill(
    undefined,
  )
  /** Its value in the index: two halves each. */
  readonly #values: Int32Array | undefined
  readonly #sharesLimit: boolean
  #serial = 0
  #open = 0
  /** Records still wanted; Infinity for all. */
  #wanted: number
  /** Records that parts under way may still give. */
  #promised = 0

  /**
   * @param position the partitions wanted
   * @param options.limit records wanted in all; Infinity for all there are
   * @param options.sharesLimit nodes are told how many records are wanted of them. Not to be when they count records that they then
   * leave out, for lack of the bins asked for
   * @param options.hasValues an index is asked
   */
  constructor(
    position: QueryPosition,
    options: { readonly limit: number; readonly sharesLimit: boolean; readonly hasValues: boolean },
  ) {
    const { limit, sharesLimit, hasValues } = options
    this.#wanted = limit
    this.#sharesLimit = sharesLimit && limit !== Number.POSITIVE_INFINITY
    this.#values = hasValues ? new Int32Array(2 * PARTITION_COUNT) : undefined
    for (const partition of position.whole) this.#state[partition] = STATE.open
    for (const begun of position.begun) {
      this.#state[begun.partition] = STATE.open
      this.#note(begun.partition, begun, begun.valueHigh, begun.valueLow)
    }
    for (let partition = 0; partition < PARTITION_COUNT; partition++)
      if (this.#state[partition] === STATE.open) this.#open++
  }

  /** All partitions are done. */
  get isComplete(): boolean {
    return this.#open === 0
  }

  /** Records still wanted; Infinity for all. */
  get wanted(): number {
    return this.#wanted
  }

  /** More records are wanted, after those of the limit were taken. */
  want(limit: number): void {
    this.#wanted = limit
  }

  /**
   * Divides the partitions that are open and that nobody has been asked for among the nodes. With a limit, each node is asked for
   * its share of what is wanted and not promised by others; where that is less than a record for each, some nodes wait.
   *
   * @param nodeOf the node for a partition after so many failed attempts, the last of them at `previous`
   */
  assign(
    nodeOf: (partition: number, attempt: number, previous: N | undefined) => N | undefined,
  ): Assignment<N> {
    const groups = new Map<N, Map<number, number[]>>()
    const homeless: number[] = []
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      if (this.#state[partition] !== STATE.open || this.#owners[partition] !== 0) continue
      const attempt = this.#attempts[partition] as number
      const node = nodeOf(partition, attempt, this.#failedNodes[partition])
      if (node === undefined) {
        homeless.push(partition)
        continue
      }
      let byAttempt = groups.get(node)
      if (byAttempt === undefined) groups.set(node, (byAttempt = new Map()))
      const group = byAttempt.get(attempt)
      if (group === undefined) byAttempt.set(attempt, [partition])
      else group.push(partition)
    }
    const all = [...groups].flatMap(([node, byAttempt]) =>
      [...byAttempt].map(([attempt, partitions]) => ({ node, attempt, partitions })),
    )
    return { parts: this.#shared(all), homeless }
  }

  #shared(
    groups: readonly { readonly node: N; readonly attempt: number; readonly partitions: readonly number[] }[],
  ): QueryPart<N>[] {
    const parts: QueryPart<N>[] = []
    const free = this.#sharesLimit ? this.#wanted - this.#promised : 0
    const each = Math.floor(free / groups.length)
    const left = free - each * groups.length
    groups.forEach(({ node, attempt, partitions }, at) => {
      const share = this.#sharesLimit ? each + (at < left ? 1 : 0) : 0
      if (this.#sharesLimit && share === 0) return
      const serial = ++this.#serial
      for (const partition of partitions) this.#owners[partition] = serial
      this.#promised += share
      parts.push({ node, attempt, partitions, share, serial, received: 0 })
    })
    return parts
  }

  /** The partitions of a part as they are written into its request. */
  positionOf(part: QueryPart<N>): QueryPartitions {
    const whole: number[] = []
    const begun: number[] = []
    for (const partition of part.partitions)
      (this.#last[partition] === undefined ? whole : begun).push(partition)
    const digests = new Uint8Array(DIGEST_BYTES * begun.length)
    const values = this.#values === undefined ? undefined : new Uint8Array(VALUE_BYTES * begun.length)
    const view = values === undefined ? undefined : new DataView(values.buffer)
    begun.forEach((partition, at) => {
      digests.set((this.#last[partition] as WithDigest).digest, DIGEST_BYTES * at)
      view?.setInt32(VALUE_BYTES * at, this.#values?.[2 * partition + 1] as number, true)
      view?.setInt32(VALUE_BYTES * at + 4, this.#values?.[2 * partition] as number, true)
    })
    return { whole, digests, values }
  }

  /**
   * The caller gets this record of `part`. The key is kept, for its digest.
   *
   * @returns `false` when it must not be given out: nobody asked that part for the partition, or no more records are wanted
   */
  take(part: QueryPart<N>, partition: number, key: WithDigest, valueHigh: number, valueLow: number): boolean {
    part.received++
    if (this.#sharesLimit && part.received <= part.share) this.#promised--
    if (this.#owners[partition] !== part.serial) return false
    if (this.#wanted <= 0) {
      // From here on the partition is still to be had.
      this.#owners[partition] = 0
      return false
    }
    this.#note(partition, key, valueHigh, valueLow)
    this.#wanted--
    return true
  }

  #note(partition: number, key: WithDigest, valueHigh: number, valueLow: number): void {
    this.#last[partition] = key
    const values = this.#values
    if (values === undefined) return
    values[2 * partition] = valueHigh
    values[2 * partition + 1] = valueLow
  }

  /** The node of `part` does not serve the partition at present: it is to be asked of another. */
  unavailable(part: QueryPart<N>, partition: number): void {
    if (this.#owners[partition] === part.serial) this.#reopen(part, partition)
  }

  /** The node has answered all that it was asked. */
  finished(part: QueryPart<N>): void {
    const isExhausted = part.share === 0 || part.received < part.share
    this.#release(part)
    for (const partition of part.partitions) {
      if (this.#owners[partition] !== part.serial) continue
      this.#owners[partition] = 0
      if (!isExhausted) continue
      this.#state[partition] = STATE.done
      this.#open--
    }
  }

  /** The node's answer has broken off, behind the records taken. Progress makes up for earlier failures. */
  failed(part: QueryPart<N>): void {
    this.#release(part)
    for (const partition of part.partitions) {
      if (this.#owners[partition] !== part.serial) continue
      if (part.received > 0) this.#attempts[partition] = 0
      this.#reopen(part, partition)
    }
  }

  /** The part is given up without a failure: what is left of it is open again. */
  dropped(part: QueryPart<N>): void {
    this.#release(part)
    for (const partition of part.partitions)
      if (this.#owners[partition] === part.serial) this.#owners[partition] = 0
  }

  #release(part: QueryPart<N>): void {
    if (this.#sharesLimit) this.#promised -= Math.max(0, part.share - part.received)
  }

  #reopen(part: QueryPart<N>, partition: number): void {
    this.#owners[partition] = 0
    this.#attempts[partition] = Math.min(255, (this.#attempts[partition] as number) + 1)
    this.#failedNodes[partition] = part.node
  }

  /** Where the query stands now. */
  position(): QueryPosition {
    const whole: number[] = []
    const begun: PartitionPosition[] = []
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      if (this.#state[partition] !== STATE.open) continue
      const digest = this.#last[partition]?.digest
      if (digest === undefined) whole.push(partition)
      else {
        const valueHigh = this.#values?.[2 * partition] ?? 0
        const valueLow = this.#values?.[2 * partition + 1] ?? 0
        begun.push({ partition, digest, valueHigh, valueLow })
      }
    }
    return { whole, begun }
  }
}
