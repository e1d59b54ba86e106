import { PARTICLE_TYPE } from '@aero/codec'
import { particleOf } from '../evaluate/computed.ts'
import { Evaluation } from '../evaluate/evaluation.ts'
import type { IndexDefinition, SecondaryIndex } from '../store/index-table.ts'
import { findBin, type StoredRecord } from '../store/stored-record.ts'
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

/**
 * What an index looks at in a record: a bin, or what its expression gives. `undefined` when there is none, or the record is not
 * in the index's set.
 */
export function indexedParticle(index: SecondaryIndex, record: StoredRecord): Particle | undefined {
  const { binName, setName, compute } = index
  if (setName !== undefined && Buffer.compare(setName, record.setName) !== 0) return undefined
  if (compute === undefined) return findBin(record.bins, binName, 0, binName.length)
  const { bins, voidTime, updatedAt } = record
  const subject = { record, bins, voidTime, updatedAt, now: updatedAt }
  return particleOf(compute.evaluate(new Evaluation(subject))) ?? undefined
}

/** The values that an index holds of what it looks at, ascending, each once. */
export function indexedValues(index: IndexDefinition, source: Particle): bigint[] {
  const values = indexedParticles(index, source).map(indexValue)
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : 1))
}

/** Whether the record has exactly this text or blob in the index, and not only one with the same hash. */
export function holdsExactly(index: SecondaryIndex, record: StoredRecord, exact: Uint8Array): boolean {
  const source = indexedParticle(index, record)
  const particles = source === undefined ? [] : indexedParticles(index, source)
  return particles.some(({ particle }) => Buffer.compare(exact, particle) === 0)
}

function indexedParticles(index: IndexDefinition, source: Particle): readonly Particle[] {
  const held =
    index.context === undefined ? source : readAtContext(source, Buffer.from(index.context, 'base64'))
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
