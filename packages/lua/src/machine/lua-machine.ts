import { LuaBytes, LuaGeoJson, LuaList, LuaMap, type LuaValue } from './lua-value.ts'

/** Where a Lua state is in the machine's memory. */
export type LuaState = number

/** What of Lua's C interface is used here, as the WebAssembly module exports it. Texts are addresses. */
interface LuaExports {
  readonly HEAPU8: Uint8Array
  readonly HEAPU32: Uint32Array
  addFunction(call: (state: LuaState, other: number) => number | undefined, signature: string): number
  _malloc(bytes: number): number
  _free(address: number): void
  _luaL_newstate(): LuaState
  _luaL_openlibs(state: LuaState): void
  _lua_close(state: LuaState): void
  _lua_gettop(state: LuaState): number
  _lua_settop(state: LuaState, index: number): void
  _lua_checkstack(state: LuaState, slots: number): number
  _lua_type(state: LuaState, index: number): number
  _lua_isinteger(state: LuaState, index: number): number
  _lua_tointegerx(state: LuaState, index: number, isNumber: number): bigint
  _lua_tonumberx(state: LuaState, index: number, isNumber: number): number
  _lua_toboolean(state: LuaState, index: number): number
  _lua_tolstring(state: LuaState, index: number, length: number): number
  _lua_touserdata(state: LuaState, index: number): number
  _lua_pushnil(state: LuaState): void
  _lua_pushvalue(state: LuaState, index: number): void
  _lua_pushinteger(state: LuaState, value: bigint): void
  _lua_pushnumber(state: LuaState, value: number): void
  _lua_pushboolean(state: LuaState, value: number): void
  _lua_pushlstring(state: LuaState, text: number, length: number): number
  _lua_pushcclosure(state: LuaState, call: number, upvalues: number): void
  _lua_createtable(state: LuaState, items: number, fields: number): void
  _lua_getfield(state: LuaState, index: number, name: number): number
  _lua_setfield(state: LuaState, index: number, name: number): void
  _lua_getglobal(state: LuaState, name: number): number
  _lua_setglobal(state: LuaState, name: number): void
  _lua_rawgeti(state: LuaState, index: number, item: bigint): number
  _lua_rawseti(state: LuaState, index: number, item: bigint): void
  _lua_copy(state: LuaState, from: number, to: number): void
  _lua_gettable(state: LuaState, index: number): number
  _lua_next(state: LuaState, index: number): number
  _lua_setmetatable(state: LuaState, index: number): number
  _lua_newuserdatauv(state: LuaState, bytes: number, values: number): number
  _luaL_newmetatable(state: LuaState, name: number): number
  _luaL_setmetatable(state: LuaState, name: number): void
  _luaL_checktype(state: LuaState, index: number, type: number): void
  _luaL_checkudata(state: LuaState, index: number, name: number): number
  _luaL_optinteger(state: LuaState, index: number, otherwise: bigint): bigint
  _luaL_optlstring(state: LuaState, index: number, otherwise: number, length: number): number
  _luaL_loadbufferx(state: LuaState, text: number, length: number, name: number, mode: number): number
  _luaL_where(state: LuaState, level: number): void
  _lua_pcallk(
    state: LuaState,
    parameters: number,
    results: number,
    handler: number,
    context: number,
    continuation: number,
  ): number
  _lua_error(state: LuaState): number
  _lua_concat(state: LuaState, count: number): void
  _lua_sethook(state: LuaState, hook: number, mask: number, count: number): void
}

/** Types of values on Lua's stack; Lua's own numbers. */
export const LUA_TYPE = {
  nil: 0,
  boolean: 1,
  number: 3,
  string: 4,
  table: 5,
  function: 6,
  userdata: 7,
} as const

const REGISTRY = -1_001_000
const GLOBALS = 2n
const HOOK_COUNT = 8
const POINTER_BYTES = 4

/** Something a function of this host refuses; becomes an error in Lua that tells the line. */
export class LuaRefusal extends Error {}

/** A function that Lua can call: takes its parameters from the stack, pushes its results, and says how many they are. */
export type LuaFunction = (machine: LuaMachine, state: LuaState) => number

/** Classes of objects in Lua: the names that its error messages have. */
export type LuaClass = 'List' | 'Map' | 'Bytes' | 'GeoJSON' | 'Record' | 'Iterator' | 'Aerospike' | 'Stream'

let loading: Promise<LuaMachine> | undefined

/** The process's one Lua machine. Its code is part of an installed package: nothing is fetched. */
export function loadLuaMachine(): Promise<LuaMachine> {
  loading ??= import('wasmoon').then(async ({ LuaFactory }) => {
    const { module } = await new LuaFactory().getLuaModule()
    return new LuaMachine(module as unknown as LuaExports)
  })
  return loading
}

/**
 * Lua 5.4 in WebAssembly, and the objects of this process that it holds. Everything is synchronous: while a function runs,
 * nothing else does.
 */
export class LuaMachine {
  readonly #lua: LuaExports
  /** Addresses of texts that are needed again and again, ended by NUL. */
  readonly #names = new Map<string, number>()
  readonly #functions = new Map<LuaFunction, number>()
  /** Objects in the hands of Lua, until it collects them. */
  readonly #held = new Map<number, object>()
  #lastHeld = 0
  /** Four bytes in which Lua leaves the length of a text. */
  readonly #lengthAddress: number
  readonly #releaseHeld: number
  readonly #checkDeadline: number
  #deadline = 0

  constructor(lua: LuaExports) {
    this.#lua = lua
    this.#lengthAddress = lua._malloc(POINTER_BYTES)
    this.#releaseHeld = lua.addFunction((state) => {
      this.#held.delete(this.#handleAt(lua._lua_touserdata(state, 1)))
      return 0
    }, 'ii')
    this.#checkDeadline = lua.addFunction((state) => {
      if (performance.now() < this.#deadline) return undefined
      this.#throw(state, 'UDF Execution Timeout')
      return undefined
    }, 'vii')
  }

  newState(): LuaState {
    const state = this.#lua._luaL_newstate()
    this.#lua._luaL_openlibs(state)
    return state
  }

  closeState(state: LuaState): void {
    this.#lua._lua_close(state)
  }

  /** Makes a class known to a state: what its objects answer to. */
  addClass(state: LuaState, name: LuaClass, metamethods: Readonly<Record<string, LuaFunction>>): void {
    this.#lua._luaL_newmetatable(state, this.#address(name))
    this.#addFunctions(state, metamethods)
    this.#lua._lua_pushcclosure(state, this.#releaseHeld, 0)
    this.#lua._lua_setfield(state, -2, this.#address('__gc'))
    this.#lua._lua_settop(state, -2)
  }

  /** A global table of functions, which can itself be called when there is a `call`. */
  addLibrary(
    state: LuaState,
    name: string,
    functions: Readonly<Record<string, LuaFunction>>,
    call?: LuaFunction,
  ): void {
    const lua = this.#lua
    lua._lua_createtable(state, 0, 0)
    this.#addFunctions(state, functions)
    lua._lua_createtable(state, 0, 0)
    if (call !== undefined) this.#addFunctions(state, { __call: call })
    lua._lua_pushvalue(state, -2)
    lua._lua_setfield(state, -2, this.#address('__metatable'))
    lua._lua_setmetatable(state, -2)
    lua._lua_setglobal(state, this.#address(name))
  }

  /** Functions of a class, found by an object's `:name`. */
  addMethods(state: LuaState, name: LuaClass, functions: Readonly<Record<string, LuaFunction>>): void {
    this.#lua._luaL_newmetatable(state, this.#address(name))
    this.#lua._lua_createtable(state, 0, 0)
    this.#addFunctions(state, functions)
    this.#lua._lua_setfield(state, -2, this.#address('__index'))
    this.#lua._lua_settop(state, -2)
  }

  /** Puts `find` in the place of all ways to find a module but the one of those already loaded. */
  setModuleSearch(state: LuaState, find: LuaFunction): void {
    const lua = this.#lua
    lua._lua_getglobal(state, this.#address('package'))
    lua._lua_getfield(state, -1, this.#address('searchers'))
    for (let index = 2n; index <= 4n; index++) {
      if (index === 2n) this.pushFunction(state, find)
      else lua._lua_pushnil(state)
      lua._lua_rawseti(state, -2, index)
    }
    lua._lua_settop(state, -3)
  }

  /** Compiles source text. 0, or Lua's error number; the function or the message is then on the stack. */
  load(state: LuaState, source: Uint8Array, chunkName: string): number {
    const address = this.#copyIn(source)
    const name = this.#copyIn(Buffer.from(`${chunkName}\0`, 'utf8'))
    const result = this.#lua._luaL_loadbufferx(state, address, source.length, name, 0)
    this.#lua._free(address)
    this.#lua._free(name)
    return result
  }

  /**
   * Calls the function on the stack with its parameters, for one result. 0, or Lua's error number; the result or the error is
   * then on the stack. `timeoutMs` from now it ends with an error.
   */
  call(state: LuaState, parameters: number, timeoutMs: number = Number.POSITIVE_INFINITY): number {
    this.#deadline = performance.now() + timeoutMs
    this.#lua._lua_sethook(state, this.#checkDeadline, HOOK_COUNT, INSTRUCTIONS_BETWEEN_CHECKS)
    const result = this.#lua._lua_pcallk(state, parameters, 1, 0, 0, 0)
    this.#lua._lua_sethook(state, 0, 0, 0)
    return result
  }

  /** How many values are on the stack: in a function, how many parameters it has. */
  count(state: LuaState): number {
    return this.#lua._lua_gettop(state)
  }

  /** Takes values off the stack until there are `count`. */
  trim(state: LuaState, count: number): void {
    this.#lua._lua_settop(state, count)
  }

  typeAt(state: LuaState, index: number): number {
    return this.#lua._lua_type(state, index)
  }

  /** The value at a place of the stack; `undefined` for tables, functions and other things that are no values of bins. */
  valueAt(state: LuaState, index: number): LuaValue | undefined {
    const lua = this.#lua
    switch (lua._lua_type(state, index)) {
      case LUA_TYPE.nil:
        return null
      case LUA_TYPE.boolean:
        return lua._lua_toboolean(state, index) !== 0
      case LUA_TYPE.number:
        return lua._lua_isinteger(state, index) === 0
          ? lua._lua_tonumberx(state, index, 0)
          : lua._lua_tointegerx(state, index, 0)
      case LUA_TYPE.string:
        return untilNul(this.textAt(state, index))
      case LUA_TYPE.userdata:
        return this.#held.get(this.#handleAt(lua._lua_touserdata(state, index)))
      default:
        return undefined
    }
  }

  /** The text at a place where there is one, one character a byte. */
  textAt(state: LuaState, index: number): string {
    const address = this.#lua._lua_tolstring(state, index, this.#lengthAddress)
    return this.#textFrom(address)
  }

  /** The text of a parameter, also of a number; `undefined` when there is none. An error in Lua for anything else. */
  optionalText(state: LuaState, index: number): string | undefined {
    const address = this.#lua._luaL_optlstring(state, index, 0, this.#lengthAddress)
    return address === 0 ? undefined : this.#textFrom(address)
  }

  /** The integer of a parameter, or `otherwise` when there is none. An error in Lua for anything else. */
  optionalInteger(state: LuaState, index: number, otherwise: bigint): bigint {
    return this.#lua._luaL_optinteger(state, index, otherwise)
  }

  /** The object of a parameter. An error in Lua when it is not of that class. */
  objectAt(state: LuaState, index: number, name: LuaClass): object {
    this.#lua._luaL_checktype(state, index, LUA_TYPE.userdata)
    const address = this.#lua._luaL_checkudata(state, index, this.#address(name))
    return this.#held.get(this.#handleAt(address)) as object
  }

  pushNil(state: LuaState): void {
    this.#lua._lua_pushnil(state)
  }

  pushInteger(state: LuaState, value: number | bigint): void {
    this.#lua._lua_pushinteger(state, BigInt(value))
  }

  pushBoolean(state: LuaState, value: boolean): void {
    this.#lua._lua_pushboolean(state, value ? 1 : 0)
  }

  /** Text with one character a byte. */
  pushText(state: LuaState, text: string): void {
    const address = this.#copyIn(Buffer.from(text, 'latin1'))
    this.#lua._lua_pushlstring(state, address, text.length)
    this.#lua._free(address)
  }

  pushFunction(state: LuaState, call: LuaFunction): void {
    this.#lua._lua_pushcclosure(state, this.#functionAddress(call), 0)
  }

  pushObject(state: LuaState, object: object, name: LuaClass): void {
    const handle = ++this.#lastHeld
    this.#held.set(handle, object)
    const address = this.#lua._lua_newuserdatauv(state, POINTER_BYTES, 0)
    this.#lua.HEAPU32[address >> 2] = handle
    this.#lua._luaL_setmetatable(state, this.#address(name))
  }

  pushValue(state: LuaState, value: LuaValue | undefined): void {
    if (value === null || value === undefined) this.pushNil(state)
    else if (typeof value === 'bigint') this.#lua._lua_pushinteger(state, value)
    else if (typeof value === 'number') this.#lua._lua_pushnumber(state, value)
    else if (typeof value === 'boolean') this.pushBoolean(state, value)
    else if (typeof value === 'string') this.pushText(state, untilNul(value))
    else this.pushObject(state, value, classOf(value))
  }

  /** Pushes a table with these texts, counted from 1. */
  pushTexts(state: LuaState, texts: readonly string[]): void {
    this.#lua._lua_createtable(state, texts.length, 0)
    for (const [index, text] of texts.entries()) {
      this.pushText(state, text)
      this.#lua._lua_rawseti(state, -2, BigInt(index + 1))
    }
  }

  /** Pushes what a global variable holds; nil when there is none. */
  pushGlobal(state: LuaState, name: string): void {
    this.#lua._lua_rawgeti(state, REGISTRY, GLOBALS)
    this.pushText(state, name)
    this.#lua._lua_gettable(state, -2)
    this.#lua._lua_copy(state, -1, -2)
    this.#lua._lua_settop(state, -2)
  }

  /** Sets a global variable to what is on top of the stack, and takes that off. */
  setGlobal(state: LuaState, name: string): void {
    this.#lua._lua_setglobal(state, this.#address(name))
  }

  /** Room on the stack for that many values; `false` when there is none. */
  ensureStack(state: LuaState, slots: number): boolean {
    return this.#lua._lua_checkstack(state, slots) !== 0
  }

  /** Shows `visit` each key and value of the table at a place of the stack; they are at -2 and -1 then. */
  eachField(state: LuaState, index: number, visit: () => void): void {
    this.pushNil(state)
    while (this.#lua._lua_next(state, index) !== 0) {
      visit()
      this.#lua._lua_settop(state, -2)
    }
  }

  /** `file:line: ` of a caller, for messages. */
  whereIs(state: LuaState, level: number): string {
    this.#lua._luaL_where(state, level)
    const text = this.textAt(state, -1)
    this.#lua._lua_settop(state, -2)
    return text
  }

  #addFunctions(state: LuaState, functions: Readonly<Record<string, LuaFunction>>): void {
    for (const [name, call] of Object.entries(functions)) {
      this.pushFunction(state, call)
      this.#lua._lua_setfield(state, -2, this.#address(name))
    }
  }

  #functionAddress(call: LuaFunction): number {
    let address = this.#functions.get(call)
    if (address === undefined) {
      address = this.#lua.addFunction((state) => this.#guard(state, call), 'ii')
      this.#functions.set(call, address)
    }
    return address
  }

  /** Lua's own way out of a function is an exception too, and passes. */
  #guard(state: LuaState, call: LuaFunction): number {
    try {
      return call(this, state)
    } catch (error) {
      if (!(error instanceof LuaRefusal)) throw error
      return this.#throw(state, error.message)
    }
  }

  #throw(state: LuaState, message: string): number {
    this.#lua._luaL_where(state, 1)
    this.pushText(state, message)
    this.#lua._lua_concat(state, 2)
    return this.#lua._lua_error(state)
  }

  #handleAt(address: number): number {
    return this.#lua.HEAPU32[address >> 2] as number
  }

  #textFrom(address: number): string {
    const length = this.#lua.HEAPU32[this.#lengthAddress >> 2] as number
    return Buffer.from(this.#lua.HEAPU8.buffer, address, length).toString('latin1')
  }

  /** Copies bytes into Lua's memory; whoever asks frees them. */
  #copyIn(bytes: Uint8Array): number {
    const address = this.#lua._malloc(bytes.length + 1)
    this.#lua.HEAPU8.set(bytes, address)
    return address
  }

  #address(name: string): number {
    let address = this.#names.get(name)
    if (address === undefined) {
      address = this.#copyIn(Buffer.from(`${name}\0`, 'utf8'))
      this.#names.set(name, address)
    }
    return address
  }
}

/** How many instructions Lua carries out before it looks at the clock. */
const INSTRUCTIONS_BETWEEN_CHECKS = 10_000

function classOf(value: object): LuaClass {
  if (value instanceof LuaList) return 'List'
  if (value instanceof LuaMap) return 'Map'
  if (value instanceof LuaBytes) return 'Bytes'
  return value instanceof LuaGeoJson ? 'GeoJSON' : 'Record'
}

/** The server's texts end at the first NUL. */
function untilNul(text: string): string {
  const end = text.indexOf('\0')
  return end < 0 ? text : text.slice(0, end)
}
