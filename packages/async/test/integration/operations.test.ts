import type { Bins, Streams, WriteBuilder } from '@aero/async'
import { double, type Key, type Value } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { failureOf, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

type Build = (builder: WriteBuilder<Streams<Bins>>) => WriteBuilder<Streams<Bins>>

interface SequenceCase {
  readonly name: string
  readonly before?: { readonly [bin: string]: Value }
  readonly build: Build
  /** The bins in the row; `undefined`: the command reads nothing. */
  readonly read?: object
  readonly after: object | undefined
}

const SEQUENCES: readonly SequenceCase[] = [
  { name: 'add to a missing bin starts at 0', build: (b) => b.bin('n').add(5), after: { n: 5 } },
  { name: 'add to an integer', before: { n: 1 }, build: (b) => b.bin('n').add(2), after: { n: 3 } },
  { name: 'add a negative integer', before: { n: 1 }, build: (b) => b.add('n', -3), after: { n: -2 } },
  {
    name: 'add a bigint',
    before: { n: 1 },
    build: (b) => b.add('n', 2n ** 60n),
    after: { n: 2n ** 60n + 1n },
  },
  { name: 'incrementBy is add', before: { n: 1 }, build: (b) => b.bin('n').incrementBy(2), after: { n: 3 } },
  {
    name: 'add a double to a double',
    before: { x: 1.5 },
    build: (b) => b.add('x', 0.25),
    after: { x: 1.75 },
  },
  { name: 'add a whole double', before: { x: 1.5 }, build: (b) => b.add('x', double(1)), after: { x: 2.5 } },
  {
    name: 'integers wrap at 64 bits',
    before: { n: 2n ** 63n - 1n },
    build: (b) => b.add('n', 1),
    after: { n: -(2n ** 63n) },
  },
  { name: 'append to a missing bin', build: (b) => b.bin('s').append('end'), after: { s: 'end' } },
  {
    name: 'append to a string',
    before: { s: 'a' },
    build: (b) => b.bin('s').append('ü'),
    after: { s: 'aü' },
  },
  {
    name: 'prepend to a string',
    before: { s: 'a' },
    build: (b) => b.bin('s').prepend('ü'),
    after: { s: 'üa' },
  },
  {
    name: 'append and prepend bytes',
    before: { b: new Uint8Array([2]) },
    build: (b) => b.append('b', new Uint8Array([3])).prepend('b', new Uint8Array([1])),
    after: { b: new Uint8Array([1, 2, 3]) },
  },
  {
    name: 'put of several bins, then more bins',
    build: (b) => b.put({ a: 1, b: 'x' }).put({ c: true }).bin('d').setTo([1]),
    after: { a: 1, b: 'x', c: true, d: [1] },
  },
  {
    name: 'the last of several values for a bin stays',
    build: (b) => b.setTo('a', 1).setTo('a', 2),
    after: { a: 2 },
  },
  {
    name: 'remove and setTo(null) remove bins',
    before: { a: 1, b: 2, c: 3 },
    build: (b) => b.bin('a').remove().removeBin('b').bin('d').setTo(4),
    after: { c: 3, d: 4 },
  },
  {
    name: 'one get gives its value',
    before: { a: 1 },
    build: (b) => b.add('a', 1).get('a'),
    read: { a: 2 },
    after: { a: 2 },
  },
  {
    name: 'reads see the record as it is at their place',
    before: { n: 1 },
    build: (b) => b.bin('n').get().bin('n').add(10).bin('n').get().bin('n').add(100).bin('n').get(),
    read: { n: [1, 11, 111] },
    after: { n: 111 },
  },
  {
    name: 'a get of a missing bin is left out',
    before: { a: 1 },
    build: (b) => b.get('nope').get('a').setTo('b', 2),
    read: { a: 1 },
    after: { a: 1, b: 2 },
  },
  {
    name: 'put, add, append and get in one command',
    before: { name: 'Alice', age: 28 },
    build: (b) =>
      b.put({ city: 'Rome' }).bin('age').add(1).bin('name').append('!').bin('age').get().bin('name').get(),
    read: { age: 29, name: 'Alice!' },
    after: { name: 'Alice!', age: 29, city: 'Rome' },
  },
  { name: 'deleteRecord deletes', before: { a: 1 }, build: (b) => b.deleteRecord(), after: undefined },
  {
    name: 'get, then deleteRecord: read and delete',
    before: { a: 1, b: 'x' },
    build: (b) => b.get('a').deleteRecord(),
    read: { a: 1 },
    after: undefined,
  },
  {
    name: 'deleteRecord, then put',
    before: { a: 1 },
    build: (b) => b.deleteRecord().setTo('b', 2),
    after: { b: 2 },
  },
  {
    name: 'touchRecord changes no bin',
    before: { a: 1 },
    build: (b) => b.touchRecord().get('a'),
    read: { a: 1 },
    after: { a: 1 },
  },
]

describe('operations of one command run in order', () => {
  it.each(SEQUENCES)('$name', async ({ before, build, read, after }) => {
    const key = context.freshKey()
    if (before !== undefined) await context.session.put(key, before)
    const row = await (await build(context.session.upsert(key)).execute()).firstOrThrow()
    expect(row.record?.bins).toStrictEqual(read)
    expect((await context.session.get(key))?.bins).toStrictEqual(after)
  })

  it('raise the generation once', async () => {
    const key = context.freshKey()
    await context.session.upsert(key).put({ a: 1, b: 2 }).bin('a').add(1).bin('b').add(1).execute()
    await context.session.upsert(key).bin('a').add(1).bin('a').add(1).bin('a').add(1).execute()
    expect(await context.session.get(key)).toMatchObject({ bins: { a: 5, b: 3 }, generation: 2 })
  })

  it('a row that reads carries generation and ttl of the record as written', async () => {
    const key = context.freshKey()
    const write = context.session.upsert(key).put({ a: 1 }).bin('a').get().expireAfter('1h')
    const record = (await (await write.execute()).firstOrThrow()).recordOrThrow()
    expect(record.generation).toBe(1)
    expect(record.ttl).toBeGreaterThan(3590)
  })

  it('150 operations', async () => {
    const key = context.freshKey()
    const builder = context.session.upsert(key)
    for (let count = 0; count < 150; count++) builder.bin('n').add(1)
    await builder.execute()
    expect((await context.session.get(key))?.bins).toEqual({ n: 150 })
  })
})

interface RefusalCase {
  readonly name: string
  readonly before: { readonly [bin: string]: Value }
  readonly build: Build
  readonly code: number
}

const WRONG_TYPES: readonly RefusalCase[] = [
  { name: 'add to a string', before: { v: 'text' }, build: (b) => b.add('v', 1), code: 12 },
  { name: 'add to bytes', before: { v: new Uint8Array([1]) }, build: (b) => b.add('v', 1), code: 12 },
  { name: 'add to a list', before: { v: [1] }, build: (b) => b.add('v', 1), code: 12 },
  { name: 'add to a map', before: { v: { a: 1 } }, build: (b) => b.add('v', 1), code: 12 },
  { name: 'add to a boolean', before: { v: true }, build: (b) => b.add('v', 1), code: 12 },
  { name: 'add an integer to a double', before: { v: 1.5 }, build: (b) => b.add('v', 1), code: 12 },
  { name: 'add a double to an integer', before: { v: 1 }, build: (b) => b.add('v', 1.5), code: 12 },
  { name: 'append to an integer', before: { v: 1 }, build: (b) => b.append('v', 'x'), code: 12 },
  { name: 'prepend to an integer', before: { v: 1 }, build: (b) => b.prepend('v', 'x'), code: 12 },
  { name: 'append to a list', before: { v: ['a'] }, build: (b) => b.append('v', 'x'), code: 12 },
  {
    name: 'append bytes to a string',
    before: { v: 'a' },
    build: (b) => b.append('v', new Uint8Array([1])),
    code: 12,
  },
  {
    name: 'append a string to bytes',
    before: { v: new Uint8Array([1]) },
    build: (b) => b.append('v', 'x'),
    code: 12,
  },
]

describe('a failing operation', () => {
  it.each(WRONG_TYPES)('$name is BIN_TYPE_ERROR', async ({ before, build, code }) => {
    const key = context.freshKey()
    await context.session.put(key, before)
    const error = await failureOf(build(context.session.upsert(key)).execute())
    expect(error).toMatchObject({ code, codeName: 'BIN_TYPE_ERROR', inDoubt: false })
    expect(await context.session.get(key)).toMatchObject({ bins: before, generation: 1 })
  })

  it('undoes the operations before it', async () => {
    const key = context.freshKey()
    await context.session.put(key, { a: 1, s: 'text' })
    const command = context.session.upsert(key).bin('a').add(1).put({ b: 2 }).bin('s').add(1).bin('a').get()
    expect(await failureOf(command.execute())).toMatchObject({ code: 12 })
    expect(await context.session.get(key)).toMatchObject({ bins: { a: 1, s: 'text' }, generation: 1 })
  })

  it('creates no record', async () => {
    const key = context.freshKey()
    const command = context.session.upsert(key).setTo('s', 'text').add('s', 1)
    expect(await failureOf(command.execute())).toMatchObject({ code: 12 })
    expect(await context.session.get(key)).toBeUndefined()
  })

  it.each([
    { verb: 'replace', build: (key: Key) => context.session.replace(key).bin('a').add(1) },
    {
      verb: 'replaceIfExists',
      build: (key: Key) => context.session.replaceIfExists(key).bin('a').append('x'),
    },
  ])('$verb with an operation that modifies is a parameter error of the server', async ({ build }) => {
    const key = context.freshKey()
    await context.session.put(key, { a: 1 })
    expect(await failureOf(build(key).execute())).toMatchObject({ code: 4, codeName: 'PARAMETER_ERROR' })
    expect(await context.session.get(key)).toMatchObject({ bins: { a: 1 }, generation: 1 })
  })
})
