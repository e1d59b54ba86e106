import {
  type BatchReplyRow,
  BinNames,
  ByteReader,
  ByteWriter,
  DEFAULT_VALUE_OPTIONS,
  decodeBatchRequest,
  encodeBatchEnd,
  encodeBatchRows,
  FRAME_TYPE,
  Key,
} from '@aero/codec'
import { Behavior } from '@aero/config'
import { type Random, rounds, seededRandom } from '@aero/testkit'
import type { Exchange } from '@aero/transport'
import { describe, expect, it } from 'vitest'
import { recordPlan } from '../plan/plan.ts'
import { type SegmentAction, segmentAction } from './batch-action.ts'
import { batchPolicy } from './batch-policy.ts'
import type { Engine } from './engine.ts'
import { BatchCommand } from './run-batch.ts'

const FRAME_HEADER_BYTES = 8
const OPTIONS = { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: () => 0 }

/** Nodes that keep what they are given until the test answers it; keys go to them as the test says. */
class World {
  readonly submitted: Exchange[] = []
  readonly #later: (() => void)[] = []
  nodeOf: (key: Key) => number | undefined = () => 0
  readonly #nodes = Array.from({ length: 5 }, (_, at) => ({
    name: `N${at}`,
    endpoint: { host: 'host', port: at },
    isSuspended: false,
    recordError: () => undefined,
    pool: {
      submit: (exchange: Exchange) => this.submitted.push(exchange),
      submitExclusive: (exchange: Exchange) => this.submitted.push(exchange),
      cancel: () => undefined,
    },
  }))
  readonly engine = {
    cluster: {
      isConnected: () => true,
      hasNamespace: (name: string) => name === 'test',
      wake: () => undefined,
      nodeFor: (namespace: string, partition: number) => this.#nodeFor(namespace, partition),
    },
    clock: {
      now: () => 0,
      soon: (run: () => void) => this.#later.push(run),
      after: (_ms: number, run: () => void) => {
        this.#later.push(run)
        return () => undefined
      },
    },
    counters: { commands: 0, retries: 0, failures: 0 },
    aborts: { add: () => undefined, remove: () => undefined },
  } as unknown as Engine

  #nodeFor(namespace: string, partition: number): unknown {
    const node = namespace === 'test' ? this.nodeOf({ partition } as never) : undefined
    return node === undefined ? undefined : this.#nodes[node]
  }

  /** Runs what was put off until the next turn. */
  turn(): void {
    for (const run of this.#later.splice(0)) run()
  }
}

const behavior = Behavior.DEFAULT.derive('batch-test', { all: { maxRetries: 100, retryDelay: 0 } })
const READ = segmentAction(recordPlan('query', Key.of('test', 's', 0)), batchPolicy(behavior, 'READ'))
const writePlan = recordPlan('upsert', Key.of('test', 's', 0))
writePlan.bins = { a: 1 }
const WRITE = segmentAction(writePlan, batchPolicy(Behavior.DEFAULT, 'WRITE_RETRYABLE'))

function begin(
  world: World,
  count: number,
  segment: SegmentAction,
): { command: BatchCommand<unknown>; done: Promise<void> } {
  const keys = Array.from({ length: count }, (_, at) => Key.of('test', 's', at))
  const command = new BatchCommand(world.engine, OPTIONS, { keys, segments: keys.map(() => segment) })
  return { command, done: command.start() }
}

/** The rows that a command asks for. */
function asked(exchange: Exchange): number[] {
  const out = new ByteWriter()
  exchange.encode(out)
  exchange.sent = true
  return decodeBatchRequest(ByteReader.over(out.take(), FRAME_HEADER_BYTES)).rows.map(({ index }) => index)
}

const row = (index: number, resultCode = 0): BatchReplyRow => ({
  index,
  resultCode,
  generation: 1,
  expiration: 0,
  operations: resultCode === 0 ? [{ bin: 'at', value: index }] : [],
})

function answer(exchange: Exchange, rows: readonly BatchReplyRow[]): void {
  const out = new ByteWriter()
  encodeBatchRows(out, rows)
  expect(exchange.receive(FRAME_TYPE.message, ByteReader.over(out.take(), FRAME_HEADER_BYTES))).toBe(false)
}

function end(exchange: Exchange, resultCode = 0): void {
  const out = new ByteWriter()
  encodeBatchEnd(out, resultCode)
  expect(exchange.receive(FRAME_TYPE.message, ByteReader.over(out.take(), FRAME_HEADER_BYTES))).toBe(true)
}

const outcomes = ({ rows }: BatchCommand<unknown>): unknown[] =>
  rows.map((one) => (one?.ok ? (one.record?.bins as { at: number } | undefined)?.at : one?.code))

/** Shuffled in place. */
function shuffled<T>(list: T[], random: Random): T[] {
  for (let at = list.length - 1; at > 0; at--) {
    const other = random.int(0, at)
    ;[list[at], list[other]] = [list[other] as T, list[at] as T]
  }
  return list
}

describe('a batch', () => {
  it('gives every row exactly once, whatever nodes do: rows out of order, twice, not at all, connections lost', async () => {
    const random = seededRandom()
    for (let round = 0; round < rounds(200); round++) {
      const world = new World()
      world.nodeOf = () => random.int(0, 4)
      const count = random.int(1, 120)
      const { command, done } = begin(world, count, READ)
      for (let step = 0; world.submitted.length > 0; step++) {
        const exchange = world.submitted.splice(random.int(0, world.submitted.length - 1), 1)[0] as Exchange
        const rows = asked(exchange)
        const isPatient = step < 60 && random.chance(0.4)
        const given = isPatient ? rows.filter(() => random.chance(0.7)) : rows
        // Some are told to come again, some come twice, and some were never asked for.
        const list = given.map((index) => row(index, isPatient && random.chance(0.2) ? 14 : 0))
        if (isPatient) shuffled(list, random)
        if (random.chance(0.3))
          list.push(...list.slice(0, 3).map(({ index }) => row(index, 4)), row(count + 7, 0))
        const strangers = random.chance(0.3)
          ? [random.int(0, count - 1)].filter((index) => !rows.includes(index))
          : []
        answer(exchange, [...list, ...strangers.map((index) => row(index, 12))])
        if (isPatient)
          exchange.fail({ kind: random.pick(['closed', 'timeout', 'connect'] as const), phase: 'sent' })
        else end(exchange)
        world.turn()
      }
      await done
      const found = outcomes(command)
      expect(found, `seed ${random.seed}, round ${round}`).toEqual(found.map((_, at) => at))
      expect(found).toHaveLength(count)
    }
  })

  it('goes again to where the partitions are by now, and only with what is open', async () => {
    const world = new World()
    const { command, done } = begin(world, 6, READ)
    const first = world.submitted.splice(0)[0] as Exchange
    expect(asked(first)).toEqual([0, 1, 2, 3, 4, 5])
    answer(first, [row(4), row(1)])
    let turn = 0
    world.nodeOf = () => turn++ % 2
    first.fail({ kind: 'closed', phase: 'sent' })
    world.turn()
    const again = world.submitted.splice(0)
    expect(again.map(asked)).toEqual([
      [0, 3],
      [2, 5],
    ])
    for (const exchange of again) {
      answer(
        exchange,
        asked(exchange).map((index) => row(index)),
      )
      end(exchange)
    }
    await done
    expect(outcomes(command)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('fails rows that the server leaves out, and is in doubt of those that it wrote perhaps', async () => {
    const world = new World()
    const { command, done } = begin(world, 3, WRITE)
    const [exchange] = world.submitted as [Exchange]
    asked(exchange)
    answer(exchange, [row(1)])
    end(exchange)
    await done
    expect(command.rows.map((one) => [one?.code, one?.ok === false && one.inDoubt])).toEqual([
      [-15, true],
      [0, false],
      [-15, true],
    ])
  })

  it('that is refused as a whole fails every row with the code, and is not in doubt', async () => {
    const world = new World()
    const { command, done } = begin(world, 2, WRITE)
    const [exchange] = world.submitted as [Exchange]
    asked(exchange)
    end(exchange, 4)
    await done
    expect(command.rows.map((one) => [one?.code, one?.ok === false && one.inDoubt])).toEqual([
      [4, false],
      [4, false],
    ])
  })

  it('tells the reason and the node of rows that came to nothing', async () => {
    const world = new World()
    const { command, done } = begin(world, 1, WRITE)
    while (world.submitted.length > 0) {
      const exchange = world.submitted.pop() as Exchange
      asked(exchange)
      exchange.fail({ kind: 'closed', phase: 'sent', cause: new Error('cable pulled') })
      world.turn()
    }
    await done
    const [one] = command.rows
    expect(one?.ok).toBe(false)
    if (one?.ok === false) {
      expect(one.inDoubt).toBe(true)
      expect(one.error.message).toMatch(/N0 \(host:0\).*cable pulled/)
    }
  })
})
