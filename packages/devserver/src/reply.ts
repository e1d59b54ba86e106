import type { ByteWriter } from '@aero/codec'
import { beginFrame, endFrame, FRAME_TYPE } from '@aero/codec'
import { RESULT } from './result-code.ts'
import type { StoredBin } from './store/stored-record.ts'

/*
 * reply      :=  header:22   operation*
 * operation  :=  size:u32   type:u8   particle type:u8   flags:u8 = 0   name length:u8   name   particle
 */
const HEADER_BYTES = 22
const OPERATION_HEADER_BYTES = 8

/** `info3` of the last message of an answer in several. */
export const REPLY_LAST = 0x01

/** The answer without operations: a result code, which is also returned, and what is known of the record. */
export function writeResult(
  out: ByteWriter,
  resultCode: number,
  generation = 0,
  voidTime = 0,
  info3 = 0,
): number {
  const mark = beginFrame(out, FRAME_TYPE.message)
  writeHeader(out, resultCode, generation, voidTime, 0, info3)
  endFrame(out, mark)
  return resultCode
}

/** Begins an answer with operations; returns its mark for {@link endReply}. */
export function beginReply(
  out: ByteWriter,
  generation: number,
  voidTime: number,
  operationCount: number,
  resultCode: number = RESULT.ok,
): number {
  const mark = beginFrame(out, FRAME_TYPE.message)
  writeHeader(out, resultCode, generation, voidTime, operationCount, 0)
  return mark
}

/** Ends an answer that says all is well; returns that result code. */
export function endReply(out: ByteWriter, mark: number): number {
  endFrame(out, mark)
  return RESULT.ok
}

/** One bin of an answer, as the result of an operation of that type. */
export function writeReplyBin(out: ByteWriter, operationType: number, bin: StoredBin): void {
  const { name, particle } = bin
  out.ensure(OPERATION_HEADER_BYTES + name.length)
  const { bytes, view, position } = out
  view.setUint32(position, 4 + name.length + particle.length)
  bytes[position + 4] = operationType
  bytes[position + 5] = bin.type
  bytes[position + 6] = 0
  bytes[position + 7] = name.length
  let target = position + OPERATION_HEADER_BYTES
  for (let index = 0; index < name.length; index++) bytes[target++] = name[index] as number
  out.position = target
  out.copy(particle)
}

function writeHeader(
  out: ByteWriter,
  resultCode: number,
  generation: number,
  voidTime: number,
  operationCount: number,
  info3: number,
): void {
  out.ensure(HEADER_BYTES)
  const { bytes, view, position } = out
  bytes[position] = HEADER_BYTES
  bytes[position + 1] = 0
  bytes[position + 2] = 0
  bytes[position + 3] = info3
  bytes[position + 4] = 0
  bytes[position + 5] = resultCode
  view.setUint32(position + 6, generation)
  view.setUint32(position + 10, voidTime)
  view.setUint32(position + 14, 0)
  view.setUint16(position + 18, 0)
  view.setUint16(position + 20, operationCount)
  out.position = position + HEADER_BYTES
}
