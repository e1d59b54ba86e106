/**
 * What a list or map operation gives back of the elements it selects; `inverted` is added to one of the others and selects
 * every element but those. Source: as/include/base/proto.h of the server.
 */
export const RETURN_TYPE = {
  none: 0,
  index: 1,
  reverseIndex: 2,
  rank: 3,
  reverseRank: 4,
  count: 5,
  key: 6,
  value: 7,
  keyValue: 8,
  exists: 13,
  unorderedMap: 16,
  orderedMap: 17,
  inverted: 0x1_0000,
} as const

export type ReturnType = (typeof RETURN_TYPE)[keyof typeof RETURN_TYPE]
