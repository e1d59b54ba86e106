import { DecodeError } from '../errors.ts'
import { PARTITION_COUNT } from '../value/partition-id.ts'
import { parseBase64, printBase64 } from '../wire/base64.ts'
import { parseDecimal } from './decimal.ts'

/*
 * replicas   :=  namespace *( ";" namespace )
 * namespace  :=  name ":" regime "," count *( "," bitmap )
 * bitmap     :=  base64 of 512 bytes; partition p is bit 0x80 >> (p & 7) of byte p >> 3
 *                the first bitmap says of which partitions the node is master, the next ones of which a replica
 */

/** Bytes of a bitmap with one bit for each partition. */
export const PARTITION_BITMAP_BYTES: number = PARTITION_COUNT / 8

/** More copies of a partition than any cluster keeps (nodes of a cluster). */
const MOST_REPLICAS = 256

/** What one node owns of one namespace. */
export interface NamespaceReplicas {
  readonly namespace: string
  /** Rises when ownership changes; a claim of an older regime is void (strong consistency; 0 otherwise). */
  readonly regime: number
  /** One bitmap for each copy, master first. Own memory. */
  readonly replicas: readonly Uint8Array[]
}

/**
 * The answer to `replicas`.
 *
 * @throws DecodeError when a count or a bitmap's length is not what it should be.
 */
export function parseReplicas(text: string): NamespaceReplicas[] {
  return text
    .split(';')
    .filter((part) => part !== '')
    .map(parseNamespace)
}

/** The opposite of {@link parseReplicas}. */
export function printReplicas(namespaces: readonly NamespaceReplicas[]): string {
  return namespaces
    .map(({ namespace, regime, replicas }) =>
      [`${namespace}:${regime}`, `${replicas.length}`, ...replicas.map(printBase64)].join(','),
    )
    .join(';')
}

/** Whether the bitmap has the partition. */
export function hasPartition(bitmap: Uint8Array, partitionId: number): boolean {
  return ((bitmap[partitionId >> 3] as number) & (0x80 >> (partitionId & 7))) !== 0
}

function parseNamespace(text: string): NamespaceReplicas {
  const colon = text.indexOf(':')
  if (colon <= 0) throw new DecodeError(`replicas: no namespace in '${text.slice(0, 40)}'`, 0)
  const namespace = text.slice(0, colon)
  const [regime = '', count = '', ...bitmaps] = text.slice(colon + 1).split(',')
  const expected = parseDecimal(count, `replicas of ${namespace}`, MOST_REPLICAS)
  if (bitmaps.length !== expected) {
    throw new DecodeError(
      `replicas of ${namespace}: ${expected} bitmaps announced, ${bitmaps.length} sent`,
      colon,
    )
  }
  return {
    namespace,
    regime: parseDecimal(regime, `regime of ${namespace}`),
    replicas: bitmaps.map((bitmap) => parseBitmap(namespace, bitmap)),
  }
}

function parseBitmap(namespace: string, text: string): Uint8Array {
  const bitmap = parseBase64(text)
  if (bitmap.length === PARTITION_BITMAP_BYTES) return bitmap
  throw new DecodeError(
    `bitmap of ${namespace} with ${bitmap.length} bytes instead of ${PARTITION_BITMAP_BYTES}`,
    0,
  )
}
