import { describe, expect, it } from 'vitest'
import { DataSet } from './data-set.ts'

const users = DataSet.of('test', 'users')

describe('DataSet', () => {
  it.each([
    ['an empty namespace', () => DataSet.of('', 'users'), /namespace cannot be empty/],
    ['an empty set', () => DataSet.of('test', ''), /setName cannot be empty/],
    ['a digest that is not hexadecimal', () => users.idFromDigest('zz'), /40 hexadecimal digits/],
    ['half a number as key', () => users.idForObject(1.5), /Cannot use the number 1.5/],
    ['an object as key', () => users.idForObject({}), /of type object/],
    ['null as key', () => users.idForObject(null), /of type null/],
  ])('refuses %s', (_, build, message) => {
    expect(build).toThrow(message)
  })

  it('makes keys of every kind of value', () => {
    expect(users.id(1).digestHex).toBe(users.id(1n).digestHex)
    expect(users.id(1).digestHex).not.toBe(users.id('1').digestHex)
    expect(users.idForObject(new Uint8Array([1])).value).toEqual(new Uint8Array([1]))
  })

  it('takes several values as arguments or as one iterable, and bytes as one value', () => {
    expect(users.ids('a', 1, 2n).map((key) => key.value)).toEqual(['a', 1, 2n])
    expect(users.ids(new Set(['a', 'b'])).map((key) => key.value)).toEqual(['a', 'b'])
    expect(users.ids(['a', 'a']).map((key) => key.value)).toEqual(['a', 'a'])
    expect(users.ids(new Uint8Array([1, 2]))).toHaveLength(1)
    expect(users.ids()).toEqual([])
  })

  it('finds the record of a digest', () => {
    const key = users.id('alice')
    expect(users.idFromDigest(key.digestHex).equals(key)).toBe(true)
    expect(users.idsFromDigests(key.digest, key.digestHex)).toHaveLength(2)
    expect(users.idFromDigest(key.digest).value).toBeUndefined()
  })

  it('addresses records in no set', () => {
    expect(DataSet.of('test', null).setName).toBe('')
    expect(DataSet.of('test', null).equals(DataSet.of('test', null))).toBe(true)
  })
})
