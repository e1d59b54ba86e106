import { everyCut, everyPrefix, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError } from '../src/errors.ts'
import { FRAME_TYPE } from '../src/frame/frame-type.ts'
import { replyFrames, requestFrames } from './corpus.ts'
import { receive } from './receiver.ts'

/** The recordings hold thousands of frames; every cut of each takes a while, so the longest are left to the fuzz test. */
const LONGEST_CUT = 400
/** Only work for the processor, but much of it: on a busy machine it takes its time. */
const PATIENCE_MS = 120_000
/** Where a message frame has its result code. */
const RESULT_CODE_AT = 13

describe.each([
  ['client', replyFrames()],
  ['server', requestFrames()],
] as const)('every cut of what a %s receives', { timeout: PATIENCE_MS }, (side, frames) => {
  const short = frames.filter((frame) => frame.length <= LONGEST_CUT)
  // Frames made to be refused are refused whole too; a cut of the others must make no difference.
  const sound = short.filter((frame) => {
    const { error, waiting } = receive([frame], side)
    return error === undefined && !waiting
  })

  it(`in two chunks gives the same (${sound.length} frames)`, () => {
    for (const frame of sound) {
      const whole = receive([frame], side)
      for (const { at, head, tail } of everyCut(frame)) {
        const { decoded, error, waiting } = receive([head, tail], side)
        if (error !== undefined || waiting || decoded.length !== whole.decoded.length) {
          expect.fail(`cut at ${at}: ${error?.message ?? 'nothing'} for ${toHex(frame)}`)
        }
        if (at === frame.length >> 1) expect(decoded).toEqual(whole.decoded)
      }
    }
    expect(sound.length).toBeGreaterThan(3)
  })

  it('without its end waits for more', () => {
    for (const frame of sound) {
      for (const beginning of everyPrefix(frame)) {
        const { decoded, error, waiting } = receive([beginning], side)
        if (error !== undefined || decoded.length > 0 || waiting !== beginning.length > 0) {
          expect.fail(`${beginning.length} bytes of ${toHex(frame)}: ${error?.message ?? 'no error'}`)
        }
      }
    }
  })

  it('whose header hides the cut is an error, nothing else', () => {
    let refused = 0
    for (const frame of sound) {
      for (const beginning of everyPrefix(frame)) {
        if (beginning.length < 8) continue
        const { buffer, byteOffset } = beginning
        new DataView(buffer, byteOffset).setUint32(4, beginning.length - 8)
        const { error, waiting } = receive([beginning], side)
        if (waiting) expect.fail(`waits: ${toHex(beginning)}`)
        // A cut info frame is a shorter info frame, and of an error reply only the code is looked at.
        if (frame[1] !== FRAME_TYPE.message || frame[RESULT_CODE_AT] !== 0) continue
        if (!(error instanceof DecodeError)) expect.fail(`taken: ${toHex(beginning)}`)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(100)
  })

  it('or one byte at a time gives the same', () => {
    for (const frame of sound) {
      const bytes = Array.from(frame, (byte) => Uint8Array.of(byte))
      expect(receive(bytes, side).decoded).toEqual(receive([frame], side).decoded)
    }
  })
})
