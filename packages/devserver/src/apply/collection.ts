import { ByteWriter, PARTICLE_TYPE } from '@aero/codec'
import { comparePackedAt } from './packed-compare.ts'
import { PACKED_KIND, PackedCursor } from './packed-cursor.ts'

/*
 * list  :=  array of elements             the first may be a marker:       c7 00 flags
 * map   :=  map of keys and values        the first pair may be a marker:  c7 00 flags c0
 *
 * flags: 1 ordered (a map: by key), 2 a map by value as well, 16 an index is to be kept, which no reply shows.
 */
const ORDERED = 0x01
const MAP_ORDER = 0x03

/**
 * Values nested deeper are refused, since each level is a call here. The server of this version has no such limit; the next
 * one takes 64.
 */
const MAX_DEPTH = 512

/**
 * A list or map as a write brings it, in the form the server keeps it: maps sorted by key, lengths and integers in their
 * shortest form. `undefined` when the server refuses it: malformed, of the other type, keys twice or of a wrong type, not
 * in the order it claims. Source: as/src/base/cdt.c, cdt_untrusted_rewrite.
 */
export function collectionFromWire(isMap: boolean, source: Uint8Array): Uint8Array | undefined {
  const cursor = new PackedCursor(source)
  const kind = cursor.next() ? cursor.kind : undefined
  if (kind !== (isMap ? PACKED_KIND.map : PACKED_KIND.list)) return undefined
  cursor.position = 0
  const out = new ByteWriter(source.length + 16)
  const isWhole = rewriteElement(cursor, out, 0) && cursor.position === source.length
  return isWhole ? out.take() : undefined
}

/** An element as an operation brings it, in the form the server keeps it; `undefined` when the server refuses it. */
export function elementFromWire(source: Uint8Array): Uint8Array | undefined {
  const cursor = new PackedCursor(source)
  const out = new ByteWriter(source.length + 16)
  return rewriteElement(cursor, out, 0) && cursor.position === source.length ? out.take() : undefined
}

function rewriteElement(cursor: PackedCursor, out: ByteWriter, depth: number): boolean {
  const start = cursor.position
  if (depth > MAX_DEPTH || !cursor.next() || cursor.isComparison) return false
  switch (cursor.kind) {
    case PACKED_KIND.list:
      return rewriteList(cursor, out, depth)
    case PACKED_KIND.map:
      return rewriteMap(cursor, out, depth)
    default:
      writeCompact(cursor, out, start)
      return true
  }
}

function rewriteList(cursor: PackedCursor, out: ByteWriter, depth: number): boolean {
  const size = cursor.count
  const marker = readMarker(cursor, size)
  const count = marker === NO_MARKER ? size : size - 1
  const flags = marker === NO_MARKER ? 0 : marker & ORDERED
  writeHead(out, LIST_HEAD, count + (flags === 0 ? 0 : 1))
  if (flags !== 0) writeMarker(out, flags)
  let previous = -1
  for (let index = 0; index < count; index++) {
    const start = cursor.position
    if (!rewriteElement(cursor, out, depth + 1)) return false
    if (flags !== 0 && previous >= 0 && comparePackedAt(cursor.bytes, previous, start) > 0) return false
    previous = start
  }
  return true
}

function rewriteMap(cursor: PackedCursor, out: ByteWriter, depth: number): boolean {
  const size = cursor.count / 2
  const marker = readMarker(cursor, size)
  const count = marker === NO_MARKER ? size : size - 1
  const flags = marker === NO_MARKER ? 0 : marker & MAP_ORDER
  if (marker !== NO_MARKER && !cursor.next()) return false
  writeHead(out, MAP_HEAD, count + (flags === 0 ? 0 : 1))
  if (flags !== 0) {
    writeMarker(out, flags)
    out.u8(NIL)
  }
  const starts: number[] = []
  const from = out.position
  let isSorted = true
  let previous = -1
  for (let index = 0; index < count; index++) {
    const start = cursor.position
    starts.push(out.position)
    if (!isMapKey(cursor)) return false
    if (!rewriteElement(cursor, out, depth + 1) || !rewriteElement(cursor, out, depth + 1)) return false
    if (previous >= 0 && isSorted) isSorted = comparePackedAt(cursor.bytes, previous, start) < 0
    previous = start
  }
  // A map that claims to be sorted must be; any other is sorted here. Equal keys are refused either way.
  return isSorted || ((flags & ORDERED) === 0 && sortPairs(out, from, starts))
}

/** Sorts the pairs written from `from` on by their keys; `false` when two are equal. */
function sortPairs(out: ByteWriter, from: number, starts: readonly number[]): boolean {
  const written = out.bytes.slice(from, out.position)
  const ends = [...starts.slice(1), out.position]
  const order = starts.map((_, index) => index)
  let hasDuplicates = false
  order.sort((first, second) => {
    const result = comparePackedAt(
      written,
      (starts[first] as number) - from,
      (starts[second] as number) - from,
    )
    if (result === 0 && first !== second) hasDuplicates = true
    return result
  })
  out.position = from
  for (const index of order)
    out.copy(written.subarray((starts[index] as number) - from, (ends[index] as number) - from))
  return !hasDuplicates
}

/** Keys are integers, strings and blobs. */
function isMapKey(cursor: PackedCursor): boolean {
  const start = cursor.position
  if (!cursor.next()) return false
  cursor.position = start
  if (cursor.kind === PACKED_KIND.integer || cursor.kind === PACKED_KIND.string) return true
  return (
    cursor.kind === PACKED_KIND.blob && cursor.length > 0 && cursor.bytes[cursor.start] === PARTICLE_TYPE.blob
  )
}

const NO_MARKER = -1

/** The flags of the container's marker; without one the cursor stays where it is. */
function readMarker(cursor: PackedCursor, size: number): number {
  const start = cursor.position
  // An extension in the form for exactly one byte is not taken as a marker by the server, others are.
  const isShort = cursor.bytes[start] === FIXED_EXTENSION_1
  const isMarker = size > 0 && cursor.next() && cursor.kind === PACKED_KIND.extension && !isShort
  if (isMarker && !cursor.isComparison) return cursor.extensionType
  cursor.position = start
  return NO_MARKER
}

const NIL = 0xc0
const FIXED_EXTENSION_1 = 0xd4

interface HeadBytes {
  readonly short: number
  readonly of16: number
  readonly of32: number
}
const LIST_HEAD: HeadBytes = { short: 0x90, of16: 0xdc, of32: 0xdd }
const MAP_HEAD: HeadBytes = { short: 0x80, of16: 0xde, of32: 0xdf }

function writeHead(out: ByteWriter, head: HeadBytes, count: number): void {
  if (count < 16) out.u8(head.short | count)
  else if (count < 0x1_0000) {
    out.u8(head.of16)
    out.u16(count)
  } else {
    out.u8(head.of32)
    out.u32(count)
  }
}

export function writeListHead(out: ByteWriter, count: number): void {
  writeHead(out, LIST_HEAD, count)
}

export function writeMapHead(out: ByteWriter, count: number): void {
  writeHead(out, MAP_HEAD, count)
}

export function writeMarker(out: ByteWriter, flags: number): void {
  out.u8(0xc7)
  out.u8(0)
  out.u8(flags)
}

/** Writes the scalar that the cursor has read, which began at `start`: shorter where it can be, else as it is. */
function writeCompact(cursor: PackedCursor, out: ByteWriter, start: number): void {
  const head = cursor.bytes[start] as number
  switch (cursor.kind) {
    case PACKED_KIND.integer:
      return writeInteger(out, cursor.integer)
    case PACKED_KIND.string:
    case PACKED_KIND.blob:
    case PACKED_KIND.geoJson:
      if (isLooseText(head, cursor.length)) return writeText(cursor, out)
      break
    case PACKED_KIND.extension:
      if (isLooseExtension(head, cursor.length)) return writeExtension(cursor, out)
  }
  out.copy(cursor.bytes.subarray(start, cursor.position))
}

/** The server shortens only what does not need its length's width; so a long `bin` stays `bin`, a short one becomes `str`. */
function isLooseText(head: number, length: number): boolean {
  if (head === 0xc4 || head === 0xd9) return length <= 0x1f
  if (head === 0xc5 || head === 0xda) return length <= 0xff
  return (head === 0xc6 || head === 0xdb) && length <= 0xffff
}

function isLooseExtension(head: number, length: number): boolean {
  if (head === 0xc7) return FIXED_EXTENSION.indexOf(length) >= 0
  return (head === 0xc8 && length <= 0xff) || (head === 0xc9 && length <= 0xffff)
}

/** Lengths with heads of their own, from 0xd4 on. */
const FIXED_EXTENSION: readonly number[] = [1, 2, 4, 8, 16]

function writeText(cursor: PackedCursor, out: ByteWriter): void {
  const { bytes, start, length } = cursor
  if (length <= 0x1f) out.u8(0xa0 | length)
  else if (length <= 0xff) {
    out.u8(0xd9)
    out.u8(length)
  } else {
    out.u8(0xda)
    out.u16(length)
  }
  out.copy(bytes.subarray(start, start + length))
}

function writeExtension(cursor: PackedCursor, out: ByteWriter): void {
  const { bytes, start, length } = cursor
  const fixed = FIXED_EXTENSION.indexOf(length)
  if (fixed >= 0) out.u8(0xd4 + fixed)
  else if (length <= 0xff) {
    out.u8(0xc7)
    out.u8(length)
  } else {
    out.u8(0xc8)
    out.u16(length)
  }
  out.u8(cursor.extensionType)
  out.copy(bytes.subarray(start, start + length))
}

export function writeInteger(out: ByteWriter, value: bigint): void {
  if (value >= -32n && value <= 127n) out.u8(Number(value) & 0xff)
  else if (value >= 0n) writeUnsigned(out, value)
  else writeNegative(out, value)
}

function writeUnsigned(out: ByteWriter, value: bigint): void {
  if (value <= 0xffn) {
    out.u8(0xcc)
    out.u8(Number(value))
  } else if (value <= 0xffffn) {
    out.u8(0xcd)
    out.u16(Number(value))
  } else if (value <= 0xffff_ffffn) {
    out.u8(0xce)
    out.u32(Number(value))
  } else {
    out.u8(0xcf)
    out.i64(value)
  }
}

function writeNegative(out: ByteWriter, value: bigint): void {
  if (value >= -0x80n) {
    out.u8(0xd0)
    out.u8(Number(value) & 0xff)
  } else if (value >= -0x8000n) {
    out.u8(0xd1)
    out.u16(Number(value) & 0xffff)
  } else if (value >= -0x8000_0000n) {
    out.u8(0xd2)
    out.u32(Number(value) >>> 0)
  } else {
    out.u8(0xd3)
    out.i64(value)
  }
}
