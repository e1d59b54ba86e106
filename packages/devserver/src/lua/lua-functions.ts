import {
  LUA_TYPE,
  type LuaList,
  type LuaMachine,
  type LuaState,
  type LuaStream,
  type LuaValue,
  newServerState,
} from '@aero/lua/machine'
import { addRecordLibrary, type LuaHost, type LuaRecord } from './record-library.ts'

/** How long a module may take to load, in milliseconds. */
const LOADING_MS = 1000
const EXTENSION = '.lua'
/** Lua's number for an error while running. */
const RUNTIME_ERROR = 2
const SYNTAX_ERROR = 3
/** Longest text of an error that a registration tells, in bytes. */
const MAX_MESSAGE_BYTES = 1023
/** Of a text that is not in Lua's form. */
const MAX_LINE_BYTES = 256

/** What came of a function: `error` is Lua's number, 1 when there is no such module. */
export type FunctionOutcome =
  | { readonly error: 0; readonly value: LuaValue | undefined }
  | { readonly error: number; readonly message: string | undefined }

/** Why a module was not taken. */
export interface CompileError {
  readonly file: string
  readonly line: number
  readonly message: string
}

/** What this needs of its server. */
export interface FunctionHost extends LuaHost {
  /** Source text of a registered file. */
  source(file: string): Uint8Array | undefined
  /** The folder where the server would keep the files: error messages tell it. */
  readonly folder: string
}

/** Runs functions of registered modules. Each module has a Lua state of its own, which lives from call to call. */
export class LuaFunctions {
  readonly #machine: LuaMachine
  readonly #host: FunctionHost
  readonly #states = new Map<string, LuaState>()

  constructor(machine: LuaMachine, host: FunctionHost) {
    this.#machine = machine
    this.#host = host
  }

  /** The module's file has changed or is gone. */
  forget(module: string): void {
    const state = this.#states.get(module)
    if (state !== undefined) this.#machine.closeState(state)
    this.#states.delete(module)
  }

  close(): void {
    for (const module of [...this.#states.keys()]) this.forget(module)
  }

  /** Compiles and runs a file's text as a registration does; `undefined` when all is well. */
  check(file: string, source: Uint8Array): CompileError | undefined {
    const machine = this.#machine
    const state = this.#newState()
    const result = machine.load(state, source, file) || machine.call(state, 0, LOADING_MS)
    const isText = result !== 0 && machine.typeAt(state, -1) === LUA_TYPE.string
    const text = isText ? machine.textAt(state, -1) : '(Null error message returned by lua)'
    machine.closeState(state)
    if (result === 0) return undefined
    return result === RUNTIME_ERROR || result === SYNTAX_ERROR
      ? readError(text)
      : { file, line: 0, message: text.slice(0, MAX_MESSAGE_BYTES) }
  }

  /** Calls a function for one record. An error's message is `undefined` when the function threw something but text. */
  runOnRecord(
    module: string,
    name: string,
    record: LuaRecord,
    parameters: LuaList | undefined,
    timeoutMs: number,
  ): FunctionOutcome {
    const machine = this.#machine
    const state = this.#stateOf(module)
    if (state === undefined) return NO_MODULE
    machine.pushGlobal(state, name)
    if (machine.typeAt(state, -1) === LUA_TYPE.nil) {
      machine.trim(state, 0)
      return { error: RUNTIME_ERROR, message: 'function not found' }
    }
    machine.pushObject(state, record, 'Record')
    return this.#call(module, state, 1 + this.#pushParameters(state, parameters), timeoutMs)
  }

  /** Calls a function over a stream, which reads from `source` and writes to `target`. */
  runOnStream(
    module: string,
    name: string,
    source: LuaStream,
    target: LuaStream,
    parameters: LuaList | undefined,
    timeoutMs: number,
  ): FunctionOutcome {
    const machine = this.#machine
    const state = this.#stateOf(module)
    if (state === undefined) return NO_MODULE
    machine.pushGlobal(state, 'apply_stream')
    machine.pushGlobal(state, name)
    machine.pushObject(state, source, 'Stream')
    machine.pushObject(state, target, 'Stream')
    return this.#call(module, state, 3 + this.#pushParameters(state, parameters), timeoutMs)
  }

  #pushParameters(state: LuaState, parameters: LuaList | undefined): number {
    const items = parameters?.items ?? []
    this.#machine.ensureStack(state, items.length + 1)
    for (const item of items) this.#machine.pushValue(state, item)
    return items.length
  }

  #call(module: string, state: LuaState, parameters: number, timeoutMs: number): FunctionOutcome {
    const machine = this.#machine
    // What is no error of Lua leaves the state unusable; it is not used again.
    this.#states.delete(module)
    const error = machine.call(state, parameters, timeoutMs)
    this.#states.set(module, state)
    const isText = error !== 0 && machine.typeAt(state, -1) === LUA_TYPE.string
    const value = error === 0 ? machine.valueAt(state, -1) : undefined
    const message = isText ? machine.textAt(state, -1) : undefined
    machine.trim(state, 0)
    return error === 0 ? { error, value } : { error, message }
  }

  /** The module's state, made when it is used first; `undefined` when there is no such module or it cannot be loaded. */
  #stateOf(module: string): LuaState | undefined {
    const ready = this.#states.get(module)
    if (ready !== undefined) return ready
    const machine = this.#machine
    const state = this.#newState()
    machine.pushGlobal(state, 'require')
    machine.pushText(state, module)
    const result = machine.call(state, 1, LOADING_MS)
    machine.trim(state, 0)
    if (result === 0) {
      this.#states.set(module, state)
      return state
    }
    machine.closeState(state)
    return undefined
  }

  #newState(): LuaState {
    const machine = this.#machine
    return newServerState(machine, (_, state) => {
      addRecordLibrary(machine, state, this.#host)
      machine.setModuleSearch(state, this.#search)
    })
  }

  #printSearch(name: string): string {
    const { folder } = this.#host
    const scripts = LUA_PATHS.flatMap((path) => [`${path}/?.lua`, `${path}/?/init.lua`])
    return [...scripts, `${folder}/?.lua`, ...LIBRARY_PATHS, `${folder}/?.so`]
      .map((path) => `no file '${path.replace('?', name)}'`)
      .join('\n\t')
  }

  /** How `require` finds a module: among the files registered. */
  readonly #search = (machine: LuaMachine, state: LuaState): number => {
    const name = machine.optionalText(state, 1) ?? ''
    const file = `${name.replaceAll('.', '/')}${EXTENSION}`
    const path = `${this.#host.folder}/${file}`
    const source = this.#host.source(file)
    if (source === undefined) {
      machine.pushText(state, this.#printSearch(name.replaceAll('.', '/')))
      return 1
    }
    // A message in the place of a loader says why there is none.
    machine.load(state, source, `@${path}`)
    return 1
  }
}

/** Where the server's Lua would look too: an error tells all places. */
const LUA_PATHS = ['/usr/local/share/lua/5.4', '/usr/local/lib/lua/5.4', '.']
const LIBRARY_PATHS = ['/usr/local/lib/lua/5.4/?.so', '/usr/local/lib/lua/5.4/loadall.so', './?.so']

const NO_MODULE: FunctionOutcome = { error: 1, message: undefined }

/** Lua's message of an error in a text without a file: `[string "file"]:line: message`. */
function readError(text: string): CompileError {
  const [, file = '', line = '0', message] = /^\[[^"]*"([^"]*)"[^:]*:(\d+): ([\s\S]*)$/.exec(text) ?? []
  if (message !== undefined) return { file, line: Number(line), message: message.slice(0, MAX_MESSAGE_BYTES) }
  return { file: '', line: 0, message: (text.split('\n')[0] ?? '').slice(0, MAX_LINE_BYTES) }
}
