import { ByteWriter, PARTICLE_TYPE } from '@aero/codec'
import { elementFromWire, writeInteger, writeListHead, writeMapHead, writeMarker } from './collection.ts'
import { doubleParticle, integerParticle, type Particle, writeDouble } from './outcome.ts'
import { comparePacked } from './packed-compare.ts'
import { PACKED_KIND, PackedCursor } from './packed-cursor.ts'

/*
 * One level of a list or map, taken apart: its elements stay packed.
 */

/** Bits of a container's marker. `selected` marks a result whose entries stand in the order of their selection. */
export const MARKER = { ordered: 1, byValue: 3, selected: 8, persistIndex: 16 } as const

export interface PackedList {
  readonly kind: 'list'
  readonly flags: number
  readonly items: readonly Uint8Array[]
}

/** The keys are in their order, whether the map is an ordered one or not. */
export interface PackedMap {
  readonly kind: 'map'
  readonly flags: number
  readonly keys: readonly Uint8Array[]
  readonly values: readonly Uint8Array[]
}

export type Container = PackedList | PackedMap

/** The list or map that these bytes are; `undefined` when they are something else. */
export function openContainer(bytes: Uint8Array): Container | undefined {
  const cursor = new PackedCursor(bytes)
  if (!cursor.next()) return undefined
  if (cursor.kind !== PACKED_KIND.list && cursor.kind !== PACKED_KIND.map) return undefined
  const isMap = cursor.kind === PACKED_KIND.map
  const elements: Uint8Array[] = []
  const { count } = cursor
  const isMarker = () => cursor.next() && cursor.kind === PACKED_KIND.extension && !cursor.isComparison
  let flags = 0
  for (let index = 0; index < count; index++) {
    const start = cursor.position
    if (index === 0 && isMarker()) {
      flags = cursor.extensionType
      if (isMap && cursor.skip()) index++
      continue
    }
    cursor.position = start
    cursor.skip()
    elements.push(bytes.subarray(start, cursor.position))
  }
  if (!isMap) return { kind: 'list', flags, items: elements }
  const keys = elements.filter((_, index) => index % 2 === 0)
  return { kind: 'map', flags, keys, values: elements.filter((_, index) => index % 2 === 1) }
}

/** The list or map of a bin, with what its marker does not show. */
export function openBin({ particle, keepsIndex }: Particle): Container {
  const container = openContainer(particle) as Container
  return keepsIndex === true ? { ...container, flags: container.flags | MARKER.persistIndex } : container
}

/** @param hidden flags that are not shown: which index the server keeps with a bin is nobody's business */
export function closeContainer(container: Container, hidden: number = MARKER.persistIndex): Uint8Array {
  const out = new ByteWriter(64)
  const flags = container.flags & ~hidden
  const size = container.kind === 'list' ? container.items.length : container.keys.length
  const count = size + (flags === 0 ? 0 : 1)
  if (container.kind === 'list') writeListHead(out, count)
  else writeMapHead(out, count)
  if (flags !== 0) {
    writeMarker(out, flags)
    if (container.kind === 'map') out.u8(0xc0)
  }
  for (let index = 0; index < size; index++) {
    if (container.kind === 'list') out.copy(container.items[index] as Uint8Array)
    else {
      out.copy(container.keys[index] as Uint8Array)
      out.copy(container.values[index] as Uint8Array)
    }
  }
  return out.take()
}

export function containerParticle(container: Container): Particle {
  const type = container.kind === 'list' ? PARTICLE_TYPE.list : PARTICLE_TYPE.map
  const particle = closeContainer(container)
  return (container.flags & MARKER.persistIndex) === 0
    ? { type, particle }
    : { type, particle, keepsIndex: true }
}

export function listParticle(items: readonly Uint8Array[]): Particle {
  return containerParticle({ kind: 'list', flags: 0, items })
}

export function integersParticle(values: readonly number[]): Particle {
  return listParticle(values.map((value) => packedInteger(BigInt(value))))
}

export function booleanParticle(value: boolean): Particle {
  return { type: PARTICLE_TYPE.bool, particle: Uint8Array.of(value ? 1 : 0) }
}

export function packedInteger(value: bigint): Uint8Array {
  const out = new ByteWriter(9)
  writeInteger(out, BigInt.asIntN(64, value))
  return out.take()
}

export function packedDouble(value: number): Uint8Array {
  const out = new ByteWriter(9)
  out.u8(0xcb)
  writeDouble(out, value)
  return out.take()
}

/** An element as a result of its own. Nil is one, too: an operation that yields nothing at all has no place in a reply. */
export function particleOfElement(element: Uint8Array): Particle {
  const cursor = new PackedCursor(element)
  cursor.next()
  const content = element.slice(cursor.start + 1, cursor.start + cursor.length)
  switch (cursor.kind) {
    case PACKED_KIND.nil:
    case PACKED_KIND.extension:
      return { type: PARTICLE_TYPE.nil, particle: new Uint8Array(0) }
    case PACKED_KIND.false:
    case PACKED_KIND.true:
      return booleanParticle(cursor.kind === PACKED_KIND.true)
    case PACKED_KIND.integer:
      return integerParticle(cursor.integer)
    case PACKED_KIND.double:
      return doubleParticle(cursor.double)
    case PACKED_KIND.list:
      return { type: PARTICLE_TYPE.list, particle: element.slice() }
    case PACKED_KIND.map:
      return { type: PARTICLE_TYPE.map, particle: element.slice() }
    case PACKED_KIND.string:
      return { type: PARTICLE_TYPE.string, particle: content }
    case PACKED_KIND.geoJson:
      return { type: PARTICLE_TYPE.geoJson, particle: withoutCells(content) }
    default:
      return {
        type: cursor.length === 0 ? PARTICLE_TYPE.blob : (element[cursor.start] as number),
        particle: content,
      }
  }
}

export function compareElements(first: Uint8Array, second: Uint8Array): number {
  return comparePacked(new PackedCursor(first), new PackedCursor(second))
}

/** Inside a list or map GeoJSON is text alone; outside there is a head, which here says that there are no cells. */
function withoutCells(text: Uint8Array): Uint8Array {
  const particle = new Uint8Array(GEO_JSON_HEAD_BYTES + text.length)
  particle.set(text, GEO_JSON_HEAD_BYTES)
  return particle
}

const GEO_JSON_HEAD_BYTES = 3

/** The order of two elements, given by their places. */
export function byValueOf(elements: readonly Uint8Array[]): (first: number, second: number) => number {
  return (first, second) => compareElements(elements[first] as Uint8Array, elements[second] as Uint8Array)
}

/**
 * The places of the elements in the order of their values, equal ones as they stand. Merged half by half, as the server's
 * library does it: of what is equal to every other, and so in no order, clients see that.
 */
export function rankedPlaces(elements: readonly Uint8Array[]): number[] {
  return mergedPlaces(0, elements.length, byValueOf(elements))
}

function mergedPlaces(
  start: number,
  end: number,
  compare: (first: number, second: number) => number,
): number[] {
  if (end - start <= 1) return end > start ? [start] : []
  const middle = start + ((end - start) >> 1)
  const lower = mergedPlaces(start, middle, compare)
  const upper = mergedPlaces(middle, end, compare)
  const places: number[] = []
  let [left, right] = [0, 0]
  while (left < lower.length && right < upper.length) {
    const isLower = compare(lower[left] as number, upper[right] as number) <= 0
    places.push((isLower ? lower[left++] : upper[right++]) as number)
  }
  return [...places, ...lower.slice(left), ...upper.slice(right)]
}

/** An element to be stored; `undefined` when it cannot be. */
export function storable(element: Uint8Array): Uint8Array | undefined {
  return elementFromWire(element)
}

const KEY_KINDS: ReadonlySet<number> = new Set([PACKED_KIND.integer, PACKED_KIND.string])

/** Whether this can be the key of a map: an integer, a text or a blob. */
export function isKeyElement(element: Uint8Array): boolean {
  const cursor = new PackedCursor(element)
  if (!cursor.next()) return false
  if (KEY_KINDS.has(cursor.kind)) return true
  return cursor.kind === PACKED_KIND.blob && cursor.length > 0 && element[cursor.start] === PARTICLE_TYPE.blob
}

/** Whether an element is a list or map, or neither. */
export function containerKind(element: Uint8Array): 'list' | 'map' | undefined {
  const cursor = new PackedCursor(element)
  if (!cursor.next()) return undefined
  if (cursor.kind === PACKED_KIND.list) return 'list'
  return cursor.kind === PACKED_KIND.map ? 'map' : undefined
}
