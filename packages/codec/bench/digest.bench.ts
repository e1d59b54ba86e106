import { createHash } from 'node:crypto'
import { bench, describe } from 'vitest'
import { computeDigest } from '../src/value/digest.ts'
import { BLOCK_BYTES } from '../src/value/digest-block.ts'
import { Key, keysOf } from '../src/value/key.ts'
import { ripemd160, ripemd160Block } from '../src/value/ripemd160.ts'
import { makeLanes } from '../src/value/ripemd160-lanes.ts'

const INPUT = new Uint8Array(13)
const OUTPUT = new Uint8Array(20)
const BLOCK = new DataView(new ArrayBuffer(BLOCK_BYTES))
const lanes = makeLanes()
/** Ten times the same, so that the measuring itself weighs less. */
const REPEATS = 10

function repeated(run: (round: number) => unknown): () => void {
  let round = 0
  return () => {
    for (let left = REPEATS; left > 0; left--) run(round++)
  }
}

describe(`${REPEATS} digests`, () => {
  bench(
    'RIPEMD-160 of one block',
    repeated((round) => {
      INPUT[0] = round
      ripemd160(INPUT, INPUT.length, OUTPUT, 0)
    }),
  )
  bench(
    'RIPEMD-160 of one block with its padding',
    repeated(() => ripemd160Block(BLOCK, OUTPUT, 0)),
  )
  bench(
    'RIPEMD-160 of one block, node:crypto',
    repeated((round) => {
      INPUT[0] = round
      return createHash('ripemd160').update(INPUT).digest()
    }),
  )
  bench(
    'computeDigest, integer',
    repeated((round) => computeDigest('users', round)),
  )
  bench(
    'computeDigest, text',
    repeated(() => computeDigest('users', 'alice.example')),
  )
  bench(
    'Key.of, integer',
    repeated((round) => Key.of('test', 'users', round)),
  )
})

const NUMBERS = Array.from({ length: 100 }, (_, index) => index * 101)

describe('100 keys', () => {
  bench('Key.of for each', () => {
    NUMBERS.map((number) => Key.of('test', 'users', number))
  })
  bench('keysOf', () => {
    keysOf('test', 'users', NUMBERS)
  })
  bench('the hashes in lanes alone', () => {
    for (let four = 0; four < NUMBERS.length; four += 4) lanes?.hash()
  })
})
