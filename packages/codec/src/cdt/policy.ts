/** How a list keeps its elements. Source: as/include/base/proto.h of the server. */
export const LIST_ORDER = { unordered: 0, ordered: 1 } as const
export type ListOrder = (typeof LIST_ORDER)[keyof typeof LIST_ORDER]

/** How a map keeps its entries. */
export const MAP_ORDER = { unordered: 0, keyOrdered: 1, keyValueOrdered: 3 } as const
export type MapOrder = (typeof MAP_ORDER)[keyof typeof MAP_ORDER]

/** Added to the order of a list or map on the top level: the server keeps an index of it, which takes memory. */
export const PERSIST_INDEX = 0x10

/** What a writing list operation is to mind. */
export const LIST_WRITE_FLAG = {
  /** Elements that are there already are refused. */
  addUnique: 1,
  /** An insertion beyond the end is refused. */
  insertBounded: 2,
  /** What is refused changes nothing, and is no error. */
  noFail: 4,
  /** Of several elements those that are not refused are written; with `noFail`. */
  partial: 8,
} as const

/** What a writing map operation is to mind. */
export const MAP_WRITE_FLAG = {
  /** Keys that are there already are refused. */
  createOnly: 1,
  /** Keys that are not there are refused. */
  updateOnly: 2,
  noFail: 4,
  partial: 8,
} as const

/** Flags of sorting a list. */
export const LIST_SORT_FLAG = { descending: 1, dropDuplicates: 2 } as const

/** What a writing bit operation is to mind. */
export const BIT_WRITE_FLAG = {
  /** The bin is created; it must not be there. */
  createOnly: 1,
  /** The bin must be there. */
  updateOnly: 2,
  noFail: 4,
  /** As much is done as fits. */
  partial: 8,
} as const

/** Flags of changing the size of a blob. */
export const BIT_RESIZE_FLAG = { fromFront: 1, growOnly: 2, shrinkOnly: 4 } as const

/** What becomes of a sum that does not fit. `signed` is added to one of the others. */
export const BIT_OVERFLOW = { fail: 0, signed: 1, saturate: 2, wrap: 4 } as const

/** What a writing HyperLogLog operation is to mind. */
export const HLL_WRITE_FLAG = {
  createOnly: 1,
  updateOnly: 2,
  noFail: 4,
  /** The result may have fewer index bits, as many as the smallest part has. */
  allowFold: 8,
} as const
