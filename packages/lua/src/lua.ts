import { LuaModule } from './lua-module.ts'
import { type LuaMachine, loadLuaMachine } from './machine/index.ts'

/** What a module is made with beside its text. */
export interface ModuleOptions {
  /** Texts of the modules that it requires, by name without `.lua`. */
  readonly requires?: { readonly [name: string]: string | Uint8Array }
  /** Told what functions log with `info`, `warn` and their like. Default: nobody. */
  readonly log?: (text: string) => void
}

/** Lua, loaded: makes modules. */
export class Lua {
  readonly #machine: LuaMachine

  /** Made by {@link loadLua}. */
  constructor(machine: LuaMachine) {
    this.#machine = machine
  }

  /**
   * A module of functions, to finish aggregations with. It must be the one that the servers have.
   *
   * @param name its name as aggregations say it: without `.lua`
   * @throws LuaError with file and line when it does not compile, or what it does when it is loaded fails
   */
  module(name: string, source: string | Uint8Array, options: ModuleOptions = {}): LuaModule {
    return new LuaModule(this.#machine, name, source, options)
  }
}

/**
 * Loads Lua, once for the process: some 40 ms and 16 MB. Its code is part of an installed package, nothing is fetched.
 *
 * @example
 * ```ts
 * import { loadLua } from '@aero/lua'
 * import { Behavior, ClusterDefinition, DataSet } from '@aero/sdk'
 * await using cluster = await new ClusterDefinition('127.0.0.1', 3000).connect()
 * const session = cluster.createSession(Behavior.DEFAULT)
 * const source = `
 *   function count(stream)
 *     return stream : map(function(rec) return 1 end) : reduce(function(a, b) return a + b end)
 *   end`
 * await (await session.registerUdf('counts.lua', source)).done()
 * const counts = (await loadLua()).module('counts', source)
 * const [count] = await session.query(DataSet.of('test', 'users')).aggregate('counts', 'count').finish(counts)
 * console.log(count)
 * ```
 */
export async function loadLua(): Promise<Lua> {
  return new Lua(await loadLuaMachine())
}
