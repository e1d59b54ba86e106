/** Operations on the bits of a blob. Source: as/include/base/proto.h of the server. */
export const BIT_OPCODE = {
  resize: 0,
  insert: 1,
  remove: 2,
  set: 3,
  or: 4,
  xor: 5,
  and: 6,
  not: 7,
  leftShift: 8,
  rightShift: 9,
  add: 10,
  subtract: 11,
  setInteger: 12,
  get: 50,
  count: 51,
  leftScan: 52,
  rightScan: 53,
  getInteger: 54,
} as const

export type BitOpcode = (typeof BIT_OPCODE)[keyof typeof BIT_OPCODE]
