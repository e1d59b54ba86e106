import { type Random, rounds, seededRandom, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { mutated, reframed, replyFrames, requestFrames } from './corpus.ts'
import { MAX_FRAME_BYTES, receive } from './receiver.ts'

/*
 * Mutated frames, seeded: nothing but the codec's own errors may escape, nothing may hang, nothing may take memory on the
 * mere claim of a length. `AERO_FUZZ_ROUNDS=1000000` is the long mode, `AERO_SEED` repeats a run.
 */
const ROUNDS = rounds(20_000)
/** One input is at most a few kilobytes: more than this for one means that a length was believed. Generous for a busy machine. */
const SLOWEST_MS = 2000
/** Between looks at the memory. */
const BLOCK = 2000
/** What a block of inputs may leave behind before collection; a believed length of 2^31 would be far above. */
const MOST_BYTES = 512 * 1024 * 1024

describe.each([
  ['client', replyFrames()],
  ['server', requestFrames()],
] as const)('mutated frames, %s side', (side, frames) => {
  it(
    `let nothing escape but codec errors (${ROUNDS / 2} rounds)`,
    () => {
      const random = seededRandom()
      let refused = 0
      let taken = 0
      let before = memory()
      for (let round = 0; round < ROUNDS / 2; round++) {
        const input = makeInput(frames, random)
        const started = performance.now()
        try {
          const { error } = receive(input, side)
          if (error === undefined) taken++
          else refused++
        } catch (error) {
          throw new Error(explain(random, round, input), { cause: error })
        }
        if (performance.now() - started > SLOWEST_MS) expect.fail(`slow: ${explain(random, round, input)}`)
        if (round % BLOCK === BLOCK - 1) {
          const after = memory()
          if (after - before > MOST_BYTES)
            expect.fail(`${after - before} bytes taken: ${explain(random, round, input)}`)
          before = after
        }
      }
      // Both must happen, or the mutations are too weak or too strong to test anything.
      expect(refused).toBeGreaterThan(ROUNDS / 20)
      expect(taken).toBeGreaterThan(ROUNDS / 50)
      // The decoding state that outlives a frame (bin names) has taken no harm.
      for (const frame of frames.slice(0, 4))
        expect(receive([frame], side)).toMatchObject({ error: undefined })
      console.log(
        `fuzz ${side}: ${refused} refused, ${taken} taken, seed ${random.seed}, ${frames.length} frames`,
      )
    },
    60_000 + ROUNDS,
  )
})

function makeInput(frames: readonly Uint8Array[], random: Random): Uint8Array[] {
  const frame = random.pick(frames)
  const change = mutated(frame, random)
  // Mostly the frame's header is put right again, so that what is behind it gets its share.
  const bytes = random.chance(0.8) ? reframed(change, random.chance(0.9) ? (frame[1] as number) : 3) : change
  if (bytes.length > MAX_FRAME_BYTES || random.chance(0.7)) return [bytes]
  const at = random.int(0, bytes.length)
  return [bytes.slice(0, at), bytes.slice(at)]
}

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function explain(random: Random, round: number, input: readonly Uint8Array[]): string {
  return `seed ${random.seed}, round ${round}: ${input.map(toHex).join(' | ')}`
}
