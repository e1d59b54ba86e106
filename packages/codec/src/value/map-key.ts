import { EncodeError } from '../errors.ts'
import { INT64_MAX, INT64_MIN } from '../wire/int64.ts'
import { compareBytes, compareNumbers, compareTexts } from './compare-scalars.ts'
import { describeValue } from './describe-value.ts'

/** What a map's key may be; the server refuses other kinds. */
export type MapKey = string | number | bigint | Uint8Array

/**
 * Refuses what cannot be the key of a map.
 *
 * @throws EncodeError with an empty path.
 */
export function checkMapKey(key: unknown): asserts key is MapKey {
  if (typeof key === 'string' || key instanceof Uint8Array) return
  if (typeof key === 'number') {
    if (Number.isSafeInteger(key)) return
    throw new EncodeError('', `map key ${key} is not a safe integer; keys are strings, integers or bytes`)
  }
  if (typeof key === 'bigint') {
    if (key >= INT64_MIN && key <= INT64_MAX) return
    throw new EncodeError('', `map key ${key} does not fit into 64 bits`)
  }
  throw new EncodeError('', `map key is ${describeValue(key)}; keys are strings, integers or bytes`)
}

/** The server's order of keys: integers, then strings as UTF-8, then bytes. */
export function compareMapKeys(one: MapKey, other: MapKey): number {
  if (typeof one === 'string') {
    if (typeof other === 'string') return compareTexts(one, other)
    return other instanceof Uint8Array ? -1 : 1
  }
  if (one instanceof Uint8Array) return other instanceof Uint8Array ? compareBytes(one, other) : 1
  return typeof other === 'string' || other instanceof Uint8Array ? -1 : compareNumbers(one, other)
}

/** The step of a path that leads to the value under `key`: `city`, `["a.b"]`, `[7]`, `[0x0102]`. */
export function pathStepOf(key: unknown): string {
  if (typeof key === 'string')
    return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? key : `[${JSON.stringify(key)}]`
  if (key instanceof Uint8Array) return `[${identityOf(key)}]`
  return `[${String(key)}]`
}

/** Text that two integer or bytes keys share exactly when they are the same key on the wire. */
export function identityOf(key: number | bigint | Uint8Array): string {
  if (!(key instanceof Uint8Array)) return String(key)
  let text = '0x'
  for (const byte of key) text += byte.toString(16).padStart(2, '0')
  return text
}

/**
 * Refuses two keys of a `Map` that JavaScript tells apart and the wire does not: `1` and `1n`, or two arrays of the same bytes.
 */
export function checkDistinctKeys(keys: Iterable<unknown>): void {
  const seen = new Set<string>()
  for (const key of keys) {
    if (typeof key !== 'number' && typeof key !== 'bigint' && !(key instanceof Uint8Array)) continue
    const identity = identityOf(key)
    if (seen.has(identity)) throw new EncodeError('', `map key ${identity} occurs twice`)
    seen.add(identity)
  }
}
