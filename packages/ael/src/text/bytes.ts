const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The bytes that a text holds as base64; undefined when it holds none so. */
export function bytesFromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const digits = text.replace(/=+$/, '')
  const bytes = new Uint8Array((digits.length * 3) >> 2)
  let bits = 0
  let held = 0
  let position = 0
  for (const digit of digits) {
    bits = (bits << 6) | ALPHABET.indexOf(digit)
    held += 6
    if (held < 8) continue
    held -= 8
    bytes[position++] = (bits >> held) & 0xff
  }
  return bytes
}

/** The bytes that a text holds in hexadecimal digits; undefined when it holds none so. */
export function bytesFromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  )
}
