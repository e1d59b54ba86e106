import { type BinValue, Double, GeoJson, HyperLogLog, PARTICLE_TYPE, type Value } from '@aero/codec'
import { LuaError } from './lua-error.ts'
import { LuaBytes, LuaGeoJson, LuaList, LuaMap, type LuaValue } from './machine/index.ts'

/** A value as it was read, integers as bigints, as a function in Lua has it. */
export function luaFromValue(value: BinValue): LuaValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'number')
    return value
  if (typeof value === 'string') return latin1Of(value)
  if (value instanceof Uint8Array) return new LuaBytes(Uint8Array.from(value))
  if (value instanceof GeoJson) return new LuaGeoJson(latin1Of(value.text))
  if (value instanceof HyperLogLog)
    return new LuaBytes(Uint8Array.from(value.bytes), PARTICLE_TYPE.hyperLogLog)
  if (Array.isArray(value)) return new LuaList(value.map(luaFromValue))
  const map = new LuaMap()
  for (const [key, held] of value instanceof Map ? value : Object.entries(value))
    map.set(luaFromValue(key), luaFromValue(held))
  return map
}

/** What a function in Lua has given, as it may be written. @throws LuaError for what is no value of a bin */
export function valueFromLua(value: LuaValue): Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return value
  if (typeof value === 'number') return new Double(value)
  if (typeof value === 'string') return utf8Of(value)
  if (value instanceof LuaBytes) {
    const bytes = value.used().slice()
    return value.type === PARTICLE_TYPE.hyperLogLog ? new HyperLogLog(bytes) : bytes
  }
  if (value instanceof LuaGeoJson) return new GeoJson(utf8Of(value.text))
  if (value instanceof LuaList) return value.items.map(valueFromLua)
  if (value instanceof LuaMap)
    return new Map(value.inOrder().map(([key, held]) => [valueFromLua(key), valueFromLua(held)]))
  throw new LuaError('the function has given something that is no value of a bin')
}

/** Text as Lua keeps it: one character a byte. */
function latin1Of(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

function utf8Of(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8')
}
