import { PARTICLE_TYPE } from '@aero/codec'
import type { IndexDefinition, SecondaryIndex } from '../store/index-table.ts'
import { findBin, type StoredBin, type StoredRecord } from '../store/stored-record.ts'
import { readAtContext } from './collection-operation.ts'
import { openContainer, particleOfElement } from './container.ts'
import type { Particle } from './outcome.ts'
import { wyHash64 } from './wy-hash.ts'

/** Longest text or blob that an index holds, plus one. */
export const MAX_VALUE_BYTES = 2048

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

/** The bin of a record that an index looks at; `undefined` when it has none, or the record is not in the index's set. */
export function indexedBin(
  { binName, setName }: SecondaryIndex,
  record: StoredRecord,
): StoredBin | undefined {
  if (setName !== undefined && Buffer.compare(setName, record.setName) !== 0) return undefined
  return findBin(record.bins, binName, 0, binName.length)
}

/** The values that an index holds of a bin, ascending, each once. */
export function indexedValues(index: IndexDefinition, bin: StoredBin): bigint[] {
  const values = indexedParticles(index, bin).map(indexValue)
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : 1))
}

/** Whether the record has exactly this text or blob in the index, and not only one with the same hash. */
export function holdsExactly(index: SecondaryIndex, record: StoredRecord, exact: Uint8Array): boolean {
  const bin = indexedBin(index, record)
  const particles = bin === undefined ? [] : indexedParticles(index, bin)
  return particles.some(({ particle }) => Buffer.compare(exact, particle) === 0)
}

function indexedParticles(index: IndexDefinition, bin: StoredBin): readonly Particle[] {
  const held = index.context === undefined ? bin : readAtContext(bin, Buffer.from(index.context, 'base64'))
  if (held === undefined) return []
  return valuesOf(index, held).filter(
    ({ type, particle }) =>
      type === index.valueType && (type === PARTICLE_TYPE.integer || particle.length < MAX_VALUE_BYTES),
  )
}

function valuesOf(index: IndexDefinition, held: Particle): readonly Particle[] {
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
