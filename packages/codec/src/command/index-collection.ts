/** What of a bin an index holds, by the number it has on the wire. Source: as/include/sindex/sindex.h of the server. */
export const INDEX_COLLECTION = {
  /** The value as it stands. */
  DEFAULT: 0,
  /** Each element of a list. */
  LIST: 1,
  /** Each key of a map. */
  MAPKEYS: 2,
  /** Each value of a map. */
  MAPVALUES: 3,
} as const

/** The name of a value of {@link INDEX_COLLECTION}. */
export type IndexCollection = keyof typeof INDEX_COLLECTION
