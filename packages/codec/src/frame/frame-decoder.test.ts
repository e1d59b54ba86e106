import { everyCut, hex, inPieces, joined, seededRandom, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { DecodeError, LimitExceededError } from '../errors.ts'
import { ByteWriter } from '../wire/byte-writer.ts'
import { FrameDecoder } from './frame-decoder.ts'
import { beginFrame, endFrame } from './frame-header.ts'
import { FRAME_TYPE } from './frame-type.ts'

/** Frames laid out by hand: info, an empty message, admin, compressed. */
const STREAM = hex(`
  02 01 000000000005  6e6f64650a
  02 03 000000000000
  02 02 000000000003  aabbcc
  02 04 000000000001  dd
  02 03 000000000010  000102030405060708090a0b0c0d0e0f`)
const FRAMES = ['1:6e6f64650a', '3:', '2:aabbcc', '4:dd', '3:000102030405060708090a0b0c0d0e0f']

/** Feeds the chunks as a socket does: each in the same memory, which is overwritten as soon as it has been settled. */
function decode(chunks: Iterable<Uint8Array>, decoder = new FrameDecoder()): string[] {
  const memory = new Uint8Array(64 * 1024)
  const frames: string[] = []
  for (const chunk of chunks) {
    memory.set(chunk)
    decoder.push(memory, chunk.length)
    while (decoder.next()) frames.push(`${decoder.type}:${toHex(decoder.body.copy(decoder.body.remaining))}`)
    decoder.settle()
    memory.fill(0xee)
  }
  return frames
}

describe('FrameDecoder', () => {
  it('finds the frames of one chunk', () => {
    expect(decode([STREAM])).toEqual(FRAMES)
  })

  it('finds them however the stream is cut in two', () => {
    for (const { head, tail } of everyCut(STREAM)) expect(decode([head, tail])).toEqual(FRAMES)
  })

  it('finds them however the stream is cut in three', () => {
    for (const { head, tail } of everyCut(STREAM)) {
      for (const second of everyCut(tail)) expect(decode([head, second.head, second.tail])).toEqual(FRAMES)
    }
  })

  it.each([1, 2, 3, 5, 7, 8, 9, 13])('finds them in pieces of %d bytes', (size) => {
    expect(decode(inPieces(STREAM, size))).toEqual(FRAMES)
  })

  it('passes empty chunks over', () => {
    const nothing = new Uint8Array(0)
    expect(decode([nothing, STREAM.slice(0, 9), nothing, STREAM.slice(9), nothing])).toEqual(FRAMES)
  })

  it('reads a frame where it lies when it lies whole in a chunk', () => {
    const decoder = new FrameDecoder()
    const chunk = joined(hex('ffff'), STREAM).subarray(2)
    decoder.push(chunk)
    expect(decoder.next()).toBe(true)
    expect(decoder.body.bytes).toBe(chunk)
    expect(decoder.body.view.byteOffset).toBe(chunk.byteOffset)
    expect(decoder.body.text(5)).toBe('node\n')
  })

  it('tells whether part of a frame is waiting', () => {
    const decoder = new FrameDecoder()
    expect(decoder.isEmpty).toBe(true)
    decoder.push(STREAM.slice(0, 13))
    expect(decoder.isEmpty).toBe(false)
    expect(decoder.next()).toBe(true)
    expect(decoder.isEmpty).toBe(true)
    decoder.push(STREAM.slice(13, 17))
    expect(decoder.next()).toBe(false)
    decoder.settle()
    expect(decoder.isEmpty).toBe(false)
    decoder.push(STREAM.slice(17, 21))
    expect(decoder.next()).toBe(true)
    expect(decoder.isEmpty).toBe(true)
  })

  it('takes memory for what has come, not for what is claimed', () => {
    const before = process.memoryUsage().arrayBuffers
    for (let round = 0; round < 50; round++) {
      const claim = new FrameDecoder()
      claim.push(hex('02 03 000007ffffff 00'))
      expect(claim.next()).toBe(false)
      claim.settle()
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024)
  })

  it('takes a large frame in small chunks, and the stream goes on behind it', () => {
    const random = seededRandom(1)
    const out = new ByteWriter()
    const large = random.bytes(3_000_000)
    for (const body of [large, hex('0102'), large]) {
      const mark = beginFrame(out, FRAME_TYPE.message)
      out.copy(body)
      endFrame(out, mark)
    }
    const decoder = new FrameDecoder()
    const bodies: Uint8Array[] = []
    for (const piece of inPieces(out.take(), 60_000)) {
      decoder.push(piece)
      while (decoder.next()) bodies.push(decoder.body.copy(decoder.body.remaining))
      decoder.settle()
    }
    expect(bodies.map((body) => body.length)).toEqual([3_000_000, 2, 3_000_000])
    expect(Buffer.compare(bodies[0] as Uint8Array, large)).toBe(0)
    expect(Buffer.compare(bodies[2] as Uint8Array, large)).toBe(0)
  })

  const REFUSED: [string, string, typeof DecodeError, RegExp][] = [
    ['version 1', '01 03 000000000001 00', DecodeError, /frame version 1 instead of 2/],
    ['HTTP', '48545450 2f312e31 20343030', DecodeError, /frame version 72/],
    ['type 0', '02 00 000000000001 00', DecodeError, /unknown frame type 0/],
    ['type 5', '02 05 000000000001 00', DecodeError, /unknown frame type 5/],
    ['128 MiB and one', '02 03 000008000001', LimitExceededError, /134217729 bytes exceeds/],
    ['the longest length', '02 03 ffffffffffff', LimitExceededError, /281474976710655 bytes exceeds/],
  ]
  it.each(REFUSED)('refuses %s, and stays failed', (_name, bytes, kind, message) => {
    const decoder = new FrameDecoder()
    decoder.push(joined(STREAM.slice(0, 13), hex(bytes)))
    expect(decoder.next()).toBe(true)
    expect(() => decoder.next()).toThrow(kind)
    expect(() => decoder.next()).toThrow(message)
  })

  it.each(REFUSED)('refuses %s at whatever byte it is cut', (_name, bytes, kind) => {
    for (const { head, tail } of everyCut(hex(bytes))) {
      const decoder = new FrameDecoder()
      expect(() => decode([head, tail], decoder)).toThrow(kind)
      expect(() => decoder.next()).toThrow(kind)
    }
  })

  it('takes the limit it is given, exactly', () => {
    expect(decode([hex('02 03 000000000004 01020304')], new FrameDecoder(4))).toEqual(['3:01020304'])
    expect(() => decode([hex('02 03 000000000005 0102030405')], new FrameDecoder(4))).toThrow(
      LimitExceededError,
    )
  })
})
