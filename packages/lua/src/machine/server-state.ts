import { addBytesLibrary } from './bytes-library.ts'
import { addGeoJsonLibrary } from './geo-json-library.ts'
import { addListLibrary } from './list-library.ts'
import type { LuaMachine, LuaState } from './lua-machine.ts'
import { addMapLibrary } from './map-library.ts'
import { PRELUDE } from './prelude.ts'
import { addStreamLibrary } from './stream-library.ts'

const PRELUDE_BYTES = new TextEncoder().encode(PRELUDE)

/** A state in which functions find what servers give them. @param addMore what else they find, before anything of it is used */
export function newServerState(
  machine: LuaMachine,
  addMore: (machine: LuaMachine, state: LuaState) => void,
): LuaState {
  const state = machine.newState()
  addListLibrary(machine, state)
  addMapLibrary(machine, state)
  addBytesLibrary(machine, state)
  addGeoJsonLibrary(machine, state)
  machine.addClass(state, 'Iterator', {})
  addMore(machine, state)
  addStreamLibrary(machine, state)
  machine.load(state, PRELUDE_BYTES, '=aerospike')
  machine.call(state, 0)
  machine.trim(state, 0)
  return state
}
