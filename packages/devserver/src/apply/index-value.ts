import { PARTICLE_TYPE } from '@aero/codec'
import type { SecondaryIndex } from '../store/index-table.ts'
import { findBin, type StoredRecord } from '../store/stored-record.ts'
import { readAtContext } from './collection-operation.ts'
import { openContainer, particleOfElement } from './container.ts'
import type { Particle } from './outcome.ts'
import { wyHash64 } from './wy-hash.ts'

/** Values that an index query asks for. */
export interface IndexRange {
  /** Particle type of the values. */
  readonly valueType: number
  /** Inclusive. Of strings and blobs both ends are the hash of the one value. */
  readonly first: bigint
  readonly last: bigint
  /** Strings and blobs: the value itself, since different ones may have the same hash. */
  readonly exact: Uint8Array | undefined
}

/** The lowest value in the range that the record has in the index; `undefined` when it has none. */
export function valueInRange(
  index: SecondaryIndex,
  range: IndexRange,
  record: StoredRecord,
): bigint | undefined {
  const name = Buffer.from(index.bin, 'utf8')
  const bin = findBin(record.bins, name, 0, name.length)
  if (bin === undefined) return undefined
  const held = index.context === undefined ? bin : readAtContext(bin, Buffer.from(index.context, 'base64'))
  let lowest: bigint | undefined
  for (const particle of held === undefined ? [] : valuesOf(index, held)) {
    if (particle.type !== index.valueType) continue
    const value = indexValue(particle)
    if (value < range.first || value > range.last) continue
    if (range.exact !== undefined && Buffer.compare(range.exact, particle.particle) !== 0) continue
    if (lowest === undefined || value < lowest) lowest = value
  }
  return lowest
}

function valuesOf(index: SecondaryIndex, held: Particle): readonly Particle[] {
  if (index.type === 'default') return [held]
  if (held.type !== PARTICLE_TYPE.list && held.type !== PARTICLE_TYPE.map) return []
  const container = openContainer(held.particle)
  if (container === undefined) return []
  if (container.kind === 'list') return index.type === 'list' ? container.items.map(particleOfElement) : []
  if (index.type === 'list') return []
  return (index.type === 'mapkeys' ? container.keys : container.values).map(particleOfElement)
}

/** What an index is ordered by: an integer as it is, of anything else the hash. */
export function indexValue({ type, particle }: Particle): bigint {
  if (type !== PARTICLE_TYPE.integer) return BigInt.asIntN(64, wyHash64(particle))
  return new DataView(particle.buffer, particle.byteOffset, particle.byteLength).getBigInt64(0)
}
