import { hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { EncodeError } from '../errors.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { Key, type KeyValue, keysOf, PackedKey, partitionOf, writeDigest } from './key.ts'
import { partitionIdOf } from './partition-id.ts'

const DIGEST = '6576b4888ccf929c200b6fbd90d09df3f6d10cf3'

describe('Key', () => {
  it('has its parts as plain data of its own', () => {
    const key = Key.of('test', 'demo', '1')
    expect({ ...key }).toEqual({ namespace: 'test', setName: 'demo', value: '1', digest: hex(DIGEST) })
    expect(key.digestHex).toBe(DIGEST)
  })

  it('keeps bytes as they were', () => {
    const value = hex('010203')
    const digest = hex(DIGEST)
    const byValue = Key.of('test', 'demo', Buffer.from(value.buffer))
    const byDigest = Key.fromDigest('test', 'demo', digest)
    value.fill(0)
    digest.fill(0)
    expect(byValue.value).toEqual(hex('010203'))
    expect(byDigest.digestHex).toBe(DIGEST)
  })

  it('is known by digest, as bytes or hexadecimal', () => {
    for (const digest of [hex(DIGEST), DIGEST, DIGEST.toUpperCase()]) {
      const key = Key.fromDigest('test', 'demo', digest)
      expect(key.value).toBeUndefined()
      expect(toHex(key.digest)).toBe(DIGEST)
      expect(key.equals(Key.of('test', 'demo', '1'))).toBe(true)
    }
  })

  it('may carry a value with a digest that came from the server', () => {
    const key = new Key('test', '', 7, hex(DIGEST))
    expect(key.value).toBe(7)
    expect(key.digestHex).toBe(DIGEST)
  })

  it.each<[Key, boolean]>([
    [Key.of('test', 'demo', '1'), true],
    [Key.of('test', 'demo', 1), false],
    [Key.of('test', 'demo', hex('31')), false],
    [Key.of('test', 'other', '1'), false],
    [Key.of('bar', 'demo', '1'), false],
    [Key.fromDigest('test', 'other', DIGEST), true],
  ])('test:demo:1 against %s: %s', (other, same) => {
    expect(Key.of('test', 'demo', '1').equals(other)).toBe(same)
  })

  it.each<[Key, string]>([
    [Key.of('test', 'users', 'alice'), 'test:users:alice'],
    [Key.of('test', '', -5n), 'test::-5'],
    [Key.of('test', 'users', hex('00ff')), 'test:users:0x00ff'],
    [Key.fromDigest('test', 'users', DIGEST), `test:users:#${DIGEST}`],
  ])('prints %s', (key, text) => {
    expect(`${key}`).toBe(text)
  })

  it.each<[string, () => unknown, string]>([
    ['an empty namespace', () => Key.of('', 's', 1), 'a key needs the name of a namespace, not an empty one'],
    [
      'no namespace',
      () => Key.of(undefined as never, 's', 1),
      'a key needs the name of a namespace, not undefined',
    ],
    ['no set name', () => Key.of('n', null as never, 1), 'a set name is a string, not null'],
    ['no value', () => new Key('n', 's', undefined), 'a key is a string, an integer or bytes, not undefined'],
    ['a short digest', () => Key.fromDigest('n', 's', hex('00')), 'a digest has 20 bytes, not 1'],
    ['a wrong digest', () => Key.fromDigest('n', 's', 7 as never), 'a digest is bytes, not a number'],
    ['a short text', () => Key.fromDigest('n', 's', 'abc'), "a digest has 40 hexadecimal digits, not 'abc'"],
    ['a fraction', () => Key.of('n', 's', 0.5 as KeyValue), 'key 0.5 is not a safe integer'],
  ])('refuses %s', (_name, make, message) => {
    expect(make).toThrow(EncodeError)
    expect(make).toThrow(message)
  })
})

describe('toJSON() and Key.from()', () => {
  it('carry keys through JSON and structured clones', () => {
    const keys = [
      Key.of('test', 'demo', 'alice'),
      Key.of('test', '', 7),
      Key.of('test', 'demo', -1n << 60n),
      Key.of('test', 'demo', hex('0102')),
      Key.fromDigest('test', 'demo', '0ae66518e8b10862ffb9c9592cdae50a46d8a16d'),
      ...keysOf('test', 'demo', ['bob', 2n ** 60n]),
    ]
    for (const key of keys) {
      for (const data of [JSON.parse(JSON.stringify(key)), structuredClone(key.toJSON())]) {
        const again = Key.from(data)
        expect(again).toBeInstanceOf(Key)
        expect(again.equals(key)).toBe(true)
        expect(again.setName).toBe(key.setName)
        const isPlain = typeof key.value === 'string' || typeof key.value === 'number'
        expect(again.value).toBe(isPlain ? key.value : undefined)
      }
      if (key.value !== undefined) expect(Key.from(structuredClone(key)).equals(key)).toBe(true)
    }
  })

  it('say what is missing in a clone that was made of the key itself', () => {
    const [key] = keysOf('test', 'demo', ['x'])
    const view = new DataView(key?.digest.buffer as ArrayBuffer)
    const found = new PackedKey('test', 'demo', undefined, view, 0)
    expect(() => Key.from(structuredClone(found))).toThrow(/clone what key.toJSON\(\) gives/)
    expect(Key.from(found.toJSON()).equals(found)).toBe(true)
    expect(() => Key.from({ namespace: 'test', setName: '', digest: 'ab' })).toThrow(/40 hexadecimal digits/)
  })
})

describe('keysOf', () => {
  const VALUES: readonly KeyValue[] = [1, 'alice', 2n, hex('0102'), -7, 'żółć', 'x'.repeat(70)]

  it('makes the same keys as one by one', () => {
    const keys = keysOf('test', 'demo', VALUES)
    keys.forEach((key, index) => {
      const alone = Key.of('test', 'demo', VALUES[index] as KeyValue)
      expect(key).toBeInstanceOf(Key)
      expect(key.value).toEqual(alone.value)
      expect(String(key)).toBe(String(alone))
      expect(key.digestHex).toBe(alone.digestHex)
      expect(key.digest).toBe(key.digest)
      expect(key.equals(alone)).toBe(true)
      for (const each of [key, alone]) {
        expect(partitionOf(each)).toBe(partitionIdOf(alone.digest))
        const out = new ByteWriter(32)
        writeDigest(each, out.bytes, out.view, 3)
        expect(out.bytes.slice(3, 23)).toEqual(alone.digest)
      }
    })
    expect(keysOf('test', 'demo', [])).toEqual([])
  })

  it('copies bytes that are keys', () => {
    const value = hex('0102')
    const [key] = keysOf('test', 'demo', [value])
    value.fill(0)
    expect(key?.value).toEqual(hex('0102'))
  })

  it('refuses what Key.of refuses', () => {
    expect(() => keysOf('', 'demo', [1])).toThrow(EncodeError)
    expect(() => keysOf('test', 'demo', [1, 1.5])).toThrow(/key 1.5 is not a safe integer/)
  })
})
