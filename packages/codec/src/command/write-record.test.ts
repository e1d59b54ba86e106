import { describe, expect, it } from 'vitest'
import { commitLevelBits, WRITE_MODE_BITS, writeConditionBits } from './write-record.ts'

describe('flags of a write', () => {
  // WRITE 1, CREATE_ONLY 0x20 | UPDATE_ONLY 8, CREATE_OR_REPLACE 0x10, REPLACE_ONLY 0x20
  it('has its write modes', () => {
    expect(WRITE_MODE_BITS).toEqual({
      upsert: { info2: 0x01, info3: 0x00 },
      insert: { info2: 0x21, info3: 0x00 },
      update: { info2: 0x01, info3: 0x08 },
      replace: { info2: 0x01, info3: 0x10 },
      replaceIfExists: { info2: 0x01, info3: 0x20 },
    })
  })

  it.each([
    ['none', false, 0x00],
    ['equal', false, 0x04],
    ['greater', false, 0x08],
    ['none', true, 0x10],
    ['equal', true, 0x14],
  ] as const)('generation %s, durable delete %s', (generation, durable, bits) => {
    expect(writeConditionBits(generation, durable)).toBe(bits)
  })

  it.each([
    ['all', 0],
    ['master', 0x02],
  ] as const)('commit level %s', (level, bits) => {
    expect(commitLevelBits(level)).toBe(bits)
  })
})
