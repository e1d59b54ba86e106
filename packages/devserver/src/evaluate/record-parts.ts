import { OPERATOR, PARTICLE_TYPE } from '@aero/codec'
import { findBin, type StoredBin, storedSize } from '../store/stored-record.ts'
import { BUILT_BYTES, type Builder } from './builder.ts'
import { type Computed, computedOf } from './computed.ts'
import type { Expression, Subject } from './evaluation.ts'
import { isInputType, particleTypeOf, STATIC_TYPE } from './static-type.ts'

const MAX_BIN_NAME_BYTES = 15

function nextBinName(builder: Builder): Uint8Array {
  const name = builder.raw()
  if (name.length > MAX_BIN_NAME_BYTES || name.includes(0)) builder.refuse()
  return name
}

function binOf(subject: Subject, name: Uint8Array): StoredBin | undefined {
  return findBin(subject.bins, name, 0, name.length)
}

/** `[bin, type, name]`: unknown when the bin is not there or holds something else. */
export function buildBin(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 2, BUILT_BYTES.bin)
  const type = builder.unsigned()
  if (!isInputType(type)) builder.refuse()
  const name = nextBinName(builder)
  return {
    type,
    evaluate: ({ subject }) => {
      const bin = subject === undefined ? undefined : binOf(subject, name)
      return bin?.type === particleTypeOf(type) ? computedOf(bin as StoredBin) : undefined
    },
  }
}

/** `[binType, name]`: the particle type, 0 when the bin is not there. */
export function buildBinType(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 1, BUILT_BYTES.bytes)
  const name = nextBinName(builder)
  return {
    type: STATIC_TYPE.int,
    evaluate: ({ subject }) =>
      subject === undefined ? undefined : BigInt(binOf(subject, name)?.type ?? PARTICLE_TYPE.nil),
  }
}

const KEY_TYPES: readonly number[] = [STATIC_TYPE.int, STATIC_TYPE.string, STATIC_TYPE.blob]
const INTEGER_KEY_BYTES = 9

/** `[key, type]`: the key that is stored with the record, if there is one of that type. */
export function buildKey(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 1, BUILT_BYTES.key)
  const type = builder.unsigned()
  if (!KEY_TYPES.includes(type)) builder.refuse()
  return {
    type,
    evaluate: ({ subject }) => {
      const key = subject?.record.key
      if (key === undefined || key[0] !== particleTypeOf(type)) return undefined
      if (type === STATIC_TYPE.int && key.length !== INTEGER_KEY_BYTES) return undefined
      return computedOf({ type: key[0] as number, particle: key.slice(1) })
    },
  }
}

/** Where the digest says a number of 4 bytes, little end first. */
const DIGEST_NUMBER_OFFSET = 16

/** `[digestModulo, modulo]`, the modulo taken as 32 bits. */
export function buildDigestModulo(builder: Builder, _code: number, count: number): Expression {
  builder.begin(count, 1, BUILT_BYTES.digestModulo)
  const modulo = BigInt.asIntN(32, builder.integer())
  if (modulo === 0n) builder.refuse()
  return {
    type: STATIC_TYPE.int,
    evaluate: ({ subject }) => {
      if (subject === undefined) return undefined
      const { buffer, byteOffset } = subject.record.digest
      return BigInt(new DataView(buffer, byteOffset + DIGEST_NUMBER_OFFSET).getUint32(0, true)) % modulo
    },
  }
}

interface Metadata {
  readonly type: number
  readonly of: (subject: Subject) => Computed
}

const NANOSECONDS_PER_MS = 1_000_000n
const NANOSECONDS_PER_SECOND = 1_000_000_000n
/** From 1970 to 2010, where void times are counted from. */
const EPOCH_SECONDS = 1_262_304_000
/** Storage is given out in pieces of this size. */
const STORAGE_PIECE_BYTES = 16

const METADATA: ReadonlyMap<number, Metadata> = new Map<number, Metadata>([
  // The namespaces of this server are in memory alone.
  [OPERATOR.deviceSize.code, { type: STATIC_TYPE.int, of: () => 0n }],
  [OPERATOR.memorySize.code, { type: STATIC_TYPE.int, of: sizeOf }],
  [OPERATOR.recordSize.code, { type: STATIC_TYPE.int, of: sizeOf }],
  [
    OPERATOR.lastUpdate.code,
    { type: STATIC_TYPE.int, of: ({ updatedAt }) => BigInt(Math.floor(updatedAt)) * NANOSECONDS_PER_MS },
  ],
  [
    OPERATOR.sinceUpdate.code,
    { type: STATIC_TYPE.int, of: ({ now, updatedAt }) => BigInt(Math.max(0, Math.floor(now - updatedAt))) },
  ],
  [OPERATOR.voidTime.code, { type: STATIC_TYPE.int, of: voidTimeOf }],
  [OPERATOR.ttl.code, { type: STATIC_TYPE.int, of: timeToLive }],
  [
    OPERATOR.setName.code,
    {
      type: STATIC_TYPE.string,
      of: ({ record }) => ({ type: PARTICLE_TYPE.string, particle: record.setName }),
    },
  ],
  [OPERATOR.keyExists.code, { type: STATIC_TYPE.bool, of: ({ record }) => record.key !== undefined }],
  [OPERATOR.isTombstone.code, { type: STATIC_TYPE.bool, of: () => false }],
])

/** What the record took when it was last stored; 0 before that. */
function sizeOf({ record }: Subject): bigint {
  if (record.generation === 0) return 0n
  const size = storedSize(record, record.bins, record.voidTime, record.key)
  return BigInt(Math.ceil(size / STORAGE_PIECE_BYTES) * STORAGE_PIECE_BYTES)
}

/** Nanoseconds since 1970; -1 = never. */
function voidTimeOf({ voidTime }: Subject): bigint {
  return voidTime === 0 ? -1n : BigInt(voidTime + EPOCH_SECONDS) * NANOSECONDS_PER_SECOND
}

/** Seconds left; -1 = never, 0 when they are over. */
function timeToLive({ voidTime, now }: Subject): bigint {
  if (voidTime === 0) return -1n
  return BigInt(Math.max(0, voidTime + EPOCH_SECONDS - Math.floor(now / 1000)))
}

/** `[ttl]` and its like. */
export function buildMetadata(builder: Builder, code: number, count: number): Expression {
  builder.begin(count, 0)
  const { type, of } = METADATA.get(code) as Metadata
  return { type, evaluate: ({ subject }) => (subject === undefined ? undefined : of(subject)) }
}

export const METADATA_CODES: readonly number[] = [...METADATA.keys()]
