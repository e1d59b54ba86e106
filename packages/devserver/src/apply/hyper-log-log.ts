/*
 * HyperLogLog  :=  flags:u8 = 0   index bits:u8   minhash bits:u8   cached estimate:8   registers
 */
const HEADER_BYTES = 11
const REGISTER_BITS = 6
/** How many bits there may be: of the index, of the minhash unless it has none, of both together. */
export const HLL_BITS = {
  leastIndex: 4,
  mostIndex: 16,
  leastMinHash: 4,
  mostMinHash: 51,
  mostTogether: 64,
} as const

/** Whether these are the bytes of a HyperLogLog: a known header, and as many registers as it says. */
export function isHyperLogLog(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES || bytes[0] !== 0) return false
  const indexBits = bytes[1] as number
  const minhashBits = bytes[2] as number
  if (indexBits < HLL_BITS.leastIndex || indexBits > HLL_BITS.mostIndex) return false
  const hasMinhash = minhashBits >= HLL_BITS.leastMinHash && minhashBits <= HLL_BITS.mostMinHash
  if (minhashBits !== 0 && !(hasMinhash && indexBits + minhashBits <= HLL_BITS.mostTogether)) return false
  return bytes.length === HEADER_BYTES + Math.ceil(((REGISTER_BITS + minhashBits) * 2 ** indexBits) / 8)
}
