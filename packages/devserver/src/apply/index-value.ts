import { PARTICLE_TYPE } from '@aero/codec'
import { particleOf } from '../evaluate/computed.ts'
import { Evaluation } from '../evaluate/evaluation.ts'
import type { IndexDefinition, SecondaryIndex } from '../store/index-table.ts'
import { findBin, type StoredRecord } from '../store/stored-record.ts'
import { readAtContext } from './collection-operation.ts'
import { openContainer, particleOfElement } from './container.ts'
import { geoJsonCells } from './geo-json.ts'
import type { Particle } from './outcome.ts'
import { wyHash64 } from './wy-hash.ts'

/** Longest text or blob that an index holds, plus one. */
export const MAX_VALUE_BYTES = 2048

/** A stretch of an index, both ends inclusive. */
export interface IndexSpan {
  readonly first: bigint
  readonly last: bigint
}

/** Values that an index query asks for. */
export interface IndexRange {
  /** Particle type of the values. */
  readonly valueType: number
  /** Where they stand, ascending. Of a string or blob both ends are its hash, of geographic values they are cells. */
  readonly spans: readonly IndexSpan[]
  /** Tells the values that are meant from others in the same places; `undefined`: all there are meant. */
  readonly isMeant: ((particle: Uint8Array) => boolean) | undefined
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
  const values = indexedParticles(index, source).flatMap(placesOf)
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : 1))
}

/** Whether the record has a value in the index that is meant, and not only one that stands in the same place. */
export function holdsMeant(
  index: SecondaryIndex,
  record: StoredRecord,
  isMeant: (particle: Uint8Array) => boolean,
): boolean {
  const source = indexedParticle(index, record)
  const particles = source === undefined ? [] : indexedParticles(index, source)
  return particles.some(({ particle }) => isMeant(particle))
}

function indexedParticles(index: IndexDefinition, source: Particle): readonly Particle[] {
  const held =
    index.context === undefined ? source : readAtContext(source, Buffer.from(index.context, 'base64'))
  if (held === undefined) return []
  return valuesOf(index, held).filter(
    ({ type, particle }) =>
      type === index.valueType && (!HASHED.has(type) || particle.length < MAX_VALUE_BYTES),
  )
}

/** What an index holds a hash of. */
const HASHED: ReadonlySet<number> = new Set([PARTICLE_TYPE.string, PARTICLE_TYPE.blob])

function valuesOf(index: IndexDefinition, held: Particle): readonly Particle[] {
  if (index.type === 'default') return [held]
  if (held.type !== PARTICLE_TYPE.list && held.type !== PARTICLE_TYPE.map) return []
  const container = openContainer(held.particle)
  if (container === undefined) return []
  if (container.kind === 'list') return index.type === 'list' ? container.items.map(particleOfElement) : []
  if (index.type === 'list') return []
  return (index.type === 'mapkeys' ? container.keys : container.values).map(particleOfElement)
}

/** What an index is ordered by: an integer as it is; the cells of a geographic value, which have no sign; or the hash. */
function placesOf({ type, particle }: Particle): readonly bigint[] {
  if (type === PARTICLE_TYPE.geoJson) return geoJsonCells(particle)
  if (HASHED.has(type)) return [hashOf(particle)]
  return [new DataView(particle.buffer, particle.byteOffset, particle.byteLength).getBigInt64(0)]
}

/** Where a string or blob stands in an index. */
export function hashOf(particle: Uint8Array): bigint {
  return BigInt.asIntN(64, wyHash64(particle))
}
