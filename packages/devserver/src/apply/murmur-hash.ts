const C1 = 0x87c37b91114253d5n
const C2 = 0x4cf5ad432745937fn

/** MurmurHash3 for 64-bit machines, 128 bits, seed 0: two unsigned halves. Public domain algorithm by Austin Appleby. */
export function murmurHash128(input: Uint8Array): readonly [bigint, bigint] {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const whole = input.length - (input.length % 16)
  let first = 0n
  let second = 0n
  for (let at = 0; at < whole; at += 16) {
    first ^= mixFirst(view.getBigUint64(at, true))
    first = wrap(wrap(rotate(first, 27n) + second) * 5n + 0x52dce729n)
    second ^= mixSecond(view.getBigUint64(at + 8, true))
    second = wrap(wrap(rotate(second, 31n) + first) * 5n + 0x38495ab5n)
  }
  second ^= mixSecond(littleEndian(input.subarray(whole + 8)))
  first ^= mixFirst(littleEndian(input.subarray(whole, whole + 8)))
  first ^= BigInt(input.length)
  second ^= BigInt(input.length)
  first = wrap(first + second)
  second = wrap(second + first)
  first = finish(first)
  second = finish(second)
  first = wrap(first + second)
  return [first, wrap(second + first)]
}

function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value)
}

function rotate(value: bigint, bits: bigint): bigint {
  return wrap(value << bits) | (value >> (64n - bits))
}

function mixFirst(block: bigint): bigint {
  return wrap(rotate(wrap(block * C1), 31n) * C2)
}

function mixSecond(block: bigint): bigint {
  return wrap(rotate(wrap(block * C2), 33n) * C1)
}

function finish(value: bigint): bigint {
  let mixed = wrap((value ^ (value >> 33n)) * 0xff51afd7ed558ccdn)
  mixed = wrap((mixed ^ (mixed >> 33n)) * 0xc4ceb9fe1a85ec53n)
  return mixed ^ (mixed >> 33n)
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (let index = Math.min(bytes.length, 8) - 1; index >= 0; index--)
    value = (value << 8n) | BigInt(bytes[index] as number)
  return value
}
