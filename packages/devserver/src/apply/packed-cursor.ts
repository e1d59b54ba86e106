/**
 * A cursor over MessagePack as the server reads it, byte for byte: unlike the codec's reader it makes no values, and tells
 * apart what to a client is the same. Source: cf/src/msgpack_in.c of the server.
 */

/** Kinds of elements, in the order in which the server sorts them. */
export const PACKED_KIND = {
  nil: 1,
  false: 2,
  true: 3,
  integer: 5,
  string: 6,
  list: 7,
  map: 8,
  blob: 9,
  double: 10,
  geoJson: 11,
  extension: 12,
} as const

export type PackedKind = (typeof PACKED_KIND)[keyof typeof PACKED_KIND]

/** The first byte of a string, blob or GeoJSON inside a list or map: its particle type. */
const STRING_TYPE = 3
const GEO_JSON_TYPE = 23
/** Markers for comparisons, which are not values: an extension of this type with 1 to 3 bytes. */
const COMPARISON_EXTENSION = 0xff
const COMPARISON_BYTES = 4

export class PackedCursor {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly end: number
  position: number
  /** What {@link next} found. */
  kind: PackedKind = PACKED_KIND.nil
  /** Elements inside a list (n) or map (2n). */
  count = 0
  /** Of strings, blobs, GeoJSON and extensions: where the content begins. The particle type byte is part of it. */
  start = 0
  length = 0
  extensionType = 0
  double = 0
  integer = 0n
  /** Set by a comparison that came to a map without order, whose place among others means nothing. */
  metUnorderedMap = false

  constructor(bytes: Uint8Array, position = 0, end: number = bytes.length) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.position = position
    this.end = end
  }

  /** A marker for comparisons, which must not be stored. */
  get isComparison(): boolean {
    const isShort = this.length > 0 && this.length < COMPARISON_BYTES
    return this.kind === PACKED_KIND.extension && this.extensionType === COMPARISON_EXTENSION && isShort
  }

  /** Reads one element, or the head of a list or map. `false` when the bytes end early or mean nothing. */
  next(): boolean {
    if (this.position >= this.end) return false
    const head = this.bytes[this.position++] as number
    if (head < 0x80) return this.#integer(BigInt(head))
    if (head >= 0xe0) return this.#integer(BigInt(head - 0x100))
    if (head < 0x90) return this.#container(PACKED_KIND.map, 2 * (head & 0x0f))
    if (head < 0xa0) return this.#container(PACKED_KIND.list, head & 0x0f)
    if (head < 0xc0) return this.#text(head & 0x1f)
    return this.#nextLong(head)
  }

  /** Moves behind one whole element. */
  skip(): boolean {
    for (let left = 1; left > 0; left--) {
      if (!this.next()) return false
      if (this.kind === PACKED_KIND.list || this.kind === PACKED_KIND.map) left += this.count
    }
    return true
  }

  #nextLong(head: number): boolean {
    const { view, position } = this
    // 0xc0 to 0xdf: how many bytes of length or value follow the head.
    const width = WIDTH[head - 0xc0] as number
    if (width > this.end - position) return false
    this.position += width
    switch (head) {
      case 0xc0:
        return this.#simple(PACKED_KIND.nil)
      case 0xc2:
        return this.#simple(PACKED_KIND.false)
      case 0xc3:
        return this.#simple(PACKED_KIND.true)
      case 0xca:
        this.double = view.getFloat32(position)
        return this.#simple(PACKED_KIND.double)
      case 0xcb:
        this.double = view.getFloat64(position)
        return this.#simple(PACKED_KIND.double)
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#integer(BigInt(this.#unsigned(position, width)))
      case 0xcf:
        return this.#integer(view.getBigUint64(position))
      case 0xd0:
        return this.#integer(BigInt(view.getInt8(position)))
      case 0xd1:
        return this.#integer(BigInt(view.getInt16(position)))
      case 0xd2:
        return this.#integer(BigInt(view.getInt32(position)))
      case 0xd3:
        return this.#integer(view.getBigInt64(position))
      case 0xc4:
      case 0xc5:
      case 0xc6:
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(position, width))
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#unsigned(position, width))
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (head - 0xd4))
      case 0xdc:
      case 0xdd:
        return this.#container(PACKED_KIND.list, this.#unsigned(position, width))
      case 0xde:
      case 0xdf:
        return this.#container(PACKED_KIND.map, 2 * this.#unsigned(position, width))
      default:
        return false
    }
  }

  #unsigned(position: number, width: number): number {
    if (width === 1) return this.bytes[position] as number
    return width === 2 ? this.view.getUint16(position) : this.view.getUint32(position)
  }

  #simple(kind: PackedKind): boolean {
    this.kind = kind
    return true
  }

  #integer(value: bigint): boolean {
    this.kind = PACKED_KIND.integer
    this.integer = value
    return true
  }

  #container(kind: PackedKind, count: number): boolean {
    this.kind = kind
    this.count = count
    return true
  }

  #text(length: number): boolean {
    if (length > this.end - this.position) return false
    const type = length === 0 ? -1 : this.bytes[this.position]
    this.kind =
      type === STRING_TYPE
        ? PACKED_KIND.string
        : type === GEO_JSON_TYPE
          ? PACKED_KIND.geoJson
          : PACKED_KIND.blob
    return this.#content(length)
  }

  #extension(length: number): boolean {
    if (length + 1 > this.end - this.position) return false
    this.extensionType = this.bytes[this.position++] as number
    this.kind = PACKED_KIND.extension
    return this.#content(length)
  }

  #content(length: number): boolean {
    this.start = this.position
    this.length = length
    this.position += length
    return true
  }
}

/** Bytes after the heads 0xc0 to 0xdf that say a length or a value. */
const WIDTH: readonly number[] = [
  0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 0, 0, 0, 0, 0, 1, 2, 4, 2, 4, 2, 4,
]
