/**
 * RIPEMD-160, the hash that makes digests out of keys (Dobbertin, Bosselaers, Preneel 1996; ISO/IEC 10118-3).
 *
 * Every step is written out, with the state in local variables that change roles instead of places: a block costs about
 * 0.3 µs where a loop over tables costs several times that (bench/digest.bench.ts).
 */

/** Bytes of a RIPEMD-160 hash. */
export const RIPEMD160_BYTES = 20

const BLOCK_BYTES = 64

// Scratch memory of one call; nothing in it outlives the call, and no call can begin inside another.
const state = new Int32Array(5)
const tail = new Uint8Array(2 * BLOCK_BYTES)
const tailView = new DataView(tail.buffer)

/**
 * Hashes the first `length` bytes of `input` and writes the 20 bytes of the hash to `output`, from `outputOffset` on.
 * `input` and `output` may be the same memory.
 */
export function ripemd160(input: Uint8Array, length: number, output: Uint8Array, outputOffset: number): void {
  state[0] = 0x67452301
  state[1] = 0xefcdab89 | 0
  state[2] = 0x98badcfe | 0
  state[3] = 0x10325476
  state[4] = 0xc3d2e1f0 | 0

  let done = 0
  if (length >= BLOCK_BYTES) {
    const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
    for (; length - done >= BLOCK_BYTES; done += BLOCK_BYTES) compress(view, done)
  }

  // The rest, the bit 1, zeros, and the length in bits as 64 bits, low word first: one block, or two when it does not fit.
  let end = 0
  for (; done < length; done++) tail[end++] = input[done] as number
  tail[end++] = 0x80
  const padded = end <= BLOCK_BYTES - 8 ? BLOCK_BYTES : 2 * BLOCK_BYTES
  tail.fill(0, end, padded - 8)
  tailView.setUint32(padded - 8, length << 3, true)
  tailView.setUint32(padded - 4, Math.floor(length / 0x2000_0000), true)
  compress(tailView, 0)
  if (padded > BLOCK_BYTES) compress(tailView, BLOCK_BYTES)
  writeState(output, outputOffset)
}

/** {@link ripemd160} of a message that is one block, with its padding. */
export function ripemd160Block(block: DataView, output: Uint8Array, outputOffset: number): void {
  state[0] = 0x67452301
  state[1] = 0xefcdab89 | 0
  state[2] = 0x98badcfe | 0
  state[3] = 0x10325476
  state[4] = 0xc3d2e1f0 | 0
  compress(block, 0)
  writeState(output, outputOffset)
}

function writeState(output: Uint8Array, outputOffset: number): void {
  let to = outputOffset
  for (let index = 0; index < 5; index++) {
    const word = state[index] as number
    output[to++] = word
    output[to++] = word >>> 8
    output[to++] = word >>> 16
    output[to++] = word >>> 24
  }
}

/*
 * One block of 64 bytes at `at`. a…e is the left line, v…z the right one; a step changes two of the five and the names move
 * on by one. After 80 steps the names are back where they began.
 */
// biome-ignore format: one step a line, left and right in turn
function compress(view: DataView, at: number): void {
  const m0 = view.getInt32(at, true)
  const m1 = view.getInt32(at + 4, true)
  const m2 = view.getInt32(at + 8, true)
  const m3 = view.getInt32(at + 12, true)
  const m4 = view.getInt32(at + 16, true)
  const m5 = view.getInt32(at + 20, true)
  const m6 = view.getInt32(at + 24, true)
  const m7 = view.getInt32(at + 28, true)
  const m8 = view.getInt32(at + 32, true)
  const m9 = view.getInt32(at + 36, true)
  const m10 = view.getInt32(at + 40, true)
  const m11 = view.getInt32(at + 44, true)
  const m12 = view.getInt32(at + 48, true)
  const m13 = view.getInt32(at + 52, true)
  const m14 = view.getInt32(at + 56, true)
  const m15 = view.getInt32(at + 60, true)

  const h0 = state[0] as number
  const h1 = state[1] as number
  const h2 = state[2] as number
  const h3 = state[3] as number
  const h4 = state[4] as number
  let a = h0, b = h1, c = h2, d = h3, e = h4
  let v = h0, w = h1, x = h2, y = h3, z = h4
  let t = 0

  // Round 1
  t = (a + (b ^ c ^ d) + m0) | 0; a = (((t << 11) | (t >>> 21)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (w ^ (x | ~y)) + m5 + 0x50a28be6) | 0; v = (((t << 8) | (t >>> 24)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (a ^ b ^ c) + m1) | 0; e = (((t << 14) | (t >>> 18)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (v ^ (w | ~x)) + m14 + 0x50a28be6) | 0; z = (((t << 9) | (t >>> 23)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (e ^ a ^ b) + m2) | 0; d = (((t << 15) | (t >>> 17)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (z ^ (v | ~w)) + m7 + 0x50a28be6) | 0; y = (((t << 9) | (t >>> 23)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (d ^ e ^ a) + m3) | 0; c = (((t << 12) | (t >>> 20)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (y ^ (z | ~v)) + m0 + 0x50a28be6) | 0; x = (((t << 11) | (t >>> 21)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (c ^ d ^ e) + m4) | 0; b = (((t << 5) | (t >>> 27)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (x ^ (y | ~z)) + m9 + 0x50a28be6) | 0; w = (((t << 13) | (t >>> 19)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (b ^ c ^ d) + m5) | 0; a = (((t << 8) | (t >>> 24)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (w ^ (x | ~y)) + m2 + 0x50a28be6) | 0; v = (((t << 15) | (t >>> 17)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (a ^ b ^ c) + m6) | 0; e = (((t << 7) | (t >>> 25)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (v ^ (w | ~x)) + m11 + 0x50a28be6) | 0; z = (((t << 15) | (t >>> 17)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (e ^ a ^ b) + m7) | 0; d = (((t << 9) | (t >>> 23)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (z ^ (v | ~w)) + m4 + 0x50a28be6) | 0; y = (((t << 5) | (t >>> 27)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (d ^ e ^ a) + m8) | 0; c = (((t << 11) | (t >>> 21)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (y ^ (z | ~v)) + m13 + 0x50a28be6) | 0; x = (((t << 7) | (t >>> 25)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (c ^ d ^ e) + m9) | 0; b = (((t << 13) | (t >>> 19)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (x ^ (y | ~z)) + m6 + 0x50a28be6) | 0; w = (((t << 7) | (t >>> 25)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (b ^ c ^ d) + m10) | 0; a = (((t << 14) | (t >>> 18)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (w ^ (x | ~y)) + m15 + 0x50a28be6) | 0; v = (((t << 8) | (t >>> 24)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (a ^ b ^ c) + m11) | 0; e = (((t << 15) | (t >>> 17)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (v ^ (w | ~x)) + m8 + 0x50a28be6) | 0; z = (((t << 11) | (t >>> 21)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (e ^ a ^ b) + m12) | 0; d = (((t << 6) | (t >>> 26)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (z ^ (v | ~w)) + m1 + 0x50a28be6) | 0; y = (((t << 14) | (t >>> 18)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (d ^ e ^ a) + m13) | 0; c = (((t << 7) | (t >>> 25)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (y ^ (z | ~v)) + m10 + 0x50a28be6) | 0; x = (((t << 14) | (t >>> 18)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (c ^ d ^ e) + m14) | 0; b = (((t << 9) | (t >>> 23)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (x ^ (y | ~z)) + m3 + 0x50a28be6) | 0; w = (((t << 12) | (t >>> 20)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (b ^ c ^ d) + m15) | 0; a = (((t << 8) | (t >>> 24)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (w ^ (x | ~y)) + m12 + 0x50a28be6) | 0; v = (((t << 6) | (t >>> 26)) + z) | 0; x = (x << 10) | (x >>> 22)
  // Round 2
  t = (e + (c ^ (a & (b ^ c))) + m7 + 0x5a827999) | 0; e = (((t << 7) | (t >>> 25)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (w ^ (x & (v ^ w))) + m6 + 0x5c4dd124) | 0; z = (((t << 9) | (t >>> 23)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (b ^ (e & (a ^ b))) + m4 + 0x5a827999) | 0; d = (((t << 6) | (t >>> 26)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (v ^ (w & (z ^ v))) + m11 + 0x5c4dd124) | 0; y = (((t << 13) | (t >>> 19)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (a ^ (d & (e ^ a))) + m13 + 0x5a827999) | 0; c = (((t << 8) | (t >>> 24)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (z ^ (v & (y ^ z))) + m3 + 0x5c4dd124) | 0; x = (((t << 15) | (t >>> 17)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (e ^ (c & (d ^ e))) + m1 + 0x5a827999) | 0; b = (((t << 13) | (t >>> 19)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (y ^ (z & (x ^ y))) + m7 + 0x5c4dd124) | 0; w = (((t << 7) | (t >>> 25)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (d ^ (b & (c ^ d))) + m10 + 0x5a827999) | 0; a = (((t << 11) | (t >>> 21)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (x ^ (y & (w ^ x))) + m0 + 0x5c4dd124) | 0; v = (((t << 12) | (t >>> 20)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (c ^ (a & (b ^ c))) + m6 + 0x5a827999) | 0; e = (((t << 9) | (t >>> 23)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (w ^ (x & (v ^ w))) + m13 + 0x5c4dd124) | 0; z = (((t << 8) | (t >>> 24)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (b ^ (e & (a ^ b))) + m15 + 0x5a827999) | 0; d = (((t << 7) | (t >>> 25)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (v ^ (w & (z ^ v))) + m5 + 0x5c4dd124) | 0; y = (((t << 9) | (t >>> 23)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (a ^ (d & (e ^ a))) + m3 + 0x5a827999) | 0; c = (((t << 15) | (t >>> 17)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (z ^ (v & (y ^ z))) + m10 + 0x5c4dd124) | 0; x = (((t << 11) | (t >>> 21)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (e ^ (c & (d ^ e))) + m12 + 0x5a827999) | 0; b = (((t << 7) | (t >>> 25)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (y ^ (z & (x ^ y))) + m14 + 0x5c4dd124) | 0; w = (((t << 7) | (t >>> 25)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (d ^ (b & (c ^ d))) + m0 + 0x5a827999) | 0; a = (((t << 12) | (t >>> 20)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (x ^ (y & (w ^ x))) + m15 + 0x5c4dd124) | 0; v = (((t << 7) | (t >>> 25)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (c ^ (a & (b ^ c))) + m9 + 0x5a827999) | 0; e = (((t << 15) | (t >>> 17)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (w ^ (x & (v ^ w))) + m8 + 0x5c4dd124) | 0; z = (((t << 12) | (t >>> 20)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (b ^ (e & (a ^ b))) + m5 + 0x5a827999) | 0; d = (((t << 9) | (t >>> 23)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (v ^ (w & (z ^ v))) + m12 + 0x5c4dd124) | 0; y = (((t << 7) | (t >>> 25)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (a ^ (d & (e ^ a))) + m2 + 0x5a827999) | 0; c = (((t << 11) | (t >>> 21)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (z ^ (v & (y ^ z))) + m4 + 0x5c4dd124) | 0; x = (((t << 6) | (t >>> 26)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (e ^ (c & (d ^ e))) + m14 + 0x5a827999) | 0; b = (((t << 7) | (t >>> 25)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (y ^ (z & (x ^ y))) + m9 + 0x5c4dd124) | 0; w = (((t << 15) | (t >>> 17)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (d ^ (b & (c ^ d))) + m11 + 0x5a827999) | 0; a = (((t << 13) | (t >>> 19)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (x ^ (y & (w ^ x))) + m1 + 0x5c4dd124) | 0; v = (((t << 13) | (t >>> 19)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (c ^ (a & (b ^ c))) + m8 + 0x5a827999) | 0; e = (((t << 12) | (t >>> 20)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (w ^ (x & (v ^ w))) + m2 + 0x5c4dd124) | 0; z = (((t << 11) | (t >>> 21)) + y) | 0; w = (w << 10) | (w >>> 22)
  // Round 3
  t = (d + ((e | ~a) ^ b) + m3 + 0x6ed9eba1) | 0; d = (((t << 11) | (t >>> 21)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + ((z | ~v) ^ w) + m15 + 0x6d703ef3) | 0; y = (((t << 9) | (t >>> 23)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + ((d | ~e) ^ a) + m10 + 0x6ed9eba1) | 0; c = (((t << 13) | (t >>> 19)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + ((y | ~z) ^ v) + m5 + 0x6d703ef3) | 0; x = (((t << 7) | (t >>> 25)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + ((c | ~d) ^ e) + m14 + 0x6ed9eba1) | 0; b = (((t << 6) | (t >>> 26)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + ((x | ~y) ^ z) + m1 + 0x6d703ef3) | 0; w = (((t << 15) | (t >>> 17)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + ((b | ~c) ^ d) + m4 + 0x6ed9eba1) | 0; a = (((t << 7) | (t >>> 25)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + ((w | ~x) ^ y) + m3 + 0x6d703ef3) | 0; v = (((t << 11) | (t >>> 21)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + ((a | ~b) ^ c) + m9 + 0x6ed9eba1) | 0; e = (((t << 14) | (t >>> 18)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + ((v | ~w) ^ x) + m7 + 0x6d703ef3) | 0; z = (((t << 8) | (t >>> 24)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + ((e | ~a) ^ b) + m15 + 0x6ed9eba1) | 0; d = (((t << 9) | (t >>> 23)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + ((z | ~v) ^ w) + m14 + 0x6d703ef3) | 0; y = (((t << 6) | (t >>> 26)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + ((d | ~e) ^ a) + m8 + 0x6ed9eba1) | 0; c = (((t << 13) | (t >>> 19)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + ((y | ~z) ^ v) + m6 + 0x6d703ef3) | 0; x = (((t << 6) | (t >>> 26)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + ((c | ~d) ^ e) + m1 + 0x6ed9eba1) | 0; b = (((t << 15) | (t >>> 17)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + ((x | ~y) ^ z) + m9 + 0x6d703ef3) | 0; w = (((t << 14) | (t >>> 18)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + ((b | ~c) ^ d) + m2 + 0x6ed9eba1) | 0; a = (((t << 14) | (t >>> 18)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + ((w | ~x) ^ y) + m11 + 0x6d703ef3) | 0; v = (((t << 12) | (t >>> 20)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + ((a | ~b) ^ c) + m7 + 0x6ed9eba1) | 0; e = (((t << 8) | (t >>> 24)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + ((v | ~w) ^ x) + m8 + 0x6d703ef3) | 0; z = (((t << 13) | (t >>> 19)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + ((e | ~a) ^ b) + m0 + 0x6ed9eba1) | 0; d = (((t << 13) | (t >>> 19)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + ((z | ~v) ^ w) + m12 + 0x6d703ef3) | 0; y = (((t << 5) | (t >>> 27)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + ((d | ~e) ^ a) + m6 + 0x6ed9eba1) | 0; c = (((t << 6) | (t >>> 26)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + ((y | ~z) ^ v) + m2 + 0x6d703ef3) | 0; x = (((t << 14) | (t >>> 18)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + ((c | ~d) ^ e) + m13 + 0x6ed9eba1) | 0; b = (((t << 5) | (t >>> 27)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + ((x | ~y) ^ z) + m10 + 0x6d703ef3) | 0; w = (((t << 13) | (t >>> 19)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + ((b | ~c) ^ d) + m11 + 0x6ed9eba1) | 0; a = (((t << 12) | (t >>> 20)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + ((w | ~x) ^ y) + m0 + 0x6d703ef3) | 0; v = (((t << 13) | (t >>> 19)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + ((a | ~b) ^ c) + m5 + 0x6ed9eba1) | 0; e = (((t << 7) | (t >>> 25)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + ((v | ~w) ^ x) + m4 + 0x6d703ef3) | 0; z = (((t << 7) | (t >>> 25)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + ((e | ~a) ^ b) + m12 + 0x6ed9eba1) | 0; d = (((t << 5) | (t >>> 27)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + ((z | ~v) ^ w) + m13 + 0x6d703ef3) | 0; y = (((t << 5) | (t >>> 27)) + x) | 0; v = (v << 10) | (v >>> 22)
  // Round 4
  t = (c + (e ^ (a & (d ^ e))) + m1 + 0x8f1bbcdc) | 0; c = (((t << 11) | (t >>> 21)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (v ^ (y & (z ^ v))) + m8 + 0x7a6d76e9) | 0; x = (((t << 15) | (t >>> 17)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (d ^ (e & (c ^ d))) + m9 + 0x8f1bbcdc) | 0; b = (((t << 12) | (t >>> 20)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (z ^ (x & (y ^ z))) + m6 + 0x7a6d76e9) | 0; w = (((t << 5) | (t >>> 27)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (c ^ (d & (b ^ c))) + m11 + 0x8f1bbcdc) | 0; a = (((t << 14) | (t >>> 18)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (y ^ (w & (x ^ y))) + m4 + 0x7a6d76e9) | 0; v = (((t << 8) | (t >>> 24)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (b ^ (c & (a ^ b))) + m10 + 0x8f1bbcdc) | 0; e = (((t << 15) | (t >>> 17)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (x ^ (v & (w ^ x))) + m1 + 0x7a6d76e9) | 0; z = (((t << 11) | (t >>> 21)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (a ^ (b & (e ^ a))) + m0 + 0x8f1bbcdc) | 0; d = (((t << 14) | (t >>> 18)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (w ^ (z & (v ^ w))) + m3 + 0x7a6d76e9) | 0; y = (((t << 14) | (t >>> 18)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (e ^ (a & (d ^ e))) + m8 + 0x8f1bbcdc) | 0; c = (((t << 15) | (t >>> 17)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (v ^ (y & (z ^ v))) + m11 + 0x7a6d76e9) | 0; x = (((t << 14) | (t >>> 18)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (d ^ (e & (c ^ d))) + m12 + 0x8f1bbcdc) | 0; b = (((t << 9) | (t >>> 23)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (z ^ (x & (y ^ z))) + m15 + 0x7a6d76e9) | 0; w = (((t << 6) | (t >>> 26)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (c ^ (d & (b ^ c))) + m4 + 0x8f1bbcdc) | 0; a = (((t << 8) | (t >>> 24)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (y ^ (w & (x ^ y))) + m0 + 0x7a6d76e9) | 0; v = (((t << 14) | (t >>> 18)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (b ^ (c & (a ^ b))) + m13 + 0x8f1bbcdc) | 0; e = (((t << 9) | (t >>> 23)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (x ^ (v & (w ^ x))) + m5 + 0x7a6d76e9) | 0; z = (((t << 6) | (t >>> 26)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (a ^ (b & (e ^ a))) + m3 + 0x8f1bbcdc) | 0; d = (((t << 14) | (t >>> 18)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (w ^ (z & (v ^ w))) + m12 + 0x7a6d76e9) | 0; y = (((t << 9) | (t >>> 23)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (e ^ (a & (d ^ e))) + m7 + 0x8f1bbcdc) | 0; c = (((t << 5) | (t >>> 27)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (v ^ (y & (z ^ v))) + m2 + 0x7a6d76e9) | 0; x = (((t << 12) | (t >>> 20)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (d ^ (e & (c ^ d))) + m15 + 0x8f1bbcdc) | 0; b = (((t << 6) | (t >>> 26)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (z ^ (x & (y ^ z))) + m13 + 0x7a6d76e9) | 0; w = (((t << 9) | (t >>> 23)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (c ^ (d & (b ^ c))) + m14 + 0x8f1bbcdc) | 0; a = (((t << 8) | (t >>> 24)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (y ^ (w & (x ^ y))) + m9 + 0x7a6d76e9) | 0; v = (((t << 12) | (t >>> 20)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (b ^ (c & (a ^ b))) + m5 + 0x8f1bbcdc) | 0; e = (((t << 6) | (t >>> 26)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (x ^ (v & (w ^ x))) + m7 + 0x7a6d76e9) | 0; z = (((t << 5) | (t >>> 27)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (a ^ (b & (e ^ a))) + m6 + 0x8f1bbcdc) | 0; d = (((t << 5) | (t >>> 27)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (w ^ (z & (v ^ w))) + m10 + 0x7a6d76e9) | 0; y = (((t << 15) | (t >>> 17)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (e ^ (a & (d ^ e))) + m2 + 0x8f1bbcdc) | 0; c = (((t << 12) | (t >>> 20)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (v ^ (y & (z ^ v))) + m14 + 0x7a6d76e9) | 0; x = (((t << 8) | (t >>> 24)) + w) | 0; z = (z << 10) | (z >>> 22)
  // Round 5
  t = (b + (c ^ (d | ~e)) + m4 + 0xa953fd4e) | 0; b = (((t << 9) | (t >>> 23)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (x ^ y ^ z) + m12) | 0; w = (((t << 8) | (t >>> 24)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (b ^ (c | ~d)) + m0 + 0xa953fd4e) | 0; a = (((t << 15) | (t >>> 17)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (w ^ x ^ y) + m15) | 0; v = (((t << 5) | (t >>> 27)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (a ^ (b | ~c)) + m5 + 0xa953fd4e) | 0; e = (((t << 5) | (t >>> 27)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (v ^ w ^ x) + m10) | 0; z = (((t << 12) | (t >>> 20)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (e ^ (a | ~b)) + m9 + 0xa953fd4e) | 0; d = (((t << 11) | (t >>> 21)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (z ^ v ^ w) + m4) | 0; y = (((t << 9) | (t >>> 23)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (d ^ (e | ~a)) + m7 + 0xa953fd4e) | 0; c = (((t << 6) | (t >>> 26)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (y ^ z ^ v) + m1) | 0; x = (((t << 12) | (t >>> 20)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (c ^ (d | ~e)) + m12 + 0xa953fd4e) | 0; b = (((t << 8) | (t >>> 24)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (x ^ y ^ z) + m5) | 0; w = (((t << 5) | (t >>> 27)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (b ^ (c | ~d)) + m2 + 0xa953fd4e) | 0; a = (((t << 13) | (t >>> 19)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (w ^ x ^ y) + m8) | 0; v = (((t << 14) | (t >>> 18)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (a ^ (b | ~c)) + m10 + 0xa953fd4e) | 0; e = (((t << 12) | (t >>> 20)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (v ^ w ^ x) + m7) | 0; z = (((t << 6) | (t >>> 26)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (e ^ (a | ~b)) + m14 + 0xa953fd4e) | 0; d = (((t << 5) | (t >>> 27)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (z ^ v ^ w) + m6) | 0; y = (((t << 8) | (t >>> 24)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (d ^ (e | ~a)) + m1 + 0xa953fd4e) | 0; c = (((t << 12) | (t >>> 20)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (y ^ z ^ v) + m2) | 0; x = (((t << 13) | (t >>> 19)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (c ^ (d | ~e)) + m3 + 0xa953fd4e) | 0; b = (((t << 13) | (t >>> 19)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (x ^ y ^ z) + m13) | 0; w = (((t << 6) | (t >>> 26)) + v) | 0; y = (y << 10) | (y >>> 22)
  t = (a + (b ^ (c | ~d)) + m8 + 0xa953fd4e) | 0; a = (((t << 14) | (t >>> 18)) + e) | 0; c = (c << 10) | (c >>> 22)
  t = (v + (w ^ x ^ y) + m14) | 0; v = (((t << 5) | (t >>> 27)) + z) | 0; x = (x << 10) | (x >>> 22)
  t = (e + (a ^ (b | ~c)) + m11 + 0xa953fd4e) | 0; e = (((t << 11) | (t >>> 21)) + d) | 0; b = (b << 10) | (b >>> 22)
  t = (z + (v ^ w ^ x) + m0) | 0; z = (((t << 15) | (t >>> 17)) + y) | 0; w = (w << 10) | (w >>> 22)
  t = (d + (e ^ (a | ~b)) + m6 + 0xa953fd4e) | 0; d = (((t << 8) | (t >>> 24)) + c) | 0; a = (a << 10) | (a >>> 22)
  t = (y + (z ^ v ^ w) + m3) | 0; y = (((t << 13) | (t >>> 19)) + x) | 0; v = (v << 10) | (v >>> 22)
  t = (c + (d ^ (e | ~a)) + m15 + 0xa953fd4e) | 0; c = (((t << 5) | (t >>> 27)) + b) | 0; e = (e << 10) | (e >>> 22)
  t = (x + (y ^ z ^ v) + m9) | 0; x = (((t << 11) | (t >>> 21)) + w) | 0; z = (z << 10) | (z >>> 22)
  t = (b + (c ^ (d | ~e)) + m13 + 0xa953fd4e) | 0; b = (((t << 6) | (t >>> 26)) + a) | 0; d = (d << 10) | (d >>> 22)
  t = (w + (x ^ y ^ z) + m11) | 0; w = (((t << 11) | (t >>> 21)) + v) | 0; y = (y << 10) | (y >>> 22)

  state[0] = h1 + c + y
  state[1] = h2 + d + z
  state[2] = h3 + e + v
  state[3] = h4 + a + w
  state[4] = h0 + b + x
}
