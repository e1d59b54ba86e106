/** Operations on HyperLogLogs. Source: as/include/base/proto.h of the server. */
export const HLL_OPCODE = {
  init: 0,
  add: 1,
  setUnion: 2,
  refreshCount: 3,
  fold: 4,
  getCount: 50,
  getUnion: 51,
  getUnionCount: 52,
  getIntersectCount: 53,
  getSimilarity: 54,
  describe: 55,
  mayContain: 56,
} as const

export type HllOpcode = (typeof HLL_OPCODE)[keyof typeof HLL_OPCODE]
