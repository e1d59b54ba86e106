import { describe, expect, it } from 'vitest'
import {
  addOperation,
  DELETE_OPERATION,
  type Operation,
  readOperation,
  TOUCH_OPERATION,
  writeOperation,
} from '../message/operation.ts'
import { OPERATION_TYPE } from '../message/operation-type.ts'
import { operateBits } from './operate-record.ts'

const LIST_READ: Operation = { ...readOperation('l'), type: OPERATION_TYPE.collectionRead }

describe('flags of several operations', () => {
  // READ 1, GET_ALL 2; WRITE 1, RESPOND_ALL_OPS 0x80
  it.each<[string, Operation[], boolean, number, number]>([
    ['nothing', [], false, 0, 0],
    ['a read', [readOperation('a')], false, 0x01, 0],
    ['a read of all bins', [readOperation('')], false, 0x03, 0],
    ['a write', [writeOperation('a', 1)], false, 0, 0x01],
    ['a write and a read', [addOperation('a', 1), readOperation('a')], false, 0x01, 0x01],
    ['a touch', [TOUCH_OPERATION], false, 0, 0x01],
    ['a delete and a read of all bins', [DELETE_OPERATION, readOperation('')], false, 0x03, 0x01],
    ['a list read without a name is no read of all bins', [{ ...LIST_READ, bin: '' }], false, 0x01, 0],
    ['a slot for each', [LIST_READ, writeOperation('a', 1)], true, 0x01, 0x81],
  ])('%s', (_name, operations, respondAll, info1, info2) => {
    expect(operateBits(operations, respondAll)).toEqual({ info1, info2 })
  })
})
