export function geoJsonFromWire(source: Uint8Array): Uint8Array | undefined {
  return source.slice()
}
