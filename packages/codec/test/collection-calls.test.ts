import { everyPrefix, hex, loadVectors, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { Bound, INFINITY, WILDCARD } from '../src/cdt/bound.ts'
import { LIST_OPCODE } from '../src/cdt/list-opcode.ts'
import { RETURN_TYPE } from '../src/cdt/return-type.ts'
import { bitCount, bitLeftScan } from '../src/collection/bit-operation.ts'
import {
  type CollectionCall,
  decodeCollectionCall,
  encodeCollectionCall,
} from '../src/collection/collection-call.ts'
import { hllMayContain } from '../src/collection/hll-operation.ts'
import {
  listAppend,
  listGetByValue,
  listGetByValueRange,
  listTrim,
} from '../src/collection/list-operation.ts'
import { mapPut } from '../src/collection/map-operation.ts'
import { CodecError, EncodeError } from '../src/errors.ts'
import { OPERATION_TYPE } from '../src/message/operation-type.ts'
import { parseCaptured } from './vectors/captured-message.ts'

const GROUPS = ['lists', 'maps', 'bitwise', 'hll']
const CALLS: ReadonlySet<number> = new Set([
  OPERATION_TYPE.collectionRead,
  OPERATION_TYPE.collectionModify,
  OPERATION_TYPE.bitRead,
  OPERATION_TYPE.bitModify,
  OPERATION_TYPE.hyperLogLogRead,
  OPERATION_TYPE.hyperLogLogModify,
])

/** Each payload once. */
function capturedPayloads(group: string): string[] {
  const payloads = loadVectors(group)
    .filter(({ requestHex }) => typeof requestHex === 'string')
    .flatMap(({ requestHex }) => parseCaptured(hex(requestHex as string)).operations)
    .filter(({ type }) => CALLS.has(type))
    .map(({ payload }) => toHex(payload))
  return [...new Set(payloads)]
}

describe.each(GROUPS)('the payloads recorded in the group %s', (group) => {
  const payloads = capturedPayloads(group)

  it.skipIf(payloads.length === 0)('are read, and written again byte for byte (needs AERO_VECTORS)', () => {
    for (const payload of payloads)
      expect(toHex(encodeCollectionCall(decodeCollectionCall(hex(payload))))).toBe(payload)
  })

  it.skipIf(payloads.length === 0)('are refused when cut anywhere (needs AERO_VECTORS)', () => {
    for (const payload of payloads) {
      for (const prefix of everyPrefix(hex(payload)))
        expect(() => decodeCollectionCall(prefix)).toThrow(CodecError)
    }
  })
})

describe('a collection call', () => {
  it.each<readonly [string, CollectionCall, string]>([
    [
      'with bounds',
      {
        opcode: LIST_OPCODE.getByValueRange,
        context: [],
        args: [RETURN_TYPE.value, [1, WILDCARD], INFINITY],
      },
      '94' + '19' + '07' + '9201d4ff00' + 'd4ff01',
    ],
    [
      'in a context',
      { opcode: LIST_OPCODE.size, context: [{ by: 'mapKey', value: 'a', create: 0x80 }], args: [] },
      '93' + 'ccff' + '92cca2a20361' + '9110',
    ],
  ])('%s has these bytes', (_what, call, bytes) => {
    expect(toHex(encodeCollectionCall(call))).toBe(bytes)
    expect(decodeCollectionCall(hex(bytes))).toEqual(call)
  })

  it.each([
    ['nothing', ''],
    ['no list', '01'],
    ['an empty list', '90'],
    ['a text instead of the opcode', '91a20361'],
    ['bytes behind it', '911000'],
    ['a context of one element', '93ccff91109110'],
    ['a list deeper than lists may be', `9201${'91'.repeat(200)}c0`],
  ])('is refused: %s', (_what, bytes) => {
    expect(() => decodeCollectionCall(hex(bytes))).toThrow(CodecError)
  })
})

describe('operations the recordings have none of', () => {
  it.each([
    ['bitCount', bitCount('b', 8, 8), '93330808'],
    ['bitLeftScan', bitLeftScan('b', 0, 40, true), '94340028c3'],
    ['hllMayContain', hllMayContain('h', ['a']), '923891a20361'],
    ['an open end', listGetByValueRange('l', 1, undefined, RETURN_TYPE.count), '93190501'],
    ['a wildcard', listGetByValue('l', WILDCARD, RETURN_TYPE.count), '931605d4ff00'],
  ])('%s', (_what, { payload }, bytes) => {
    expect(toHex(payload as Uint8Array)).toBe(bytes)
  })
})

it('names the bin and the place of a value that cannot be written', () => {
  const when = new Date(0) as unknown as string
  expect(() => listAppend('tags', [1, when])).toThrow(expect.objectContaining({ path: 'tags[1]' }))
  expect(() => mapPut('m', 'k', undefined as unknown as string)).toThrow(EncodeError)
  expect(() => listTrim('l', 1, undefined as unknown as number)).toThrow(EncodeError)
})

it('does not store a bound', () => {
  expect(() => mapPut('m', 'k', { nested: new Bound('infinity') as unknown as string })).toThrow(EncodeError)
})
