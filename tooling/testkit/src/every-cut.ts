/** One way to cut bytes in two, as a network may. */
export interface Cut {
  /** Where the second part starts. */
  readonly at: number
  readonly head: Uint8Array
  readonly tail: Uint8Array
}

/** Every way to cut `bytes` in two, both parts non-empty. The parts are copies: nothing behind them can be peeked at. */
export function* everyCut(bytes: Uint8Array): Generator<Cut> {
  for (let at = 1; at < bytes.length; at++) yield { at, head: bytes.slice(0, at), tail: bytes.slice(at) }
}

/** Every proper beginning of `bytes`, the empty one included. For truncation tests. */
export function* everyPrefix(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < bytes.length; length++) yield bytes.slice(0, length)
}

/** `bytes` in pieces of `size` (the last may be shorter); copies. */
export function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  if (!(size >= 1)) throw new RangeError(`inPieces: size must be at least 1, was ${size}`)
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

/** One buffer out of many. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
