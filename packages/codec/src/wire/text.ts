import { EncodeError } from '../errors.ts'
import { readShortAscii, SHORT_ASCII_MAX } from './short-ascii.ts'

/**
 * UTF-8, with loops for short ASCII: up to about two dozen characters a loop writes faster than the native call, and up to
 * sixteen a single `fromCharCode` reads faster; beyond that the native calls win (bench/text.bench.ts).
 */
const SHORT_WRITE = 24

// Stateless here: neither is ever called in streaming mode.
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

type ReadSlice = (this: Uint8Array, start: number, end: number) => string
/**
 * Node's reader of UTF-8 out of any bytes: it wants no view of them, which halves the time of a text of 100 characters
 * (bench/text.bench.ts). Elsewhere the standard decoder does it alone.
 */
const readSlice: ReadSlice | undefined = (
  globalThis as { readonly Buffer?: { readonly prototype: { readonly utf8Slice?: ReadSlice } } }
).Buffer?.prototype.utf8Slice
/** From about here on both take the same time. */
const LONGEST_SLICE = 1024

/**
 * Writes `text` at `offset`, which must have room for `3 * text.length` bytes.
 *
 * @returns the number of bytes written.
 * @throws EncodeError when `text` contains a lone surrogate: UTF-8 has no form for it, and the native encoder would put
 *   U+FFFD in its place without a word.
 */
export function writeUtf8(bytes: Uint8Array, offset: number, text: string): number {
  const length = text.length
  if (length <= SHORT_WRITE) {
    let index = 0
    for (; index < length; index++) {
      const unit = text.charCodeAt(index)
      if (unit > 0x7f) break
      bytes[offset + index] = unit
    }
    if (index === length) return length
  }
  const written = encoder.encodeInto(text, bytes.subarray(offset)).written
  // As many bytes as units means ASCII throughout; only other text can be ill-formed.
  if (written !== length && !text.isWellFormed()) throw loneSurrogate()
  return written
}

/** What the native encoder managed to write into the room there was. */
export interface PartialText {
  /** UTF-16 units of the text that were taken. */
  readonly read: number
  /** Bytes that they became. */
  readonly written: number
}

/** Writes as much of `text` at `offset` as there is room for, whole characters only. */
export function writePartialUtf8(bytes: Uint8Array, offset: number, text: string): PartialText {
  return encoder.encodeInto(text, bytes.subarray(offset))
}

/** Refuses text that is not well-formed UTF-16. */
export function checkWellFormed(text: string): void {
  if (!text.isWellFormed()) throw loneSurrogate()
}

function loneSurrogate(): EncodeError {
  return new EncodeError('', 'text with a lone surrogate, which UTF-8 cannot carry')
}

/** Reads `length` bytes at `offset` as UTF-8. Bytes that are not UTF-8 become U+FFFD. The caller has checked the bounds. */
export function readUtf8(bytes: Uint8Array, offset: number, length: number): string {
  if (length <= SHORT_ASCII_MAX) {
    const text = readShortAscii(bytes, offset, length)
    if (text !== undefined) return text
  }
  if (readSlice !== undefined && length <= LONGEST_SLICE)
    return readSlice.call(bytes, offset, offset + length)
  return decoder.decode(bytes.subarray(offset, offset + length))
}

/** Number of bytes `text` takes as UTF-8; a lone surrogate counts three, as the U+FFFD it would become. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes += 1
    else if (isLeadSurrogate(unit) && isTrailSurrogate(text.charCodeAt(index + 1))) {
      bytes += 2
      index += 1
    } else bytes += 2
  }
  return bytes
}

function isLeadSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

/** `NaN`, what `charCodeAt` gives beyond the end, is none. */
function isTrailSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}
