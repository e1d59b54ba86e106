import type { ByteWriter } from '../wire/byte-writer.ts'
import { FRAME_HEADER_BYTES, FRAME_VERSION, type FrameType } from './frame-type.ts'

/*
 * frame  :=  version:u8 = 2   type:u8   length:u48   body:[length]
 *            length counts the body only
 */

/** Begins a frame and returns its mark for {@link endFrame}. */
export function beginFrame(out: ByteWriter, type: FrameType): number {
  const mark = out.reserve(FRAME_HEADER_BYTES)
  out.bytes[mark] = FRAME_VERSION
  out.bytes[mark + 1] = type
  return mark
}

/** Ends the frame that began at `mark`: everything written since is its body. */
export function endFrame(out: ByteWriter, mark: number): void {
  // A body never reaches 2^32 bytes (ByteWriter.maxBytes), so the two high bytes of the length are 0.
  out.view.setUint16(mark + 2, 0)
  out.view.setUint32(mark + 4, out.position - mark - FRAME_HEADER_BYTES)
}
