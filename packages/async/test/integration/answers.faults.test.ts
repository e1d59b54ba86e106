import { AbortError, AerospikeError, ConnectionError, ParseError, TimeoutError } from '@aero/async'
import type { Key } from '@aero/codec'
import { eventually, settled } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { FaultCluster, inErrors, needsFaults } from '../support/fault-cluster.ts'
import { failureOf } from '../support/test-cluster.ts'

needsFaults()

const ONCE = { all: { maxRetries: 0 } }

async function errorOf(attempt: Promise<unknown>): Promise<AerospikeError> {
  const error = await failureOf(attempt)
  if (error instanceof AerospikeError) return error
  throw error
}

describe('answers that do not come in time', () => {
  const settings = { socketTimeout: 60, totalTimeout: 60, maxRetries: 0 }

  it('end in a TimeoutError that tells phase, node and attempts; a read is not in doubt', async () => {
    await using world = await FaultCluster.open()
    const key = world.keyOn(world.server.node(0))
    world.server.node(0).delay(60_000)
    const error = await errorOf(world.sessionWith(settings).get(key))
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({
      code: 9,
      inDoubt: false,
      retryable: true,
      node: inErrors(world.server.node(0)),
    })
    expect(error.attempts).toHaveLength(1)
    expect(error.attempts[0]).toMatchObject({ node: inErrors(world.server.node(0)) })
    expect(error.attempts[0]?.outcome).toMatch(/timeout.*sent/)
    expect(error.attempts[0]?.elapsedMs).toBeGreaterThanOrEqual(50)
    expect(error.message).toMatch(/timeout/)
    expect(error.stack).toContain('answers.faults.test.ts')
  })

  it.each([
    { verb: 'put', run: (world: FaultCluster, key: Key) => world.sessionWith(settings).put(key, { a: 2 }) },
    {
      verb: 'add',
      run: (world: FaultCluster, key: Key) =>
        world.sessionWith(settings).upsert(key).bin('a').add(1).execute(),
    },
    {
      verb: 'delete',
      run: (world: FaultCluster, key: Key) => world.sessionWith(settings).delete(key).execute(),
    },
    {
      verb: 'touch',
      run: (world: FaultCluster, key: Key) => world.sessionWith(settings).touch(key).execute(),
    },
  ])('$verb is in doubt', async ({ run }) => {
    await using world = await FaultCluster.open()
    const key = world.keyOn(world.server.node(0))
    await world.session.put(key, { a: 1 })
    world.server.node(0).delay(60_000)
    expect(await errorOf(run(world, key))).toMatchObject({ code: 9, inDoubt: true })
  })

  it('each attempt has its own time, and each is told', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    for (const node of world.server.nodes) node.delay(60_000)
    const key = world.keyOn(world.server.node(1))
    const session = world.sessionWith({ socketTimeout: 40, totalTimeout: 5000, maxRetries: 2 })
    const error = await errorOf(session.put(key, { a: 1 }))
    expect(error).toMatchObject({ code: 9, inDoubt: true })
    expect(error.attempts.map((attempt) => attempt.node)).toEqual([
      inErrors(world.ownerOf(key, 0)),
      inErrors(world.ownerOf(key, 1)),
      inErrors(world.ownerOf(key, 0)),
    ])
    for (const attempt of error.attempts) expect(attempt.outcome).toMatch(/timeout.*sent/)
    expect(world.cluster.stats().retries).toBe(2)
  })

  it('the whole command has a time as well, however many attempts are left', async () => {
    await using world = await FaultCluster.open()
    world.server.node(0).delay(60_000)
    const session = world.sessionWith({ socketTimeout: 50, totalTimeout: 180, maxRetries: 1000 })
    const started = performance.now()
    const error = await errorOf(session.get(world.dataSet.id(1)))
    expect(error.code).toBe(9)
    expect(performance.now() - started).toBeGreaterThan(150)
    expect(error.attempts.length).toBeGreaterThanOrEqual(3)
    expect(error.attempts.length).toBeLessThanOrEqual(5)
  })

  it('the error says so when it was this program that was late', async () => {
    await using world = await FaultCluster.open()
    world.server.node(0).delay(60_000)
    const call = errorOf(world.sessionWith(settings).get(world.dataSet.id(1)))
    await settled()
    const until = performance.now() + 400
    while (performance.now() < until) Math.sqrt(until)
    expect((await call).message).toMatch(/event loop was blocked for \d+ ms/)
  })

  it('an answer that came while this program was busy still counts', async () => {
    await using world = await FaultCluster.open()
    const key = world.dataSet.id('patient')
    await world.session.put(key, { a: 1 })
    // The dev server lives in this process: its answer is on the way before the loop is blocked.
    const call = world.sessionWith(settings).get(key)
    await settled()
    await settled()
    const until = performance.now() + 300
    while (performance.now() < until) Math.sqrt(until)
    expect((await call)?.bins).toEqual({ a: 1 })
  })

  it('a late answer is not taken for the answer to another command', async () => {
    await using world = await FaultCluster.open({ system: { maxConnectionsPerNode: 1 } })
    const node = world.server.node(0)
    const [late, other] = [world.dataSet.id('late'), world.dataSet.id('other')]
    await world.session.put(late, { is: 'late' })
    await world.session.put(other, { is: 'other' })
    node.delay(150)
    expect(await errorOf(world.sessionWith(settings).get(late))).toMatchObject({ code: 9 })
    node.delay(0)
    // Read on and on, across the moment at which the late answer arrives.
    const until = performance.now() + 400
    while (performance.now() < until) expect((await world.session.get(other))?.bins).toEqual({ is: 'other' })
    expect((await world.session.get(late))?.bins).toEqual({ is: 'late' })
  })

  it('an abort ends the wait at once; a write is in doubt, a read is not', async () => {
    await using world = await FaultCluster.open()
    const key = world.dataSet.id('aborted')
    await world.session.put(key, { a: 1 })
    world.server.node(0).delay(60_000)
    for (const { run, inDoubt } of [
      { run: (signal: AbortSignal) => world.session.get(key, undefined, { signal }), inDoubt: false },
      { run: (signal: AbortSignal) => world.session.put(key, { a: 2 }, { signal }), inDoubt: true },
    ]) {
      const controller = new AbortController()
      const call = errorOf(run(controller.signal))
      await settled()
      await settled()
      controller.abort()
      const error = await call
      expect(error).toBeInstanceOf(AbortError)
      expect(error).toMatchObject({ inDoubt })
    }
    world.server.node(0).delay(0)
    await eventually(
      async () => (await world.sessionWith({ all: { socketTimeout: 100 } }).get(key)) !== undefined,
    )
  })
})

describe('answers that are dropped: the connection closes instead', () => {
  it('a read is repeated', async () => {
    await using world = await FaultCluster.open({ nodes: 2 })
    const key = world.keyOn(world.server.node(0))
    await world.session.put(key, { a: 1 })
    world.server.node(0).dropNext()
    expect((await world.session.get(key))?.bins).toEqual({ a: 1 })
    expect(world.cluster.stats().retries).toBe(1)
  })

  it('a put is repeated', async () => {
    await using world = await FaultCluster.open({ nodes: 2 })
    const key = world.keyOn(world.server.node(0))
    world.server.node(0).dropNext()
    await world.session.put(key, { a: 1 })
    expect(await world.session.get(key)).toMatchObject({ bins: { a: 1 }, generation: 2 })
  })

  const MODIFYING: readonly {
    operation: string
    run: (world: FaultCluster, key: Key) => Promise<unknown>
    after: object
  }[] = [
    {
      operation: 'add',
      run: (world, key) => world.session.upsert(key).bin('n').add(1).execute(),
      after: { n: 2, s: 'x' },
    },
    {
      operation: 'append',
      run: (world, key) => world.session.upsert(key).bin('s').append('y').execute(),
      after: { n: 1, s: 'xy' },
    },
    {
      operation: 'prepend',
      run: (world, key) => world.session.upsert(key).bin('s').prepend('y').execute(),
      after: { n: 1, s: 'yx' },
    },
    {
      operation: 'put and add',
      run: (world, key) => world.session.upsert(key).put({ s: 'z' }).bin('n').add(1).execute(),
      after: { n: 2, s: 'z' },
    },
  ]

  it.each(MODIFYING.flatMap((row) => [true, false].map((execute) => ({ ...row, execute }))))(
    '$operation is not repeated (carried out: $execute), and the error says that it is in doubt',
    async ({ run, after, execute }) => {
      await using world = await FaultCluster.open({ nodes: 2 })
      const key = world.keyOn(world.server.node(0))
      const before = { n: 1, s: 'x' }
      await world.session.put(key, before)
      world.server.node(0).dropNext(1, { execute })
      const error = await errorOf(run(world, key))
      expect(error).toBeInstanceOf(ConnectionError)
      expect(error).toMatchObject({ inDoubt: true, node: inErrors(world.server.node(0)) })
      expect(error.attempts).toHaveLength(1)
      expect(world.cluster.stats().retries).toBe(0)
      expect((await world.session.get(key))?.bins).toEqual(execute ? after : before)
    },
  )

  it('add under a generation is repeated, since it can only be applied once; the second answer is in doubt', async () => {
    await using world = await FaultCluster.open({ nodes: 2 })
    const key = world.keyOn(world.server.node(0))
    await world.session.put(key, { n: 1 })
    world.server.node(0).dropNext()
    const error = await errorOf(world.session.upsert(key).bin('n').add(1).ensureGenerationIs(1).execute())
    expect(error).toMatchObject({ code: 3, inDoubt: true })
    expect((await world.session.get(key))?.bins).toEqual({ n: 2 })
  })

  it('all commands that were pipelined on the connection end, each by its own rule', async () => {
    await using world = await FaultCluster.open()
    const node = world.server.node(0)
    const keys = Array.from({ length: 60 }, (_, index) => world.dataSet.id(`pipelined-${index}`))
    await Promise.all(keys.map((key) => world.session.put(key, { n: 1 })))
    node.dropNext(1)
    const outcomes = await Promise.allSettled(
      keys.map((key, index) =>
        index % 2 === 0 ? world.session.get(key) : world.session.upsert(key).bin('n').add(1).execute(),
      ),
    )
    for (const [index, outcome] of outcomes.entries()) {
      if (index % 2 === 0) {
        if (outcome.status === 'rejected') throw outcome.reason
        expect((outcome.value as { bins?: object } | undefined)?.bins).toEqual({ n: 1 })
      } else if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ inDoubt: true })
    }
    // Never twice, whatever the outcome.
    for (const [index, key] of keys.entries()) {
      const n = (await world.session.get(key))?.bins['n'] as number
      const outcome = outcomes[index]
      if (index % 2 === 0) expect(n).toBe(1)
      else if (outcome?.status === 'fulfilled') expect(n).toBe(2)
      else expect([1, 2]).toContain(n)
    }
  })
})

describe('answers that are cut', () => {
  it('at every byte, a read fails cleanly, is repeated when it may be, and the next one is right', async () => {
    await using world = await FaultCluster.open()
    const node = world.server.node(0)
    const key = world.dataSet.id('cut')
    const bins = { name: 'Alice', tags: ['a', 'b'], n: 7 }
    await world.session.put(key, bins)
    const once = world.sessionWith(ONCE)
    let length = 0
    for (let byte = 0; ; byte++) {
      node.cutAnswers(byte)
      const outcome = await once.get(key).catch((error: AerospikeError) => error)
      if (!(outcome instanceof Error)) {
        expect(outcome?.bins).toEqual(bins)
        length = byte
        break
      }
      expect(outcome).toMatchObject({ inDoubt: false })
      expect(outcome.code).toBeLessThan(0)
      expect(outcome.attempts).toHaveLength(1)
      // This answer proves the new connection: a node whose connections all end before their first answer is left in peace.
      expect((await world.session.get(key))?.bins).toEqual(bins)
      node.cutAnswers(byte)
      expect((await world.session.get(key))?.bins).toEqual(bins)
    }
    // Header and three operations: less cannot have been cut.
    expect(length).toBeGreaterThan(60)
  })

  it('at every byte, a write is in doubt and applied once', async () => {
    await using world = await FaultCluster.open()
    const node = world.server.node(0)
    const key = world.dataSet.id('cut-write')
    const once = world.sessionWith(ONCE)
    await world.session.put(key, { n: 0 })
    for (let byte = 0; byte < 30; byte++) {
      node.cutAnswers(byte)
      expect(await errorOf(once.upsert(key).bin('n').add(1).execute())).toMatchObject({ inDoubt: true })
      expect((await world.session.get(key))?.bins).toEqual({ n: byte + 1 })
    }
  })
})

describe('answers that are not of the protocol', () => {
  it('fail with a ParseError that shows what came, and the connection is not used again', async () => {
    await using world = await FaultCluster.open()
    const key = world.dataSet.id('garbage')
    await world.session.put(key, { a: 1 })
    world.server.node(0).answerGarbage()
    const error = await errorOf(world.sessionWith(ONCE).get(key))
    expect(error).toBeInstanceOf(ParseError)
    expect(error).toMatchObject({ code: -2, inDoubt: false, node: inErrors(world.server.node(0)) })
    expect((await world.session.get(key))?.bins).toEqual({ a: 1 })
  })

  it('are followed by another attempt where one is left', async () => {
    await using world = await FaultCluster.open({ nodes: 2 })
    const key = world.keyOn(world.server.node(0))
    await world.session.put(key, { a: 1 })
    world.server.node(0).answerGarbage()
    expect((await world.session.get(key))?.bins).toEqual({ a: 1 })
  })

  it('leave a write in doubt', async () => {
    await using world = await FaultCluster.open()
    world.server.node(0).answerGarbage()
    expect(await errorOf(world.sessionWith(ONCE).put(world.dataSet.id(1), { a: 1 }))).toMatchObject({
      code: -2,
      inDoubt: true,
    })
  })
})

describe('result codes', () => {
  const RETRYABLE = [9, 14, 18]
  const FINAL = [1, 4, 13, 22]

  it.each(RETRYABLE)('%i is tried again, on the replica', async (code) => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const key = world.keyOn(world.server.node(2))
    await world.session.put(key, { a: 1 })
    world.server.node(2).answerWith(code, { times: Number.POSITIVE_INFINITY })
    expect((await world.session.get(key))?.bins).toEqual({ a: 1 })
    expect(world.cluster.stats().retries).toBe(1)
  })

  it.each(RETRYABLE)('%i from every node is the error in the end, after all attempts', async (code) => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const key = world.keyOn(world.server.node(2))
    for (const node of world.server.nodes) node.answerWith(code, { times: Number.POSITIVE_INFINITY })
    const error = await errorOf(world.session.get(key))
    expect(error.code).toBe(code)
    expect(error.attempts.map((attempt) => attempt.node)).toEqual([
      inErrors(world.ownerOf(key, 0)),
      inErrors(world.ownerOf(key, 1)),
      inErrors(world.ownerOf(key, 0)),
    ])
  })

  it.each(FINAL)('%i is not tried again', async (code) => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const key = world.keyOn(world.server.node(2))
    world.server.node(2).answerWith(code)
    expect(await errorOf(world.session.get(key))).toMatchObject({ code })
    expect(world.cluster.stats().retries).toBe(0)
  })

  it('of an add is never tried again', async () => {
    await using world = await FaultCluster.open({ nodes: 3 })
    const key = world.keyOn(world.server.node(2))
    world.server.node(2).answerWith(18)
    expect(await errorOf(world.session.upsert(key).bin('n').add(1).execute())).toMatchObject({
      code: 18,
      inDoubt: false,
    })
    expect(await world.session.get(key)).toBeUndefined()
  })

  it('9 from the server leaves a write in doubt, and a read not', async () => {
    await using world = await FaultCluster.open()
    const once = world.sessionWith(ONCE)
    world.server.node(0).answerWith(9)
    expect(await errorOf(once.put(world.dataSet.id(1), { a: 1 }))).toMatchObject({ code: 9, inDoubt: true })
    world.server.node(0).answerWith(9)
    expect(await errorOf(once.get(world.dataSet.id(1)))).toMatchObject({ code: 9, inDoubt: false })
  })

  it('a code that nobody knows is an error with that code', async () => {
    await using world = await FaultCluster.open()
    world.server.node(0).answerWith(249)
    expect(await errorOf(world.session.get(world.dataSet.id(1)))).toMatchObject({
      code: 249,
      codeName: 'CODE_249',
    })
  })
})
