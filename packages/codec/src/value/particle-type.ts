/**
 * Types of a bin's value on the wire; the same numbers stand before the bytes of a text, blob, GeoJSON or HyperLogLog inside
 * a list or map. Source: as/include/base/datamodel.h of the server.
 *
 * 7 to 12 are blobs in which old clients kept objects serialised by their language: Java, C#, Python, Ruby, PHP, Erlang.
 */
export const PARTICLE_TYPE = {
  nil: 0,
  integer: 1,
  double: 2,
  string: 3,
  blob: 4,
  javaBlob: 7,
  csharpBlob: 8,
  pythonBlob: 9,
  rubyBlob: 10,
  phpBlob: 11,
  erlangBlob: 12,
  vector: 16,
  bool: 17,
  hyperLogLog: 18,
  map: 19,
  list: 20,
  geoJson: 23,
} as const

export type ParticleType = (typeof PARTICLE_TYPE)[keyof typeof PARTICLE_TYPE]
