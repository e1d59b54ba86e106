import { DecodeError } from '../errors.ts'

/*
 * Three bytes in four characters (RFC 4648 §4, with padding). Own code, because `atob` works on strings of bytes and is not
 * in every language level, and `Buffer` is Node's alone.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const PADDING = 0x3d
const INVALID = 0xff

const VALUES: Uint8Array = new Uint8Array(128).fill(INVALID)
for (let index = 0; index < ALPHABET.length; index++) VALUES[ALPHABET.charCodeAt(index)] = index

/**
 * Bytes from base64 text; padding may be missing.
 *
 * @throws DecodeError for a character outside the alphabet or a length that no bytes have.
 */
export function parseBase64(text: string): Uint8Array {
  let length = text.length
  while (length > 0 && text.length - length < 2 && text.charCodeAt(length - 1) === PADDING) length--
  if (length % 4 === 1) throw new DecodeError(`base64 text of ${length} characters`, length)
  const bytes = new Uint8Array((length * 3) >> 2)
  let bits = 0
  let held = 0
  let position = 0
  for (let index = 0; index < length; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? INVALID
    if (value === INVALID) throw new DecodeError(`'${text[index]}' is not base64`, index)
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[position++] = held >> bits
    }
  }
  return bytes
}

/** Base64 text of bytes, padded. */
export function printBase64(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const first = bytes[index] as number
    const second = bytes[index + 1]
    const third = bytes[index + 2]
    text += ALPHABET[first >> 2]
    text += ALPHABET[((first & 3) << 4) | ((second ?? 0) >> 4)]
    text += second === undefined ? '=' : ALPHABET[((second & 15) << 2) | ((third ?? 0) >> 6)]
    text += third === undefined ? '=' : ALPHABET[third & 63]
  }
  return text
}
