import type { ByteReader } from '@aero/codec'

/*
 * request    :=  header:22   field*   operation*       nothing may follow
 * field      :=  size:u32   type:u8   payload:[size - 1]
 * operation  :=  size:u32   type:u8   particle type:u8   flags:u8   name length:u8   name   [time:8 when flags & 1]   value
 *
 * The first byte of the header, its own size, is not looked at: the server ignores it.
 */
const HEADER_BYTES = 22
const FIELD_HEADER_BYTES = 5
const OPERATION_HEADER_BYTES = 8
const HAS_TIME = 0x01
const TIME_BYTES = 8

/** Types of fields above this are skipped, as the server skips what it does not know. */
const FIELD_TYPES = 64

const NO_BYTES = new Uint8Array(0)

/**
 * A request on records, read where it lies in the receive buffer: where its fields and operations begin and end. One object
 * serves a connection for all its requests, one after the other; what it says is valid until the next.
 *
 * It keeps to what the real server checks and to the order it checks in, which is less strict than what a client may send:
 * the codec's own decoders are for the client's side.
 */
export class Request {
  bytes: Uint8Array = NO_BYTES
  info1 = 0
  info2 = 0
  info3 = 0
  info4 = 0
  generation = 0
  /** Unsigned: -1 is 4294967295. */
  expiration = 0
  /** How long the client waits, in milliseconds; 0: it does not say. */
  timeoutMs = 0
  operationCount = 0
  /** Type of each operation. */
  operationType: Uint8Array = new Uint8Array(16)
  particleType: Uint8Array = new Uint8Array(16)
  nameStart: Uint32Array = new Uint32Array(16)
  nameEnd: Uint32Array = new Uint32Array(16)
  valueStart: Uint32Array = new Uint32Array(16)
  valueEnd: Uint32Array = new Uint32Array(16)

  // A field is present when its stamp is the current request's: nothing has to be cleared between requests.
  #stamp = 0
  readonly #fieldStamp = new Float64Array(FIELD_TYPES)
  readonly #fieldStart = new Uint32Array(FIELD_TYPES)
  readonly #fieldEnd = new Uint32Array(FIELD_TYPES)

  /** Reads a message's body. `false` when it is malformed, which the server answers with 4. */
  read(body: ByteReader): boolean {
    const { bytes, view, end } = body
    const start = body.position
    this.bytes = bytes
    if (end - start < HEADER_BYTES) return false
    this.info1 = bytes[start + 1] as number
    this.info2 = bytes[start + 2] as number
    this.info3 = bytes[start + 3] as number
    this.info4 = bytes[start + 4] as number
    this.generation = view.getUint32(start + 6)
    this.expiration = view.getUint32(start + 10)
    this.timeoutMs = view.getUint32(start + 14)
    const fieldCount = view.getUint16(start + 18)
    const operationCount = view.getUint16(start + 20)

    const stamp = ++this.#stamp
    let position = start + HEADER_BYTES
    for (let index = 0; index < fieldCount; index++) {
      if (position + FIELD_HEADER_BYTES > end) return false
      const size = view.getUint32(position)
      if (size === 0) return false
      const type = bytes[position + 4] as number
      const fieldEnd = position + 4 + size
      // Of two fields of one type the first counts.
      if (type < FIELD_TYPES && this.#fieldStamp[type] !== stamp) {
        this.#fieldStamp[type] = stamp
        this.#fieldStart[type] = position + FIELD_HEADER_BYTES
        this.#fieldEnd[type] = fieldEnd
      }
      position = fieldEnd
    }

    this.operationCount = operationCount
    if (operationCount > this.operationType.length) this.#grow(operationCount)
    for (let index = 0; index < operationCount; index++) {
      if (position + OPERATION_HEADER_BYTES > end) return false
      const size = view.getUint32(position)
      const nameLength = bytes[position + 7] as number
      const timeBytes = ((bytes[position + 6] as number) & HAS_TIME) === 0 ? 0 : TIME_BYTES
      if (4 + nameLength + timeBytes > size) return false
      const nameStart = position + OPERATION_HEADER_BYTES
      this.operationType[index] = bytes[position + 4] as number
      this.particleType[index] = bytes[position + 5] as number
      this.nameStart[index] = nameStart
      this.nameEnd[index] = nameStart + nameLength
      this.valueStart[index] = nameStart + nameLength + timeBytes
      position += 4 + size
      this.valueEnd[index] = position
    }
    return position === end
  }

  hasField(type: number): boolean {
    return this.#fieldStamp[type] === this.#stamp
  }

  /** Where the payload of a field that is there begins. */
  fieldStart(type: number): number {
    return this.#fieldStart[type] as number
  }

  fieldEnd(type: number): number {
    return this.#fieldEnd[type] as number
  }

  /** Bytes of a field's payload; 0 when it is absent. */
  fieldLength(type: number): number {
    return this.hasField(type) ? (this.#fieldEnd[type] as number) - (this.#fieldStart[type] as number) : 0
  }

  /** A copy of a field's payload; empty when it is absent. */
  copyField(type: number): Uint8Array {
    return this.hasField(type) ? this.bytes.slice(this.#fieldStart[type], this.#fieldEnd[type]) : NO_BYTES
  }

  /** Whether the field's payload is exactly these bytes. */
  fieldEquals(type: number, expected: Uint8Array): boolean {
    if (this.fieldLength(type) !== expected.length) return false
    const start = this.fieldStart(type)
    for (let index = 0; index < expected.length; index++) {
      if (this.bytes[start + index] !== expected[index]) return false
    }
    return true
  }

  /** A copy of an operation's value, in its own memory. */
  copyValue(index: number): Uint8Array {
    return this.bytes.slice(this.valueStart[index], this.valueEnd[index])
  }

  /** A copy of the name of an operation's bin, in its own memory. */
  copyName(index: number): Uint8Array {
    return this.bytes.slice(this.nameStart[index], this.nameEnd[index])
  }

  #grow(count: number): void {
    this.operationType = new Uint8Array(count)
    this.particleType = new Uint8Array(count)
    this.nameStart = new Uint32Array(count)
    this.nameEnd = new Uint32Array(count)
    this.valueStart = new Uint32Array(count)
    this.valueEnd = new Uint32Array(count)
  }
}
