import { DIGEST_BYTES, PARTITION_COUNT, partitionIdOf } from '@aero/codec'
import { type Random, rounds, seededRandom } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { PartitionTracker, type QueryPart, type QueryPosition } from './partition-tracker.ts'

const ALL: QueryPosition = {
  whole: Array.from({ length: PARTITION_COUNT }, (_, partition) => partition),
  begun: [],
}
const EVERYTHING = { limit: Number.POSITIVE_INFINITY, sharesLimit: true, hasValues: false }

interface Stored {
  readonly digest: Uint8Array
  readonly partition: number
}

/** A cluster in a test's hands: records in the order of their partitions, and nodes that answer a request as servers do. */
class Model {
  readonly records: Stored[][] = Array.from({ length: PARTITION_COUNT }, () => [])
  readonly random: Random
  readonly nodes: number
  readonly total: number

  constructor(random: Random, nodes: number, total: number) {
    this.random = random
    this.nodes = nodes
    this.total = total
    for (let index = 0; index < total; index++) {
      const digest = random.bytes(DIGEST_BYTES)
      const partition = partitionIdOf(digest)
      this.records[partition]?.push({ digest, partition })
    }
    for (const each of this.records) each.sort((one, other) => Buffer.compare(one.digest, other.digest))
  }

  /** What a node sends for a request: partitions in any order, each record behind the digest sent. */
  answer(tracker: PartitionTracker<number>, part: QueryPart<number>): Stored[] {
    const { whole, digests } = tracker.positionOf(part)
    const lanes = whole.map((partition) => [...(this.records[partition] as Stored[])])
    for (let at = 0; at < digests.length; at += DIGEST_BYTES) {
      const digest = digests.subarray(at, at + DIGEST_BYTES)
      const behind = this.records[partitionIdOf(digest)] as Stored[]
      lanes.push(behind.filter((record) => Buffer.compare(record.digest, digest) > 0))
    }
    const sent: Stored[] = []
    const open = lanes.filter((lane) => lane.length > 0)
    while (open.length > 0 && (part.share === 0 || sent.length < part.share)) {
      const at = this.random.int(0, open.length - 1)
      const lane = open[at] as Stored[]
      sent.push(lane.shift() as Stored)
      if (lane.length === 0) open.splice(at, 1)
    }
    return sent
  }

  /** Any node but the one that failed just now, like a cluster that changes all the time. */
  readonly nodeOf = (
    _partition: number,
    _attempt: number,
    previous: number | undefined,
  ): number | undefined => {
    if (this.random.chance(0.02)) return undefined
    const node = this.random.int(0, this.nodes - 1)
    return node === previous ? (node + 1) % this.nodes : node
  }
}

/** Runs the query to its end or until enough is taken, with failures all the way; gives the digests taken, in order. */
function run(model: Model, tracker: PartitionTracker<number>, failures: number): string[] {
  const { random } = model
  const taken: string[] = []
  for (let round = 0; !tracker.isComplete && tracker.wanted > 0; round++) {
    if (round > 2000) throw new Error('no end in sight')
    const { parts } = tracker.assign(model.nodeOf)
    // All nodes at the same time: a record of one, a record of another.
    const running = parts.map((part) => ({ part, records: model.answer(tracker, part), at: 0 }))
    while (running.length > 0) {
      const index = random.int(0, running.length - 1)
      const { part, records, at } = running[index] as (typeof running)[number]
      const record = records[at]
      if (record === undefined) tracker.finished(part)
      else if (round < 200 && random.chance(failures)) tracker.failed(part)
      else {
        if (round < 200 && random.chance(failures))
          tracker.unavailable(part, random.pick(part.partitions as number[]))
        if (tracker.take(part, record.partition, record, 0, 0))
          taken.push(Buffer.from(record.digest).toString('hex'))
        ;(running[index] as (typeof running)[number]).at++
        continue
      }
      running.splice(index, 1)
    }
  }
  return taken
}

describe('PartitionTracker', () => {
  it('loses no record and repeats none, whatever nodes fail', () => {
    const random = seededRandom()
    for (let round = 0; round < rounds(20); round++) {
      const model = new Model(random, random.int(1, 6), random.int(0, 3000))
      const tracker = new PartitionTracker<number>(ALL, EVERYTHING)
      const taken = run(model, tracker, random.pick([0, 0.001, 0.02, 0.3]))
      expect(new Set(taken).size, `seed ${random.seed}`).toBe(taken.length)
      expect(taken.length, `seed ${random.seed}`).toBe(model.total)
      expect(tracker.position()).toEqual({ whole: [], begun: [] })
    }
  })

  it.each([true, false])('gives exactly as many as are wanted, page by page (shares %s)', (sharesLimit) => {
    const random = seededRandom()
    for (let round = 0; round < rounds(20); round++) {
      const model = new Model(random, random.int(1, 6), random.int(0, 1500))
      // No more than forty pages: each costs a look at all partitions.
      const page = random.int(Math.ceil((model.total + 1) / 40), 400)
      const failures = random.pick([0, 0.01, 0.1])
      let position = ALL
      const taken: string[] = []
      for (;;) {
        // Each page as another process would begin it.
        const tracker = new PartitionTracker<number>(position, { limit: page, sharesLimit, hasValues: false })
        const records = run(model, tracker, failures)
        taken.push(...records)
        position = structuredClone(tracker.position())
        if (tracker.isComplete) break
        expect(records.length, `seed ${random.seed}`).toBe(page)
      }
      expect(new Set(taken).size, `seed ${random.seed}`).toBe(taken.length)
      expect(taken.length, `seed ${random.seed}`).toBe(model.total)
    }
  })

  it('divides a limit, the remainder too, and lets nodes wait when there is less than a record for each', () => {
    const nodeOf = (partition: number): number => partition % 3
    const tracker = new PartitionTracker<number>(ALL, { ...EVERYTHING, limit: 11 })
    expect(tracker.assign(nodeOf).parts.map(({ share }) => share)).toEqual([4, 4, 3])
    const few = new PartitionTracker<number>(ALL, { ...EVERYTHING, limit: 2 })
    const { parts } = few.assign(nodeOf)
    expect(parts.map(({ share }) => share)).toEqual([1, 1])
    // Nothing more is promised to anybody until one of them has ended.
    expect(few.assign(nodeOf).parts).toEqual([])
    few.finished(parts[0] as QueryPart<number>)
    expect(few.assign(nodeOf).parts.map(({ node, share }) => [node, share])).toEqual([[2, 1]])
  })

  it('takes partitions up again from the last record, with its value in the index', () => {
    const tracker = new PartitionTracker<number>(
      { whole: [7, 9], begun: [] },
      { ...EVERYTHING, hasValues: true },
    )
    const [part] = tracker.assign(() => 1).parts as [QueryPart<number>]
    const digest = new Uint8Array(DIGEST_BYTES).fill(7)
    expect(tracker.take(part, 7, { digest }, -1, 5)).toBe(true)
    expect(tracker.take(part, 8, { digest }, 0, 0)).toBe(false)
    tracker.failed(part)
    const [again] = tracker.assign((_, attempt, previous) => {
      expect([attempt, previous]).toEqual([1, 1])
      return 2
    }).parts as [QueryPart<number>]
    expect(again.attempt).toBe(1)
    expect(tracker.positionOf(again)).toEqual({
      whole: [9],
      digests: digest,
      values: Uint8Array.of(5, 0, 0, 0, 0xff, 0xff, 0xff, 0xff),
    })
    // What the first node sends late concerns nobody.
    expect(tracker.take(part, 7, { digest }, 0, 0)).toBe(false)
  })
})
