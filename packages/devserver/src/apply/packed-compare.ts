import { PACKED_KIND, PackedCursor } from './packed-cursor.ts'

/**
 * The server's order of packed values: nil, false, true, integers, strings, lists, maps, blobs, doubles, GeoJSON.
 * Lists by their elements, then by length; maps by their size first. Below 0, 0 or above 0.
 * Source: cf/src/msgpack_in.c, msgpack_cmp.
 */
export function comparePacked(a: PackedCursor, b: PackedCursor): number {
  const order = compareNext(a, b)
  return Number.isNaN(order) ? 0 : order
}

const WILDCARD = 0
/** Bit of a map's marker. */
const ORDERED = 1

function isWildcard(cursor: PackedCursor): boolean {
  return (
    cursor.kind === PACKED_KIND.extension && cursor.isComparison && cursor.bytes[cursor.start] === WILDCARD
  )
}

/** NaN: a wildcard was met, which makes all that contains it equal, whatever follows. */
function compareNext(a: PackedCursor, b: PackedCursor): number {
  if (!a.next() || !b.next()) return 0
  noteUnorderedMap(a)
  noteUnorderedMap(b)
  if (isWildcard(a) || isWildcard(b)) return Number.NaN
  if (a.kind !== b.kind) return a.kind - b.kind
  switch (a.kind) {
    case PACKED_KIND.integer:
      return a.integer < b.integer ? -1 : a.integer > b.integer ? 1 : 0
    case PACKED_KIND.double:
      return compareDoubles(a.double, b.double)
    case PACKED_KIND.list:
    case PACKED_KIND.map:
      return compareContainers(a, b)
    case PACKED_KIND.nil:
    case PACKED_KIND.false:
    case PACKED_KIND.true:
      return 0
    default:
      return compareContents(a, b)
  }
}

/** Looks ahead at the marker of a map that the cursor has found. */
function noteUnorderedMap(cursor: PackedCursor): void {
  const { kind, count, position } = cursor
  if (kind !== PACKED_KIND.map || count === 0) return
  const hasMarker = cursor.next() && cursor.kind === PACKED_KIND.extension
  if (!hasMarker || (cursor.extensionType & ORDERED) === 0) cursor.metUnorderedMap = true
  cursor.position = position
  cursor.kind = kind
  cursor.count = count
}

/** Compares the elements that begin at two places of the same bytes. */
export function comparePackedAt(bytes: Uint8Array, first: number, second: number): number {
  return comparePacked(new PackedCursor(bytes, first), new PackedCursor(bytes, second))
}

/** What is not a number is neither less nor greater than any double, which makes it equal to each, as for the server. */
function compareDoubles(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareContents(a: PackedCursor, b: PackedCursor): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const difference = (a.bytes[a.start + index] as number) - (b.bytes[b.start + index] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function compareContainers(a: PackedCursor, b: PackedCursor): number {
  const isMap = a.kind === PACKED_KIND.map
  const aCount = skipMarker(a, isMap)
  const bCount = skipMarker(b, isMap)
  if (isMap && aCount !== bCount) return aCount - bCount
  for (let index = Math.min(aCount, bCount); index > 0; index--) {
    const order = compareNext(a, b)
    if (order !== 0) return order
  }
  return aCount - bCount
}

/** Moves behind the element that says how the container is ordered. Returns how many others there are. */
function skipMarker(cursor: PackedCursor, isMap: boolean): number {
  const { count, position } = cursor
  if (count === 0) return 0
  if (!cursor.next() || cursor.kind !== PACKED_KIND.extension || cursor.isComparison) {
    cursor.position = position
    return count
  }
  if (!isMap) return count - 1
  cursor.skip()
  return count - 2
}
