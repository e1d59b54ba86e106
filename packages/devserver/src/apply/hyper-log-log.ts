/*
 * HyperLogLog  :=  flags:u8 = 0   index bits:u8   minhash bits:u8   cached estimate:8   registers
 */
const HEADER_BYTES = 11
const REGISTER_BITS = 6
const INDEX_BITS = { least: 4, most: 16 } as const
const MINHASH_BITS = { least: 4, most: 51 } as const
const MOST_BITS_TOGETHER = 64

/** Whether these are the bytes of a HyperLogLog: a known header, and as many registers as it says. */
export function isHyperLogLog(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES || bytes[0] !== 0) return false
  const indexBits = bytes[1] as number
  const minhashBits = bytes[2] as number
  if (indexBits < INDEX_BITS.least || indexBits > INDEX_BITS.most) return false
  const hasMinhash = minhashBits >= MINHASH_BITS.least && minhashBits <= MINHASH_BITS.most
  if (minhashBits !== 0 && !(hasMinhash && indexBits + minhashBits <= MOST_BITS_TOGETHER)) return false
  return bytes.length === HEADER_BYTES + Math.ceil(((REGISTER_BITS + minhashBits) * 2 ** indexBits) / 8)
}
