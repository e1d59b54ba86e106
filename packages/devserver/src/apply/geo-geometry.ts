import { s2 } from 's2js'
import { type Coverable, coverRegion } from './geo-cover.ts'

/** The server's setting earth-radius-meters. */
const EARTH_RADIUS_METERS = 6_371_000
/** A region that takes more cells is refused: it covers most of the earth. */
const MAX_CELLS = 12
/** Distinct corners of a loop, the first of which is named twice. */
const LEAST_LOOP_POINTS = 4
/** Text that the server's JSON parser does not take, though it is JSON. */
const REFUSED_TEXT = /[\0\p{Surrogate}]/u

/** A place on the sphere: the finest cell around it. */
export interface GeoPoint {
  readonly kind: 'point'
  readonly cell: bigint
}

/** A part of the sphere. */
export interface GeoRegion {
  readonly kind: 'region'
  /** Whether the middle of that finest cell is in it. */
  contains(cell: bigint): boolean
  /** The cells that cover it, as {@link coverRegion}; `undefined` when they are too many. */
  cover(): readonly bigint[] | undefined
}

export type Geometry = GeoPoint | GeoRegion

interface Part extends Coverable {
  containsPoint(point: s2.Point): boolean
}

/** The geometry that a GeoJSON text is; `undefined` when the server would refuse it. Source: geojson.cc. */
export function readGeometry(text: Uint8Array): Geometry | undefined {
  const value = parseJson(text)
  if (!isObject(value)) return undefined
  const geometry = value['type'] === 'Feature' ? value['geometry'] : value
  return isObject(geometry) ? geometryOf(geometry['type'], geometry['coordinates']) : undefined
}

/** Whether one of the two is a region and the other a point in it. */
export function areMatching(first: Geometry, second: Geometry): boolean {
  if (first.kind === 'region') return second.kind === 'point' && first.contains(second.cell)
  return second.kind === 'region' && second.contains(first.cell)
}

function parseJson(text: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text), checkValue)
  } catch {
    return undefined
  }
}

function checkValue(name: string, value: unknown): unknown {
  const isRefused = (item: unknown) =>
    typeof item === 'string' ? REFUSED_TEXT.test(item) : typeof item === 'number' && !Number.isFinite(item)
  if (isRefused(name) || isRefused(value)) throw new Error('not for the server')
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function geometryOf(type: unknown, coordinates: unknown): Geometry | undefined {
  if (!Array.isArray(coordinates)) return undefined
  switch (type) {
    case 'Point': {
      const point = pointOf(coordinates)
      return point === undefined
        ? undefined
        : { kind: 'point', cell: BigInt.asUintN(64, s2.cellid.fromPoint(point)) }
    }
    case 'Polygon': {
      const polygon = polygonOf(coordinates)
      return polygon === undefined ? undefined : regionOf(polygon, [polygon])
    }
    case 'MultiPolygon': {
      const polygons = allOf(coordinates, polygonOf)
      return polygons === undefined ? undefined : regionOf(unionOf(polygons), polygons)
    }
    case 'AeroCircle': {
      const cap = circleOf(coordinates)
      return cap === undefined ? undefined : regionOf(cap, [cap])
    }
    default:
      return undefined
  }
}

function regionOf(whole: Coverable, parts: readonly Part[]): GeoRegion {
  return {
    kind: 'region',
    contains: (cell) => {
      const point = s2.cellid.point(cell)
      return parts.some((part) => part.containsPoint(point))
    },
    cover: () => {
      const cells = coverRegion(whole).map((cell) => BigInt.asUintN(64, cell))
      return cells.length > MAX_CELLS ? undefined : cells
    },
  }
}

function allOf<Item>(
  values: readonly unknown[],
  read: (value: unknown) => Item | undefined,
): Item[] | undefined {
  const items = values.map(read)
  return items.every((item) => item !== undefined) ? (items as Item[]) : undefined
}

function pointOf(value: unknown): s2.Point | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined
  const [longitude, latitude] = value as readonly unknown[]
  if (typeof longitude !== 'number' || typeof latitude !== 'number') return undefined
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined
  return s2.Point.fromLatLng(s2.LatLng.fromDegrees(latitude, longitude))
}

function circleOf([middle, meters, ...rest]: readonly unknown[]): Part | undefined {
  const center = pointOf(middle)
  if (center === undefined || typeof meters !== 'number' || rest.length > 0) return undefined
  return s2.Cap.fromCenterAngle(center, meters / EARTH_RADIUS_METERS)
}

/** Which loops are holes follows from what lies in what, not from their order or direction. */
function polygonOf(value: unknown): PolygonPart | undefined {
  const loops = Array.isArray(value) ? allOf(value, loopOf) : undefined
  return loops === undefined ? undefined : new PolygonPart(new s2.Polygon(loops))
}

function loopOf(value: unknown): s2.Loop | undefined {
  const all = Array.isArray(value) ? allOf(value, pointOf) : undefined
  const points = all?.filter((point, index) => index === 0 || !isSame(point, all[index - 1] as s2.Point))
  if (points === undefined || points.length < LEAST_LOOP_POINTS) return undefined
  if (!isSame(points[0] as s2.Point, points.pop() as s2.Point)) return undefined
  const loop = new s2.Loop(points)
  loop.normalize()
  return loop
}

function isSame(a: s2.Point, b: s2.Point): boolean {
  return a.x === b.x && a.y === b.y && a.z === b.z
}

class PolygonPart implements Part {
  readonly polygon: s2.Polygon

  constructor(polygon: s2.Polygon) {
    this.polygon = polygon
  }

  containsPoint(point: s2.Point): boolean {
    return this.polygon.containsPoint(point)
  }

  containsCell(cell: s2.Cell): boolean {
    return this.polygon.containsCell(cell)
  }

  intersectsCell(cell: s2.Cell): boolean {
    return this.polygon.intersectsCell(cell)
  }

  /** Of the edges' index, as the server's library; the polygon's own is another. */
  cellUnionBound(): readonly bigint[] {
    return this.polygon.index.region().cellUnionBound()
  }
}

function unionOf(parts: readonly PolygonPart[]): Coverable {
  return {
    containsCell: (cell) => parts.some((part) => part.containsCell(cell)),
    intersectsCell: (cell) => parts.some((part) => part.intersectsCell(cell)),
    cellUnionBound: () => {
      const bound = parts.reduce((rect, { polygon }) => rect.union(polygon.rectBound()), s2.Rect.emptyRect())
      return bound.capBound().cellUnionBound()
    },
  }
}
