import { readShortAscii, SHORT_ASCII_MAX } from './short-ascii.ts'

/** Longest text that {@link TextCache} takes, in bytes. */
export const CACHED_TEXT_MAX: number = SHORT_ASCII_MAX

const SLOTS = 4096

/**
 * Remembers short ASCII texts that come again and again, such as the keys of maps: a text that is known is found by comparing
 * bytes, and from its second time on it is the very string that objects know as a property name, so that storing under it costs
 * half (bench/text.bench.ts: 33 against 66 ns a key). Bounded: one text a slot, the latest wins.
 */
export class TextCache {
  readonly #texts: string[] = new Array<string>(SLOTS).fill('')
  /** 1 where the text is a property name already. */
  readonly #isName: Uint8Array = new Uint8Array(SLOTS)

  /**
   * The `length` (at most {@link CACHED_TEXT_MAX}) bytes at `offset` as text, or `undefined` when one of them is not ASCII. The
   * caller has checked the bounds.
   */
  read(bytes: Uint8Array, offset: number, length: number): string | undefined {
    let hash = length
    for (let index = 0; index < length; index++) {
      hash = (Math.imul(hash, 31) + (bytes[offset + index] as number)) | 0
    }
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1)
    const known = this.#texts[slot] as string
    if (known.length === length) {
      let index = 0
      while (index < length && known.charCodeAt(index) === bytes[offset + index]) index++
      if (index === length) return this.#isName[slot] === 1 ? known : this.#name(slot, known)
    }
    const text = readShortAscii(bytes, offset, length)
    if (text !== undefined) {
      this.#texts[slot] = text
      this.#isName[slot] = 0
    }
    return text
  }

  /** The same text as the engine keeps it for property names; that costs too much for a text that comes once. */
  #name(slot: number, text: string): string {
    const name = Object.keys({ [text]: true })[0] as string
    this.#texts[slot] = name
    this.#isName[slot] = 1
    return name
  }
}
