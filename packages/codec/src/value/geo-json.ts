import { EncodeError } from '../errors.ts'
import { wrongOfGeometry } from './check-geometry.ts'

/**
 * A GeoJSON geometry, kept as the text that is stored: a `Point`, `Polygon`, `MultiPolygon` or `AeroCircle`, or a `Feature` of
 * one. {@link GeoJson.of} checks it; the constructor takes a text as it is, and the server answers with an error (160) to what
 * it does not understand.
 *
 * @example
 * ```ts
 * import { GeoJson } from '@aero/codec'
 * const rome = GeoJson.of({ type: 'Point', coordinates: [12.49, 41.89] })
 * console.log(rome.text) // {"type":"Point","coordinates":[12.49,41.89]}
 * ```
 */
export class GeoJson {
  /** The JSON text as written or as the server gave it back. */
  readonly text: string

  /** @throws EncodeError when `text` is not a string. */
  constructor(text: string) {
    if (typeof text !== 'string') throw new EncodeError('', `GeoJson takes a text, not a ${typeof text}`)
    this.text = text
  }

  /**
   * @param geometry the text itself, or an object to be printed as JSON
   * @throws EncodeError when it is neither, or no geometry that servers take: the error tells where.
   */
  static of(geometry: string | object): GeoJson {
    const isObject = typeof geometry === 'object' && geometry !== null
    const made = makeGeoJson(isObject ? JSON.stringify(geometry) : (geometry as string))
    const wrong = wrongOfGeometry(made.text)
    if (wrong !== undefined) throw new EncodeError('', `no geometry: ${wrong}`)
    return made
  }

  toString(): string {
    return this.text
  }

  /**
   * The geometry as an object.
   *
   * @throws SyntaxError when the text is not JSON.
   */
  toJSON(): unknown {
    return JSON.parse(this.text)
  }
}

// A class that names itself in its own body is renamed by the bundler, and users would see that name.
function makeGeoJson(text: string): GeoJson {
  return new GeoJson(text)
}
