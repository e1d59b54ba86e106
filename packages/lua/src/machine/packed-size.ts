import { LuaBytes, LuaGeoJson, LuaList, LuaMap, type LuaValue } from './lua-value.ts'

/** A double, or an integer that takes 64 bits: one byte of head and eight. */
const EIGHT_BYTES = 9
/** The flags of a map that say something of its order. */
const ORDER_FLAGS = 3
/** The marker of an ordered map: an extension without content, and the nil that is its value. */
const MARKER_BYTES = 4

/** How many bytes a value takes as msgpack, as servers pack it; `undefined` when it cannot be packed. */
export function packedSizeOf(value: LuaValue): number | undefined {
  if (value === null || typeof value === 'boolean') return 1
  if (typeof value === 'bigint') return integerSize(value)
  if (typeof value === 'number') return EIGHT_BYTES
  if (typeof value === 'string') return textSize(value.length)
  if (value instanceof LuaBytes) return textSize(value.size)
  if (value instanceof LuaGeoJson) return textSize(value.text.length)
  if (value instanceof LuaList) return sumOf(value.items, headSize(value.items.length))
  if (!(value instanceof LuaMap)) return undefined
  const isMarked = (value.flags & ORDER_FLAGS) !== 0
  const pairs = value.inOrder()
  return sumOf(pairs.flat(), headSize(pairs.length + (isMarked ? 1 : 0)) + (isMarked ? MARKER_BYTES : 0))
}

function sumOf(values: readonly LuaValue[], head: number): number | undefined {
  let sum = head
  for (const value of values) {
    const size = packedSizeOf(value)
    if (size === undefined) return undefined
    sum += size
  }
  return sum
}

function integerSize(value: bigint): number {
  if (value >= -32n && value <= 127n) return 1
  if (value >= 0n) return value <= 0xffn ? 2 : value <= 0xffffn ? 3 : value <= 0xffff_ffffn ? 5 : EIGHT_BYTES
  return value >= -0x80n ? 2 : value >= -0x8000n ? 3 : value >= -0x8000_0000n ? 5 : EIGHT_BYTES
}

/** With the byte that tells its type. */
function textSize(bytes: number): number {
  const length = bytes + 1
  return length + (length <= 0x1f ? 1 : length <= 0xff ? 2 : length <= 0xffff ? 3 : 5)
}

function headSize(count: number): number {
  return count <= 0xf ? 1 : count <= 0xffff ? 3 : 5
}
