const SECRET = [0xa0761d6478bd642fn, 0xe7037ed1a0b428dbn, 0x8ebc6af09c88c6e3n, 0x589965cc75374cc3n] as const
const SEED = 0x29fbb14cc886fn

/** wyhash, final version 3, 64 bits, with the server's seed: unsigned. Public domain algorithm by Wang Yi. */
export function wyHash64(input: Uint8Array): bigint {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const { length } = input
  let seed = SEED ^ SECRET[0]
  let first = 0n
  let second = 0n
  if (length > 16) {
    let at = 0
    let left = length
    if (left > 48) {
      let [two, three] = [seed, seed]
      do {
        seed = mixTwo(view, at, SECRET[1], seed)
        two = mixTwo(view, at + 16, SECRET[2], two)
        three = mixTwo(view, at + 32, SECRET[3], three)
        at += 48
        left -= 48
      } while (left > 48)
      seed ^= two ^ three
    }
    for (; left > 16; left -= 16, at += 16) seed = mixTwo(view, at, SECRET[1], seed)
    first = view.getBigUint64(at + left - 16, true)
    second = view.getBigUint64(at + left - 8, true)
  } else if (length >= 4) {
    const middle = (length >> 3) << 2
    first = twoHalves(view, 0, middle)
    second = twoHalves(view, length - 4, length - 4 - middle)
  } else if (length > 0) {
    const byteAt = (at: number) => BigInt(view.getUint8(at))
    first = (byteAt(0) << 16n) | (byteAt(length >> 1) << 8n) | byteAt(length - 1)
  }
  return mix(SECRET[1] ^ BigInt(length), mix(first ^ SECRET[1], second ^ seed))
}

function mixTwo(view: DataView, at: number, secret: bigint, seed: bigint): bigint {
  return mix(view.getBigUint64(at, true) ^ secret, view.getBigUint64(at + 8, true) ^ seed)
}

function twoHalves(view: DataView, high: number, low: number): bigint {
  return (BigInt(view.getUint32(high, true)) << 32n) | BigInt(view.getUint32(low, true))
}

/** Both halves of the product of 128 bits, laid over each other. */
function mix(a: bigint, b: bigint): bigint {
  const product = a * b
  return BigInt.asUintN(64, product) ^ (product >> 64n)
}
