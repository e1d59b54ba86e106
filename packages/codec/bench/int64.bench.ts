import { bench, describe } from 'vitest'
import { readInt64, writeInt64 } from '../src/wire/int64.ts'

const VIEW = new DataView(new ArrayBuffer(800))
/** A hundred times the same, so that the measuring itself weighs less. */
const REPEATS = 100
/** So that nothing is left out for want of a use. */
const SUM = [0]

for (let index = 0; index < REPEATS; index++) writeInt64(VIEW, index * 8, index * 1_234_567_890_123)

describe(`${REPEATS} integers of 64 bits`, () => {
  bench('written in halves', () => {
    for (let index = 0; index < REPEATS; index++) writeInt64(VIEW, index * 8, index * 1_234_567_890_123)
  })
  bench('written as bigint', () => {
    for (let index = 0; index < REPEATS; index++)
      VIEW.setBigInt64(index * 8, BigInt(index * 1_234_567_890_123))
  })
  bench('read in halves', () => {
    for (let index = 0; index < REPEATS; index++) SUM[0] = readInt64(VIEW, index * 8) as number
  })
  bench('read as bigint', () => {
    for (let index = 0; index < REPEATS; index++) SUM[0] = Number(VIEW.getBigInt64(index * 8))
  })
})
