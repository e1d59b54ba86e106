/**
 * Bytes from hex. White space, `|` and everything after `#` on a line are ignored, so a frame can be laid out by its parts:
 *
 * ```ts
 * hex(`02 03 000000000016   # version 2, type 3, 22 bytes
 *      16 | 00 01 00 00`)
 * ```
 */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/#.*$/gm, '').replace(/[\s|]/g, '')
  if (digits.length % 2 !== 0) throw new Error(`hex: odd number of digits (${digits.length})`)
  if (!/^[0-9a-f]*$/i.test(digits)) throw new Error(`hex: not a hex digit: ${/[^0-9a-f]/i.exec(digits)?.[0]}`)
  const bytes = new Uint8Array(digits.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/** Hex of bytes: lower case, no separators, as in the vectors. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
