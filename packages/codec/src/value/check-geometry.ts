/*
 * What servers take for a geometry: a point, a polygon, several polygons or a circle, alone or as the geometry of a feature.
 * Source: as/src/geospatial/geojson.cc of the server.
 */

const EVERYWHERE = 'Point, Polygon, MultiPolygon, AeroCircle'

type Member = { readonly [name: string]: unknown }

/** What is amiss with a geometry and where, as `coordinates[1] is …`; `undefined` when nothing is. */
export function wrongOfGeometry(text: string): string | undefined {
  let geometry: unknown
  try {
    geometry = JSON.parse(text)
  } catch (error) {
    return `the text is no JSON: ${(error as Error).message}`
  }
  if (!isObject(geometry)) return 'it is no object'
  if (geometry['type'] !== 'Feature') return ofShape(geometry, '', `${EVERYWHERE}, Feature`)
  const inner = geometry['geometry']
  return isObject(inner) ? ofShape(inner, 'geometry.', EVERYWHERE) : 'geometry is no object'
}

function ofShape(shape: Member, where: string, types: string): string | undefined {
  const place = `${where}coordinates`
  const { type, coordinates } = shape
  switch (type) {
    case 'Point':
      return ofPoint(coordinates, place)
    case 'Polygon':
      return ofEach(coordinates, place, 'a list of rings', ofRing)
    case 'MultiPolygon':
      return ofEach(coordinates, place, 'a list of polygons', (polygon, at) =>
        ofEach(polygon, at, 'a list of rings', ofRing),
      )
    case 'AeroCircle':
      if (!Array.isArray(coordinates) || coordinates.length !== 2)
        return `${place} is no list of a point and a radius`
      if (typeof coordinates[1] !== 'number') return `${place}[1] is no radius in meters`
      return ofPoint(coordinates[0], `${place}[0]`)
    default:
      return `${where}type is none of ${types}`
  }
}

function ofEach(
  list: unknown,
  place: string,
  what: string,
  each: (element: unknown, place: string) => string | undefined,
): string | undefined {
  if (!Array.isArray(list)) return `${place} is not ${what}`
  for (const [index, element] of list.entries()) {
    const wrong = each(element, `${place}[${index}]`)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function ofRing(ring: unknown, place: string): string | undefined {
  const wrong = ofEach(ring, place, 'a list of points', ofPoint)
  if (wrong !== undefined) return wrong
  const points = ring as readonly (readonly [number, number])[]
  const different = points.filter((point, index) => index === 0 || !isSame(point, points[index - 1]))
  if (different.length < 4) return `${place} has less than 4 points, the first and the last being the same`
  return isSame(different[0], different.at(-1)) ? undefined : `${place} does not end where it begins`
}

type Point = readonly [number, number] | undefined

function isSame(left: Point, right: Point): boolean {
  return left?.[0] === right?.[0] && left?.[1] === right?.[1]
}

function ofPoint(point: unknown, place: string): string | undefined {
  if (!Array.isArray(point) || point.length !== 2) return `${place} is no list of longitude and latitude`
  const [longitude, latitude] = point as readonly unknown[]
  if (!isWithin(longitude, 180)) return `${place}[0] is no longitude, -180 to 180`
  return isWithin(latitude, 90) ? undefined : `${place}[1] is no latitude, -90 to 90`
}

function isWithin(value: unknown, most: number): boolean {
  return typeof value === 'number' && value >= -most && value <= most
}

function isObject(value: unknown): value is Member {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
