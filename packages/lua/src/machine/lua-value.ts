import { PARTICLE_TYPE } from '@aero/codec'

/*
 * Values as a function in Lua has them: integers of 64 bits, doubles, and objects that several places may share. Text is kept
 * one character a byte, as Lua keeps it.
 */

export class LuaList {
  readonly items: LuaValue[]
  /** The flags of the packed list's marker. */
  readonly flags: number

  constructor(items: LuaValue[] = [], flags = 0) {
    this.items = items
    this.flags = flags
  }
}

export type LuaPair = readonly [key: LuaValue, value: LuaValue]

/** Keys are integers, texts and blobs; what else is set under is not kept. */
export class LuaMap {
  /** By what identifies the key. */
  readonly #pairs = new Map<string, LuaPair>()
  /** The flags of the packed map's marker. */
  readonly flags: number

  constructor(flags = 0) {
    this.flags = flags
  }

  get size(): number {
    return this.#pairs.size
  }

  get(key: LuaValue): LuaValue | undefined {
    return this.#pairs.get(identify(key))?.[1]
  }

  set(key: LuaValue, value: LuaValue): void {
    if (isKey(key)) this.#pairs.set(identify(key), [key, value])
  }

  delete(key: LuaValue): void {
    this.#pairs.delete(identify(key))
  }

  /** In the order of the keys: integers, texts, blobs. */
  inOrder(): readonly LuaPair[] {
    return [...this.#pairs.values()].sort(([a], [b]) => compareKeys(a, b))
  }
}

/** Bytes that can grow; `size` of them are in use. */
export class LuaBytes {
  bytes: Uint8Array
  size: number
  /** Particle type of the bin that they become. */
  type: number

  constructor(bytes: Uint8Array, type: number = PARTICLE_TYPE.blob, size: number = bytes.length) {
    this.bytes = bytes
    this.size = size
    this.type = type
  }

  /** Makes room for that many bytes in all. */
  reserve(capacity: number): void {
    if (capacity <= this.bytes.length) return
    const grown = new Uint8Array(capacity)
    grown.set(this.bytes)
    this.bytes = grown
  }

  used(): Uint8Array {
    return this.bytes.subarray(0, this.size)
  }
}

/** GeoJSON text, which only a bin has. */
export class LuaGeoJson {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** `null` is nil. An object that is none of these classes can be held by Lua, but is no value of a bin. */
export type LuaValue =
  | bigint
  | number
  | string
  | boolean
  | null
  | LuaList
  | LuaMap
  | LuaBytes
  | LuaGeoJson
  | object

function isKey(key: LuaValue): boolean {
  if (key instanceof LuaBytes) return key.type === PARTICLE_TYPE.blob
  return typeof key === 'bigint' || typeof key === 'string'
}

/** What tells keys of a map apart. */
function identify(key: LuaValue): string {
  if (key instanceof LuaBytes) return `bytes ${textOf(key)}`
  return `${typeof key} ${String(key)}`
}

function compareKeys(a: LuaValue, b: LuaValue): number {
  const rank = rankOf(a) - rankOf(b)
  if (rank !== 0) return rank
  const [first, second] = a instanceof LuaBytes && b instanceof LuaBytes ? [textOf(a), textOf(b)] : [a, b]
  return first === second ? 0 : (first as string) < (second as string) ? -1 : 1
}

function rankOf(key: LuaValue): number {
  return typeof key === 'bigint' ? 0 : typeof key === 'string' ? 1 : 2
}

function textOf(bytes: LuaBytes): string {
  return Buffer.from(bytes.used()).toString('latin1')
}

/** A value as text, as `tostring` gives it; `undefined` for what has none, such as no bytes at all. */
export function printValue(value: LuaValue): string | undefined {
  if (value === null) return 'NIL'
  if (typeof value === 'string') return `"${value}"`
  if (typeof value === 'number') return printDouble(value)
  if (value instanceof LuaGeoJson) return `"${value.text}"`
  if (value instanceof LuaBytes) return value.size === 0 ? undefined : printBytes(value)
  if (value instanceof LuaList)
    return `[${value.items.map((item) => printValue(item) ?? '<NULL>').join(', ')}]`
  if (value instanceof LuaMap)
    return `{${value
      .inOrder()
      .map(([key, held]) => `${printValue(key)}:${printValue(held)}`)
      .join(', ')}}`
  return typeof value === 'object' ? '[ REC ]' : String(value)
}

function printBytes(bytes: LuaBytes): string {
  return Array.from(bytes.used(), (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')
}

/** As C prints with `%.16g`. */
function printDouble(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const [mantissa = '', exponent = '0'] = value.toExponential(15).split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 16) return String(Number(value.toFixed(Math.max(0, 15 - power))))
  const sign = power < 0 ? '-' : '+'
  return `${String(Number(mantissa))}e${sign}${String(Math.abs(power)).padStart(2, '0')}`
}
