import { FIELD_TYPE, PARTICLE_TYPE } from '@aero/codec'
import { cellsAround, cellsInside } from '../apply/geo-cover.ts'
import { areMatching, type Geometry, readGeometry } from '../apply/geo-geometry.ts'
import { geoJsonText } from '../apply/geo-json.ts'
import { hashOf, holdsMeant, type IndexRange, type IndexSpan, MAX_VALUE_BYTES } from '../apply/index-value.ts'
import { voidTimeNow } from '../clock.ts'
import type { Request } from '../request.ts'
import { RESULT } from '../result-code.ts'
import { INDEX_TYPE, type IndexTypeName, type SecondaryIndex } from '../store/index-table.ts'
import type { Namespace } from '../store/namespace.ts'
import type { StoredRecord } from '../store/stored-record.ts'
import type { QueryPartition } from './query-request.ts'
import { setMatches } from './record-checks.ts'
import type { RecordCommand } from './record-command.ts'

/*
 * range    :=  count:u8 = 1   name length:u8   name   particle type:u8   limit   limit
 * limit    :=  length:u32   value      of strings, blobs and GeoJSON the second is not looked at
 */
const MAX_BIN_NAME_BYTES = 15
const MAX_INDEX_NAME_BYTES = 63
/** Longest GeoJSON in a query, plus one. */
const MAX_GEO_JSON_BYTES = 1024 * 1024

/** The index a query goes by, and which values it wants. */
export interface IndexUse {
  readonly index: SecondaryIndex
  readonly range: IndexRange
}

/** A record that a query gives, and its value in the index. */
export interface Found {
  readonly digest: string
  readonly record: StoredRecord
  readonly value: bigint
}

interface NamedRange {
  readonly bin: string
  readonly range: IndexRange
}

/**
 * The index that the query goes by; a result code when it is malformed or there is no such index. Source: query.c,
 * get_query_range_and_def and find_sindex.
 *
 * @param now milliseconds since 1970
 */
export function readIndexUse(request: Request, namespace: Namespace, now: number): IndexUse | number {
  const named = readRange(request)
  if (typeof named === 'number') return named
  const hasName = request.hasField(FIELD_TYPE.indexName)
  const isMixed = hasName && request.hasField(FIELD_TYPE.indexContext)
  if (isMixed || request.fieldLength(FIELD_TYPE.indexName) > MAX_INDEX_NAME_BYTES) return RESULT.parameter
  const index = hasName
    ? namespace.indexes.findByName(textOf(request, FIELD_TYPE.indexName))
    : namespace.indexes.findByDefinition({
        set: request.fieldLength(FIELD_TYPE.set) === 0 ? undefined : textOf(request, FIELD_TYPE.set),
        bin: named.bin,
        expression: base64Of(request, FIELD_TYPE.indexExpression),
        valueType: named.range.valueType,
        type: readType(request),
        context: base64Of(request, FIELD_TYPE.indexContext),
      })
  if (index === undefined) return RESULT.indexNotFound
  return index.readableAt > now ? RESULT.indexNotReadable : { index, range: named.range }
}

function readType(request: Request): IndexTypeName {
  const number = request.copyField(FIELD_TYPE.indexType)[0] ?? INDEX_TYPE.default
  const names = Object.keys(INDEX_TYPE) as IndexTypeName[]
  return names.find((name) => INDEX_TYPE[name] === number) ?? 'set'
}

function base64Of(request: Request, field: number): string | undefined {
  return request.hasField(field) ? Buffer.from(request.copyField(field)).toString('base64') : undefined
}

function textOf(request: Request, field: number): string {
  return Buffer.from(request.copyField(field)).toString('utf8')
}

function readRange(request: Request): NamedRange | number {
  const bytes = Buffer.from(request.copyField(FIELD_TYPE.indexRange))
  const nameLength = bytes[1] ?? 0
  if (bytes[0] !== 1 || nameLength > MAX_BIN_NAME_BYTES || bytes.length < 3 + nameLength)
    return RESULT.parameter
  const hasName = request.hasField(FIELD_TYPE.indexName)
  const hasExpression = request.hasField(FIELD_TYPE.indexExpression)
  // The index is named, or known by its bin, or by its expression.
  if ((nameLength === 0) !== (hasName || hasExpression)) return RESULT.parameter
  if (hasExpression && (hasName || request.fieldLength(FIELD_TYPE.indexExpression) === 0))
    return RESULT.parameter
  const bin = bytes.toString('utf8', 2, 2 + nameLength)
  const valueType = bytes[2 + nameLength] as number
  const range = readLimits(valueType, bytes.subarray(3 + nameLength))
  return typeof range === 'number' ? range : { bin, range }
}

function readLimits(valueType: number, limits: Buffer): IndexRange | number {
  if (valueType === PARTICLE_TYPE.integer) {
    if (limits.length < 24 || limits.readUInt32BE(0) !== 8 || limits.readUInt32BE(12) !== 8)
      return RESULT.parameter
    const [first, last] = [limits.readBigInt64BE(4), limits.readBigInt64BE(16)]
    return first > last ? RESULT.parameter : { valueType, spans: [{ first, last }], isMeant: undefined }
  }
  const isGeo = valueType === PARTICLE_TYPE.geoJson
  if (!isGeo && valueType !== PARTICLE_TYPE.string && valueType !== PARTICLE_TYPE.blob)
    return RESULT.parameter
  const limit = isGeo ? MAX_GEO_JSON_BYTES : MAX_VALUE_BYTES
  const length = limits.length < 4 ? limit : limits.readUInt32BE(0)
  if (length >= limit || limits.length < 4 + length) return RESULT.parameter
  const wanted = Uint8Array.from(limits.subarray(4, 4 + length))
  if (isGeo) return rangeOfGeometry(readGeometry(wanted))
  const value = hashOf(wanted)
  const isMeant = (particle: Uint8Array) => Buffer.compare(wanted, particle) === 0
  return { valueType, spans: [{ first: value, last: value }], isMeant }
}

/** Of a region the points in it, of a point the regions around it. */
function rangeOfGeometry(wanted: Geometry | undefined): IndexRange | number {
  const spans = wanted === undefined ? undefined : spansOf(wanted)
  if (wanted === undefined || spans === undefined) return RESULT.parameter
  return {
    valueType: PARTICLE_TYPE.geoJson,
    spans,
    isMeant: (particle) => {
      const geometry = readGeometry(geoJsonText(particle))
      return geometry !== undefined && areMatching(geometry, wanted)
    },
  }
}

/** The cells inside those that cover the region; of a point, the cells that it is in. */
function spansOf(wanted: Geometry): readonly IndexSpan[] | undefined {
  if (wanted.kind === 'region') return wanted.cover()?.map(cellsInside)
  return cellsAround(wanted.cell).map((cell) => ({ first: cell, last: cell }))
}

/** Whether a refusal is about the index, which the server looks for after everything else. */
export function isAboutIndex(resultCode: number): boolean {
  return resultCode === RESULT.indexNotFound || resultCode === RESULT.indexNotReadable
}

/**
 * The records of a partition that a query wants, in the order that resuming relies on: of a scan by descending digest, of a
 * query by an index by the value and, of one value, by the digest as the index has it. See IndexEntries.range for records with
 * several values in the range.
 */
export function selectRecords(
  command: RecordCommand,
  use: IndexUse | undefined,
  partition: QueryPartition,
): Found[] {
  return use === undefined ? selectAll(command, partition) : selectByIndex(command, use, partition)
}

function selectAll(
  { request, namespace, clock }: RecordCommand,
  { partition, afterDigest }: QueryPartition,
): Found[] {
  const now = voidTimeNow(clock)
  const found: Found[] = []
  for (const [digest, record] of namespace.recordsOf(partition)) {
    if (!setMatches(request, record) || record.isExpired(now)) continue
    if (afterDigest === undefined || digest < afterDigest) found.push({ digest, record, value: 0n })
  }
  return found.sort((a, b) => (a.digest > b.digest ? -1 : 1))
}

function selectByIndex(
  { request, namespace, clock }: RecordCommand,
  { index, range }: IndexUse,
  { partition, afterDigest, afterValue }: QueryPartition,
): Found[] {
  const now = voidTimeNow(clock)
  // Cells have no sign.
  const value = range.valueType === PARTICLE_TYPE.geoJson ? BigInt.asUintN(64, afterValue) : afterValue
  const after = afterDigest === undefined ? undefined : { digest: afterDigest, value }
  const found: Found[] = []
  for (const { first, last } of range.spans) {
    for (const { digest, value } of index.entries.range(partition, first, last, after)) {
      const record = namespace.get(partition, digest)
      if (record === undefined || !setMatches(request, record) || record.isExpired(now)) continue
      if (range.isMeant === undefined || holdsMeant(index, record, range.isMeant))
        found.push({ digest, record, value })
    }
  }
  return found
}
