/**
 * `@aero/lua`: Lua 5.4 with what Aerospike servers give their functions, for the part of an aggregation that is the client's.
 */
export { type Lua, loadLua, type ModuleOptions } from './lua.ts'
export { LuaError } from './lua-error.ts'
export { LuaModule } from './lua-module.ts'
