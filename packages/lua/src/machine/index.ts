/**
 * `@aero/lua/machine`: Lua itself, and what functions of servers find in it. For those who run such functions, not for
 * applications: the dev server does.
 */
export {
  LUA_TYPE,
  type LuaClass,
  type LuaFunction,
  type LuaMachine,
  LuaRefusal,
  type LuaState,
  loadLuaMachine,
} from './lua-machine.ts'
export { LuaBytes, LuaGeoJson, LuaList, LuaMap, type LuaPair, type LuaValue } from './lua-value.ts'
export { newServerState } from './server-state.ts'
export type { LuaStream } from './stream-library.ts'
