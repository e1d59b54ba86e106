import { DataSet } from '@aero/async'
import { Key, type KeyValue } from '@aero/codec'
import { hex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { failureOf, freshName, NAMESPACE, useCluster } from '../support/test-cluster.ts'

const context = useCluster()

const KEYS: readonly { name: string; value: KeyValue }[] = [
  { name: 'string', value: 'alice' },
  { name: 'empty string', value: '' },
  { name: 'string beyond ASCII', value: 'Füße 🚀' },
  { name: 'string of 1000 characters', value: 'k'.repeat(1000) },
  { name: 'string of digits', value: '1' },
  { name: 'integer 0', value: 0 },
  { name: 'integer 1', value: 1 },
  { name: 'integer -1', value: -1 },
  { name: 'integer, the largest safe', value: Number.MAX_SAFE_INTEGER },
  { name: 'bigint, the largest', value: 2n ** 63n - 1n },
  { name: 'bigint, the smallest', value: -(2n ** 63n) },
  { name: 'bytes', value: hex('00 01 ff') },
  { name: 'bytes, a Buffer', value: Buffer.from('alice') },
  { name: 'bytes, none', value: new Uint8Array(0) },
]

describe('keys of every type', () => {
  it.each(KEYS)('$name', async ({ name, value }) => {
    const key = context.remove(context.dataSet.id(value))
    await context.session.put(key, { name })
    const record = await context.session.get(key)
    expect(record?.bins).toEqual({ name })
    expect(record?.key).toBe(key)

    // The same record by its digest, whichever way the digest is given.
    for (const byDigest of [
      context.dataSet.idFromDigest(key.digest),
      context.dataSet.idFromDigest(key.digestHex),
      context.dataSet.idFromDigest(key.digestHex.toUpperCase()),
    ]) {
      expect(byDigest.value).toBeUndefined()
      expect(byDigest.equals(key)).toBe(true)
      expect((await context.session.get(byDigest))?.bins).toEqual({ name })
    }
  })

  it('are all different', async () => {
    const digests = KEYS.map(({ value }) => context.dataSet.id(value).digestHex)
    expect(new Set(digests).size).toBe(KEYS.length)
  })

  it('1 and 1n are the same, "1" is another', async () => {
    const dataSet = DataSet.of(NAMESPACE, freshName('it'))
    await context.session.put(context.remove(dataSet.id(1)), { is: 'integer' })
    expect((await context.session.get(dataSet.id(1n)))?.bins).toEqual({ is: 'integer' })
    expect(await context.session.get(dataSet.id('1'))).toBeUndefined()
  })

  it('a record can be written by digest, too', async () => {
    const key = context.freshKey()
    await context.session.put(context.dataSet.idFromDigest(key.digest), { by: 'digest' })
    expect((await context.session.get(key))?.bins).toEqual({ by: 'digest' })
  })

  it('records in no set', async () => {
    const dataSet = DataSet.of(NAMESPACE, null)
    const key = context.remove(dataSet.id(freshName('no-set')))
    await context.session.put(key, { set: 'none' })
    expect((await context.session.get(key))?.bins).toEqual({ set: 'none' })
    expect(await context.session.get(context.dataSet.id(key.value as string))).toBeUndefined()
  })

  it('the same value in two sets is two records', async () => {
    const one = context.remove(context.dataSet.id('same'))
    const two = context.remove(DataSet.of(NAMESPACE, freshName('it')).id('same'))
    await context.session.put(one, { set: 1 })
    await context.session.put(two, { set: 2 })
    expect((await context.session.get(one))?.bins).toEqual({ set: 1 })
    expect((await context.session.get(two))?.bins).toEqual({ set: 2 })
  })
})

/** A key with the digest of `key` and another user value, which only a stored key can tell apart. */
function impostorOf(key: Key): Key {
  return Object.assign(context.dataSet.id('somebody else'), { digest: key.digest })
}

describe('stored keys', () => {
  it('by default a write stores the key, and the server compares it when one is sent', async () => {
    const key = context.freshKey()
    await context.session.put(key, { a: 1 })
    const error = await failureOf(context.session.put(impostorOf(key), { a: 2 }))
    expect(error).toMatchObject({ code: 19, codeName: 'KEY_MISMATCH', inDoubt: false })
    expect((await context.session.get(key))?.bins).toEqual({ a: 1 })
  })

  it('with sendKey: false nothing is stored: another key can be sent later, and is stored then', async () => {
    const key = context.freshKey()
    const silent = context.sessionWith({ all: { sendKey: false } })
    await silent.put(key, { a: 1 })
    await context.session.put(impostorOf(key), { a: 2 })
    expect(await failureOf(context.session.put(key, { a: 3 }))).toMatchObject({ code: 19 })
    await silent.put(key, { a: 4 })
    expect((await context.session.get(key))?.bins).toEqual({ a: 4 })
  })

  it.each([
    { verb: 'touch', run: (key: Key) => context.session.touch(key).execute() },
    { verb: 'add', run: (key: Key) => context.session.upsert(key).bin('a').add(1).execute() },
    { verb: 'replace', run: (key: Key) => context.session.replace(key).put({ a: 2 }).execute() },
  ])('$verb sends the key as well', async ({ run }) => {
    const key = context.freshKey()
    await context.session.put(key, { a: 1 })
    expect(await failureOf(run(impostorOf(key)))).toMatchObject({ code: 19 })
    expect((await context.session.get(key))?.bins).toEqual({ a: 1 })
  })

  it('another set with the same digest is refused', async () => {
    const key = context.freshKey()
    await context.session.put(key, { a: 1 })
    const elsewhere = Key.fromDigest(NAMESPACE, freshName('it'), key.digest)
    expect(await failureOf(context.session.get(elsewhere))).toMatchObject({ code: 4 })
  })
})
