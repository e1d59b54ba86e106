import { type Geometry, readGeometry } from './geo-geometry.ts'

/*
 * GeoJSON  :=  flags:u8   cells:u16   cell:u64 (cells times)   text
 *              flags: 1 a region. A write sends no cells, or ones that are not looked at; the server computes them:
 *              the one of a point, or those that cover a region.
 */
const HEADER_BYTES = 3
const CELL_BYTES = 8
const IS_REGION = 0x01

/** A GeoJSON value as a write brings it, with the cells that the server adds; `undefined` when it is none. */
export function geoJsonFromWire(source: Uint8Array): Uint8Array | undefined {
  const start = textStart(source)
  return start > source.length ? undefined : geoJsonFromText(source.subarray(start))
}

function cellCount(particle: Uint8Array): number {
  return ((particle[1] ?? 0) << 8) | (particle[2] ?? 0)
}

function textStart(particle: Uint8Array): number {
  return HEADER_BYTES + cellCount(particle) * CELL_BYTES
}

/** The text of a GeoJSON value, without what stands before it. */
export function geoJsonText(particle: Uint8Array): Uint8Array {
  return particle.subarray(textStart(particle))
}

/** The cells of a GeoJSON value; those of one that was inside a list or map, and came without, are computed. */
export function geoJsonCells(particle: Uint8Array): readonly bigint[] {
  const count = cellCount(particle)
  if (count === 0) return cellsOf(readGeometry(geoJsonText(particle))) ?? []
  const view = new DataView(particle.buffer, particle.byteOffset, particle.byteLength)
  return Array.from({ length: count }, (_, index) => view.getBigUint64(HEADER_BYTES + index * CELL_BYTES))
}

/** A GeoJSON value from its text alone, as {@link geoJsonFromWire}. */
export function geoJsonFromText(text: Uint8Array): Uint8Array | undefined {
  const geometry = readGeometry(text)
  const cells = cellsOf(geometry)
  if (cells === undefined) return undefined
  const particle = new Uint8Array(HEADER_BYTES + cells.length * CELL_BYTES + text.length)
  const view = new DataView(particle.buffer)
  view.setUint8(0, geometry?.kind === 'region' ? IS_REGION : 0)
  view.setUint16(1, cells.length)
  let position = HEADER_BYTES
  for (const cell of cells) {
    view.setBigUint64(position, cell)
    position += CELL_BYTES
  }
  particle.set(text, position)
  return particle
}

function cellsOf(geometry: Geometry | undefined): readonly bigint[] | undefined {
  return geometry?.kind === 'point' ? [geometry.cell] : geometry?.cover()
}
