import { hex, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError, EncodeError } from '../errors.ts'
import { PARTICLE_TYPE } from '../value/particle-type.ts'
import { ByteReader } from '../wire/byte-reader.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import {
  addOperation,
  DELETE_OPERATION,
  type Operation,
  readOperation,
  TOUCH_OPERATION,
  writeOperation,
} from './operation.ts'
import { isWriteOperation, OPERATION_TYPE } from './operation-type.ts'
import { readRawOperation, writeOneOperation } from './operations.ts'

const RAW: Operation = {
  type: OPERATION_TYPE.collectionModify,
  bin: 'l',
  value: undefined,
  payload: hex('92 01 07'),
}

describe('operations', () => {
  // By hand from the layout: size, type, particle, flags, name length, name, value.
  it.each([
    ['write an integer', writeOperation('a', 1), '0000000d 02 01 00 01 61 0000000000000001'],
    ['write a string', writeOperation('name', 'Al'), '0000000a 02 03 00 04 6e616d65 416c'],
    ['remove a bin', writeOperation('a', null), '00000005 02 00 00 01 61'],
    ['read a bin', readOperation('a'), '00000005 01 00 00 01 61'],
    ['read all bins', readOperation(''), '00000004 01 00 00 00'],
    ['add', addOperation('n', -5), '0000000d 05 01 00 01 6e fffffffffffffffb'],
    ['touch', TOUCH_OPERATION, '00000004 0b 00 00 00'],
    ['delete', DELETE_OPERATION, '00000004 0e 00 00 00'],
    ['bytes at hand', RAW, '00000008 04 04 00 01 6c 920107'],
    [
      'the longest name',
      readOperation('fifteen-bytes-x'),
      '00000013 01 00 00 0f 6669667465656e2d62797465732d78',
    ],
    [
      'a name of fifteen bytes in fewer characters',
      readOperation('ééééééé1'),
      '00000013 01 00 00 0f c3a9c3a9c3a9c3a9c3a9c3a9c3a931',
    ],
  ])('%s', (_name, operation, expected) => {
    const out = new ByteWriter(1)
    writeOneOperation(out, operation)
    expect(toHex(out.written())).toBe(toHex(hex(expected)))
    const read = readRawOperation(ByteReader.over(out.take()))
    expect(read.type).toBe(operation.type)
    expect(read.bin).toBe(operation.bin)
  })

  it.each([
    ['16 bytes', 'n'.repeat(16), /^n{16}: bin name of 16 bytes, at most 15/],
    ['16 bytes in 8 characters', 'é'.repeat(8), /bin name of 16 bytes/],
    ['very long', 'n'.repeat(100_000), /bin name of 100000 bytes/],
    ['a zero byte', 'a\0b', /zero byte/],
    ['a zero byte after other letters', 'é\0', /zero byte/],
    ['half a surrogate pair', 'a\ud83d', /surrogate/],
  ])('refuses a name: %s', (_name, bin, message) => {
    const out = new ByteWriter(1)
    expect(() => writeOneOperation(out, readOperation(bin))).toThrow(EncodeError)
    expect(() => writeOneOperation(out, readOperation(bin))).toThrow(message)
  })

  it('names the bin and the place of a value that cannot be written', () => {
    const write = () =>
      writeOneOperation(new ByteWriter(1), writeOperation('tags', [1, [2, new Date(0) as never]]))
    expect(write).toThrow(expect.objectContaining({ name: 'EncodeError', path: 'tags[1][1]' }))
  })

  it.each([OPERATION_TYPE.write, OPERATION_TYPE.add, OPERATION_TYPE.append, OPERATION_TYPE.prepend])(
    'refuses operation %i without a value',
    (type) => {
      expect(() => writeOneOperation(new ByteWriter(1), { ...RAW, type, payload: undefined })).toThrow(
        /undefined is not a value/,
      )
    },
  )

  it.each([
    ['nothing', ''],
    ['size beyond the end', '0000000e 02 01 00 01 61 0000000000000001'],
    ['size without room for its own header', '00000003 02 01 00 00'],
    ['size without room for the name', '00000005 02 01 00 02 61 62'],
    ['size 0', '00000000 02 01 00 00'],
    ['size 2^32 - 1', 'ffffffff 02 01 00 01 61'],
  ])('refuses to read: %s', (_name, bytes) => {
    expect(() => readRawOperation(ByteReader.over(hex(bytes)))).toThrow(DecodeError)
  })

  it('copies what it reads', () => {
    const bytes = hex('00000007 02 04 00 01 61 0102')
    const read = readRawOperation(ByteReader.over(bytes))
    bytes.fill(0xff)
    expect(read).toEqual({ type: 2, particleType: PARTICLE_TYPE.blob, bin: 'a', payload: hex('0102') })
  })

  it('knows which operations write', () => {
    const writing = Object.entries(OPERATION_TYPE).filter(([, type]) => isWriteOperation(type))
    expect(writing.map(([name]) => name)).toEqual([
      'write',
      'collectionModify',
      'add',
      'expressionModify',
      'append',
      'prepend',
      'touch',
      'bitModify',
      'delete',
      'hyperLogLogModify',
      'stringModify',
    ])
    expect([0, 32, 34, 99, 255].some(isWriteOperation)).toBe(false)
  })
})
