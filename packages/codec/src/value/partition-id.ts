/** Partitions of a namespace; the same in every cluster. */
export const PARTITION_COUNT = 4096

/** The partition that a digest belongs to: the low 12 bits of its first two bytes, the first byte being the low one. */
export function partitionIdOf(digest: Uint8Array): number {
  return ((digest[0] as number) | ((digest[1] as number) << 8)) & (PARTITION_COUNT - 1)
}
