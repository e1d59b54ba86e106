import { readShortAscii, SHORT_ASCII_MAX } from './short-ascii.ts'

/** Longest text that {@link TextCache} takes, in bytes. */
export const CACHED_TEXT_MAX: number = SHORT_ASCII_MAX

const SLOTS = 512

/**
 * Remembers short ASCII texts that come again and again, such as the keys of maps: a text that is known is found by comparing
 * bytes, and it is the very string that objects know as a property name, so that storing under it costs half
 * (bench/text.bench.ts: 33 against 66 ns a key). Bounded: one text a slot, the latest wins.
 */
export class TextCache {
  readonly #texts: string[] = new Array<string>(SLOTS).fill('')

  /**
   * The `length` (at most {@link CACHED_TEXT_MAX}) bytes at `offset` as text, or `undefined` when one of them is not ASCII. The
   * caller has checked the bounds.
   */
  read(bytes: Uint8Array, offset: number, length: number): string | undefined {
    let hash = length
    for (let index = 0; index < length; index++) {
      hash = (Math.imul(hash, 31) + (bytes[offset + index] as number)) | 0
    }
    const slot = (hash ^ (hash >>> 9)) & (SLOTS - 1)
    const known = this.#texts[slot] as string
    if (known.length === length) {
      let index = 0
      while (index < length && known.charCodeAt(index) === bytes[offset + index]) index++
      if (index === length) return known
    }
    const text = readShortAscii(bytes, offset, length)
    if (text !== undefined) this.#texts[slot] = asPropertyName(text)
    return text
  }
}

/** The same text as the engine keeps it for property names. */
function asPropertyName(text: string): string {
  return Object.keys({ [text]: true })[0] as string
}
