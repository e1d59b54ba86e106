import { toHex } from '@aero/testkit'
import { expect, it } from 'vitest'
import { ByteWriter } from '../wire/byte-writer.ts'
import { beginFrame, endFrame } from './frame-header.ts'
import { FRAME_TYPE } from './frame-type.ts'

it('frames what is written between the two, one behind another', () => {
  const out = new ByteWriter(1)
  const info = beginFrame(out, FRAME_TYPE.info)
  out.text('build\n')
  endFrame(out, info)
  const message = beginFrame(out, FRAME_TYPE.message)
  endFrame(out, message)
  expect(toHex(out.written())).toBe('02010000000000066275696c640a0203000000000000')
})

it('sets all eight bytes, whatever stood there', () => {
  const out = new ByteWriter(64)
  out.bytes.fill(0xff)
  const mark = beginFrame(out, FRAME_TYPE.admin)
  out.u8(1)
  endFrame(out, mark)
  expect(toHex(out.written())).toBe('020200000000000101')
})
