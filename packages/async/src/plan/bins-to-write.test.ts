import type { GeoJson } from '@aero/codec'
import { describe, expectTypeOf, it } from 'vitest'
import type { Session } from '../run/session.ts'
import { DataSet } from './data-set.ts'

interface Address {
  city: string
  zip?: string
}

interface User {
  name: string
  age: number
  nick?: string
  address: Address
  tags: string[]
  seen: Map<string, number>
  place: GeoJson
}

const key = DataSet.of('test', 'types').id(1)
// Only compiled: what the parameters take is all that is asked here.
const put = (session: Session): Session['put'] => session.put

describe('bins to write', () => {
  it('may be an interface, a type or a literal', () => {
    type Call = (session: Session, user: User) => Promise<void>
    const byInterface: Call = (session, user) => session.put(key, user)
    const byBuilder = (session: Session, user: User) => session.upsert(key).put(user)
    const byLiteral = (session: Session) =>
      session.put(key, { a: 1, b: [1n, 'x', { c: null }], d: new Uint8Array(1) })
    expectTypeOf(byInterface).returns.resolves.toBeVoid()
    expectTypeOf(byLiteral).returns.resolves.toBeVoid()
    expectTypeOf(byBuilder).returns.toHaveProperty('execute')
    expectTypeOf(put).toBeFunction()
  })

  it('are refused by the compiler when they cannot be stored', () => {
    const refused = (session: Session) => [
      // @ts-expect-error a date is no value
      () => session.put(key, { a: new Date() }),
      // @ts-expect-error a function is no value
      () => session.put(key, { a: () => 1 }),
      // @ts-expect-error undefined is no value
      () => session.put(key, { a: undefined }),
      // @ts-expect-error a date deep inside is no value
      () => session.put(key, { a: { b: { c: new Date() } } }),
      // @ts-expect-error a symbol is no value
      () => session.upsert(key).put({ a: Symbol('x') }),
    ]
    expectTypeOf(refused).toBeFunction()
  })
})
