import { PACKED_KIND, PackedCursor } from './packed-cursor.ts'

/**
 * The payload of an operation on bits or a HyperLogLog: a list of its number and its arguments. Everything that is asked of
 * it is `undefined` when something else stands there, and the operation is refused with 4.
 */
export class CallReader {
  readonly cursor: PackedCursor
  /** Number of arguments; -1: this is no call. */
  readonly count: number
  readonly opcode: number

  constructor(payload: Uint8Array) {
    this.cursor = new PackedCursor(payload)
    const isList = this.cursor.next() && this.cursor.kind === PACKED_KIND.list
    const count = isList ? this.cursor.count - 1 : -1
    const opcode = count < 0 ? undefined : this.integer()
    this.count = opcode === undefined ? -1 : count
    this.opcode = opcode === undefined ? -1 : Number(opcode)
  }

  /** An integer, signed as it stands there. */
  integer(): bigint | undefined {
    return this.cursor.next() && this.cursor.kind === PACKED_KIND.integer ? this.cursor.integer : undefined
  }

  /** An integer taken as 64 bits without sign, as the server takes flags and sizes. */
  unsigned(): bigint | undefined {
    const value = this.integer()
    return value === undefined ? undefined : BigInt.asUintN(64, value)
  }

  boolean(): boolean | undefined {
    if (!this.cursor.next()) return undefined
    if (this.cursor.kind === PACKED_KIND.true) return true
    return this.cursor.kind === PACKED_KIND.false ? false : undefined
  }

  /** The content of a blob or text, without the byte that says which. */
  bytes(): Uint8Array | undefined {
    const { cursor } = this
    const isBytes = cursor.next() && BYTES.has(cursor.kind) && cursor.length > 0
    return isBytes ? cursor.bytes.subarray(cursor.start + 1, cursor.start + cursor.length) : undefined
  }

  /** The number of elements of a list, whose elements come next. */
  list(): number | undefined {
    return this.cursor.next() && this.cursor.kind === PACKED_KIND.list ? this.cursor.count : undefined
  }
}

const BYTES: ReadonlySet<number> = new Set([PACKED_KIND.blob, PACKED_KIND.string, PACKED_KIND.geoJson])
