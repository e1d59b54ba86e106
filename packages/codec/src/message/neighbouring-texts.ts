import { PARTICLE_TYPE } from '../value/particle-type.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import { SHORT_ASCII_MAX } from '../wire/short-ascii.ts'
import { readUtf8 } from '../wire/text.ts'
import { OPERATION_HEADER_BYTES, OPERATION_HEADER_OFFSET } from './operations.ts'

/**
 * Longest stretch of a record that is read at once, in bytes. Engines cut a text out of a longer one without copying, so this is also the
 * most memory that a text kept for itself can keep alive ({@link NeighbouringTexts}).
 */
const MOST_SHARED_BYTES = 1024
/** And how many times the length of its first text: among short texts, little is kept alive by one of them. */
const MOST_TIMES = 10

/** Operations below this size have a header that is ASCII too: three zeros, then the size. */
const ASCII_SIZE = 0x80

/**
 * Reads the texts of a record's bins, those that follow one another by one native call.
 *
 * Of the 63 ns of such a call for a text of 100 characters most is the call's own; nine of them read at once and cut apart take 22 ns
 * each. What lies between two texts, the header of an operation and the name of a bin, is ASCII as a rule: a stretch may be cut where
 * bytes are when every byte of it became one character, and is read text by text otherwise.
 *
 * A text that was cut out shares its memory with its neighbours: {@link MOST_SHARED_BYTES} bytes at most, whatever is kept (decision 14).
 *
 * One object serves all records, one after the other: `begin`, then `read` for the texts in order.
 */
export class NeighbouringTexts {
  #start = 0
  /** Where the stretch ends that was read last, whether it may be cut or not. */
  #end = 0
  /** That stretch, if it may be cut. */
  #text: string | undefined

  /** Begins with another record. */
  begin(): void {
    this.#end = 0
  }

  /**
   * Reads the text from the reader's position to `end`, the end of an operation, and moves there. Bytes that are not UTF-8 become U+FFFD.
   * The caller has checked the bounds.
   *
   * @param following operations that come behind this one, whole or not
   */
  read(body: ByteReader, end: number, following: number): string {
    const start = body.position
    body.position = end
    if (end > this.#end) this.#readStretch(body, start, following)
    const text = this.#text
    if (text === undefined) return readUtf8(body.bytes, start, end - start)
    return text.substring(start - this.#start, end - this.#start)
  }

  /** Reads what begins at `start` and ends with the operation before the reader's position, or with one of those that follow. */
  #readStretch(body: ByteReader, start: number, following: number): void {
    const { position } = body
    const length = position - start
    this.#text = undefined
    if (length <= SHORT_ASCII_MAX) return
    const end = stretchEnd(body, start + Math.min(MOST_SHARED_BYTES, MOST_TIMES * length), following)
    this.#start = start
    this.#end = end
    if (end === position) return
    const text = readUtf8(body.bytes, start, end - start)
    if (text.length === end - start) this.#text = text
  }
}

/** Where the last operation ends that is a short text, lies before `limit` and is joined to the reader's position by others like it. */
function stretchEnd(body: ByteReader, limit: number, following: number): number {
  const { bytes, position } = body
  const last = Math.min(limit, body.end)
  let end = position
  for (let left = following; left > 0 && end + OPERATION_HEADER_BYTES <= last; left--) {
    const size = body.view.getUint32(end)
    if (size >= ASCII_SIZE || bytes[end + OPERATION_HEADER_OFFSET.particleType] !== PARTICLE_TYPE.string)
      break
    const next = end + OPERATION_HEADER_OFFSET.type + size
    if (next > last) break
    end = next
  }
  return end
}
