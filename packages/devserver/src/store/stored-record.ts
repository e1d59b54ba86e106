const NO_BYTES = new Uint8Array(0)

/** One bin as it is kept: the particle stays in the form it has in replies. Never changed in place, only replaced. */
export interface StoredBin {
  /** UTF-8, at most 15 bytes. */
  readonly name: Uint8Array
  /** Particle type. */
  readonly type: number
  readonly particle: Uint8Array
  /** A list or map that keeps an index, which decides what some operations give: its marker does not show that. */
  readonly keepsIndex?: boolean
}

/** One record as it is kept. Commands that fail halfway must leave it as it was: bins are replaced, never changed. */
export class StoredRecord {
  readonly digest: Uint8Array
  /** The user's key as it came: particle type, then value. */
  key: Uint8Array | undefined = undefined
  /** UTF-8; empty for a record outside any set. */
  setName: Uint8Array = NO_BYTES
  /** 1 to 65535, then 1 again. 0 only before the first write. */
  generation = 0
  /** Seconds since 2010 after which the record is gone; 0 = never. */
  voidTime = 0
  /** Milliseconds since 1970. */
  updatedAt = 0
  bins: readonly StoredBin[] = []

  constructor(digest: Uint8Array) {
    this.digest = digest
  }

  isExpired(voidTimeNow: number): boolean {
    return this.voidTime !== 0 && this.voidTime < voidTimeNow
  }
}

/** The bin of that name, or `undefined`. */
export function findBin(
  bins: readonly StoredBin[],
  source: Uint8Array,
  start: number,
  end: number,
): StoredBin | undefined {
  const index = indexOfBin(bins, source, start, end)
  return index < 0 ? undefined : bins[index]
}

/** Where the bin of that name stands, or -1. The name is `source[start, end)`. */
export function indexOfBin(
  bins: readonly StoredBin[],
  source: Uint8Array,
  start: number,
  end: number,
): number {
  const length = end - start
  search: for (let index = 0; index < bins.length; index++) {
    const name = (bins[index] as StoredBin).name
    if (name.length !== length) continue
    for (let at = 0; at < length; at++) {
      if (name[at] !== source[start + at]) continue search
    }
    return index
  }
  return -1
}

/*
 * What a record takes in storage, and what the limit of 1 MiB is about. Sizes of the server's flat form, as/include/storage/flat.h:
 *
 * record  :=  35 bytes   [void time 4]   [set: 1 + n]   [key: uintvar + n]   [bin count: uintvar]   bin*   end mark 4
 * bin     :=  name: 1 + n   particle
 * particle:=  integer 2 + 1…8   double 9   bool 2   others 5 + n
 */
const RECORD_BYTES = 35
const END_MARK_BYTES = 4

/** Bytes the record would take in the server's storage. */
export function storedSize(
  record: StoredRecord,
  bins: readonly StoredBin[],
  voidTime: number,
  key: Uint8Array | undefined,
): number {
  let size = RECORD_BYTES + END_MARK_BYTES
  if (voidTime !== 0) size += 4
  if (record.setName.length !== 0) size += 1 + record.setName.length
  if (key !== undefined) size += variableLengthBytes(key.length) + key.length
  if (bins.length !== 0) size += variableLengthBytes(bins.length)
  for (const bin of bins) size += 1 + bin.name.length + particleSize(bin)
  return size
}

function variableLengthBytes(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : 3
}

function particleSize(bin: StoredBin): number {
  switch (bin.type) {
    case 1:
      return 2 + integerBytes(bin.particle)
    case 2:
      return 9
    case 17:
      return 2
    default:
      return 5 + bin.particle.length
  }
}

/** Storage keeps an integer in 1, 2, 4 or 8 bytes, unsigned. */
function integerBytes(particle: Uint8Array): number {
  let leading = 0
  while (leading < 7 && particle[leading] === 0) leading++
  const used = 8 - leading
  return used <= 2 ? used : used <= 4 ? 4 : 8
}
