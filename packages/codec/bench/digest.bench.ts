import { createHash } from 'node:crypto'
import { bench, describe } from 'vitest'
import { computeDigest } from '../src/value/digest.ts'
import { Key } from '../src/value/key.ts'
import { ripemd160 } from '../src/value/ripemd160.ts'

const INPUT = new Uint8Array(13)
const OUTPUT = new Uint8Array(20)
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
