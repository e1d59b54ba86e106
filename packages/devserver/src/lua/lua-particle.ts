import { ByteWriter, PARTICLE_TYPE } from '@aero/codec'
import { LuaBytes, LuaGeoJson, LuaList, LuaMap, type LuaValue } from '@aero/lua/machine'
import { writeInteger, writeListHead, writeMapHead, writeMarker } from '../apply/collection.ts'
import { booleanParticle, compareElements, MARKER } from '../apply/container.ts'
import { geoJsonFromWire } from '../apply/geo-json.ts'
import { doubleParticle, integerParticle, type Particle } from '../apply/outcome.ts'
import { PACKED_KIND, PackedCursor } from '../apply/packed-cursor.ts'

const GEO_JSON_HEAD_BYTES = 3
const CELL_BYTES = 8
const NIL = 0xc0

/** What a bin's value is in Lua. */
export function valueOfParticle({ type, particle }: Particle): LuaValue {
  const view = new DataView(particle.buffer, particle.byteOffset, particle.byteLength)
  switch (type) {
    case PARTICLE_TYPE.nil:
      return null
    case PARTICLE_TYPE.integer:
      return view.getBigInt64(0)
    case PARTICLE_TYPE.double:
      return view.getFloat64(0)
    case PARTICLE_TYPE.bool:
      return particle[0] === 1
    case PARTICLE_TYPE.string:
      return latin1(particle)
    case PARTICLE_TYPE.list:
    case PARTICLE_TYPE.map:
      return unpackValue(particle) ?? null
    case PARTICLE_TYPE.geoJson:
      return new LuaGeoJson(latin1(particle.subarray(GEO_JSON_HEAD_BYTES + CELL_BYTES * view.getUint16(1))))
    default:
      return new LuaBytes(particle.slice(), type)
  }
}

/** What a value is in a bin or a reply; `undefined` when it cannot be there. */
export function particleOfValue(value: LuaValue): Particle | undefined {
  if (value === null) return { type: PARTICLE_TYPE.nil, particle: new Uint8Array(0) }
  if (typeof value === 'bigint') return integerParticle(value)
  if (typeof value === 'number') return doubleParticle(value)
  if (typeof value === 'boolean') return booleanParticle(value)
  if (typeof value === 'string')
    return { type: PARTICLE_TYPE.string, particle: Uint8Array.from(Buffer.from(value, 'latin1')) }
  if (value instanceof LuaBytes) return { type: value.type, particle: value.used().slice() }
  if (value instanceof LuaGeoJson) return geoJsonParticle(value)
  const particle =
    value instanceof LuaList || value instanceof LuaMap ? packValue(value, KEEPS_LIST_ORDER) : undefined
  if (particle === undefined) return undefined
  return { type: value instanceof LuaList ? PARTICLE_TYPE.list : PARTICLE_TYPE.map, particle }
}

/** What a value is in a reply: all blobs are plain ones there, GeoJSON has no cells, and lists do not say that they are ordered. */
export function replyParticleOfValue(value: LuaValue): Particle | undefined {
  if (value instanceof LuaBytes) return { type: PARTICLE_TYPE.blob, particle: value.used().slice() }
  if (value instanceof LuaGeoJson) return { type: PARTICLE_TYPE.geoJson, particle: bareGeoJson(value) }
  if (!(value instanceof LuaList || value instanceof LuaMap)) return particleOfValue(value)
  const particle = packValue(value)
  if (particle === undefined) return undefined
  return { type: value instanceof LuaList ? PARTICLE_TYPE.list : PARTICLE_TYPE.map, particle }
}

/** Text that is no GeoJSON is stored all the same, with no cells. */
function geoJsonParticle(value: LuaGeoJson): Particle {
  const bare = bareGeoJson(value)
  return { type: PARTICLE_TYPE.geoJson, particle: geoJsonFromWire(bare) ?? bare }
}

function bareGeoJson({ text }: LuaGeoJson): Uint8Array {
  const particle = new Uint8Array(GEO_JSON_HEAD_BYTES + text.length)
  particle.set(Buffer.from(text, 'latin1'), GEO_JSON_HEAD_BYTES)
  return particle
}

/** One packed value with nothing behind it; `undefined` when it is malformed. */
export function unpackValue(bytes: Uint8Array): LuaValue | undefined {
  const cursor = new PackedCursor(bytes)
  return readValue(cursor)
}

function readValue(cursor: PackedCursor): LuaValue | undefined {
  if (!cursor.next()) return undefined
  switch (cursor.kind) {
    case PACKED_KIND.nil:
      return null
    case PACKED_KIND.false:
    case PACKED_KIND.true:
      return cursor.kind === PACKED_KIND.true
    case PACKED_KIND.integer:
      return BigInt.asIntN(64, cursor.integer)
    case PACKED_KIND.double:
      return cursor.double
    case PACKED_KIND.list:
      return readList(cursor)
    case PACKED_KIND.map:
      return readMap(cursor)
    case PACKED_KIND.extension:
      return undefined
    default:
      return readText(cursor)
  }
}

function readText(cursor: PackedCursor): LuaValue {
  const { bytes, start, length } = cursor
  const type = length === 0 ? PARTICLE_TYPE.blob : (bytes[start] as number)
  const content = bytes.slice(start + 1, start + length)
  if (cursor.kind === PACKED_KIND.string) return latin1(content)
  return cursor.kind === PACKED_KIND.geoJson ? new LuaGeoJson(latin1(content)) : new LuaBytes(content, type)
}

function readList(cursor: PackedCursor): LuaValue | undefined {
  const { count } = cursor
  const marker = count === 0 ? undefined : readMarker(cursor)
  const items: LuaValue[] = []
  for (let left = marker === undefined ? count : count - 1; left > 0; left--) {
    const item = readValue(cursor)
    if (item === undefined) return undefined
    items.push(item)
  }
  return new LuaList(items, marker)
}

function readMap(cursor: PackedCursor): LuaValue | undefined {
  const count = cursor.count / 2
  const marker = count === 0 ? undefined : readMarker(cursor)
  if (marker !== undefined && !cursor.skip()) return undefined
  const map = new LuaMap(marker)
  for (let left = marker === undefined ? count : count - 1; left > 0; left--) {
    const key = readValue(cursor)
    const value = readValue(cursor)
    if (key === undefined || value === undefined) return undefined
    map.set(key, value)
  }
  return map
}

/** The flags of a list or map; without a marker the cursor stays where it is. */
function readMarker(cursor: PackedCursor): number | undefined {
  const start = cursor.position
  if (cursor.next() && cursor.kind === PACKED_KIND.extension) return cursor.extensionType
  cursor.position = start
  return undefined
}

/** Whether a list that is ordered says so, and is put in order. */
type ListOrder = typeof KEEPS_LIST_ORDER | typeof DROPS_LIST_ORDER
const KEEPS_LIST_ORDER = true
const DROPS_LIST_ORDER = false

/** The packed form; `undefined` when something in it cannot be packed. */
export function packValue(value: LuaValue, order: ListOrder = DROPS_LIST_ORDER): Uint8Array | undefined {
  const out = new ByteWriter(64)
  return writeValue(out, value, order) ? out.take() : undefined
}

function writeValue(out: ByteWriter, value: LuaValue, order: ListOrder): boolean {
  if (value === null) out.u8(NIL)
  else if (typeof value === 'bigint') writeInteger(out, value)
  else if (typeof value === 'boolean') out.u8(value ? 0xc3 : 0xc2)
  else if (typeof value === 'number') {
    out.u8(0xcb)
    out.f64(value)
  } else if (typeof value === 'string') writeText(out, PARTICLE_TYPE.string, Buffer.from(value, 'latin1'))
  else if (value instanceof LuaBytes) writeText(out, value.type, value.used())
  else if (value instanceof LuaGeoJson)
    writeText(out, PARTICLE_TYPE.geoJson, Buffer.from(value.text, 'latin1'))
  else if (value instanceof LuaList) return writeList(out, value, order)
  else if (value instanceof LuaMap) return writeMap(out, value, order)
  else return false
  return true
}

function writeText(out: ByteWriter, type: number, content: Uint8Array): void {
  const length = content.length + 1
  if (length <= 0x1f) out.u8(0xa0 | length)
  else if (length <= 0xff) {
    out.u8(0xd9)
    out.u8(length)
  } else if (length <= 0xffff) {
    out.u8(0xda)
    out.u16(length)
  } else {
    out.u8(0xdb)
    out.u32(length)
  }
  out.u8(type)
  out.copy(content)
}

function writeList(out: ByteWriter, { items, flags }: LuaList, order: ListOrder): boolean {
  const isOrdered = order && (flags & MARKER.ordered) !== 0
  const packed = items.map((item) => packValue(item, order)).filter((item) => item !== undefined)
  if (packed.length < items.length) return false
  if (isOrdered) packed.sort(compareElements)
  writeListHead(out, packed.length + (isOrdered ? 1 : 0))
  if (isOrdered) writeMarker(out, MARKER.ordered)
  for (const item of packed) out.copy(item)
  return true
}

function writeMap(out: ByteWriter, map: LuaMap, order: ListOrder): boolean {
  const flags = map.flags & MARKER.byValue
  const pairs = map.inOrder()
  writeMapHead(out, pairs.length + (flags === 0 ? 0 : 1))
  if (flags !== 0) {
    writeMarker(out, flags)
    out.u8(NIL)
  }
  return pairs.every(([key, value]) => writeValue(out, key, order) && writeValue(out, value, order))
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
