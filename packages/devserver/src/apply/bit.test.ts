import { BIT_OVERFLOW, bitAdd, bitGetInteger, bitRightScan, type Operation, PARTICLE_TYPE } from '@aero/codec'
import { describe, expect, it } from 'vitest'
import { RESULT } from '../result-code.ts'
import { modifyBits, readBits } from './bit.ts'
import type { Outcome } from './outcome.ts'

const blob = (...bytes: number[]) => ({ type: PARTICLE_TYPE.blob, particle: Uint8Array.from(bytes) })
const payloadOf = ({ payload }: Operation) => payload as Uint8Array
const integerOf = (outcome: Outcome | number) =>
  Number(new DataView((outcome as Outcome).yields?.particle.buffer as ArrayBuffer).getBigInt64(0))

describe('a sum that does not fit', () => {
  it.each([
    ['fail', undefined],
    ['saturate', [0xff, 1]],
    ['wrap', [0x04, 1]],
  ] as const)('%s', (overflow, expected) => {
    const outcome = modifyBits(blob(0xfa, 1), payloadOf(bitAdd('b', 0, 8, 10, { overflow })))
    if (expected === undefined) expect(outcome).toBe(RESULT.notApplicable)
    else expect(outcome).toMatchObject({ bin: blob(...expected) })
  })
})

it('reads a signed number across bytes', () => {
  expect(integerOf(readBits(blob(0x0f, 0xe0), payloadOf(bitGetInteger('b', 4, 8, true))))).toBe(-2)
  expect(BIT_OVERFLOW.signed).toBe(1)
})

it('scans from the right to the beginning of the first byte, as the server does', () => {
  expect(integerOf(readBits(blob(0x80), payloadOf(bitRightScan('b', 2, 4, true))))).toBe(-2)
  expect(integerOf(readBits(blob(0x00), payloadOf(bitRightScan('b', 2, 4, true))))).toBe(-1)
})
