import { ByteReader } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { FrameMemory } from './frame-memory.ts'

const MEBIBYTE = 1024 * 1024

/** A body of so many bytes, all alike, behind the eight of a frame's header. */
function body(length: number, fill: number): ByteReader {
  return ByteReader.over(new Uint8Array(8 + length).fill(fill), 8)
}

describe('memory of frames', () => {
  it.each([0, 1, 1000, MEBIBYTE + 77, 3 * MEBIBYTE])('copies a body of %d bytes', (length) => {
    const original = body(length, 7)
    const copy = new FrameMemory().copyOf(original)
    original.bytes.fill(0)
    expect(copy.length).toBe(length)
    expect(copy.every((byte) => byte === 7)).toBe(true)
    expect(original.remaining).toBe(length)
  })

  it('is used again for a frame that is a record longer or shorter, and holds that frame alone', () => {
    const memory = new FrameMemory()
    const first = memory.copyOf(body(MEBIBYTE + 100, 1))
    memory.giveBack(first)
    const second = memory.copyOf(body(MEBIBYTE + 900, 2))
    expect(second.buffer).toBe(first.buffer)
    memory.giveBack(second)
    const third = memory.copyOf(body(MEBIBYTE + 50, 3))
    expect(third.buffer).toBe(first.buffer)
    expect(third.length).toBe(MEBIBYTE + 50)
    expect(third.every((byte) => byte === 3)).toBe(true)
  })

  it('is not used again while somebody has it', () => {
    const memory = new FrameMemory()
    const first = memory.copyOf(body(MEBIBYTE, 1))
    const second = memory.copyOf(body(MEBIBYTE, 2))
    expect(first.every((byte) => byte === 1)).toBe(true)
    expect(second.buffer).not.toBe(first.buffer)
  })

  it('that is too small makes room for what is needed', () => {
    const memory = new FrameMemory()
    for (let piece = 0; piece < 4; piece++) memory.giveBack(new Uint8Array(128 * 1024))
    for (let piece = 0; piece < 4; piece++) memory.copyOf(body(MEBIBYTE, 1))
    const large = memory.copyOf(body(MEBIBYTE, 1))
    memory.giveBack(large)
    expect(memory.copyOf(body(MEBIBYTE, 2)).buffer).toBe(large.buffer)
  })

  it.each([
    ['a fifth piece', 5, MEBIBYTE],
    ['a huge frame', 1, 3 * MEBIBYTE],
    ['a small frame', 1, 1000],
  ])('is not kept of %s', (_name, count, length) => {
    const memory = new FrameMemory()
    const frames = Array.from({ length: count }, () => memory.copyOf(body(length, 1)))
    for (const frame of frames) memory.giveBack(frame)
    const again = Array.from({ length: count }, () => memory.copyOf(body(length, 2)).buffer)
    expect(frames.filter(({ buffer }) => again.includes(buffer))).toHaveLength(count - 1)
  })
})
