import { everyPrefix, hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { EncodeError } from '../errors.ts'
import { FRAME_HEADER_BYTES } from '../frame/frame-type.ts'
import { INFO1, INFO2 } from '../message/info-bits.ts'
import { readOperation, TOUCH_OPERATION } from '../message/operation.ts'
import { Key } from '../value/key.ts'
import type { Value } from '../value/value.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import {
  decodeRecordRequest,
  encodeRecordRequest,
  MalformedRequestError,
  type RecordRequest,
} from './record-request.ts'

const DIGEST = '000102030405060708090a0b0c0d0e0f10111213'
const KEY = Key.fromDigest('test', 'users', DIGEST)
const READ: RecordRequest = {
  key: KEY,
  info1: INFO1.read,
  info2: 0,
  info3: 0,
  info4: 0,
  generation: 0,
  expiration: 0,
  timeoutMs: 0,
  sendKey: false,
  filter: undefined,
  operations: undefined,
  binNames: undefined,
  bins: undefined,
}
const FIELDS = `00000005 00 74657374 | 00000006 01 7573657273 | 00000015 04 ${DIGEST}`

function encoded(request: RecordRequest): Uint8Array {
  const out = new ByteWriter(1)
  encodeRecordRequest(out, request)
  return out.take()
}

function body(frame: Uint8Array): ByteReader {
  return ByteReader.over(frame, FRAME_HEADER_BYTES)
}

describe('record request', () => {
  // By hand from the layout.
  it.each([
    [
      'read all bins',
      { ...READ, info1: INFO1.read | INFO1.getAll, timeoutMs: 1000 },
      `02 03 000000000042 | 16 03000000 00 00000000 00000000 000003e8 0003 0000 | ${FIELDS}`,
    ],
    [
      'read two bins',
      { ...READ, binNames: ['a', 'bc'] },
      `02 03 000000000055 | 16 01000000 00 00000000 00000000 00000000 0003 0002 | ${FIELDS}
       00000005 01 00 00 01 61 | 00000006 01 00 00 02 6263`,
    ],
    [
      'write bins, generation and time to live',
      {
        ...READ,
        info1: 0,
        info2: INFO2.write | INFO2.generation,
        generation: 7,
        expiration: -1,
        bins: { a: 1, b: 'x' },
      },
      `02 03 00000000005d | 16 00050000 00 00000007 ffffffff 00000000 0003 0002 | ${FIELDS}
       0000000d 02 01 00 01 61 0000000000000001 | 00000006 02 03 00 01 62 78`,
    ],
    [
      'operations, names and bins in this order',
      { ...READ, operations: [TOUCH_OPERATION, readOperation('')], binNames: ['n'], bins: { b: true } },
      `02 03 000000000065 | 16 01000000 00 00000000 00000000 00000000 0003 0004 | ${FIELDS}
       00000004 0b 00 00 00 | 00000004 01 00 00 00 | 00000005 01 00 00 01 6e | 00000006 02 11 00 01 62 01`,
    ],
    [
      'a filter',
      { ...READ, filter: hex('c3') },
      `02 03 000000000048 | 16 01000000 00 00000000 00000000 00000000 0004 0000 | ${FIELDS} | 00000002 2b c3`,
    ],
    [
      'a user key that is not known',
      { ...READ, sendKey: true },
      `02 03 000000000042 | 16 01000000 00 00000000 00000000 00000000 0003 0000 | ${FIELDS}`,
    ],
    [
      'a user key',
      { ...READ, sendKey: true, key: new Key('test', 'users', 42, hex(DIGEST)) },
      `02 03 000000000050 | 16 01000000 00 00000000 00000000 00000000 0004 0000 | ${FIELDS} | 0000000a 02 01 000000000000002a`,
    ],
    [
      'a removed bin',
      { ...READ, info1: 0, info2: INFO2.write, bins: { a: null } },
      `02 03 00000000004b | 16 00010000 00 00000000 00000000 00000000 0003 0001 | ${FIELDS} | 00000005 02 00 00 01 61`,
    ],
  ])('writes: %s', (_name, request, expected) => {
    expect(toHex(encoded(request))).toBe(toHex(hex(expected)))
  })

  it('writes behind what stands in the buffer already, however small that is', () => {
    const whole = toHex(encoded({ ...READ, bins: { a: [1, 'two', { three: 3 }] } }))
    for (let capacity = 0; capacity < 160; capacity++) {
      const out = new ByteWriter(capacity)
      encodeRecordRequest(out, { ...READ, bins: { a: [1, 'two', { three: 3 }] } })
      encodeRecordRequest(out, { ...READ, bins: { a: [1, 'two', { three: 3 }] } })
      expect(toHex(out.written()), `capacity ${capacity}`).toBe(whole + whole)
    }
  })

  it('overwrites every byte of a buffer that was used before', () => {
    const out = new ByteWriter(256)
    out.bytes.fill(0xff)
    encodeRecordRequest(out, { ...READ, binNames: ['a'], bins: { b: null, c: 1.5 } })
    expect(toHex(out.written())).toBe(toHex(encoded({ ...READ, binNames: ['a'], bins: { b: null, c: 1.5 } })))
  })

  it.each<[string, { [bin: string]: Value }, string]>([
    ['undefined', { a: undefined as never }, 'a'],
    ['a date', { a: { when: new Date(0) as never } }, 'a.when'],
    ['a name that is too long', { 'a-name-of-sixteen': 1 }, 'a-name-of-sixteen'],
  ])('refuses %s and names the place', (_name, bins, path) => {
    expect(() => encoded({ ...READ, bins })).toThrow(expect.objectContaining({ name: 'EncodeError', path }))
  })

  it('refuses more operations than a message can count', () => {
    const operations = new Array(65_536).fill(TOUCH_OPERATION)
    expect(() => encoded({ ...READ, operations })).toThrow(EncodeError)
    expect(() => encoded({ ...READ, operations: operations.slice(1) })).not.toThrow()
  })

  it('refuses a request that is larger than the server takes', () => {
    const half = new Uint8Array(64 * 1024 * 1024)
    expect(() => encoded({ ...READ, bins: { a: half, b: half } })).toThrow(
      /^request of 134217\d+ bytes, the server takes/,
    )
  })

  it('leaves inherited properties alone', () => {
    const bins = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } })
    expect(decodeRecordRequest(body(encoded({ ...READ, bins }))).operations.map(({ bin }) => bin)).toEqual([
      'own',
    ])
  })
})

describe('record request, read by a server', () => {
  const frame = encoded({
    ...READ,
    key: new Key('test', 'users', 'k', hex(DIGEST)),
    sendKey: true,
    filter: hex('c3'),
    info2: INFO2.write,
    expiration: -2,
    generation: 9,
    timeoutMs: 50,
    bins: { a: 1 },
  })

  it('gives back what was sent', () => {
    expect(decodeRecordRequest(body(frame))).toMatchObject({
      info1: INFO1.read,
      info2: INFO2.write,
      generation: 9,
      expiration: -2,
      timeoutMs: 50,
      namespace: 'test',
      setName: 'users',
      digest: hex(DIGEST),
      userKey: { particleType: 3, payload: hex('6b') },
      filter: hex('c3'),
      operations: [{ type: 2, bin: 'a', particleType: 1, payload: hex('0000000000000001') }],
    })
  })

  it('tells absent fields from empty ones', () => {
    const bare = decodeRecordRequest(
      ByteReader.over(hex('16 01000000 00 00000000 00000000 00000000 0000 0000')),
    )
    expect(bare).toMatchObject({
      namespace: undefined,
      setName: undefined,
      digest: undefined,
      userKey: undefined,
    })
    const outside = encoded({ ...READ, key: Key.fromDigest('test', '', DIGEST) })
    expect(decodeRecordRequest(body(outside)).setName).toBe('')
  })

  it('does not look at the size of the header', () => {
    const other = frame.slice()
    other[FRAME_HEADER_BYTES] = 21
    expect(decodeRecordRequest(body(other)).namespace).toBe('test')
  })

  it('answers 4 to a request cut anywhere', () => {
    for (const beginning of everyPrefix(frame.subarray(FRAME_HEADER_BYTES))) {
      const read = () => decodeRecordRequest(ByteReader.over(beginning))
      expect(read, `${beginning.length} bytes`).toThrow(MalformedRequestError)
      expect(read).toThrow(expect.objectContaining({ resultCode: 4 }))
    }
  })

  it.each([
    ['bytes behind the last operation', '16 01000000 00 00000000 00000000 00000000 0000 0000 00'],
    ['fewer fields than counted', '16 01000000 00 00000000 00000000 00000000 0001 0000'],
    ['fewer operations than counted', '16 01000000 00 00000000 00000000 00000000 0000 ffff'],
    ['a field of no length', '16 01000000 00 00000000 00000000 00000000 0001 0000 00000000 00'],
  ])('answers 4 to %s', (_name, bytes) => {
    expect(() => decodeRecordRequest(ByteReader.over(hex(bytes)))).toThrow(MalformedRequestError)
  })
})
