import type { LuaMachine, LuaState } from './lua-machine.ts'
import { LuaGeoJson } from './lua-value.ts'

/** `geojson`, which only makes such values. Source: mod_lua_geojson.c of aerospike-mod-lua. */
export function addGeoJsonLibrary(machine: LuaMachine, state: LuaState): void {
  machine.addClass(state, 'GeoJSON', { __tostring: pushPrinted })
  machine.addLibrary(state, 'geojson', {}, construct)
}

function construct(machine: LuaMachine, state: LuaState): number {
  const text = machine.count(state) === 2 ? machine.optionalText(state, 2) : undefined
  if (text === undefined) return 0
  machine.pushObject(state, new LuaGeoJson(text), 'GeoJSON')
  return 1
}

function pushPrinted(machine: LuaMachine, state: LuaState): number {
  machine.pushText(state, `"${(machine.objectAt(state, 1, 'GeoJSON') as LuaGeoJson).text}"`)
  return 1
}
