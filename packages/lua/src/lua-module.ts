import type { BinValue, Value } from '@aero/codec'
import type { ModuleOptions } from './lua.ts'
import { luaFromValue, valueFromLua } from './lua-conversion.ts'
import { LuaError } from './lua-error.ts'
import { LUA_TYPE, type LuaMachine, type LuaState, type LuaValue, newServerState } from './machine/index.ts'

/** From a name as `require` says it. */
type Sources = ReadonlyMap<string, Uint8Array>

/**
 * A module of functions over streams. Each use has a Lua state of its own: what a function leaves in global variables is gone then, as on
 * servers it may be.
 */
export class LuaModule {
  /** Its name as aggregations say it. */
  readonly name: string
  readonly #machine: LuaMachine
  readonly #sources: Sources
  readonly #log: ((text: string) => void) | undefined

  /** Made by `lua.module(name, source)`. */
  constructor(machine: LuaMachine, name: string, source: string | Uint8Array, options: ModuleOptions) {
    if (name === '' || name.endsWith('.lua'))
      throw new LuaError(`'${name}' is no name of a module: it is what aggregations say, without '.lua'`)
    this.#machine = machine
    this.name = name
    const all = Object.entries({ ...options.requires, [name]: source })
    this.#sources = new Map(all.map(([file, text]) => [file, bytesOf(text)]))
    this.#log = options.log
    machine.closeState(this.#load())
  }

  /**
   * The client's part of a function over a stream: its operations from the first `reduce` on.
   *
   * @param args what the function is passed behind the stream, as the servers were told
   * @param partials what the servers gave: integers as bigints, doubles as numbers, maps as `Map`
   * @returns what comes out; whole doubles are `Double`
   * @throws LuaError with the function's own words
   */
  finish(functionName: string, args: readonly BinValue[], partials: readonly BinValue[]): Value[] {
    const machine = this.#machine
    const state = this.#load()
    try {
      let next = 0
      const results: Value[] = []
      const source = {
        read: (): LuaValue | undefined => {
          // nil would end the stream: servers give it for what a function made nil of.
          while (partials[next] === null) next++
          return next < partials.length ? luaFromValue(partials[next++] as BinValue) : undefined
        },
        write: (): void => {},
      }
      const target = {
        read: (): undefined => undefined,
        write: (value: LuaValue | undefined): void => {
          if (value !== undefined) results.push(valueFromLua(value))
        },
      }
      machine.pushGlobal(state, 'finish_stream')
      machine.pushGlobal(state, functionName)
      machine.pushObject(state, source, 'Stream')
      machine.pushObject(state, target, 'Stream')
      machine.ensureStack(state, args.length + 1)
      for (const arg of args) machine.pushValue(state, luaFromValue(arg))
      if (machine.call(state, 3 + args.length) !== 0) throw this.#errorOf(state)
      return results
    } finally {
      machine.closeState(state)
    }
  }

  /** A state in which the module is loaded. */
  #load(): LuaState {
    const machine = this.#machine
    const state = newServerState(machine, (_, made) => {
      machine.addClass(made, 'Aerospike', {})
      machine.addMethods(made, 'Aerospike', { log: this.#write, get_current_time: pushTime })
      machine.pushObject(made, this, 'Aerospike')
      machine.setGlobal(made, 'aerospike')
      machine.setModuleSearch(made, this.#search)
    })
    machine.pushGlobal(state, 'require')
    machine.pushText(state, this.name)
    if (machine.call(state, 1) === 0) {
      machine.trim(state, 0)
      return state
    }
    const error = this.#errorOf(state)
    machine.closeState(state)
    throw error
  }

  #errorOf(state: LuaState): LuaError {
    const machine = this.#machine
    const isText = machine.typeAt(state, -1) === LUA_TYPE.string
    return new LuaError(
      isText ? fromUtf8(machine.textAt(state, -1)) : `a function of ${this.name} has failed`,
    )
  }

  readonly #write = (machine: LuaMachine, state: LuaState): number => {
    this.#log?.(fromUtf8(machine.optionalText(state, 3) ?? ''))
    return 0
  }

  /** How `require` finds a module. */
  readonly #search = (machine: LuaMachine, state: LuaState): number => {
    const name = machine.optionalText(state, 1) ?? ''
    const source = this.#sources.get(name)
    // A message in the place of a loader says why there is none.
    if (source === undefined)
      machine.pushText(state, `\n\tno text of a module '${name}' was given with ${this.name}`)
    else machine.load(state, source, `@${name}.lua`)
    return 1
  }
}

/** Milliseconds since 1970. */
function pushTime(machine: LuaMachine, state: LuaState): number {
  machine.pushInteger(state, Date.now())
  return 1
}

function bytesOf(source: string | Uint8Array): Uint8Array {
  return typeof source === 'string' ? new TextEncoder().encode(source) : source
}

/** From text with one character a byte. */
function fromUtf8(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8')
}
