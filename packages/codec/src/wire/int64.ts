import { DecodeError } from '../errors.ts'

/**
 * Eight big-endian bytes and JavaScript's two kinds of integer. The only place that decides which of them a value becomes.
 *
 * Reading and writing go through two 32-bit halves, in less than half the time of a BigInt on the way (bench/int64.bench.ts).
 */
const TWO_32 = 0x1_0000_0000

/** How integers are read: `auto` a number when safe, else a bigint; `bigint` always; `number` refuses unsafe ones. */
export type IntegerMode = 'auto' | 'bigint' | 'number'

/** Lowest value of a signed 64-bit integer. */
export const INT64_MIN: bigint = -(2n ** 63n)
/** Highest value of a signed 64-bit integer. */
export const INT64_MAX: bigint = 2n ** 63n - 1n

/** Writes a safe integer. The caller has checked `Number.isSafeInteger(value)`. */
export function writeInt64(view: DataView, offset: number, value: number): void {
  // Math.floor keeps the two's complement right for negative values: -1 is high -1, low 0xffffffff.
  view.setInt32(offset, Math.floor(value / TWO_32))
  view.setUint32(offset + 4, value >>> 0)
}

/** Reads a signed 64-bit integer: a number when it is safe, else a bigint. */
export function readInt64(view: DataView, offset: number): number | bigint {
  const value = view.getInt32(offset) * TWO_32 + view.getUint32(offset + 4)
  return Number.isSafeInteger(value) ? value : view.getBigInt64(offset)
}

/** Reads an unsigned 64-bit integer: a number when it is safe, else a bigint. */
export function readUint64(view: DataView, offset: number): number | bigint {
  const value = view.getUint32(offset) * TWO_32 + view.getUint32(offset + 4)
  return Number.isSafeInteger(value) ? value : view.getBigUint64(offset)
}

/**
 * An integer as the caller wants to see it.
 *
 * @throws DecodeError in mode `number` when `value` is a bigint, that is: not safe. `offset` is where it stands.
 */
export function integerInMode(value: number | bigint, mode: IntegerMode, offset: number): number | bigint {
  if (mode === 'auto') return value
  if (mode === 'bigint') return BigInt(value)
  if (typeof value === 'number') return value
  throw new DecodeError(`integer ${value} is not safe as a number, which 'integers: number' asks for`, offset)
}
