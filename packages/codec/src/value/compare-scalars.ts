/*
 * How two values of one kind compare. Negative when `one` comes first, positive when `other` does.
 */

/** By value; `NaN` comes after everything and equals itself, `-0` equals `0`. */
export function compareNumbers(one: number | bigint, other: number | bigint): number {
  if (one < other) return -1
  if (one > other) return 1
  // Neither: equal, or NaN is among them.
  return Number(Number.isNaN(one)) - Number(Number.isNaN(other))
}

/** By UTF-8 bytes, which is by code points: units of a surrogate pair must come after U+E000 to U+FFFF. */
export function compareTexts(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index++) {
    const unit = one.charCodeAt(index)
    const otherUnit = other.charCodeAt(index)
    if (unit !== otherUnit) return inCodePointOrder(unit) - inCodePointOrder(otherUnit)
  }
  return one.length - other.length
}

function inCodePointOrder(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/** By bytes, then the shorter first. */
export function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index++) {
    const difference = (one[index] as number) - (other[index] as number)
    if (difference !== 0) return difference
  }
  return one.length - other.length
}
