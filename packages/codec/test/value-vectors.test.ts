import { createHash } from 'node:crypto'
import {
  everyPrefix,
  hex,
  loadVectors,
  loadVectorTable,
  toHex,
  type Vector,
  vectorsFolder,
} from '@aero/testkit'
import { describe, expect, it } from 'vitest'
import { CodecError, EncodeError } from '../src/errors.ts'
import { computeDigest, writeKeyValue } from '../src/value/digest.ts'
import { Key, type KeyValue } from '../src/value/key.ts'
import { readParticle, writeParticle } from '../src/value/particle.ts'
import { PARTITION_COUNT, partitionIdOf } from '../src/value/partition-id.ts'
import type { Value } from '../src/value/value.ts'
import { DEFAULT_VALUE_OPTIONS } from '../src/value/value-options.ts'
import { ByteReader } from '../src/wire/byte-reader.ts'
import { ByteWriter } from '../src/wire/byte-writer.ts'
import { type CapturedMessage, parseCaptured } from './vectors/captured-message.ts'
import { member, type Notation, officialView, resultOf, valueFrom } from './vectors/notation.ts'

const absent = vectorsFolder() === undefined

interface DigestRow {
  readonly ns: string
  readonly set: string | null
  readonly key: Notation
  readonly keyFieldHex: string
  readonly hashedBytes: number
  readonly digest: string
}

interface PartitionRow {
  readonly ns: string
  readonly set: string | null
  readonly key: Notation
  readonly digest: string
  readonly partitionId: number
}

// Needs the recordings, which are not part of the repository.
describe.skipIf(absent)('recorded digests (needs AERO_VECTORS)', () => {
  const rows = loadVectorTable<{ rows: DigestRow[] }>('digests')?.rows ?? []
  const partitions = loadVectorTable<{ rows: PartitionRow[] }>('partition-ids')?.rows ?? []

  it('are all there', () => {
    expect(rows.length).toBe(104)
    expect(partitions.length).toBe(104)
  })

  it.each(rows.map((row) => [row.set, JSON.stringify(row.key).slice(0, 60), row] as const))(
    'set %s, key %s',
    (_set, _key, row) => {
      const value = valueFrom(row.key) as KeyValue
      expect(toHex(computeDigest(row.set ?? '', value))).toBe(row.digest)
      const out = new ByteWriter(0)
      writeKeyValue(out, value)
      // Long ones are recorded with `...` at the end.
      expect(toHex(out.written()).startsWith(row.keyFieldHex.replace('...', ''))).toBe(true)
      expect(Buffer.byteLength(row.set ?? '') + out.position).toBe(row.hashedBytes)
      const key = Key.of(row.ns, row.set ?? '', value)
      expect(key.equals(Key.fromDigest(row.ns, row.set ?? '', row.digest))).toBe(true)
    },
  )

  it.each(partitions.map((row) => [row.digest, row.partitionId, row] as const))(
    'digest %s is in partition %d',
    (_digest, partitionId, row) => {
      expect(partitionId).toBeLessThan(PARTITION_COUNT)
      expect(partitionIdOf(hex(row.digest))).toBe(partitionId)
      expect(partitionIdOf(Key.of(row.ns, row.set ?? '', valueFrom(row.key) as KeyValue).digest)).toBe(
        partitionId,
      )
    },
  )
})

/**
 * Values that the official client 6.7.1 sends otherwise than they were given to it, so that its bytes are not ours. Where we
 * refuse, `refused`; where we send what was meant, the payload that we send instead.
 */
const DIFFERENT: { readonly [name: string]: { readonly why: string; readonly ours: 'refused' | string } } = {
  put_bigint_2p63_overflow: { why: 'too large for it, too: it sends nothing', ours: 'refused' },
  put_num_2p53_unsafe: { why: 'it takes an unsafe number for an integer', ours: 'refused' },
  put_num_2p63_unsafe: { why: 'it clamps 2^63 to 2^63 - 1', ours: 'refused' },
  put_num_1e21: { why: 'it takes whole numbers from 2^63 for doubles; we want double()', ours: 'refused' },
  put_dbl_max: { why: 'likewise', ours: 'refused' },
  put_num_neg0: { why: 'it turns -0 into the integer 0', ours: '8000000000000000' },
  put_str_nul: { why: 'it cuts text at NUL', ours: '610062' },
  put_str_lone_surrogate: { why: 'it sends U+FFFD instead', ours: 'refused' },
  put_list_undefined: { why: 'it sends nil for undefined', ours: 'refused' },
}

const WRITE = 2

interface WrittenValue {
  readonly name: string
  readonly bin: string
  readonly notation: Notation
  readonly captured: CapturedMessage['operations'][number] | undefined
}

/** Every bin that a `put` of the recordings writes, with what it became. */
function writtenValues(vectors: readonly Vector[]): WrittenValue[] {
  return vectors.flatMap(({ name, input, requestHex, requestTruncated }) => {
    const bins = input.args?.[1]
    if (input.call !== 'put' || requestTruncated !== undefined || typeof bins !== 'object' || bins === null)
      return []
    const message = isMessage(requestHex) ? parseCaptured(hex(requestHex)) : undefined
    const named = member(bins, '$bin')
    const entries: [string, Notation][] =
      named === undefined
        ? Object.entries(bins as { [bin: string]: Notation })
        : [[member(named, 'name') as string, member(named, 'value') as Notation]]
    return entries.map(([bin, notation]) => ({
      name,
      bin,
      notation,
      captured: message?.operations.find((operation) => operation.type === WRITE && operation.bin === bin),
    }))
  })
}

describe.skipIf(absent)('recorded particles (needs AERO_VECTORS)', () => {
  const groups = ['values', 'single', 'errors', 'keys', 'operate', 'lists', 'maps', 'scan', 'query']
  const all = groups.map((group) => [group, loadVectors(group)] as const)
  const values = all.flatMap(([, vectors]) => writtenValues(vectors))
  const usual = values.filter(({ name, captured }) => captured !== undefined && DIFFERENT[name] === undefined)

  it('are enough to mean something', () => {
    expect(usual.length).toBeGreaterThan(200)
    expect(Object.keys(DIFFERENT).filter((name) => !values.some((value) => value.name === name))).toEqual([])
  })

  it.each(usual.map((value) => [value.name, value.bin, value] as const))(
    '%s, bin %s',
    (_name, _bin, value) => {
      const out = new ByteWriter(0)
      const type = writeParticle(out, valueFrom(value.notation))
      expect(type).toBe(value.captured?.particleType)
      expect(toHex(out.written())).toBe(toHex(value.captured?.payload as Uint8Array))
    },
  )

  it.each(Object.entries(DIFFERENT))('%s is different', (name, { ours }) => {
    const odd = values.filter((value) => value.name === name)
    expect(odd.length).toBeGreaterThan(0)
    const outcomes = odd.map(({ notation }) => outcomeOf(valueFrom(notation)))
    expect(outcomes).toContain(ours)
    const captured = odd.map((value) => value.captured && toHex(value.captured.payload))
    expect(captured).not.toContain(ours)
  })

  const replies = all.flatMap(([group, vectors]) =>
    vectors
      .filter(
        ({ responseHex, responseTruncated }) =>
          isMessage(responseHex?.[0]) && responseTruncated === undefined,
      )
      .flatMap(({ name, responseHex }) =>
        parseCaptured(hex(responseHex?.[0] as string)).operations.map((operation) => ({
          group,
          name,
          ...operation,
        })),
      ),
  )
  const distinct = [
    ...new Map(
      [
        ...replies,
        ...usual.map(({ name, captured }) => ({
          group: 'written',
          name,
          ...(captured as NonNullable<typeof captured>),
        })),
      ].map((operation) => [
        createHash('sha1').update(`${operation.particleType}:`).update(operation.payload).digest('hex'),
        operation,
      ]),
    ).values(),
  ]

  it('read to the last byte, and every beginning of them is refused', () => {
    expect(distinct.length).toBeGreaterThan(500)
    for (const { particleType, payload } of distinct) {
      const reader = ByteReader.over(payload)
      readParticle(reader, particleType, payload.length, DEFAULT_VALUE_OPTIONS)
      expect(reader.remaining).toBe(0)
      const cuts = payload.length > 2000 ? [payload.slice(0, 1), payload.slice(0, -1)] : everyPrefix(payload)
      for (const prefix of cuts) {
        // Once as a window that ends too early, once as an operation that says it is shorter than it is.
        expect(() =>
          readParticle(ByteReader.over(prefix), particleType, payload.length, DEFAULT_VALUE_OPTIONS),
        ).toThrow(CodecError)
        expectNothingButCodecErrors(prefix, particleType)
      }
    }
  })

  const records = loadVectors('values').filter(
    ({ result, responseHex }) => member(result, '$record') !== undefined && (responseHex?.length ?? 0) > 0,
  )
  it.each(records.map((vector) => [vector.name, vector] as const))(
    '%s reads as the official client does',
    (_name, vector) => {
      const bins = member(member(vector.result, '$record'), 'bins') as { [bin: string]: Notation }
      // It shows lists and maps as bytes when it is told not to look into them.
      const raw = vector.name === 'get_deserialize_false'
      for (const { bin, particleType, payload } of parseCaptured(hex(vector.responseHex?.[0] as string))
        .operations) {
        const type = raw ? 4 : particleType
        const value = readParticle(ByteReader.over(payload), type, payload.length, DEFAULT_VALUE_OPTIONS)
        expect(officialView(value ?? null)).toEqual(resultOf(bins[bin] as Notation))
      }
    },
  )
})

/** Not every frame of a call is one: some begin with a question to the info protocol. */
function isMessage(frame: unknown): frame is string {
  return typeof frame === 'string' && frame.startsWith('0203')
}

function outcomeOf(value: Value): string {
  const out = new ByteWriter(0)
  try {
    writeParticle(out, value)
  } catch (error) {
    if (error instanceof EncodeError) return 'refused'
    throw error
  }
  return toHex(out.written())
}

function expectNothingButCodecErrors(payload: Uint8Array, particleType: number): void {
  try {
    readParticle(ByteReader.over(payload), particleType, payload.length, DEFAULT_VALUE_OPTIONS)
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
  }
}
