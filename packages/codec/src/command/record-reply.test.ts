import { everyPrefix, hex, seededRandom, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError } from '../errors.ts'
import { FRAME_HEADER_BYTES } from '../frame/frame-type.ts'
import { BinNames } from '../message/bin-names.ts'
import { type RecordOptions, SERVER_EPOCH_SECONDS } from '../message/record.ts'
import { Key } from '../value/key.ts'
import { DEFAULT_VALUE_OPTIONS } from '../value/value-options.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import {
  decodeRecordReply,
  encodeRecordReply,
  type RecordReply,
  type ReplyOperation,
  replyGeneration,
  replyResultCode,
} from './record-reply.ts'

const KEY = Key.of('test', 'users', 'alice')

function options(): RecordOptions {
  return { ...DEFAULT_VALUE_OPTIONS, names: new BinNames(), now: () => SERVER_EPOCH_SECONDS * 1000 + 5999 }
}

/** A reply body by hand: generation 3, the counts and what follows. */
function reply(rest: string, voidTime = '00000000'): ByteReader {
  return ByteReader.over(hex(`16 00000000 00 00000003 ${voidTime} 00000000 ${rest}`))
}

function decode(body: ByteReader, how = options()) {
  return decodeRecordReply(body, KEY, how)
}

const INTEGER_A = '0000000d 01 01 00 01 61 0000000000000001'
const STRING_B = '00000006 01 03 00 01 62 78'
const NIL_A = '00000005 01 00 00 01 61'
const LIST_A = '00000007 01 14 00 01 61 9105'

describe('record reply', () => {
  it.each([
    ['no bins', '0000 0000', {}],
    ['one bin', `0000 0001 ${INTEGER_A}`, { a: 1 }],
    ['two bins', `0000 0002 ${INTEGER_A} ${STRING_B}`, { a: 1, b: 'x' }],
    ['fields before the bins', `0002 0001 00000002 2d c0 00000001 63 ${STRING_B}`, { b: 'x' }],
    ['a nil bin is absent', `0000 0002 ${NIL_A} ${STRING_B}`, { b: 'x' }],
    ['two results for a bin', `0000 0003 ${INTEGER_A} ${STRING_B} ${INTEGER_A}`, { a: [1, 1], b: 'x' }],
    ['nil, then a value', `0000 0002 ${NIL_A} ${INTEGER_A}`, { a: [null, 1] }],
    ['a value, then nil', `0000 0002 ${INTEGER_A} ${NIL_A}`, { a: [1, null] }],
    ['nil twice', `0000 0002 ${NIL_A} ${NIL_A}`, { a: [null, null] }],
    ['lists as results', `0000 0003 ${LIST_A} ${LIST_A} ${INTEGER_A}`, { a: [[5], [5], 1] }],
    ['the operation type does not matter', `0000 0001 ${INTEGER_A.replace(' 01 01', ' 04 01')}`, { a: 1 }],
  ])('%s', (_name, rest, bins) => {
    const record = decode(reply(rest))
    expect(record.bins).toEqual(bins)
    expect(record).toMatchObject({ key: KEY, generation: 3, ttl: 'never' })
  })

  it('gives the same answers when names were predicted wrongly or rightly before', () => {
    const how = options()
    for (const rest of [`0000 0002 ${INTEGER_A} ${INTEGER_A}`, `0000 0002 ${STRING_B} ${INTEGER_A}`]) {
      const expected = decode(reply(rest)).bins
      for (let round = 0; round < 3; round++) expect(decode(reply(rest), how).bins).toEqual(expected)
    }
    expect(decode(reply(`0000 0002 ${INTEGER_A} ${INTEGER_A}`), how).bins).toEqual({ a: [1, 1] })
  })

  it('gives the same bins in the same order, whatever the records before looked like', () => {
    const random = seededRandom(11)
    const how = options()
    const names = ['a', 'b', 'c', 'd', 'e', 'f', '0', '__proto__']
    const replyOf = (bins: readonly string[]): ByteReader => {
      const out = new ByteWriter()
      const operations = bins.map((bin) => ({
        bin,
        value: random.int(0, 9) === 0 ? null : bin + random.int(0, 9),
      }))
      encodeRecordReply(out, { resultCode: 0, generation: 1, expiration: 0, operations })
      return ByteReader.over(out.take().subarray(FRAME_HEADER_BYTES))
    }
    for (let run = 0; run < 60; run++) {
      const shape = Array.from({ length: random.int(3, 9) }, () => random.pick(names))
      // Long enough for the shape to be known, then something else.
      for (let round = 0; round < random.int(10, 60); round++) {
        const bins = [...shape]
        if (random.int(0, 14) === 0) bins[random.int(0, bins.length - 1)] = random.pick(names)
        if (random.int(0, 14) === 0) bins.length = random.int(0, bins.length)
        const body = replyOf(bins)
        const expected = decode(ByteReader.over(body.bytes)).bins
        const { bins: found } = decode(body, how)
        expect(Object.entries(found), `seed ${random.seed}, run ${run}, round ${round}`).toEqual(
          Object.entries(expected),
        )
        expect(Object.getPrototypeOf(found)).toBe(Object.prototype)
      }
    }
  })

  it('keeps all results of more operations than are predicted', () => {
    const record = decode(reply(`0000 0064 ${INTEGER_A.repeat(50)} ${STRING_B} ${LIST_A.repeat(49)}`))
    expect(record.bins['a']).toEqual([...new Array(50).fill(1), ...new Array(49).fill([5])])
    expect(record.bins['b']).toBe('x')
  })

  it('keeps a bin named __proto__ to itself', () => {
    const proto = '00000015 01 01 00 09 5f5f70726f746f5f5f 0000000000000007'
    const record = decode(reply(`0000 0002 ${proto} ${STRING_B}`))
    expect(Object.getPrototypeOf(record.bins)).toBe(Object.prototype)
    expect(Object.entries(record.bins)).toEqual([
      ['__proto__', 7],
      ['b', 'x'],
    ])
    const twice = decode(reply(`0000 0002 ${proto} ${proto}`))
    expect(Object.entries(twice.bins)).toEqual([['__proto__', [7, 7]]])
  })

  it('does not take inherited properties for results', () => {
    const name = '00000015 01 00 00 0b 636f6e7374727563746f72'.replace('00000015', '0000000f')
    const value = '00000017 01 01 00 0b 636f6e7374727563746f72 0000000000000007'
    expect(decode(reply(`0000 0002 ${name} ${value}`)).bins).toEqual({ constructor: [null, 7] })
  })

  it('owns what it returns', () => {
    const bytes = hex(
      '16 00000000 00 00000003 00000000 00000000 0000 0002 00000007 01 04 00 01 61 0102 00000006 01 03 00 01 62 78',
    )
    const record = decode(ByteReader.over(bytes))
    bytes.fill(0xff)
    expect(record.bins).toEqual({ a: hex('0102'), b: 'x' })
  })

  // The clock stands 5 whole seconds after the server's epoch.
  it.each([
    ['00000000', 'never'],
    ['00000069', 100],
    ['00000006', 1],
    ['00000005', 1],
    ['00000001', 1],
    ['ffffffff', 4294967290],
  ])('void time %s is a time to live of %s', (voidTime, ttl) => {
    expect(decode(reply('0000 0000', voidTime)).ttl).toBe(ttl)
  })

  it('asks for the time only when the record expires', () => {
    const how: RecordOptions = {
      ...options(),
      now: () => {
        throw new Error('asked for the time')
      },
    }
    expect(decode(reply('0000 0000'), how).ttl).toBe('never')
    expect(() => decode(reply('0000 0000', '00000009'), how)).toThrow('asked for the time')
  })

  it('peeks at result code and generation', () => {
    const body = ByteReader.over(hex('16 00000000 1b 00000005 00000000 00000000 0000 0000'))
    expect(replyResultCode(body)).toBe(27)
    expect(replyGeneration(body)).toBe(5)
    expect(body.position).toBe(0)
  })

  it('refuses a reply cut anywhere', () => {
    const whole = reply(`0001 0003 00000002 2d c0 ${INTEGER_A} ${LIST_A} ${STRING_B}`).bytes
    for (const beginning of everyPrefix(whole)) {
      expect(() => decode(ByteReader.over(beginning)), `${beginning.length} bytes`).toThrow(DecodeError)
    }
    expect(decode(ByteReader.over(whole)).bins).toEqual({ a: [1, [5]], b: 'x' })
  })

  it.each([
    ['another size of the header', `15${toHex(reply('0000 0000').bytes).slice(2)}`],
    ['bytes behind the last bin', `${toHex(reply('0000 0000').bytes)}00`],
    ['more bins than there are', toHex(reply(`0000 ffff ${INTEGER_A}`).bytes)],
    ['more fields than there are', toHex(reply('ffff 0000').bytes)],
    ['an integer of 3 bytes', toHex(reply('0000 0001 00000008 01 01 00 01 61 000001').bytes)],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decode(ByteReader.over(hex(bytes)))).toThrow(DecodeError)
  })
})

describe('record reply, written by a server', () => {
  it.each<[string, Partial<RecordReply>, string]>([
    [
      'an error',
      { resultCode: 2, generation: 0 },
      '02 03 000000000016 | 16 00000000 02 00000000 00000000 00000000 0000 0000',
    ],
    [
      'bins as bytes and as values',
      {
        expiration: 9,
        operations: [
          { bin: 'a', particleType: 1, payload: hex('0000000000000001') },
          { bin: 'b', value: 'x' },
          { type: 3, bin: 'c', particleType: 0, payload: hex('') },
        ] satisfies ReplyOperation[],
      },
      `02 03 00000000003a | 16 00000000 00 00000003 00000009 00000000 0000 0003
       ${INTEGER_A} ${STRING_B} 00000005 03 00 00 01 63`,
    ],
    [
      'fields',
      { fields: [{ type: 45, payload: hex('c0') }] },
      '02 03 00000000001c | 16 00000000 00 00000003 00000000 00000000 0001 0000 | 00000002 2d c0',
    ],
  ])('%s', (_name, parts, expected) => {
    const out = new ByteWriter(1)
    encodeRecordReply(out, { resultCode: 0, generation: 3, expiration: 0, operations: [], ...parts })
    expect(toHex(out.written())).toBe(toHex(hex(expected)))
    expect(replyResultCode(ByteReader.over(out.written(), FRAME_HEADER_BYTES))).toBe(parts.resultCode ?? 0)
  })
})
