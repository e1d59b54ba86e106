import type { LuaMachine, LuaState } from './lua-machine.ts'
import type { LuaValue } from './lua-value.ts'

/** What goes into a function over a stream, and what comes out. */
export interface LuaStream {
  /** The next value; `undefined` at the end. */
  read(): LuaValue | undefined
  /** Takes a value; `undefined` is the end, or no value of a bin. */
  write(value: LuaValue | undefined): void
}

/** `stream`: reads and writes of the streams that a query's function runs between. */
export function addStreamLibrary(machine: LuaMachine, state: LuaState): void {
  machine.addClass(state, 'Stream', {})
  machine.addLibrary(state, 'stream', { read, write })
}

function streamAt(machine: LuaMachine, state: LuaState): LuaStream {
  return machine.objectAt(state, 1, 'Stream') as LuaStream
}

function read(machine: LuaMachine, state: LuaState): number {
  machine.pushValue(state, streamAt(machine, state).read())
  return 1
}

function write(machine: LuaMachine, state: LuaState): number {
  const value = machine.valueAt(state, 2)
  streamAt(machine, state).write(value === null ? undefined : value)
  machine.pushInteger(state, 0)
  return 1
}
