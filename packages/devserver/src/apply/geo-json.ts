import { cellOfPoint } from './geo-cell.ts'

/*
 * GeoJSON  :=  flags:u8   cells:u16   cell:u64 (cells times)   text
 *              flags: 1 a region. A write sends no cells, or ones that are not looked at; the server computes them.
 */
const HEADER_BYTES = 3
const CELL_BYTES = 8
const IS_REGION = 0x01
/** A closed loop of three corners names the first one twice. */
const LEAST_LOOP_POINTS = 4

interface Shape {
  readonly isRegion: boolean
  readonly cells: readonly bigint[]
}

/**
 * A GeoJSON value as a write brings it, with the cells that the server would add; `undefined` when it is none.
 *
 * Of regions the cells are left out for now: they need a covering of the sphere, and only an index looks at them.
 */
export function geoJsonFromWire(source: Uint8Array): Uint8Array | undefined {
  const start = textStart(source)
  return start > source.length ? undefined : geoJsonFromText(source.subarray(start))
}

function textStart(particle: Uint8Array): number {
  const sentCells = ((particle[1] ?? 0) << 8) | (particle[2] ?? 0)
  return HEADER_BYTES + sentCells * CELL_BYTES
}

/** The text of a GeoJSON value, without what stands before it. */
export function geoJsonText(particle: Uint8Array): Uint8Array {
  return particle.subarray(textStart(particle))
}

/** A GeoJSON value from its text alone, as {@link geoJsonFromWire}. */
export function geoJsonFromText(text: Uint8Array): Uint8Array | undefined {
  const shape = readShape(text)
  if (shape === undefined) return undefined
  const particle = new Uint8Array(HEADER_BYTES + shape.cells.length * CELL_BYTES + text.length)
  const view = new DataView(particle.buffer)
  view.setUint8(0, shape.isRegion ? IS_REGION : 0)
  view.setUint16(1, shape.cells.length)
  let position = HEADER_BYTES
  for (const cell of shape.cells) {
    view.setBigUint64(position, cell)
    position += CELL_BYTES
  }
  particle.set(text, position)
  return particle
}

function readShape(text: Uint8Array): Shape | undefined {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text))
  } catch {
    return undefined
  }
  if (!isObject(value)) return undefined
  const geometry = value['type'] === 'Feature' ? value['geometry'] : value
  return isObject(geometry) ? readGeometry(geometry['type'], geometry['coordinates']) : undefined
}

function readGeometry(type: unknown, coordinates: unknown): Shape | undefined {
  switch (type) {
    case 'Point':
      return isPoint(coordinates) ? { isRegion: false, cells: [cellOfPoint(...coordinates)] } : undefined
    case 'Polygon':
      return isPolygon(coordinates) ? { isRegion: true, cells: [] } : undefined
    case 'MultiPolygon':
      return isListOf(coordinates, isPolygon) ? { isRegion: true, cells: [] } : undefined
    case 'AeroCircle':
      return isCircle(coordinates) ? { isRegion: true, cells: [] } : undefined
    default:
      return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPoint(value: unknown): value is readonly [longitude: number, latitude: number] {
  if (!Array.isArray(value) || value.length !== 2) return false
  const [longitude, latitude] = value as [unknown, unknown]
  const areNumbers = typeof longitude === 'number' && typeof latitude === 'number'
  return areNumbers && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem)
}

function isPolygon(value: unknown): boolean {
  return isListOf(value, isLoop)
}

function isLoop(value: unknown): boolean {
  if (!Array.isArray(value) || !value.every(isPoint)) return false
  const points = value.filter((point, index) => index === 0 || !isSamePoint(point, value[index - 1]))
  return points.length >= LEAST_LOOP_POINTS && isSamePoint(points[0], points[points.length - 1])
}

function isSamePoint(a: unknown, b: unknown): boolean {
  return isPoint(a) && isPoint(b) && a[0] === b[0] && a[1] === b[1]
}

function isCircle(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && isPoint(value[0]) && typeof value[1] === 'number'
}
