import { seededRandom, toHex } from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { BLOCK_BYTES } from './digest-block.ts'
import { ripemd160Block } from './ripemd160.ts'
import { type Lanes, makeLanes } from './ripemd160-lanes.ts'

function hashes(lanes: Lanes): string[] {
  lanes.hash()
  return lanes.blocks.map((_, lane) => toHex(lanes.hashes.subarray(lane * 20, lane * 20 + 20)))
}

describe('RIPEMD-160 in lanes', () => {
  const lanes = makeLanes() as Lanes

  it('is the same as one by one, whatever is in the blocks', () => {
    const random = seededRandom(160)
    for (let round = 0; round < 200; round++) {
      const expected = lanes.blocks.map(({ bytes, view }) => {
        bytes.set(random.bytes(BLOCK_BYTES))
        const output = new Uint8Array(20)
        ripemd160Block(view, output, 0)
        return toHex(output)
      })
      expect(hashes(lanes)).toEqual(expected)
    }
  })

  it('does without where modules may not be compiled, and where there is no WebAssembly', () => {
    const { WebAssembly: original } = globalThis as unknown as { readonly WebAssembly: unknown }
    try {
      for (const none of [
        undefined,
        {
          Module: class Refused {
            constructor() {
              throw new EvalError('code generation disallowed')
            }
          },
        },
      ]) {
        Object.assign(globalThis, { WebAssembly: none })
        expect(makeLanes()).toBeUndefined()
      }
    } finally {
      Object.assign(globalThis, { WebAssembly: original })
    }
  })
})
