import type { Bins, BinValue, GeoJson, HyperLogLog, Key, Record } from '@aero/codec'
import { describe, expectTypeOf, it } from 'vitest'
import type { RecordStream } from '../result/record-stream.ts'
import type { Session } from '../run/session.ts'
import { DataSet } from './data-set.ts'

interface User {
  name: string
  role: 'admin' | 'guest'
  age?: number
  tags: string[]
  settings: { theme: string; sizes: number[] }
  avatar?: Uint8Array
  home?: GeoJson
  visitors?: HyperLogLog
  active: boolean
}

const users = DataSet.of<User>('test', 'users')
const things = DataSet.of('test', 'things')

/** Compiled, never called: what is said here is about types. */
type Said = (session: Session) => unknown
const said = (..._programs: Said[]): void => undefined

describe('a typed data set', () => {
  it('gives keys that know the bins', () => {
    expectTypeOf(users.id('alice')).toEqualTypeOf<Key<User>>()
    expectTypeOf(users.ids('a', 'b')).toEqualTypeOf<Key<User>[]>()
    expectTypeOf(things.id(1)).toEqualTypeOf<Key>()
    expectTypeOf(users.id('alice')).toExtend<Key>()
    // @ts-expect-error nothing is known of the bins of that record
    const key: Key<User> = things.id(1)
    void key
  })

  it('reads the bins that were asked for', () => {
    said(
      async (session) => {
        expectTypeOf(await session.get(users.id(1))).toEqualTypeOf<Record<User> | undefined>()
        expectTypeOf(await session.get(users.id(1), ['name', 'age'])).toEqualTypeOf<
          Record<Pick<User, 'name' | 'age'>> | undefined
        >()
        expectTypeOf(await session.get(things.id(1))).toEqualTypeOf<Record<Bins> | undefined>()
        expectTypeOf(await session.get(things.id(1), ['a'])).toEqualTypeOf<Record<Bins> | undefined>()
        expectTypeOf(await session.query(users.id(1)).execute()).toEqualTypeOf<RecordStream<User>>()
        expectTypeOf(await session.query(users.ids(1, 2)).bins(['name']).execute()).toEqualTypeOf<
          RecordStream<Pick<User, 'name'>>
        >()
        expectTypeOf(await session.query(things.ids(1, 2)).bins(['name']).execute()).toEqualTypeOf<
          RecordStream<Bins>
        >()
        for await (const row of session.query(users.id(1)).bins(['tags']))
          if (row.ok) expectTypeOf(row.record?.bins.tags).toEqualTypeOf<string[] | undefined>()
        // What operations give need not be what the bins hold.
        expectTypeOf(await session.query(users.id(1)).bin('tags').listSize().execute()).toEqualTypeOf<
          RecordStream<Bins>
        >()
        expectTypeOf(
          await session.query(users.id(1)).bins(['name']).query(users.id(2)).bins(['age']).execute(),
        ).toEqualTypeOf<RecordStream<Pick<User, 'name'> | Pick<User, 'age'>>>()
        expectTypeOf(await session.query(users.id(1)).query(things.id(2)).execute()).toEqualTypeOf<
          RecordStream<Bins>
        >()
      },
      // @ts-expect-error no such bin
      (session) => session.get(users.id(1), ['nme']),
      // @ts-expect-error no such bin
      (session) => session.query(users.id(1)).bins(['nme']),
      // @ts-expect-error no such bin
      (session) => session.query(users.id(1)).bin('nme'),
    )
  })

  it('writes bins as they are declared', () => {
    said(
      (session) => session.put(users.id(1), { name: 'Alice', role: 'admin', tags: ['a'] }),
      (session) => session.put(users.id(1), { settings: { theme: 'dark', sizes: [1] }, age: null }),
      (session) => session.put(users.id(1), { tags: ['a'] as readonly string[] }),
      (session) => session.upsert(users.ids(1, 2)).put({ name: 'Alice', active: true }),
      (session) => session.put(things.id(1), { whatever: [1, { a: new Map([[1, 2n]]) }] }),
      (session) => session.upsert(things.id(1)).put({ whatever: 1 }).setTo('other', [1]),
      // @ts-expect-error a name is text
      (session) => session.put(users.id(1), { name: 1 }),
      // @ts-expect-error no such bin
      (session) => session.put(users.id(1), { name: 'Alice', nme: 'Alice' }),
      // @ts-expect-error no such role
      (session) => session.put(users.id(1), { role: 'king' }),
      // @ts-expect-error a bin that is always there cannot be removed
      (session) => session.put(users.id(1), { name: null }),
      // @ts-expect-error deep down
      (session) => session.put(users.id(1), { settings: { theme: 'dark', sizes: ['large'] } }),
      // @ts-expect-error a name is text
      (session) => session.upsert(users.id(1)).put({ name: 1 }),
      // @ts-expect-error no such bin
      (session) => session.upsert(users.id(1)).put({ nme: 'Alice' }),
      // @ts-expect-error an age is a number
      (session) => session.upsert(users.id(1)).setTo('age', 'x'),
      // @ts-expect-error a function cannot be stored
      (session) => session.put(things.id(1), { whatever: () => 1 }),
    )
  })

  it('offers the operations that fit a bin', () => {
    said(
      (session) =>
        session
          .upsert(users.id(1))
          .bin('age')
          .add(1)
          .bin('tags')
          .listAppend('x')
          .bin('settings')
          .onMapKey('sizes')
          .onListIndex(0)
          .setTo(3)
          .bin('avatar')
          .bitCount(0, 8)
          .bin('visitors')
          .hllGetCount()
          .bin('name')
          .append('!')
          .bin('role')
          .setTo('guest')
          .add('age', 1)
          .get('name')
          .execute(),
      (session) => session.query(users.id(1)).bin('tags').onListIndexRange(0, 2).getValues().execute(),
      (session) => session.upsert(things.id(1)).bin('anything').hllGetCount().bin('a').listSize(),
      // @ts-expect-error a list is no number
      (session) => session.upsert(users.id(1)).bin('tags').add(1),
      // @ts-expect-error a number is no list
      (session) => session.upsert(users.id(1)).bin('age').listAppend(1),
      // @ts-expect-error a map is no list
      (session) => session.query(users.id(1)).bin('settings').listSize(),
      // @ts-expect-error a text has no bits
      (session) => session.query(users.id(1)).bin('name').bitCount(0, 8),
      // @ts-expect-error no such role
      (session) => session.upsert(users.id(1)).bin('role').setTo('king'),
      // @ts-expect-error a bin that is always there cannot be removed
      (session) => session.upsert(users.id(1)).bin('name').remove(),
      // @ts-expect-error a list is no number
      (session) => session.upsert(users.id(1)).add('tags', 1),
      // @ts-expect-error no such bin
      (session) => session.upsert(users.id(1)).get('nme'),
    )
  })

  it('checks the bins of conditions and formulas', () => {
    said(
      (session) =>
        session
          .query(users.id(1))
          .where((exp) => exp.and(exp.ge(exp.intBin('age'), 18), exp.boolBin('active')))
          .selectFrom('years', (exp) => exp.numAdd(exp.intBin('age'), 1)),
      // Which bins are read does not limit what a condition may look at.
      (session) =>
        session
          .query(users.id(1))
          .bins(['name'])
          .where((exp) => exp.ge(exp.intBin('age'), 18)),
      (session) => session.query(things.id(1)).where((exp) => exp.binExists('anything')),
      // @ts-expect-error no such bin
      (session) => session.query(users.id(1)).where((exp) => exp.ge(exp.intBin('aeg'), 18)),
      // @ts-expect-error a name is no number
      (session) => session.query(users.id(1)).where((exp) => exp.ge(exp.intBin('name'), 18)),
      // @ts-expect-error a number is no condition
      (session) => session.query(users.id(1)).where((exp) => exp.intBin('age')),
    )
  })

  it('leaves unions and values of every type alone', () => {
    const mixed = DataSet.of<{ either: string | number[]; any: BinValue }>('test', 'mixed')
    said(
      (session) => session.upsert(mixed.id(1)).bin('either').append('x').bin('either').listSize(),
      (session) => session.upsert(mixed.id(1)).bin('any').hllGetCount().bin('any').onMapKey('x').remove(),
      // @ts-expect-error neither is a HyperLogLog
      (session) => session.upsert(mixed.id(1)).bin('either').hllGetCount(),
    )
  })
})
