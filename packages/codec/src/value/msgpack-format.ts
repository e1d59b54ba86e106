/**
 * First bytes of MessagePack items (github.com/msgpack/msgpack, spec.md), as far as the server knows them.
 *
 * The server's dialect: text and bytes both go under the `str` heads, with a particle type ({@link PARTICLE_TYPE}) as the
 * first byte, counted in the length; `bin` heads are read the same way. An ordered list or map tells so by an `ext` item in
 * front, which is counted as an element, or as a key with nil for its value.
 */
export const MSGPACK = {
  fixMap: 0x80,
  fixArray: 0x90,
  fixStr: 0xa0,
  nil: 0xc0,
  false: 0xc2,
  true: 0xc3,
  bin8: 0xc4,
  bin16: 0xc5,
  bin32: 0xc6,
  ext8: 0xc7,
  ext16: 0xc8,
  ext32: 0xc9,
  float32: 0xca,
  float64: 0xcb,
  uint8: 0xcc,
  uint16: 0xcd,
  uint32: 0xce,
  uint64: 0xcf,
  int8: 0xd0,
  int16: 0xd1,
  int32: 0xd2,
  int64: 0xd3,
  fixExt1: 0xd4,
  fixExt2: 0xd5,
  fixExt4: 0xd6,
  fixExt8: 0xd7,
  fixExt16: 0xd8,
  str8: 0xd9,
  str16: 0xda,
  str32: 0xdb,
  array16: 0xdc,
  array32: 0xdd,
  map16: 0xde,
  map32: 0xdf,
  negativeFixInt: 0xe0,
} as const

/**
 * `ext` types that have a meaning: flags of an ordered collection; of a result whose entries stand in the order in which they
 * were selected; and 255 for wildcard and infinity in comparisons.
 */
export const EXTENSION = { ordered: 0x01, keyValueOrdered: 0x03, selected: 0x08, comparison: 0xff } as const
